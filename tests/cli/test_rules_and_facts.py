"""``wplint rules``, ``wplint explain`` and ``wplint facts``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from builders import rules

from linter.engine.pages import SECTIONS, page_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from command_line import Run

RULES = rules()
RULES_BY_CODE = {rule.code: rule for rule in RULES}


def test_rules_are_listed_one_per_line(run: Callable[..., Run]) -> None:
    done = run("rules")
    head, *lines = done.out.splitlines()
    assert head.split() == ["code", "name", "severity", "fix", "releases"]
    assert len(lines) == len(RULES) > 0
    for line, rule in zip(lines, RULES, strict=True):
        page = page_for(rule)
        assert line.split(maxsplit=4) == [
            rule.code,
            rule.name,
            rule.severity.value,
            page.fix,
            page.releases,
        ]
    assert max(map(len, (head, *lines))) <= 80
    assert "\x1b" not in done.out


def test_rules_as_json(run: Callable[..., Run]) -> None:
    listed = json.loads(run("rules", "--output", "json").out)
    assert listed["version"] == 1
    assert [entry["code"] for entry in listed["rules"]] == [rule.code for rule in RULES]
    entries = {entry["code"]: entry for entry in listed["rules"]}
    assert entries["WPL301"] | {"summary": "", "requires": []} == {
        "code": "WPL301",
        "name": "crio-workload-cpuset-mismatch",
        "severity": "error",
        "group": "agreement",
        "fix": "safe",
        "releases": "all",
        "since": None,
        "until": None,
        "summary": "",
        "requires": [],
    }
    assert (entries["WPL411"]["since"], entries["WPL411"]["until"]) == ("4.14", "4.16")


def test_rules_as_a_table(run: Callable[..., Run]) -> None:
    head, line, *rows = run("rules", "--output", "markdown").out.splitlines()
    assert head == "| Code | Rule | Severity | Fix | Releases | What holds |"
    assert line == "|---|---|---|---|---|---|"
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [r.code for r in RULES]


def test_explain_takes_code_name_and_beginning(run: Callable[..., Run]) -> None:
    by_code = run("explain", "WPL301")
    assert by_code.status == 0
    assert by_code.out.startswith("error[WPL301] crio-workload-cpuset-mismatch\n")
    assert "safe fix · all releases · agreement\n" in by_code.out
    assert "\nHow to fix\n──────────\n" in by_code.out
    assert "\x1b" not in by_code.out
    assert all(line == line.rstrip() for line in by_code.out.splitlines())
    for word in ("wpl301", "crio-workload-cpuset-mismatch", "crio-workload-cpuset-m"):
        assert run("explain", word).out == by_code.out


def test_prose_of_a_page_fits_80_columns_and_files_stay_whole(run: Callable[..., Run]) -> None:
    files = {
        line
        for example in (*page_for(RULES_BY_CODE["WPL301"]).bad,)
        for file in example.files
        for line in file.text.splitlines()
        if len(line) > 100
    }
    lines = run("explain", "WPL301").out.splitlines()
    assert files
    assert files <= {line.removeprefix("  │ ") for line in lines}
    assert max(len(line) for line in lines if not line.startswith("  │ ")) <= 80


def test_a_page_as_markdown(run: Callable[..., Run]) -> None:
    done = run("explain", "WPL203", "--output", "markdown")
    page = page_for(RULES_BY_CODE["WPL203"])
    title, _, facts, _, *rest = done.out.splitlines()
    assert title == f"# {page.title}"
    assert facts == (
        "`WPL203` `profile-coverage-hole` · warning · no automatic fix · all releases · profile"
    )
    assert "\n".join(rest).startswith("## What it checks")
    assert ".md)" not in done.out


def test_pages_as_json(run: Callable[..., Run]) -> None:
    (one,) = json.loads(run("explain", "WPL230", "-o", "json").out)["rules"]
    assert (one["code"], one["fix"]) == ("WPL230", "none")
    assert [section["heading"] for section in one["sections"]] == list(SECTIONS)
    (bad,) = one["bad"]
    assert bad["topology"] == ["lscpu.json"]
    assert [file["path"] for file in bad["files"]] == ["manifests/profile.yaml", "lscpu.json"]
    assert bad["findings"] == [
        {"rule": "WPL230", "severity": "error", "path": "manifests/profile.yaml", "line": 8}
    ]
    every = json.loads(run("explain", "--all", "-o", "json").out)["rules"]
    assert [entry["code"] for entry in every] == [rule.code for rule in RULES]


def test_every_rule_can_be_explained(run: Callable[..., Run]) -> None:
    done = run("explain", "--all")
    assert (done.status, done.err) == (0, "")
    for rule in RULES:
        assert f"{rule.severity.value}[{rule.code}] {rule.name}\n" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain"], "name one rule, or ask for all of them with --all"),
        (["explain", "WPL301", "--all"], "name one rule, or ask for all of them with --all"),
        (["explain", "WPL301", "-o", "docs"], "'docs' is none of full, json, markdown"),
        (["explain", "WPL3"], "names "),
        (["explain", "--all", "-o", "/proc/none/rules"], "cannot write to '/proc/none/rules'"),
    ],
)
def test_wrong_usage_of_explain(run: Callable[..., Run], arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert (done.status, done.out) == (2, "")
    assert words in done.err


def test_facts_show_what_was_understood(run: Callable[..., Run], broken: Path) -> None:
    done = run("facts", broken)
    assert (done.status, done.err) == (0, "")
    facts = json.loads(done.out)
    assert facts["version"] == 1
    assert facts["files"] == {"found": 3, "relevant": 3, "skipped": [], "notes": []}
    (cluster,) = facts["clusters"]
    assert cluster["partitioning"]["mode"] == "AllNodes"
    (signal,) = cluster["partitioning"]["signals"]
    assert signal["says"] == {"state": "stated", "value": "AllNodes"}
    assert signal["place"] == {
        "path": f"{broken}/install-config.yaml",
        "line": 5,
        "column": 22,
    }
    assert cluster["size"] == {"single_node": True, "worker_nodes": False, "arbiter": False}
    (profile,) = cluster["profiles"]
    assert (profile["name"], profile["pools"]) == ("lane", ["master"])


def test_facts_have_every_statement_with_its_place(run: Callable[..., Run], broken: Path) -> None:
    (cluster,) = json.loads(run("facts", broken).out)["clusters"]
    stated = {entry["field"]: entry for entry in cluster["cpu_statements"]}
    assert set(stated) >= {"spec.cpu.reserved", "spec.cpu.isolated", "management.cpuset"}
    pinned = stated["resources.cpuset"]
    assert (pinned["text"], pinned["cpus"]) == ("0-1,20-24", "0-1,20-24")
    place = pinned["place"]
    assert place["payload"] == "/etc/crio/crio.conf.d/99-workload-pinning.conf"
    assert (place["payload_line"], place["payload_column"]) == (4, 44)
    manifest = (broken / "openshift" / "50-performance-lane.yaml").read_text().splitlines()
    assert "base64," in manifest[place["line"] - 1][: place["column"]]


def test_facts_have_the_files_of_a_pool_and_the_winner(
    run: Callable[..., Run], broken: Path
) -> None:
    later = broken / "openshift" / "99-override.yaml"
    text = (broken / "openshift" / "50-performance-lane.yaml").read_text()
    later.write_text(text.replace("name: 50-performance-lane", "name: 99-override"))
    (cluster,) = json.loads(run("facts", broken).out)["clusters"]
    pool = next(pool for pool in cluster["pools"] if pool["name"] == "master")
    assert [config["name"] for config in pool["machine_configs"]] == [
        "50-performance-lane",
        "99-override",
    ]
    for file in pool["files"]:
        layers = [(entry["machine_config"], entry["wins"]) for entry in file["entries"]]
        assert layers == [("50-performance-lane", False), ("99-override", True)]
    assert pool["crio"]["management"]["machine_config"] == "99-override"
    assert pool["declared"] is None


def test_facts_of_awkward_manifests(run: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "kind: PerformanceProfile\napiVersion: performance.openshift.io/v2\n"
        "metadata: {name: 1}\nspec:\n  cpu: {reserved: 3-1, isolated: '{{ hub }}', shared: [1]}\n"
        "  nodeSelector: {a/b: '', c: '{{x}}'}\n---\n"
        "kind: MachineConfig\napiVersion: machineconfiguration.openshift.io/v1\n"
        "spec: {config: {storage: {files: [{path: /a, contents: {source: 'data:;base64,%'}}]}}}\n"
        "---\nkind: Infrastructure\napiVersion: config.openshift.io/v1\nmetadata: {name: cluster}\n"
        "status: {cpuPartitioning: [x]}\n"
    )
    (tmp_path / "b.yaml").write_text("kind: PerformanceProfile\n  x: [")
    done = run("facts", tmp_path)
    assert done.status == 0
    (cluster,) = json.loads(done.out)["clusters"]
    states = {entry["field"]: entry for entry in cluster["cpu_statements"]}
    assert states["spec.cpu.reserved"]["error"]
    assert states["spec.cpu.isolated"]["templated"]
    assert states["spec.cpu.shared"]["found"] == "a list"
    assert cluster["partitioning"]["mode"] == "unknown"
    assert cluster["unreadable"]
    assert all(_places(cluster))


def _places(value: Any) -> Iterator[bool]:
    """Yield whether each place has a path and counts from 1."""
    if isinstance(value, list):
        for item in value:
            yield from _places(item)
    elif isinstance(value, dict):
        if "line" in value:
            yield bool(value["path"]) and value["line"] >= 1 and value["column"] >= 1
        for item in value.values():
            yield from _places(item)
