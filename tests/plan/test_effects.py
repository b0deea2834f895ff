"""What a change does to the nodes of a pool, on both sides of the gates that matter."""

from __future__ import annotations

import pytest
from builders import (
    CNF,
    MASTER,
    WORKER,
    custom_pool,
    infrastructure,
    kubelet_config,
    machine_config,
    profile,
)
from builders import pool as pool_manifest
from planning import change, planned, pool, slugs

SINGLE = {"openshift/infra.yaml": infrastructure()}
SEVERAL = {"openshift/infra.yaml": infrastructure(topology="HighlyAvailable")}


def single(**extra: str) -> dict[str, str]:
    return SINGLE | {f"openshift/{name}.yaml": text for name, text in extra.items()}


def several(**extra: str) -> dict[str, str]:
    return SEVERAL | {f"openshift/{name}.yaml": text for name, text in extra.items()}


# --- the first day-2 story: the reserved CPUs are changed -----------------------------------------


@pytest.mark.parametrize("release", ["4.13", "4.14", "4.15", "4.23"])
def test_changing_the_reserved_cpus_moves_pods_and_reboots(release: str) -> None:
    found = pool(
        change(single(p=profile("0-1", "2-7")), single(p=profile("0-2", "3-7")), release=release),
        "master",
    )
    assert slugs(found) == {"moves", "reboot"}
    assert (str(found.gained), str(found.lost), str(found.taken)) == ("2", "", "2")
    changed = {one.key: one.words for one in found.changed}
    assert changed["reservedSystemCPUs"] == ("0-1", "0-2")
    assert changed["infra_ctr_cpuset in 99-runtimes.conf"] == ("0-1", "0-2")
    assert changed["isolated_cores"] == ("2-7", "3-7")
    assert found.size == 1


def test_before_the_switch_existed_profiles_pin_nothing() -> None:
    found = pool(
        change(single(p=profile("0-1", "2-7")), single(p=profile("0-2", "3-7")), release="4.12"),
        "master",
    )
    assert slugs(found) == {"reboot"}
    assert "management cpuset in 99-workload-pinning.conf" not in {c.key for c in found.changed}


def test_the_mask_for_packets_is_rendered_until_4_19() -> None:
    old, new = single(p=profile("0-1", "2-7")), single(p=profile("0-2", "3-7"))
    keys = {
        release: {one.key for one in pool(change(old, new, release=release), "master").changed}
        for release in ("4.19", "4.20")
    }
    mask = "rps_default_mask in 99-default-rps-mask.conf"
    assert mask in keys["4.19"]
    assert mask not in keys["4.20"]


def test_both_places_of_a_statement_are_known() -> None:
    found = pool(
        change(single(p=profile("0-1", "2-7")), single(p="\n\n" + profile("0-2", "3-7"))),
        "master",
    )
    (one,) = [one for one in found.changed if one.key == "reservedSystemCPUs"]
    assert one.old is not None
    assert one.new is not None
    places = [
        (ref.file.name, *ref.in_file().source.position(ref.in_file().start))
        for ref in (one.old.ref, one.new.ref)
    ]
    assert places == [
        ("before:openshift/p.yaml", 7, 16),
        ("openshift/p.yaml", 9, 16),
    ]


def test_spelling_a_list_otherwise_reboots_without_moving_anything() -> None:
    found = pool(change(single(p=profile("0-1", "2-7")), single(p=profile("0,1", "2-7"))), "master")
    assert slugs(found) == {"reboot"}


def test_a_rendered_copy_beside_its_profile_counts_for_nothing() -> None:
    stale = machine_config(
        "50-performance-perf", files={"/etc/kubernetes/openshift-workload-pinning": "{}"}
    )
    old = single(p=profile("0-1", "2-7"))
    assert not change(old, old | {"openshift/copy.yaml": stale}).effects


# --- what else reboots, and what does not ---------------------------------------------------------


def test_a_file_a_unit_or_an_argument_of_a_written_config_reboots() -> None:
    base = several(p=profile("0-1", "2-7", selector=WORKER))
    for extra in (
        machine_config("99-a", "worker", {"/etc/motd": "a"}),
        machine_config("99-a", "worker", kernel_arguments=["quiet"]),
        machine_config("99-a", "worker", units="- name: a.service\n  enabled: true\n"),
    ):
        found = change(base, base | {"openshift/mc.yaml": extra})
        assert slugs(pool(found, "worker")) == {"reboot"}
        assert slugs(pool(found, "master")) == set()


def test_contents_encoded_otherwise_reboot_too() -> None:
    base = several()
    old, new = (
        base
        | {"openshift/mc.yaml": machine_config("99-a", "worker", {"/etc/motd": "a"}, form=form)}
        for form in ("base64", "percent")
    )
    assert slugs(pool(change(old, new), "worker")) == {"reboot"}


def test_a_config_for_another_role_does_nothing_here() -> None:
    base = several()
    new = base | {"openshift/mc.yaml": machine_config("99-a", "infra", {"/etc/motd": "a"})}
    assert not change(base, new).effects


