"""Statements of CPUs: a list of CPUs as somebody wrote it, in the grammar of its reader."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from linter.formats.cpuset import CpuListError, parse_cpuset
from linter.records import dataclass, replace
from linter.regexes import regex
from linter.sources.fields import Invalid, Missing, Templated, is_template
from linter.sources.text import Replacement

if TYPE_CHECKING:
    from linter.formats.cpuset import CpuSet
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

_LONGEST_SHOWN = 100
_PLACEHOLDER = regex(r"[A-Z_][A-Z0-9_-]{2,}\Z")


class Grammar(Enum):
    """Who reads a list, and so which texts are valid."""

    KUBERNETES = "Kubernetes"
    KERNEL = "the kernel"
    SYSTEMD = "systemd"
    TUNED = "TuneD"
    MASK = "a hexadecimal mask"


@dataclass(frozen=True, slots=True)
class CpuStatement:
    """A list of CPUs as it is written.

    Attributes:
        where: What people call the field, such as ``spec.cpu.reserved``.
        text: The list as it stands.
        ref: Its characters.
        cpus: What it names; None where a template decides it, or it cannot be parsed.
        error: Why it cannot be parsed.
        found: The YAML type where the field holds no string, such as ``an integer``.
        needs_cpu_count: It is relative to the machine's last CPU (``2-N``), so unknown here.
        ignored: Pieces that its reader passes over although it reads the rest.
        unquoted: The whole YAML scalar where it stands plain or as a block, without quotes.

    """

    where: str
    text: str
    ref: Ref
    grammar: Grammar = Grammar.KUBERNETES
    cpus: CpuSet | None = None
    error: CpuListError | None = None
    found: str = ""
    templated: bool = False
    needs_cpu_count: bool = False
    unquoted: Ref | None = None
    ignored: tuple[str, ...] = ()

    @property
    def error_ref(self) -> Ref:
        """The characters at fault, or all of them."""
        if self.error is None or len(self.ref.text) != len(self.text):
            return self.ref
        return self.ref.part(self.error.start, max(self.error.end, self.error.start))

    @property
    def shown(self) -> str:
        """The list as it stands, shortened for a message."""
        return self.text if len(self.text) <= _LONGEST_SHOWN else f"{self.text[:_LONGEST_SHOWN]}…"

    @property
    def written(self) -> Ref:
        """The characters from the first to the last, with the header of a block."""
        return self.unquoted or self.ref

    def replaced_by(self, text: str) -> Replacement:
        """Return the wish that another list stood here; YAML must read it as a string."""
        if self.unquoted is None:
            return Replacement(self.ref, text)
        return Replacement(self.unquoted, f'"{text}"' if text.isdigit() else text)


def is_placeholder(text: str) -> bool:
    """Say whether a text stands for a list that is filled in later."""
    return is_template(text) or _PLACEHOLDER.match(text) is not None


def state_cpuset(where: str, text: str, ref: Ref, found: str = "") -> CpuStatement:
    """Read a list in the grammar of k8s.io/utils/cpuset."""
    if is_placeholder(text):
        return CpuStatement(where, text, ref, templated=True)
    if found in {"an object", "a list"}:
        return CpuStatement(where, text, ref, found=found)
    try:
        return CpuStatement(where, text, ref, cpus=parse_cpuset(text), found=found)
    except CpuListError as error:
        return CpuStatement(where, text, ref, error=error, found=found)


def read_cpuset(node: Node, where: str) -> CpuStatement | None:
    """Read a field that holds a list for Kubernetes; None where it is absent."""
    field = node.text()
    if isinstance(field, Missing):
        return None
    if isinstance(field, Templated):
        return CpuStatement(where, field.text, field.ref, templated=True)
    if isinstance(field, Invalid):
        return state_cpuset(where, field.text, field.ref, found=field.found)
    stated = state_cpuset(where, field.value, node.content())
    return stated if node.raw.style in {"'", '"'} else replace(stated, unquoted=node.ref)
