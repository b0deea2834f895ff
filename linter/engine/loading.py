"""Loading: the documents of the files that may matter."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from linter.engine.outcome import SkippedFile
from linter.records import dataclass, replace
from linter.regexes import regex
from linter.sources.candidates import KUSTOMIZATIONS, Candidate, Skipped
from linter.sources.prefilter import SUPPRESSION
from linter.sources.reading import Undecodable, decode
from linter.sources.text import File, Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from linter.engine.suppressions import Suppression
    from linter.facts.scope import Facts
    from linter.sources.yaml_tree import Node, YamlProblem

    Reader = Callable[[Candidate], bytes | Skipped]
    Load = Callable[[Candidate, bytes, bool], "Loaded"]

_TEMPLATE_ENGINE = regex(r"\{\{|\{%|<%")
_ASKED_FOR = regex(r'fromConfigMap\s+"[^"\n]*"\s+"([^"\n]+)"')


@dataclass(frozen=True, slots=True)
class Loaded:
    """The documents of a file that may matter, and what stopped its reading.

    ``skipped`` says that it, or the rest of it, is a template; of such a file the suppressions,
    which are wishes not to be told of findings, are not read.
    """

    text: str
    roots: tuple[Node, ...] = ()
    problem: tuple[File, YamlProblem] | None = None
    skipped: SkippedFile | None = None
    suppressions: tuple[Suppression, ...] = ()


class Library:
    """The files that may matter, each loaded when its documents are first asked for.

    Args:
        read: Returns the bytes of a file, or why there are none.
        kept: Files of which each document is one object for as long as this lasts.
        others: Files that may be forgotten and loaded again.
        aside: Files that do not matter by themselves, so that what is wrong with them does not.
        load: Composes the documents of a file, all of them or those that may matter.
        files: Texts of files by path, in which places are named already.

    """

    def __init__(
        self,
        read: Reader,
        kept: Iterable[Candidate],
        others: Iterable[Candidate],
        aside: Iterable[Candidate] = (),
        load: Load | None = None,
        *,
        files: Mapping[str, File] | None = None,
    ) -> None:
        self._read = read
        self._load = load if load is not None else load_file
        self._candidates = {candidate.path: candidate for candidate in kept}
        self._aside: set[str] = set()
        self._add_aside(aside)
        self._kept = set(self._candidates)
        self._whole: set[str] = set()
        self._candidates |= {candidate.path: candidate for candidate in others}
        self._loaded: dict[str, Loaded] = {}
        self._data: tuple[str, bytes] = ("", b"")
        self._released: dict[str, int] = {}
        self._files: WeakValueDictionary[str, File] = WeakValueDictionary(files or {})
        self._asked_for: set[str] = set()
        self._asking: set[str] = set()
        self.skipped: set[SkippedFile] = set()
        self.missed: dict[str, SkippedFile] = {}
        """The files that could not be read although they could be read before, and why."""

    def __iter__(self) -> Iterator[Candidate]:
        """Yield the files, loaded or not."""
        return iter(tuple(self._candidates.values()))

    def __contains__(self, path: str) -> bool:
        """Say whether a file may matter."""
        return path in self._candidates

    def among(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Return those of some files that may matter."""
        return [candidate for candidate in candidates if candidate.path in self._candidates]

    def get(self, path: str) -> Loaded | None:
        """Return the documents of a file; None where it does not matter or cannot be read."""
        file = self._loaded.get(path)
        if file is None:
            data = self.data(path)
            if data is None:
                return None
            self._data = ("", b"")
            whole = path in self._whole
            file = self._loaded[path] = self._load(self._candidates[path], data, whole)
            if file.skipped is not None:
                self.skipped.add(file.skipped)
            if path in self._aside:
                file = self._loaded[path] = replace(file, problem=None)
        return file

    def data(self, path: str) -> bytes | None:
        """Return the bytes of a file; None where it does not matter or cannot be read.

        Those of the last file that was asked for are held, so that it is not read twice.
        """
        if path == self._data[0]:
            return self._data[1]
        if path not in self._candidates:
            return None
        data = self._read(self._candidates[path])
        if isinstance(data, Skipped):
            self.miss(path, skipped(data))
            return None
        self._data = (path, data)
        return data

    def is_whole(self, path: str) -> bool:
        """Say whether all documents of a file are read, and not only those that may matter."""
        return path in self._whole

    def roots(self, path: str) -> tuple[Node, ...]:
        """Return the documents of a file as far as it can be read, if it matters."""
        file = self.get(path)
        return file.roots if file is not None else ()

    def miss(self, path: str, why: SkippedFile) -> None:
        """Take in that a file could not be read that could be read before."""
        self._candidates.pop(path, None)
        self.missed[path] = why
        self.skipped.add(why)

    def release(self, path: str, text: str | None = None) -> None:
        """Drop the documents of a file that could be read to its end, and do not keep them.

        Args:
            path: The file.
            text: Its text; if left out, that of its documents.

        """
        if text is None:
            text = self._loaded.pop(path).text
        self._kept.discard(path)
        self._released[path] = hash(text)
        if "fromConfigMap" in text:
            self._asking.add(path)
            self._asked_for.update(_ASKED_FOR.findall(text))

    def is_released(self, path: str) -> bool:
        """Say whether the documents of a file were dropped by :meth:`release`."""
        return path in self._released

    def asks(self, path: str) -> bool:
        """Say whether a file that was released may ask for a ConfigMap."""
        return path in self._asking

    def again(self, path: str) -> list[Node]:
        """Return the documents of a file that was released; none if it is not what it was.

        As long as anything refers to its text, this is the same object.
        """
        file = self._files.get(path)
        if file is None:
            candidate = self._candidates.get(path)
            if candidate is None:
                return []
            data = self._read(candidate)
            if isinstance(data, Skipped):
                self.miss(path, skipped(data))
                return []
            file, _ = text_of(candidate, data)
            if hash(file.text) != self._released[path]:
                self.miss(path, SkippedFile(candidate.name, "changed while it was read"))
                return []
            self._files[path] = file
        return _composed(file, whole=path in self._whole)[0]

    def _add_aside(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            self._candidates[candidate.path] = candidate
            self._aside.add(candidate.path)

    def keep(self, candidates: Iterable[Candidate]) -> None:
        """Take in further files of which each document is one object for as long as this lasts."""
        for candidate in candidates:
            self._candidates[candidate.path] = candidate
            self._kept.add(candidate.path)

    def add_patches(self, candidates: Iterable[Candidate], paths: set[str]) -> list[Candidate]:
        """Take in the files, left out so far, that kustomizations take patches from.

        A patch may say nothing but what is to be changed, so all documents of these and of those
        that were there before are read; nobody may have asked for one of them yet.

        Args:
            candidates: All files of the run.
            paths: The files that are named, by absolute path.

        """
        if not paths:
            return []
        named = [c for c in candidates if os.path.abspath(c.path) in paths]
        self._whole.update(candidate.path for candidate in named)
        added = [candidate for candidate in named if candidate.path not in self._candidates]
        self._add_aside(added)
        self._kept.update(candidate.path for candidate in added)
        return added

    def forget(self, candidates: Iterable[Candidate]) -> None:
        """Drop the documents of files that are not likely to be asked for again."""
        for candidate in candidates:
            if candidate.path not in self._kept:
                self._loaded.pop(candidate.path, None)

    def add_config_maps(self, spare: Iterable[Candidate]) -> list[Candidate]:
        """Take in those of some files that name a ConfigMap which a hub template reads."""
        texts = (file.text for file in self._loaded.values())
        names = self._asked_for.union(*map(_ASKED_FOR.findall, texts))
        if not names:
            return []
        asked_for = re.compile("|".join(re.escape(name) for name in sorted(names)).encode())
        added: list[Candidate] = []
        for candidate in spare:
            data = self._read(candidate)
            if not isinstance(data, Skipped) and asked_for.search(data):
                self._candidates[candidate.path] = candidate
                added.append(candidate)
        return added


class SharedLoader:
    """Composes the documents of files of which there are several states.

    Args:
        parsed: The files of all states, by path, contents and whether all documents were wanted.
            What is the same in two of them is parsed once; what is new is added.
        prefix: What stands before the names of the files that are parsed here.

    """

    def __init__(self, parsed: dict[tuple[str, bytes, bool], Loaded], prefix: str = "") -> None:
        self._parsed = parsed
        self._prefix = prefix

    def __call__(self, candidate: Candidate, data: bytes, whole: bool) -> Loaded:
        """Return the documents of a file."""
        from hashlib import blake2b

        digest = blake2b(data, digest_size=16).digest()
        known = (os.path.abspath(candidate.path), digest, whole)
        if known not in self._parsed:
            named = Candidate(candidate.path, self._prefix + candidate.name)
            self._parsed[known] = load_file(named, data, whole)
        return self._parsed[known]


def load_file(
    candidate: Candidate, data: bytes, whole: bool = False, known: Mapping[str, File] | None = None
) -> Loaded:
    """Compose the documents in the bytes of a file.

    Args:
        candidate: The file.
        data: Its bytes.
        whole: Whether documents that say nothing by themselves are wanted too; of a kustomization
            they always are.
        known: Texts of files by path, in which places are named already.

    """
    from linter.sources.yaml_tree import YamlProblem

    file, refusal = text_of(candidate, data)
    same = known.get(candidate.path) if known is not None else None
    if same is not None and same.text == file.text:
        file = same
    if refusal is not None:
        place = Ref(file, len(file.text), len(file.text))
        return Loaded(file.text, problem=(file, YamlProblem(refusal, place)))
    roots, problem = _composed(file, whole=whole)
    if problem is None:
        wishes = _suppressions(file, roots, len(file.text))
        return Loaded(file.text, tuple(roots), suppressions=wishes)
    if _TEMPLATE_ENGINE.search(file.text):
        template = SkippedFile(candidate.name, "a template, not read")
        return Loaded(file.text, tuple(roots), skipped=template)
    wishes = _suppressions(file, roots, roots[-1].ref.end if roots else 0)
    return Loaded(file.text, tuple(roots), (file, problem), suppressions=wishes)


def add_file(facts: Facts, file: Loaded, is_taken: Callable[[Node], bool] | None = None) -> None:
    """Read the documents of a file into the facts of its cluster, but for those taken elsewhere."""
    from linter.facts.scope import add_document

    for root in file.roots:
        if is_taken is None or not is_taken(root):
            add_document(facts, root)
    if file.problem is not None:
        facts.unreadable.append(file.problem)


def _composed(file: File, *, whole: bool) -> tuple[list[Node], YamlProblem | None]:
    from linter.sources.yaml_tree import compose

    text = file.text
    if not whole and "\n---" in text and os.path.basename(file.path) not in KUSTOMIZATIONS:
        from linter.sources.documents import telling

        text = telling(text)
    return compose(file, text)


def _suppressions(file: File, roots: Sequence[Node], end: int) -> tuple[Suppression, ...]:
    if SUPPRESSION.decode() not in file.text:
        return ()
    from linter.engine.suppressions import suppressions_of

    return suppressions_of(file, roots, end)


def text_of(candidate: Candidate, data: bytes) -> tuple[File, str | None]:
    """Return the text in the bytes of a file, as far as it is one, and why it is no further."""
    decoded = decode(data)
    if isinstance(decoded, Undecodable):
        text = data[: decoded.offset].decode("utf-8", "replace")
        return File(candidate.name, text, candidate.path), decoded.message
    encoding, bom = decoded.encoding, decoded.bom
    return File(candidate.name, decoded.text, candidate.path, encoding, bom=bom), None


def skipped(skip: Skipped) -> SkippedFile:
    """Return what to say of a file that was left out."""
    reason = f"{skip.reason} ({skip.detail})" if skip.detail else str(skip.reason)
    return SkippedFile(skip.name, reason)
