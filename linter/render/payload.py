"""Payloads that cannot be parsed, written anew: the partitioning files of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.pinning import PATH as PINNING
from linter.regexes import regex
from linter.render.pinning import CRIO_DROPIN, crio_text, kubelet_text
from linter.sources.text import Ref, Replacement

if TYPE_CHECKING:
    from linter.facts.machine_configs import MachineConfig
    from linter.model.cluster import Cluster
    from linter.sources.text import Source

_LEGACY = "/etc/crio/crio.conf.d/01-workload-partitioning"
_WORDS = regex(r"[A-Za-z_][A-Za-z0-9_./-]*")
_OF_TABLE = frozenset(_WORDS.findall(crio_text("")))
_OF_FILE = frozenset(_WORDS.findall(kubelet_text("")))


def written_anew(
    cluster: Cluster, config: MachineConfig, path: str, text: Source
) -> Replacement | None:
    """Return the wish that a payload be what is rendered of the profile of its pools.

    None where these have different profiles or none, or where the payload says more than a
    partitioning file does: what that is, nobody can read any more.
    """
    profiles = {
        id(node.profile): node.profile for node in cluster.nodes if config in node.merged.order
    }
    profile = next(iter(profiles.values()), None)
    if len(profiles) != 1 or profile is None or profile.reserved is None:
        return None
    known = {PINNING: _OF_FILE, CRIO_DROPIN: _OF_TABLE, _LEGACY: _OF_TABLE}.get(path)
    words = frozenset(_WORDS.findall(text.text))
    if known is None or not profile.reserved.cpus or not words <= known or "management" not in (
        part for word in words for part in word.split(".")
    ):  # fmt: skip
        return None
    write = kubelet_text if path == PINNING else crio_text
    return Replacement(Ref(text, 0, len(text.text)), write(profile.reserved.text))
