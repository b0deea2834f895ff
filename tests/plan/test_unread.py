"""What cannot be read is no change: nothing is made of an absence that nobody wrote."""

from __future__ import annotations

from builders import infrastructure, machine_config, profile
from planning import planned
from repositories import instance, template

SINGLE = {
    "north/openshift/infra.yaml": infrastructure(),
    "north/openshift/p.yaml": profile("0-1", "2-7"),
    "south/openshift/infra.yaml": infrastructure(),
    "south/openshift/p.yaml": profile("0-1", "2-7"),
}
BROKEN = "kind: PerformanceProfile\n  bad: [\n"


def test_a_profile_that_cannot_be_parsed_is_not_a_profile_removed() -> None:
    made = planned(SINGLE, SINGLE | {"north/openshift/p.yaml": BROKEN})
    assert [(one.name, one.unknown) for one in made.clusters] == [
        ("north", "north/openshift/p.yaml cannot be read")
    ]
    assert [effect.slug for effect in made.clusters[0].effects] == ["unknown"]
    assert made.outcome.findings == ()
    (skip,) = made.outcome.summary.skipped
    assert skip.name == "north/openshift/p.yaml"
    assert skip.reason.startswith("it cannot be read: ")


def test_nor_is_it_one_that_was_added() -> None:
    made = planned(SINGLE | {"north/openshift/p.yaml": BROKEN}, SINGLE)
    assert [(one.name, one.unknown) for one in made.clusters] == [
        ("north", "before:north/openshift/p.yaml cannot be read")
    ]


def test_a_file_that_neither_state_can_read_stands_in_nobodys_way() -> None:
    old = SINGLE | {"north/openshift/x.yaml": BROKEN}
    extra = {"north/openshift/mc.yaml": machine_config("99-a", "master", {"/etc/motd": "a"})}
    made = planned(old, old | extra)
    assert [(one.name, one.unknown) for one in made.clusters] == [("north", "")]
    assert [effect.slug for effect in made.clusters[0].effects] == ["reboot"]


def test_a_policy_that_cannot_be_parsed_takes_nothing_from_its_clusters() -> None:
    sites = {f"sites/{name}.yaml": instance(name) for name in ("a", "b")}
    old = sites | {"policies/edge.yaml": template()}
    made = planned(old, sites | {"policies/edge.yaml": "kind: PolicyGenTemplate\n  bad: [\n"})
    assert [one.unknown for one in made.clusters] == ["policies/edge.yaml cannot be read"] * 2
    assert made.outcome.findings == ()
