"""The parts of a run. Each module here is one: it has a ``TITLE`` and a function ``measure``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules


@dataclass(slots=True)
class Bench:
    """What a part is given: where to write, how often to run, and what to say of limits.

    Attributes:
        folder: A directory for the part's trees, which may hold those of an earlier run.
        runs: How often each command is run and counted.
        largest: How many files the largest tree has.
        missed: The limits that were not kept and the findings that were wrong, in words.

    """

    folder: str
    runs: int
    largest: int
    missed: list[str]

    def hold(self, words: str, value: float, limit: float, unit: str = "x") -> None:
        """Print a number beside its limit, and remember it where the limit is not kept."""
        kept = value <= limit
        line = f"{words}: {value:.2f} {unit} (limit {limit:g}{'' if kept else ', MISSED'})"
        print(f"  {line}")
        if not kept:
            self.missed.append(line)

    def reach(self, words: str, value: float, least: float) -> None:
        """Print how many times as fast something is, and remember it where that is too little."""
        reached = value >= least
        line = f"{words}: {value:.1f} x (at least {least:g}{'' if reached else ', MISSED'})"
        print(f"  {line}")
        if not reached:
            self.missed.append(line)

    def wrong(self, words: str) -> None:
        """Say that something was found that should not be, or the other way round."""
        print(f"  WRONG: {words}")
        self.missed.append(words)


def names() -> list[str]:
    """Return the names of all parts, as they are given on the command line."""
    return sorted(module.name.replace("_", "-") for module in iter_modules(__path__))


def measure(name: str, bench: Bench) -> None:
    """Run one part."""
    part = import_module(f"{__name__}.{name.replace('-', '_')}")
    print(f"\n{name}: {part.TITLE}")
    part.measure(bench)
