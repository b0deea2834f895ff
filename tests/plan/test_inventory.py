"""Nodes that join a pool, and what an inspection of their machines has found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from planning import planned, said
from repositories import instance, template

if TYPE_CHECKING:
    from collections.abc import Mapping


def hardware(name: str, cpus: object, namespace: str = "plant") -> str:
    """Return a HardwareData."""
    return (
        f"apiVersion: metal3.io/v1alpha1\nkind: HardwareData\nmetadata:\n  name: {name}\n"
        f"  namespace: {namespace}\nspec:\n  hardware:\n    cpu:\n      count: {cpus}\n"
    )


def host(name: str, cpus: object) -> str:
    """Return a BareMetalHost as it is once it was inspected."""
    return (
        f"apiVersion: metal3.io/v1alpha1\nkind: BareMetalHost\nmetadata:\n  name: {name}\n"
        f"  namespace: plant\nstatus:\n  hardware:\n    cpu:\n      arch: x86_64\n"
        f"      count: {cpus}\n"
    )


def agent(name: str, cpus: object, architecture: str = "x86_64") -> str:
    """Return an Agent, which is called by a UUID and bound to a cluster."""
    return (
        "apiVersion: agent-install.openshift.io/v1beta1\nkind: Agent\nmetadata:\n"
        "  name: 0f5a\n  namespace: infra\nspec:\n"
        f"  hostname: {name}\n  clusterDeploymentName: {{name: plant, namespace: plant}}\n"
        f"status:\n  inventory:\n    cpu:\n      count: {cpus}\n"
        f"      architecture: {architecture}\n"
    )


def state(nodes: int, inventory: Mapping[str, str], reserved: str = "0-1") -> dict[str, str]:
    files = {"sites/plant.yaml": instance("plant", "group: one", nodes=nodes)}
    files["policies/one.yaml"] = template(reserved, "2-3", "group: one")
    return files | dict(inventory)


def found(inventory: Mapping[str, str], reserved: str = "0-1", nodes: int = 3) -> list[str]:
    """Return what is said of a node that joins, with the inventory beforehand and afterwards."""
    old, new = state(nodes, inventory, reserved), state(nodes + 1, inventory, reserved)
    listed = said(planned(old, new), "WPL858")
    assert all(item.severity.value == "warning" for item in listed)
    return [item.message for item in listed]


@pytest.mark.parametrize("make", [hardware, host, agent])
def test_another_number_of_cpus_is_told(make: object) -> None:
    assert callable(make)
    inventory = {f"hub/{n}.yaml": hardware(f"plant-{n}", 64) for n in range(3)}
    (message,) = found(inventory | {"hub/3.yaml": make("plant-3", 32)})
    assert message == ("Node plant-3 joins pool master with 32 CPUs, but node plant-0 has 64.")
    assert found(inventory | {"hub/3.yaml": make("plant-3", 64)}) == []


def test_another_architecture_is_told_whatever_it_is_called() -> None:
    first = {"hub/0.yaml": agent("plant-0", 8, "amd64")}
    assert found(first | {"hub/3.yaml": agent("plant-3", 8, "x86_64")}) == []
    (message,) = found(first | {"hub/3.yaml": agent("plant-3", 8, "aarch64")})
    assert "with architecture aarch64, but node plant-0 has x86_64" in message


def test_reserved_cpus_that_are_not_there_are_told() -> None:
    inventory = {"hub/3.yaml": hardware("plant-3", 4)}
    assert found(inventory, "0-3") == []
    (message,) = found(inventory, "0-1,6-7")
    assert message == (
        "Node plant-3 joins pool master with 4 CPUs, but CPUs 6-7 are reserved there."
    )


@pytest.mark.parametrize(
    "texts",
    [
        [hardware("plant-3", 32, namespace="elsewhere")],
        [hardware("plant-9", 32)],
        [hardware("plant-3", "'{{ .cpus }}'")],
        [hardware("plant-3", -1)],
        [hardware("plant-3", 10**12)],
        [hardware("plant-3", 32), agent("plant-3", 64)],  # they disagree
        [hardware("plant-3", 64), agent("plant-3", 64)],
    ],
)
def test_what_is_not_known_is_not_told(texts: list[str]) -> None:
    inventory = {"hub/0.yaml": hardware("plant-0", 64)}
    inventory |= {f"hub/x{number}.yaml": text for number, text in enumerate(texts)}
    assert found(inventory) == []


def test_an_inspection_alone_is_no_change() -> None:
    made = planned(state(3, {"hub/0.yaml": hardware("plant-0", 64)}), state(3, {}))
    assert made.clusters == ()
    assert made.untouched == 1
