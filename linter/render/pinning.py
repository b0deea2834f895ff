"""The two files that pin management pods to the reserved CPUs, and the MachineConfig per pool.

Source: openshift/cluster-node-tuning-operator, ``assets/performanceprofile/configs/
{99-workload-pinning.conf,openshift-workload-pinning}`` and ``BootstrapWorkloadPinningMC`` in
``components/machineconfig/machineconfig.go``. CRI-O does the pinning; the kubelet looks only
whether its file exists. Both carry the list as the profile spells it, not in canonical form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.model.releases import CRIO_DEFAULT_DROPIN, TEMPLATED_BOOTSTRAP_PAYLOAD
from linter.render.machine_config import NodeFile, machine_config
from linter.render.profile import ROLE_LABEL

if TYPE_CHECKING:
    from linter.model.releases import Releases
    from linter.render.manifest import Manifest

CRIO_DROPIN_FOLDER = "/etc/crio/crio.conf.d"
CRIO_DROPIN = f"{CRIO_DROPIN_FOLDER}/99-workload-pinning.conf"
CRIO_DEFAULT = f"{CRIO_DROPIN_FOLDER}/01-workload-pinning-default.conf"
KUBELET_PINNING = "/etc/kubernetes/openshift-workload-pinning"


def crio_text(cpuset: str) -> str:
    """Return CRI-O's workload table; ``cpuset`` is the text of a cpuset, possibly empty."""
    return (
        "\n[crio.runtime.workloads.management]\n"
        'activation_annotation = "target.workload.openshift.io/management"\n'
        'annotation_prefix = "resources.workload.openshift.io"\n'
        f'resources = {{ "cpushares" = 0, "cpuset" = "{cpuset}" }}\n'
    )


def kubelet_text(cpuset: str) -> str:
    """Return the kubelet's pinning file; ``cpuset`` is the text of a cpuset, possibly empty."""
    return f'\n{{\n  "management": {{\n    "cpuset": "{cpuset}"\n  }}\n}}\n'


def says(cpuset: str) -> str:
    """Say in words which CPUs a pinning file names."""
    return f"management cpuset {cpuset}" if cpuset else "management cpuset is empty: no pinning yet"


def pinning_files(cpuset: str) -> tuple[NodeFile, NodeFile]:
    """Return the files of a profile that reserves these CPUs, in upstream's order."""
    return (
        NodeFile(CRIO_DROPIN, crio_text(cpuset), says(cpuset)),
        NodeFile(KUBELET_PINNING, kubelet_text(cpuset), says(cpuset)),
    )


def bootstrap_pinning(pool: str, releases: Releases) -> Manifest:
    """Return ``01-<pool>-cpu-partitioning``, with which nodes join before a profile pins them.

    ``pool`` is a valid object name. In 4.13 the kubelet's file stands alone and starts with the
    brace.
    """
    name = f"01-{pool}-cpu-partitioning"
    kubelet = kubelet_text("")
    if not releases.has(TEMPLATED_BOOTSTRAP_PAYLOAD):
        kubelet = kubelet.removeprefix("\n")
    files = [NodeFile(KUBELET_PINNING, kubelet, says(""))]
    if releases.has(CRIO_DEFAULT_DROPIN):
        files.append(NodeFile(CRIO_DEFAULT, crio_text(""), says("")))
    file_name = f"01_{name}_workload_pinning_machineconfig.yaml"
    return machine_config(file_name, name, {ROLE_LABEL: pool}, files)
