"""``wplint rules`` and ``wplint explain``: what the rules are."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from linter.cli.selection import one_rule
from linter.cli.streams import StandardOutput
from linter.engine.loader import load_rules
from linter.engine.pages import page_for
from linter.report.terminal import wants_colour, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.rules import Rule

LIST_VERSION = 1

_FENCE_TITLE = re.compile(r'^`{3,}\w+ title="([^"\n]*)"$', re.MULTILINE)
_PAGE_LINK = re.compile(r"\[([^\]\n]*)\]\([a-z0-9_]+\.md\)")


def print_rules(*, as_json: bool) -> int:
    """Print one line per rule, or the list as JSON."""
    rules = load_rules()
    text = _as_json(rules) if as_json else _as_lines(rules)
    with StandardOutput() as stream:
        stream.write(text)
    return 0


def _as_lines(rules: Sequence[Rule]) -> str:
    """Return code, severity, name and summary in columns; a line is as long as it is."""
    names = max((len(rule.name) for rule in rules), default=0)
    return "".join(
        f"{rule.code}  {rule.severity.value:<7}  {rule.name:<{names}}  {rule.summary}\n"
        for rule in rules
    )


def _as_json(rules: Sequence[Rule]) -> str:
    import json

    listed = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity.value,
            "group": rule.group,
            "summary": rule.summary,
            "requires": list(rule.requires),
        }
        for rule in rules
    ]
    return json.dumps({"version": LIST_VERSION, "rules": listed}, indent=2) + "\n"


def explain(word: str) -> int:
    """Print the page of the rule that a word names.

    Raises:
        UsageError: It names no rule, or several.

    """
    text = _page(one_rule(load_rules(), word))
    with StandardOutput() as stream:
        if not wants_colour(stream, os.environ):
            stream.write(text)
            return 0
        from rich.console import Console
        from rich.markdown import Markdown

        named = _FENCE_TITLE.sub(r"`\1`\n\n\g<0>", text)  # rich shows no title of a fence
        Console(file=stream, width=width_of(stream)).print(Markdown(named))
    return 0


def _page(rule: Rule) -> str:
    """Return a rule's page: its Markdown, with the facts of its head below the title.

    Links to other pages keep their words, which name the rule; beside no page they lead nowhere.
    """
    page = page_for(rule)
    title, _, rest = _PAGE_LINK.sub(r"\1", page.text).partition("\n")
    fix = "no automatic fix" if page.fix == "none" else f"{page.fix} fix"
    facts = f"{page.code} {page.name} ({page.severity.value}, {fix}, releases: {page.releases})"
    return f"{title}\n\n{facts}\n{rest}"
