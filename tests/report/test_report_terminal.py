"""Printing: colours where they are seen, text everywhere else."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
import report_samples as samples

from linter.engine.outcome import Outcome, Summary
from linter.report import colour, full, print_summary, print_terminal, render
from linter.report.styled import plain
from linter.report.terminal import wants_colour, width_of


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_a_pipe_gets_the_plain_document_at_80_columns() -> None:
    stream = io.StringIO()
    print_terminal(samples.everything(), stream)
    assert stream.getvalue() == render("full", samples.everything(), 80)


def test_a_terminal_gets_the_same_text_in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    stream = Terminal()
    print_terminal(samples.everything(), stream)
    assert "\x1b[1;31merror[WPL301]" in stream.getvalue()
    plain_text = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    assert plain_text == render("full", samples.everything(), 60)


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    stream = Terminal()
    print_terminal(samples.everything(), stream)
    assert stream.getvalue() == render("full", samples.everything(), 80)


@pytest.mark.parametrize(
    ("stream", "environment", "wanted"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {}, False),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
    ],
)
def test_when_colours_are_wanted(
    stream: io.StringIO, environment: dict[str, str], wanted: bool
) -> None:
    assert wants_colour(stream, environment) is wanted


@pytest.mark.parametrize(
    ("columns", "width"),
    [
        ("100", 100),
        ("7", 40),
        ("500", 120),
        ("wide", 80),
        ("0", 80),
        ("\u0663\u0663", 80),
        ("9" * 9, 80),
    ],
)
def test_the_width_of_a_terminal(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert width_of(Terminal()) == width
    assert width_of(io.StringIO()) == 80


def test_text_that_looks_like_markup_is_text() -> None:
    finding = samples.finding_at(
        samples.overlap().primary, message="[red]not red[/red] :smiley: 'quoted' 123 http://a.b"
    )
    lines = full.document_lines(samples.of(finding), 120)
    stream = io.StringIO()
    colour.write(lines, stream)
    assert re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()) == plain(lines)
    assert "\x1b[1m[red]not red[/red] :smiley: 'quoted' 123 http://a.b\x1b[0m" in stream.getvalue()


def test_a_style_exists_for_every_name_in_use() -> None:
    outcomes = (samples.everything(), samples.awkward(), samples.clean(), Outcome())
    names = {
        name for outcome in outcomes for line in full.render(outcome) for _, name in line if name
    }
    assert names == set(colour.STYLES)


def test_a_stream_that_knows_ascii_only_gets_frames_in_ascii() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    print_terminal(samples.awkward(), stream)
    stream.flush()
    text = raw.getvalue().decode("ascii")
    assert "   +- minified.yaml:1:233   /etc/kubernetes/kubelet.conf:1\n   |\n 1 | ~eserved" in text
    assert "\\u5099" in text


def test_a_clean_run_prints_a_summary_and_no_document() -> None:
    out, err = Terminal(), io.StringIO()
    print_terminal(samples.clean(), out)
    print_summary(samples.clean(), err)
    assert out.getvalue() == ""
    assert err.getvalue().startswith("No disagreement found.\nChecked 1 cluster: 5 manifests")


def test_a_blank_line_sets_the_summary_off_from_findings() -> None:
    stream = io.StringIO()
    print_summary(samples.everything(), stream)
    assert stream.getvalue().startswith("\n1 error, 1 warning and 1 note in 3 clusters.\n")


def test_a_run_that_understood_nothing_is_not_green() -> None:
    stream = io.StringIO()
    print_summary(Outcome(summary=Summary(files=3, relevant=1)), stream)
    assert "No disagreement" not in stream.getvalue()
    assert stream.getvalue().startswith("warning: No manifest here")


def test_a_run_that_did_not_see_all_says_so() -> None:
    skipped = samples.everything().summary.skipped
    stream = io.StringIO()
    print_summary(Outcome(summary=Summary(9, 8, 7, skipped=skipped)), stream)
    assert stream.getvalue().startswith("No disagreement found in what could be checked.\n")
    assert "warning: 8 files were not read:\n  charts/broken-0.yaml: not YAML" in stream.getvalue()
    assert "\n  and 3 more\n" in stream.getvalue()


def test_rich_is_not_imported_for_a_pipe() -> None:
    script = (
        "import io, sys\n"
        "from linter.engine.outcome import Outcome\n"
        "from linter import report\n"
        "assert 'linter.report.full' not in sys.modules\n"
        "[report.render(name, Outcome()) for name in report.FORMATS]\n"
        "report.print_terminal(Outcome(), io.StringIO())\n"
        "report.print_summary(Outcome(), io.StringIO())\n"
        "print([name for name in ('rich', 'yaml', 'jsonschema') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "[]\n"