def test_kubelet_settings_reboot() -> None:
    selector = 'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/worker: ""'
    old, new = (
        several(k=kubelet_config("kc", selector, f"maxPods: {pods}")) for pods in (250, 500)
    )
    found = pool(change(old, new), "worker")
    assert slugs(found) == {"reboot"}
    assert [(one.key, one.words) for one in found.changed] == [("maxPods", ("250", "500"))]


def test_a_second_kubelet_config_makes_it_depend_on_the_order() -> None:
    selector = 'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/master: ""'
    old = single(p=profile("0-1", "2-7"))
    new = old | {"openshift/kc.yaml": kubelet_config("kc", selector, "maxPods: 500")}
    assert "contested" in slugs(pool(change(old, new), "master"))
    assert "settled" in slugs(pool(change(new, old), "master"))


def test_what_is_in_no_list_of_cpus_is_not_shown() -> None:
    base = several()
    old, new = (
        base | {"openshift/mc.yaml": machine_config("99-a", "worker", {"/etc/secret": text})}
        for text in ("password one", "password two")
    )
    (one,) = pool(change(old, new), "worker").changed
    assert one.words == ("present", "changed")


def test_settings_that_tuned_applies_as_it_runs_do_not_reboot() -> None:
    tuned = """\
apiVersion: tuned.openshift.io/v1
kind: Tuned
metadata:
  name: mine
  namespace: openshift-cluster-node-tuning-operator
spec:
  profile:
  - name: mine
    data: |
      [main]
      include=openshift-node
      [sysctl]
      vm.swappiness=%s
  recommend:
  - profile: mine
    priority: 10
    machineConfigLabels:
      machineconfiguration.openshift.io/role: worker
"""
    old, new = several(t=tuned % 10), several(t=tuned % 20)
    assert slugs(pool(change(old, new), "worker")) == {"retuned"}


def test_a_hint_that_changes_kernel_arguments_reboots() -> None:
    old = single(p=profile("0-1", "2-7"))
    new = single(p=profile("0-1", "2-7", extra="workloadHints:\n  realTime: false\n"))
    assert slugs(pool(change(old, new), "master")) == {"reboot"}


# --- unpinned, floating, rejected -----------------------------------------------------------------


def test_removing_the_profile_lets_pods_float_and_adding_it_pins_them() -> None:
    old, new = single(p=profile("0-1", "2-7")), single()
    assert slugs(pool(change(old, new), "master")) == {"floats", "unpinned", "reboot"}
    assert slugs(pool(change(new, old), "master")) == {"fixed", "pinned", "reboot"}


def test_a_broken_drop_in_keeps_crio_from_starting() -> None:
    old = single(p=profile("0-1", "2-7"))
    broken = machine_config("99-x", files={"/etc/crio/crio.conf.d/99-x.conf": "[crio\n"})
    found = pool(change(old, old | {"openshift/x.yaml": broken}), "master")
    assert slugs(found) >= {"fails", "reboot"}


def test_switching_partitioning_off_takes_the_pinning_away() -> None:
    old = single(p=profile("0-1", "2-7"))
    new = old | {"openshift/infra.yaml": infrastructure("None")}
    assert slugs(pool(change(old, new), "master")) >= {"unpinned", "reboot"}
    assert slugs(pool(change(new, old), "master")) >= {"pinned", "reboot"}


# --- the third day-2 story and the first risk: a pool is added ------------------------------------


@pytest.mark.parametrize(
    ("release", "inherits", "effects"),
    [
        ("4.12", True, {"added"}),
        ("4.12", False, {"added"}),
        ("4.13", True, {"added", "floats"}),
        ("4.13", False, {"added", "rejected"}),
        ("4.18", True, {"added", "floats"}),
        ("4.18", False, {"added", "rejected"}),
    ],
)
def test_a_pool_added_without_a_profile(release: str, inherits: bool, effects: set[str]) -> None:
    old = several(p=profile("0-1", "2-7", selector=MASTER))
    new = old | {"openshift/cnf.yaml": custom_pool("cnf", inherits=inherits)}
    assert slugs(pool(change(old, new, release=release), "cnf")) == effects


def test_a_pool_added_with_a_profile_is_pinned_whether_it_inherits_or_not() -> None:
    old = several(p=profile("0-1", "2-7", selector=MASTER))
    for inherits in (True, False):
        new = old | {
            "openshift/cnf.yaml": custom_pool("cnf", inherits=inherits),
            "openshift/q.yaml": profile("0-3", "4-7", name="cnf", selector=CNF),
        }
        found = pool(change(old, new, release="4.16"), "cnf")
        assert slugs(found) == {"added"}
        assert found.new is not None
        assert str(found.new.management) == "0-3"


def test_a_pool_that_was_there_at_installation_keeps_its_file() -> None:
    old = several(p=profile("0-1", "2-7", selector=MASTER), cnf=custom_pool("cnf", inherits=False))
    new = old | {"openshift/p.yaml": profile("0-2", "3-7", selector=MASTER)}
    found = pool(change(old, new, release="4.16"), "cnf")
    assert found.new is not None
    assert found.new.outcome.fate.value == "partitioned, floating"


