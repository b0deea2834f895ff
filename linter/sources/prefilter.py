r"""Prefilter: leave out files that cannot hold a fact, before any YAML is parsed.

Nine of ten files of a real repository say nothing about reserved CPUs, and a search for a few
words is twenty times as fast as parsing. The filter may let a file through that says nothing;
it must never stop one that says something. Therefore

* the needles are bare kind names and keys: a kustomize patch has no ``apiVersion``, and JSON and
  odd spacing have no ``kind: Name``;
* inside double quotes a name may hold escaped characters (``"Machine\x43onfig"``, also in JSON),
  or be broken over lines by a backslash, and a document that is a string of another one may have
  its own escapes broken that way. So a file with a backslash in it is looked at once more with
  all white space taken out: an escaped character lets it through, and else the needles are
  searched without the backslashes;
* UTF-16 is let through unseen;
* a word that stands in comments only is none, and what is no comment for certain is searched.

Known limit: a JSON 6902 patch or an overlay that names no kind is found by following the
reference to it from its kustomization or policy generator, not here.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

NEEDLES: tuple[bytes, ...] = (
    b"MachineConfig",  # and MachineConfigPool
    b"KubeletConfig",  # and KubeletConfiguration
    b"ContainerRuntimeConfig",
    b"PerformanceProfile",
    b"Tuned",
    b"Infrastructure",  # the status says whether partitioning is on
    b"cpuPartitioning",  # and cpuPartitioningMode, wherever it stands
    b"AgentClusterInstall",
    b"ClusterVersion",  # says which OpenShift version
    b"ClusterImageSet",  # says which OpenShift version
    b"performance-addon-operator",  # its Subscription: before 4.11
    b"workload.openshift.io",  # annotations and TOML of the partitioning itself
    b"performance.openshift.io",
    b"SiteConfig",  # clusters, here and in the next two
    b"ClusterInstance",
    b"ManagedCluster",
    b"PolicyGen",  # PolicyGenTemplate and PolicyGenerator
    b"policy.open-cluster-management.io",  # Policy, PlacementBinding
    b"PlacementRule",
    b"requiredClusterSelector",  # of a Placement
    b"tuningConfig",  # of a NodePool
    b"machineconfiguration.openshift.io/currentConfig",  # a Node, in a dump
)
"""Any one of these in a file makes it worth parsing."""

INSTALL_CONFIG_KEYS: tuple[bytes, ...] = (b"baseDomain", b"controlPlane")
"""All of these together make it so: an install-config.yaml has no kind to go by."""

CONFIG_MAP = b"ConfigMap"
"""Stands in every ConfigMap: others may take what is in it."""

JOINING: tuple[bytes, ...] = (
    b"SiteConfig",
    b"ClusterInstance",
    b"ManagedCluster",
    b"PolicyGen",
    b"policy.open-cluster-management.io",
    b"Placement",
    b"fromConfigMap",
    b"hypershift.openshift.io",
    CONFIG_MAP,
)
"""Any one of these in a file that matters may make it matter to files in other directories."""

SUPPRESSION = b"wplint"
"""Stands in every file that asks to be spared a finding."""

INVENTORIES: tuple[tuple[bytes, ...], ...] = (
    (b"HardwareData", b"hardware", b"cpu"),
    (b"BareMetalHost", b"hardware", b"cpu"),
    (b"agent-install.openshift.io", b"inventory", b"cpu"),
)
"""All of one of these together make it so as well: machines that were inspected."""

_WHITE = b" \t\r\n" + bytes(range(0x80, 0x100))
"""With all of UTF-8 outside ASCII, because NEL, LS and PS break lines and no needle has any."""

_ESCAPED_CHARACTERS = (b"\\u", b"\\x", b"\\U")

_ESCAPED_BREAKS = tuple(b"\\\\\\" + letter for letter in (b"n", b"r", b"t", b"N", b"L", b"P"))
"""A backslash and the white space after it, both escaped: a broken name in a nested document."""

_COMMENT = regex(rb"^[ \t]*#[\t -\[\]-~]*(?=\r?$)", re.MULTILINE)
"""A line that is a comment, be it in a document within a text. It is none with a backslash, which
may stand for a line break, nor with a character outside ASCII, which may be one.
"""

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


_MARKS = b"CDHIPT-."
"""Each word has one of these bytes in it, which are seldom in the texts of most files."""

_COVER = b"\xff"
"""Stands for all of them, and in no text that is UTF-8."""

_COVERED = bytes.maketrans(_MARKS, _COVER * len(_MARKS))

FEW = 40
"""Files in which one word after the other is looked for until an expression for all is compiled."""


class Needles:
    """Words, any one of which must be in a file, in whatever spelling.

    All are searched for at once: where the marks in them look the same, so that a search for one
    byte finds all places at which a word may stand, and then as they are. It takes a third of the
    time of a search for several bytes.
    """

    def __init__(self, words: Iterable[bytes], *together: tuple[bytes, ...]) -> None:
        self.words = tuple(words)
        self._together = together
        """Groups of words that count if all of a group are there."""
        self._left = FEW

    def _compile(self) -> None:
        """Make the expressions that files are searched with after the first few."""
        some = [*self.words, *(group[0] for group in self._together)]
        self._covered = re.compile(_pattern(word.translate(_COVERED) for word in some))
        self._alone = re.compile(_pattern(self.words)) if self.words else None

    def may_be_in(self, data: bytes) -> bool:
        """Say whether a word may be in the bytes of a file, but for its comments.

        ``False`` is certain.
        """
        if not self._may_be_in(data):
            return False
        if b"#" not in data:
            return True
        bare = _COMMENT.sub(b"", data)
        return len(bare) == len(data) or self._may_be_in(bare)

    def _may_be_in(self, data: bytes) -> bool:
        if self._names_something(data) or data.startswith(UTF16_MARKS) or b"\0" in data[:2]:
            return True
        if b"\\" not in data:
            return False
        dense = data.translate(None, _WHITE)
        if any(escape in dense for escape in _ESCAPED_CHARACTERS + _ESCAPED_BREAKS):
            return True
        return self._names_something(dense.replace(b"\\", b""))

    def _names_something(self, data: bytes) -> bool:
        if self._left > 0:
            self._left -= 1
            if not self._left:
                self._compile()
            groups = (*((word,) for word in self.words), *self._together)
            return any(all(word in data for word in group) for group in groups)
        found = self._covered.search(data.translate(_COVERED))
        if found is None:
            return False
        if self._alone is not None and self._alone.search(data, found.start()) is not None:
            return True
        return any(all(word in data for word in group) for group in self._together)


def _pattern(words: Iterable[bytes]) -> bytes:
    """Return a regular expression that finds any of some words, from the first mark in it on.

    Words that go on alike behind the mark stand together: few places are looked at any longer.
    """
    parts: dict[bytes, list[bytes]] = {}
    for word in words:
        at = next((n for n, byte in enumerate(word) if byte in _MARKS + _COVER), 0)
        rest = re.escape(word[at + 2 :]) + b"(?<=" + re.escape(word) + b")"
        parts.setdefault(re.escape(word[at : at + 2]), []).append(rest)
    return b"|".join(b"%b(?:%b)" % (start, b"|".join(rests)) for start, rests in parts.items())


may_matter = Needles(NEEDLES, INSTALL_CONFIG_KEYS, *INVENTORIES).may_be_in
"""Says whether the bytes of a file may hold a fact; ``False`` is certain."""
