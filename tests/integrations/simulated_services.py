"""Steps of GitHub Actions, jobs of GitLab and containers, run from their own files on this machine.

Each runs the scripts exactly as they are written, in the shell and with the variables that the
service documents. Installing is the one thing that takes long, so unless a test asks for the real
thing, a ``python3`` stands first in the search path that makes virtual environments whose wplint is
the one under test, and whose pip installs nothing.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[2]
START = "import sys; from linter.cli import main; sys.exit(main())"
INPUT = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")

PYTHON = """\
#!/bin/sh
[ "$1 $2" = "-m venv" ] || exit 97
mkdir -p "$3/bin"
printf '#!/bin/sh\\nexit 0\\n' > "$3/bin/pip"
cp {wplint} "$3/bin/wplint"
chmod +x "$3/bin/pip" "$3/bin/wplint"
"""


@dataclass(frozen=True)
class Ended:
    """How a step or a job ended, and what it said."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Machine:
    """A runner: a directory for temporary files, and whether installing is for real."""

    folder: Path
    real: bool = False
    variables: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Return a bare environment, as that of a fresh container is."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        temporary = self.folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        environment = {**kept, **pip, "HOME": str(self.folder), "TMPDIR": str(temporary)}
        environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "PYTHONUTF8": "1", **self.variables}
        if not self.real:
            environment["PATH"] = f"{self._stand_ins()}{os.pathsep}{environment['PATH']}"
        return environment

    def command(self, name: str, text: str) -> None:
        """Put a script into the directory that is searched first."""
        path = self._folder() / name
        path.write_text(text)
        path.chmod(0o755)

    def shell(self, script: str, cwd: Path, variables: dict[str, str]) -> Ended:
        """Run a script as both services do: bash, ended by the first command that fails."""
        file = self.folder / "script.sh"
        file.write_text(script)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=cwd,
            env=self.environment() | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def _folder(self) -> Path:
        folder = self.folder / "bin"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _stand_ins(self) -> Path:
        """Write the stand-ins that a test has not put there itself; return their directory."""
        folder = self._folder()
        words = f"exec env PYTHONPATH={shlex.quote(str(PROJECT))} {shlex.quote(sys.executable)}"
        scripts = {
            "wplint": f'#!/bin/sh\n{words} -c {shlex.quote(START)} "$@"\n',
            "python3": PYTHON.format(wplint=shlex.quote(str(folder / "wplint"))),
        }
        for name, text in scripts.items():
            if not (folder / name).exists():
                self.command(name, text)
        return folder


def github_step(
    machine: Machine, action: Path, workspace: Path, inputs: dict[str, str] | None = None
) -> Ended:
    """Run the steps of a composite action on a workspace, up to the first that fails."""
    described = yaml.safe_load((action / "action.yml").read_text())
    assert described["runs"]["using"] == "composite"
    values = {name: entry.get("default", "") for name, entry in described["inputs"].items()}
    assert set(inputs or {}) <= set(values), "an input that the action does not have"
    values |= inputs or {}
    variables = {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(action),
        "GITHUB_STEP_SUMMARY": str(machine.folder / "summary.md"),
        "GITHUB_WORKSPACE": str(workspace),
        "RUNNER_TEMP": str(machine.folder / "runner"),
    }
    (machine.folder / "runner").mkdir(parents=True, exist_ok=True)
    ended = Ended(0, "", "")
    for step in described["runs"]["steps"]:
        assert step["shell"] == "bash"
        cwd = workspace / _evaluated(step.get("working-directory", "."), values)
        own = {name: _evaluated(text, values) for name, text in step.get("env", {}).items()}
        done = machine.shell(step["run"], cwd, variables | own)
        ended = Ended(done.status, ended.out + done.out, ended.err + done.err)
        if ended.status:
            break
    return ended


def _evaluated(text: str, values: dict[str, str]) -> str:
    evaluated = INPUT.sub(lambda found: values[found[1]], text)
    assert "${{" not in INPUT.sub("", text), f"an expression that is not simulated: {text}"
    return evaluated


def gitlab_job(machine: Machine, job: dict[str, Any], project: Path) -> Ended:
    """Run a job of GitLab in a project: what comes before it, and its script, in one shell."""
    variables = {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_PROJECT_DIR": str(project),
        **{name: str(value) for name, value in job["variables"].items()},
    }
    script = "\n".join([*job.get("before_script", ()), *job["script"]])
    return machine.shell(script + "\n", project, variables)
