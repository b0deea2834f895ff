"""Documents: what is read, where it stands, and what is refused."""

from __future__ import annotations

import time

import pytest
from builders import root_of
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.sources.fields import Invalid, Missing, Templated, Value, is_template
from linter.sources.text import Embedded, File, Ref, Slice
from linter.sources.yaml_tree import DEEPEST, Node, YamlProblem, compose


def problem_of(text: str) -> YamlProblem:
    roots, problem = compose(File("f", text))
    assert problem is not None, [root.plain() for root in roots]
    return problem


# --- reading a document --------------------------------------------------------------------------


def test_every_document_of_a_text_is_read_but_empty_ones() -> None:
    roots, problem = compose(File("f", "a: 1\n---\n# nothing\n---\nb: 2\n...\n---\n[3]\n"))
    assert problem is None
    assert [root.plain() for root in roots] == [{"a": 1}, {"b": 2}, [3]]


def test_what_stands_before_a_mistake_is_read() -> None:
    roots, problem = compose(File("f", "a: 1\n---\nb: [2\n---\n"))
    assert [root.plain() for root in roots] == [{"a": 1}]
    assert problem is not None
    assert problem.ref.source.position(problem.ref.start)[0] == 4


def test_json_is_read_with_positions() -> None:
    root = root_of('{"a":{"b":"x\\/y"},"c":[1,true,null],\n\t"d":"\\u00e9"}')
    assert root.plain() == {"a": {"b": "x/y"}, "c": [1, True, None], "d": "é"}
    assert root.at("a", "b").ref.text == '"x\\/y"'


def test_json_may_spell_a_character_as_a_surrogate_pair() -> None:
    root = root_of('{"a": "\\ud83d\\ude00", "b": "0-3"}')
    assert root.at("b").content_ref().text == "0-3"
    assert root.at("a").embedded().mapping.to_parent(0, 1) == (6, 20)
    assert "no YAML" in problem_of('{"a": "\\ud83d"}').message


def test_values_are_read_by_the_rules_of_kubernetes() -> None:
    root = root_of('a: 0644\nb: "0644"\nc: yes\nd: !!str 1\ne: ! x\nf: ~\ng:\nh: 1e3\ni: !!int 7\n')
    assert root.plain() == {
        "a": 420, "b": "0644", "c": True, "d": "1", "e": "x", "f": None, "g": None, "h": 1000.0,
        "i": 7,
    }  # fmt: skip


@pytest.mark.parametrize(("text", "integer"), [("0o17", 15), ("1e2", 100), ("2.0", 2), ("1_0", 10)])
def test_integers(text: str, integer: int) -> None:
    field = root_of(f"a: {text}").at("a").integer()
    assert isinstance(field, Value)
    assert field.value == integer


@pytest.mark.parametrize("text", [".inf", ".nan", "1.5", "x", "'1'", "[1]", "{a: 1}", "yes"])
def test_what_is_no_integer(text: str) -> None:
    assert isinstance(root_of(f"a: {text}").at("a").integer(), Invalid)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", "an integer"),
        ("1.5", "a number"),
        ("yes", "a boolean"),
        ("[1]", "a list"),
        ("{b: 1}", "an object"),
    ],
)
def test_what_is_no_string_says_what_it_is(text: str, found: str) -> None:
    field = root_of(f"a: {text}").at("a").text()
    assert isinstance(field, Invalid)
    assert field.found == found
    assert field.ref.text == text


def test_booleans() -> None:
    root = root_of("a: on\nb: 'on'\nc: '{{ x }}'\nd:\n")
    assert isinstance(root.at("a").boolean(), Value)
    assert isinstance(root.at("b").boolean(), Invalid)
    assert isinstance(root.at("c").boolean(), Templated)
    assert isinstance(root.at("d").boolean(), Missing)


def test_a_path_that_leads_nowhere_says_why() -> None:
    root = root_of("a: {b: 1}\nc: text\nd: [1]\ne:\n")
    assert isinstance(root.at("a", "x", "y").text(), Missing)
    assert isinstance(root.at("e", "x").text(), Missing)
    assert isinstance(root.at("c", "x").text(), Invalid)
    assert isinstance(root.at("d", "x", "y").integer(), Invalid)
    assert root.at("a", "x").ref.text == "{b: 1}"
    assert not root.at("a", "x").exists
    assert root.at("e").exists
    assert list(root.at("c").items()) == list(root.at("c").elements()) == []


