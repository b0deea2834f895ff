"""The keys of overrides: the part of an install-config that is given as JSON.

They are read as Go reads JSON, which does not distinguish upper and lower case in keys, and passes
over a key that it does not know. The keys are those of openshift/installer
``pkg/types/installconfig.go`` and of openshift/assisted-service
``internal/installcfg/installcfg.go``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

MODE = "cpuPartitioningMode"

_KNOWN = (
    "additionalTrustBundle",
    "additionalTrustBundlePolicy",
    "apiVersion",
    "arbiter",
    "baseDomain",
    "bootstrapInPlace",
    "capabilities",
    "compute",
    "controlPlane",
    MODE,
    "credentialsMode",
    "featureGates",
    "featureSet",
    "fips",
    "imageContentSources",
    "imageDigestSources",
    "metadata",
    "networking",
    "operatorPublishingStrategy",
    "platform",
    "proxy",
    "publish",
    "pullSecret",
    "sshKey",
)
_ALIKE = 0.8
_LONGEST = 64
_MOST_KEYS = 100


@dataclass(frozen=True, slots=True)
class MisspeltKey:
    """A key that the installer does not know, and the one that it resembles."""

    key: str
    meant: str
    ref: Ref


def override(config: Node, key: str) -> Node:
    """Return the value of a key of overrides, however it is capitalised."""
    exact = config.at(key)
    if exact.exists:
        return exact
    folded = key.casefold()
    return next((value for name, value in config.items() if name.casefold() == folded), exact)


def misspelt_keys(config: Node) -> Iterator[MisspeltKey]:
    """Yield the keys that nobody reads and that resemble one which is read."""
    known = {key.casefold() for key in _KNOWN}
    for index, (key, _) in enumerate(config.pairs()):
        name = key.raw.value
        if index == _MOST_KEYS:
            return
        if name.casefold() in known or len(name) > _LONGEST:
            continue
        meant = _nearest(name)
        if meant is not None and not override(config, meant).exists:
            yield MisspeltKey(name, meant, key.content_ref())


def _nearest(name: str) -> str | None:
    from difflib import get_close_matches

    spellings = {key.casefold(): key for key in _KNOWN}
    close = get_close_matches(name.casefold(), spellings, 1, _ALIKE)
    return spellings[close[0]] if close else None
