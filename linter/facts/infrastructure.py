"""Infrastructure objects whose switch stands where nobody looks for it.

The switch is ``status.cpuPartitioning`` of the object named ``cluster`` (openshift/api
``config/v1/types_infrastructure.go``); it is the only one that render reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.sources.deletion import removed_key
from linter.sources.fields import Value
from linter.sources.insertion import added_key, renamed_pair

if TYPE_CHECKING:
    from linter.facts.manifests import Manifest
    from linter.sources.text import Ref, Replacement

NAME = "cluster"
FIELD = "status.cpuPartitioning"
_MISPLACED = (
    ("spec", "cpuPartitioning"),
    ("spec", "cpuPartitioningMode"),
    ("status", "cpuPartitioningMode"),
)


@dataclass(frozen=True, slots=True)
class MisplacedSwitch:
    """A switch that nobody reads.

    Attributes:
        manifest: The Infrastructure object.
        field: Where in it the switch stands.
        value: What it says.
        ref: Its value.
        misnamed: The object is not the one named ``cluster``; else the field is a wrong one.

    """

    manifest: Manifest
    field: str
    value: str
    ref: Ref
    misnamed: bool


def read_misplaced_switch(manifest: Manifest) -> MisplacedSwitch | None:
    """Return the switch of an Infrastructure that nobody reads; None where there is none."""
    root = manifest.root
    misnamed = manifest.named and manifest.name != NAME
    right = root.at("status", "cpuPartitioning")
    paths = (("status", "cpuPartitioning"), *_MISPLACED) if misnamed else _MISPLACED
    if right.exists and not misnamed:
        return None
    for path in paths:
        node = root.at(*path)
        mode = node.text()
        if isinstance(mode, Value) and mode.value:
            field = ".".join(path)
            return MisplacedSwitch(manifest, field, mode.value, node.content_ref(), misnamed)
    return None


def moved_switch(switch: MisplacedSwitch) -> tuple[Replacement, ...] | None:
    """Return the wishes that a switch of the right object stood in the field that is read.

    None where it has no status yet: that is the installer's, and holds more than the switch.
    """
    root, (section, key) = switch.manifest.root, switch.field.split(".")
    if section == "status":
        return renamed_pair(root.at("status"), key, "cpuPartitioning", switch.value)
    if not root.at("status").is_mapping:
        return None
    alone = len(list(root.at(section).items())) == 1
    gone = removed_key(root, section) if alone else removed_key(root.at(section), key)
    added = added_key(root.at("status"), ("cpuPartitioning",), switch.value)
    return (gone, added) if gone is not None and added is not None else None
