"""Preference: somebody says whose list of CPUs is right, and the others are made to follow.

Without a word from anybody the profile's reserved CPUs are right. A preference changes the
profile instead, or settles what nothing else does where there is no profile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.findings import Applicability, Draft, Fix, Severity, finding
from linter.engine.rules import Rule
from linter.fix.outcome import Preference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linter.facts.cpus import CpuStatement
    from linter.facts.profiles import Profile
    from linter.fix.outcome import FixOptions
    from linter.formats.cpuset import CpuSet
    from linter.model.node import NodeConfig

CODE = "WPL300"
"""Never the code of a rule that ships: what is found under it is no finding about manifests."""

_WORDS = {Preference.MACHINE_CONFIG: "the MachineConfig", Preference.KUBELET: "the KubeletConfig"}


def preference_rules(options: FixOptions) -> tuple[Rule, ...]:
    """Return what makes manifests follow the preferred statement.

    Without a preference, and with somebody to ask, these are both ways to settle pools that have
    no profile and whose statements disagree.
    """
    if options.prefer is not None:
        chosen = (options.prefer,) if options.prefer in _WORDS else ()
        return tuple(_rule(one, only_without_profile=False) for one in chosen)
    if options.asker is None:
        return ()
    return tuple(_rule(one, only_without_profile=True) for one in _WORDS)


def _rule(preference: Preference, *, only_without_profile: bool) -> Rule:
    return Rule(
        CODE,
        f"prefer-{preference.value}",
        Severity.ERROR,
        _check(preference, only_without_profile=only_without_profile),
    )


def _check(
    preference: Preference, *, only_without_profile: bool
) -> Callable[[NodeConfig], Iterator[Draft]]:
    def check(node: NodeConfig) -> Iterator[Draft]:
        """Every statement of a pool says what the preferred one says."""
        truth = _truth(node, preference)
        if truth is None or truth.cpus is None or not truth.cpus:
            return
        if node.profile is not None:
            if not only_without_profile:
                yield from _follow(node.profile, truth, truth.cpus, preference)
        elif not node.profiles:
            yield from _agree(node, truth, truth.cpus, preference)

    return check


def _truth(node: NodeConfig, preference: Preference) -> CpuStatement | None:
    if preference is Preference.KUBELET:
        return node.kubelet.reserved if not node.kubelet.open else None
    management = node.crio.management
    if management is not None and management.cpuset is not None and management.cpuset.cpus:
        return management.cpuset if not node.crio.open else None
    return node.pinning.cpuset if node.pinning is not None else None


def _follow(
    profile: Profile, truth: CpuStatement, listed: CpuSet, preference: Preference
) -> Iterator[Draft]:
    """Make a profile reserve what is stated elsewhere.

    The CPUs that it gains or loses come from or go to the isolated ones, which is an unsafe repair;
    CPUs that neither set names are never invented.
    """
    reserved, isolated = profile.reserved, profile.isolated
    if reserved is None or not reserved.cpus:
        return
    wanted = listed
    if preference is Preference.KUBELET:
        expected = profile.kubelet_cpus()
        if expected is None:
            return
        wanted = listed - (expected - reserved.cpus)
    if not wanted or wanted == reserved.cpus:
        return
    replacements = [reserved.replaced_by(wanted.text)]
    safe = Applicability.SAFE
    fix: Fix | None = None
    description = f"set spec.cpu.reserved to {wanted}"
    if isolated is None or not isolated.cpus:
        fix = Fix(description, tuple(replacements), safe)
    elif wanted <= reserved.cpus | isolated.cpus:
        rest = (reserved.cpus | isolated.cpus) - wanted
        if rest and rest != isolated.cpus:
            replacements.append(isolated.replaced_by(rest.text))
            description += f" and spec.cpu.isolated to {rest}"
            safe = Applicability.UNSAFE
        fix = Fix(description, tuple(replacements), safe) if rest else None
    yield finding(
        f"The profile reserves {reserved.cpus}, but {_WORDS[preference]} names {listed}.",
        reserved.ref.label("reserved here"),
        truth.ref.label("preferred"),
        fix=fix,
    )


def _agree(
    node: NodeConfig, truth: CpuStatement, listed: CpuSet, preference: Preference
) -> Iterator[Draft]:
    """Make all statements of a pool without a profile name the same CPUs."""
    management, pinning = node.crio.management, node.pinning
    stated = (
        management.cpuset if management is not None and not node.crio.open else None,
        node.crio.infra_ctr_cpuset if not node.crio.infra_open else None,
        pinning.cpuset if pinning is not None else None,
        node.kubelet.reserved if not node.kubelet.open else None,
    )
    others = [one for one in stated if one is not None and one.cpus and one.cpus != listed]
    if others:
        yield finding(
            f"{others[0].where} names {others[0].cpus}, but {_WORDS[preference]} names {listed}.",
            others[0].ref.label("named here"),
            truth.ref.label("preferred"),
            fix=Fix(
                f"set everything to {listed}, as {_WORDS[preference]} names it",
                tuple(other.replaced_by(listed.text) for other in others),
            ),
        )
