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
    from collections.abc import Iterable, Sequence

    from linter.gitops.documents import Place
    from linter.gitops.shelf import Shelf
    from linter.sources.yaml_tree import Node

_UNREAD = frozenset(
    [
        "additionalNTPSources",
        "apiVIP",
        "apiVIPs",
        "baseDomain",
        "bmcAddress",
        "bmcCredentialsName",
        "bootMACAddress",
        "clusterNetwork",
        "ingressVIP",
        "ingressVIPs",
        "machineNetwork",
        "nodeNetwork",
        "proxy",
        "pullSecretRef",
        "rootDeviceHints",
        "serviceNetwork",
        "sshPrivateKeySecretRef",
        "sshPublicKey",
    ]
)
"""The fields of a site or a node of which nothing is read."""

_LABELS = frozenset(["clusterLabels", "extraLabels", "labels"])
"""The fields whose values policies find clusters by."""

_NAMES = frozenset(["clusterName", "hostName", "name", "namespace"])
"""The fields of which only matters which are the same, wherever anything is read of them."""

_NODE_LABELS = "nodeLabels"


def _any_of(fields: Iterable[str]) -> bytes:
    return "|".join(sorted(fields)).encode()


_FIELD = re.compile(
    rb"^(?P<indent> *)"
    rb"(?:(?P<unread>%b)|(?P<labels>%b)|%b):"
    rb".*\n(?:(?P=indent)[ -] .*\n|\n)*"
    rb"|^[ -]*(?:%b): (?P<name>.*)$"
    % (_any_of(_UNREAD), _any_of(_LABELS), _NODE_LABELS.encode(), _any_of(_NAMES)),
    re.MULTILINE,
)
"""A field with all that belongs to it, as far as its lines tell, or a line with a name."""

_LABEL = re.compile(rb"""^ +['"]?[\w./-]+['"]?: (?P<name>.*)$""", re.MULTILINE)
_NAME = re.compile(
    rb"""[a-z]+[0-9.-](?:[a-z0-9.-]*[a-z0-9])?|(?P<quote>['"])[\w./:+=, -]+(?P=quote)"""
)
"""A text whatever its letters are: YAML has no word for anything else with a digit behind them."""

_QUOTED = re.compile(rb"""(?<=: )"[^"'\n]*"(?=\n)""")
"""A text of which no letter matters, such as an address with brackets in it."""

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
    words: dict[bytes, int] = {}

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
        if match.lastgroup == "name":
            return named(match)
        if match.lastgroup == "labels":
            return _LABEL.sub(named, match[0])
        if match.lastgroup != "unread":
            return match[0]
        return WORD.sub(_COVER, _QUOTED.sub(b'"%b"' % _COVER, match[0]))

    text = _FIELD.sub(covered, data)
    return Pattern(text, tuple(word.decode() for word in words))


class Template:
    """What files of one pattern say of clusters, as far as policies find these by it.

    Args:
        outlines: What is said of the clusters of such a file, with covers for its words.
        names: The names in it that are not covered.

    """

    def __init__(self, outlines: Iterable[Outline], names: Iterable[str]) -> None:
        self._outlines = tuple(outlines)
        self._names = frozenset(names)

    def drawn(self, place: Place, words: Sequence[str], shelf: Shelf) -> list[Outline]:
        """Return what is said of the clusters of a file.

        Nothing is where a word is a name that is not covered elsewhere: which names are the same,
        the pattern does not tell then.

        Args:
            place: The file.
            words: The words that it has for the covers with numbers.
            shelf: Where the rest of it is read.

        """
        if not self._names.isdisjoint(words):
            return []
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
            cluster.extra_folders,
            None,
            shelf,
            cluster.number,
            self,
        )


def template_of(pattern: Pattern, place: Place, shelf: Shelf) -> Template | None:
    """Return what files of a pattern say of clusters; None where they have to be read.

    They have to where a cover is more than a name, or became a part of something that is read.

    Args:
        pattern: The pattern.
        place: A file of it.
        shelf: Where its files are put.

    """
    roots, problem = compose(File(place.shown, pattern.text.decode(), place.opened))
    outlines = shelf.outlines(place.path, roots) if problem is None else []
    if not outlines or any(one.shape not in DESCRIBING for one in outlines):
        return None
    covers = frozenset(map(_cover, range(len(pattern.words))))
    names: set[str] = set()
    if not all(_is_apart(root, "", covers, names) for root in roots):
        return None
    return Template(outlines, names)


def _is_apart(node: Node, field: str, covers: frozenset[str], names: set[str]) -> bool:
    """Say whether all covers are names or labels, or stand in what is not read.

    A line may look like a field and be a part of a text, or of something between braces.

    Args:
        node: What is looked at.
        field: The field that it is the value of, or the one with labels that it stands in.
        covers: Those with numbers.
        names: Those that are not covered are added to these.

    """
    labels = field in _LABELS
    if node.is_sequence:
        return all(_is_apart(element, field, covers, names) for element in node.elements())
    if node.is_mapping and field != _NODE_LABELS:
        return all(
            (key in _UNREAD and not labels)
            or ("%" not in key and _is_apart(value, field if labels else key, covers, names))
            for key, value in node.items()
        )
    if node.is_scalar and (labels or field in _NAMES):
        text = str(node.raw.value)
        if text in covers:
            return True
        if not labels:
            names.add(text)
    return "%" not in node.ref.text


def _cover(number: int) -> str:
    return f"{_COVER.decode()}{number}"
