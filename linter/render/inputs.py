"""What rendering takes: the manifests of one cluster, and what the caller wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from linter.records import dataclass
from linter.render import cluster, machine_config, pool, profile, runtimes
from linter.render.owner import OwnerReference

Documents: TypeAlias = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class RenderInputs:
    """The manifests of one cluster that rendering depends on, as plain maps."""

    profiles: Documents = ()
    pools: Documents = ()
    machine_configs: Documents = ()
    container_runtimes: Documents = ()
    infrastructure: Mapping[str, Any] | None = None

    @classmethod
    def from_objects(cls, objects: Iterable[object]) -> RenderInputs:
        """Pick out what matters by API version and kind, and pass everything else over.

        Of several Infrastructure objects named ``cluster`` the last one counts.
        """
        documents = [one for one in objects if isinstance(one, Mapping)]

        def of(kind: str, *versions: str) -> Documents:
            return tuple(
                one
                for one in documents
                if one.get("kind") == kind and one.get("apiVersion") in versions
            )

        clusters = [
            one for one in of(cluster.KIND, cluster.API_VERSION) if cluster.is_the_cluster(one)
        ]
        return cls(
            profiles=of(profile.KIND, *profile.API_VERSIONS),
            pools=of(pool.KIND, machine_config.API_VERSION),
            machine_configs=of(machine_config.KIND, machine_config.API_VERSION),
            container_runtimes=of(runtimes.CONTAINER_RUNTIME, machine_config.API_VERSION),
            infrastructure=clusters[-1] if clusters else None,
        )


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What the caller wants.

    ``owner``: how objects name their profile. ``partitioning``: None does what the manifests say;
    True switches workload partitioning on, with the object that enables it where there is one;
    False leaves it off. ``in_cluster``: render what the operator keeps in a running cluster, not
    what the render command writes at installation: mixed CPUs and DRA are honoured, and the
    MachineConfigs per pool, which only installation makes, are left out.
    """

    owner: OwnerReference = OwnerReference.LABEL_NAME
    partitioning: bool | None = None
    in_cluster: bool = False
