"""Kept runs: what a run found and in which state of which files, as bytes.

A run is kept with the listing of what stood there (:mod:`linter.sources.listing`), with what each
installer directory consists of, which other files matter, and what governs the clusters that they
describe. Each part is taken apart only if somebody asks for it.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from linter.engine.parcels import Packer, StaleParcelError, Unpacker
from linter.engine.scoping import Tally
from linter.sources.listing import Listing
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linter.engine.governed import Governed
    from linter.engine.loading import Reader
    from linter.engine.scoping import Ground
    from linter.engine.survey import Survey
    from linter.engine.verdict import Judged, Verdict
    from linter.sources.text import File

_FORMAT = 2

PARTS = ("kustomizations", "joining", "left", "spare", "commented")
"""The parts of a survey that are kept."""


class Directory(NamedTuple):
    """An installer directory that stands alone.

    Attributes:
        number: Which verdict is its own.
        name: What people call the cluster.
        path: The directory.
        matters: Whether any object in it matters.
        files: Its files: the path that opens one, its name, and whether it matters.

    """

    number: int
    name: str
    path: str
    matters: bool
    files: list[tuple[str, str, bool]]


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
            self._run, self._alone, self._others, self._governed = parts[:4]
            texts = dict(zip(sizes["texts"], parts[4:], strict=True))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise StaleParcelError("this is no run") from error
        if version != _FORMAT or digest != _digest(parts[:4]):
            raise StaleParcelError("this is no run of this version")
        self.listing = Listing(texts, states)
        self.files: dict[str, File] = {}
        """The files that the outcome names places in, once it was asked for."""

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
        self.files = unpacker.files
        return verdicts, tally

    def directory_with(self, path: str) -> Directory | None:
        """Return the directory that stands alone and has a file."""
        line = _line_with(self._alone, json.dumps(path).encode())
        return Directory(*json.loads(line)) if line is not None else None

    def directories(self) -> list[Directory]:
        """Return all directories that stand alone."""
        return [Directory(*json.loads(line)) for line in self._alone.splitlines()]

    def may_matter(self, path: str) -> bool:
        """Say whether a file that is in no directory which stands alone may have mattered."""
        return json.dumps(path).encode() in self._others

    def others(self) -> dict[str, list[str]]:
        """Return the files that matter and are in no directory that stands alone, by their part.

        The parts are those of a survey, and ``patches``; but of ``commented`` files there are all.
        """
        lists: dict[str, list[str]] = json.loads(self._others)
        return lists

    def governed(self) -> Governed:
        """Return what governs the clusters that files describe."""
        from linter.engine.governed import Governed

        return Governed.unpacked(json.loads(self._governed))


_SHORT = ("shape", "name", "path")


def kept(
    listing: Listing, judged: Sequence[Judged], found: Survey, ground: Ground
) -> list[bytes] | None:
    """Return a run as it is kept, in parts; None where another one may find something else.

    Args:
        listing: What stood there.
        judged: The clusters.
        found: Which files mattered.
        ground: What was read.

    """
    tally = ground.tally
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
    alone, others = _divided(judged, found, ground)
    parts = [_json(run), alone, _json(others), _json(_governed(judged, found, ground).packed())]
    head = {
        "format": _FORMAT,
        "digest": _digest(parts),
        "states": listing.states,
        "parts": [len(part) for part in parts],
        "texts": {directory: len(text) for directory, text in listing.texts.items()},
    }
    return [_json(head), b"\n", *parts, *listing.texts.values()]


_NOBODY = Scope("", "", (), installer=True)


def _divided(
    judged: Sequence[Judged], found: Survey, ground: Ground
) -> tuple[bytes, Mapping[str, list[str]]]:
    """Return the directories that stand alone, each in a line, and all other files that matter."""
    matter = {candidate.path for candidate in found.left}
    inside: set[str] = set()
    lines: list[bytes] = []
    for number, one in enumerate(judged):
        if one.alone:
            scope = one.scope
            files = [(c.path, c.name, c.path in matter) for c in scope.candidates]
            line = Directory(number, scope.name, scope.path, one.verdict.manifests > 0, files)
            lines.append(_json(line) + b"\n")
            inside.update(c.path for c in scope.candidates)
    parts = {name: [candidate.path for candidate in getattr(found, name)] for name in PARTS}
    parts["patches"] = [candidate.path for candidate in ground.patches]
    parts["joining"] += [candidate.path for candidate in found.aside]
    parts["left"] = [path for path in parts["left"] if path not in inside]
    return b"".join(lines), parts


def _governed(judged: Sequence[Judged], found: Survey, ground: Ground) -> Governed:
    from linter.engine.governed import Governed, governed

    if ground.joined is None or not ground.joined[0].is_gitops:
        return Governed()
    repository, gitops = ground.joined
    numbers: dict[tuple[str, str], int | None] = {}
    for number, one in enumerate(judged):
        opened = ground.described_in.get(id(one.scope))
        if opened is not None:
            place = (opened, one.scope.name)
            numbers[place] = None if place in numbers else number
    commented = {candidate.path for candidate in found.commented}
    return governed(
        repository,
        gitops,
        ground.aside,
        numbers,
        lambda path: ground.is_told_apart(path) and path not in commented,
    )


def _line_with(text: bytes, part: bytes) -> bytes | None:
    """Return the line of a text that holds a part."""
    at = text.find(part)
    if at < 0:
        return None
    return text[text.rfind(b"\n", 0, at) + 1 : text.find(b"\n", at)]


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _digest(parts: Iterable[bytes]) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
