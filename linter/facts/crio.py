"""CRI-O drop-ins: what they say of management pods and of the infrastructure containers.

CRI-O reads ``/etc/crio/crio.conf`` and every regular file below ``/etc/crio/crio.conf.d``, whatever
its ending (cri-o/cri-o ``pkg/config/config.go``); workloads are ``pkg/config/workloads.go``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.cpus import state_cpuset
from linter.facts.payloads import Undecodable
from linter.formats import toml
from linter.records import dataclass, field
from linter.regexes import regex
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.facts.cpus import CpuStatement
    from linter.facts.machine_configs import NodeFile
    from linter.sources.text import Embedded

MAIN_FILE = "/etc/crio/crio.conf"
DIRECTORY = "/etc/crio/crio.conf.d/"
_MISPLACED = regex(r"/etc/cri-?o(?:\.conf)?(?:/[^/]+)*\.d/[^/]+\Z")
MANAGEMENT = "management"
WORKLOADS = (MANAGEMENT, "openshift-builder")
"""The workload types that OpenShift itself configures."""

TARGET_PREFIX = "target.workload.openshift.io/"
"""How the annotations begin by which pods ask for a workload type."""

ANNOTATIONS = {
    "activation_annotation": "target.workload.openshift.io/management",
    "annotation_prefix": "resources.workload.openshift.io",
}
"""The keys by which CRI-O recognises management pods, and the annotations OpenShift sets."""


def is_read(path: str) -> bool:
    """Say whether CRI-O reads a file of this path."""
    return path == MAIN_FILE or (path.startswith(DIRECTORY) and len(path) > len(DIRECTORY))


def looks_misplaced(path: str) -> bool:
    """Say whether a path looks like a CRI-O drop-in in a directory that CRI-O never reads.

    It lies in a ``.d`` directory of ``/etc`` that is CRI-O's own by its name, such as
    ``/etc/crio/conf.d``. Drop-ins of the unit ``crio.service`` lie elsewhere.
    """
    return _MISPLACED.match(path) is not None and not is_read(path)


@dataclass(frozen=True, slots=True)
class CrioWorkload:
    """A ``[crio.runtime.workloads.<name>]`` table.

    ``cpuset`` is None where the key is absent; ``keys`` are those of the table and ``resources``
    those of its ``resources``, each with its place. ``texts`` are the strings in ``resources``.
    """

    name: str
    ref: Ref
    cpuset: CpuStatement | None
    activation_annotation: tuple[str, Ref] | None
    annotation_prefix: tuple[str, Ref] | None
    keys: Mapping[str, Ref] = field(default_factory=dict)
    resources: Mapping[str, Ref] = field(default_factory=dict)
    cpushares: tuple[object, Ref] | None = None
    texts: Mapping[str, tuple[str, Ref]] = field(default_factory=dict)

    @property
    def is_partitioning(self) -> bool:
        """Whether it is meant for partitioned pods, by its name or its activation annotation."""
        activation = self.activation_annotation
        return self.name == MANAGEMENT or (
            activation is not None and activation[0].startswith(TARGET_PREFIX)
        )


@dataclass(frozen=True, slots=True)
class CrioDropIn:
    """A CRI-O configuration file as it is written. ``problem`` says why it is no TOML."""

    file: NodeFile
    workloads: Mapping[str, CrioWorkload] = field(default_factory=dict)
    infra_ctr_cpuset: CpuStatement | None = None
    shared_cpuset: CpuStatement | None = None
    problem: Undecodable | None = None

    @property
    def path(self) -> str:
        """Its path on the node."""
        return self.file.path

    @property
    def is_partitioning(self) -> bool:
        """Whether it is about workload partitioning, by its name or its contents."""
        return "workload-p" in self.path or any(w.is_partitioning for w in self.workloads.values())


def read_crio_drop_in(file: NodeFile) -> CrioDropIn | None:
    """Read a file that CRI-O reads; None where its contents are not known."""
    source = file.text
    if source is None:
        return None
    try:
        table = toml.parse(source.text)
    except toml.TomlError as error:
        place = Ref(source, error.start, max(error.start, error.end))
        return CrioDropIn(file, problem=Undecodable(error.message, place))
    workloads: dict[str, CrioWorkload] = {}
    listed = table.find("crio", "runtime", "workloads")
    if isinstance(listed, toml.Table):
        for entry in listed.entries:
            if isinstance(entry.value, toml.Table):
                place = Ref(source, entry.key_start, entry.key_end)
                workloads[entry.key] = _read_workload(entry.key, entry.value, source, place)
    return CrioDropIn(
        file,
        workloads,
        _state(table.find("crio", "runtime", "infra_ctr_cpuset"), source, "infra_ctr_cpuset"),
        _state(table.find("crio", "runtime", "shared_cpuset"), source, "shared_cpuset"),
    )


def _read_workload(name: str, table: toml.Table, source: Embedded, place: Ref) -> CrioWorkload:
    resources = table.find("resources")
    listed = resources.entries if isinstance(resources, toml.Table) else ()
    return CrioWorkload(
        name=name,
        ref=place,
        cpuset=_state(table.find("resources", "cpuset"), source, "resources.cpuset"),
        activation_annotation=_string(table.find("activation_annotation"), source),
        annotation_prefix=_string(table.find("annotation_prefix"), source),
        keys={e.key: Ref(source, e.key_start, e.key_end) for e in table.entries},
        resources={e.key: Ref(source, e.key_start, e.key_end) for e in listed},
        cpushares=_scalar(table.find("resources", "cpushares"), source),
        texts={e.key: text for e in listed if (text := _string(e.value, source)) is not None},
    )


def _scalar(value: object, source: Embedded) -> tuple[object, Ref] | None:
    if not isinstance(value, toml.Scalar):
        return None
    return value.value, Ref(source, value.start, value.end)


def _string(value: object, source: Embedded) -> tuple[str, Ref] | None:
    if not isinstance(value, toml.Scalar) or not isinstance(value.value, str):
        return None
    return value.value, Ref(source, value.inner_start, value.inner_end)


def _state(value: object, source: Embedded, where: str) -> CpuStatement | None:
    if isinstance(value, toml.Array | toml.Table):
        found = "a list" if isinstance(value, toml.Array) else "an object"
        return state_cpuset(where, "", Ref(source, value.start, value.end), found=found)
    if not isinstance(value, toml.Scalar):
        return None
    ref = Ref(source, value.inner_start, value.inner_end)
    if not isinstance(value.value, str):
        return state_cpuset(where, str(value.value), ref, found=_type_name(value.value))
    return state_cpuset(where, value.value, ref)


def _type_name(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int):
        return "an integer"
    return "a number" if isinstance(value, float) else "a date or time"
