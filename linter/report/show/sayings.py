"""Everything that is said of a pool's CPUs, who says it, and about which CPUs it disagrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.kernel import AFFINITY, HOUSEKEEPING_MASK, ISOLATION
from linter.formats.cpuset import CpuSet
from linter.model.kubelet_contest import contenders
from linter.records import dataclass
from linter.report.cpu_picture import CpuRole, Dispute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement
    from linter.facts.profiles import Profile
    from linter.model.delivery import Table
    from linter.model.kubelet_contest import Contender
    from linter.model.node import NodeConfig
    from linter.report.show.view import PoolState
    from linter.sources.text import Ref

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that is said of the CPUs.

    Attributes:
        layer: Which layer says it, by an identifier for programs.
        words: The same for people.
        cpus: What it names; None where that is not known.
        text: As it is written.
        by: Who says it.
        ref: Where; None where OpenShift will say it by itself.
        disputed: The CPUs about which it disagrees.

    """

    layer: str
    words: str
    cpus: CpuSet | None
    text: str
    by: str
    ref: Ref | None
    disputed: CpuSet = CpuSet.EMPTY


def sayings(state: PoolState) -> list[Saying]:
    """Return what is said of a pool's CPUs, layer by layer, the profile first."""
    node = state.node
    said = [saying for profile in node.profiles for saying in _of_profile(profile)]
    said += _of_crio(state)
    said += _of_pinning(node)
    found = contenders(node)
    said += [_of_kubelet(node, one) for one in found]
    said += _of_systemd(node)
    said += _of_kernel(node)
    return said


def roles(node: NodeConfig) -> list[CpuRole]:
    """Return what the CPUs of a pool are for, as its profile divides them."""
    profile = node.profile
    if profile is None:
        reserved = node.reserved
        return [CpuRole("R", "reserved", "fix", reserved.cpus)] if reserved is not None else []
    stated = (
        ("R", "reserved", "fix", profile.reserved),
        (".", "isolated", "secondary", profile.isolated),
        ("O", "offlined", "context", profile.offlined),
        ("S", "shared", "payload", profile.shared),
        ("D", "OVS-DPDK", "path", profile.ovs_dpdk),
    )
    return [
        CpuRole(letter, words, style, statement.cpus)
        for letter, words, style, statement in stated
        if statement is not None and statement.cpus is not None
    ]


def disputes(said: list[Saying]) -> list[Dispute]:
    """Return the disagreements, each with the words for a legend."""
    return [Dispute(one.disputed, f"{one.words} says {_said(one)}") for one in said if one.disputed]


def _said(saying: Saying) -> str:
    return saying.cpus.text or "no CPU" if saying.cpus is not None else NOT_KNOWN


def _of_profile(profile: Profile) -> Iterator[Saying]:
    by = f"profile {profile.name}"
    seen = CpuSet.EMPTY
    for statement in profile.cpu_sets:
        layer = statement.where.removeprefix("spec.cpu.")
        cpus = statement.cpus or CpuSet.EMPTY
        words = {"ovsDpdk": "OVS-DPDK"}.get(layer, layer)
        yield Saying(
            f"profile-{layer.lower()}", words, statement.cpus, statement.text, by, statement.ref,
            cpus & seen,
        )  # fmt: skip
        seen |= cpus


def _of_crio(state: PoolState) -> Iterator[Saying]:
    node, table = state.node, state.outcome.delivery.table
    stated = node.crio.management
    written = None
    if stated is not None:
        written = (stated.drop_in.path, stated.layer.machine_config.name)
    if table is not None:
        yield _of_table(node, table, stated.cpuset if stated is not None else None, written)
    pins = stated is not None and not (stated.cpuset is None or stated.cpuset.text == "")
    if (
        stated is not None
        and pins
        and (
            table is None
            or written != (table.path, table.made_by)
            or (stated.cpuset is not None and stated.cpuset.cpus != table.cpuset)
        )
    ):
        cpuset = stated.cpuset
        yield Saying(
            "crio-management-replaced",
            "CRI-O, replaced",
            cpuset.cpus if cpuset is not None else CpuSet.EMPTY,
            cpuset.text if cpuset is not None else "",
            stated.layer.machine_config.name,
            cpuset.ref if cpuset is not None else stated.workload.ref,
            _from_reserved(node, cpuset.cpus if cpuset is not None else None),
        )
    for layer, words, statement, expected in (
        ("crio-infra", "CRI-O infra", node.crio.infra_ctr_cpuset, _reserved(node)),
        ("crio-shared", "CRI-O shared", node.crio.shared_cpuset, _shared(node)),
    ):
        if statement is not None:
            yield _plain(layer, words, statement, "", _unequal(statement, expected))


