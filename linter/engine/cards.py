"""Cards: what single files say, whatever stands beside them, by the ids of their contents.

The id of a file is that of its blob in git, so that what is known of a commit's files is known of
the same files on the disk, and the other way round. Cards are kept from one run to the next.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from linter.engine.loading import add_file, load_file
from linter.engine.survey import Marks, marks_of
from linter.facts.scope import Facts
from linter.gitops.documents import Repository
from linter.gitops.sketches import Sketch, only_clusters, packed, sketches_in, unpacked
from linter.sources.candidates import Skipped

if TYPE_CHECKING:
    from linter.engine.loading import Loaded, Reader
    from linter.sources.candidates import Candidate

_FORMAT = 2
_ASKS = b"fromConfigMap"


class Card(NamedTuple):
    """What is in a file.

    Attributes:
        manifests: How many of its objects matter; None where it cannot be read to its end.
        clusters: The clusters that it describes, if it holds nothing else; else None.

    """

    manifests: int | None
    clusters: tuple[Sketch, ...] | None = None


class Cards:
    """The cards of files; those of an earlier run, and what is read now."""

    def __init__(self, kept: bytes | None = None) -> None:
        self._marks: dict[str, Marks] = {}
        self._kept: dict[str, Any] = {}
        self._unknown: list[frozenset[str]] = []
        self._cards: dict[str, Card] = {}
        self._asked: dict[str, None] = {}
        self.grown = False
        """Whether there are cards that were not kept."""
        if kept is not None:
            self._take(kept)

    def marks(self, oid: str, candidate: Candidate, read: Reader) -> Marks | Skipped:
        """Return what the bytes of a file say of it, or why it cannot be read."""
        if oid not in self._marks:
            data = read(candidate)
            if isinstance(data, Skipped):
                return data
            self._marks[oid] = marks_of(data)
            self.grown = True
        self._asked[oid] = None
        return self._marks[oid]

    def card(self, oid: str, candidate: Candidate, read: Reader) -> Card:
        """Return what is in a file."""
        if oid not in self._cards and oid not in self._kept:
            data = read(candidate)
            if isinstance(data, Skipped):
                return Card(None)
            self._cards[oid] = card_of(candidate, data)
            self.grown = True
        return self._card(oid)

    def _card(self, oid: str) -> Card:
        if oid not in self._cards:
            self._cards[oid] = _unpacked(self._kept[oid], self._unknown)
        return self._cards[oid]

    def packed(self) -> list[bytes]:
        """Return those that were asked for as they are kept, in parts."""
        plain: dict[str, list[str]] = {}
        for oid in self._asked:
            flags = "".join("01"[flag] for flag in self._marks[oid])
            plain.setdefault(flags, []).append(oid)
        marks = {flags: " ".join(listed) for flags, listed in plain.items()}
        cards = {oid: self._card(oid) for oid in self._kept.keys() | self._cards.keys()}
        unknown: dict[frozenset[str], int] = {}
        document = {
            "marks": marks,
            "cards": {o: _packed(card, unknown) for o, card in cards.items() if o in self._asked},
            "unknown": [sorted(keys) for keys in unknown],
        }
        body = json.dumps(document, separators=(",", ":")).encode()
        return [_seal(body), body]

    def _take(self, kept: bytes) -> None:
        """Take in what was kept; bytes that are no cards are as good as none."""
        seal, _, body = kept.partition(b"\n")
        if _seal(body) != seal + b"\n":
            return
        document = json.loads(body)
        for flags, listed in document["marks"].items():
            marks = Marks(*(flag == "1" for flag in flags))
            self._marks.update(dict.fromkeys(listed.split(" "), marks))
        self._kept = document["cards"]
        self._unknown = [frozenset(keys) for keys in document["unknown"]]


def _seal(body: bytes) -> bytes:
    """Return a line that no other bytes have, nor those of another version."""
    return b"%d %s\n" % (_FORMAT, blake2b(body, digest_size=16).hexdigest().encode())


def card_of(candidate: Candidate, data: bytes) -> Card:
    """Return what is in the bytes of a file."""
    file = load_file(candidate, data)
    if file.problem is not None or file.skipped is not None:
        return Card(None)
    facts = Facts()
    add_file(facts, file)
    return Card(facts.relevant, _clusters(candidate, file, facts) if _ASKS not in data else None)


def _clusters(candidate: Candidate, file: Loaded, facts: Facts) -> tuple[Sketch, ...] | None:
    """Return the clusters in a file that holds nothing else; None for any other."""
    if any(getattr(facts, name) for name in Facts.__slots__):
        return None
    repository = Repository()
    for root in file.roots:
        before = len(repository.documents)
        repository.add(candidate.path, [root])
        if len(repository.documents) == before and not root.is_null:
            return None
    return tuple(sketches_in(repository)) if only_clusters(repository.documents) else None


def _packed(card: Card, unknown: dict[frozenset[str], int]) -> object:
    if card.clusters is None:
        return card.manifests
    return [card.manifests, *(packed(sketch, unknown) for sketch in card.clusters)]


def _unpacked(kept: Any, unknown: list[frozenset[str]]) -> Card:
    if not isinstance(kept, list):
        return Card(kept)
    return Card(kept[0], tuple(unpacked(one, unknown) for one in kept[1:]))
