"""The annotation of a profile that adds settings to the KubeletConfig made of it.

Format: openshift/cluster-node-tuning-operator
``pkg/performanceprofile/controller/performanceprofile/components/kubeletconfig``: a JSON object of
KubeletConfiguration fields, over which the operator then writes its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.embedded_json import read_embedded_json
from linter.records import dataclass
from linter.sources.fields import Templated, Value, known

if TYPE_CHECKING:
    from linter.facts.manifests import Manifest
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

ANNOTATION = "kubeletconfig.experimental"

OVERWRITTEN = (
    "cpuManagerPolicy",
    "cpuManagerReconcilePeriod",
    "topologyManagerPolicy",
    "reservedSystemCPUs",
)
"""Settings that the operator always decides itself."""

MEMORY_POLICY = "memoryManagerPolicy"
"""A setting that the operator decides where the topology policy is one of the strict ones."""

REFUSED = ("cgroupDriver", "clusterDNS", "clusterDomain", "featureGates")
"""Settings that the Machine Config Operator accepts in no KubeletConfig
(openshift/machine-config-operator ``pkg/controller/kubelet-config/helpers.go``).
"""


@dataclass(frozen=True, slots=True)
class KubeletSnippet:
    """The annotation as it is written.

    Attributes:
        ref: Its text.
        templated: A template decides it, so nothing else is known.
        problem: What is wrong with the JSON, and where.
        keys: The settings that have a value, and where each is named.
        root: The settings.
        strict_reservation: Whether the CPU manager is kept off the reserved CPUs by it.

    """

    ref: Ref
    templated: bool = False
    problem: tuple[str, Ref] | None = None
    keys: tuple[tuple[str, Ref], ...] = ()
    root: Node | None = None
    strict_reservation: bool = False


def read_kubelet_snippet(manifest: Manifest) -> KubeletSnippet | None:
    """Read the annotation of a profile; None where it has none."""
    node = manifest.root.at("metadata", "annotations", ANNOTATION)
    field = node.text()
    if isinstance(field, Templated):
        return KubeletSnippet(field.ref, templated=True)
    if not isinstance(field, Value):
        return None
    root, problem = read_embedded_json(node)
    if root is None:
        return KubeletSnippet(field.ref, problem=problem)
    strict = root.at("cpuManagerPolicyOptions", "strict-cpu-reservation").text()
    return KubeletSnippet(
        field.ref,
        keys=tuple((key, root.key_ref(key)) for key, value in root.items() if _is_set(value)),
        root=root,
        strict_reservation=known(strict) == "true",
    )


def _is_set(value: Node) -> bool:
    """Say whether a setting has a value that is not the empty one."""
    return not value.is_null and bool(value.raw.value)
