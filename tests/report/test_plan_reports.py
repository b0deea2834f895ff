"""The outputs of ``wplint plan``: the page against snapshots, JSON against its schema, Markdown.

``WPLINT_WRITE_SNAPSHOTS=1`` writes the snapshots anew.
"""

from __future__ import annotations

import io
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
import plan_samples as samples
import pytest

from linter.plan.effects import Effect
from linter.report.plan import concise, lines, markdown, summary_lines, text
from linter.report.plan.markdown import LONGEST
from linter.report.styled import plain
from linter.report.terminal import write

if TYPE_CHECKING:
    from linter.engine.planning import Plan

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).parent / "plan_snapshots"
PLANS = {
    name: getattr(samples, name) for name in ("everything", "nothing", "empty", "hostile", "large")
}
every_plan = pytest.mark.parametrize("name", PLANS)


@cache
def sample(name: str) -> Plan:
    made: Plan = PLANS[name]()
    return made


def snapshot(name: str, found: str) -> None:
    path = SNAPSHOTS / name
    if os.environ.get("WPLINT_WRITE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 80])
def test_the_page_is_as_it_was_looked_at(width: int) -> None:
    made = sample("everything")
    snapshot(f"everything.{width}.txt", plain(lines(made, width)))
    snapshot(f"everything.east.{width}.txt", plain(lines(made, width, "east")))
    snapshot(f"everything.north.{width}.txt", plain(lines(made, width, "north")))
    snapshot(f"everything.summary.{width}.txt", plain(summary_lines(made, width)))


def test_colours_say_how_bad_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = io.StringIO()
    write(lines(sample("everything"), 80), stream)
    assert "\x1b[1;31mpool added" in stream.getvalue() or "\x1b[1;31mnodes" in stream.getvalue()


def test_a_terminal_without_unicode_gets_ascii() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    write(lines(sample("everything"), 80, "east"), stream)
    stream.flush()
    assert b"0-1,32-33 > 0-3,32-35" in stream.buffer.getvalue()  # type: ignore[attr-defined]


@every_plan
@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_it_may_be(name: str, width: int) -> None:
    made = sample(name)
    page = [*lines(made, width), *summary_lines(made, width)]
    for line in plain(page).splitlines():
        if ":" not in line:  # the path of a place is never cut
            assert len(line) <= width, line


@every_plan
def test_nothing_acts_in_any_output(name: str) -> None:
    made = sample(name)
    page = plain([*lines(made, 80), *summary_lines(made, 80)])
    for document in (page, concise(made), markdown(made), text(made)):
        assert "\x1b" not in document
        assert "\u202e" not in document
        assert "##[error]" not in document
        assert not re.search(r"^::", document, re.MULTILINE)


@pytest.fixture(scope="module")
def validator() -> jsonschema_rs.Draft202012Validator:
    schemas = [
        json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("plan", "report")
    ]
    for schema in schemas:
        jsonschema.Draft202012Validator.check_schema(schema)
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in schemas])
    return jsonschema_rs.Draft202012Validator(schemas[0], registry=registry)


@every_plan
def test_the_document_matches_its_schema(
    name: str, validator: jsonschema_rs.Draft202012Validator
) -> None:
    validator.validate(json.loads(text(sample(name))))
    validator.validate(json.loads(text(sample(name), "east", "master")))


def test_the_schema_refuses_other_documents(validator: jsonschema_rs.Draft202012Validator) -> None:
    good: dict[str, Any] = json.loads(text(sample("everything")))
    for key in good:
        assert not validator.is_valid({k: v for k, v in good.items() if k != key}), key
    assert not validator.is_valid(good | {"surplus": 1})
    good["clusters"][0]["effects"] = ["explodes"]
    assert not validator.is_valid(good)


def test_the_schema_knows_every_effect() -> None:
    schema = json.loads((ROOT / "schemas" / "plan.schema.json").read_text(encoding="utf-8"))
    assert schema["$defs"]["effect"]["enum"] == [effect.slug for effect in Effect]


@every_plan
def test_a_comment_fits(name: str) -> None:
    comment = markdown(sample(name))
    assert len(comment) <= LONGEST
    assert comment.count("<details>") == comment.count("</details>")
    assert ("Cut to fit" in comment) is (name == "large")


def test_a_comment_says_what_was_cut() -> None:
    comment = markdown(sample("large"))
    said = re.search(r"Cut to fit into a comment: (.*?)\. `--output json`", comment)
    assert said is not None
    numbers = [int(number) for number in re.findall(r"\d+ ", said[1])]
    assert numbers
    assert min(numbers) > 0
    assert comment.startswith("### wplint plan: 600 of")


def test_a_comment_is_as_it_was_looked_at() -> None:
    snapshot("everything.md", markdown(sample("everything")))


def test_a_comment_holds_no_markup_of_others() -> None:
    comment = markdown(sample("hostile"))
    assert "<img" not in comment
    assert "](http" not in comment
    read = re.sub(r"<code>.*?</code>", "<code></code>", comment)  # where no reference is sought
    assert not re.search(r"@\w", read)
    assert not re.search(r"(?<!&)#\d(?!\d*;)", read)
    tags = set(re.findall(r"</?[a-z]+", comment))
    assert tags <= {"<details", "</details", "<summary", "</summary", "<code", "</code", "<br"}
    for row in re.findall(r"^\|.*", comment, re.MULTILINE):
        assert row.count("|") == 5, row


def test_concise_has_a_line_for_each_pool() -> None:
    found = concise(sample("everything")).splitlines()
    assert found[0].startswith("east/master: management pods move")
    assert "south: cluster removed" in found
