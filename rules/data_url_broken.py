"""A file's contents that cannot be decoded on the node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, Replacement, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.machine_configs import MachineConfig


@rule("WPL611", severity=ERROR)
def data_url_broken(machine_config: MachineConfig) -> Iterator[Draft]:
    """The contents of every file are a data URL that a node can decode."""
    for file in machine_config.files:
        contents = file.contents
        problem = (contents.problem or contents.refusal) if contents is not None else None
        if contents is None or problem is None:
            continue
        url = contents.accepted
        yield finding(
            f"The contents of {file.path} cannot be decoded: {problem.message.rstrip('.')}.",
            problem.ref.label("here"),
            effect="The Machine Config Operator refuses the file, and the pool is degraded.",
            advice="Encode the file again.",
            fix=Fix("encode the file again", (Replacement(contents.ref, url),)) if url else None,
        )
