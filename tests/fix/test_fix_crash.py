"""Killed at any moment, a repair leaves every file either old or new, and says which.

``WPLINT_CRASH_MOMENTS`` sets how many moments are tried, on a tree of 500 files: 200 for the full
proof. By default they are a few, on a smaller tree.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from fix_samples import read, write
from killed_repairs import RULES, Killer, states

from linter.fix import fix_tree
from linter.fix.journal import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from killed_repairs import Files

HERE = Path(__file__).parent
MOMENTS = int(os.environ.get("WPLINT_CRASH_MOMENTS", "0"))
FILES = 500 if MOMENTS else 100
PROGRAM = "import sys; from killed_repairs import *; fix_tree([sys.argv[1]], RULES)"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a new directory, in memory if there can be one: nothing then waits for a disk."""
    memory = "/dev/shm"
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as made:
        yield Path(made)


def environment() -> dict[str, str]:
    paths = [HERE, HERE.parent, HERE.parents[1]]
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))}


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    made = Killer(environment())
    yield made
    made.end()


def encoded(files: Files) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}


@pytest.mark.parametrize(
    ("call", "number", "expected"),
    [
        # Of every five files three are replaced, one goes by a rename, and one comes by a link.
        *(("replace", number, expected) for number, expected in ((1, 0), (2, 1), (11, 16))),
        *(("fsync", number, 0) for number in (1, 2, 31)),
        *(("write", number, 0) for number in (1, 2, 21)),
        *(("rename", 1, 0), ("rename", 2, 3), ("rename", 11, 48)),
        *(("link", 1, 4), ("link", 10, 49)),
        *(("unlink", 1, 5), ("unlink", 11, 50), ("unlink", 21, 50)),
    ],
)
def test_killed_at_a_step_the_next_run_says_what_was_done_and_does_the_rest(
    folder: Path, killer: Killer, call: str, number: int, expected: int
) -> None:
    """Random moments seldom fall between two renames, which take next to no time."""
    old, new = states(50)
    root = write(folder, old)
    assert killer(root=root, call=call, number=number)["killed"]
    found = read(folder)
    assert done(found, old, new) == expected
    outcome = fix_tree([root], RULES)
    if NAME in found:
        count = f"{expected} of its 50 files were written"
        assert outcome.recovered[0] == f"an earlier repair was interrupted: {count}"
    else:
        assert outcome.recovered == ()
        assert expected == 0
    assert read(folder) == encoded(new), "every file is new, and nothing else lies about"


def done(found: dict[str, bytes], old: Files, new: Files) -> int:
    """Count the files that are as they are to be; each must be that, or as it was."""
    count = 0
    for name in old.keys() | new.keys():
        states = {files[name].encode() if name in files else None for files in (old, new)}
        assert found.get(name) in states, name
        count += len(states) == 2 and found.get(name) == encoded(new).get(name)
    rest = found.keys() - old.keys() - new.keys()
    assert all(name.startswith(".wplint-") for name in rest)
    return count


def restored(folder: Path, files: Files) -> str:
    """Bring a directory back to what it was."""
    found = read(folder)
    for name in found.keys() - files.keys():
        (folder / name).unlink()
    return write(folder, {n: text for n, text in files.items() if found.get(n) != text.encode()})


def test_no_file_is_ever_half_written(folder: Path, killer: Killer) -> None:
    """Most moments are those at which files are being written: nothing else touches any."""
    old, new = states(FILES)
    whole = {name: text.encode() for name, text in new.items()}
    changing = sum(old.get(name) != new.get(name) for name in old.keys() | new.keys())
    chance = random.Random(20)
    root = write(folder, old)
    assert killer(root=root, moments=True) == {}
    written = killer(seconds=None)
    assert not written["killed"]
    assert read(folder) == whole
    killed = partly = tried = 0
    longest = written["seconds"]
    while killed < (MOMENTS or 12):
        restored(folder, old)
        was_killed = killer(seconds=chance.uniform(0, longest))["killed"]
        longest *= 1.1 if was_killed else 0.8  # how long writing takes changes with the machine
        killed, tried = killed + was_killed, tried + 1
        assert tried < 20 * (MOMENTS or 12), "hardly a repair takes long enough to be killed"
        count = done(read(folder), old, new)
        partly += was_killed and 0 < count < changing
        if tried % 10 == 1:
            assert fix_tree([root], RULES).refusal == ""
            assert read(folder) == whole
    assert killer() == {}
    print(f"{killed} of {tried} repairs were killed, {partly} of them between two files")


@pytest.mark.parametrize("moment", range(max(1, MOMENTS // 10)))
def test_a_process_may_be_killed_at_any_moment(folder: Path, moment: int) -> None:
    old, new = states(FILES)
    command = [sys.executable, "-c", PROGRAM, write(folder, old)]
    begun = time.monotonic()
    process = subprocess.Popen(command, env=environment())
    seconds = random.Random(moment).uniform(0, 3)
    while process.poll() is None and time.monotonic() - begun < seconds:
        time.sleep(0.001)
    process.kill()
    process.wait()
    done(read(folder), old, new)
    assert fix_tree([str(folder)], RULES).refusal == ""
    assert read(folder) == encoded(new)
