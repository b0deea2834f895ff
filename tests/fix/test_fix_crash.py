"""Killed at random moments, a repair leaves every file either old or new, and says which.

``WPLINT_CRASH_MOMENTS`` sets how many moments are tried: 200 for the full proof, a few by default.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from builders import profile
from fix_samples import read, rule_that, setting, write

from linter.fix import fix_tree
from linter.fix.journal import NAME

if TYPE_CHECKING:
    from pathlib import Path

FILES = 500
MOMENTS = int(os.environ.get("WPLINT_CRASH_MOMENTS", "4"))

# A rule of its own, so that no change of the rules that ship makes this test a different one.
PROGRAM = """
import sys
sys.path[:0] = [{tests!r}, {samples!r}]
from fix_samples import rule_that, setting
from linter.fix import fix_tree
fix_tree([sys.argv[1]], [rule_that(setting("spec.cpu.reserved", "0"))])
"""


KILLED_AT = """
import os, signal
calls = 0
real = getattr(os, {call!r})
def dying(*arguments, **options):
    global calls
    calls += 1
    if calls == {number}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **options)
setattr(os, {call!r}, dying)
"""


@pytest.mark.parametrize(
    ("call", "number"),
    [
        *(("replace", number) for number in (1, 2, 20, 40)),
        *(("fsync", number) for number in (1, 2, 41)),
        *(("write", number) for number in (1, 2, 30)),
        ("rename", 1),
        ("unlink", 1),
    ],
)
def test_killed_at_a_step_the_next_run_says_what_was_done_and_does_the_rest(
    tmp_path: Path, request: pytest.FixtureRequest, call: str, number: int
) -> None:
    """Random moments seldom fall between two renames, which take next to no time."""
    old = {f"{n:03}.yaml": text(n, "0-1") for n in range(40)}
    new = {f"{n:03}.yaml": text(n, "0").encode() for n in range(40)}
    root = write(tmp_path, old)
    samples = str(request.path.parent)
    program = PROGRAM.format(tests=str(request.path.parent.parent), samples=samples)
    killed = KILLED_AT.format(call=call, number=number) + program
    environment = os.environ | {"PYTHONPATH": str(request.config.rootpath)}
    done = subprocess.run(
        [sys.executable, "-c", killed, root], env=environment, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    found = read(tmp_path)
    written = [name for name in old if found[name] == new[name]]
    assert all(found[name] in {old[name].encode(), new[name]} for name in old)
    expected = number - 1 if call == "replace" else 40 if call == "unlink" else 0
    assert len(written) == expected
    outcome = fix_tree([root], [rule_that(setting("spec.cpu.reserved", "0"))])
    if NAME in found:
        count = f"{expected} of its 40 files were written"
        assert outcome.recovered[0] == f"an earlier repair was interrupted: {count}"
    else:
        assert outcome.recovered == ()
        assert expected == 0
    assert read(tmp_path) == new, "every file is new, and nothing else lies about"


def text(number: int, reserved: str) -> str:
    return profile(reserved, "2-7", name=f"p{number}", selector=f'node-role.x/p{number}: ""')


def test_no_file_is_ever_half_written(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    old = {f"{number:03}.yaml": text(number, "0-1") for number in range(FILES)}
    new = {f"{number:03}.yaml": text(number, "0") for number in range(FILES)}
    samples = str(request.path.parent)
    program = PROGRAM.format(tests=str(request.path.parent.parent), samples=samples)
    command = [sys.executable, "-c", program, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(request.config.rootpath)}
    random_moment = random.Random(20)
    root = write(tmp_path, old)
    begun = time.monotonic()
    subprocess.run(command, check=True, env=environment)
    whole = time.monotonic() - begun
    assert read(tmp_path) == {name: content.encode() for name, content in new.items()}
    partly = killed = 0
    for moment in range(MOMENTS):
        write(tmp_path, old)
        process = subprocess.Popen(command, env=environment)
        if moment % 4 == 0:
            wait(process, random_moment.uniform(0, whole))
        else:  # most moments are those at which files are being written
            while process.poll() is None and not os.path.exists(os.path.join(root, NAME)):
                time.sleep(0.001)
            wait(process, random_moment.uniform(0, whole / 8))
        killed += process.poll() is None
        process.kill()
        process.wait()
        found = read(tmp_path)
        changed = 0
        for name, text_before in old.items():
            content = found.pop(name)
            assert content in {text_before.encode(), new[name].encode()}, name
            changed += content == new[name].encode()
        partly += 0 < changed < FILES
        assert all(name.startswith(".wplint-") for name in found)
        if moment % 4 == 1:
            subprocess.run(command, check=True, env=environment)
            assert read(tmp_path) == {name: content.encode() for name, content in new.items()}
        for name in found:
            (tmp_path / name).unlink(missing_ok=True)
    assert killed >= MOMENTS // 4
    print(f"{killed} of {MOMENTS} runs were killed, {partly} of them between two files")


def wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
