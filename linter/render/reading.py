"""Reading what is to be rendered: the manifests of one cluster, with their positions.

Files are found and read as ``wplint lint`` does it. All of them describe one cluster, as upstream
takes its input directories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.scoping import Tally, read_scopes
from linter.facts.scope import Facts
from linter.model.cluster import target_releases
from linter.model.releases import Release
from linter.records import dataclass
from linter.render.inputs import RenderInputs
from linter.render.place import place_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.facts.manifests import Manifest
    from linter.render.error import RenderError
    from linter.sources.text import Ref


class InputError(Exception):
    """Manifests that imply nothing: why, and where (``path:line:column``, or empty)."""

    def __init__(self, message: str, ref: Ref | None = None) -> None:
        super().__init__(f"{place_of(ref)}: {message}" if ref is not None else message)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the plain objects to render from, and the facts with their positions.

    ``left_out`` says, one sentence each, what was passed over although it may matter.
    """

    inputs: RenderInputs
    facts: Facts
    left_out: tuple[str, ...]

    def releases(self) -> tuple[Release, bool]:
        """Return the release that the manifests name, else the newest known, and which it is."""
        found = target_releases(self.facts, None)
        return Release(found.minors[-1]), found.known is not None

    def locate(self, error: RenderError) -> InputError:
        """Return the same error with the place of the field that it is about."""
        named = [
            manifest
            for manifest in self.facts.manifests
            if manifest.kind == error.kind and manifest.name == error.name
        ]
        # Of two objects of one name the later one is at fault.
        return InputError(error.message, place_in(named[-1].root, error.path) if named else None)


def read_inputs(paths: Sequence[str]) -> Reading:
    """Read everything beneath some files and directories.

    Raises:
        PathError: A path does not exist.
        InputError: A file is no YAML, or the directories of several clusters are given.

    """
    tally = Tally()
    facts = Facts()
    installers: list[str] = []
    for scope, found in read_scopes(paths, tally):
        if found.dormant:  # beside a GitOps repository's live manifests: examples, old states
            continue
        for _, problem in found.unreadable:
            raise InputError(_sentence(problem.message), problem.ref)
        if scope.installer and found.relevant:
            installers.append(scope.path)
        for name in ("profiles", "pools", "installations", "manifests", "container_runtimes"):
            getattr(facts, name).extend(getattr(found, name))
    if len(installers) > 1:
        raise InputError(
            f"these are the directories of {len(installers)} clusters: {', '.join(installers[:4])}"
            "; render one at a time"
        )
    left_out = [f"{skip.name} was not read: {skip.reason}" for skip in tally.unread]
    return Reading(
        RenderInputs.from_objects(_plain(facts.manifests)), facts, (*left_out, *tally.notes)
    )


def place_of(ref: Ref) -> str:
    """Return ``path:line:column`` of the file that a reference leads to."""
    line, column = ref.in_file().source.position(ref.in_file().start)
    return f"{ref.file.name}:{line}:{column}"


def _plain(manifests: Iterable[Manifest]) -> Iterable[object]:
    for manifest in manifests:
        try:
            yield manifest.root.plain()
        except ValueError as problem:
            raise InputError(_sentence(str(problem)), manifest.name_ref) from problem


def _sentence(text: str) -> str:
    """Return a message as it stands behind a position: no capital, no full stop."""
    return text[:1].lower() + text[1:].rstrip(".")
