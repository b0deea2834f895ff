"""What there is to know of a pool's outcome beside the outcome itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.model.failures import called
from linter.model.fates import Fate, Verdict
from linter.model.implied import profile_configs, takes
from linter.model.kubelet_contest import contest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.model.delivery import Delivery, Table
    from linter.model.node import NodeConfig
    from linter.model.pools import ProfileMatch
    from linter.model.switch import Switch


def contested(node: NodeConfig, verdict: Verdict) -> tuple[Verdict, list[str]]:
    """Return the verdict, or the one that the order of creation decides, where that is worse."""
    rival = _rival_profiles(node) or contest(node)
    if rival is None:
        return verdict, []
    if verdict.fate.rank > rival.fate.rank:
        return rival, [verdict.why] if verdict.fate is Fate.PINNED else []
    return verdict, [rival.why]


def _rival_profiles(node: NodeConfig) -> Verdict | None:
    """Return what to say of profiles with one node selector, of which the second is refused."""
    first: dict[frozenset[tuple[str, str]], list[int]] = {}
    for index, profile in enumerate(node.profiles):
        if profile.node_selector is not None:
            key = frozenset(profile.node_selector.values.items())
            first.setdefault(key, []).append(index)
    for indices in first.values():
        rivals = [node.profiles[index] for index in indices]
        stated = {p.reserved.cpus for p in rivals if p.reserved is not None}
        if len(rivals) > 1 and len(stated) > 1:
            said = ", ".join(
                f"{p.name} reserves {p.reserved.text if p.reserved is not None else 'nothing'}"
                for p in rivals
            )
            why = f"Of profiles with the same node selector only the first counts: {said}."
            return Verdict(Fate.CONTESTED, why, tuple(p.ref for p in rivals))
    return None


def remarks(
    node: NodeConfig, matches: Sequence[ProfileMatch], delivery: Delivery, switch: Switch
) -> Iterator[str]:
    """Yield what else there is to know of a pool."""
    if switch.legacy and not switch.enabled and switch.rendered:
        yield (
            "This release no longer takes a legacy single-node cluster for a partitioned one: "
            "the operator renders profiles without the pinning."
        )
    table = delivery.table
    if switch.enabled:
        yield from _why_no_profile(node, matches, table)
    for copy in delivery.outdated:
        operator = next(c for c in delivery.implied if c.name == copy.made_by)
        said = f"The copy of {copy.made_by} in the tree pins to {copy.cpuset or 'no CPUs'}"
        if operator.drop_in is None:
            yield f"{said}; the operator will render it without pinning."
        else:
            yield f"{said}; the operator will render it with {operator.cpuset or 'no CPUs'}."
    if table is not None and table.profile is not None and not owns(node, table.profile.name):
        if node.profiles:
            own = ", ".join(profile.generated_name for profile in node.profiles)
            yield f"{table.made_by} is merged after {own}."
        else:
            yield f"The pool takes {table.made_by} because its selector includes that role."


def _why_no_profile(
    node: NodeConfig, matches: Sequence[ProfileMatch], table: Table | None
) -> Iterator[str]:
    """Yield why a pool gets no MachineConfig of a profile of its own."""
    written = table is not None and table.profile is None and table.cpuset
    if not node.profiles and not node.profiles_open and not written:
        yield "The pool has no profile."
    own = {id(profile) for profile in node.profiles}
    for match in matches:
        profile = match.profile
        if id(profile) not in own:
            continue
        if len(match.pools) > 1:
            pools = ", ".join(pool.name for pool in match.pools)
            yield f"Profile {called(profile)} matches several pools ({pools}) and configures none."
        elif profile.reserved is not None and profile.reserved.error is not None:
            yield f"Profile {called(profile)} is refused: '{profile.reserved.text}' is no CPU list."
        else:
            for config in profile_configs([match], pinned=True):
                if takes(node.pool, config) is False:
                    label = "=".join(config.label)
                    yield f"The pool does not select {config.name}, which is labelled {label}."


def owns(node: NodeConfig, profile: str) -> bool:
    """Say whether a profile of this name configures the pool."""
    return any(one.name == profile for one in node.profiles)
