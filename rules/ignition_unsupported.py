"""Parts of Ignition that the Machine Config Operator does not apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.machine_configs import MachineConfig, NodeFile

_NOTHING = {"[]", "false", ""}


@rule("WPL606", severity=ERROR)
def ignition_unsupported(machine_config: MachineConfig) -> Iterator[Draft]:
    """A MachineConfig uses no part of Ignition that the operator refuses."""
    seen: dict[str, NodeFile] = {}
    merges = (known(machine_config.ignition) or "2").startswith("2")
    for file in machine_config.files:
        first = seen.setdefault(file.path, file)
        if first is not file and not merges:
            yield finding(
                f"MachineConfig {machine_config.name} writes {file.path} twice.",
                file.path_ref.label("again here"),
                first.path_ref.label("first here"),
                effect="The operator refuses the whole MachineConfig, and the pool is degraded.",
                advice="Keep one of the two entries.",
            )
        if file.append is not None and file.append.text.strip() not in _NOTHING:
            yield finding(
                f"MachineConfig {machine_config.name} appends to {file.path}.",
                file.append.label("appended here"),
                effect="The operator refuses to append to files, and the pool is degraded.",
                advice="Write the whole file, or a drop-in beside it.",
            )
    for what, ref in machine_config.unsupported:
        if what == "kernelArguments":
            yield finding(
                f"MachineConfig {machine_config.name} has kernelArguments in its Ignition config.",
                ref.label("not read from here"),
                effect="The operator refuses to change them on a node.",
                advice="Write them in spec.kernelArguments, beside spec.config.",
                severity=WARNING,
            )
