"""The transaction: every file or none, each wholly old or new, with its mode and its links."""

from __future__ import annotations

import json
import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from builders import profile
from fix_samples import read, rule_that, setting, write

from linter.fix import BusyError, fix_tree
from linter.fix import transaction as transaction_module
from linter.fix.journal import NAME, Entry, Journal, recover, temporary_name

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = profile("0-1", "2-7"), profile("0", "2-7")
RULE = rule_that(setting("spec.cpu.reserved", "0"))


def several(tmp_path: Path) -> str:
    return write(tmp_path, {f"{name}.yaml": OLD for name in "abc"})


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    root = several(tmp_path)
    (tmp_path / "a.yaml").chmod(mode)
    assert fix_tree([root], [RULE]).written
    assert stat.S_IMODE((tmp_path / "a.yaml").stat().st_mode) == mode
    assert (tmp_path / "a.yaml").read_text() == NEW


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    root = several(tmp_path)
    os.chown(tmp_path / "a.yaml", 1234, 4321)
    assert fix_tree([root], [RULE]).written
    status = (tmp_path / "a.yaml").stat()
    assert (status.st_uid, status.st_gid) == (1234, 4321)


def test_links_are_written_through(tmp_path: Path) -> None:
    write(tmp_path, {"tree/sub/real.txt": OLD})
    (tmp_path / "tree/link.yaml").symlink_to("sub/real.txt")
    outcome = fix_tree([str(tmp_path / "tree")], [RULE])
    assert outcome.written
    assert (tmp_path / "tree/link.yaml").is_symlink()
    assert not (tmp_path / "tree/sub/real.txt").is_symlink()
    assert (tmp_path / "tree/sub/real.txt").read_text() == NEW


def test_nothing_is_left_lying_about(tmp_path: Path) -> None:
    root = several(tmp_path)
    assert fix_tree([root], [RULE]).written
    assert read(tmp_path) == {f"{name}.yaml": NEW.encode() for name in "abc"}


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("step", ["replace", "fsync", "write"])
def test_a_failure_in_the_middle_takes_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    root = several(tmp_path)
    calls = 0
    real = getattr(os, step)

    def failing(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == number + (step != "replace"):  # the journal is written before the files
            raise OSError(28, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(os, step, failing)
    outcome = fix_tree([root], [RULE])
    monkeypatch.undo()
    assert "No space left on device" in outcome.refusal
    assert "every file has its old text" in outcome.refusal
    assert not outcome.written
    assert read(tmp_path) == {f"{name}.yaml": OLD.encode() for name in "abc"}


def test_a_journal_that_cannot_be_written_stops_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = several(tmp_path)

    def full(*arguments: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    outcome = fix_tree([root], [RULE])
    monkeypatch.undo()
    assert "the journal cannot be written" in outcome.refusal
    assert read(tmp_path) == {f"{name}.yaml": OLD.encode() for name in "abc"}


# --- the journal ---------------------------------------------------------------------------------


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def interrupted(tmp_path: Path) -> list[str]:
    """Leave a directory as an interrupted repair does; return the names of its temporaries."""
    write(tmp_path, {"a.yaml": NEW, "b.yaml": OLD, "c.yaml": "mine now"})
    names = [temporary_name() for _ in range(3)]
    (tmp_path / names[1]).write_text(NEW[:20])
    files = [
        {"path": f"{x}.yaml", "temporary": name, "before": digest(OLD), "after": digest(NEW)}
        for x, name in zip("abc", names, strict=True)
    ]
    (tmp_path / NAME).write_text(json.dumps({"version": 1, "files": files}))
    return names


def test_the_next_run_says_what_was_done_and_does_the_rest(tmp_path: Path) -> None:
    interrupted(tmp_path)
    outcome = fix_tree([str(tmp_path)], [RULE])
    assert outcome.recovered == (
        "an earlier repair was interrupted: 1 of its 3 files were written",
        "written: a.yaml",
        "not written: b.yaml",
        "changed since: c.yaml",
    )
    assert read(tmp_path) == {
        "a.yaml": NEW.encode(),
        "b.yaml": NEW.encode(),
        "c.yaml": b"mine now",
    }
    assert fix_tree([str(tmp_path)], [RULE]).recovered == ()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "[" * 100_000, '{"files": 1}', '{"files": [1]}', "\x00", '{"files":[{}]}'],
)
def test_a_journal_that_is_none_does_no_harm(tmp_path: Path, text: str) -> None:
    root = several(tmp_path)
    (tmp_path / NAME).write_text(text)
    (told,) = recover(root)
    assert "cannot be read" in told
    assert not (tmp_path / NAME).exists()


def test_a_forged_journal_removes_nothing_but_temporaries(tmp_path: Path) -> None:
    write(tmp_path, {"tree/a.yaml": OLD, "precious": "x"})
    files = [
        {"path": "../precious", "temporary": name, "before": "", "after": ""}
        for name in ("precious", "../precious", "/precious", ".wplint-0.tmp/../precious")
    ]
    (tmp_path / "tree" / NAME).write_text(json.dumps({"files": files}))
    assert recover(str(tmp_path / "tree"))
    assert (tmp_path / "precious").exists()


def test_two_repairs_at_once_are_refused(tmp_path: Path) -> None:
    root = several(tmp_path)
    journal = Journal.begin(root, [Entry(str(tmp_path / "a.yaml"), "x", b"", b"")])
    try:
        with pytest.raises(BusyError):
            fix_tree([root], [RULE])
        with pytest.raises(BusyError):
            Journal.begin(root, [])
    finally:
        journal.end()
    assert read(tmp_path) == {f"{name}.yaml": OLD.encode() for name in "abc"}
    assert fix_tree([root], [RULE]).written


def test_an_interruption_takes_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = several(tmp_path)
    calls = 0

    def interrupting(source: str, target: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        os.rename(source, target)

    monkeypatch.setattr(transaction_module.os, "replace", interrupting)
    with pytest.raises(KeyboardInterrupt):
        fix_tree([root], [RULE])
    assert read(tmp_path) == {f"{name}.yaml": OLD.encode() for name in "abc"}
