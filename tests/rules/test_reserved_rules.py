"""What the rules about CPU lists, profiles and their agreement say where a page has no example."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from linter.engine.loader import load_rules, select_rules
from linter.engine.run import lint
from linter.model.releases import Release

if TYPE_CHECKING:
    from pathlib import Path

    from linter.engine.findings import Finding
    from linter.engine.rules import Rule

CODES = (
    "WPL001", "WPL003", "WPL101", "WPL102", "WPL104", "WPL107", "WPL202", "WPL203", "WPL301",
    "WPL303", "WPL304", "WPL305", "WPL306", "WPL309", "WPL321",
)  # fmt: skip
PINNING = "/etc/kubernetes/openshift-workload-pinning"
DROP_INS = "/etc/crio/crio.conf.d/"


@cache
def rules() -> tuple[Rule, ...]:
    return select_rules(load_rules(), CODES)


def findings(folder: Path, *documents: str, release: str | None = None) -> list[Finding]:
    path = folder / "openshift" / "all.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("---\n".join(documents), encoding="utf-8")
    outcome = lint([str(folder)], rules(), Release.parse(release) if release else None)
    assert outcome.failures == ()
    return list(outcome.findings)


def codes(folder: Path, *documents: str, release: str | None = None) -> list[tuple[str, str]]:
    found = findings(folder, *documents, release=release)
    return sorted((item.rule, item.severity.value) for item in found)


def profile(name: str = "cell", hints: str = "{}", **sets: str) -> str:
    lists = "".join(f"    {key}: {value}\n" for key, value in sets.items())
    return (
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        f"metadata: {{name: {name}}}\nspec:\n  cpu:\n{lists}"
        f"  workloadHints: {hints}\n"
        '  nodeSelector: {node-role.kubernetes.io/master: ""}\n'
    )


def machine_config(name: str = "99-pins", role: str = "master", **files: str) -> str:
    listed = "".join(
        f"      - path: {path}\n        contents: {{source: '{source}'}}\n"
        for path, source in files.items()
    )
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata:\n"
        f"  name: {name}\n  labels: {{machineconfiguration.openshift.io/role: {role}}}\n"
        "spec:\n  config:\n    ignition: {version: 3.2.0}\n    storage:\n      files:\n" + listed
    )


def url(text: str) -> str:
    return "data:," + quote(text, safe="")


def management(cpuset: str) -> str:
    return url(f'[crio.runtime.workloads.management]\nresources = {{ "cpuset" = "{cpuset}" }}\n')


def infra(cpuset: str) -> str:
    return url(f'[crio.runtime]\ninfra_ctr_cpuset = "{cpuset}"\n')


def pinning(cpuset: str) -> str:
    return url(f'{{"management": {{"cpuset": "{cpuset}"}}}}')


def kubelet(name: str, reserved: str) -> str:
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\n"
        f"metadata: {{name: {name}}}\nspec:\n  machineConfigPoolSelector:\n    matchLabels:\n"
        '      pools.operator.machineconfiguration.openshift.io/master: ""\n'
        f"  kubeletConfig: {{reservedSystemCPUs: '{reserved}'}}\n"
    )


def tuned(name: str, cores: str) -> str:
    return (
        "apiVersion: tuned.openshift.io/v1\nkind: Tuned\n"
        f"metadata: {{name: openshift-node-performance-{name}}}\nspec:\n  profile:\n"
        f"    - name: openshift-node-performance-{name}\n      data: |\n"
        f"        [variables]\n        isolated_cores={cores}\n"
    )


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("'0-3,'", "WPL101"),
        ("'0,,3'", "WPL101"),
        ("'3-0'", "WPL101"),
        ("'0x3'", "WPL101"),
        ("'0-99999999'", "WPL107"),
        ("'0 - 3'", "WPL102"),
        ('"0-3\\t"', "WPL102"),
        ("0", "WPL104"),
        ("{a: 1}", "WPL104"),
        ("true", "WPL104"),
    ],
)
def test_a_bad_list_is_one_finding(tmp_path: Path, text: str, code: str) -> None:
    assert codes(tmp_path, profile(reserved=text, isolated="1-7")) == [(code, "error")]


@pytest.mark.parametrize("text", ["$reserved", "'{{ .Values.reserved }}'", "<cpus>", "{{ x }}"])
def test_a_template_is_no_finding(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, profile(reserved=text, isolated="4-7")) == []


def test_a_number_lost_between_commas_is_not_guessed_unasked(tmp_path: Path) -> None:
    (item,) = findings(tmp_path, profile(reserved="'0,,3'", isolated="4-7"))
    assert item.fix is not None
    assert item.fix.applicability.value == "unsafe"
    assert "'0,,3'" in item.message


def test_a_single_cpu_stays_a_string_when_it_is_repaired(tmp_path: Path) -> None:
    (item,) = findings(tmp_path, profile(reserved="1 - 1", isolated="4-7", offlined="0,2-3"))
    assert item.fix is not None
    edit = item.fix.replacements[0].edit()
    assert edit is not None
    assert edit.new == "1-1"
    (item,) = findings(tmp_path, profile(reserved='"1,"', isolated="4-7", offlined="0,2-3"))
    assert item.fix is not None
    edit = item.fix.replacements[0].edit()
    assert edit is not None
    assert (edit.file.text[edit.start - 1], edit.new) == ('"', "1")


def test_the_list_that_nobody_reads_is_a_warning(tmp_path: Path) -> None:
    assert codes(tmp_path, machine_config(**{PINNING: pinning("0-1, 4")})) == [
        ("WPL102", "warning")
    ]
    assert codes(tmp_path, machine_config(**{PINNING: pinning("4-1")})) == [("WPL101", "warning")]


def test_a_long_list_is_shortened(tmp_path: Path) -> None:
    (item,) = findings(
        tmp_path,
        profile(reserved="0-1", isolated="2-7"),
        machine_config(**{PINNING: pinning(",".join(["3"] * 20_000))}),
    )
    assert len(item.message) < 400


# --- profiles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "expected"),
    [("4.14", []), ("4.15", [("WPL202", "error")]), (None, [("WPL202", "error")])],
)
def test_later_sets_are_compared_where_the_release_knows_them(
    tmp_path: Path, release: str | None, expected: list[tuple[str, str]]
) -> None:
    text = profile(reserved="0-1", isolated="2-7", shared="6-7")
    assert codes(tmp_path, text, release=release) == expected


def test_overlap_and_hole_are_one_finding_that_names_both(tmp_path: Path) -> None:
    (item,) = findings(tmp_path, profile(reserved="0-1,12-13", isolated="2-7,10-15"))
    assert item.rule == "WPL202"
    assert "CPUs 12-13" in item.message
    assert "CPUs 8-9" in item.advice


@pytest.mark.parametrize("sets", [{"isolated": "4-7"}, {"reserved": "''", "isolated": "4-7"}])
def test_a_hole_needs_both_sets(tmp_path: Path, sets: dict[str, str]) -> None:
    assert codes(tmp_path, profile(**sets)) == []


# --- agreement -----------------------------------------------------------------------------------


def test_each_wrong_file_is_named_once(tmp_path: Path) -> None:
    crio = DROP_INS + "99-pins.conf"
    good = profile(reserved="0-1", isolated="2-7")
    both = machine_config(**{crio: management("0-3"), PINNING: pinning("0-3")})
    assert codes(tmp_path, good, both) == [("WPL301", "error"), ("WPL303", "warning")]
    crio_only = machine_config(**{crio: management("0-3"), PINNING: pinning("0-1")})
    assert codes(tmp_path, good, crio_only) == [("WPL301", "error")]
    file_only = machine_config(**{crio: management("0-1"), PINNING: pinning("0-3")})
    assert codes(tmp_path, good, file_only) == [("WPL304", "error")]
    different = machine_config(**{crio: management("0-3"), PINNING: pinning("0-2")})
    assert codes(tmp_path, good, different) == [("WPL301", "error"), ("WPL303", "warning")]


def test_a_drop_in_that_cannot_be_read_may_replace_what_was_stated(tmp_path: Path) -> None:
    good = profile(reserved="0-1", isolated="2-7")
    first = {DROP_INS + "10-a.conf": management("0-3"), DROP_INS + "11-b.conf": infra("0-3")}
    unknown = {DROP_INS + "20-c.conf": url("{{ .Values.conf }}")}
    assert codes(tmp_path, good, machine_config(**first)) == [
        ("WPL301", "error"),
        ("WPL305", "error"),
    ]
    assert codes(tmp_path, good, machine_config(**first, **unknown)) == []
    after = {DROP_INS + "30-d.conf": infra("0-3")}
    assert codes(tmp_path, good, machine_config(**first, **unknown, **after)) == [
        ("WPL305", "error")
    ]


def test_without_a_profile_infrastructure_containers_are_a_warning(tmp_path: Path) -> None:
    files = {DROP_INS + "10-a.conf": management("0-3"), DROP_INS + "11-b.conf": infra("0-1")}
    assert codes(tmp_path, machine_config(**files)) == [("WPL305", "warning")]


def test_two_profiles_for_one_pool_leave_the_reserved_cpus_open(tmp_path: Path) -> None:
    two = (profile("a", reserved="0", isolated="1-7"), profile("b", reserved="0-1", isolated="2-7"))
    two = (two[0].replace("reserved: 0", 'reserved: "0"'), two[1])
    assert codes(tmp_path, *two, machine_config(**{PINNING: pinning("0-3")})) == []


def test_the_kubelet_also_reserves_the_shared_cpus(tmp_path: Path) -> None:
    mixed = profile(hints="{mixedCpus: true}", reserved="0-1", isolated="4-7", shared="2-3")
    assert codes(tmp_path, mixed, kubelet("own", "0-3")) == []
    assert codes(tmp_path, mixed, kubelet("own", "0-1")) == [("WPL306", "error")]
    assert codes(tmp_path, mixed, kubelet("performance-cell", "0-1")) == []
    assert codes(tmp_path, mixed, kubelet("performance-cell", "0-2")) == [("WPL306", "error")]
    unmixed = profile(reserved="0-1", isolated="4-7", shared="2-3")
    assert codes(tmp_path, unmixed, kubelet("own", "0-1")) == []


def test_every_kubeletconfig_of_the_pool_is_compared(tmp_path: Path) -> None:
    good = profile(reserved="0-1", isolated="2-7")
    found = findings(tmp_path, good, kubelet("performance-cell", "0-2"), kubelet("own", "0-3"))
    assert [item.rule for item in found] == ["WPL306", "WPL306"]
    assert {item.fix.applicability.value for item in found if item.fix} == {"safe", "unsafe"}


def test_tuned_is_compared_with_the_profile_that_it_is_generated_for(tmp_path: Path) -> None:
    good = profile(reserved="0-1", isolated="2-5", ovsDpdk="6-7")
    assert codes(tmp_path, good, tuned("cell", "2-7")) == []
    assert codes(tmp_path, good, tuned("cell", "2-5")) == [("WPL309", "error")]
    assert codes(tmp_path, good, tuned("cell", "${cores}")) == []
    assert codes(tmp_path, good, tuned("other", "2-5")) == []
    twice = (good, profile(reserved="0-1", isolated="2-7"))
    assert codes(tmp_path, *twice, tuned("cell", "2-4")) == []


def test_a_payload_that_is_a_template_is_no_syntax_error(tmp_path: Path) -> None:
    path = DROP_INS + "99-pins.conf"
    assert codes(tmp_path, machine_config(**{path: url("[crio.runtime]\na = $b\n")})) == []
    assert codes(tmp_path, machine_config(**{path: url("[crio.runtime]\na = b\n")})) == [
        ("WPL321", "error")
    ]


def test_a_table_that_stands_twice_is_a_syntax_error(tmp_path: Path) -> None:
    text = "[crio.runtime]\na = 1\n[crio.runtime]\nb = 2\n"
    documents = machine_config(**{DROP_INS + "99-pins.conf": url(text)})
    assert codes(tmp_path, documents) == [("WPL321", "error")]


def test_a_duplicate_key_in_a_document_without_meaning_is_left_alone(tmp_path: Path) -> None:
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, name: b}\n"
    assert codes(tmp_path, other, profile(reserved="0-1", isolated="2-7")) == []


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "openshift" / "profile.yaml"
    path.parent.mkdir()
    path.write_bytes(b"kind: PerformanceProfile\nname: \xff\n")
    (item,) = lint([str(tmp_path)], rules()).findings
    assert (item.rule, item.primary.ref.source.position(item.primary.ref.start)) == (
        "WPL001",
        (2, 7),
    )