def test_the_span_of_a_value_is_without_anchor_tag_and_comment() -> None:
    root = root_of("a: &x 0-3 # c\nb: !!str &y # c\n  '1'\nc: &z\n  - 1\n  - 2\n\n# end\nd: *x\n")
    assert root.at("a").ref.text == "0-3"
    assert root.at("b").ref.text == "'1'"
    assert root.at("b").content_ref().text == "1"
    assert root.at("c").ref.text.startswith("- 1")
    assert root.at("d").ref == root.at("a").ref
    assert root.key_ref("b").text == "b"
    assert root.key_ref("absent") == root.ref


def test_an_empty_value_with_an_anchor_has_an_empty_span() -> None:
    root = root_of("a: &x\nb: !!str\nc: *x\n")
    assert [root.at(key).ref.text for key in "abc"] == ["", "", ""]
    assert root.at("a").is_null
    assert isinstance(root.at("b").text(), Value)


def test_keys_merged_in_give_way_to_own_ones() -> None:
    root = root_of(
        "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz: {<<: [*x, *y], a: 5}\nw: {'<<': 1}\n"
    )
    assert root.at("z").plain() == {"a": 5, "b": 2, "c": 4}
    assert root.at("w").plain() == {"<<": 1}


def test_a_key_that_stands_twice_is_reported_and_the_last_counts() -> None:
    root = root_of("a: 1\nb:\n- {c: 1, d: 2, c: 3}\na: 4\n<<: {}\n<<: {}\n")
    assert root.at("a").plain() == 4
    pairs = list(root.duplicate_keys())
    assert sorted((a.text, a.start < b.start) for a, b in pairs) == [("a", True), ("c", True)]


def test_a_value_of_a_list_reached_twice_is_reported_once() -> None:
    root = root_of("a: &a {b: 1, b: 2}\nc: *a\n")
    assert len(list(root.duplicate_keys())) == 1


@pytest.mark.parametrize(
    "text",
    ["{{ x }}", "a {{ x }} b", "$name", "${NAME}", "$(NAME)", "<name>", "{% if %}", "@NAME@"],
)
def test_templates_are_known_by_their_marks(text: str) -> None:
    assert is_template(text)
    assert isinstance(root_of(f"a: '{text}'").at("a").text(), Templated)


@pytest.mark.parametrize("text", ["0-3", "a < b", "5 $", "a@b", "{ x }", "<1>"])
def test_other_texts_are_no_templates(text: str) -> None:
    assert not is_template(text)


def test_a_template_without_quotes_is_a_mapping_of_mappings() -> None:
    root = root_of("a: {{ x }}\nb: {c: {{ y }}}\n")
    assert isinstance(root.at("a").text(), Templated)
    assert isinstance(root.at("a", "b", "c").integer(), Templated)
    assert isinstance(root.at("b", "c").boolean(), Templated)
    assert root.at("b").is_mapping
    assert not root.at("a").is_mapping


def test_positions_do_not_count_the_byte_order_mark_but_every_code_point() -> None:
    root = root_of("é😀: 1\r\nb: '0-3'\r\n")
    ref = root.at("b").content_ref()
    assert (ref.text, ref.source.position(ref.start)) == ("0-3", (2, 5))


def test_a_document_in_a_document_points_at_its_own_characters() -> None:
    file = File("f", "data: [a: {b: 0-3}]")
    inner = Embedded("[a: {b: 0-3}]", file, Slice(6))
    roots, problem = compose(inner)
    assert problem is None
    (element,) = roots[0].elements()
    assert element.at("a", "b").ref.in_file().text == "0-3"


# --- anchors that are defined twice --------------------------------------------------------------


def test_an_anchor_may_be_defined_twice() -> None:
    text = "a: &x 0-3\nb: *x\nc: &x 'on'\nd: *x\ne: !!str &x yes\nf: [*x, {g: on}]\n---\nh: 1\n"
    roots, problem = compose(File("f", text))
    assert problem is None
    assert roots[0].plain() == {
        "a": "0-3", "b": "0-3", "c": "on", "d": "on", "e": "yes", "f": ["yes", {"g": True}],
    }  # fmt: skip
    assert roots[0].at("b").ref.text == "0-3"
    assert roots[0].at("e").ref.text == "yes"
    assert roots[1].plain() == {"h": 1}


def test_mistakes_after_an_anchor_defined_twice_are_found() -> None:
    start = "a: &x 1\nb: &x 2\n"
    assert "undefined alias" in problem_of(start + "c: *y\n").message
    assert "no YAML" in problem_of(start + "c: [\n").message
    assert "deep" in problem_of(start + "c: " + "[" * 5000).message


