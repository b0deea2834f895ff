"""The program as a process: terminals, pipes, signals, and what it loads."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from command_line import START, clean_environment, cluster, wplint

if TYPE_CHECKING:
    from pathlib import Path

pty = pytest.importorskip("pty", reason="this system has no pseudo terminals")

COMMAND = [sys.executable, "-c", START]
ESCAPE = "\x1b"
PROGRESS = re.compile(r"\r\x1b\[K(?:\d+ clusters judged|\[[#.]*\] \d+ % read)?")
"""What a slow machine shows for a while; it is gone at the end of the run."""


def on_terminal(*arguments: str, columns: int = 80, **environment: str) -> tuple[int, str]:
    """Run wplint with its output on a terminal; return its status and what the terminal got."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {"TERM": "xterm-256color", **environment}
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=clean_environment(**environment),
    ) as process:
        os.close(theirs)
        seen = b""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            ready, _, _ = select.select([ours], [], [], 1)
            try:
                chunk = os.read(ours, 65536) if ready else b""
            except OSError:  # the other side was closed
                break
            if ready and not chunk:
                break
            seen += chunk
        os.close(ours)
        status = process.wait(timeout=10)
    return status, PROGRESS.sub("", seen.decode().replace("\r\n", "\n"))


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_pipe_gets_plain_text_of_80_columns(broken: Path) -> None:
    done = wplint("lint", ".", cwd=broken, TERM="xterm-256color", COLUMNS="200")
    assert done.status == 1
    assert ESCAPE not in done.out + done.err
    assert max(map(len, (done.out + done.err).splitlines())) <= 80
    assert done == wplint("lint", cwd=broken, TERM="xterm-256color", COLUMNS="40")


