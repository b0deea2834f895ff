"""A CRI-O drop-in in a directory that CRI-O does not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, Replacement, finding, rule
from linter.facts.crio import DIRECTORY, looks_misplaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.machine_configs import MachineConfig


@rule("WPL323", severity=ERROR)
def crio_drop_in_never_read(machine_config: MachineConfig) -> Iterator[Draft]:
    """CRI-O drop-ins lie in the directory that CRI-O reads."""
    for file in machine_config.files:
        if looks_misplaced(file.path):
            path = DIRECTORY + file.path.rpartition("/")[2]
            yield finding(
                f"CRI-O never reads '{file.path}': its drop-ins lie in {DIRECTORY}.",
                file.path_ref.label("never read"),
                effect="Whatever the file says has no effect on the node.",
                advice=f"Write it to {path}.",
                fix=Fix(f"write it to {path}", (Replacement(file.path_ref, path),))
                if machine_config.file(path) is None
                else None,
            )
