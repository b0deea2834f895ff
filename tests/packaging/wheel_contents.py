"""What a wheel of the project must hold, and nothing else.

Run with the path of a wheel it checks that one: ``python tests/packaging/wheel_contents.py WHEEL``.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

TREES = {"linter": "linter", "rules": "linter/rules", "schemas": "linter/schemas"}
"""Folders of the repository, and where a wheel holds them: it brings one import package."""

LEFT_OUT = {"__pycache__"}


def expected() -> set[str]:
    """Return the paths of the import package, from the files of the repository."""
    paths = set()
    for folder, target in TREES.items():
        for path in (PROJECT / folder).rglob("*"):
            if path.is_file() and not LEFT_OUT & set(path.parts):
                paths.add(f"{target}/{path.relative_to(PROJECT / folder).as_posix()}")
    return paths


def problems(wheel: Path) -> list[str]:
    """Return what is wrong with a wheel, in sentences."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = next((n for n in names if n.endswith("/entry_points.txt")), None)
        scripts = archive.read(entry_points).decode() if entry_points else ""
    package = {name for name in names if ".dist-info/" not in name}
    found = [f"{name} is missing" for name in sorted(expected() - package)]
    found += [f"{name} does not belong there" for name in sorted(package - expected())]
    if "wplint = linter.cli:main" not in scripts:
        found.append("the console script wplint is missing")
    if not any(name.endswith(".dist-info/licenses/LICENSE") for name in names):
        found.append("the licence is missing")
    return found


def main() -> int:
    found = [problem for wheel in sys.argv[1:] for problem in problems(Path(wheel))]
    print("\n".join(found) or "The wheel holds what it must, and nothing else.")
    return 1 if found or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
