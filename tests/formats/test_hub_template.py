"""The evaluator of hub templates."""

from __future__ import annotations

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.hub_template import Absence, Context, Key, Resolved, Unknown, evaluate

VALUES = {
    Key("", "values", "rack-a-cpus"): "0-1,28-29",
    Key("", "values", "count"): "16",
    Key("", "values", "flag"): "true",
    Key("", "values", "blank"): " 0-3 ",
    Key("", "values", "empty"): "",
    Key("other", "values", "x"): "7",
}


def lookup(key: Key) -> str | Absence:
    if key.config_map != "values":
        return Absence.CONFIG_MAP
    return VALUES.get(key, Absence.KEY)


CONTEXT = Context("north", {"hw": "rack-a", "n": "4"}, lookup)
CPUS = Key("", "values", "rack-a-cpus")


def test_a_key_made_of_a_label() -> None:
    key = '(printf "%s-cpus" (index .ManagedClusterLabels "hw"))'
    text = f'{{{{hub fromConfigMap "" "values" {key} hub}}}}'
    assert evaluate(text, CONTEXT) == Resolved("0-1,28-29", CPUS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{hub fromConfigMap "" "values" "count" | toInt hub}}', ("16", True)),
        ('{{hub fromConfigMap "" "values" "rack-a-cpus" | toLiteral hub}}', ("0-1,28-29", True)),
        ('{{hub fromConfigMap "" "values" "flag" | toBool hub}}', ("true", True)),
        ('{{hub fromConfigMap "" "values" "blank" | trim hub}}', ("0-3", False)),
        ('{{hub fromConfigMap "other" "values" "x" hub}}', ("7", False)),
        ('{{hub fromConfigMap "" "values" "empty" | default "0-5" hub}}', ("0-5", False)),
        ("{{hub .ManagedClusterName hub}}", ("north", False)),
        ("{{hub .ManagedClusterLabels.hw hub}}", ("rack-a", False)),
        ('{{hub (printf "%v-%d%%" "a" 3) hub}}', ("a-3%", False)),
        ('{{hub $k := "count" hub}}{{hub fromConfigMap "" "values" $k hub}}', ("16", False)),
        ("cpus=0-{{hub .ManagedClusterLabels.n hub}}!", ("cpus=0-4!", False)),
        ("a {{hub- .ManagedClusterName -hub}} b", ("anorthb", False)),
        ("{{hub /* a remark */ hub}}2-3", ("2-3", False)),
        ("{{ .Other }}", ("{{ .Other }}", False)),
    ],
)  # fmt: skip
def test_what_is_understood(text: str, expected: tuple[str, bool]) -> None:
    found = evaluate(text, CONTEXT)
    assert isinstance(found, Resolved)
    assert (found.text, found.raw) == expected


@pytest.mark.parametrize(
    "text",
    [
        '{{hub fromSecret "" "s" "k" hub}}',
        '{{hub lookup "v1" "Node" "" "" hub}}',
        '{{hub index .ManagedClusterLabels "nothing" hub}}',
        '{{hub fromConfigMap "" "elsewhere" "k" hub}}',
        '{{hub fromConfigMap "" "values" hub}}',
        '{{hub fromConfigMap "" "values" "count" | hub}}',
        '{{hub fromConfigMap "" "values" "rack-a-cpus" | toInt hub}}',
        "{{hub if true hub}}1{{hub end hub}}",
        "{{hub .ManagedClusterLabels hub}}",
        "{{hub .ManagedClusterLabels.a.b hub}}",
        '{{hub printf "%s" hub}}',
        '{{hub printf "%x" 3 hub}}',
        '{{hub printf "a" "b" hub}}',
        '{{hub "a" | "b" hub}}',
        "{{hub $never hub}}",
        '{{hub "open',
        "{{hub ( hub}}",
        "{{hub " + "(" * 200 + '"x"' + ")" * 200 + " hub}}",
        "{{hub " + '"x" ' * 5000 + "hub}}",
        '{{hub "' + "x" * 70_000 + '" hub}}',
        '{{hub "\\u0041" hub}}',
    ],
)
def test_anything_else_is_unknown(text: str) -> None:
    assert isinstance(evaluate(text, CONTEXT), Unknown)


def test_a_missing_key_is_named() -> None:
    found = evaluate('{{hub fromConfigMap "" "values" "gone" hub}}', CONTEXT)
    assert isinstance(found, Unknown)
    assert found.missing == Key("", "values", "gone")


def test_an_unknown_cluster_has_no_name() -> None:
    nobody = Context(None, {}, lookup)
    assert isinstance(evaluate("{{hub .ManagedClusterName hub}}", nobody), Unknown)


def test_text_around_a_value_has_no_single_key() -> None:
    found = evaluate('{{hub fromConfigMap "" "values" "count" hub}}-17', CONTEXT)
    assert found == Resolved("16-17")


@tried(150)
@given(st.lists(st.sampled_from([
    "{{hub", "hub}}", " ", "(", ")", "|", '"a"', "printf", "index", "$x", ":=", "toInt", ".", "%s",
    ".ManagedClusterLabels", ".ManagedClusterName", "fromConfigMap", "`", '"', "\\", "-", "9",
])).map(" ".join))  # fmt: skip
def test_every_text_has_an_answer(text: str) -> None:
    assert isinstance(evaluate(text, CONTEXT), Resolved | Unknown)