# --- releases -------------------------------------------------------------------------------------


def test_a_release_that_nobody_names_is_not_taken_for_an_upgrade() -> None:
    version = (
        "apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata:\n  name: version\n"
        "spec:\n  channel: stable-4.16\n"
    )
    old = single(p=profile("0-1", "2-7"))
    (found,) = planned(old, old | {"openshift/v.yaml": version}).clusters
    assert found.change is not None
    assert not found.change.upgraded
    assert not found.effects


def test_an_upgrade_alone_shows_what_the_operator_renders_otherwise() -> None:
    old = single(p=profile("0-1", "2-7"))
    found = change(old, old, release="4.19", to="4.20")
    assert found.upgraded
    keys = {one.key for one in pool(found, "master").changed}
    assert "rps_default_mask in 99-default-rps-mask.conf" in keys
    assert slugs(pool(found, "master")) == {"reboot"}


def test_a_template_is_not_guessed() -> None:
    old = single(p=profile("{{ .reserved }}", "2-7"))
    new = single(p=profile("{{ .other }}", "2-7"))
    assert slugs(pool(change(old, new), "master")) == {"unknown"}


def test_a_templated_profile_still_says_what_is_known_to_change() -> None:
    extra = "additionalKernelArgs:\n- {{ .args }}\n".replace("{{ .args }}", "'{{ .args }}'")
    old = single(p=profile("0-1", "2-7", extra=extra))
    new = single(p=profile("0-2", "3-7", extra=extra))
    assert slugs(pool(change(old, new), "master")) >= {"moves"}


def test_a_paused_pool_waits() -> None:
    paused = pool_manifest("worker", "paused: true")
    base = several(w=paused)
    new = base | {"openshift/mc.yaml": machine_config("99-a", "worker", {"/etc/motd": "a"})}
    assert pool(change(base, new), "worker").paused


# --- what only the operators write ----------------------------------------------------------------


@pytest.mark.parametrize("release", ["4.10", "4.12"])
def test_until_4_12_the_mask_for_packets_is_an_argument_of_a_unit(release: str) -> None:
    old, new = single(p=profile("0-1", "2-7")), single(p=profile("0-2", "3-7"))
    (mask,) = [one for one in pool(change(old, new, release), "master").changed if "rps" in one.key]
    assert (mask.key, mask.words) == ("mask of update-rps@.service", ("00000003", "00000007"))
    assert mask.reboots
    assert mask.new is not None
    assert mask.new.ref.text == "0-2"


def test_without_packet_steering_there_is_no_such_mask() -> None:
    hint = "workloadHints:\n  realTime: false\n"
    old, new = (single(p=profile(*cpus, extra=hint)) for cpus in (("0-1", "2-7"), ("0-2", "3-7")))
    assert not [c.key for c in pool(change(old, new, "4.12"), "master").changed if "rps" in c.key]
    on = single(p=profile("0-1", "2-7"))
    (gone,) = [c for c in pool(change(on, old, "4.12"), "master").changed if "rps" in c.key]
    assert gone.words == ("00000003", "nothing")


def runtime(settings: str, selector: str = "") -> str:
    """Return a ContainerRuntimeConfig."""
    selected = (
        f"  machineConfigPoolSelector:\n    matchLabels:\n      {selector}\n" if selector else ""
    )
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: ContainerRuntimeConfig\n"
        f"metadata:\n  name: limits\nspec:\n{selected}  containerRuntimeConfig:\n    {settings}\n"
    )


OF_MASTERS = 'pools.operator.machineconfiguration.openshift.io/master: ""'


def test_settings_of_the_container_runtime_reboot() -> None:
    base = single(p=profile("0-1", "2-7"))
    old = base | {"openshift/crc.yaml": runtime("pidsLimit: 100", OF_MASTERS)}
    new = base | {"openshift/crc.yaml": runtime("pidsLimit: 200", OF_MASTERS)}
    found = pool(change(old, new), "master")
    assert slugs(found) == {"reboot"}
    (one,) = found.changed
    assert (one.key, one.words) == ("container runtime pidsLimit", ("100", "200"))
    assert one.new is not None
    assert one.new.ref.file.name == "openshift/crc.yaml"
    added = pool(change(base, new), "master")
    assert slugs(added) == {"reboot"}
    assert [c.words for c in added.changed] == [("nothing", "200")]


@pytest.mark.parametrize(
    "selector",
    ["", 'pools.operator.machineconfiguration.openshift.io/worker: ""', "custom: none"],
)
def test_a_container_runtime_of_other_pools_does_nothing_here(selector: str) -> None:
    old = single(p=profile("0-1", "2-7"), crc=runtime("pidsLimit: 100", selector))
    new = single(p=profile("0-1", "2-7"), crc=runtime("pidsLimit: 200", selector))
    assert slugs(pool(change(old, new), "master")) == set()
