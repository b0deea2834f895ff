"""Files that cannot be read to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.text import File
    from linter.sources.yaml_tree import YamlProblem


@rule("WPL001", severity=ERROR)
def unreadable_manifest(unreadable: tuple[File, YamlProblem]) -> Iterator[Draft]:
    """Every manifest can be read to its end."""
    _, problem = unreadable
    yield finding(
        problem.message,
        problem.ref.label("reading stops here"),
        effect="What follows is not checked, and the tools that apply the file refuse it.",
        advice="Correct the file, or keep it apart from the manifests if it is none.",
    )
