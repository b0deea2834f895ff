"""Tuned objects: the TuneD profiles of a pool, which isolate CPUs and set kernel arguments.

Format: openshift/cluster-node-tuning-operator ``pkg/apis/tuned/v1`` around TuneD's own INI profiles
(redhat-performance/tuned).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.cpus import CpuStatement, Grammar
from linter.facts.generated_names import GENERATED_TUNED
from linter.facts.kernel import StatedArgument, arguments_in
from linter.facts.manifests import Labels, read_labels
from linter.formats import tuned
from linter.formats.cpu_lists import parse_tuned_list
from linter.formats.cpuset import CpuListError, CpuListProblem, quoted
from linter.records import dataclass
from linter.sources.fields import Value, is_template, known
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.manifests import Manifest
    from linter.sources.text import Embedded
    from linter.sources.yaml_tree import Node

OPERATOR_NAMESPACE = "openshift-cluster-node-tuning-operator"


@dataclass(frozen=True, slots=True)
class TunedProfile:
    """One ``spec.profile[]`` entry.

    ``isolated_cores`` is the variable as it is written; ``arguments`` are the kernel arguments of
    all ``[bootloader] cmdline*`` entries, as they are written: variables are not expanded, and
    those that an entry takes away are left out.
    """

    name: str
    ref: Ref
    source: Embedded
    parsed: tuned.TunedProfile
    includes: tuple[tuple[str, Ref], ...]
    isolated_cores: CpuStatement | None
    arguments: tuple[StatedArgument, ...]

    @property
    def whole(self) -> Ref:
        """All of its characters."""
        return Ref(self.source, 0, len(self.source.text))


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One ``spec.recommend[]`` entry. The lower number wins."""

    profile: str
    priority: int | None
    machine_config_labels: Labels | None
    ref: Ref
    priority_ref: Ref


@dataclass(frozen=True, slots=True)
class Tuned:
    """A Tuned object as it is written."""

    manifest: Manifest
    profiles: tuple[TunedProfile, ...]
    recommend: tuple[Recommendation, ...]

    @property
    def name(self) -> str:
        """Its name, empty where it is not known."""
        return self.manifest.name

    @property
    def generated_for(self) -> str | None:
        """The PerformanceProfile that the operator would make it of, by its name."""
        if self.name.startswith(GENERATED_TUNED):
            return self.name.removeprefix(GENERATED_TUNED)
        return None

    @property
    def namespace_ref(self) -> Ref:
        """Where its namespace stands, or its name where it has none."""
        namespace = self.manifest.root.at("metadata", "namespace").text()
        return namespace.ref if isinstance(namespace, Value) else self.manifest.name_ref


def read_tuned(manifest: Manifest) -> Tuned:
    """Read a Tuned object."""
    spec = manifest.root.at("spec")
    return Tuned(
        manifest,
        tuple(_profiles(spec)),
        tuple(_recommendations(spec)),
    )


def _profiles(spec: Node) -> Iterator[TunedProfile]:
    for element in spec.at("profile").elements():
        name, data = element.at("name").text(), element.at("data")
        if not isinstance(name, Value) or not data.is_scalar or data.is_null:
            continue
        if "{{" in data.raw.value:
            continue
        yield _read_profile(name, data.embedded(f"TuneD profile {name.value}"))


def _read_profile(name: Value[str], source: Embedded) -> TunedProfile:
    parsed = tuned.parse(source.text)
    arguments: list[StatedArgument] = []
    for line in parsed.bootloader:
        if line.is_literal and line.operator != "-":
            where = f"[bootloader] {line.key}"
            arguments.extend(arguments_in(Ref(source, line.start, line.end), where))
    entry = parsed.get("variables", "isolated_cores")
    isolated = None
    if entry is not None:
        isolated = _isolated(entry.value, Ref(source, entry.start, entry.end))
    return TunedProfile(
        name=name.value,
        ref=name.ref,
        source=source,
        parsed=parsed,
        includes=tuple((i.name, Ref(source, i.start, i.end)) for i in parsed.includes),
        isolated_cores=isolated,
        arguments=tuple(arguments),
    )


def _isolated(text: str, ref: Ref) -> CpuStatement:
    where = "isolated_cores"
    if "$" in text or is_template(text):
        return CpuStatement(where, text, ref, Grammar.TUNED, templated=True)
    listed = parse_tuned_list(text)
    if listed.invalid:
        message = f"{quoted(text)} is no list of CPU numbers"
        error = CpuListError(CpuListProblem.NOT_A_NUMBER, message, 0, len(text))
        return CpuStatement(where, text, ref, Grammar.TUNED, error=error)
    return CpuStatement(where, text, ref, Grammar.TUNED, listed.cpus)


def _recommendations(spec: Node) -> Iterator[Recommendation]:
    for element in spec.at("recommend").elements():
        yield Recommendation(
            profile=known(element.at("profile").text()) or "",
            priority=known(element.at("priority").integer()),
            machine_config_labels=read_labels(element.at("machineConfigLabels")),
            ref=element.ref,
            priority_ref=element.at("priority").ref,
        )
