"""Kernel arguments that reach the nodes of a pool, by whichever of the three ways.

MachineConfigs state them, a profile's ``additionalKernelArgs`` do, and TuneD profiles, whose
arguments the operator turns into a MachineConfig (openshift/cluster-node-tuning-operator,
``pkg/operator``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.generated_names import GENERATED_TUNED
from linter.facts.removals import removed_argument
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.facts.cpus import CpuStatement
    from linter.facts.kernel import StatedArgument
    from linter.facts.tuned_profiles import Tuned, TunedProfile
    from linter.formats.cpuset import CpuSet
    from linter.model.node import NodeConfig
    from linter.sources.nodes import Node
    from linter.sources.text import Replacement


@dataclass(frozen=True, slots=True)
class PoolArgument:
    """A kernel argument of a pool's nodes that names CPUs, and who sets it.

    ``holder`` is the object that states it; ``generated`` says that an operator writes that one.
    """

    argument: StatedArgument
    statement: CpuStatement
    cpus: CpuSet
    said_by: str
    holder: Node
    generated: bool

    @property
    def name(self) -> str:
        """The argument's name."""
        return self.argument.name

    def removed(self) -> Replacement | None:
        """Return the wish that it were not set; None of what an operator writes."""
        return None if self.generated else removed_argument(self.argument, self.holder)


def cpu_arguments(
    node: NodeConfig, tuneds: Iterable[Tuned], names: Iterable[str]
) -> Iterator[PoolArgument]:
    """Yield the arguments of some names that list known CPUs.

    What a generated TuneD profile repeats of the profile it is made of is left out.

    Args:
        node: The pool.
        tuneds: All Tuned objects of the cluster.
        names: The arguments that are wanted, such as ``isolcpus``.

    """
    wanted = frozenset(names)
    own: set[tuple[str, str | None]] = set()
    for said_by, argument, holder, generated in _arguments(node, tuneds):
        statement = argument.cpus
        if argument.name not in wanted or statement is None or not statement.cpus:
            continue
        text = (argument.name, argument.value)
        if generated and text in own:
            continue
        own.add(text)
        yield PoolArgument(argument, statement, statement.cpus, said_by, holder, generated)


def _arguments(
    node: NodeConfig, tuneds: Iterable[Tuned]
) -> Iterator[tuple[str, StatedArgument, Node, bool]]:
    """Yield who says it, the argument, its object, and whether it may repeat a profile's."""
    for layer in node.merged.kernel_arguments:
        config = layer.machine_config
        yield f"MachineConfig {config.name}", layer.argument, config.manifest.root, False
    for profile in node.profiles:
        for argument in profile.kernel_arguments:
            yield f"PerformanceProfile {profile.name}", argument, profile.manifest.root, False
    for tuned, tuned_profile in tuned_profiles_of(node, tuneds):
        for argument in tuned_profile.arguments:
            generated = tuned.generated_for is not None
            said_by = f"TuneD profile {tuned_profile.name}"
            yield said_by, argument, tuned.manifest.root, generated


def tuned_profiles_of(
    node: NodeConfig, tuneds: Iterable[Tuned]
) -> Iterator[tuple[Tuned, TunedProfile]]:
    """Yield the TuneD profiles that decide about a pool's nodes.

    With a performance profile they are the generated one and those that include it. Without one
    they are those that are recommended to the pool.
    """
    if not node.profiles:
        yield from node.tuneds
        return
    names = {profile.name for profile in node.profiles}
    family = _including({GENERATED_TUNED + name for name in names}, tuneds)
    for tuned in tuneds:
        for tuned_profile in tuned.profiles:
            if tuned.generated_for in names or tuned_profile.name in family:
                yield tuned, tuned_profile


def _including(names: set[str], tuneds: Iterable[Tuned]) -> set[str]:
    """Return the TuneD profiles of some names and all that include one of them, directly or not."""
    includers: dict[str, list[str]] = {}
    for tuned in tuneds:
        for profile in tuned.profiles:
            for included, _ in profile.includes:
                includers.setdefault(included.removeprefix("-"), []).append(profile.name)
    family = set(names)
    waiting = list(names)
    while waiting:
        for name in includers.pop(waiting.pop(), ()):
            if name not in family:
                family.add(name)
                waiting.append(name)
    return family
