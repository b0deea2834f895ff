"""Clusters to show: small ones, each with something that is worth a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import (
    CRIO,
    PINNING,
    facts_of,
    infrastructure,
    kubelet_config,
    machine_config,
    pinning,
    pool,
    profile,
    workload,
)

from linter.model.cluster import target_releases
from linter.model.releases import Release
from linter.report.show import ClusterView, view

if TYPE_CHECKING:
    from collections.abc import Callable

MASTER = """
    machineConfigSelector: {matchLabels: {machineconfiguration.openshift.io/role: master}}
    nodeSelector: {matchLabels: {node-role.kubernetes.io/master: ""}}
    """
RAN = """
    machineConfigSelector:
      matchExpressions:
      - {key: machineconfiguration.openshift.io/role, operator: In, values: [worker, ran]}
    nodeSelector: {matchLabels: {node-role.kubernetes.io/ran: ""}}
    """
ON_WORKER = 'node-role.kubernetes.io/worker: ""'
MASTER_LABEL = 'pools.operator.machineconfiguration.openshift.io/master: ""'


def shown(*texts: str, release: str | None = None, name: str = "lab") -> ClusterView:
    """Return the view of a cluster that some files describe."""
    facts = facts_of(*texts)
    asked_for = Release.parse(release) if release else None
    return view(name, name, facts, target_releases(facts, asked_for), installer=True)


def agreeing() -> list[ClusterView]:
    """A single node on which everything agrees."""
    files = {
        CRIO + "99-workload-pinning.conf": workload("0-1,24-25"),
        CRIO + "99-runtimes.conf": '[crio.runtime]\ninfra_ctr_cpuset = "0-1,24-25"\n',
        PINNING: pinning("0-1,24-25"),
    }
    return [
        shown(
            infrastructure(),
            profile("0-1,24-25", "2-23,26-47", name="edge"),
            pool("master", MASTER, MASTER_LABEL),
            machine_config("50-performance-edge", "master", files),
            kubelet_config(
                "performance-edge",
                f"matchLabels: {{{MASTER_LABEL}}}",
                'reservedSystemCPUs: "0-1,24-25"',
            ),
            release="4.16",
        )
    ]


def quarrelling() -> list[ClusterView]:
    """A single node on which every layer says something else."""
    files = {
        CRIO + "01-workload-partitioning": workload("0-2"),
        PINNING: pinning("0-2"),
        "/etc/systemd/system.conf.d/10-own.conf": "[Manager]\nCPUAffinity=0-1 30-33\n",
    }
    later = {
        CRIO + "zz-own.conf": workload("0-1,52-53"),
        CRIO + "99-runtimes.conf": '[crio.runtime]\ninfra_ctr_cpuset = "0"\n',
        PINNING: pinning("0-1"),
    }
    tuned = (
        "apiVersion: tuned.openshift.io/v1\nkind: Tuned\nmetadata:\n  name: own\nspec:\n"
        "  profile:\n  - name: own\n    data: |\n"
        "      [main]\n      include=base\n"
        "      [bootloader]\n      cmdline_own=+rcu_nocbs=${isolated_cores}\n"
        "  - name: base\n    data: |\n      [variables]\n      isolated_cores=4-31,36-63\n"
        "  recommend:\n  - profile: own\n    priority: 15\n    machineConfigLabels:\n"
        "      machineconfiguration.openshift.io/role: master\n"
    )
    return [
        shown(
            infrastructure(),
            profile("0-1,32-33", "2-31,34-61", name="edge", extra="additionalKernelArgs: [nosmt]"),
            pool("master", MASTER, MASTER_LABEL),
            machine_config(
                "02-legacy", "master", files, kernel_arguments=["isolcpus=domain,2-31,34-63"]
            ),
            machine_config("98-own", "master", later),
            machine_config("97-${ROLE}", '"${ROLE}"', {CRIO + "50-x.conf": "[crio]\n"}),
            tuned,
        )
    ]


def several_pools() -> list[ClusterView]:
    """A cluster of several pools, whose release nobody names, and a profile without a pool."""
    return [
        shown(
            infrastructure(topology="HighlyAvailable"),
            pool("master", MASTER, MASTER_LABEL),
            pool("worker", MASTER.replace("master", "worker"), MASTER_LABEL.replace("master", "w")),
            pool("ran", RAN, "lab: ran"),
            pool("far", RAN.replace("worker, ran", "far").replace("/ran", "/far"), "lab: far"),
            profile("0-3", "4-15", name="zulu", selector=ON_WORKER),
            profile("0-1,8-9", "2-7,10-15", name="ran", selector='node-role.kubernetes.io/ran: ""'),
        ),
        shown(
            infrastructure("None"),
            profile(name="lost", selector='node-role.kubernetes.io/lost: ""'),
            machine_config(
                "02-legacy",
                "master",
                {CRIO + "01-workload-partitioning": workload("0-1"), PINNING: pinning("0-1")},
            ),
            name="old",
        ),
    ]


def hostile() -> list[ClusterView]:
    """Names and values that would act on a terminal or in a log, and lists without an end."""
    odd = "a\\x1b[31m\\u202eb::error::\\n##[group]c"
    many = ",".join(str(cpu) for cpu in range(0, 400, 2))
    path = f"{CRIO}zz-\\u202e{'long-' * 30}.conf"
    return [
        shown(
            infrastructure(),
            profile(many, "{{ .isolated }}", name="x").replace("name: x", f'name: "{odd}"'),
            pool("ran", RAN).replace("name: ran", f'name: "{odd}"'),
            machine_config(f"50-{odd}", "master", {"PATH": workload(many)}).replace(
                "path: PATH", f'path: "{path}"'
            ),
            release="4.16",
            name="l\x1bab",
        )
    ]


def empty() -> list[ClusterView]:
    """Manifests that say next to nothing."""
    return [shown(pool("ran"))]


SAMPLES: dict[str, Callable[[], list[ClusterView]]] = {
    "agreeing": agreeing,
    "quarrelling": quarrelling,
    "several-pools": several_pools,
    "hostile": hostile,
    "empty": empty,
}
