"""The CPUs that the kernel command line of a pool's nodes names, and who wrote them there.

MachineConfigs put arguments on the command line one after the other
(openshift/machine-config-operator); TuneD adds those of the one profile that is recommended with
the lowest number, and of the profiles it includes (redhat-performance/tuned). What TuneD works out
on the node, such as the inverse of the isolated CPUs, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.generated_names import GENERATED_TUNED
from linter.facts.kernel import CPU_LISTS, state_argument
from linter.formats import kernel_args, tuned
from linter.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linter.facts.cpus import CpuStatement
    from linter.facts.profiles import Profile
    from linter.facts.tuned_profiles import Tuned, TunedProfile
    from linter.model.merge import MergedConfig
    from linter.model.pools import Pool
    from linter.sources.text import Ref

GENERATED_PRIORITY = 20
"""The number that the operator recommends the TuneD profile of a PerformanceProfile with."""


@dataclass(frozen=True, slots=True)
class KernelCpus:
    """One argument that names CPUs. ``said_by`` names the object; ``statement`` has the CPUs."""

    name: str
    statement: CpuStatement
    said_by: str


@dataclass(frozen=True, slots=True)
class EffectiveKernel:
    """The arguments that name CPUs, in the order of the command line, and TuneD's chain.

    ``places`` are those of the arguments' lists, to look one up among thousands.
    """

    arguments: tuple[KernelCpus, ...]
    chain: tuple[TunedProfile, ...]
    isolated_cores: CpuStatement | None
    places: frozenset[Ref]

    def named(self, name: str) -> tuple[KernelCpus, ...]:
        """Return the arguments of one name."""
        return tuple(argument for argument in self.arguments if argument.name == name)


def effective_kernel(
    pool: Pool, merged: MergedConfig, profiles: Sequence[Profile], tuneds: Sequence[Tuned]
) -> EffectiveKernel:
    """Put together the kernel arguments of a pool's nodes."""
    arguments = [
        KernelCpus(layer.argument.name, layer.argument.cpus, layer.machine_config.manifest.identity)
        for layer in merged.kernel_arguments
        if layer.argument.cpus is not None
    ]
    for profile in profiles:
        arguments.extend(
            KernelCpus(argument.name, argument.cpus, profile.manifest.identity)
            for argument in profile.kernel_arguments
            if argument.cpus is not None
        )
    chain = tuned_chain(pool, profiles, tuneds)
    command_line = _CommandLine()
    known: dict[str, str] = {}
    isolated: CpuStatement | None = None
    for tuned_profile in reversed(chain):
        isolated = tuned_profile.isolated_cores or isolated
        _define(tuned_profile.parsed, known)
        for line in tuned_profile.parsed.bootloader:
            command_line.put(tuned_profile, line, known)
    arguments.extend(command_line.arguments())
    places = frozenset(argument.statement.ref for argument in arguments)
    return EffectiveKernel(tuple(arguments), chain, isolated, places)


def tuned_chain(
    pool: Pool, profiles: Sequence[Profile], tuneds: Iterable[Tuned]
) -> tuple[TunedProfile, ...]:
    """Return the TuneD profile that applies to a pool and those it includes, itself first.

    What stands earlier overrides what stands later. A profile for which the operator has still to
    make its Tuned object is recommended with the number that the operator gives it. Empty where
    none is recommended, or two with the same number are.
    """
    by_name: dict[str, TunedProfile] = {}
    recommended: set[tuple[int, str]] = set()
    made: set[str | None] = set()
    for tuned_object in tuneds:
        made.add(tuned_object.generated_for)
        by_name.update({profile.name: profile for profile in tuned_object.profiles})
        for entry in tuned_object.recommend:
            labels = entry.machine_config_labels
            if labels is not None and entry.priority is not None and pool.selects(labels):
                recommended.add((entry.priority, entry.profile))
    recommended |= {
        (GENERATED_PRIORITY, GENERATED_TUNED + profile.name)
        for profile in profiles
        if profile.name not in made
    }
    ranked = sorted(recommended)
    if not ranked or [number for number, _ in ranked].count(ranked[0][0]) > 1:
        return ()
    return tuple(reversed(_loaded(ranked[0][1], by_name)))


def _loaded(first: str, by_name: Mapping[str, TunedProfile]) -> list[TunedProfile]:
    """Return a profile and what it includes in the order in which TuneD loads them.

    What a profile includes is loaded before it, one after the other; nothing is loaded twice.
    """
    loaded: list[TunedProfile] = []
    seen: set[str] = set()
    waiting: list[tuple[str, bool]] = [(first, False)]
    while waiting:
        name, is_complete = waiting.pop()
        profile = by_name.get(name)
        if profile is None:
            continue
        if is_complete:
            loaded.append(profile)
        elif name not in seen:
            seen.add(name)
            waiting.append((name, True))
            included = [name.removeprefix("-") for name, _ in profile.includes]
            waiting.extend((name, False) for name in reversed(included))
    return loaded


class _CommandLine:
    """The ``cmdline…`` entries of merged profiles: a later one of the same key replaces it."""

    def __init__(self) -> None:
        self._lines: dict[str, tuple[tuned.CommandLine, list[tuple[str, KernelCpus | None]]]] = {}

    def put(self, profile: TunedProfile, line: tuned.CommandLine, known: Mapping[str, str]) -> None:
        """Add an entry of a profile, with what its variables stand for."""
        self._lines[line.key] = (line, list(_expanded(profile, line, known)))

    def arguments(self) -> Iterable[KernelCpus]:
        """Return the arguments that name CPUs.

        An entry with a minus takes away what reads the same, variables unexpanded, before it.
        """
        kept: list[tuple[str, KernelCpus | None]] = []
        for line, stated in self._lines.values():
            if line.operator == "-":
                gone = set(line.arguments.split())
                kept = [entry for entry in kept if entry[0] not in gone]
            else:
                kept += stated
        return [argument for _, argument in kept if argument is not None]


def _define(parsed: tuned.TunedProfile, known: dict[str, str]) -> None:
    """Add a profile's variables, expanded, to those of the profiles loaded before it."""
    defined = {
        name: tuned.expand(parsed, entry.value, known) for name, entry in parsed.variables.items()
    }
    for name, value in defined.items():
        if value is None:
            known.pop(name, None)
        else:
            known[name] = value


def _expanded(
    profile: TunedProfile, line: tuned.CommandLine, known: Mapping[str, str]
) -> Iterable[tuple[str, KernelCpus | None]]:
    """Yield the arguments of a command line as they are written, and the CPUs they name."""
    if not line.is_literal:
        return
    ref = profile.whole.part(line.start, line.end)
    said_by = f"TuneD profile {profile.name}"
    for argument in kernel_args.split(line.arguments):
        text = line.arguments[argument.start : argument.end]
        if argument.canonical_name not in CPU_LISTS or argument.value is None:
            yield text, None
            continue
        name = argument.canonical_name
        value = tuned.expand(profile.parsed, argument.value, known)
        value_ref = ref.part(argument.value_start, argument.value_end)
        expanded = argument.value if value is None else value
        statement = state_argument(name, expanded, value_ref, f"[bootloader] {line.key}")
        if expanded != argument.value:
            statement = replace(statement, ref=value_ref)
        yield text, KernelCpus(name, statement, said_by)
