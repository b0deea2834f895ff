"""What ``lscpu --parse`` prints: a line of values for each CPU, below a comment that names them.

Only CPUs that are online are listed, unless ``--all`` asks for the others.
Source: util-linux/util-linux ``sys-utils/lscpu.c`` (``print_cpus_parsable``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.sources.text import Ref
from linter.topology.places import failure
from linter.topology.rows import Row, from_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.text import File
    from linter.topology.machine import Topology


def read_lscpu_columns(file: File) -> Topology:
    """Read a topology; raises TopologyError where the text has none."""
    return from_rows(_rows(file), Ref(file, 0, 0), whole=False)


def _rows(file: File) -> Iterator[Row]:
    columns: list[str] = []
    for line in range(1, file.line_count + 1):
        start, end = file.line_span(line)
        ref = Ref(file, start, end)
        text = file.text[start:end].strip()
        words = [word.strip().lower() for word in text.lstrip("#").split(",")]
        if text.startswith("#"):
            if "cpu" in words:
                columns = words
        elif text:
            yield _row(words, columns, ref)


def _row(words: list[str], columns: list[str], ref: Ref) -> Row:
    if not columns:
        raise failure(ref, "no comment above names the columns, such as '# CPU,Core,Socket,Node'")
    if len(words) > len(columns):
        raise failure(ref, f"there are {len(words)} values here, but {len(columns)} columns")
    cells: dict[str, str] = {}
    for column, word in zip(columns, words, strict=False):
        cells.setdefault(column, word)
    return Row(cells, ref)
