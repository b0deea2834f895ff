"""Whether a KubeletConfig leaves CPU time for the system."""

from __future__ import annotations

import pytest

from linter.facts.kubelet_configs import read_kubelet_config
from linter.facts.manifests import manifests_in
from linter.sources.text import File
from linter.sources.yaml_tree import compose


def reserves(settings: str) -> bool:
    text = f"kind: KubeletConfig\nmetadata: {{name: a}}\nspec:\n  kubeletConfig: {settings}\n"
    roots, problem = compose(File("a.yaml", text))
    assert problem is None
    (manifest,) = manifests_in(roots[0])
    return read_kubelet_config(manifest).reserves_cpu_time


@pytest.mark.parametrize(
    "settings",
    [
        "{}",
        "{systemReserved: {memory: 2Gi}}",
        "{systemReserved: {cpu: 500m}}",
        "{systemReserved: {cpu: 0.5}}",
        "{systemReserved: {cpu: ''}}",
        "{systemReserved: {cpu: 0}, kubeReserved: {cpu: 100m}}",
        "{systemReserved: {cpu: '{{ time }}'}}",
        "{systemReserved: 0}",
        "[]",
    ],
)
def test_there_is_time_unless_it_is_taken_away(settings: str) -> None:
    assert reserves(settings)


@pytest.mark.parametrize("cpu", ["0", "'0'", "0m", "'0.0'", "000", "0Mi"])
@pytest.mark.parametrize("rest", ["", ", kubeReserved: {memory: 1Gi}", ", kubeReserved: {cpu: 0m}"])
def test_it_is_taken_away_by_a_zero(cpu: str, rest: str) -> None:
    assert not reserves(f"{{systemReserved: {{cpu: {cpu}}}{rest}}}")