# --- what is refused -----------------------------------------------------------------------------


def test_a_document_that_nests_too_deep_is_refused_and_one_that_nests_deep_is_read() -> None:
    assert "deep" in problem_of("a: " + "[" * 1_000_000).message
    assert "deep" in problem_of("- " * 100_000 + "a").message
    assert "deep" in problem_of("{a: " * 100_000).message
    deep = DEEPEST - 2
    root = root_of("a: " + "[" * deep + "]" * deep)
    assert root.at("a").is_sequence
    assert root.plain()


def bomb(kind: str) -> str:
    lines = ["a: &a " + ("[x, x]" if kind == "list" else "{k: v}")]
    for number in range(40):
        before, name = (f"n{number - 1}" if number else "a"), f"n{number}"
        if kind == "list":
            lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]")
        elif kind == "map":
            lines.append(f"{name}: &{name} {{p: *{before}, q: *{before}}}")
        else:
            lines.append(f"{name}: &{name} {{<<: [*{before}, *{before}], k{number}: 1}}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("kind", ["list", "map", "merge"])
def test_an_alias_bomb_is_refused_at_once(kind: str) -> None:
    began = time.process_time()
    assert "expand" in problem_of(bomb(kind)).message
    assert time.process_time() - began < 1


def test_a_large_text_named_by_many_aliases_is_refused() -> None:
    text = f"a: &a '{'x' * 100_000}'\nb: [{', '.join(['*a'] * 1000)}]\n"
    assert "expand" in problem_of(text).message


def test_a_value_that_contains_itself_is_refused() -> None:
    assert "itself" in problem_of("a: &a [*a]\n").message
    assert "itself" in problem_of("a: &a {b: {c: [1, *a]}}\n").message


def test_aliases_that_nest_deep_together_are_refused() -> None:
    lines = ["a0: &a0 " + "[" * 50 + "]" * 50]
    lines += [f"a{n}: &a{n} {'[' * 50}*a{n - 1}{']' * 50}" for n in range(1, 100)]
    assert "deep" in problem_of("\n".join(lines) + "\n").message


def test_ordinary_aliases_and_other_documents_are_read() -> None:
    text = bomb("list") + "---\na: &a {b: 1}\nc: [*a, *a]\n"
    roots, problem = compose(File("f", text))
    assert problem is not None
    assert [root.plain() for root in roots] == [{"a": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}]


@pytest.mark.parametrize(
    ("text", "at"),
    [("a: \x00", 3), ("a: 'x\n", 6), ("a: b: c", 4), ("é: \x07", 3), ("%YAML 3.0\n---\na", 0)],
)
def test_a_mistake_has_a_place(text: str, at: int) -> None:
    assert problem_of(text).ref.start == at


def test_half_a_surrogate_pair_is_no_text() -> None:
    problem = problem_of("a: \ud800")
    assert (problem.ref.start, problem.ref.end) == (3, 4)


def test_reading_a_large_mapping_is_linear() -> None:
    root = root_of("a:\n" + "".join(f"  k{n}: v\n" for n in range(20_000)) + " " * 200_000 + "\n")
    began = time.process_time()
    node = root.at("a")
    assert [node.key_ref(key).text for key, _ in node.items()][-1] == "k19999"
    assert [node.at(key).ref.text for key, _ in node.items()][-1] == "v"
    assert time.process_time() - began < 5


def test_plain_values_are_bounded() -> None:
    with pytest.raises(ValueError, match="too large"):
        root_of("[1, 2, 3]").plain(budget=3)


@tried(300)
@given(st.text("ab:-?[]{},&*!|>'\"%@`#<\n \t\r\\0\x85é", max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    source = File("f", text)
    roots, problem = compose(source)
    if problem is not None:
        assert 0 <= problem.ref.start <= problem.ref.end <= len(text)
    for root in roots:
        walk(root)


def walk(node: Node) -> None:
    """Call every accessor of a node and of all below it."""
    length = len(node.source.text)
    assert 0 <= node.ref.start <= node.ref.end <= length
    for read in (node.text, node.integer, node.boolean):
        assert isinstance(read(), Value | Missing | Templated | Invalid)
    node.plain()
    list(node.duplicate_keys())
    assert isinstance(node.at("a", "b").ref, Ref)
    if node.is_scalar:
        start, end = node.content().in_file().start, node.content().in_file().end
        assert node.ref.start <= start <= end <= length
        assert node.content_ref().end <= length
    for key, value in node.items():
        assert node.key_ref(key).end <= length
        walk(value)
    for element in node.elements():
        walk(element)
