"""Objects that operators make of others, recognised by the names that they give them.

Sources: openshift/cluster-node-tuning-operator ``…/components``, and ``pkg/controller`` of
openshift/machine-config-operator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.generated_names import GENERATED_MACHINE_CONFIG
from linter.records import dataclass
from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.manifests import Manifest
    from linter.facts.scope import Facts

_NODE_TUNING, _MACHINE_CONFIG = "the Node Tuning Operator", "the Machine Config Operator"
_GENERATED = regex(
    r"rendered-[a-z0-9.-]+-[0-9a-f]{32}|9[789]-[a-z0-9.-]+-generated-(kubelet|containerruntime|registries)"
    r"(-\d)?"
)


@dataclass(frozen=True, slots=True)
class DerivedObject:
    """An object that an operator makes: who, and of what, in words."""

    manifest: Manifest
    made_by: str
    made_of: str


def derived_objects(facts: Facts) -> Iterator[DerivedObject]:
    """Yield the objects among the facts that operators make, with their contents.

    A KubeletConfig may be called ``performance-…`` by anybody, so that is one only beside the
    profile of the name. Objects that only state a status, as checks do, are left out.
    """
    profile = "of a PerformanceProfile"
    for config in facts.machine_configs:
        if not (config.files or config.units or config.kernel_arguments):
            continue
        if config.name.startswith(GENERATED_MACHINE_CONFIG):
            yield DerivedObject(config.manifest, _NODE_TUNING, profile)
        elif config.name.startswith("50-nto-"):
            yield DerivedObject(config.manifest, _NODE_TUNING, "of the pool's Tuned objects")
        elif _GENERATED.fullmatch(config.name):
            yield DerivedObject(config.manifest, _MACHINE_CONFIG, "of the pool's configuration")
    names = {one.generated_kubelet_config for one in facts.profiles if one.name}
    for kubelet in facts.kubelet_configs:
        if kubelet.name in names and kubelet.keys:
            yield DerivedObject(kubelet.manifest, _NODE_TUNING, profile)
    for tuned in facts.tuneds:
        if tuned.generated_for and tuned.profiles:
            yield DerivedObject(tuned.manifest, _NODE_TUNING, profile)
