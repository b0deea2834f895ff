"""What the Infrastructure object says of the cluster, and the one that enables partitioning.

Source: openshift/api ``config/v1/types_infrastructure.go``; openshift/installer writes the object
to ``manifests/cluster-infrastructure-02-config.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from linter.records import dataclass
from linter.render.fields import Fields
from linter.render.manifest import Manifest
from linter.render.plain_data import refuse_unwritable

if TYPE_CHECKING:
    from collections.abc import Iterable

KIND = "Infrastructure"
API_VERSION = "config.openshift.io/v1"
NAME = "cluster"
ALL_NODES = "AllNodes"
SINGLE_NODE = "SingleReplica"
WITH_ARBITER = "HighlyAvailableArbiter"


@dataclass(frozen=True, slots=True)
class Cluster:
    """``status`` of the Infrastructure object: empty texts where there is no object or field."""

    present: bool = False
    cpu_partitioning: str = ""
    control_plane: str = ""

    @property
    def all_nodes(self) -> bool:
        """Whether workload partitioning is switched on. The value is case sensitive."""
        return self.cpu_partitioning == ALL_NODES

    @classmethod
    def read(cls, infrastructure: object | None) -> Cluster:
        """Read the Infrastructure object, or None for a cluster without one.

        Raises:
            RenderError: A field that matters has another type.

        """
        if infrastructure is None:
            return cls()
        status = Fields.of_object(infrastructure, KIND).fields("status")
        return cls(
            present=True,
            cpu_partitioning=status.text("cpuPartitioning") or "",
            control_plane=status.text("controlPlaneTopology") or "",
        )


def is_the_cluster(manifest: Mapping[str, Any]) -> bool:
    """Say whether an Infrastructure object is the one that describes the cluster."""
    metadata = manifest.get("metadata")
    return isinstance(metadata, Mapping) and metadata.get("name") == NAME


def enablement(infrastructure: object | None) -> Manifest:
    """Return the Infrastructure object that partitions all nodes.

    It is the object given with ``status.cpuPartitioning`` set, or the least that says so. It takes
    effect at installation only; the installer makes it from ``cpuPartitioningMode: AllNodes``.

    Raises:
        RenderError: The object given is no Infrastructure object, or nested absurdly.

    """
    top = Fields.of_object(infrastructure or {}, KIND)
    try:
        refuse_unwritable(top.content)
    except ValueError as problem:
        raise top.error(f"the Infrastructure object cannot be repeated: {problem}") from problem
    return Manifest(
        "cluster-infrastructure-02-config.yaml",
        {
            "apiVersion": API_VERSION,
            "kind": KIND,
            "metadata": {**_copy(top, "metadata"), "name": NAME},
            "spec": _copy(top, "spec"),
            "status": {**_copy(top, "status"), "cpuPartitioning": ALL_NODES},
        },
        {("status", "cpuPartitioning"): "read at installation only; it cannot be changed later"},
    )


def _copy(top: Fields, key: str) -> dict[str, Any]:
    return {str(name): value for name, value in top.fields(key).content.items()}


def carries_file(machine_configs: Iterable[object], path: str) -> bool:
    """Say whether one of the MachineConfigs writes the file.

    A MachineConfig that cannot be read is passed over, as upstream does.
    """
    return any(path in _paths(manifest) for manifest in machine_configs)


def _paths(machine_config: object) -> list[object]:
    at = machine_config
    for key in ("spec", "config", "storage", "files"):
        at = at.get(key) if isinstance(at, Mapping) else None
    entries = at if isinstance(at, list) else []
    return [entry.get("path") for entry in entries if isinstance(entry, Mapping)]
