"""MachineConfigPools: groups of nodes that share one configuration.

Format: openshift/api ``machineconfiguration/v1``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.manifests import Selector, read_selector
from linter.records import dataclass
from linter.sources.fields import known

if TYPE_CHECKING:
    from linter.facts.manifests import Labels, Manifest
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class DeclaredPool:
    """A MachineConfigPool as it is written. An absent selector is None; it selects nothing.

    ``machines`` is the number of its nodes, where the manifest was read from a running cluster.
    """

    manifest: Manifest
    node_selector: Selector | None
    machine_config_selector: Selector | None
    paused: bool
    machines: int | None = None

    @property
    def name(self) -> str:
        """Its name, empty where it is not known."""
        return self.manifest.name

    @property
    def labels(self) -> Labels:
        """Its labels, which KubeletConfigs select by."""
        return self.manifest.labels

    @property
    def ref(self) -> Ref:
        """Where it is named."""
        return self.manifest.name_ref

    @property
    def paused_ref(self) -> Ref:
        """Where it is paused."""
        return self.manifest.root.at("spec", "paused").ref


def read_pool(manifest: Manifest) -> DeclaredPool:
    """Read a MachineConfigPool."""
    spec = manifest.root.at("spec")
    return DeclaredPool(
        manifest=manifest,
        node_selector=read_selector(spec.at("nodeSelector")),
        machine_config_selector=read_selector(spec.at("machineConfigSelector")),
        paused=known(spec.at("paused").boolean()) is True,
        machines=known(manifest.root.at("status", "machineCount").integer()),
    )
