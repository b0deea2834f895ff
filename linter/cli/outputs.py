"""Where reports go: the values of ``--output``, and writing them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.cli.streams import StandardOutput
from linter.cli.usage import UsageError
from linter.records import dataclass, replace
from linter.report import FORMATS, ROOTED, print_terminal, render, render_step_summary
from linter.sources.candidates import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from linter.engine.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Output:
    """A report to write: its format, and the file it goes to, None being standard output."""

    format_name: str
    path: str | None


def read_outputs(words: Iterable[str], formats: Collection[str] = FORMATS) -> tuple[Output, ...]:
    """Read values such as ``full`` and ``json=report.json``; ``=-`` is standard output.

    Args:
        words: The values.
        formats: The names of the formats that there are.

    Raises:
        UsageError: A format is unknown, a path is missing, or two reports go to one place.

    """
    outputs: list[Output] = []
    for word in words:
        name, equals, path = word.partition("=")
        if name not in formats:
            known = ", ".join(formats)
            raise UsageError(f"--output: '{name}' is no format; there are {known}")
        if equals and not path:
            raise UsageError(f"--output: '{word}' names no file; write {name}=PATH, or {name}")
        outputs.append(Output(name, path if path and path != "-" else None))
    places = [_place(output) for output in outputs]
    for place in places:
        if places.count(place) > 1:
            raise UsageError(
                f"--output: two reports cannot both go to {place}; write FORMAT=PATH for one"
            )
    return tuple(outputs)


def write_outputs(outputs: Sequence[Output], outcome: Outcome) -> None:
    """Write every report; the one on standard output comes first, whatever happens to the files.

    Raises:
        UsageError: A file cannot be written.

    """
    if any(output.format_name in ROOTED for output in outputs):
        outcome = _with_repository_paths(outcome)
    for output in sorted(outputs, key=lambda output: output.path is not None):
        if output.path is not None:
            write_file(output.path, render(output.format_name, outcome))
            continue
        with StandardOutput() as stream:
            if output.format_name == "full":
                print_terminal(outcome, stream)
            else:
                stream.write(render(output.format_name, outcome))
    if any(output.format_name == "github" for output in outputs):
        _write_step_summary(outcome)


def _with_repository_paths(outcome: Outcome) -> Outcome:
    """Look up how the repository names the files that findings label or their fixes change."""
    from linter.sources.repository_paths import repository_paths

    findings = [*outcome.findings, *(item.finding for item in outcome.suppressed)]
    files = {label.ref.file.path for finding in findings for label in finding.labels}
    for finding in findings:
        if finding.fix is not None:
            files.update(wish.ref.file.path for wish in finding.fix.replacements)
    return replace(outcome, repository_paths=repository_paths(files))


def _write_step_summary(outcome: Outcome) -> None:
    """Append the summary of the step to the file that GitHub Actions names, if it does.

    Raises:
        UsageError: That file cannot be written.

    """
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        write_file(path, render_step_summary(outcome), "a", "GITHUB_STEP_SUMMARY")


def _place(output: Output) -> str:
    if output.path is None:
        return "standard output"
    return printable(os.path.abspath(output.path))


def write_file(path: str, text: str, mode: str = "w", said_by: str = "--output") -> None:
    """Write a report to a file.

    Args:
        path: The file.
        text: The report.
        mode: How to open the file.
        said_by: Who named the file.

    Raises:
        UsageError: It cannot be written.

    """
    try:
        with open(path, mode, encoding="utf-8", newline="\n", errors="backslashreplace") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"{said_by}: cannot write {printable(path)!r} ({reason}): "
            "name a file in a folder that exists and that you may write to"
        ) from error
