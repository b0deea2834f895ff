"""Patterns: files that describe clusters, with what is a site's own covered.

The clusters of a fleet are described by files that differ in names, labels, addresses and keys. Two
files of the same pattern state the same of their clusters (:mod:`linter.facts.site_config`), but
for names and labels, and these are known by their numbers in the pattern. So one file of each
pattern is read, and the others are recognised. ``tests/gitops/test_patterns.py`` holds that.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from linter.gitops.documents import DESCRIBING, Outline
from linter.gitops.managed_cluster import ManagedCluster
from linter.sources.covering import WORD, is_certain
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.gitops.documents import Place
    from linter.gitops.shelf import Shelf

_UNREAD = (
    b"additionalNTPSources|apiVIPs?|baseDomain|bmcAddress|bmcCredentialsName|bootMACAddress"
    b"|clusterNetwork|ingressVIPs?|machineNetwork|nodeNetwork|proxy|pullSecretRef|rootDeviceHints"
    b"|serviceNetwork|sshPrivateKeySecretRef|sshPublicKey"
)
"""The fields of a site or a node of which nothing is read."""

_LABELS = b"clusterLabels|extraLabels|labels"
"""The fields whose values policies find clusters by."""

_NAMES = b"clusterName|hostName|name|namespace"
"""The fields of which only matters which are the same, wherever anything is read of them."""

_FIELD = re.compile(
    rb"^(?P<indent> *)(?:(?P<unread>" + _UNREAD + rb")|(?P<labels>" + _LABELS + rb")|nodeLabels):"
    rb".*\n(?:(?P=indent)[ -] .*\n|\n)*"
    rb"|^[ -]*(?:" + _NAMES + rb"): (?P<name>.*)$",
    re.MULTILINE,
)
"""A field with all that belongs to it, or a line with a name. Labels of nodes stay as they are."""

_LABEL = re.compile(rb"""^ +['"]?[\w./-]+['"]?: (?P<name>.*)$""", re.MULTILINE)
_NAME = re.compile(
    rb"""[a-z]+[0-9.-](?:[a-z0-9.-]*[a-z0-9])?|(?P<quote>['"])[\w./:+=, -]*(?P=quote)"""
)
"""A text whatever its letters are: YAML has no word for anything else with a digit behind them."""

_BRACKETS = re.compile(rb"^.*[\[\]{}].*$", re.MULTILINE)
_QUOTED = re.compile(rb"""[ -]*[\w./-]+: (['"])[^'"]*\1""")
_COVER = b"x%"


class Pattern(NamedTuple):
    """The pattern of a file: its text with covers, and the words that the numbered ones cover."""

    text: bytes
    words: tuple[str, ...]


def pattern_of(data: bytes) -> Pattern | None:
    """Return the pattern of a file; None where its text alone does not tell what may be covered.

    Args:
        data: The bytes of the file.

    """
    if not is_certain(data):
        return None
    if (b"{" in data or b"[" in data) and not all(map(_is_closed, _BRACKETS.findall(data))):
        return None
    words: dict[bytes, int] = {}
    labels = data.lower().count(b"labels")

    def named(match: re.Match[bytes]) -> bytes:
        line, value = match[0], match["name"]
        known = _NAME.fullmatch(value)
        if known is None:
            return line
        quote = known["quote"] or b""
        word = value[len(quote) : len(value) - len(quote)]
        number = words.setdefault(word, len(words))
        return b"%b%b%b%d%b" % (line[: -len(value)], quote, _COVER, number, quote)

    def covered(match: re.Match[bytes]) -> bytes:
        nonlocal labels
        if match.lastgroup == "name":
            return named(match)
        field = match[0]
        labels -= field.lower().count(b"labels")
        if match.lastgroup == "labels":
            return _LABEL.sub(named, field)
        return WORD.sub(_COVER, field) if match.lastgroup == "unread" else field

    text = _FIELD.sub(covered, data)
    if labels:  # some stand where they are not seen to be labels
        return None
    return Pattern(text, tuple(word.decode() for word in words))


def _is_closed(line: bytes) -> bool:
    """Say whether what is between brackets ends in the line that it begins in."""
    if _QUOTED.fullmatch(line) or line.lstrip().startswith(b"#"):
        return True
    even = line.count(b"{") == line.count(b"}") and line.count(b"[") == line.count(b"]")
    return even and not any(sign in line for sign in (b"'", b'"', b"#"))


class Template:
    """What files of one pattern say of clusters, as far as policies find these by it.

    Args:
        outlines: What is said of the clusters of such a file, with covers for its words.

    """

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self._outlines = tuple(outlines)

    def drawn(self, place: Place, words: Iterable[str], shelf: Shelf) -> list[Outline]:
        """Return what is said of the clusters of a file.

        Args:
            place: The file.
            words: The words that it has for the covers with numbers.
            shelf: Where the rest of it is read.

        """
        said = {_cover(number): sys.intern(word) for number, word in enumerate(words)}
        return [
            Outline(
                place, one.shape, tuple(self._cluster(c, place, said, shelf) for c in one.clusters)
            )
            for one in self._outlines
        ]

    def _cluster(
        self, cluster: ManagedCluster, place: Place, said: dict[str, str], shelf: Shelf
    ) -> ManagedCluster:
        return ManagedCluster(
            said.get(cluster.name, cluster.name),
            place,
            cluster.kind,
            {key: said.get(value, value) for key, value in cluster.labels.items()},
            cluster.unknown,
            cluster.complete,
            said.get(cluster.namespace, cluster.namespace),
            tuple(said.get(name, name) for name in cluster.extra_config_maps),
            tuple(said.get(path, path) for path in cluster.extra_folders),
            None,
            shelf,
            cluster.number,
            self,
        )


def template_of(pattern: Pattern, place: Place, shelf: Shelf) -> Template | None:
    """Return what files of a pattern say of clusters; None where they have to be read.

    They have to where a cover became a part of what is said.

    Args:
        pattern: The pattern.
        place: A file of it.
        shelf: Where its files are put.

    """
    roots, problem = compose(File(place.shown, pattern.text.decode(), place.opened))
    outlines = shelf.outlines(place.path, roots) if problem is None else []
    if not outlines or any(one.shape not in DESCRIBING for one in outlines):
        return None
    covers = {_cover(number) for number in range(len(pattern.words))}
    clusters = [cluster for one in outlines for cluster in one.clusters]
    said = {text for cluster in clusters for text in _said(cluster)} - covers
    as_is = {text for cluster in clusters for text in (*cluster.labels, *cluster.unknown)}
    return Template(outlines) if not any("%" in text for text in said | as_is) else None


def _cover(number: int) -> str:
    return f"{_COVER.decode()}{number}"


def _said(cluster: ManagedCluster) -> Iterator[str]:
    """Yield all that may be covered of what policies find a cluster by."""
    yield cluster.name
    yield cluster.namespace
    yield from cluster.labels.values()
    yield from cluster.extra_config_maps
    yield from cluster.extra_folders
