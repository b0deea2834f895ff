"""PerformanceProfiles: which CPUs are reserved, which isolated, and for which nodes.

Format: openshift/cluster-node-tuning-operator ``pkg/apis/performanceprofile``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.cpus import read_cpuset
from linter.facts.generated_names import GENERATED_KUBELET_CONFIG, GENERATED_MACHINE_CONFIG
from linter.facts.kernel import StatedArgument, arguments_in
from linter.facts.kubelet_snippet import KubeletSnippet, read_kubelet_snippet
from linter.facts.manifests import ROLE_LABEL, Labels, read_labels
from linter.facts.profile_settings import ProfileSettings, read_profile_settings
from linter.formats.cpuset import CpuSet
from linter.records import dataclass, replace
from linter.sources.fields import Missing, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement
    from linter.facts.manifests import Manifest
    from linter.sources.text import Label, Ref
    from linter.sources.yaml_tree import Node

DEFINITION = "performanceprofiles.performance.openshift.io"
"""The name of the CustomResourceDefinition without which no cluster knows the kind."""

CPU_FIELDS = ("reserved", "isolated", "offlined", "shared", "ovsDpdk")
"""The CPU sets of a profile, in the order in which its API lists them."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A PerformanceProfile as it is written. A CPU set that is not stated is None."""

    manifest: Manifest
    reserved: CpuStatement | None
    isolated: CpuStatement | None
    offlined: CpuStatement | None
    shared: CpuStatement | None
    ovs_dpdk: CpuStatement | None
    mixed_cpus: bool
    node_selector: Labels | None
    machine_config_label: Labels | None
    pool_selector: Labels | None
    kernel_arguments: tuple[StatedArgument, ...]
    settings: ProfileSettings
    snippet: KubeletSnippet | None
    api_version_ref: Ref
    cpu_ref: Ref

    @property
    def name(self) -> str:
        """Its name, empty where it is not known."""
        return self.manifest.name

    @property
    def ref(self) -> Ref:
        """Where it is named."""
        return self.manifest.name_ref

    @property
    def no_selector(self) -> tuple[Label, ...]:
        """What stands where its node selector should, or that what it would stand in is no map."""
        selector = self.manifest.root.at("spec", "nodeSelector")
        if self.node_selector is not None or (selector.is_null and selector.state is Missing):
            return ()
        return (selector.ref.label("no map of labels"),)

    @property
    def wrapped_pool_selector(self) -> Ref | None:
        """The ``matchLabels`` of its pool selector, which is no label selector but a plain map."""
        selector = self.manifest.root.at("spec", "machineConfigPoolSelector")
        if not selector.at("matchLabels").is_mapping:
            return None
        return selector.key_ref("matchLabels")

    @property
    def partial(self) -> bool:
        """Whether so much is absent that it may be a patch, or a base for patches."""
        selects = self.node_selector is not None and (
            self.node_selector.values or not self.node_selector.complete
        )
        return not selects or (self.reserved is None and self.isolated is None)

    @property
    def cpu_sets(self) -> tuple[CpuStatement, ...]:
        """The CPU sets that are stated, in the API's order."""
        stated = (self.reserved, self.isolated, self.offlined, self.shared, self.ovs_dpdk)
        return tuple(statement for statement in stated if statement is not None)

    @property
    def cpu_sets_known(self) -> bool:
        """Whether every stated set could be read, so that absences mean something."""
        return all(statement.cpus is not None for statement in self.cpu_sets)

    @property
    def covers_every_cpu(self) -> bool:
        """Whether the sets leave no CPU out below their last one, and share none."""
        if self.shared is not None or self.isolated is None or not self.cpu_sets_known:
            return False
        union = CpuSet.EMPTY
        for statement in self.cpu_sets:
            union = union | (statement.cpus or CpuSet.EMPTY)
        return union.last is not None and len(union) == union.last + 1

    @property
    def generated_name(self) -> str:
        """The name of the MachineConfig that the operator makes of it."""
        return GENERATED_MACHINE_CONFIG + self.name

    @property
    def generated_kubelet_config(self) -> str:
        """The name of the KubeletConfig that the operator makes of it."""
        return GENERATED_KUBELET_CONFIG + self.name

    @property
    def role_label(self) -> tuple[str, str] | None:
        """The label of its MachineConfig: key and value; None where it is not known."""
        if self.machine_config_label is not None:
            items = list(self.machine_config_label.values.items())
            return items[0] if len(items) == 1 else None
        if self.node_selector is None or not self.node_selector.values:
            return None
        key = next(iter(self.node_selector.values))
        _, slash, role = key.partition("/")
        return (ROLE_LABEL, role) if slash else None

    def kubelet_cpus(self, *, bootstrap: bool = False) -> CpuSet | None:
        """Return the CPUs that its KubeletConfig reserves; None where a part is not known.

        While bootstrapping, render leaves out the shared CPUs, which the operator adds later.
        """
        if self.reserved is None or self.reserved.cpus is None:
            return None
        cpus = self.reserved.cpus
        for extra in (self.ovs_dpdk, self.shared if self.mixed_cpus and not bootstrap else None):
            if extra is not None:
                if extra.cpus is None:
                    return None
                cpus = cpus | extra.cpus
        return cpus

    def uncovered(self) -> CpuSet | None:
        """Return the CPUs below the highest stated one that are in none of its sets.

        None where ``reserved`` or ``isolated`` says nothing, or a part is not known.
        """
        if not (self.cpu_sets_known and self.reserved and self.isolated):
            return None
        if not (self.reserved.cpus and self.isolated.cpus):
            return None
        stated = CpuSet.EMPTY
        for statement in self.cpu_sets:
            stated = stated | (statement.cpus or CpuSet.EMPTY)
        return CpuSet.range(0, stated.last or 0) - stated

    def without_ovs_dpdk(self) -> Profile:
        """Return the profile as releases read it that know no ``ovsDpdk``."""
        return replace(self, ovs_dpdk=None)

    def isolated_cpus(self) -> CpuSet | None:
        """Return the CPUs that TuneD isolates; None where a part is not known."""
        if self.isolated is None or self.isolated.cpus is None:
            return None
        if self.ovs_dpdk is None:
            return self.isolated.cpus
        return None if self.ovs_dpdk.cpus is None else self.isolated.cpus | self.ovs_dpdk.cpus


