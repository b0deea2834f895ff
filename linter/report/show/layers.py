"""The layers of one pool in their order: what is merged, what wins, and what it replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.crio import is_read
from linter.facts.pinning import PATH as PINNING_PATH
from linter.facts.systemd import is_manager_configuration
from linter.model.implied import ImpliedConfig
from linter.model.kubelet_contest import contenders
from linter.report.show.rows import INDENT, Row, heading, laid_out
from linter.report.show.view import spans, variants
from linter.report.styled import EMPTY, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from linter.model.merge import EffectiveFile, FileLayer
    from linter.model.node import NodeConfig
    from linter.report.show.view import PoolState
    from linter.report.styled import Line

WINS, LOSES, IMPLIED, OPEN = ">", "x", "+", "?"

NAMELESS = "without a known name"

_LEGEND = {
    WINS: "counts",
    LOSES: "replaced",
    IMPLIED: "made by OpenShift",
    OPEN: "not decided here",
}


def layers(states: Sequence[PoolState], width: int) -> list[Line]:
    """Return the layers of a pool, each where releases differ once for each of them."""
    page: list[Line] = []
    marks: set[str] = set()
    for title, rows_of in (
        ("MachineConfigs in merge order", _machine_configs),
        ("Files, by who writes them", _files),
        ("CRI-O management tables in reading order", _tables),
        ("KubeletConfigs", _kubelet_configs),
        ("systemd CPUAffinity= lines", _affinity),
        ("Kernel arguments that name CPUs", _kernel),
        ("TuneD profiles, the first overrides the others", _tuned),
    ):
        found, used = _section(title, states, rows_of, width)
        page += found
        marks |= used
    legend = "   ".join(f"{mark} {words}" for mark, words in _LEGEND.items() if mark in marks)
    if legend:
        page += [EMPTY, *paragraph(((" " * 2 * INDENT, ""),), legend, "context", width)]
    return page


def _section(
    title: str,
    states: Sequence[PoolState],
    rows_of: Callable[[PoolState], list[Row]],
    width: int,
) -> tuple[list[Line], set[str]]:
    """Return a section, empty where there is nothing to show, and the marks used in it."""
    listed = variants(states, rows_of, tuple)
    page: list[Line] = []
    marks: set[str] = set()
    for variant in listed:
        if not variant.value:
            continue
        releases = f", OpenShift {spans(variant.minors)}" if len(listed) > 1 else ""
        page += [EMPTY, *heading(title + releases, 2 * INDENT, width)]
        page += laid_out(variant.value, width, 2 * INDENT)
        marks |= {row.mark for row in variant.value}
    return page, marks


def _machine_configs(state: PoolState) -> list[Row]:
    kept_up = {one.name for one in state.outcome.delivery.implied if one.profile is not None}
    rows: list[Row] = []
    for config in state.order:
        if isinstance(config, ImpliedConfig):
            by = f"role {config.role}" if config.role else f"label {'='.join(config.label)}"
            rows.append(Row(config.name, by=by, mark=IMPLIED, style="info"))
        else:
            by = "will be rendered anew" if config.name in kept_up else ""
            rows.append(Row(config.name or NAMELESS, by=by, ref=config.manifest.name_ref))
    for config in state.node.merged.undecided:
        place = config.manifest.name_ref
        rows.append(Row(config.name or NAMELESS, ref=place, mark=OPEN, style="info"))
    return rows


def _files(state: PoolState) -> list[Row]:
    """Return each file that matters here: a row for its path, and one for each who writes it."""
    rows: list[Row] = []
    for file in state.node.merged.files.values():
        if matters(file.path):
            rows.append(Row(file.path))
            rows += _writers(file)
    return rows


def matters(path: str) -> bool:
    """Say whether a file of the node has to do with its CPUs."""
    return path == PINNING_PATH or is_read(path) or is_manager_configuration(path)


def _writers(file: EffectiveFile) -> Iterator[Row]:
    winner = file.winner
    for layer in file.layers:
        mark, style = (WINS, "good") if layer is winner else (LOSES, "context")
        name = layer.machine_config.name or NAMELESS
        yield Row(name, contents(layer), "", layer.file.ref, mark, style)


def contents(layer: FileLayer) -> str:
    """Return what is wrong with the contents that a MachineConfig gives to a file, or nothing."""
    payload = layer.file.contents
    if payload is None:
        return "no contents"
    if payload.problem is not None:
        return "cannot be decoded"
    if payload.templated:
        return "a template"
    return "binary" if payload.binary else ""


def _tables(state: PoolState) -> list[Row]:
    tables = state.outcome.delivery.tables
    rows: list[Row] = []
    for table in tables:
        mark, style = (WINS, "good") if table is tables[-1] else (LOSES, "context")
        cpus = "not known" if table.cpuset is None else str(table.cpuset) or "no CPU"
        rows.append(Row(table.path, cpus, f"of {table.made_by}", table.ref, mark, style))
    for table in state.outcome.delivery.outdated:
        by = f"of {table.made_by}, until it is rendered anew"
        rows.append(Row(table.path, str(table.cpuset) or "no CPU", by, table.ref, LOSES, "context"))
    for drop_in in state.node.crio.broken:
        place = drop_in.problem.ref if drop_in.problem is not None else None
        rows.append(Row(drop_in.path, "no valid TOML", "", place, OPEN, "error"))
    return rows


def _kubelet_configs(state: PoolState) -> list[Row]:
    found = contenders(state.node)
    rows: list[Row] = []
    for one in found:
        cpus = "not known" if one.cpus is None else str(one.cpus) or "no CPU"
        stated = one.config.reserved if one.config is not None else None
        place = stated.ref if stated is not None else one.ref
        mark = IMPLIED if one.config is None else OPEN if len(found) > 1 else WINS
        by = f"to be made of profile {one.profile.name}" if mark == IMPLIED and one.profile else ""
        rows.append(Row(one.name, cpus, by, place, mark, "good" if mark == WINS else "info"))
    return rows


def _affinity(state: PoolState) -> list[Row]:
    affinity = state.node.affinity
    rows = [
        Row(layer.file.path, statement.text, f"of {layer.machine_config.name}", statement.ref)
        for statement, layer in zip(affinity.statements, affinity.layers, strict=True)
    ]
    if len(rows) > 1 and affinity.cpus is not None:
        rows.append(Row("together", str(affinity.cpus) or "no CPU", mark=WINS, style="good"))
    return rows


def _kernel(state: PoolState) -> list[Row]:
    return [
        Row(argument.name, argument.statement.text, argument.said_by, argument.statement.ref)
        for argument in state.node.kernel.arguments
    ]


def _tuned(state: PoolState) -> list[Row]:
    return [_tuned_row(state.node, index) for index in range(len(state.node.kernel.chain))]


def _tuned_row(node: NodeConfig, index: int) -> Row:
    profile = node.kernel.chain[index]
    stated = profile.isolated_cores
    value = f"isolated_cores={stated.text}" if stated is not None else ""
    return Row(profile.name, value, "", stated.ref if stated is not None else profile.ref)
