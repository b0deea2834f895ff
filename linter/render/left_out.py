"""What the operator puts on nodes besides, which we leave to it.

Source: openshift/cluster-node-tuning-operator, ``components/machineconfig/machineconfig.go`` per
release branch (4.8 to 4.10: openshift-kni/performance-addon-operators).
"""

from __future__ import annotations

from enum import Enum
from fnmatch import fnmatchcase

from linter.records import dataclass


class When(Enum):
    """In which MachineConfig ``50-performance-<profile>`` a file or unit is found."""

    RENDERED = "written by render of the newest release we know"
    IN_CLUSTER = "written by the operator in a running cluster only"
    FORMERLY = "written by older releases only"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file (an absolute path) or a unit (a name), and what it is. ``name`` may hold ``*``."""

    name: str
    what: str
    when: When = When.RENDERED

    def covers(self, name: str) -> bool:
        """Say whether this entry speaks of the file or unit of that name."""
        return fnmatchcase(name, self.name)


_BIN = "/usr/local/bin"
_SYSTEMD = "/etc/systemd/system"

LEFT_TO_THE_OPERATOR: tuple[LeftOut, ...] = (
    LeftOut(f"{_BIN}/hugepages-allocation.sh", "allocates hugepages on one NUMA node"),
    LeftOut(f"{_BIN}/set-cpus-offline.sh", "takes the offlined CPUs offline"),
    LeftOut(f"{_BIN}/clear-irqbalance-banned-cpus.sh", "empties irqbalance's list of banned CPUs"),
    LeftOut(f"{_BIN}/cpuset-configure.sh", "moves services into a cpuset under cgroup v1"),
    LeftOut(f"{_BIN}/set-rps-mask.sh", "writes the RPS mask of one network device"),
    LeftOut("/etc/udev/rules.d/99-netdev-physical-rps.rules", "exempts physical devices from RPS"),
    LeftOut(f"{_SYSTEMD}/ovs.slice", "the slice in which Open vSwitch runs unconfined"),
    LeftOut(f"{_SYSTEMD}/openvswitch.service.d/01-use-ovs-slice.conf", "puts a service there"),
    LeftOut(f"{_SYSTEMD}/ovs-vswitchd.service.d/01-use-ovs-slice.conf", "puts a service there"),
    LeftOut(f"{_SYSTEMD}/ovsdb-server.service.d/01-use-ovs-slice.conf", "puts a service there"),
    LeftOut("/var/lib/ovn-ic/etc/enable_dynamic_cpu_affinity", "lets OVN-Kubernetes pin OVS"),
    LeftOut("/etc/sysconfig/stalld-backend", "chooses how stalld finds stalled threads"),
    LeftOut(f"{_SYSTEMD}/stalld.service.d/stalld-backend.conf", "makes stalld read that choice"),
    LeftOut("hugepages-allocation-*.service", "runs the hugepages script for one size and node"),
    LeftOut("set-cpus-offline.service", "runs the offlining script with the expanded CPU list"),
    LeftOut("clear-irqbalance-banned-cpus.service", "runs the irqbalance script at boot"),
    LeftOut("cpuset-configure.service", "runs the cpuset script at boot"),
    LeftOut("ocp-tuned-one-shot.service", "applies the TuneD profile before the kubelet starts"),
    LeftOut("update-rps@.service", "runs the RPS script for a device"),
    LeftOut(f"{_BIN}/ovs-dpdk-cpus-configure.sh", "partitions the OVS-DPDK CPUs", When.IN_CLUSTER),
    LeftOut("ovs-dpdk-cpus-configure.service", "runs that script at boot", When.IN_CLUSTER),
    LeftOut("/etc/udev/rules.d/99-netdev-rps.rules", "starts the RPS unit", When.FORMERLY),
    LeftOut(f"{_BIN}/low-latency-hooks.sh", "sets the RPS mask of a pod", When.FORMERLY),
    LeftOut("/etc/containers/oci/hooks.d/99-low-latency-hooks.json", "runs it", When.FORMERLY),
)
"""Files and units that state no CPUs of their own, or that are scripts of the operator."""