def _of_table(
    node: NodeConfig,
    table: Table,
    cpuset: CpuStatement | None,
    written: tuple[str, str] | None,
) -> Saying:
    """Return what the management table that counts says; of a copy in the tree show that place."""
    in_tree = written == (table.path, table.made_by) and cpuset is not None
    same = in_tree and cpuset is not None and cpuset.cpus == table.cpuset
    to_be_made = table.profile is not None and not same
    by = f"{table.made_by}, to be rendered" if to_be_made else table.made_by
    ref = cpuset.ref if same and cpuset is not None else None if to_be_made else table.ref
    text = cpuset.text if same and cpuset is not None else str(table.cpuset or "")
    return Saying(
        "crio-management",
        "CRI-O management",
        table.cpuset,
        text,
        by,
        ref,
        _from_reserved(node, table.cpuset),
    )


def _of_pinning(node: NodeConfig) -> Iterator[Saying]:
    if node.pinning is None or node.pinning.winner is None:
        return
    statement = node.pinning.cpuset
    by = node.pinning.winner.machine_config.name
    if statement is None:
        yield Saying("pinning-file", "pinning file", None, "", by, node.pinning.winner.file.ref)
        return
    disputed = _from_reserved(node, statement.cpus)
    yield _plain("pinning-file", "pinning file", statement, by, disputed)


def _of_kubelet(node: NodeConfig, contender: Contender) -> Saying:
    reserved = _kubelet(node)
    stated = contender.config.reserved if contender.config is not None else None
    if stated is not None:
        return _plain("kubelet", "kubelet", stated, contender.name, _unequal(stated, reserved))
    if contender.profile is not None:
        by, cpus = f"{contender.name}, to be rendered", contender.cpus
        return Saying("kubelet", "kubelet", cpus, str(cpus or ""), by, None)
    return Saying("kubelet", "kubelet", CpuSet.EMPTY, "", contender.name, contender.ref)


def _of_systemd(node: NodeConfig) -> Iterator[Saying]:
    layers = zip(node.affinity.statements, node.affinity.layers, strict=True)
    for statement, layer in layers:
        by = layer.machine_config.name
        disputed = _affinity_dispute(node, node.affinity.cpus)
        yield _plain("systemd-affinity", "systemd affinity", statement, by, disputed)


def _of_kernel(node: NodeConfig) -> Iterator[Saying]:
    isolated = node.profile.isolated_cpus() if node.profile is not None else None
    cores = node.kernel.isolated_cores
    if cores is not None:
        by = f"TuneD profile {node.kernel.chain[0].name}" if node.kernel.chain else "TuneD"
        disputed = _unequal(cores, isolated)
        yield _plain("tuned-isolated-cores", "isolated_cores", cores, by, disputed)
    for argument in node.kernel.arguments:
        statement, name = argument.statement, argument.name
        disputed = CpuSet.EMPTY
        if name in ISOLATION:
            disputed = _unequal(statement, isolated)
            if isolated is None:
                disputed = (statement.cpus or CpuSet.EMPTY) & (_reserved(node) or CpuSet.EMPTY)
        elif name in {AFFINITY, HOUSEKEEPING_MASK}:
            disputed = _affinity_dispute(node, statement.cpus)
        yield _plain("kernel-argument", name, statement, argument.said_by, disputed)


def _plain(layer: str, words: str, statement: CpuStatement, by: str, disputed: CpuSet) -> Saying:
    cpus = statement.cpus
    return Saying(layer, words, cpus, statement.text, by, statement.ref, disputed)


def _reserved(node: NodeConfig) -> CpuSet | None:
    return node.reserved.cpus if node.reserved is not None else None


def _shared(node: NodeConfig) -> CpuSet | None:
    stated = node.profile.shared if node.profile is not None else None
    return stated.cpus if stated is not None else None


def _kubelet(node: NodeConfig) -> CpuSet | None:
    return node.profile.kubelet_cpus() if node.profile is not None else _reserved(node)


def _from_reserved(node: NodeConfig, cpus: CpuSet | None) -> CpuSet:
    """Return where a list differs from the reserved CPUs; an empty one only leaves them open."""
    reserved = _reserved(node)
    return cpus ^ reserved if cpus and reserved is not None else CpuSet.EMPTY


def _unequal(statement: CpuStatement, expected: CpuSet | None) -> CpuSet:
    if statement.cpus is None or expected is None:
        return CpuSet.EMPTY
    return statement.cpus ^ expected


def _affinity_dispute(node: NodeConfig, cpus: CpuSet | None) -> CpuSet:
    """Return reserved CPUs that an affinity leaves out, and isolated ones that it takes in."""
    if cpus is None:
        return CpuSet.EMPTY
    missing = (_reserved(node) or CpuSet.EMPTY) - cpus
    isolated = node.profile.isolated_cpus() if node.profile is not None else None
    return missing | (cpus & (isolated or CpuSet.EMPTY))
