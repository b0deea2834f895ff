"""Merged settings: what KubeletConfigs say goes into the annotation of a profile.

What the operator decides itself may only be left out where it says the same; anything that one
KubeletConfig has and an annotation cannot have keeps all of them as they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linter.facts.kubelet_snippet import ANNOTATION, MEMORY_POLICY, OVERWRITTEN, REFUSED
from linter.facts.removals import removed_object
from linter.formats.cpuset import CpuListError, parse_cpuset
from linter.sources.deletion import removed_key
from linter.sources.fields import known
from linter.sources.insertion import added_key, added_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.facts.kubelet_snippet import KubeletSnippet
    from linter.facts.profiles import Profile
    from linter.sources.text import Replacement

_SPEC = {"kubeletConfig", "machineConfigPoolSelector"}
_WHAT = {"apiVersion", "kind"}
_LONGEST_SHOWN = 200
_STRICT = ("restricted", "single-numa-node")


def merged_settings(
    profile: Profile, configs: Iterable[KubeletConfig]
) -> tuple[Replacement, ...] | None:
    """Return the wishes that a profile say what some KubeletConfigs say, and these were not there.

    None where it cannot, or where two of them disagree.
    """
    settings: dict[str, Any] = {}
    wishes: list[Replacement | None] = []
    for config in configs:
        root = config.manifest.root
        if any(key not in _SPEC for key, _ in root.at("spec").items()):
            return None
        try:
            stated = {k: v.plain() for k, v in config.settings.items() if k not in _WHAT}
        except ValueError:
            return None
        for key, value in stated.items():
            if key in REFUSED or settings.get(key, value) != value:
                return None
            settings[key] = value
        wishes.append(removed_object(root))
    left = {key: value for key, value in settings.items() if not _is_decided(profile, key, value)}
    if any(key in OVERWRITTEN or key == MEMORY_POLICY for key in left):
        return None
    annotation = annotated(profile, left)
    if annotation is None:
        return None
    gone = tuple(wish for wish in wishes if wish is not None)
    return (*annotation, *gone) if len(gone) == len(wishes) else None


def needless_setting(profile: Profile, key: str) -> Replacement | None:
    """Return the wish that the annotation do without a setting that the operator sets to the same.

    The last setting goes with the annotation, and with the map that holds nothing else.
    """
    root = profile.snippet.root if profile.snippet is not None else None
    if root is None or not _is_decided(profile, key, root.at(key).scalar()):
        return None
    if len(list(root.items())) > 1:
        return removed_key(root, key)
    metadata = profile.manifest.root.at("metadata")
    if len(list(metadata.at("annotations").items())) > 1:
        return removed_key(metadata.at("annotations"), ANNOTATION)
    return removed_key(metadata, "annotations")


def text_without(snippet: KubeletSnippet, key: str) -> str:
    """Return what the annotation reads without a setting, where that is short enough to be said."""
    if snippet.root is None:
        return ""
    try:
        left = {name: value.plain() for name, value in snippet.root.items() if name != key}
    except ValueError:
        return ""
    text = json.dumps(left)
    if not left:
        return ", and with it the annotation"
    return f": {ANNOTATION}: '{text}'" if len(text) <= _LONGEST_SHOWN else ""


def _is_decided(profile: Profile, key: str, value: object) -> bool:
    """Say whether the operator decides a setting of a profile, and decides it so."""
    policy = known(profile.settings.topology_policy) or "best-effort"
    if key == "reservedSystemCPUs":
        try:
            return isinstance(value, str) and parse_cpuset(value) == profile.kubelet_cpus()
        except CpuListError:
            return False
    decided = {
        "cpuManagerPolicy": "static",
        "cpuManagerReconcilePeriod": "5s",
        "topologyManagerPolicy": policy,
        **({MEMORY_POLICY: "Static"} if policy in _STRICT else {}),
    }
    return key in decided and decided[key] == value


def annotated(profile: Profile, settings: Mapping[str, Any]) -> tuple[Replacement, ...] | None:
    """Return the wish that the annotation have some settings more, if it does not have them.

    None where it has other values, or cannot be read or written.
    """
    snippet, root = profile.snippet, profile.manifest.root
    if not settings:
        return ()
    if snippet is None:
        path, text = ("metadata", "annotations", ANNOTATION), json.dumps(settings)
        wish = added_key(root, path, text)
        return (wish,) if wish is not None else None
    if snippet.root is None:
        return None
    there = snippet.root
    try:
        clash = any(
            there.at(key).exists and there.at(key).plain() != value
            for key, value in settings.items()
        )
    except ValueError:
        clash = True
    new = {key: value for key, value in settings.items() if not there.at(key).exists}
    if clash or not new:
        return None if clash else ()
    wish = added_keys(there, new)
    return (wish,) if wish is not None else None
