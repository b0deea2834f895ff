"""Reports of hostile text: nothing acts on a terminal or a log, nothing breaks a line."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import report_samples as samples
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.engine.findings import Applicability, Finding, Fix, Severity
from linter.engine.outcome import (
    ClusterOutcome,
    Outcome,
    PoolOutcome,
    RuleFailure,
    SkippedFile,
    Summary,
    Suppressed,
)
from linter.report import full, render, render_step_summary
from linter.report.styled import plain
from linter.report.visible import columns
from linter.sources.text import Embedded, File, Label, Ref, Slice

HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "::error file=a.yaml::gone",
    "\n::set-output name=a::b",
    "##[error]gone",
    "##vso[task.setvariable variable=a]b",
    "a\nb\r\nc\rd",
    "\u202egnirts\u202c",
    "\u2028\u2029\x85",
    "[red]markup[/red] [bold",
    "[a](javascript:alert) ![b](http://a.example) </failure><b> ]]> | `c` @d $e$ www.f.example",
    "a.yaml,title=b::gone%0A::error::c%25%2C",
    ":smiley: {0} %s",
    "\ud800\udfff",
    "x" * 10_000,
    "x y " * 2_500,
    "備" * 3_000,
    "\u0301" * 3_000,
    "\t" * 300,
    " " * 300,
    "",
)

SURROGATE = re.compile("[\ud800-\udfff]")
ACTS = re.compile(r"^\s*::[A-Za-z]|##[A-Za-z]*\[", re.MULTILINE)


def outcome_of(text: str, start: int = 0, end: int = 5) -> Outcome:
    """An outcome that says the text everywhere it can say anything."""
    file = File(text or "a.yaml", f"{text}0-3,8{text}\nsecond: line\n{text}")
    payload = Embedded(file.text, file, Slice(0), text)
    labels = (
        Label(Ref(file, len(text) + start, len(text) + end), text),
        Label(Ref(payload, len(text), len(text) + 5), text),
        Label(Ref(payload, 0, len(file.text)), text),
        Label(Ref(file, len(file.text), len(file.text)), "the end"),
    )
    finding = Finding(
        rule="WPL301",
        name=text,
        severity=Severity.WARNING,
        message=text,
        labels=labels,
        effect=text,
        advice=text,
        fix=Fix(text, (), Applicability.UNSAFE),
        cluster=text,
        pool=text,
        releases=text,
        fingerprint=text,
    )
    return Outcome(
        findings=(finding, samples.cpuset_mismatch()),
        clusters=(
            ClusterOutcome(text, text, text, text, (PoolOutcome(text, text, text, text),)),
            ClusterOutcome(text, text + "/", None, None, (PoolOutcome(text, None, None, None),)),
        ),
        summary=Summary(3, 2, 1, 1, (SkippedFile(text, text),) * 7, (SkippedFile(text, text),)),
        failures=(RuleFailure(text, text, text),) * 12,
        notes=(text,),
        shortfalls=(text,),
        suppressed=(Suppressed(samples.overlap(), text, "comment"),),
        show_suppressed=True,
        fail_level=Severity.INFO,
        repository_paths={text or "a.yaml": text},
    )


def check(outcome: Outcome, width: int) -> None:
    lines = plain(full.render(outcome, width)).removesuffix("\n").split("\n")
    for line in lines:
        # A path is never cut, so the heading of a frame may be as long as the path.
        assert columns(line) <= width or "┌─" in line or "├─" in line
    concise = render("concise", outcome)
    assert concise.endswith("\n")
    assert len(concise.split("\n")) == len(concise.splitlines()) + 1 == len(outcome.findings) + 1
    report = render("json", outcome)
    for text in ("\n".join(lines), concise, report):
        assert not ACTS.search(text)
        for char in set(text) - {"\n"}:
            assert unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "Me"}
    assert report.isascii()
    parsed = json.loads(report)
    first = outcome.findings[0]
    assert parsed["findings"][0]["message"] == SURROGATE.sub("\ufffd", first.message)
    path = SURROGATE.sub("\ufffd", first.primary.ref.file.name)
    assert parsed["findings"][0]["locations"][0]["path"] == path


def check_services(outcome: Outcome) -> None:
    """Check the formats that services read, which no width changes."""
    for check_format in (check_sarif, check_github, check_gitlab, check_junit, check_step_summary):
        check_format(outcome)


INERT = {"Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "Me"}


def assert_inert(text: str) -> None:
    """What a person reads holds nothing that acts, and no value that goes on forever."""
    assert not ACTS.search(text)
    assert not {unicodedata.category(char) for char in set(text) - {"\n"}} & INERT
    assert len(text) < 100_000


def texts_of(value: Any, *, skip: frozenset[str] = frozenset()) -> list[str]:
    """All strings in a document, but those under some keys."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        items: Any = [item for key, item in value.items() if key not in skip]
    else:
        items = value if isinstance(value, list) else []
    return [text for item in items for text in texts_of(item, skip=skip)]


RAW = frozenset({"markdown", "insertedContent", "wplint/v1", "properties"})
"""Keys of SARIF whose values are code, or identities, and shown to nobody as they are."""


