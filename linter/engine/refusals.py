"""Words for what becomes of a list of CPUs that its reader refuses.

Sources: cri-o/cri-o ``pkg/config`` and ``internal/runtimehandlerhooks``; openshift/kubernetes
``cmd/kubelet/app/server.go`` and ``pkg/kubelet/managed``; the kernel's ``kernel-parameters.rst``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.engine.findings import Severity
from linter.facts.cpus import Grammar
from linter.formats.cpu_lists import parse_isolcpus, parse_systemd_affinity
from linter.formats.cpuset import CpuListError, parse_cpuset, quoted
from linter.regexes import regex

if TYPE_CHECKING:
    from linter.facts.cpus import CpuStatement
    from linter.formats.cpuset import CpuSet

UNREAD = "management.cpuset"
"""The list in the kubelet's pinning file, which no program reads."""

_BY_FIELD = {
    "resources.cpuset": "CRI-O refuses all of its configuration and does not start.",
    "infra_ctr_cpuset": "CRI-O refuses all of its configuration and does not start.",
    "shared_cpuset": "CRI-O cannot give containers the shared CPUs that they ask for.",
    "reservedSystemCPUs": "The kubelet does not start.",
    UNREAD: "No program reads this list, but people take it for the reserved CPUs.",
}
_BY_GRAMMAR = {
    Grammar.KUBERNETES: "The Node Tuning Operator cannot make a configuration of this profile.",
    Grammar.KERNEL: "The kernel ignores the whole argument and boots without it.",
    Grammar.SYSTEMD: "systemd ignores what it cannot read and runs services on any CPU.",
    Grammar.TUNED: "TuneD takes it for an empty list and isolates nothing.",
    Grammar.MASK: "The mask is ignored.",
}


_BACKWARDS = regex(r"([0-9]{1,4})-([0-9]{1,4})", re.ASCII)
_STRIDE = regex(r"([0-9]{1,4}-[0-9]{1,4})/([0-9]{1,4})", re.ASCII)
_FLAG = regex(r"[a-z]+(?:-[a-z]+)+")
_LIST = "Write CPU numbers and ascending ranges joined by commas, such as 0-1,32-33"
_SPELLING = {
    Grammar.KERNEL: f"{_LIST}; a stride is written as 2-46:1/2.",
    Grammar.MASK: "Write words of eight hexadecimal digits joined by commas, the highest first.",
}


def refused(statement: CpuStatement) -> str:
    """Say what happens on the node, in one sentence."""
    return _BY_FIELD.get(statement.where) or _BY_GRAMMAR[statement.grammar]


def reason(text: str, error: CpuListError) -> str:
    """Say why a list cannot be parsed, naming the whole of it where the error names a piece."""
    whole = quoted(text)
    return error.message if whole in error.message else f"in {whole}, {error.message}"


def spelling(statement: CpuStatement) -> str:
    """Say how its reader wants it written, with the list itself where one is likely to be meant."""
    words = _SPELLING.get(statement.grammar, f"{_LIST}.")
    meant = likely(statement)
    name = statement.where.partition(" in ")[0].rpartition(".")[2]
    sign = "=" if statement.grammar in {Grammar.KERNEL, Grammar.SYSTEMD} else ": "
    return f"{words} If that is what is meant: {name}{sign}{meant}." if meant else words


def likely(statement: CpuStatement) -> str:
    """Return the list that was likely meant by one that cannot be parsed; empty if there is none.

    A range that runs backwards is turned round, a stride gets its group, and a flag its underscore.
    """
    pieces = [_likely_piece(piece) for piece in statement.text.split(",")]
    text = ",".join(pieces)
    if text == statement.text:
        return ""
    try:
        return text if _read(statement.grammar, text) else ""
    except CpuListError:
        return ""


def _read(grammar: Grammar, text: str) -> CpuSet | None:
    if grammar is Grammar.KERNEL:
        return parse_isolcpus(text).cpus
    return parse_systemd_affinity(text).cpus if grammar is Grammar.SYSTEMD else parse_cpuset(text)


def _likely_piece(piece: str) -> str:
    turned = _BACKWARDS.fullmatch(piece)
    if turned and int(turned[1]) > int(turned[2]):
        return f"{turned[2]}-{turned[1]}"
    stride = _STRIDE.fullmatch(piece)
    if stride:
        return f"{stride[1]}:1/{stride[2]}"
    return piece.replace("-", "_") if _FLAG.fullmatch(piece) else piece


def severity(statement: CpuStatement) -> Severity:
    """Return a warning for a list that no program reads, else an error."""
    return Severity.WARNING if statement.where == UNREAD else Severity.ERROR
