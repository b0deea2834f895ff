"""A rule's page, laid out for people by rich: in colour on a terminal, else the same as plain text.

It is imported by ``wplint explain`` alone.
"""

from __future__ import annotations

import io
import os
import re
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import Console, Group
from rich.markdown import CodeBlock, Heading, Markdown
from rich.syntax import Syntax
from rich.text import Text
from rich.theme import Theme

from linter.engine.rules import CODE
from linter.regexes import regex
from linter.report.colour import STYLES
from linter.report.rule_markdown import facts_of, without_page_links
from linter.report.terminal import encodable_text, wants_colour, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from rich.console import ConsoleOptions, RenderResult
    from rich.markdown import MarkdownContext

    from linter.engine.pages import Page
    from linter.engine.rules import Rule

_TITLE = regex(r'(\S*)(?:.*\stitle="([^"\n]*)")?')
_MARKERS = {
    severity: re.compile(rf"#?\s*{severity}\[{CODE}\]") for severity in ("error", "warning", "info")
}
_TRAILING = regex(r"(?: |\x1b\[[0-9;]*m)+$", re.MULTILINE)
"""Blanks at the end of a line, and the colours that begin and end there."""

_THEME = Theme(
    {
        "markdown.h2": "bold",
        "markdown.h3": "italic",
        "markdown.code": STYLES["path"],
        "markdown.item.bullet": STYLES["gutter"],
        "markdown.table.header": STYLES["message"],
        "markdown.table.border": STYLES["gutter"],
    }
)


class _Section(Heading):
    """A heading on a line of its own, to the left."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it: sections in bold with a rule below, examples with less."""
        self.text.justify = "left"
        if self.tag == "h2":
            yield self.text
            yield Text("─" * self.text.cell_len, style=STYLES["gutter"])
        else:
            yield self.text


class _File(CodeBlock):
    """A fence: the name of its file, and the text behind a line that sets it off."""

    title = ""

    @classmethod
    def create(cls, markdown: Markdown, token: Any) -> _File:  # noqa: ARG003 - rich's signature
        """Take the language and the file's name from what follows the ticks."""
        found = _TITLE.match(token.info or "")
        block = cls(found[1] if found and found[1] else "text", "ansi_light")
        block.title = (found[2] or "") if found else ""
        return block

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it; on a terminal long lines are folded, elsewhere they stay whole."""
        if self.title:
            yield Text(f"  {self.title}", style=STYLES["path"])
        code = Syntax(str(self.text), self.lexer_name, theme=self.theme).highlight(str(self.text))
        for severity, marker in _MARKERS.items():
            code.highlight_regex(marker, f"not dim {STYLES[severity]}")
        bar = Text("  │ ", style=STYLES["gutter"])
        room = max(options.max_width - bar.cell_len, 20)
        for line in code.split("\n"):
            rows = line.wrap(console, room, overflow="fold") if console.is_terminal else [line]
            for row in rows or [Text("")]:
                row.rstrip()
                yield Text.assemble(bar, row, no_wrap=True, overflow="ignore")

    def on_enter(self, context: MarkdownContext) -> None:
        """Begin to collect the text."""
        context.enter_style("none")
        self.text = Text(justify="left")


class _PageText(Markdown):
    """Markdown with the headings and fences of a rule page."""

    elements: ClassVar[dict[str, Any]] = {
        **Markdown.elements,
        "heading_open": _Section,
        "fence": _File,
    }


def print_page(rule: Rule, page: Page, stream: TextIO) -> None:
    """Print a page on a stream: title and facts, then its sections."""
    coloured = wants_colour(stream, os.environ)
    folded = coloured or stream.isatty()
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=width_of(stream),
        force_terminal=folded,
        no_color=not coloured,
        theme=_THEME,
        highlight=False,
        color_system="auto" if coloured else None,
        legacy_windows=False,
    )
    console.print(Group(*_head(rule, page)))
    body = without_page_links(page.text).partition("\n")[2].lstrip("\n")
    console.print(_PageText(body, hyperlinks=False), crop=False)
    text = _TRAILING.sub(lambda found: found[0].replace(" ", ""), buffer.getvalue())
    stream.write(encodable_text(text, stream))


def _head(rule: Rule, page: Page) -> Iterator[Text]:
    severity = STYLES[rule.severity.value]
    yield Text.assemble(
        (f"{rule.severity.value}[{rule.code}]", severity), f" {rule.name}", no_wrap=True
    )
    yield Text(page.title, style="bold")
    yield Text(facts_of(rule, page), style=STYLES["context"])
    yield Text("")
