"""A kernel argument that stands on the command line twice, with different CPUs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.kernel import EffectiveKernel, KernelCpus


@rule("WPL608", severity=WARNING, requires=("WPL310", "WPL311", "WPL312"))
def kernel_argument_repeated(kernel: EffectiveKernel) -> Iterator[Draft]:
    """A kernel argument that names CPUs names the same ones wherever it stands."""
    by_name: dict[str, list[KernelCpus]] = {}
    for argument in kernel.arguments:
        if argument.statement.cpus is not None:
            by_name.setdefault(argument.name, []).append(argument)
    for name, stated in by_name.items():
        for first, later in pairwise(stated):
            if first.statement.cpus != later.statement.cpus:
                yield finding(
                    f"{name} is {first.statement.shown} in {first.said_by} "
                    f"and {later.statement.shown} in {later.said_by}.",
                    later.statement.ref.label("stated again here"),
                    first.statement.ref.label("stated here"),
                    effect="Both stand on one command line, and only one of them takes effect.",
                    advice="State it once.",
                )
