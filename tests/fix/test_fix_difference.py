"""Differences: diffs that programs can apply, and what they mean inside of payloads."""

from __future__ import annotations

import difflib
import subprocess
from shutil import which
from typing import TYPE_CHECKING

import pytest
from builders import rules
from effort import tried
from fix_samples import RESERVED, cluster, crio, machine_config, read, write
from hypothesis import given
from hypothesis import strategies as st

from linter.fix import FixOptions, fix_tree
from linter.fix.difference import difference_of, differences
from linter.model.releases import Release

if TYPE_CHECKING:
    from pathlib import Path

LINES = st.lists(st.sampled_from(["a", "b", "", "c d"]), max_size=12)


@tried(200)
@given(LINES, LINES, st.booleans(), st.booleans())
def test_hunks_hold_what_changes(
    old: list[str], new: list[str], old_end: bool, new_end: bool
) -> None:
    before = "\n".join(old) + ("\n" if old_end else "")
    after = "\n".join(new) + ("\n" if new_end else "")
    diff = difference_of("f", before, after)
    if before == after:
        assert diff == ""
        return
    assert applied(before, diff) == after


def applied(text: str, diff: str) -> str:
    """Apply a unified diff, strictly."""
    lines = text.split("\n")
    last = lines.pop()
    source = [f"{line}\n" for line in lines] + ([last] if last else [])
    result: list[str] = []
    at = 0
    rows = diff.splitlines()
    assert rows[0].startswith("--- ")
    assert rows[1].startswith("+++ ")
    for number, row in enumerate(rows[2:], start=2):
        end = "" if rows[number + 1 : number + 2] == ["\\ No newline at end of file"] else "\n"
        if row.startswith("@@"):
            begin, count = (int(x) for x in row.split()[1][1:].split(","))
            begin -= count > 0
            result += source[at:begin]
            at = begin
        elif row.startswith("+"):
            result.append(row[1:] + end)
        elif row.startswith(("-", " ")):
            assert source[at] == row[1:] + end
            result += source[at : at + 1] if row.startswith(" ") else []
            at += 1
    return "".join(result + source[at:])


def test_a_payload_is_shown_decoded(tmp_path: Path) -> None:
    files = cluster()
    files["openshift/50-performance-edge.yaml"] = machine_config(crio("0-1", "0-1"))
    root = write(tmp_path, files)
    outcome = fix_tree([root], rules(), Release.parse("4.16"), FixOptions(write=False))
    text = differences(outcome.changes)
    assert f'# +infra_ctr_cpuset = "{RESERVED}"' in text.splitlines()
    assert '# -infra_ctr_cpuset = "0-1"' in text.splitlines()
    assert "# +++ /etc/crio/crio.conf.d/99-runtimes.conf" in text.splitlines()
    assert text.count("\n--- a/") == 1


@pytest.mark.skipif(which("patch") is None, reason="there is no patch program here")
def test_the_difference_can_be_applied(tmp_path: Path) -> None:
    files = cluster()
    files["openshift/50-performance-edge.yaml"] = machine_config(crio("0-1", "0-1"))
    files["openshift/kubelet.yaml"] = files["openshift/kubelet.yaml"].replace(RESERVED, "0,1")
    root = write(tmp_path, files)
    outcome = fix_tree([root], rules(), Release.parse("4.16"), FixOptions(write=False))
    assert len(outcome.changes) == 2
    subprocess.run(
        ["patch", "-p1", "-s"], input=differences(outcome.changes).encode(), cwd="/", check=True
    )
    assert read(tmp_path) == {name: text.encode() for name, text in cluster().items()}


def test_hostile_text_is_spelled_out() -> None:
    old = "a: 1\nx: \x1b[31m \u202e\n::error::x\n##[error]y\r\n"
    diff = difference_of("n\x1bme", old, old.replace("1", "2", 1))
    assert "\x1b" not in diff
    assert "\u202e" not in diff
    assert "##[error]" not in diff
    assert not any(row[1:].lstrip().startswith("::") for row in diff.splitlines())


def test_a_large_difference_takes_little_time() -> None:
    old = "".join(f"{number}\n" for number in range(200_000))
    new = "x\n" + "".join(f"{number + 1}\n" for number in range(200_000))
    assert difference_of("f", old, new).startswith("--- a/f\n")


def test_context_is_that_of_difflib() -> None:
    old = [f"{number}\n" for number in range(40)]
    new = [*old]
    new[5] = new[12] = new[30] = "x\n"
    expected = difflib.unified_diff(old, new, "a/f", "b/f", lineterm="\n")
    assert difference_of("f", "".join(old), "".join(new)) == "".join(
        line if line.endswith("\n") else f"{line}\n" for line in expected
    )
