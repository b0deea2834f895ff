"""The kubelet's pinning file against the reserved CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, Fix, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.node import EffectivePinning, Reserved


@rule("WPL303", severity=WARNING, requires=("WPL301", "WPL304"))
def pinning_file_mismatch(reserved: Reserved, pinning: EffectivePinning) -> Iterator[Draft]:
    """The kubelet's pinning file names the CPUs that the profile reserves."""
    named = pinning.cpuset
    if named is None or not named.cpus or named.cpus == reserved.cpus:
        return
    yield finding(
        f"The kubelet's pinning file names {named.shown}, but {reserved.said_by} {reserved.cpus}.",
        named.ref.label("named here"),
        reserved.labelled(),
        effect="The kubelet only looks whether the file exists, so the node works, "
        "but whoever reads the file is misled.",
        advice=f"Set management.cpuset to {reserved.cpus}.",
        fix=Fix(f"set cpuset to {reserved.cpus}", (named.replaced_by(reserved.cpus.text),)),
    )
