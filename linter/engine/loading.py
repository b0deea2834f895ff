"""Loading: the documents of the files that may matter."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from linter.engine.outcome import SkippedFile
from linter.engine.suppressions import suppressions_of
from linter.gitops.documents import KUSTOMIZATIONS
from linter.records import dataclass, replace
from linter.sources.candidates import Skipped
from linter.sources.prefilter import may_matter
from linter.sources.reading import Undecodable, decode
from linter.sources.text import File, Ref
from linter.sources.yaml_tree import Node, YamlProblem, compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from linter.engine.suppressions import Suppression
    from linter.sources.candidates import Candidate

    Reader = Callable[[Candidate], bytes | Skipped]

_TEMPLATE_ENGINE = re.compile(r"\{\{|\{%|<%")
_ASKED_FOR = re.compile(r'fromConfigMap\s+"[^"\n]*"\s+"([^"\n]+)"')


@dataclass(frozen=True, slots=True)
class Loaded:
    """The documents of a file, what stopped its reading, and the suppressions in it."""

    text: str
    roots: tuple[Node, ...] = ()
    problem: tuple[File, YamlProblem] | None = None
    suppressions: tuple[Suppression, ...] = ()


class Loading:
    """Loads files and counts what was met.

    Args:
        read: Returns the bytes of a file, or why there are none.
        parsed: The files of another state of the same directories, by path and contents. What is
            the same in both is parsed once; what is new here is added.
        prefix: What stands before the names of the files that are parsed here.

    """

    def __init__(
        self,
        read: Reader,
        parsed: dict[tuple[str, bytes], Loaded] | None = None,
        prefix: str = "",
    ) -> None:
        self._read = read
        self._parsed = parsed
        self._prefix = prefix
        self._spare: list[Candidate] = []
        self.relevant = 0
        self.skipped: list[SkippedFile] = []

    def everything(self, candidates: Iterable[Candidate]) -> dict[str, Loaded]:
        """Load the files that may matter, by path."""
        loaded: dict[str, Loaded] = {}
        for candidate in candidates:
            data = self._read(candidate)
            if isinstance(data, Skipped):
                self.skipped.append(skipped(data))
            elif may_matter(data):
                self.relevant += 1
                loaded[candidate.path] = self._load(candidate, data)
            elif os.path.basename(candidate.path) in KUSTOMIZATIONS:
                file = self._load(candidate, data)
                loaded[candidate.path] = replace(file, problem=None)
            elif b"ConfigMap" in data:
                self._spare.append(candidate)
        return loaded

    def config_maps(self, loaded: Mapping[str, Loaded]) -> dict[str, Loaded]:
        """Load the files, left out so far, that name a ConfigMap which a hub template reads."""
        names = {name for file in loaded.values() for name in _ASKED_FOR.findall(file.text)}
        if not names or not self._spare:
            return {}
        asked_for = re.compile("|".join(re.escape(name) for name in sorted(names)).encode())
        found: dict[str, Loaded] = {}
        for candidate in self._spare:
            data = self._read(candidate)
            if not isinstance(data, Skipped) and asked_for.search(data):
                self.relevant += 1
                found[candidate.path] = self._load(candidate, data)
        return found

    def patches(
        self, candidates: Iterable[Candidate], loaded: Mapping[str, Loaded], paths: set[str]
    ) -> dict[str, Loaded]:
        """Load the files, left out so far, that kustomizations take patches from.

        Args:
            candidates: All files of the run.
            loaded: The files that were loaded, by path.
            paths: The files that are named, by absolute path.

        """
        found: dict[str, Loaded] = {}
        for candidate in candidates if paths else ():
            if candidate.path in loaded or os.path.abspath(candidate.path) not in paths:
                continue
            data = self._read(candidate)
            if not isinstance(data, Skipped):
                file = self._load(candidate, data)
                found[candidate.path] = Loaded(file.text, file.roots)
        return found

    def _load(self, candidate: Candidate, data: bytes) -> Loaded:
        if self._parsed is None:
            return self._parse(candidate, data)
        from hashlib import blake2b

        known = (os.path.abspath(candidate.path), blake2b(data, digest_size=16).digest())
        if known not in self._parsed:
            self._parsed[known] = self._parse(candidate, data)
        return self._parsed[known]

    def _parse(self, candidate: Candidate, data: bytes) -> Loaded:
        decoded = decode(data)
        if isinstance(decoded, Undecodable):
            text = data[: decoded.offset].decode("utf-8", "replace")
            file = File(self._prefix + candidate.name, text, candidate.path)
            place = Ref(file, len(text), len(text))
            return Loaded(text, problem=(file, YamlProblem(decoded.message, place)))
        encoding, bom = decoded.encoding, decoded.bom
        file = File(self._prefix + candidate.name, decoded.text, candidate.path, encoding, bom=bom)
        roots, problem = compose(file)
        if problem is None:
            wishes = suppressions_of(file, roots, len(file.text))
            return Loaded(decoded.text, tuple(roots), None, wishes)
        if _TEMPLATE_ENGINE.search(decoded.text):
            self.skipped.append(SkippedFile(candidate.name, "a template, not read"))
            return Loaded(decoded.text, tuple(roots))
        end = roots[-1].ref.end if roots else 0
        wishes = suppressions_of(file, roots, end)
        return Loaded(decoded.text, tuple(roots), (file, problem), wishes)


def skipped(skip: Skipped) -> SkippedFile:
    """Return what to say of a file that was left out."""
    reason = f"{skip.reason} ({skip.detail})" if skip.detail else str(skip.reason)
    return SkippedFile(skip.name, reason)
