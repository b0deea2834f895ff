"""What is understood without Typer says the same to Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st
from typer.main import get_command

from linter.cli.app import app
from linter.cli.lint import LintRequest
from linter.cli.plan import PlanRequest
from linter.cli.short_way import FLAGS, VALUES, request_of, task_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Run

GRAMMAR = get_command(app)
REQUESTS = {"lint": LintRequest, "plan": PlanRequest}
OPTIONS = sorted(
    {option for table in (FLAGS, VALUES) for known in table.values() for option in known}
)
VALID = ("error", "full", "json", "WPL3,", "4.16", "a b", "ü=", "=")
ODD = (
    *("", "-", "--", "-x", "--help", "--version", "--nope", "--output=json", "-ojson", "--out"),
    *("none", "ERROR", "--watch", "--prefer", "kubelet", "--topology", "lint"),
)


def read_by_typer(command: str, words: list[str]) -> LintRequest | PlanRequest:
    return GRAMMAR.main([command, *words], standalone_mode=False).args[0]


@pytest.mark.parametrize("command", FLAGS)
def test_the_options_that_are_used_most_are_known(command: str) -> None:
    assert request_of(command, []) == REQUESTS[command]()
    for option in VALUES[command]:
        words = ["a", option, "error", "b", option, "info"]
        request = request_of(command, words)
        assert request == read_by_typer(command, words) != REQUESTS[command](("a", "b"))
    for option in FLAGS[command]:
        request = request_of(command, [option])
        assert request == read_by_typer(command, [option]) != REQUESTS[command]()


@tried(400)
@given(
    st.sampled_from(sorted(FLAGS)),
    st.lists(st.one_of(*map(st.sampled_from, (OPTIONS, OPTIONS, VALID, ODD))), max_size=6),
)
def test_the_short_way_and_the_grammar_agree(command: str, words: list[str]) -> None:
    """``main`` does not ask Typer where nothing else is given."""
    request = request_of(command, words)
    if request is not None:
        assert request == read_by_typer(command, words)


@pytest.mark.parametrize("command", FLAGS)
def test_what_is_not_known_is_left_to_the_grammar(run: Callable[..., Run], command: str) -> None:
    plain = {"", "none", "ERROR", "kubelet", "lint"}
    for word in ODD:
        assert word in plain or request_of(command, [word]) is None
    for words in (["--fail-level", "none"], ["--fail-level"], ["--output", "--strict"]):
        assert request_of(command, words) is None
    assert "--fail-level" in run(command, "--fail-level", "none").err


def test_other_commands_are_left_to_the_grammar() -> None:
    for words in ([], ["--help"], ["show"], ["rules", "--output", "json"], ["Lint"]):
        assert task_of(words) is None