def test_a_terminal_gets_colours_and_nothing_else_changes(
    broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(broken)
    status, seen = on_terminal("lint")
    piped = wplint("lint", cwd=broken)
    assert status == piped.status == 1
    assert ESCAPE in seen
    assert plain(seen).startswith(piped.out)
    assert plain(seen).endswith(piped.err)


@pytest.mark.parametrize(
    ("environment", "arguments"),
    [
        ({"NO_COLOR": "1"}, ["lint"]),
        ({"NO_COLOR": "1"}, ["lint", "--fail-level", "info"]),
        ({"NO_COLOR": "1"}, ["explain", "WPL301"]),
        ({"TERM": "dumb"}, ["lint"]),
        ({"TERM": "dumb"}, ["explain", "WPL301"]),
        ({"TERM": ""}, ["lint"]),
    ],
)
def test_colours_can_be_declined(
    broken: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    arguments: list[str],
) -> None:
    monkeypatch.chdir(broken)
    _, seen = on_terminal(*arguments, **environment)
    assert "WPL301" in seen
    assert ESCAPE not in seen


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_the_report_fits_the_terminal(
    broken: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.chdir(broken)
    _, seen = on_terminal("lint", columns=columns)
    words = [line for line in plain(seen).splitlines() if line.startswith(("error", "   = "))]
    assert words
    assert max(map(len, words)) <= columns


def test_a_page_is_laid_out_for_a_terminal() -> None:
    status, seen = on_terminal("explain", "WPL301", columns=70)
    assert status == 0
    assert ESCAPE in seen
    assert "## " not in plain(seen)
    assert "```" not in plain(seen)
    assert ".md" not in seen
    titles = re.findall(r'title="([^"]+)"', wplint("explain", "WPL301", "-o", "markdown").out)
    assert titles
    assert all(f"  {title}\n" in plain(seen) for title in titles)
    assert max(map(len, plain(seen).splitlines())) <= 70


def test_colours_are_all_that_a_page_loses_without_them() -> None:
    _, seen = on_terminal("explain", "WPL230")
    assert ESCAPE in seen
    assert plain(seen) == wplint("explain", "WPL230").out
    assert on_terminal("explain", "WPL230", NO_COLOR="1")[1] == plain(seen)
    _, listed = on_terminal("rules")
    assert ESCAPE in listed
    assert plain(listed) == wplint("rules").out == on_terminal("rules", NO_COLOR="1")[1]


def test_a_page_needs_no_frames() -> None:
    for output in ("full", "markdown", "json"):
        done = wplint("explain", "WPL301", "-o", output, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
        assert done.status == 0
        assert done.out.isascii()
        assert "\\u" not in done.out


@pytest.mark.parametrize("arguments", [["lint"], ["lint", "-o", "json"], ["facts"], ["rules"]])
def test_a_reader_that_has_seen_enough_ends_the_output_quietly(
    broken: Path, arguments: list[str]
) -> None:
    """The exit status is still that of the findings."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as closed:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=broken,
            env=clean_environment(),
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == (1 if arguments[0] == "lint" else 0)
    assert b"rror" not in done.stderr.replace(b"1 error and 1 warning", b"")


def test_standard_output_that_is_full_is_an_error(broken: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, "lint"],
            cwd=broken,
            env=clean_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    last = done.stderr.decode().splitlines()[-1]
    assert last.startswith("wplint: error: cannot write to standard output (")


def test_streams_that_are_closed_do_not_matter(broken: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *COMMAND, "lint"],
        cwd=broken,
        env=clean_environment(),
        check=False,
    )
    assert done.returncode == 1


def test_an_encoding_without_frames_does_not_matter(broken: Path) -> None:
    for output in ("full", "concise", "json"):
        done = wplint("lint", "-o", output, cwd=broken, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
        assert done.status == 1
        assert "WPL301" in done.out
        assert (done.out + done.err).isascii()


def test_ctrl_c_is_quiet(tmp_path: Path) -> None:
    program = (
        "import sys, time, linter.cli.lint\n"
        "linter.cli.lint.lint = lambda *_, **__: (print('up', flush=True), time.sleep(30))\n"
        "sys.exit(linter.cli.main(['lint']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"")


LIST_MODULES = """\
import os, sys
from linter.cli import main
answer, sys.stdout = sys.stdout, open(os.devnull, "w")
main(sys.argv[1:])
answer.write("\\n".join(sys.modules))
"""


def loaded(*arguments: str, cwd: Path, before: str = "") -> set[str]:
    """Return the modules that a run has imported at its end; what is done before may be given."""
    done = subprocess.run(
        [sys.executable, "-c", before + LIST_MODULES, *arguments],
        cwd=cwd,
        env=clean_environment(),
        capture_output=True,
        check=True,
    )
    return set(done.stdout.decode().split())


def test_the_version_loads_next_to_nothing(tmp_path: Path) -> None:
    own = {name for name in loaded("--version", cwd=tmp_path) if name.startswith("linter")}
    assert own == {"linter", "linter.cli", "linter.cli.streams", "linter.cli.usage"}
    assert not loaded("--version", cwd=tmp_path) & {"typing", "re", "typer", "dataclasses", "yaml"}


JUDGING = {"yaml", "linter.model", "linter.facts", "linter.schema", "linter.rules"}
"""What it takes to judge a cluster, the rules at the end."""


def parents(names: set[str]) -> set[str]:
    """Add the packages of some modules; rules are modules of one that is not loaded itself."""
    return names | {name.rpartition(".")[0] for name in names}


def test_a_file_that_does_not_matter_loads_no_rule(broken: Path) -> None:
    """Nor YAML, nor the model: a search for words is all that such a file costs."""
    path = broken / "deployment.yaml"
    path.write_text("kind: Deployment\napiVersion: apps/v1\n")
    names = parents(loaded("lint", str(path), cwd=broken))
    assert not names & (JUDGING | {"linter.gitops", "hashlib", "json", "subprocess"})


KEEP_SMALL_TREES = """\
import linter.engine.run, linter.sources.listing
linter.engine.run.FEW = linter.sources.listing.YOUNG = 0
"""


def test_a_run_in_which_nothing_changed_loads_no_rule(broken: Path) -> None:
    """Be there findings or not."""
    command = ("lint", "--exit-zero", "--cache-dir", str(broken / "kept"), str(broken))
    assert parents(loaded(*command, cwd=broken, before=KEEP_SMALL_TREES)) >= JUDGING
    names = parents(loaded(*command, cwd=broken, before=KEEP_SMALL_TREES))
    assert "linter.engine.recall" in names
    assert not names & (JUDGING | {"linter.gitops"})


CHECKERS = {"jsonschema", "jsonschema_rs"}
HEAVY = CHECKERS | {
    "rich", "ruamel", "ruamel.yaml", "difflib", "typer", "importlib.metadata"
}  # fmt: skip


def test_a_plain_run_loads_nothing_heavy(broken: Path) -> None:
    """Neither rich nor a second YAML reader nor a schema checker, nor Typer without options."""
    names = loaded("lint", str(broken), cwd=broken)
    assert "yaml" in names
    assert not names & (HEAVY | {"multiprocessing", "logging", "asyncio", "email", "unittest"})


def test_schema_checkers_are_loaded_for_what_does_not_fit(broken: Path) -> None:
    (broken / "tuned.yaml").write_text(
        "apiVersion: tuned.openshift.io/v1\nkind: Tuned\nspec: {managementState: Other}\n"
    )
    assert loaded("lint", "--exit-zero", str(broken), cwd=broken) >= CHECKERS


def test_frequent_options_load_nothing_more(broken: Path) -> None:
    names = loaded("lint", "--output", "json", "--fail-level", "warning", str(broken), cwd=broken)
    assert not names & HEAVY


def test_other_options_load_typer_alone(broken: Path) -> None:
    names = loaded("lint", "--output=json", str(broken), cwd=broken)
    assert "typer" in names
    assert not names & (HEAVY - {"typer", "difflib"})  # Typer itself imports difflib


def test_help_needs_no_rich(tmp_path: Path) -> None:
    assert "rich" not in loaded("lint", "--help", cwd=tmp_path)


def test_the_version_is_that_of_the_package() -> None:
    from linter import __version__

    for option in ("--version", "-V"):
        assert wplint(option).out == f"wplint {__version__}\n"


def test_a_folder_named_linter_does_not_matter(tmp_path: Path) -> None:
    """A user's own package of that name in the current directory is not what is run."""
    (tmp_path / "linter").mkdir()
    (tmp_path / "linter" / "__init__.py").write_text("raise SystemExit('shadowed')\n")
    cluster(tmp_path / "c", pinned="0-1")
    done = subprocess.run(
        [sys.executable, "-P", "-c", START, "lint", "c"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"shadowed" not in done.stderr
