"""An Ignition version that the target release does not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, Replacement, finding, rule
from linter.model.ignition import READ_EVERYWHERE, is_read, may_be_lowered
from linter.sources.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.machine_configs import MachineConfig
    from linter.model.releases import Releases

_LONGEST_SHOWN = 40


@rule("WPL605", severity=ERROR)
def ignition_version_not_read(machine_config: MachineConfig, releases: Releases) -> Iterator[Draft]:
    """A MachineConfig's Ignition version is one that the target release reads."""
    version = machine_config.ignition
    if not isinstance(version, Value) or is_read(version.value, releases):
        return
    said, known = version.value[:_LONGEST_SHOWN], releases.known
    reader = f"OpenShift {known} does not read" if known is not None else "no OpenShift reads"
    lower = may_be_lowered(version.value) and not machine_config.unsupported
    yield finding(
        f"MachineConfig {machine_config.name} is written in Ignition {said}, which {reader}.",
        version.ref.label("this version"),
        effect="Rendering the pool's configuration fails and the pool is degraded.",
        advice=f"Write version: {READ_EVERYWHERE}, which every release reads.",
        fix=Fix(f"write {READ_EVERYWHERE}", (Replacement(version.ref, READ_EVERYWHERE),))
        if lower
        else None,
    )
