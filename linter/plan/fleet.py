"""A change as a fleet sees it: how far one edited line reaches, and in which order it rolls out.

Source of the waves: the annotation ``ran.openshift.io/ztp-deploy-wave`` of policies and of the
objects in them (openshift-kni/cnf-features-deploy ``ztp``): lower numbers are applied first, and
the next wave waits until all policies of the one before are compliant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.manifests import manifests_in
from linter.gitops.documents import POLICY, RAN
from linter.plan.states import total
from linter.records import dataclass
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linter.plan.effects import Changed, PoolChange
    from linter.plan.node_statements import NodeStatement
    from linter.sources.text import Ref, Source
    from linter.sources.yaml_tree import Node

WAVE = "ran.openshift.io/ztp-deploy-wave"


@dataclass(frozen=True, slots=True)
class Reach:
    """One edited line, and all that it touches.

    Attributes:
        old: Where it stood, None for one that is new.
        new: Where it stands, None for one that is gone.
        words: What it says before and afterwards, of the first statement that it decides.
        keys: The statements on the nodes that it decides.
        clusters: The names of the clusters that it touches.
        nodes: How many nodes these have, as far as manifests say.
        counted: Whether they say it of all of them.
        wave: The wave that rolls it out, None where no manifest says so.
        reboots: Whether nodes reboot for it.

    """

    old: Ref | None
    new: Ref | None
    words: tuple[str, str]
    keys: tuple[str, ...]
    clusters: tuple[str, ...]
    nodes: int
    counted: bool
    wave: int | None
    reboots: bool

    @property
    def ref(self) -> Ref:
        """Where it stands, else where it stood."""
        one = self.new or self.old
        if one is None:
            raise ValueError("a line of no file")  # pragma: no cover
        return one


def reaches(touched: Iterable[tuple[str, Sequence[PoolChange]]], waves: Waves) -> tuple[Reach, ...]:
    """Group what changes on nodes by the edited lines that decide it.

    Args:
        touched: The clusters by name, with their pools in both states.
        waves: Which wave rolls out what stands at a place.

    Returns:
        The lines in the order of their waves, those that reach furthest first.

    """
    groups: dict[object, list[tuple[str, PoolChange, Changed]]] = {}
    for name, pools in touched:
        for pool in pools:
            for changed in pool.changed:
                line = _line(changed.new) or _line(changed.old)
                groups.setdefault(line, []).append((name, pool, changed))
    found = [_reach(group, waves) for group in groups.values()]
    return tuple(sorted(found, key=_order))


def _reach(group: list[tuple[str, PoolChange, Changed]], waves: Waves) -> Reach:
    first = min((changed for _, _, changed in group), key=lambda one: (not one.reboots, one.key))
    sizes = {(name, pool.name): pool.size for name, pool, _ in group}
    nodes, counted = total(sizes.values())
    old = first.old.ref if first.old is not None else None
    new = first.new.ref if first.new is not None else None
    place = new or old
    return Reach(
        old,
        new,
        first.words,
        tuple(sorted({changed.key for _, _, changed in group})),
        tuple(sorted({name for name, _, _ in group})),
        nodes,
        counted,
        _wave(place, group, waves),
        any(changed.reboots for _, _, changed in group),
    )


def _wave(
    place: Ref | None, group: Sequence[tuple[str, PoolChange, Changed]], waves: Waves
) -> int | None:
    """Return the wave that is named around a place, else by a source CR that it overlays."""
    wave = waves.at(place) if place is not None else None
    if wave is not None:
        return wave
    profiles = [pool.either.node.profile for _, pool, _ in group[:1]]
    for profile in profiles:
        if profile is not None:
            return _digits(profile.manifest.annotations.values.get(WAVE, ""))
    return None


def _order(reach: Reach) -> tuple[object, ...]:
    late = reach.wave is None
    return (late, reach.wave or 0, -len(reach.clusters), reach.ref.order())


def _line(statement: NodeStatement | None) -> tuple[str, int] | None:
    """Return the file and the line of a statement."""
    if statement is None:
        return None
    place = statement.ref.in_file()
    return statement.ref.file.name, place.source.position(place.start)[0]


class Waves:
    """Finds the wave that rolls out what stands at a place.

    Args:
        roots: The documents of both states.

    """

    def __init__(self, roots: Iterable[Node]) -> None:
        self._spans: dict[Source, list[tuple[int, int, int]]] = {}
        for root in roots:
            for node, wave in _stated(root):
                ref = node.ref.in_file()
                self._spans.setdefault(ref.source, []).append((ref.start, ref.end, wave))

    def at(self, ref: Ref) -> int | None:
        """Return the wave of the innermost object around a place that names one."""
        place = ref.in_file()
        around = [
            (start - end, wave)
            for start, end, wave in self._spans.get(place.source, ())
            if start <= place.start < end
        ]
        return max(around)[1] if around else None


def _stated(root: Node) -> Iterator[tuple[Node, int]]:
    """Yield the objects of a document that name a wave, generators and their entries included."""
    for manifest in manifests_in(root):
        wave = _number(manifest.root.at("metadata", "annotations", WAVE))
        if wave is not None:
            yield manifest.root, wave
        if (manifest.group, manifest.kind) == (RAN, "PolicyGenTemplate"):
            for entry in manifest.root.at("spec", "sourceFiles").elements():
                wave = _number(entry.at("metadata", "annotations", WAVE))
                if wave is not None:
                    yield entry, wave
        elif (manifest.group, manifest.kind) == (POLICY, "PolicyGenerator"):
            yield from _of_generator(manifest.root)
        elif (manifest.group, manifest.kind) == (POLICY, "Policy"):
            yield from _of_policy(manifest.root)


def _of_generator(root: Node) -> Iterator[tuple[Node, int]]:
    fallback = _number(root.at("policyDefaults", "policyAnnotations", WAVE))
    for entry in root.at("policies").elements():
        wave = _number(entry.at("policyAnnotations", WAVE))
        wave = fallback if wave is None else wave
        if wave is not None:
            yield entry, wave


def _of_policy(root: Node) -> Iterator[tuple[Node, int]]:
    for template in root.at("spec", "policy-templates").elements():
        inner = template.at("objectDefinition")
        listed = [
            entry.at("objectDefinition")
            for entry in inner.at("spec", "object-templates").elements()
        ]
        for node in (inner, *listed):
            wave = _number(node.at("metadata", "annotations", WAVE))
            if wave is not None:
                yield node, wave


def _number(node: Node) -> int | None:
    text = node.text()
    said = known(text)
    if said is None:
        said = str(node.raw.value) if node.is_scalar else ""
    return _digits(said)


def _digits(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None
