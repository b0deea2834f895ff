"""Recall: what the last run found, where nothing has changed since, or next to nothing.

A run is kept with the listing of what stood there (:mod:`linter.sources.listing`). Where the
listing is the same, so are the verdicts. Where some files have changed, each is looked at: one that
did not matter and does not matter now changes nothing, and one in an installer directory changes
the verdict of that directory alone. After any other change everything is read again.
"""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from linter.engine.parcels import Packer, StaleParcelError, Unpacker
from linter.engine.scoping import Tally
from linter.engine.survey import standing_alone, survey, touches_nothing, verdict_alone
from linter.sources.candidates import Candidate, has_manifest_suffix
from linter.sources.listing import Listing, NoListingError, begin_listing
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from linter.engine.cache import Cache
    from linter.engine.judging import Judge
    from linter.engine.loading import Reader
    from linter.engine.survey import Survey
    from linter.engine.verdict import Judged, Verdict

_FORMAT = 1


class Kept:
    """A run as it was kept.

    Raises:
        StaleParcelError: The bytes are not those of a run, or not of this version.

    """

    def __init__(self, data: bytes) -> None:
        at = data.find(b"\n") + 1
        try:
            sizes = json.loads(data[:at])
            version, digest, states = sizes["format"], sizes["digest"], sizes["states"]
            parts: list[bytes] = []
            for size in (*sizes["parts"], *sizes["texts"].values()):
                parts.append(data[at : at + size])
                at += size
            self._run, self._alone, self._matter = parts[:3]
            texts = dict(zip(sizes["texts"], parts[3:], strict=True))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise StaleParcelError("this is no run") from error
        if version != _FORMAT or digest != _digest(parts[:3]):
            raise StaleParcelError("this is no run of this version")
        self.listing = Listing(texts, states)

    def outcome(self, read: Reader) -> tuple[list[Verdict | None], Tally]:
        """Return what was found; None stands for a verdict on a file that is not what it was.

        Raises:
            StaleParcelError: The bytes are not those of a run, or a suppression has changed.

        """
        try:
            return self._unpacked(json.loads(self._run), read)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise StaleParcelError("this is no run") from error

    def _unpacked(self, run: Any, read: Reader) -> tuple[list[Verdict | None], Tally]:
        unpacker = Unpacker(run["texts"], read)
        shapes = [unpacker.unpacked(shape) for shape in run["shapes"]]
        verdicts: list[Verdict | None] = []
        for entry in run["verdicts"]:
            if len(entry) == len(_SHORT):
                verdicts.append(shapes[entry[0]].of(Scope(entry[1], entry[2], (), installer=True)))
                continue
            try:
                verdicts.append(unpacker.unpacked(entry[0]))
            except StaleParcelError:
                verdicts.append(None)
        tally = Tally(run["files"], run["relevant"], notes=run["notes"], read=run["read"])
        tally.skipped, tally.not_understood, tally.suppressions = (
            [unpacker.unpacked(item) for item in run[name]]
            for name in ("skipped", "not_understood", "suppressions")
        )
        return verdicts, tally

    def revised(
        self, changed: Collection[str], judge: Judge, read: Reader
    ) -> dict[int, Verdict] | None:
        """Return the verdicts that changed files bring about, by the number of the cluster.

        None where they may bring about more than that.
        """
        scopes: dict[bytes, None] = {}
        for path in changed:
            if not has_manifest_suffix(path):
                continue
            line = _line_with(self._alone, json.dumps(path).encode())
            if line is not None:
                scopes[line] = None
            elif json.dumps(path).encode() in self._matter or not touches_nothing(path, read):
                return None
        verdicts: dict[int, Verdict] = {}
        for line in scopes:
            number, name, path, matters, files = json.loads(line)
            listed = tuple(Candidate(opens, shown) for opens, shown, _ in files)
            found = survey(listed, read)
            alone = standing_alone([Scope(name, path, listed, installer=True)], found)
            matter = [candidate.path for candidate in found.left]
            if any(candidate.path in changed for candidate in found.commented):
                return None
            if found.skipped or matter != [opens for opens, _, relevant in files if relevant]:
                return None
            if not alone:
                return None
            verdict = verdict_alone(alone[0], read, judge)
            if (verdict.manifests > 0) != matters:
                return None
            verdicts[number] = verdict
        return verdicts


