"""One of the two partitioning files without the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, Severity, finding, rule
from linter.facts.added_files import added_file
from linter.facts.crio import DIRECTORY, looks_misplaced
from linter.facts.pinning import PATH
from linter.model.partitioning import Mode
from linter.model.releases import CPU_PARTITIONING_API, LEGACY_SNO_SUPPORTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement
    from linter.facts.machine_configs import NodeFile
    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule("WPL324", severity=ERROR, requires=("WPL401",))
def partitioning_files_incomplete(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """CRI-O's management table and the kubelet's pinning file come together."""
    crio, pinning, severity = node.crio, node.pinning, _severity(cluster, node)
    if severity is None or crio.open or crio.broken or node.merged.undecided:
        return
    table = crio.management
    if table is not None and pinning is None:
        yield finding(
            f"{table.drop_in.path} sets up management pods for pool {node.pool.name}, "
            f"but nothing writes {PATH}.",
            table.workload.ref.label("set up here"),
            effect="Without that file the kubelet offers no CPUs for management, pods are not "
            "marked as management pods, and CRI-O pins none.",
            advice=f"Write {PATH} in the same MachineConfig.",
            severity=severity,
            fix=_fix(node, table.layer.file, table.cpuset, PATH),
        )
    elif table is None and pinning is not None and pinning.layers:
        if any(looks_misplaced(path) for path in node.merged.files):
            return  # the drop-in is there, where crio-drop-in-never-read says that it is not read
        yield finding(
            f"{PATH} is written for pool {node.pool.name}, "
            "but no CRI-O drop-in has a management table.",
            pinning.layers[-1].file.path_ref.label("written here"),
            effect="Management pods no longer count as users of CPUs, and run on all of them.",
            advice="Add the CRI-O drop-in to the same MachineConfig.",
            severity=severity,
            fix=_fix(node, pinning.layers[-1].file, pinning.cpuset, DIRECTORY),
        )


def _severity(cluster: Cluster, node: NodeConfig) -> Severity | None:
    """Return None where OpenShift itself completes the files, or another rule has the say.

    That is so wherever partitioning may be switched on. What remains is a single node that is
    partitioned by hand, and a release that knows nothing else.
    """
    mode, releases = cluster.partitioning.mode, cluster.releases
    if mode is Mode.OFF and cluster.size.single_node is True:
        wanted = releases.has(LEGACY_SNO_SUPPORTED) and node.pool.holds_nodes is not False
        completed = bool(node.profiles) or node.profiles_open
        return ERROR if wanted and not (completed and releases.has(CPU_PARTITIONING_API)) else None
    if mode is Mode.SILENT and cluster.size.single_node is not False:
        return None if releases.has(CPU_PARTITIONING_API) else WARNING
    return None


def _fix(node: NodeConfig, sibling: NodeFile, stated: CpuStatement | None, path: str) -> Fix | None:
    """Add the other file behind the one that is there, with the same CPUs, written in its way."""
    from linter.render.legacy import CRIO_LEGACY
    from linter.render.pinning import crio_text, kubelet_text

    cpus = node.reserved.cpus if node.reserved is not None else stated and stated.cpus
    if cpus is None:
        return None
    text = kubelet_text(cpus.text) if path == PATH else crio_text(cpus.text)
    where = path if path == PATH else CRIO_LEGACY
    added = added_file(sibling, where, text.removeprefix("\n"))
    return Fix(f"write {where} beside it", (added,)) if added is not None else None
