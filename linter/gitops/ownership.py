"""Objects that two policies put on one cluster, and where what they say of them differs.

A policy merges what it says into the object on the cluster (open-cluster-management-io/
config-policy-controller, ``controllers/configurationpolicy_utils.go``): what only one of two
policies says stays beside what the other says, and only what both say otherwise is a conflict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.policies import Oddity, PolicyRemark
from linter.sources.fields import Value, is_template
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.facts.machine_configs import MachineConfig
    from linter.facts.manifests import Selector
    from linter.facts.pools import DeclaredPool
    from linter.facts.scope import Facts
    from linter.facts.tuned_profiles import Tuned, TunedProfile
    from linter.gitops.resolution import Piece
    from linter.sources.fields import Field
    from linter.sources.text import Embedded
    from linter.sources.yaml_tree import Node

    Difference = tuple[str, Ref, Ref]

_DEEPEST = 16


def owners(pieces: Iterable[Piece], *, by_nodes: bool = True) -> Iterable[list[Piece]]:
    """Return the objects that share an identity, where they are several."""
    listed: dict[tuple[str, ...], list[Piece]] = {}
    for piece in pieces:
        for identity in piece.identities:
            if by_nodes or identity[0] != "nodes":
                listed.setdefault(identity, []).append(piece)
    return [several for several in listed.values() if len(several) > 1]


def owned_twice(pieces: Sequence[Piece], *, in_use: bool) -> Iterator[PolicyRemark]:
    """Yield the objects of a cluster that two policies of one directory hold otherwise.

    Policies in several directories are often several ways to write the same configuration.

    Args:
        pieces: What the policies put on the cluster.
        in_use: Whether the cluster is neither a sample nor left out by the kustomizations.

    """
    for listed in owners(pieces, by_nodes=False):
        first = listed[0]
        alone = len({piece.policy.document.folder for piece in listed}) == 1
        for other in listed[1:]:
            if first.policy.document.folder == other.policy.document.folder:
                yield from _profiles(first, other)
            if alone and in_use and _two_policies(first, other) and _one_namespace(first, other):
                yield from _objects(first, other)


def _profiles(first: Piece, other: Piece) -> Iterator[PolicyRemark]:
    """Yield the profiles that reserve other CPUs."""
    for one, two in zip(first.facts.profiles, other.facts.profiles, strict=False):
        a, b = one.reserved, two.reserved
        if a is not None and b is not None and a.cpus and b.cpus and a.cpus != b.cpus:
            words = f"policy {first.origin.policy} reserves {a.cpus}"
            yield PolicyRemark(Oddity.OWNED_TWICE, one.name, b.ref, (a.ref, words))


def _objects(first: Piece, other: Piece) -> Iterator[PolicyRemark]:
    """Yield the first thing that two policies say otherwise of an object that is no profile."""
    difference = next(_differences(first.facts, other.facts), None)
    if difference is not None:
        detail, place, later = difference
        kind, name = first.identities[0][:2]
        words = f"policy {first.origin.policy} says otherwise here"
        yield PolicyRemark(
            Oddity.OBJECT_OWNED_TWICE, f"{kind} {name}", later, (place, words), detail
        )


def _two_policies(first: Piece, other: Piece) -> bool:
    return (
        first.policy.document is not other.policy.document
        or first.origin.policy != other.origin.policy
    )


def _one_namespace(first: Piece, other: Piece) -> bool:
    """Say whether two objects stand in one namespace, as far as both name theirs."""
    names = [m.namespace for piece in (first, other) for m in piece.facts.manifests if m.namespace]
    return len(set(names)) < 2


def _differences(one: Facts, two: Facts) -> Iterator[Difference]:
    """Yield what both say otherwise of one object: words for it, and both places."""
    for old, new in zip(one.machine_configs, two.machine_configs, strict=False):
        yield from _machine_configs(old, new)
    for settings, others in zip(one.kubelet_configs, two.kubelet_configs, strict=False):
        yield from _kubelet_configs(settings, others)
    for tuned, patch in zip(one.tuneds, two.tuneds, strict=False):
        yield from _tuneds(tuned, patch)
    for pool, same in zip(one.pools, two.pools, strict=False):
        yield from _pools(pool, same)


def _machine_configs(one: MachineConfig, two: MachineConfig) -> Iterator[Difference]:
    for path in dict.fromkeys(file.path for file in one.files):
        a, b = one.file(path), two.file(path)
        if a is not None and b is not None and _differ(a.text, b.text):
            yield f"the contents of {path}", a.ref, b.ref
    units = {unit.name: unit for unit in two.units}
    for unit in one.units:
        other = units.get(unit.name)
        if other is not None and _differ(unit.contents, other.contents):
            yield f"the contents of the unit {unit.name}", unit.ref, other.ref
    yield from _fields("kernelType", one.kernel_type, two.kernel_type)


def _differ(one: Embedded | None, two: Embedded | None) -> bool:
    """Say whether two texts are known and not the same."""
    if one is None or two is None or one.text.rstrip() == two.text.rstrip():
        return False
    return not any(text in both for text in ("{{", "{%") for both in (one.text, two.text))


def _fields(name: str, one: Field[str], two: Field[str]) -> Iterator[Difference]:
    if isinstance(one, Value) and isinstance(two, Value) and one.value != two.value:
        yield name, one.ref, two.ref


def _kubelet_configs(one: KubeletConfig, two: KubeletConfig) -> Iterator[Difference]:
    a, b = one.reserved, two.reserved
    if a is not None and b is not None and a.cpus and b.cpus and a.cpus != b.cpus:
        yield "reservedSystemCPUs", a.ref, b.ref
    for key, setting in one.settings.items():
        if key != "reservedSystemCPUs":
            yield from _settings(setting, two.settings.at(key), key, _DEEPEST)


def _settings(one: Node, two: Node, name: str, depth: int) -> Iterator[Difference]:
    """Yield the settings beneath two nodes that are plain values and not the same."""
    if one.is_mapping and two.is_mapping and depth:
        for key, value in one.items():
            yield from _settings(value, two.at(key), f"{name}.{key}", depth - 1)
    elif one.is_scalar and two.is_scalar and not one.is_null and not two.is_null:
        a, b = one.raw.value.strip(), two.raw.value.strip()
        if a != b and not is_template(a) and not is_template(b):
            yield name, one.content_ref(), two.content_ref()


def _tuneds(one: Tuned, two: Tuned) -> Iterator[Difference]:
    profiles = {profile.name: profile for profile in two.profiles}
    for profile in one.profiles:
        if profile.name in profiles:
            yield from _tuned_profiles(profile, profiles[profile.name])


def _tuned_profiles(one: TunedProfile, two: TunedProfile) -> Iterator[Difference]:
    """Yield the keys that say otherwise; of a text all counts, so also those that one lacks."""
    if not _differ(one.source, two.source):
        return
    keys = {
        (entry.section, entry.key): None
        for profile in (one, two)
        for entries in profile.parsed.sections.values()
        for entry in entries
    }
    for section, key in keys:
        a, b = one.parsed.get(section, key), two.parsed.get(section, key)
        if (a.value if a else None) != (b.value if b else None):
            yield (
                f"[{section}] {key} in profile {one.name}",
                Ref(one.source, a.start, a.end) if a else one.ref,
                Ref(two.source, b.start, b.end) if b else two.ref,
            )


def _pools(one: DeclaredPool, two: DeclaredPool) -> Iterator[Difference]:
    """Yield the selectors that ask for different things; that a pool is paused is for a while."""
    yield from _selectors("nodeSelector", one.node_selector, two.node_selector)
    yield from _selectors(
        "machineConfigSelector", one.machine_config_selector, two.machine_config_selector
    )


def _selectors(name: str, one: Selector | None, two: Selector | None) -> Iterator[Difference]:
    if one is None or two is None or one.selector is None or two.selector is None:
        return
    a, b = one.selector, two.selector
    for key, value in a.match_labels.items():
        if b.match_labels.get(key, value) != value:
            yield name, one.refs.get(key, one.ref), two.refs.get(key, two.ref)
    for asked in a.match_expressions:
        for other in b.match_expressions:
            same = (asked.key, asked.operator) == (other.key, other.operator)
            mine, theirs = set(asked.values), set(other.values)
            if same and not (mine <= theirs or theirs <= mine):
                yield name, one.ref, two.ref
