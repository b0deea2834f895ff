"""docs/render.md lists what is left to the operator, and the options that there are."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from linter.cli.app import app
from linter.render import LEFT_TO_THE_OPERATOR

PAGE = Path(__file__).resolve().parents[2] / "docs" / "render.md"
BEGIN, END = "<!-- left out: begin -->\n", "<!-- left out: end -->\n"


def table() -> str:
    rows = [f"| `{one.name}` | {one.what} | {one.when.value} |" for one in LEFT_TO_THE_OPERATOR]
    return "\n".join(["| File or unit | What it does | Where |", "|---|---|---|", *rows]) + "\n"


def test_the_page_lists_what_is_left_out() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text[text.index(BEGIN) + len(BEGIN) : text.index(END)] == table()


def test_the_page_names_every_option() -> None:
    command = typer.main.get_command(app).commands["render"]  # type: ignore[attr-defined] # a group
    options = {name for one in command.params for name in one.opts if name.startswith("--")}
    assert options - {"--help"} <= set(re.findall(r"--[a-z-]+", PAGE.read_text(encoding="utf-8")))
