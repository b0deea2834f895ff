"""The page that ``wplint show`` prints: each cluster, its pools at a glance, and each pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from linter.model.fates import Fate
from linter.model.partitioning import Mode
from linter.report.cpu_picture import picture
from linter.report.show.layers import layers
from linter.report.show.rows import INDENT, Row, clean, heading, laid_out, where
from linter.report.show.sayings import disputes, roles, sayings
from linter.report.show.view import spans, variants
from linter.report.styled import EMPTY, limited, paragraph
from linter.report.visible import columns, fitted, prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.facts.cpus import CpuStatement
    from linter.model.cluster import Cluster
    from linter.model.consequences import Consequence
    from linter.report.show.sayings import Saying
    from linter.report.show.view import ClusterView, PoolState, Variant
    from linter.report.styled import Line

T = TypeVar("T")

STYLES = {
    Fate.BOOTSTRAP_ABORTS: "error",
    Fate.CRIO_FAILS: "error",
    Fate.KUBELET_FAILS: "error",
    Fate.REJECTED: "error",
    Fate.NOT_MUTATED: "warning",
    Fate.FLOATING: "warning",
    Fate.CONTESTED: "warning",
    Fate.PINNED: "good",
    Fate.PLAIN: "note",
    Fate.UNKNOWN: "info",
    Fate.NO_NODES: "context",
}

_NOTHING = "-"
_MOST_PLACES = 3
_FATE_WIDTH = 22
_NARROWEST = 3
_WIDEST = {"pool": 16, "profile": 18, "reserved": 14, "isolated": 14}


def lines(views: Sequence[ClusterView], width: int, pool: str | None = None) -> list[Line]:
    """Return clusters as styled lines.

    Args:
        views: The clusters.
        width: The number of columns to use, held between 40 and 120.
        pool: The name of the pool to show layer by layer; None for all of them at a glance.

    """
    width = limited(width)
    page: list[Line] = []
    for one in views:
        if pool is not None and pool not in one.pool_names:
            continue
        if page:
            page.append(EMPTY)
        page += _head(one, width)
        if pool is None:
            page += [EMPTY, *_table(one, width), *_strays(one.newest, width)]
        for index, name in enumerate(one.pool_names):
            if pool in (None, name):
                states = one.states(index)
                page += [EMPTY, *_pool(states, width)]
                if pool is not None:
                    page += layers(states, width)
    return page


def _head(view: ClusterView, width: int) -> list[Line]:
    """Return what is known of a cluster as a whole."""
    cluster = view.newest
    minors = sorted({minor for group in view.groups for minor in group.minors})
    name = fitted(prose(view.name), width - 20)
    first: Line = (("cluster ", "context"), (name, "message"))
    path = fitted(prose(view.path), width - columns(name) - 11)
    rows = [Row("nodes", _size(cluster)), *_releases(cluster, minors), *_partitioning(cluster)]
    return [(*first, ("   ", ""), (path, "path")), *laid_out(rows, width, INDENT - 2)]


def _size(cluster: Cluster) -> str:
    size = cluster.size
    if size.single_node:
        return "a single node"
    words = ["how many is not known" if size.single_node is None else "several"]
    if size.worker_nodes is not None:
        words.append("with workers" if size.worker_nodes else "no workers")
    if size.arbiter:
        words.append("an arbiter")
    return ", ".join(words)


def _releases(cluster: Cluster, minors: Sequence[int]) -> list[Row]:
    if len(minors) == 1:
        claims = cluster.claims
        asked = f"4.{minors[0]}"
        if not claims:
            return [Row("OpenShift", asked, "asked for")]
        return [Row("OpenShift", asked, claims[0].source, claims[0].ref)]
    return [Row("OpenShift", f"{spans(minors)}, no manifest says which")]


def _partitioning(cluster: Cluster) -> list[Row]:
    mode = cluster.partitioning.mode
    words = {
        Mode.ALL_NODES: ("AllNodes", "good"),
        Mode.OFF: ("off", "note"),
        Mode.UNKNOWN: ("a template decides", "info"),
        Mode.SILENT: ("no manifest says", "info"),
    }
    said, style = words[mode]
    signals = cluster.partitioning.signals
    signal = cluster.partitioning.enabled_by or (signals[0] if signals else None)
    if signal is None or mode is Mode.SILENT:
        return [Row("partitioning", said, style=style)]
    return [Row("partitioning", said, signal.carrier, signal.ref, style=style)]


def _table(view: ClusterView, width: int) -> list[Line]:
    """Return the pools as a table: one row each, and one more for each outcome in addition."""
    cells: list[tuple[list[str], list[Variant[Fate]]]] = []
    for index, name in enumerate(view.pool_names):
        states = view.states(index)
        node = states[-1].node
        profile = node.profile
        named = ", ".join(one.name or "?" for one in node.profiles)
        reserved = profile.reserved if profile is not None else None
        said = str(node.reserved.cpus) if node.reserved is not None else _written(reserved)
        isolated = _written(profile.isolated if profile is not None else None)
        row = [clean(name) or "?", clean(named), clean(said), clean(isolated)]
        fates = variants(states, lambda state: state.outcome.fate, lambda fate: fate)
        cells.append(([text or _NOTHING for text in row], fates))
    titles = list(_WIDEST)
    widths = _shrunk(
        [
            min(_WIDEST[title], max([len(title), *(columns(row[column]) for row, _ in cells)]))
            for column, title in enumerate(titles)
        ],
        width - INDENT - 2 * len(titles) - _FATE_WIDTH,
    )
    rule = width - INDENT - sum(widths) - 2 * len(widths)
    table = [
        _columns(
            [*(fitted(*pair) for pair in zip(titles, widths, strict=True)), "consequence"],
            widths,
            "context",
        ),
        _columns(
            ["─" * size for size in widths] + ["─" * min(rule, _FATE_WIDTH)], widths, "gutter"
        ),
    ]
    for row, fates in cells:
        head = _columns(
            [fitted(text, size) for text, size in zip(row, widths, strict=True)], widths
        )
        for number, variant in enumerate(fates):
            lead = head if number == 0 else _columns([""] * len(widths), widths)
            words = variant.value.value + _in(fates, variant)
            table += paragraph(lead, words, STYLES[variant.value], width)
    return table


def _shrunk(widths: list[int], room: int) -> list[int]:
    """Return widths that fit into a room together, the widest made narrower."""
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _strays(cluster: Cluster, width: int) -> list[Line]:
    """Return the profiles that do not configure exactly one pool."""
    rows: list[Row] = []
    for match in cluster.matches:
        if len(match.pools) != 1 or match.open:
            said = ", ".join(pool.name for pool in match.pools) or "no pool"
            selector = match.profile.node_selector
            words = "a template decides which pool" if match.open else f"matches {said}"
            if match.open and selector is not None and selector.complete:
                words = "its pool may be declared elsewhere"
            name = f"profile {match.profile.name or 'without a known name'}"
            rows.append(Row(name, words, "", match.profile.ref, "!", "warning"))
    return [EMPTY, *laid_out(rows, width, INDENT)] if rows else []


def _columns(texts: Sequence[str], widths: Sequence[int], style: str = "code") -> Line:
    """Return the cells of a row, those of given widths padded."""
    padded = [
        text + " " * (size - columns(text) + 2) for text, size in zip(texts, widths, strict=False)
    ]
    return ((" " * INDENT + "".join([*padded, *texts[len(widths) :]]), style),)


def _written(statement: CpuStatement | None) -> str:
    return statement.text if statement is not None else ""


def _outcomes(states: Sequence[PoolState]) -> list[Variant[Consequence]]:
    """Return the outcomes of a pool that differ."""
    return variants(states, lambda state: state.outcome, lambda one: (one.fate, one.why, one.notes))


def _in(listed: Sequence[Variant[T]], variant: Variant[T]) -> str:
    """Return the releases of a variant in parentheses, where there are several variants."""
    return f" ({spans(variant.minors)})" if len(listed) > 1 else ""


def _pool(states: Sequence[PoolState], width: int) -> list[Line]:
    """Return a pool: what becomes of it, what is said of its CPUs, and their picture."""
    node = states[-1].node
    name = clean(node.pool.name) or "without a known name"
    lead: Line = ((" " * INDENT, ""), ("pool ", "context"))
    page = paragraph(lead, name, "message", width)
    outcomes = _outcomes(states)
    for variant in outcomes:
        page += _outcome(variant.value, _in(outcomes, variant), width)
    page += _when_added_later(states, width)
    if node.pool.holds_nodes is False:
        return page
    said = variants(states, sayings, lambda listed: tuple(_key(one) for one in listed))
    for one in said:
        if one.value:
            page.append(EMPTY)
        if len(said) > 1 and one.value:
            page += heading(_named(one.minors), 2 * INDENT, width)
        page += laid_out([_row(saying) for saying in one.value], width, INDENT)
    drawn = variants(states, lambda state: _picture(state, width), tuple)
    for picture_of in drawn:
        if len(drawn) > 1 and picture_of.value:
            page += [EMPTY, *heading(_named(picture_of.minors), 2 * INDENT, width)]
        elif picture_of.value:
            page.append(EMPTY)
        page += picture_of.value
    return page


def _picture(state: PoolState, width: int) -> list[Line]:
    return picture(roles(state.node), disputes(sayings(state)), width, 2 * INDENT)


def _named(minors: Sequence[int]) -> str:
    return f"OpenShift {spans(minors)}"


def _key(saying: Saying) -> tuple[object, ...]:
    return saying.layer, saying.words, saying.cpus, saying.text, saying.by, saying.ref


def _row(saying: Saying) -> Row:
    value = saying.text or ("no CPU" if saying.cpus is not None else "not known")
    mark, style = ("!", "error") if saying.disputed else (" ", "code")
    return Row(saying.words, value, saying.by, saying.ref, mark, style)


def _outcome(outcome: Consequence, releases: str, width: int) -> list[Line]:
    """Return what becomes of a pool's nodes, why, where, and what else there is to know."""
    pad = (" " * 2 * INDENT, "")
    below = 3 * INDENT
    said = (outcome.fate.value, STYLES[outcome.fate])
    page: list[Line] = [(pad, said)]
    if releases:
        page = paragraph((pad, said), releases, "context", width, below)
    page += paragraph(((" " * below, ""),), clean(outcome.why), "note", width)
    if outcome.fate is not Fate.PINNED:
        for ref in outcome.places[:_MOST_PLACES]:
            stands = where(ref, width - below)
            if stands:
                page.append(((" " * below, ""), *stands))
    for note in outcome.notes:
        lead: Line = ((f"{' ' * (below - 2)}= ", "gutter"),)
        page += paragraph(lead, clean(note), "note", width)
    return page


def _when_added_later(states: Sequence[PoolState], width: int) -> list[Line]:
    """Return what becomes of a pool of its own if a running cluster gets it, where that differs."""
    state = states[-1]
    fate = state.later.fate
    if state.node.pool.built_in or not state.cluster.install_time or fate is state.outcome.fate:
        return []
    pad = " " * 2 * INDENT
    lead: Line = ((f"{pad}= ", "gutter"), ("added to a running cluster: ", "context"))
    words = paragraph(lead, fate.value, STYLES[fate], width, 3 * INDENT)
    return [*words, *paragraph(((pad + "  ", ""),), clean(state.later.why), "note", width)]
