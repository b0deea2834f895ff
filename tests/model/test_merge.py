"""Selection and merging of MachineConfigs (openshift/machine-config-operator)."""

from __future__ import annotations

import itertools
from textwrap import indent

import pytest
from builders import (
    CRIO,
    PINNING,
    facts_of,
    file_entry,
    machine_config,
    node,
    pinning,
    pool,
    workload,
)

from linter.model.merge import merge_order
from linter.model.releases import CUSTOM_POOL_BEATS_WORKER, Release, Releases, Undecided

CUSTOM = """
machineConfigSelector:
  matchExpressions:
  - {key: machineconfiguration.openshift.io/role, operator: In, values: [worker, cnf]}
nodeSelector:
  matchLabels:
    node-role.kubernetes.io/cnf: ""
"""


def order_of(pool_name: str, *texts: str, release: str = "4.16") -> list[str]:
    merged = node(pool_name, *texts, release=release).merged
    return [config.name for config in merged.order]


# --- selection -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("selector", "taken"),
    [
        ("{matchLabels: {role: x}}", ["one"]),
        ("{matchExpressions: [{key: role, operator: Exists}]}", ["one"]),
        ("{matchExpressions: [{key: role, operator: DoesNotExist}]}", ["two"]),
        ("{matchExpressions: [{key: role, operator: NotIn, values: [x]}]}", ["two"]),
        ("{matchExpressions: [{key: role, operator: In, values: [x, z]}]}", ["one"]),
        ("{matchLabels: {role: x}, matchExpressions: [{key: a, operator: Exists}]}", []),
        ("{}", []),
        ("", []),
    ],
)
def test_a_pool_takes_the_configs_that_its_selector_selects(
    selector: str, taken: list[str]
) -> None:
    one = machine_config("one").replace("machineconfiguration.openshift.io/role: master", "role: x")
    two = machine_config("two").replace("machineconfiguration.openshift.io/role: master", "b: c")
    declared = pool("special", f"machineConfigSelector: {selector}\n")
    assert order_of("special", declared, one, two) == taken
    assert order_of("special", pool("special"), one, two) == []


def test_built_in_pools_need_no_manifest_and_a_bare_one_changes_nothing() -> None:
    configs = machine_config("a", "master"), machine_config("b", "worker")
    assert order_of("master", *configs) == ["a"]
    assert order_of("worker", *configs) == ["b"]
    assert order_of("master", pool("master", "paused: true"), *configs) == ["a"]


def test_a_template_leaves_open_whether_a_config_is_taken() -> None:
    merged = node("master", machine_config("a", "'{{ .role }}'")).merged
    assert merged.order == ()
    assert [config.name for config in merged.undecided] == ["a"]


# --- order ---------------------------------------------------------------------------------------

IN_CUSTOM = (
    machine_config("01-cnf", "cnf"),
    machine_config("50-performance-worker", "worker"),
    machine_config("99-cnf", "cnf"),
    machine_config("98-worker", "worker"),
)


@pytest.mark.parametrize("texts", list(itertools.permutations(IN_CUSTOM))[::5])
def test_until_4_14_names_decide_and_since_4_15_worker_comes_first(texts: tuple[str, ...]) -> None:
    texts = (pool("cnf", CUSTOM), *texts)
    by_name = ["01-cnf", "50-performance-worker", "98-worker", "99-cnf"]
    worker_first = ["50-performance-worker", "98-worker", "01-cnf", "99-cnf"]
    assert order_of("cnf", *texts, release="4.14") == by_name
    assert order_of("cnf", *texts, release="4.15") == worker_first


def test_names_are_compared_byte_by_byte() -> None:
    names = ["B", "a", "a-", "a.", "a0", "é", "\U0001f600", "\ufffd"]
    configs = facts_of(*(machine_config(name) for name in reversed(names))).machine_configs
    ordered = merge_order(configs, Releases.only(Release(12)))
    assert [config.name for config in ordered] == sorted(names, key=str.encode)


def test_the_release_is_only_asked_for_where_it_makes_a_difference() -> None:
    same = facts_of(machine_config("01", "worker"), machine_config("02", "cnf")).machine_configs
    assert [c.name for c in merge_order(same, Releases.every())] == ["01", "02"]
    other = facts_of(machine_config("01", "cnf"), machine_config("02", "worker")).machine_configs
    with pytest.raises(Undecided) as error:
        merge_order(other, Releases.every())
    assert error.value.gate is CUSTOM_POOL_BEATS_WORKER


# --- what merges how -----------------------------------------------------------------------------


def test_of_a_file_the_last_contents_count_and_an_entry_without_keeps_them() -> None:
    merged = node(
        "master",
        machine_config("01", files={PINNING: pinning("0-1"), "/a": "first"}),
        machine_config("02", files={PINNING: pinning("0-3")}),
        machine_config("03", files={PINNING: None}),
    ).merged
    file = merged.file(PINNING)
    assert file is not None
    assert [layer.machine_config.name for layer in file.layers] == ["01", "02", "03"]
    assert file.winner is not None
    assert file.winner.machine_config.name == "02"
    assert [layer.machine_config.name for layer in file.shadowed] == ["01"]
    assert merged.file("/a") is not None
    assert merged.file("/b") is None


