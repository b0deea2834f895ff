"""Child TuneD profiles: hand-written ones that include the one made of a PerformanceProfile.

The operator recommends what it makes with priority 20 (openshift/cluster-node-tuning-operator
``…/components/tuned``). A child is chosen instead of it only with a lower number, and what it says
replaces what it includes (redhat-performance/tuned ``tuned/profiles/merger.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.cpus import CpuStatement, Grammar
from linter.facts.generated_names import GENERATED_TUNED
from linter.formats.cpu_lists import parse_systemd_affinity, parse_tuned_list
from linter.formats.cpuset import CpuListError
from linter.records import dataclass
from linter.sources.fields import is_template
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.facts.tuned_profiles import Recommendation, Tuned, TunedProfile
    from linter.model.cluster import Cluster
    from linter.model.pools import ProfileMatch

VARIANTS = ("rt-", "amd-x86-", "arm-aarch64-", "intel-x86-")
"""How the names of the operator's further TuneD profiles begin, after the common prefix."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A hand-written TuneD profile that includes one that the operator makes.

    Attributes:
        tuned: The Tuned object it stands in.
        profile: The TuneD profile.
        included: The name that it includes.
        ref: Where it includes it.
        optional: TuneD goes on without what is included.

    """

    tuned: Tuned
    profile: TunedProfile
    included: str
    ref: Ref
    optional: bool

    @property
    def parents(self) -> tuple[str, ...]:
        """The names of the PerformanceProfiles that what is included may be made of."""
        suffix = self.included.removeprefix(GENERATED_TUNED)
        variants = (suffix.removeprefix(start) for start in VARIANTS if suffix.startswith(start))
        return (suffix, *variants)


@dataclass(frozen=True, slots=True)
class Child:
    """A child TuneD profile and the PerformanceProfile that it adds to."""

    inclusion: Inclusion
    match: ProfileMatch

    @property
    def parent(self) -> Profile:
        """The PerformanceProfile."""
        return self.match.profile

    def recommendations(self) -> Iterator[Recommendation]:
        """Yield where its Tuned object recommends it."""
        name = self.inclusion.profile.name
        return (entry for entry in self.inclusion.tuned.recommend if entry.profile == name)


def inclusions(cluster: Cluster) -> Iterator[Inclusion]:
    """Yield where hand-written TuneD profiles include one that the operator makes."""
    for tuned in cluster.facts.tuneds:
        if tuned.generated_for is not None:
            continue
        for profile in tuned.profiles:
            for written, ref in profile.includes:
                name = written.removeprefix("-")
                if name.startswith(GENERATED_TUNED) and "$" not in name and not is_template(name):
                    yield Inclusion(tuned, profile, name, ref, written != name)


def children(cluster: Cluster) -> Iterator[Child]:
    """Yield the child TuneD profiles of PerformanceProfiles whose name only one has."""
    named: dict[str, list[ProfileMatch]] = {}
    for match in cluster.matches:
        named.setdefault(match.profile.name, []).append(match)
    for inclusion in inclusions(cluster):
        for name in inclusion.parents:
            matches = named.get(name, []) if name else []
            if len(matches) == 1:
                yield Child(inclusion, matches[0])


def isolation_settings(profile: TunedProfile) -> Iterator[CpuStatement]:
    """Yield the lists by which a TuneD profile isolates CPUs, those of variables left out."""
    if profile.isolated_cores is not None:
        yield profile.isolated_cores
    stated = _stated(profile, "scheduler", "isolated_cores")
    if stated is not None:
        where, text, ref = stated
        listed = parse_tuned_list(text)
        if not listed.invalid:
            yield CpuStatement(where, text, ref, Grammar.TUNED, listed.cpus)


def affinity_setting(profile: TunedProfile) -> CpuStatement | None:
    """Return the CPUs that a TuneD profile starts services on; None where it states none."""
    stated = _stated(profile, "systemd", "cpu_affinity")
    if stated is None:
        return None
    where, text, ref = stated
    try:
        affinity = parse_systemd_affinity(text)
    except CpuListError:
        return None
    cpus = None if affinity.numa else affinity.cpus
    return CpuStatement(where, text, ref, Grammar.SYSTEMD, cpus)


def _stated(profile: TunedProfile, section: str, key: str) -> tuple[str, str, Ref] | None:
    entry = profile.parsed.get(section, key)
    if entry is None or not entry.value or "$" in entry.value or is_template(entry.value):
        return None
    return f"[{section}] {key}", entry.value, Ref(profile.source, entry.start, entry.end)
