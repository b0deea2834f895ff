"""Rendering: what a profile costs, with its YAML and without."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING

from linter.model.releases import NEWEST_MINOR, Release
from linter.render import RenderInputs, render
from linter.render.emit import to_yaml

if TYPE_CHECKING:
    from bench.parts import Bench

TITLE = "growing numbers of profiles, in this process"
LIMIT = 2.0
"""Milliseconds for one profile with all its objects."""

SIZES = (125, 250, 500, 1000)


def measure(bench: Bench) -> None:
    """Time rendering of growing numbers of profiles: the objects alone, and with their YAML."""
    gc.disable()  # otherwise the second half pays for looking through the first
    spent: dict[tuple[str, int], float] = {}
    for size in SIZES:
        inputs = _inputs(size)
        for name in ("objects", "with YAML"):
            taken = [_milliseconds(inputs, name) for _ in range(bench.runs)]
            spent[name, size] = statistics.median(taken)
    gc.enable()
    for name in ("objects", "with YAML"):
        for size in SIZES:
            whole = spent[name, size]
            print(f"  {size:5} profiles, {name:10} {whole:8.1f} ms {whole / size:6.3f} ms each")
        last = (spent[name, 1000] - spent[name, 500]) / (spent[name, 500] - spent[name, 250]) / 2
        print(f"  {name}: the last step costs {last:.2f} x the one before, per profile")
        bench.hold(f"{name}, each", spent[name, 1000] / 1000, LIMIT, "ms")


def _milliseconds(inputs: RenderInputs, name: str) -> float:
    gc.collect()
    start = time.perf_counter()
    manifests = render(inputs, Release(NEWEST_MINOR))
    if name == "with YAML":
        sum(len(to_yaml(manifest)) for manifest in manifests)
    return (time.perf_counter() - start) * 1000


def _inputs(profiles: int) -> RenderInputs:
    """Return a partitioned cluster with so many pools, each with a profile of its own."""
    objects: list[object] = [
        {
            "apiVersion": "config.openshift.io/v1",
            "kind": "Infrastructure",
            "metadata": {"name": "cluster"},
            "status": {"cpuPartitioning": "AllNodes", "controlPlaneTopology": "HighlyAvailable"},
        }
    ]
    for number in range(profiles):
        label = {f"node-role.kubernetes.io/lane-{number:05d}": ""}
        reserved, isolated = (("0-1,32-33", "2-31,34-63"), ("0-3", "4-63"))[number % 2]
        objects.append(
            {
                "apiVersion": "machineconfiguration.openshift.io/v1",
                "kind": "MachineConfigPool",
                "metadata": {"name": f"lane-{number:05d}", "labels": label},
                "spec": {"nodeSelector": {"matchLabels": label}},
            }
        )
        objects.append(
            {
                "apiVersion": "performance.openshift.io/v2",
                "kind": "PerformanceProfile",
                "metadata": {"name": f"lane-{number:05d}"},
                "spec": {
                    "cpu": {"reserved": reserved, "isolated": isolated},
                    "numa": {"topologyPolicy": "single-numa-node"},
                    "nodeSelector": label,
                },
            }
        )
    return RenderInputs.from_objects(objects)