def read_profile(manifest: Manifest) -> Profile:
    """Read a PerformanceProfile of any version."""
    spec = manifest.root.at("spec")
    sets = {key: read_cpuset(spec.at("cpu", key), f"spec.cpu.{key}") for key in CPU_FIELDS}
    return Profile(
        manifest=manifest,
        reserved=sets["reserved"],
        isolated=sets["isolated"],
        offlined=sets["offlined"],
        shared=sets["shared"],
        ovs_dpdk=sets["ovsDpdk"],
        mixed_cpus=known(spec.at("workloadHints", "mixedCpus").boolean()) is True,
        node_selector=read_labels(spec.at("nodeSelector")),
        machine_config_label=_label(spec.at("machineConfigLabel")),
        pool_selector=read_labels(spec.at("machineConfigPoolSelector")),
        kernel_arguments=tuple(_kernel_arguments(manifest)),
        settings=read_profile_settings(manifest.root),
        snippet=read_kubelet_snippet(manifest),
        api_version_ref=manifest.root.at("apiVersion").text().ref,
        cpu_ref=_cpu_ref(manifest),
    )


def _label(node: Node) -> Labels | None:
    """Read the label of its MachineConfig.

    A source CR that is not at hand has none: it is always made of the node selector there
    (openshift-kni/cnf-features-deploy ``ztp/source-crs``).
    """
    return read_labels(node) if node.exists else None


def _cpu_ref(manifest: Manifest) -> Ref:
    """Return the key of its CPU sets, or its name where they are absent."""
    spec = manifest.root.at("spec")
    return spec.key_ref("cpu") if spec.at("cpu").exists else manifest.name_ref


def _kernel_arguments(manifest: Manifest) -> Iterator[StatedArgument]:
    for element in manifest.root.at("spec", "additionalKernelArgs").elements():
        if element.is_scalar:
            yield from arguments_in(element.content(), "spec.additionalKernelArgs")
