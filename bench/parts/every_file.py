"""Trees of which every file matters, where leaving files out is no help."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from bench.manifests import install_config, machine_config, performance_profile
from bench.measure import Command, in_turns
from bench.trees import HARDWARE

if TYPE_CHECKING:
    from bench.parts import Bench

TITLE = "installer directories alone, beside linters that read every file as well"
CLUSTERS = 100


def measure(bench: Bench) -> None:
    """Time wplint and whatever of its peers is installed on 300 files that all matter."""
    tree = os.path.join(bench.folder, "clusters")
    for number in range(CLUSTERS):
        _write(os.path.join(tree, f"site-{number:05d}"), number)
    commands = {"wplint": Command(["wplint", "lint", tree])}
    for name, (words, _) in _PEERS.items():
        if shutil.which(words[0]):
            commands[name] = Command([*words, *_arguments(name, tree)])
    timings = in_turns(commands, bench.runs)
    mine = timings["wplint"].seconds
    for name, timing in timings.items():
        print(
            f"  {name:18} {timing.seconds * 1000:9.1f} ms {timing.memory:7.1f} MiB "
            f"{timing.seconds / mine:7.1f} x wplint"
        )
    for name, (_, limit) in _PEERS.items():
        if name in timings:
            bench.hold(f"wplint / {name}", mine / timings[name].seconds, limit)


_PEERS = {
    "yamllint": (["yamllint", "-d", "relaxed"], 1),
    "check-jsonschema": (["check-jsonschema", "--schemafile"], 1),
    "kubeconform": (["kubeconform", "-n", "2", "-ignore-missing-schemas"], 0.5),
    "kube-linter": (["kube-linter", "lint"], 1 / 3),
}


def _arguments(name: str, tree: str) -> list[str]:
    if name != "check-jsonschema":
        return [tree]
    schema = os.path.join(os.path.dirname(tree), "schema.json")
    with open(schema, "w", encoding="utf-8") as stream:
        stream.write('{"type": "object"}\n')
    return [schema, *(os.path.join(at, file) for at, _, files in os.walk(tree) for file in files)]


def _write(folder: str, number: int) -> None:
    reserved, isolated = HARDWARE[number % len(HARDWARE)]
    os.makedirs(os.path.join(folder, "openshift"), exist_ok=True)
    for name, text in {
        "install-config.yaml": install_config(number),
        "openshift/performance-profile.yaml": performance_profile(reserved, isolated),
        "openshift/99-workload-partitioning.yaml": machine_config(reserved, reserved),
    }.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
            stream.write(text)
