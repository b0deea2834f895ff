"""``python -m bench``: what wplint costs beside other programs, on this machine, in this run."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING

from bench.parts import Bench, measure, names

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurements asked for and print their ratios; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of: {', '.join(names())} (default: all)")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command")
    parser.add_argument("--files", type=int, default=LARGEST, help="files of the largest tree")
    parser.add_argument("--folder", help="where to keep the trees for the next run")
    options = parser.parse_args(arguments)
    unknown = [part for part in options.parts if part not in names()]
    if unknown:
        parser.error(f"no part is called {unknown[0]}")
    if shutil.which("wplint") is None:
        parser.error("wplint is not installed here: pip install -e '.[dev]'")
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, best of {options.runs} runs"
    )
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.abspath(options.folder or scratch)
        for part in options.parts or names():
            mine = os.path.join(folder, part)
            os.makedirs(mine, exist_ok=True)
            missed += _apart(part, Bench(mine, options.runs, options.files, []))
    if missed:
        print(f"\n{len(missed)} missed:", *missed, sep="\n  ")
    return 1 if missed else 0


def _apart(part: str, bench: Bench) -> list[str]:
    """Run a part in a process of its own, and return what it missed.

    A program that is started counts the memory of what started it as its own, so that has to be
    small whatever other parts have loaded.
    """
    sys.stdout.flush()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_measured, (part, bench))


def _measured(part: str, bench: Bench) -> list[str]:
    measure(part, bench)
    sys.stdout.flush()
    return bench.missed


if __name__ == "__main__":
    sys.exit(main())