def recalled(
    cache: Cache, key: str, paths: Sequence[str], judge: Judge, read: Reader
) -> tuple[list[Verdict], Tally] | None:
    """Return what a run would find; None where it has to be run."""
    data = cache.read(key)
    if data is None:
        return None
    listing = begin_listing(paths)
    try:
        try:
            run = Kept(data)
            verdicts, tally = run.outcome(read)  # while git looks at all files
        finally:
            now = listing()
        changed = now.changed_since(run.listing)
        revised = run.revised(changed, judge, read) if changed is not None else None
    except (StaleParcelError, NoListingError):
        return None
    if revised is None:
        return None
    told = [revised.get(number, one) for number, one in enumerate(verdicts)]
    known = [one for one in told if one is not None]
    return (known, tally) if len(known) == len(told) else None


_SHORT = ("shape", "name", "path")


def kept(
    listing: Listing, judged: Sequence[Judged], found: Survey, tally: Tally
) -> list[bytes] | None:
    """Return a run as it is kept, in parts; None where another one may find something else.

    Args:
        listing: What stood there.
        judged: The clusters.
        found: Which files mattered.
        tally: What was met.

    """
    unread = any(one.verdict.failures for one in judged) or found.skipped
    if unread or tally.passing:
        return None
    packer = Packer()
    shapes: dict[object, int] = {}
    packed_shapes: list[Any] = []
    entries: list[Any] = []
    for one in judged:
        cluster = one.verdict.cluster
        if cluster is None or not one.verdict.is_clean:
            entries.append([packer.packed(one.verdict)])
            continue
        shape = one.verdict.of(_NOBODY)
        if shape not in shapes:
            shapes[shape] = len(packed_shapes)
            packed_shapes.append(packer.packed(shape))
        entries.append([shapes[shape], cluster.name, cluster.path])
    run = {
        "files": tally.files,
        "relevant": tally.relevant,
        "skipped": [packer.packed(item) for item in tally.skipped],
        "not_understood": [packer.packed(item) for item in tally.not_understood],
        "suppressions": [packer.packed(item) for item in tally.suppressions],
        "notes": tally.notes,
        "read": tally.read,
        "shapes": packed_shapes,
        "verdicts": entries,
        "texts": packer.texts,
    }
    alone, matter = _divided(judged, found)
    parts = [json.dumps(run, separators=(",", ":")).encode(), alone, matter]
    head = {
        "format": _FORMAT,
        "digest": _digest(parts),
        "states": listing.states,
        "parts": [len(part) for part in parts],
        "texts": {directory: len(text) for directory, text in listing.texts.items()},
    }
    return [json.dumps(head).encode(), b"\n", *parts, *listing.texts.values()]


_NOBODY = Scope("", "", (), installer=True)


def _divided(judged: Sequence[Judged], found: Survey) -> tuple[bytes, bytes]:
    """Return the files of each cluster that stands alone, in a line, and all others that matter."""
    matter = {candidate.path for candidate in found.left}
    lines: list[bytes] = []
    for number, one in enumerate(judged):
        if one.alone:
            scope = one.scope
            files = [[c.path, c.name, c.path in matter] for c in scope.candidates]
            line = [number, scope.name, scope.path, one.verdict.manifests > 0, files]
            lines.append(json.dumps(line).encode() + b"\n")
            matter.difference_update(c.path for c in scope.candidates)
    for listed in (found.joining, found.spare, found.kustomizations):
        matter.update(candidate.path for candidate in listed)
    return b"".join(lines), json.dumps(sorted(matter)).encode()


def _line_with(text: bytes, part: bytes) -> bytes | None:
    """Return the line of a text that holds a part."""
    at = text.find(part)
    if at < 0:
        return None
    return text[text.rfind(b"\n", 0, at) + 1 : text.find(b"\n", at)]


def _digest(parts: Iterable[bytes]) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def key_of(paths: Sequence[str], words: Iterable[str]) -> str:
    """Return the key of runs over some paths, from where we are, under some conditions."""
    places = [os.getcwd(), *(f"{path}\0{os.path.realpath(path)}" for path in paths)]
    said = "\0\0".join((*places, *words))
    return blake2b(said.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()
