"""Keys of overrides that nobody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Applicability, Draft, Fix, Replacement, finding, rule
from linter.facts.override_keys import MODE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.installation import Installation


@rule("WPL416", severity=ERROR)
def overrides_key_misspelt(installation: Installation) -> Iterator[Draft]:
    """The keys of overrides are those of an install-config."""
    for misspelt in installation.misspelt_keys:
        yield finding(
            f"The overrides of the install-config have the key '{misspelt.key}', "
            f"which the installer does not know; it knows '{misspelt.meant}'.",
            misspelt.ref.label("not known"),
            effect="It is passed over, so that the cluster is installed without partitioning."
            if misspelt.meant == MODE
            else "It is passed over without a word.",
            advice=f'Write "{misspelt.meant}": instead, with the same value.',
            severity=ERROR if misspelt.meant == MODE else WARNING,
            fix=Fix(
                f"write {misspelt.meant}",
                (Replacement(misspelt.ref, misspelt.meant),),
                Applicability.UNSAFE,
                everywhere=True,
            ),
        )
