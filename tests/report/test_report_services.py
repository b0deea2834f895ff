"""What the formats of services promise beyond their grammar."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import report_samples as samples
from builders import CRIO, machine_config, profile, rules, workload
from test_report_hostile import commands

from linter.engine.findings import Fix, Severity
from linter.engine.outcome import Outcome, Summary, Suppressed
from linter.engine.run import lint
from linter.records import replace
from linter.report import FORMATS, render, render_step_summary
from linter.sources.text import File, Ref, Replacement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.engine.findings import Finding

    Tree = Callable[[Mapping[str, str | bytes]], str]


def many(*counts: tuple[Severity, int]) -> tuple[Finding, ...]:
    """So many findings of each severity, in that order."""
    return tuple(
        replace(samples.cpuset_mismatch(severity=severity), message=f"Number {number}.")
        for severity, count in counts
        for number in range(count)
    )


@pytest.mark.parametrize(
    ("counts", "shown", "left"),
    [
        ((10, 10, 10), (10, 10, 10), 0),
        ((11, 0, 0), (10, 0, 0), 1),
        ((0, 0, 11), (0, 0, 9), 2),
        ((30, 12, 10), (10, 10, 9), 23),
    ],
)
def test_a_step_of_github_gets_what_it_can_show(
    counts: tuple[int, ...], shown: tuple[int, ...], left: int
) -> None:
    levels = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    findings = many(*zip(levels, counts, strict=True))
    annotations = commands(render("github", samples.of(*reversed(findings))))[2:]
    kinds = [kind for kind, properties, _ in annotations if "file" in properties]
    assert tuple(kinds.count(kind) for kind in ("error", "warning", "notice")) == shown
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
    assert [kind for kind, _, _ in annotations].count("notice") <= 10
    last = annotations[-1]
    assert ("more" in last[2]) is bool(left)
    if left:
        assert last[2].startswith(f"{left} more ")
        assert last[1] == {"title": "wplint"}


def test_the_log_of_github_has_what_is_not_shown() -> None:
    findings = many((Severity.ERROR, 14))
    report = render("github", samples.of(*findings))
    folded = report.partition("::endgroup::")[0]
    assert all(f"Number {number}." in folded for number in range(14))


def test_columns_are_left_out_where_github_would_take_them_for_one_line() -> None:
    (several,) = [item for item in samples.awkward().findings if "folded" in str(item.labels)]
    (annotation,) = commands(render("github", samples.of(several)))[2:]
    assert set(annotation[1]) == {"file", "line", "endLine", "title"}
    assert int(annotation[1]["endLine"]) > int(annotation[1]["line"])


def test_the_summary_of_a_step_stays_below_what_github_takes() -> None:
    findings = tuple(replace(samples.cpuset_mismatch(), message="x" * 1900) for _ in range(2000))
    text = render_step_summary(samples.of(*findings))
    assert len(text.encode()) < 1024 * 1024
    assert "more findings did not fit here." in text
    assert "| clusters | 1 |" in text


def test_fingerprints_of_gitlab_are_those_of_the_findings_and_never_twice_the_same() -> None:
    same = samples.cpuset_mismatch()
    issues = json.loads(render("gitlab", samples.of(same, same, same)))
    prints = [issue["fingerprint"] for issue in issues]
    assert prints[0] == same.fingerprint
    assert len(set(prints)) == 3
    assert render("gitlab", Outcome()) == "[]\n"


def test_a_case_of_junit_keeps_its_name_whether_it_passes_or_fails() -> None:
    clean, broken = samples.clean(), samples.cpuset_mismatch()
    rules = samples.rules()
    passing = names_of(replace(clean, rules=rules))
    failing = names_of(replace(clean, rules=rules, findings=(broken, broken)))
    assert passing == {
        ("cluster site-a", "WPL301 crio-workload-cpuset-mismatch"): "",
        ("cluster site-a", "WPL320 crio-cpushares"): "",
        ("wplint", "the manifests are read and understood"): "",
    }
    assert failing == passing | {
        ("cluster site-a", "WPL301 crio-workload-cpuset-mismatch"): "failure",
        ("cluster site-a", "WPL301 crio-workload-cpuset-mismatch (2)"): "failure",
    }


@pytest.mark.parametrize("level", Severity)
def test_junit_fails_where_the_run_does(level: Severity) -> None:
    findings = many((Severity.ERROR, 1), (Severity.WARNING, 1), (Severity.INFO, 1))
    for finding in findings:
        outcome = replace(samples.of(finding), fail_level=level)
        fails = "failure" in names_of(outcome).values()
        assert fails is (finding.severity >= level)
        assert finding.message in render("junit", outcome)


def test_junit_does_not_pass_for_want_of_manifests() -> None:
    case = ("wplint", "the manifests are read and understood")
    assert names_of(Outcome())[case] == "skipped"
    assert names_of(Outcome(shortfalls=("nothing",)))[case] == "failure"
    assert names_of(samples.clean())[case] == ""


def names_of(outcome: Outcome) -> dict[tuple[str, str], str]:
    """The cases of a JUnit report, and how each went."""
    cases = ET.fromstring(render("junit", outcome)).iter("testcase")
    return {
        (case.get("classname", ""), case.get("name", "")): "".join(
            child.tag for child in case if child.tag != "system-out"
        )
        for case in cases
    }


def sarif(outcome: Outcome) -> Any:
    (run,) = json.loads(render("sarif", outcome))["runs"]
    return run


def test_a_clean_sarif_log_has_rules_and_results() -> None:
    run = sarif(Outcome())
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    assert "nothing was checked" in str(run["invocations"])


def test_every_rule_is_described_as_github_asks() -> None:
    described = sarif(replace(samples.clean(), rules=rules()))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == [rule.code for rule in rules()]
    for rule in described:
        assert rule["name"].isalnum()
        assert rule["name"][0].isupper()
        assert rule["name"] != rule["id"]
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["markdown"].startswith("# ")
        assert "title=" not in rule["help"]["markdown"]
        assert len(rule["properties"]["tags"]) <= 10


def test_findings_are_no_failure_of_the_tool() -> None:
    assert sarif(samples.of(samples.overlap()))["invocations"] == [{"executionSuccessful": True}]
    assert not sarif(samples.everything())["invocations"][0]["executionSuccessful"]


@pytest.mark.parametrize(
    ("kind", "sarif_kind"),
    [
        ("comment", "inSource"),
        ("annotation", "inSource"),
        ("configuration", "external"),
        ("baseline", "external"),
    ],
)
def test_suppressed_findings_are_left_out_unless_they_are_asked_for(
    kind: str, sarif_kind: str
) -> None:
    hidden = Suppressed(samples.overlap(), "checked by hand [a](b)", kind)
    outcome = replace(samples.of(samples.cpuset_mismatch()), suppressed=(hidden,))
    for name in FORMATS:
        assert "CPU 2 is both" not in render(name, outcome)
    assert sarif(outcome)["properties"]["suppressed"] == 1
    shown = sarif(replace(outcome, show_suppressed=True))
    reported, suppressed = shown["results"]
    assert "suppressions" not in reported
    assert suppressed["ruleId"] == "WPL104"
    assert suppressed["suppressions"] == [
        {"kind": sarif_kind, "status": "accepted", "justification": "checked by hand [a](b)"}
    ]
    unexplained = replace(hidden, reason="")
    shown = sarif(replace(outcome, show_suppressed=True, suppressed=(unexplained,)))
    assert "justification" not in shown["results"][1]["suppressions"][0]


def test_a_fix_in_a_sarif_log_does_what_it_says() -> None:
    finding = samples.overlap()
    (fix,) = sarif(samples.of(finding))["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    lines = finding.primary.ref.file.text.split("\n")
    line = lines[region["startLine"] - 1]
    head, tail = line[: region["startColumn"] - 1], line[region["endColumn"] - 1 :]
    assert head + replacement["insertedContent"]["text"] + tail == "    isolated: 3-23,27-47"
    assert region["startLine"] == region["endLine"]


def test_fixes_that_meet_in_the_same_characters_are_left_out() -> None:
    file = File("a.yaml", "reserved: 0-3\n")
    whole, part = Ref(file, 10, 13), Ref(file, 12, 13)
    finding = samples.finding_at(whole.label("here"))
    apart = Fix("set", (Replacement(Ref(file, 10, 11), "1"), Replacement(part, "7")))
    meeting = Fix("set", (Replacement(whole, "1-7"), Replacement(part, "7")))
    assert "fixes" in sarif(samples.of(replace(finding, fix=apart)))["results"][0]
    assert "fixes" not in sarif(samples.of(replace(finding, fix=meeting)))["results"][0]


def test_names_of_files_are_encoded_byte_by_byte() -> None:
    file = File("x", "reserved: 0-3\n", "a b/\udcff é.yaml")
    finding = samples.finding_at(Ref(file, 10, 13).label("here"))
    outcome = replace(samples.of(finding), repository_paths={file.path: file.path})
    place = sarif(outcome)["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {
        "uri": "a%20b/%FF%20%C3%A9.yaml",
        "uriBaseId": "%SRCROOT%",
    }
    outside = replace(outcome, repository_paths={file.path: "/srv/a.yaml"})
    place = sarif(outside)["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "file:///srv/a.yaml"}


def test_every_report_counts_what_was_not_understood() -> None:
    summary = Summary(files=9, relevant=7, manifests=5, templated=41, unreadable=3)
    outcome = Outcome(summary=summary)
    assert sarif(outcome)["properties"]["templated"] == 41
    assert json.loads(render("json", outcome))["summary"]["unreadable"] == 3
    assert '<property name="unreadable" value="3"/>' in render("junit", outcome)
    assert "| files or payloads not readable to their end | 3 |" in render_step_summary(outcome)


def test_unreadable_input_is_counted_once_though_two_clusters_share_it(tree: Tree) -> None:
    broken = machine_config("60", files={CRIO + "98": workload("0-1")}).replace(
        ";base64,", ";base64,!!!"
    )
    folder = tree(
        {
            "a/openshift/profile.yaml": profile("0-1", "2-7"),
            "a/openshift/one.yaml": broken,
            "a/openshift/two.yaml": "kind: MachineConfig\nspec: [\n",
        }
    )
    assert lint([folder], rules()).summary.unreadable == 2