def check_sarif(outcome: Outcome) -> None:
    report = render("sarif", outcome)
    assert report.isascii()
    assert not ACTS.search(report)
    run = json.loads(report)["runs"][0]
    assert len(run["results"]) == len(outcome.findings) + len(outcome.suppressed)
    for text in texts_of(run, skip=RAW):
        assert_inert(text)
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result, finding in zip(run["results"], outcome.findings, strict=False):
        assert result["ruleId"] in known
        links = re.findall(r"(?<!\\)\]\(([^)]*)\)", result["message"]["text"])
        assert links == [str(number) for number in range(1, len(finding.labels))]
        for place in (*result["locations"], *result.get("relatedLocations", ())):
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"(?:file://)?(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*", uri)
            region = place["physicalLocation"]["region"]
            assert (region["startLine"], region["startColumn"]) >= (1, 1)
            assert region["startLine"] <= region["endLine"]


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as the runner does: its name, properties and message."""
    found = []
    for line in text.split("\n"):
        if line.lstrip().startswith("::"):
            head, _, data = line.lstrip()[2:].partition("::")
            name, _, listed = head.partition(" ")
            pairs = [pair.partition("=") for pair in listed.split(",") if pair]
            properties = {key: unescaped(value) for key, _, value in pairs}
            found.append((name, properties, unescaped(data)))
    return found


def unescaped(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def check_github(outcome: Outcome) -> None:
    report = render("github", outcome)
    assert "##" not in report or not re.search(r"##[A-Za-z]*\[", report)
    found = commands(report)
    assert [name for name, _, _ in found[:2]] == ["group", "endgroup"]
    annotations = found[2:]
    assert {name for name, _, _ in annotations} <= {"error", "warning", "notice"}
    for kind in ("error", "warning", "notice"):
        assert sum(name == kind for name, _, _ in annotations) <= 10
    about = [entry for entry in annotations if "file" in entry[1]]
    assert len(about) == len(outcome.findings)
    keys = {"file", "line", "endLine", "col", "endColumn", "title"}
    for _, properties, message in annotations:
        assert set(properties) <= keys
        for text in (*properties.values(), *message.split("\n")):
            assert "\r" not in text
            assert not {unicodedata.category(char) for char in text} & (INERT - {"Mn", "Me"})


def check_gitlab(outcome: Outcome) -> None:
    report = render("gitlab", outcome)
    assert report.isascii()
    issues = json.loads(report)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(outcome.findings)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert_inert(issue["description"])
        assert_inert(issue["check_name"])


def check_junit(outcome: Outcome) -> None:
    report = render("junit", outcome)
    suites = ET.fromstring(report)
    assert report == "".join(char for char in report if char == "\n" or char.isprintable())
    cases = list(suites.iter("testcase"))
    names = {(case.get("classname"), case.get("name")) for case in cases}
    assert len(names) == len(cases) == int(suites.get("tests", ""))
    for suite in (suites, *suites):
        for tag, count in (("failure", "failures"), ("error", "errors")):
            assert len(list(suite.iter(tag))) == int(suite.get(count, ""))
    for element in suites.iter():
        for text in (*element.attrib.values(), element.text or ""):
            assert_inert(text)


def check_step_summary(outcome: Outcome) -> None:
    report = render_step_summary(outcome)
    assert_inert(report.replace("|--:|", ""))
    rows = [line for line in report.split("\n") if line.startswith("| ")]
    numbers = [row for row in rows if row.count("|") == 3]
    assert len(rows) - len(numbers) == 1 + len(outcome.findings)
    assert all(row.count("|") == 5 for row in rows if row not in numbers)
    assert not re.search(r"<(?!br>)|(?<!\*)\*(?!\*)|[`\[@]|://|www\.", report)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:16]))
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_hostile_text(text: str, width: int) -> None:
    check(outcome_of(text), width)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:16]))
def test_hostile_text_in_the_formats_of_services(text: str) -> None:
    check_services(outcome_of(text))


PIECES = st.one_of(
    st.sampled_from([text[:40] for text in HOSTILE]),
    st.text(max_size=30),
    st.text(alphabet="0123,- \t/:#[é備🚦\u05d0\u202e\x1b\r\n", max_size=60),
)


@tried(80)
@given(
    text=st.lists(PIECES, max_size=5).map("".join),
    start=st.integers(0, 5),
    length=st.integers(0, 40),
    width=st.integers(40, 120),
)
def test_any_text(text: str, start: int, length: int, width: int) -> None:
    outcome = outcome_of(text, start, start + length)
    check(outcome, width)
    check_services(outcome)


def test_a_huge_line_is_shown_without_a_look_at_all_of_it() -> None:
    """Thirty million characters on one line: only those near a label are laid out."""
    file = File("huge.yaml", "a" * 15_000_000 + "0-3,8" + "b" * 15_000_000)
    here = Label(Ref(file, 15_000_000, 15_000_005), "here")
    text = render("full", samples.of(samples.finding_at(here)))
    assert "…aaaaaaaaaaaaaaaaaaaa0-3,8bbbbbbbbbbbbbbbbbbbb…\n" in text
    whole = Label(Ref(file, 0, 30_000_005), "all")
    text = render("full", samples.of(samples.finding_at(here, whole)))
    assert "0-3,8" in text
    assert len(text) < 2000
