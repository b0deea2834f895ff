"""Kernel arguments that name CPUs, wherever a kernel command line is written.

The kernel's grammar is that of ``Documentation/admin-guide/kernel-parameters.rst``;
``systemd.cpu_affinity`` is read by systemd (``src/core/main.c``) in the grammar of
``CPUAffinity=``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.cpus import CpuStatement, Grammar, is_placeholder
from linter.formats import cpu_lists, cpu_masks, kernel_args
from linter.formats.cpuset import CpuListError
from linter.records import dataclass

if TYPE_CHECKING:
    from linter.sources.text import Ref

AFFINITY = "systemd.cpu_affinity"
ISOLATION = ("isolcpus", "nohz_full", "rcu_nocbs")
"""Arguments that keep the kernel away from CPUs: they name the isolated ones."""
HOUSEKEEPING_MASK = "tuned.non_isolcpus"
CPU_LISTS = (*ISOLATION, AFFINITY, "irqaffinity", "kthread_cpus", HOUSEKEEPING_MASK)


@dataclass(frozen=True, slots=True)
class StatedArgument:
    """One kernel argument as it is written; ``cpus`` where it names CPUs."""

    name: str
    value: str | None
    ref: Ref
    value_ref: Ref
    cpus: CpuStatement | None = None


def arguments_in(line: Ref, where: str) -> list[StatedArgument]:
    """Split a kernel command line.

    Args:
        line: The characters of the line; they must read as the line itself does.
        where: What people call the place, such as ``spec.kernelArguments``.

    """
    stated: list[StatedArgument] = []
    for argument in kernel_args.split(line.text):
        ref = line.part(argument.start, argument.end)
        value_ref = line.part(argument.value_start, argument.value_end)
        cpus = None
        name = argument.canonical_name
        if name in CPU_LISTS and argument.value is not None:
            cpus = state_argument(name, argument.value, value_ref, where)
        stated.append(StatedArgument(name, argument.value, ref, value_ref, cpus))
    return stated


def state_argument(name: str, text: str, ref: Ref, where: str) -> CpuStatement:
    """Read the CPUs that an argument's value names."""
    what = f"{name} in {where}"
    grammar = Grammar.KERNEL
    if is_placeholder(text):
        return CpuStatement(what, text, ref, grammar, templated=True)
    try:
        if name == AFFINITY:
            grammar = Grammar.SYSTEMD
            affinity = cpu_lists.parse_systemd_affinity(text)
            cpus = None if affinity.numa else affinity.cpus
            return CpuStatement(
                what, text, ref, grammar, cpus,
                needs_cpu_count=affinity.numa, ignored=affinity.ignored,
            )  # fmt: skip
        if name == HOUSEKEEPING_MASK:
            grammar = Grammar.MASK
            return CpuStatement(what, text, ref, grammar, cpu_masks.parse_mask(text))
        if name == "isolcpus":
            isolated = cpu_lists.parse_isolcpus(text)
            listed_at = isolated.list_start
            return CpuStatement(
                what, text[listed_at:], ref.part(listed_at, len(text)), grammar, isolated.cpus,
                needs_cpu_count=isolated.needs_cpu_count,
            )  # fmt: skip
        listed = cpu_lists.parse_kernel_list(text)
        return CpuStatement(
            what, text, ref, grammar, listed.cpus, needs_cpu_count=listed.needs_cpu_count
        )
    except CpuListError as error:
        return CpuStatement(what, text, ref, grammar, error=error)
