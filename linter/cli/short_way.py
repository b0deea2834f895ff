"""The short way: command lines of ``lint`` and ``plan`` that are understood without Typer.

Loading Typer and having it read a line takes longer than most runs. What is read here says the same
to Typer, which a test holds; of any other word, and wherever there is a doubt, Typer alone decides,
and it alone has a help and says what is wrong.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing itself would take as long as Python's own start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    Flags: TypeAlias = dict[str, tuple[str, bool]]
    Values: TypeAlias = dict[str, tuple[str, bool]]

FLAGS: dict[str, Flags] = {
    "lint": {
        "--changed": ("changed", True),
        "--diff": ("diff", True),
        "--exit-zero": ("exit_zero", True),
        "--fix": ("fix", True),
        "--no-cache": ("cache", False),
        "--show-suppressed": ("show_suppressed", True),
        "--statistics": ("statistics", True),
        "--strict": ("strict", True),
    },
    "plan": {"--exit-zero": ("exit_zero", True), "--no-cache": ("cache", False)},
}
"""Options without a value, and what they say, by command."""

_BOTH: Values = {
    "--cache-dir": ("cache_dir", False),
    "--fail-level": ("fail_level", False),
    "--ignore": ("ignore", True),
    "--openshift-version": ("openshift_version", False),
    "--output": ("outputs", True),
    "--select": ("select", True),
    "-o": ("outputs", True),
}
VALUES: dict[str, Values] = {
    "lint": {
        **_BOTH,
        "--baseline": ("baseline", False),
        "--changed-since": ("changed_since", False),
    },
    "plan": {
        **_BOTH,
        "--cluster": ("cluster", False),
        "--fail-on": ("fail_on", True),
        "--from": ("old", False),
        "--pool": ("pool", False),
        "--to": ("new", False),
        "--to-version": ("to_version", False),
    },
}
"""Options with a value, of what it is the value, and whether there may be several, by command."""


def task_of(words: list[str]) -> Callable[[], int] | None:
    """Return what a command line asks for; None where Typer has to read it."""
    command = words[0] if words else ""
    if command not in FLAGS:
        return None
    request = request_of(command, words[1:])
    if request is None:
        return None
    if command == "plan":
        from linter.cli.plan import run_plan

        return lambda: run_plan(request)
    from linter.cli.lint import run_lint

    return lambda: run_lint(request)


def request_of(command: str, words: Iterable[str]) -> Any:
    """Return what the words behind a command ask for; None where Typer has to read them."""
    said = _said(words, FLAGS[command], VALUES[command])
    if said is None:
        return None
    from linter.engine.findings import Severity
    from linter.records import replace

    if "fail_level" in said:
        if said["fail_level"] not in {severity.value for severity in Severity}:
            return None
        said["fail_level"] = Severity(said["fail_level"])
    if command == "plan":
        from linter.cli.plan import PlanRequest

        return replace(PlanRequest(), **said)
    from linter.cli.lint import LintRequest

    return replace(LintRequest(), **said)


def _said(words: Iterable[str], flags: Flags, values: Values) -> dict[str, Any] | None:
    """Return what is said, by the names that requests have for it."""
    said: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        if word in flags:
            name, value = flags[word]
            said[name] = value
        elif word in values:
            name, several = values[word]
            text = next(rest, "")
            if not text or text.startswith("-"):
                return None
            said[name] = (*said.get(name, ()), text) if several else text
        elif word.startswith("-"):
            return None
        else:
            said["paths"] = (*said.get("paths", ()), word)
    return said
