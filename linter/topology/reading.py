"""Reading a topology file, in whichever of the forms it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.sources.candidates import Candidate, Skipped, printable
from linter.sources.reading import Undecodable, decode, read
from linter.sources.text import File, Ref
from linter.topology.machine import TopologyError
from linter.topology.places import failure

if TYPE_CHECKING:
    from linter.topology.machine import Topology

LARGEST = 4 * 2**20
"""Twice as many bytes as the longest form takes for as many CPUs as Linux can have."""

FORMS = "lscpu --json, lscpu --json --extended, lscpu --parse, or grep of files in /sys"


def read_topology(path: str, name: str = "") -> Topology:
    """Read a file.

    Args:
        path: Where to open it.
        name: What people call it; the path if left out.

    Raises:
        TopologyError: It cannot be read, or is in none of the forms.

    """
    name = printable(name or path)
    data = read(Candidate(path, name))
    if isinstance(data, Skipped):
        detail = f" ({data.detail})" if data.detail else ""
        raise TopologyError(f"{name}: it cannot be read: {data.reason}{detail}")
    if len(data) > LARGEST:
        raise TopologyError(f"{name}: it is larger than {LARGEST} bytes")
    decoded = decode(data)
    if isinstance(decoded, Undecodable):
        raise TopologyError(f"{name}:{decoded.line}: {decoded.message.rstrip('.')}")
    return parse_topology(File(name, decoded.text, path, decoded.encoding, bom=decoded.bom))


def parse_topology(file: File) -> Topology:
    """Read a text; raises TopologyError where it is in none of the forms."""
    text = file.text.lstrip()
    start = Ref(file, len(file.text) - len(text), len(file.text) - len(text))
    if text.startswith("{"):
        from linter.topology.lscpu_json import read_lscpu_json

        return read_lscpu_json(file)
    if text.startswith(("/sys/", "cpu/", "node/")):
        from linter.topology.sysfs import read_sysfs

        return read_sysfs(file)
    if text[:1] == "#" or text[:1].isdigit():
        from linter.topology.lscpu_columns import read_lscpu_columns

        return read_lscpu_columns(file)
    if not text:
        raise failure(start, f"the file is empty; a topology is what these print: {FORMS}")
    raise failure(start, f"this is no topology; one is what these print: {FORMS}")
