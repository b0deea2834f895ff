"""``wplint rules`` and ``wplint explain``: what the rules are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.cli.own_rules import available_rules
from linter.cli.release import read_configuration
from linter.cli.selection import one_rule
from linter.cli.streams import StandardOutput, complain
from linter.cli.usage import UsageError
from linter.engine.pages import page_for
from linter.report.rule_list import rule_entry, rule_lines, rule_table
from linter.report.terminal import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.outcome import RuleFailure
    from linter.engine.pages import Page
    from linter.engine.rules import Rule

LIST_VERSION = 1
BROKEN = 2
FORMATS = ("full", "json", "markdown")


def print_rules(format_name: str) -> int:
    """Print one line per rule, or the list as JSON or Markdown; return the exit status.

    Raises:
        UsageError: The settings cannot be used.

    """
    rules, broken = available_rules(read_configuration(()))
    with StandardOutput() as stream:
        if format_name == "json":
            stream.write(_json([rule_entry(rule) for rule in rules]))
        elif format_name == "markdown":
            stream.write(rule_table(rules))
        else:
            write(rule_lines(rules), stream)
    return _status(broken)


def _status(broken: Sequence[RuleFailure]) -> int:
    """Say which rules cannot be used, and return the exit status."""
    for failure in broken:
        complain(f"error: {failure.rule}: {failure.error}")
    return BROKEN if broken else 0


def _json(entries: Sequence[object]) -> str:
    import json

    return json.dumps({"version": LIST_VERSION, "rules": entries}, indent=2) + "\n"


def explain(word: str | None, output: str, *, every: bool) -> int:
    """Print the page of the rule that a word names, or all pages, or write them to a folder.

    Args:
        word: A code, a name, or an unambiguous beginning of either.
        output: A format, or with ``every`` the folder to write to.
        every: Whether all pages are wanted.

    Raises:
        UsageError: The word names no rule, or several; options do not go together; or the
            settings cannot be used.

    """
    rules, broken = available_rules(read_configuration(()))
    if every is (word is not None):
        raise UsageError(
            "name one rule, or ask for all of them with --all; see 'wplint explain --help'"
        )
    chosen = rules if word is None else (one_rule(rules, word),)
    pages = [(rule, page_for(rule)) for rule in chosen]
    if output in FORMATS:
        _print(pages, output)
    elif every:
        _write(pages, output)
    else:
        raise UsageError(f"--output: '{output}' is none of {', '.join(FORMATS)}")
    return _status(broken)


def _print(pages: Sequence[tuple[Rule, Page]], format_name: str) -> None:
    from linter.report.rule_markdown import page_entry, page_markdown

    with StandardOutput() as stream:
        if format_name == "json":
            stream.write(_json([page_entry(rule, page) for rule, page in pages]))
        elif format_name == "markdown":
            stream.write("\n".join(page_markdown(rule, page) for rule, page in pages))
        else:
            from linter.report.rule_page import print_page

            for number, (rule, page) in enumerate(pages):
                if number:
                    stream.write("\n\n")
                print_page(rule, page, stream)


def _write(pages: Sequence[tuple[Rule, Page]], folder: str) -> None:
    """Write all pages and their index to a folder, which is made if there is none."""
    from linter.report.rule_markdown import documentation

    files = documentation(pages, folder)
    try:
        os.makedirs(folder, exist_ok=True)
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
    except OSError as error:
        raise UsageError(f"cannot write to '{folder}' ({error.strerror})") from error
    complain(f"wrote {len(files)} files to {folder}")
