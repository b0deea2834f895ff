"""KubeletConfigs: what the kubelets of a pool are told, reserved CPUs among it.

Format: openshift/api ``machineconfiguration/v1`` and Kubernetes ``KubeletConfiguration`` v1beta1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.cpus import read_cpuset
from linter.facts.manifests import Selector, read_selector
from linter.records import dataclass
from linter.regexes import regex

if TYPE_CHECKING:
    from linter.facts.cpus import CpuStatement
    from linter.facts.manifests import Manifest
    from linter.sources.fields import Field
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

_ZERO = regex(r"\+?0+(?:\.0*)?[a-zA-Z]{0,2}\Z")


@dataclass(frozen=True, slots=True)
class KubeletConfig:
    """A KubeletConfig as it is written.

    ``reserves_cpu_time`` is False only where it sets the time for the system to zero: without a
    word of it nodes get 500m (openshift/machine-config-operator
    ``pkg/controller/kubelet-config/helpers.go``).
    """

    manifest: Manifest
    pool_selector: Selector | None
    reserved: CpuStatement | None
    cpu_manager_policy: Field[str]
    keys: tuple[tuple[str, Ref], ...]
    reserves_cpu_time: bool
    settings: Node

    @property
    def name(self) -> str:
        """Its name, empty where it is not known."""
        return self.manifest.name

    @property
    def ref(self) -> Ref:
        """Where it is named."""
        return self.manifest.name_ref


def _is_zero(quantity: Node, *, absent: bool = False) -> bool:
    """Say whether a quantity of CPU time is zero; ``absent`` says what holds where it is absent."""
    if quantity.is_null:
        return absent
    return quantity.is_scalar and _ZERO.match(quantity.raw.value.strip()) is not None


def read_kubelet_config(manifest: Manifest) -> KubeletConfig:
    """Read a KubeletConfig."""
    spec = manifest.root.at("spec")
    settings = spec.at("kubeletConfig")
    return KubeletConfig(
        manifest=manifest,
        pool_selector=read_selector(spec.at("machineConfigPoolSelector")),
        reserved=read_cpuset(settings.at("reservedSystemCPUs"), "reservedSystemCPUs"),
        cpu_manager_policy=settings.at("cpuManagerPolicy").text(),
        keys=tuple((key, settings.key_ref(key)) for key, _ in settings.items()),
        reserves_cpu_time=not _is_zero(settings.at("systemReserved", "cpu"))
        or not _is_zero(settings.at("kubeReserved", "cpu"), absent=True),
        settings=settings,
    )
