"""A cluster as a whole: partitioning, size, and every statement of CPUs in it."""

from __future__ import annotations

import pytest
from builders import (
    CRIO,
    PINNING,
    cluster,
    infrastructure,
    kubelet_config,
    machine_config,
    pinning,
    profile,
    workload,
)

from linter.model.partitioning import Mode

INSTALL_CONFIG = """
apiVersion: v1
baseDomain: example.com
metadata: {{name: lab}}
controlPlane: {{replicas: {masters}}}
compute: [{{name: worker, replicas: {workers}}}]
cpuPartitioningMode: {mode}
"""


def install_config(mode: str = "AllNodes", masters: str = "3", workers: str = "2") -> str:
    return INSTALL_CONFIG.format(mode=mode, masters=masters, workers=workers)


@pytest.mark.parametrize(
    ("texts", "mode"),
    [
        ([], Mode.SILENT),
        ([profile()], Mode.SILENT),
        ([infrastructure("AllNodes")], Mode.ALL_NODES),
        ([infrastructure("None")], Mode.OFF),
        ([infrastructure("")], Mode.OFF),
        ([infrastructure("'{{ .mode }}'")], Mode.UNKNOWN),
        ([infrastructure("5")], Mode.UNKNOWN),
        ([install_config("AllNodes")], Mode.ALL_NODES),
        ([install_config("None"), infrastructure("AllNodes")], Mode.ALL_NODES),
        ([install_config('""')], Mode.OFF),
        ([infrastructure().replace("name: cluster", "name: other")], Mode.SILENT),
    ],
)
def test_partitioning_is_what_the_signals_say_together(texts: list[str], mode: Mode) -> None:
    assert cluster(*texts).partitioning.mode is mode


@pytest.mark.parametrize(
    ("texts", "single", "workers", "arbiter"),
    [
        ([], None, None, False),
        ([infrastructure(topology="SingleReplica")], True, False, False),
        ([infrastructure(topology="HighlyAvailable")], False, None, False),
        ([infrastructure(topology="HighlyAvailableArbiter")], False, None, True),
        ([install_config(masters="1", workers="0")], True, False, False),
        ([install_config(masters="3", workers="2")], False, True, False),
        ([install_config(masters="3", workers="0")], False, False, False),
        ([install_config(masters="'{{ .n }}'", workers="'{{ .m }}'")], None, None, False),
        (
            [install_config(masters="1", workers="0"), infrastructure(topology="HighlyAvailable")],
            False,
            False,
            False,
        ),
    ],
)
def test_the_size_is_what_manifests_say(
    texts: list[str], single: bool | None, workers: bool | None, *, arbiter: bool
) -> None:
    size = cluster(*texts).size
    assert (size.single_node, size.worker_nodes, size.arbiter) == (single, workers, arbiter)


def test_every_statement_of_cpus_is_listed() -> None:
    model = cluster(
        profile("0-1", "2-7", extra="additionalKernelArgs: [irqaffinity=0]\n"),
        machine_config(
            "50",
            files={
                CRIO + "99": workload("0-2") + workload("9", "other"),
                CRIO + "98": '[crio.runtime]\ninfra_ctr_cpuset = "0-3"\nshared_cpuset = "4"\n',
                PINNING: pinning("0-5"),
                "/etc/systemd/system.conf.d/a.conf": "[Manager]\nCPUAffinity=0 1\n",
            },
            kernel_arguments=["isolcpus=managed_irq,2-6 quiet"],
        ),
        kubelet_config("k", "{}", 'reservedSystemCPUs: "0-8"'),
    )
    assert sorted(statement.text for statement in model.statements) == sorted(
        ["0-1", "2-7", "0", "0-2", "9", "0-3", "4", "0-5", "0 1", "2-6", "0-8"]
    )
    for statement in model.statements:
        assert statement.ref.text == statement.text


def test_artefacts_are_what_only_makes_sense_with_partitioning() -> None:
    model = cluster(
        machine_config("50", files={PINNING: pinning(""), CRIO + "99": workload("0"), "/x": "y"}),
        machine_config("51", files={CRIO + "99": workload("0", "other")}),
    )
    assert [(a.what, a.machine_config.name) for a in model.artefacts] == [
        ("the kubelet's pinning file", "50"), ("CRI-O's management workload", "50"),
    ]  # fmt: skip
