"""An overlay: files as a run of the linter reads them, some with another text than on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.fix.editing import encoded
from linter.fix.outcome import Change
from linter.records import replace
from linter.sources.candidates import Candidate, Discovery
from linter.sources.discovery import discover
from linter.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.sources.candidates import Skipped
    from linter.sources.text import File, NewFile


class Overlay:
    """The changed files of a repair, by the path that opens them."""

    def __init__(self) -> None:
        self._changes: dict[str, Change] = {}

    def read(self, candidate: Candidate) -> bytes | Skipped:
        """Return the changed bytes of a file, or those on the disk."""
        change = self._changes.get(candidate.path)
        return change.after if change is not None else read(candidate)

    def put(self, texts: Iterable[tuple[File, str]]) -> None:
        """Give files another text; a file is described as it was read, before this change."""
        for file, text in texts:
            known = self._changes.get(file.path)
            self._changes[file.path] = Change(
                name=file.name,
                path=file.path,
                old=known.old if known else file.text,
                new=text,
                before=known.before if known else encoded(file, file.text),
                after=encoded(file, text),
            )

    def create(self, files: Iterable[NewFile]) -> None:
        """Add files that are not on the disk."""
        for new in files:
            text = new.content
            self._changes[new.path] = Change(
                name=new.shown, path=new.path, old="", new=text, before=None, after=text.encode()
            )

    def files(self, paths: Sequence[str]) -> Discovery:
        """Return the files beneath some paths, those that are not on the disk among them.

        Raises:
            PathError: A path does not exist.

        """
        found = discover(paths)
        new = [change for change in self.changes() if change.before is None]
        if not new:
            return found
        candidates = {file.path: file for file in found.candidates}
        candidates |= {change.path: Candidate(change.path, change.name) for change in new}
        order = sorted(candidates.values(), key=lambda file: (file.name, file.path))
        return replace(found, candidates=tuple(order))

    def changes(self) -> tuple[Change, ...]:
        """Return the files that read otherwise than on the disk, by name."""
        changed = (change for change in self._changes.values() if change.after != change.before)
        return tuple(sorted(changed, key=lambda change: (change.name, change.path)))

    def state(self) -> str:
        """Return a digest of all changed texts."""
        import hashlib

        digest = hashlib.sha256()
        for change in self.changes():
            digest.update(change.path.encode("utf-8", "surrogateescape") + b"\0")
            digest.update(hashlib.sha256(change.after).digest())
        return digest.hexdigest()
