"""``wplint lint -``: what comes through a pipe is judged like a file."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from linter.cli import main
from linter.sources import standard_input
from linter.sources.candidates import Skipped

if TYPE_CHECKING:
    from pathlib import Path

WRONG = """\
apiVersion: v1
kind: List
items:
- apiVersion: performance.openshift.io/v2
  kind: PerformanceProfile
  metadata: {name: edge}
  spec:
    cpu: {reserved: 0-3, isolated: 2-31}
    nodeSelector: {node-role.kubernetes.io/master: ""}
"""


class Pipe:
    """Standard input as it is at run time: text with bytes below it."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def lint(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    data: bytes,
    *arguments: str,
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.stdin", Pipe(data))
    status = main(["lint", "-", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_it_is_judged(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = lint(monkeypatch, capsys, WRONG.encode(), "--output", "json")
    (found,) = json.loads(out)["findings"]
    assert (status, found["rule"], found["locations"][0]["path"]) == (1, "WPL202", "<stdin>")


def test_it_may_have_a_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "wplint.toml").write_text('ignore = ["WPL202"]')
    name = str(tmp_path / "north.yaml")
    assert lint(monkeypatch, capsys, WRONG.encode(), "--stdin-filename", name)[0] == 0
    (tmp_path / "wplint.toml").unlink()
    status, out, _ = lint(
        monkeypatch, capsys, WRONG.encode(), "--stdin-filename", name, "-o", "concise"
    )
    assert status == 1
    assert "north.yaml:8:" in out


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"kind: PerformanceProfile: x", b"{{ x }}"])
def test_anything_may_come(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    status, _, err = lint(monkeypatch, capsys, data)
    assert status in {0, 1}
    assert "internal error" not in err


@pytest.mark.parametrize("arguments", [("other.yaml",), ("--fix",), ("--diff",)])
def test_it_stands_alone(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
) -> None:
    status, out, err = lint(monkeypatch, capsys, b"", *arguments)
    assert (status, out) == (2, "")
    assert "standard input" in err


def test_no_more_is_taken_than_a_file_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standard_input, "MAX_FILE_BYTES", 10)
    (candidate,) = standard_input.discovery(None).candidates
    stream = io.BytesIO(b"a" * 100)
    assert isinstance(standard_input.reader(stream)(candidate), Skipped)
    assert stream.tell() == 11
    assert standard_input.reader(io.BytesIO(b"a" * 10))(candidate) == b"a" * 10
