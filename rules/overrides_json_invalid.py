"""Overrides of the install-config that are no JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.installation import Installation


@rule("WPL404", severity=ERROR)
def overrides_json_invalid(installation: Installation) -> Iterator[Draft]:
    """Overrides of the install-config are a JSON object."""
    if installation.problem is None:
        return
    words, ref = installation.problem
    yield finding(
        f"The overrides of the install-config are {words}.",
        ref.label("not understood from here"),
        effect="The cluster is not installed: the installer's service refuses them.",
        advice="Write one JSON object, with its keys and texts in double quotes.",
    )
