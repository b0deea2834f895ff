"""Reports of hostile text: nothing acts on a terminal or a log, nothing breaks a line."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
import report_samples as samples
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.engine.findings import Applicability, Finding, Fix, Severity
from linter.engine.outcome import (
    ClusterOutcome,
    Outcome,
    PoolOutcome,
    RuleFailure,
    SkippedFile,
    Summary,
)
from linter.report import full, render
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
    ":smiley: {0} %s",
    "\ud800\udfff",
    "x" * 10_000,
    "x y " * 2_500,
    "備" * 10_000,
    "\u0301" * 10_000,
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


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:16]))
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_hostile_text(text: str, width: int) -> None:
    check(outcome_of(text), width)


PIECES = st.one_of(
    st.sampled_from([text[:40] for text in HOSTILE]),
    st.text(max_size=30),
    st.text(alphabet="0123,- \t/:#[é備🚦\u05d0\u202e\x1b\r\n", max_size=60),
)


@settings(deadline=None, max_examples=80)
@given(
    text=st.lists(PIECES, max_size=5).map("".join),
    start=st.integers(0, 5),
    length=st.integers(0, 40),
    width=st.integers(40, 120),
)
def test_any_text(text: str, start: int, length: int, width: int) -> None:
    check(outcome_of(text, start, start + length), width)


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
