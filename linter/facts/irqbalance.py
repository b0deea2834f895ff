"""irqbalance's settings: the CPUs that it keeps interrupts away from.

Format: irqbalance/irqbalance ``misc/irqbalance.env`` and ``cputree.c``: the mask wins over the list
where both are set.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.facts.cpus import CpuStatement, Grammar, is_placeholder
from linter.formats.cpu_lists import parse_kernel_list
from linter.formats.cpu_masks import parse_mask
from linter.formats.cpuset import CpuListError
from linter.regexes import regex
from linter.sources.text import Ref

if TYPE_CHECKING:
    from linter.facts.machine_configs import NodeFile
    from linter.formats.cpuset import CpuSet

PATH = "/etc/sysconfig/irqbalance"

_LINE = regex(r"^[ \t]*(IRQBALANCE_BANNED_CPU(?:S|LIST))=(\"?)([^\"'\s#]*)\2[ \t]*$", re.MULTILINE)


def banned_cpus(file: NodeFile) -> CpuStatement | None:
    """Return the CPUs that the file bans; None where it names none, or its text is not known."""
    source = file.text
    if source is None:
        return None
    stated: dict[str, CpuStatement] = {}
    for line in _LINE.finditer(source.text):
        ref = Ref(source, *line.span(3))
        stated[line.group(1)] = _state(line.group(1), line.group(3), ref)
    mask = stated.get("IRQBALANCE_BANNED_CPUS")
    return mask if mask is not None and mask.text else stated.get("IRQBALANCE_BANNED_CPULIST")


def _state(variable: str, text: str, ref: Ref) -> CpuStatement:
    grammar = Grammar.MASK if variable.endswith("S") else Grammar.KERNEL
    if is_placeholder(text):
        return CpuStatement(variable, text, ref, grammar, templated=True)
    try:
        return CpuStatement(variable, text, ref, grammar, _read(text, grammar))
    except CpuListError as error:
        return CpuStatement(variable, text, ref, grammar, error=error)


def _read(text: str, grammar: Grammar) -> CpuSet | None:
    if grammar is Grammar.MASK:
        return parse_mask(text) if text else None
    listed = parse_kernel_list(text)
    return None if listed.needs_cpu_count else listed.cpus
