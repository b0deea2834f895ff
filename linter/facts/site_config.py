"""SiteConfigs and ClusterInstances: clusters as they are to be installed.

Formats: openshift-kni/cnf-features-deploy ``ztp/siteconfig-generator`` (ran.openshift.io/v1) and
stolostron/siteconfig ``api/v1alpha1/clusterinstance_types.go``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.cpus import read_cpuset
from linter.facts.embedded_json import read_embedded_json
from linter.facts.installation import (
    Enablement,
    Host,
    Installation,
    ReleaseClaim,
    Topology,
    place_of,
    read_capabilities,
    read_mode,
)
from linter.facts.manifests import NODE_ROLE, Labels, read_labels
from linter.facts.override_keys import MODE, misspelt_keys, override
from linter.records import dataclass
from linter.sources.fields import Missing, Value, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement
    from linter.facts.override_keys import MisspeltKey
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

MASTER = "master"


@dataclass(frozen=True, slots=True)
class NodeCpuset:
    """The ``cpuset`` of a node of a SiteConfig, which the older MachineConfig is made of.

    ``unused_in`` are the search paths of extra manifests where none of them has the directory
    ``workload/``, without which there is nothing to put the value into.
    """

    statement: CpuStatement
    host: str
    role: str
    unused_in: Ref | None = None


def read_installations(kind: str, name: str, cluster: Node, spec: Node) -> list[Installation]:
    """Read what a cluster says of its installation.

    Args:
        kind: ``SiteConfig`` or ``ClusterInstance``.
        name: The name of the cluster.
        cluster: The object that describes the cluster.
        spec: The object that holds what several clusters share; often the same.

    """
    mode = cluster.at("cpuPartitioningMode")
    image_set = cluster.at("clusterImageSetNameRef")
    image_set = image_set if not image_set.is_null else spec.at("clusterImageSetNameRef")
    release = image_set.text()
    installation = Installation(
        None,
        kind,
        name,
        Enablement(
            f"{kind} cpuPartitioningMode",
            read_mode(mode),
            place_of(mode, cluster.at("clusterName").ref),
            cluster,
        ),
        read_topology(cluster),
        ReleaseClaim(release.value, release.ref, f"clusterImageSetNameRef of the {kind}")
        if isinstance(release, Value)
        else None,
    )
    return [installation, *_overrides(kind, name, cluster)]


def _overrides(kind: str, name: str, cluster: Node) -> Iterator[Installation]:
    """Read ``installConfigOverrides``, the part of an install-config that is given as JSON."""
    node = cluster.at("installConfigOverrides")
    if not isinstance(node.text(), Value):
        return
    config, problem = read_embedded_json(node)
    enablement = capabilities = None
    misspelt: tuple[MisspeltKey, ...] = ()
    if config is not None:
        capabilities = read_capabilities(config)
        misspelt = tuple(misspelt_keys(config))
        mode = override(config, MODE)
        if mode.exists:
            enablement = Enablement(
                f"{kind} installConfigOverrides cpuPartitioningMode",
                read_mode(mode),
                place_of(mode, mode.ref),
                config,
            )
    yield Installation(
        None,
        kind,
        name,
        enablement,
        capabilities=capabilities,
        problem=problem,
        misspelt_keys=misspelt,
        config=config,
    )


def read_topology(cluster: Node) -> Topology | None:
    """Count the nodes by role; None where they are not listed, or a role is not known."""
    nodes = cluster.at("nodes")
    roles: list[str] = []
    listed: list[Labels] = []
    hosts: list[Host] = []
    usual = known(cluster.at("cpuArchitecture").text()) or ""
    for node in nodes.elements():
        role = _role(node)
        if role is None:
            return None
        roles.append(role)
        labels = read_labels(node.at("nodeLabels")) or Labels({}, node.ref)
        mine = {NODE_ROLE + role: ""} | dict(labels.values)
        listed.append(Labels(mine, node.ref, complete=labels.complete))
        name = node.at("hostName")
        hosts.append(
            Host(
                known(name.text()) or "",
                name.content_ref() if name.is_scalar else node.ref,
                listed[-1],
                known(node.at("cpuArchitecture").text()) or usual,
                known(node.at("cpuset").text()) or "",
            )
        )
    if not roles:
        return None
    arbiter = "HighlyAvailableArbiter" if "arbiter" in roles else None
    return Topology(
        roles.count(MASTER),
        roles.count("worker"),
        arbiter,
        nodes.ref,
        nodes=tuple(listed),
        hosts=tuple(hosts),
    )


def _role(node: Node) -> str | None:
    """Return the role of a node; one that states none is a master."""
    role = node.at("role").text()
    return MASTER if isinstance(role, Missing) else known(role)


def read_node_cpusets(cluster: Node) -> Iterator[NodeCpuset]:
    """Yield the ``cpuset`` of each node that states one; an empty one says nothing."""
    for node in cluster.at("nodes").elements():
        role = _role(node)
        statement = read_cpuset(node.at("cpuset"), "cpuset")
        if statement is not None and statement.text.strip() and role is not None:
            yield NodeCpuset(statement, known(node.at("hostName").text()) or "", role)
