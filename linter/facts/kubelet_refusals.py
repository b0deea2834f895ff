"""Settings of a KubeletConfig that the Machine Config Operator refuses.

Source: openshift/machine-config-operator ``pkg/controller/kubelet-config/helpers.go``. A setting of
the value that stands for *not set*, such as an empty list, is not refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.kubelet_snippet import REFUSED
from linter.records import dataclass
from linter.sources.fields import Templated, Value, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

RECENTLY_REFUSED = (("failSwapOn",), ("memorySwap", "swapBehavior"))
"""Settings that only some releases refuse; from which one on has not been read."""

_LOG_LEVELS = range(11)


@dataclass(frozen=True, slots=True)
class RefusedSetting:
    """A setting that is refused, and why; ``certain`` where every release refuses it."""

    setting: str
    why: str
    ref: Ref
    certain: bool = True


def refused_settings(config: KubeletConfig) -> Iterator[RefusedSetting]:
    """Yield the settings of a KubeletConfig that are refused."""
    spec, settings = config.manifest.root.at("spec"), config.settings
    for key in REFUSED:
        if _is_set(settings.at(key)):
            yield RefusedSetting(key, "OpenShift decides it itself", settings.key_ref(key))
    for path in RECENTLY_REFUSED:
        if _is_set(settings.at(*path)):
            ref = settings.at(*path[:-1]).key_ref(path[-1])
            why = "newer releases decide it themselves"
            yield RefusedSetting(".".join(path), why, ref, certain=False)
    reserved = settings.at("systemReserved")
    if known(spec.at("autoSizingReserved").boolean()) is True and _is_set(reserved):
        why = "it contradicts systemReserved"
        yield RefusedSetting("autoSizingReserved", why, spec.key_ref("autoSizingReserved"))
    level = spec.at("logLevel").integer()
    if isinstance(level, Value) and level.value not in _LOG_LEVELS:
        yield RefusedSetting("logLevel", f"{level.value} is not between 0 and 10", level.ref)


def _is_set(node: Node) -> bool:
    """Say whether a setting has a value, and not the one that stands for *not set*."""
    if not node.exists or node.is_null or node.is_template:
        return False
    if node.is_mapping or node.is_sequence:
        return bool(node.raw.value)
    field = node.text()
    if isinstance(field, Templated):
        return False
    return node.raw.value not in {"", "false", "False", "FALSE", "0"}
