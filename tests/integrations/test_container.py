"""The image: its file, read as an engine reads it, and what it runs, without an engine."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from integration_pages import blocks
from network import installs, skip_if_offline
from simulated_services import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from simulated_services import Machine

KNOWN = {"ARG", "FROM", "COPY", "RUN", "ENV", "WORKDIR", "USER", "ENTRYPOINT", "CMD"}

PODMAN = """\
#!/bin/sh
if [ "$*" = "build --tag wplint ." ]; then
  [ -f Containerfile ]
  exit
fi
[ "$1" = run ] || exit 97
shift
while [ "$1" != wplint ]; do
  case $1 in
    --rm | --read-only) shift ;;
    --network) [ "$2" = none ] || exit 98; shift 2 ;;
    --volume) mounted=${2%:/work:ro,Z}; [ -d "$mounted" ] || exit 98; shift 2 ;;
    *) exit 98 ;;
  esac
done
cd "$mounted" && exec "$@"
"""


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Containerfile and their arguments, continued lines joined."""
    text = (PROJECT / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    pairs = [line.partition(" ") for line in lines]
    return [(word, " ".join(rest.split())) for word, _, rest in pairs]


def of(word: str) -> list[str]:
    return [rest for name, rest in instructions() if name == word]


def environment() -> dict[str, str]:
    """Return what the image sets, beside the search path."""
    return dict(pair.split("=", 1) for rest in of("ENV") for pair in shlex.split(rest))


def test_the_file_is_one_that_an_engine_reads() -> None:
    assert {word for word, _ in instructions()} == KNOWN
    assert instructions()[0][0] == "ARG"
    (default,) = of("ARG")
    assert re.fullmatch(r"PYTHON=docker\.io/library/python:3\.\d+-slim", default)
    assert of("FROM") == ["${PYTHON} AS build", "${PYTHON}"]
    for rest in of("COPY"):
        *sources, target = rest.split()
        if sources[0].startswith("--from="):
            assert sources == ["--from=build", "/opt/wplint"]
            continue
        assert target.startswith("/src/")
        for source in sources:
            assert (PROJECT / source).exists()


def test_the_image_runs_as_nobody_and_starts_wplint() -> None:
    (user,) = of("USER")
    assert all(int(number) >= 1000 for number in user.split(":"))
    assert json.loads(of("ENTRYPOINT")[0]) + json.loads(of("CMD")[0]) == ["wplint", "lint"]
    assert environment()["PATH"] == "/opt/wplint/bin:$PATH"


AUDIT = """
import os, sys
written = []
def audit(event, arguments):
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        named = not isinstance(arguments[0], int) and arguments[0] != os.devnull  # no pipe
        if named and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.append(arguments[0])
    elif event in {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink",
                   "os.truncate", "os.chmod", "tempfile.mkstemp", "tempfile.mkdtemp"}:
        written.append(event)
    elif event in {"socket.connect", "socket.getaddrinfo", "socket.bind"}:
        written.append(event)
sys.addaudithook(audit)
from linter.cli import main
status = main(sys.argv[1:])
print("written:", written, file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.parametrize("format_name", ["full", "sarif", "junit", "github"])
def test_a_run_writes_no_file_and_opens_no_connection(format_name: str, repository: Path) -> None:
    """So that the root file system may be read-only and the network absent."""
    done = subprocess.run(
        [sys.executable, "-c", AUDIT, "lint", "--output", format_name],
        cwd=repository,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    assert "WPL301" in done.stdout
    assert done.stderr.endswith("written: []\n")


def test_the_documented_commands(machine: Machine, repository: Path) -> None:
    """An engine's stand-in takes them as they are written, and runs what the image would run."""
    build, check, report = (block.text for block in blocks("container", "sh"))
    machine.command("podman", PODMAN)
    assert machine.shell(build, PROJECT, {}).status == 0
    ended = machine.shell(check, repository, {})
    assert ended.status == 1, ended.err
    assert "error[WPL301]" in ended.out
    assert machine.shell(report, repository, {}).status == 1
    assert json.loads((repository / "wplint.sarif").read_text())["version"] == "2.1.0"


@installs
def test_the_commands_of_the_file_make_a_program_that_runs(
    tmp_path: Path, repository: Path
) -> None:
    """The instructions are carried out in order, below a directory in place of the root."""

    def below(words: str) -> str:
        return re.sub(r"(?<![\w.])/(src|opt|tmp)/", rf"{tmp_path}/\1/", words)

    for folder in ("src", "opt", "tmp"):
        (tmp_path / folder).mkdir()
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            for source in sources:
                if (PROJECT / source).is_dir():
                    shutil.copytree(PROJECT / source, below(target))
                else:
                    shutil.copy(PROJECT / source, below(target))
        elif word == "RUN":
            script = below(rest.replace("install /src", "install /src/")).replace(
                " /src", f" {tmp_path}/src"
            )
            done = subprocess.run(
                ["sh", "-c", script], capture_output=True, text=True, check=False, timeout=300
            )
            if done.returncode:
                skip_if_offline(done.stdout + done.stderr)
            assert done.returncode == 0, done.stderr
    bin_ = tmp_path / "opt" / "wplint" / "bin"
    assert not (bin_ / "pip").exists()
    variables = environment() | {"PATH": f"{bin_}:{os.environ['PATH']}"}
    command = json.loads(of("ENTRYPOINT")[0]) + json.loads(of("CMD")[0])
    done = subprocess.run(
        command,
        cwd=repository,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    assert "error[WPL301]" in done.stdout