def test_a_file_without_contents_anywhere_is_empty() -> None:
    config = node("master", machine_config("01", files={PINNING: None}))
    file = config.merged.file(PINNING)
    assert file is not None
    assert file.winner is None
    assert file.shadowed == ()
    assert config.pinning is not None
    assert config.pinning.cpuset is None


def test_within_one_config_the_last_entry_for_a_path_counts() -> None:
    text = machine_config("01", files={PINNING: pinning("0-1")})
    entry = indent(file_entry(PINNING, pinning("0-7")), " " * 8)
    config = node("master", text + entry)
    assert config.pinning is not None
    assert config.pinning.cpuset is not None
    assert config.pinning.cpuset.text == "0-7"


def test_units_are_merged_by_name_field_by_field() -> None:
    first = """
        - name: a.service
          enabled: true
          contents: one
          dropins: [{name: x.conf, contents: dx}]
    """
    second = """
        - name: a.service
          dropins: [{name: x.conf, contents: ex}, {name: y.conf, contents: ey}]
    """
    third = "- name: a.service\n  enabled: false\n- name: b.service\n  contents: two\n"
    merged = node(
        "master",
        machine_config("01", units=first),
        machine_config("02", units=second),
        machine_config("03", units=third),
    ).merged
    unit = merged.units["a.service"]
    assert unit.contents is not None
    assert unit.contents.text == "one"
    assert {name: text.text for name, text in unit.dropins.items()} == {
        "x.conf": "ex",
        "y.conf": "ey",
    }
    assert unit.enabled is False
    assert list(merged.units) == ["a.service", "b.service"]
    assert merged.units["b.service"].enabled is None


def test_kernel_arguments_are_concatenated_and_none_is_dropped() -> None:
    merged = node(
        "master",
        machine_config("02", kernel_arguments=["a=1", "b c=2"]),
        machine_config("01", kernel_arguments=["a=1", "'d=\"3 4\"'"]),
    ).merged
    assert [(x.argument.name, x.argument.value) for x in merged.kernel_arguments] == [
        ("a", "1"), ("d", "3 4"), ("a", "1"), ("b", None), ("c", "2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("types", "effective"),
    [
        ([], "default"),
        (["realtime"], "realtime"),
        (["realtime", "default"], "realtime"),
        (["realtime", '""'], "realtime"),
        (["realtime", "64k-pages"], "64k-pages"),
        (["64k-pages", "realtime", "default"], "realtime"),
        (["default"], "default"),
    ],
)
def test_the_last_special_kernel_counts(types: list[str], effective: str) -> None:
    texts = [machine_config(f"0{n}", extra=f"kernelType: {t}\n") for n, t in enumerate(types)]
    assert node("master", *texts, machine_config("z")).merged.kernel_type == effective


def test_extensions_add_up_and_one_fips_is_enough() -> None:
    merged = node(
        "master",
        machine_config("01", extra="extensions: [usbguard, kerberos]\nfips: true\n"),
        machine_config("02", extra="extensions: [usbguard]\nfips: false\n"),
    ).merged
    assert merged.extensions == ("kerberos", "usbguard")
    assert merged.fips is True
    assert node("master", machine_config("01")).merged.fips is False


@pytest.mark.parametrize(("later", "mode"), [("", 0o600), ("mode: 420", 0o644)])
def test_a_mode_that_is_not_stated_again_stays(later: str, mode: int) -> None:
    files = "config:\n  ignition: {{version: 3.2.0}}\n  storage:\n    files:\n    - {}\n"
    first = "{path: /etc/a, mode: 0600, contents: {source: 'data:,x'}}"
    again = f"{{path: /etc/a, contents: {{source: 'data:,y'}}{', ' + later if later else ''}}}"
    texts = [
        machine_config("01").partition("  config:")[0] + indent(files.format(first), "  "),
        machine_config("02").partition("  config:")[0] + indent(files.format(again), "  "),
    ]
    merged = node("master", *texts).merged
    assert merged.files["/etc/a"].mode == mode


def test_what_a_worker_config_writes_loses_to_a_custom_one_since_4_15() -> None:
    texts = (
        pool("cnf", CUSTOM),
        machine_config("01-cnf-cpu-partitioning", "cnf", {PINNING: pinning("")}),
        machine_config(
            "50-performance-worker",
            "worker",
            {PINNING: pinning("0-1"), CRIO + "99-workload-pinning.conf": workload("0-1")},
        ),
    )
    found = {}
    for release in ("4.14", "4.15"):
        config = node("cnf", *texts, release=release)
        assert config.pinning is not None
        assert config.pinning.cpuset is not None
        assert config.crio.management is not None
        assert config.crio.management.cpuset is not None
        found[release] = (config.pinning.cpuset.text, config.crio.management.cpuset.text)
    assert found == {"4.14": ("0-1", "0-1"), "4.15": ("", "0-1")}
