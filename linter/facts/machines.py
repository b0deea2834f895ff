"""What an inspection of machines has found: how many CPUs each has, and of which architecture.

Formats: metal3-io/baremetal-operator ``apis/metal3.io/v1alpha1/hardwaredata_types.go`` (the same
in a HardwareData and in the status of a BareMetalHost), openshift/assisted-service
``api/v1beta1/agent_types.go`` (the inventory in the status of an Agent).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.sources.fields import known

if TYPE_CHECKING:
    from linter.facts.manifests import Manifest
    from linter.sources.text import Ref

HARDWARE_DATA = ("metal3.io", "HardwareData")
BARE_METAL_HOST = ("metal3.io", "BareMetalHost")
AGENT = ("agent-install.openshift.io", "Agent")

_DETAILS = {
    HARDWARE_DATA: ("spec", "hardware"),
    BARE_METAL_HOST: ("status", "hardware"),
    AGENT: ("status", "inventory"),
}
KINDS = tuple(_DETAILS)
"""The API groups and kinds of inventories."""

_HOST_OF_AGENT = "agent-install.openshift.io/bmh"
_OTHER_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
_MOST_CPUS = 65536


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that was inspected.

    Attributes:
        names: What it, or the node that it becomes, may be called.
        namespace: The namespace of the object.
        cluster: The cluster that it is bound to, empty where the object does not say.
        architecture: The architecture of its CPUs, empty where none is said.
        cpus: How many logical CPUs it has, None where nothing is said.
        ref: Where its CPUs are described.

    """

    names: frozenset[str]
    namespace: str
    cluster: str
    architecture: str
    cpus: int | None
    ref: Ref


def read_machine(manifest: Manifest) -> Machine | None:
    """Read the inventory in an object; None where there is none, or it says nothing of CPUs."""
    place = _DETAILS.get((manifest.group, manifest.kind))
    if place is None:
        return None
    root = manifest.root
    details = root.at(*place)
    cpu = details.at("cpu")
    count = known(cpu.at("count").integer())
    count = count if count is not None and 0 < count <= _MOST_CPUS else None
    architecture = known(cpu.at("arch").text()) or known(cpu.at("architecture").text()) or ""
    if count is None and not architecture:
        return None
    names = {
        manifest.name,
        known(details.at("hostname").text()),
        known(root.at("spec", "hostname").text()),
        manifest.labels.values.get(_HOST_OF_AGENT),
    }
    return Machine(
        frozenset(name for name in names if name),
        manifest.namespace,
        known(root.at("spec", "clusterDeploymentName", "name").text()) or "",
        architecture_named(architecture),
        count,
        cpu.ref,
    )


def architecture_named(name: str) -> str:
    """Return the name that Linux has for an architecture."""
    return _OTHER_NAMES.get(name, name)
