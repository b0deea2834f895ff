"""The JSON report against its schema, and the schema against reports that break it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import report_samples as samples

from linter.engine.outcome import Outcome
from linter.report import FORMATS, render

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = Path(__file__).parents[2] / "schemas" / "report.schema.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(
    "make",
    [samples.everything, samples.awkward, samples.clean, Outcome],
    ids=lambda make: make.__name__,
)
def test_every_report_matches_the_schema(
    validator: jsonschema.Draft202012Validator, make: Callable[[], Outcome]
) -> None:
    validator.validate(json.loads(render("json", make())))


def test_a_location_has_the_payload_only_where_there_is_one() -> None:
    locations = json.loads(render("json", samples.everything()))["findings"][0]["locations"]
    plain = {"path", "line", "column", "end_line", "end_column", "label"}
    assert [set(location) for location in locations] == [plain | {"payload", "payload_line"}, plain]


def test_positions_cut_the_same_characters_out_of_the_file() -> None:
    finding = samples.overlap()
    parsed = json.loads(render("json", samples.of(finding)))["findings"][0]["locations"]
    for label, location in zip(finding.labels, parsed, strict=True):
        line = label.ref.file.text.splitlines()[location["line"] - 1]
        assert line[location["column"] - 1 : location["end_column"] - 1] == label.ref.text


def test_log_commands_are_escaped_and_mean_the_same() -> None:
    text = render("json", Outcome(notes=("##vso[task.complete] ##[error]",)))
    assert "##vso\\u005btask" in text
    assert json.loads(text)["summary"]["notes"] == ["##vso[task.complete] ##[error]"]


def _objects(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all objects in a report."""
    found = []
    if isinstance(value, dict):
        found.append(path)
        for key, item in value.items():
            found += _objects(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            found += _objects(item, (*path, number))
    return found


def _within(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def test_the_schema_refuses_a_property_too_many_or_too_few(
    validator: jsonschema.Draft202012Validator,
) -> None:
    report = json.loads(render("json", samples.everything()))
    for path in _objects(report):
        longer = copy.deepcopy(report)
        _within(longer, path)["surplus"] = 1
        assert not validator.is_valid(longer), path
        for key in _within(report, path):
            shorter = copy.deepcopy(report)
            del _within(shorter, path)[key]
            assert not validator.is_valid(shorter), (path, key)


def test_a_format_that_does_not_exist_is_named() -> None:
    names = ("full", "concise", "json", "sarif", "github", "gitlab", "junit")
    assert tuple(FORMATS) == names
    with pytest.raises(ValueError, match="no report format 'xml'; there are full, concise, json,"):
        render("xml", Outcome())
