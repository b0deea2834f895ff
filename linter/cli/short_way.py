"""The short way: command lines of ``lint`` that are understood without Typer.

Loading Typer and having it read a line takes longer than most runs. What is read here says the same
to Typer, which a test holds; of any other word, and wherever there is a doubt, Typer alone decides,
and it alone has a help and says what is wrong.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing itself would take as long as Python's own start
if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.cli.lint import LintRequest

FLAGS: dict[str, tuple[str, bool]] = {
    "--changed": ("changed", True),
    "--diff": ("diff", True),
    "--exit-zero": ("exit_zero", True),
    "--fix": ("fix", True),
    "--no-cache": ("cache", False),
    "--show-suppressed": ("show_suppressed", True),
    "--statistics": ("statistics", True),
    "--strict": ("strict", True),
}
"""Options without a value, and what they say."""

VALUES: dict[str, tuple[str, bool]] = {
    "--baseline": ("baseline", False),
    "--cache-dir": ("cache_dir", False),
    "--changed-since": ("changed_since", False),
    "--fail-level": ("fail_level", False),
    "--ignore": ("ignore", True),
    "--openshift-version": ("openshift_version", False),
    "--output": ("outputs", True),
    "--select": ("select", True),
    "-o": ("outputs", True),
}
"""Options with a value, of what it is the value, and whether there may be several."""


def request_of(words: Iterable[str]) -> LintRequest | None:
    """Return what the words behind ``lint`` ask for; None where Typer has to read them."""
    said: dict[str, object] = {}
    several: dict[str, list[str]] = {}
    rest = iter(words)
    for word in rest:
        if word in FLAGS:
            name, value = FLAGS[word]
            said[name] = value
        elif word in VALUES:
            name, is_list = VALUES[word]
            text = next(rest, "")
            if not text or text.startswith("-"):
                return None
            if is_list:
                several.setdefault(name, []).append(text)
            else:
                said[name] = text
        elif word.startswith("-"):
            return None
        else:
            several.setdefault("paths", []).append(word)

    from linter.cli.lint import LintRequest
    from linter.engine.findings import Severity
    from linter.records import replace

    if "fail_level" in said:
        if said["fail_level"] not in {severity.value for severity in Severity}:
            return None
        said["fail_level"] = Severity(said["fail_level"])
    lists = {name: tuple(listed) for name, listed in several.items()}
    return replace(LintRequest(), **said, **lists)
