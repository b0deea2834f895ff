"""Whole reports against snapshots.

The snapshots are the files beside this one, compared to the last character. To write them anew
after a change that is meant, run ``WPLINT_UPDATE_SNAPSHOTS=1 pytest tests/report`` and read the
difference before it is committed.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import report_samples as samples

from linter.engine.outcome import Outcome
from linter.records import replace
from linter.report import FORMATS, colour, full, render, render_step_summary, statistics
from linter.report.styled import plain

if TYPE_CHECKING:
    from collections.abc import Callable

SNAPSHOTS = Path(__file__).with_name("snapshots")
OUTCOMES: dict[str, Callable[[], Outcome]] = {
    "everything": samples.everything,
    "awkward": samples.awkward,
    "clean": samples.clean,
    "nothing": Outcome,
}
ENDINGS = {
    "concise": "concise.txt",
    "json": "json",
    "sarif": "sarif",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "junit": "junit.xml",
}


def compare(name: str, text: str) -> None:
    path = SNAPSHOTS / name
    if os.environ.get("WPLINT_UPDATE_SNAPSHOTS") == "1":
        path.write_bytes(text.encode("utf-8"))
    assert path.read_bytes().decode("utf-8") == text


@pytest.mark.parametrize("name", OUTCOMES)
@pytest.mark.parametrize("width", [40, 60, 80])
def test_full(name: str, width: int) -> None:
    compare(f"{name}.full.{width}.txt", plain(full.render(OUTCOMES[name](), width)))


@pytest.mark.parametrize("name", OUTCOMES)
@pytest.mark.parametrize(("format_name", "ending"), ENDINGS.items())
def test_formats(name: str, format_name: str, ending: str) -> None:
    compare(f"{name}.{ending}", render(format_name, OUTCOMES[name]()))


@pytest.mark.parametrize("name", OUTCOMES)
def test_step_summary(name: str) -> None:
    compare(f"{name}.step-summary.md", render_step_summary(OUTCOMES[name]()))


def test_statistics() -> None:
    outcome = samples.everything()
    outcome = replace(outcome, findings=(*outcome.findings, samples.overlap()))
    compare("everything.statistics.txt", plain(statistics.lines(outcome)))
    assert statistics.lines(samples.clean()) == []


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The escape sequences are written out, so that the snapshot is a text to read."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = io.StringIO()
    colour.write(full.render(samples.everything(), 80), stream)
    compare("everything.colour.txt", stream.getvalue().replace("\x1b", "\\e"))


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_report_is_a_pure_function(format_name: str) -> None:
    assert render(format_name, samples.everything()) == render(format_name, samples.everything())


def test_every_snapshot_belongs_to_a_test() -> None:
    expected = {f"{name}.full.{width}.txt" for name in OUTCOMES for width in (40, 60, 80)}
    endings = (*ENDINGS.values(), "step-summary.md")
    expected |= {f"{name}.{ending}" for name in OUTCOMES for ending in endings}
    expected |= {"everything.colour.txt", "everything.statistics.txt"}
    assert {path.name for path in SNAPSHOTS.iterdir()} == expected
