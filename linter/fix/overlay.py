"""An overlay: files as a run of the linter reads them, some with another text than on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.fix.editing import encoded
from linter.fix.outcome import Change
from linter.records import replace
from linter.sources.candidates import Candidate, Candidates, Discovery, Skipped, SkipReason
from linter.sources.discovery import discover
from linter.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.sources.text import File, NewFile


class Overlay:
    """The changed files of a repair, by the path that opens them."""

    def __init__(self) -> None:
        self._changes: dict[str, Change] = {}

    def read(self, candidate: Candidate) -> bytes | Skipped:
        """Return the changed bytes of a file, or those on the disk."""
        change = self._changes.get(candidate.path)
        if change is None:
            return read(candidate)
        if change.after is None:
            return Skipped(candidate.name, SkipReason.UNREADABLE)
        return change.after

    def put(self, texts: Iterable[tuple[File, str | None]]) -> None:
        """Give files another text, or none; a file is described as it was read, before this."""
        for file, text in texts:
            known = self._changes.get(file.path)
            self._changes[file.path] = Change(
                name=file.name,
                path=file.path,
                old=known.old if known else file.text,
                new=text or "",
                before=known.before if known else encoded(file, file.text),
                after=encoded(file, text) if text is not None else None,
            )

    def create(self, files: Iterable[NewFile]) -> None:
        """Add files that are not on the disk."""
        for new in files:
            text = new.content
            self._changes[new.path] = Change(
                name=new.shown, path=new.path, old="", new=text, before=None, after=text.encode()
            )

    def files(self, paths: Sequence[str]) -> Discovery:
        """Return the files beneath some paths, as they would be once all is written.

        Raises:
            PathError: A path does not exist.

        """
        found = discover(paths)
        changes = self.changes()
        gone = {change.path for change in changes if change.after is None}
        new = [change for change in changes if change.before is None]
        if not new and not gone:
            return found
        candidates = {file.path: file for file in found.candidates if file.path not in gone}
        candidates |= {change.path: Candidate(change.path, change.name) for change in new}
        return replace(found, candidates=Candidates(candidates.values()))

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
            digest.update(hashlib.sha256(change.after or b"").digest())
        return digest.hexdigest()
