"""Suppressions: which are read, what they hold for, and what is said of those that do nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml
from builders import pool, profile, rules
from hypothesis import given
from hypothesis import strategies as st

from linter.engine import Draft, finding, rule
from linter.engine.configuration import ConfigurationError, configuration_for
from linter.engine.findings import Severity
from linter.engine.gate_settings import configured_gate
from linter.engine.loader import select_rules
from linter.engine.run import lint
from linter.engine.suppressions import suppressions_of
from linter.model.releases import CUSTOM_POOL_BEATS_WORKER, Release
from linter.sources.globs import Glob
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from linter.engine.outcome import Outcome
    from linter.engine.suppressions import Suppression
    from linter.model.cluster import Cluster
    from linter.model.pools import Pool

    Tree = Callable[[Mapping[str, str | bytes]], str]

RULES = rules()
OVERLAP = profile("0-3", "2-7")
"""A profile with one finding, WPL202, that labels both lists."""


def read(text: str) -> list[Suppression]:
    file = File("a.yaml", text)
    roots, problem = compose(file)
    end = len(text) if problem is None else roots[-1].ref.end if roots else 0
    return list(suppressions_of(file, roots, end))


def judged(directory: str, *words: str) -> Outcome:
    gate = configured_gate(configuration_for(directory), RULES)
    return lint([directory], select_rules(RULES, words) if words else RULES, gate=gate)


def codes(outcome: Outcome) -> list[str]:
    return [item.rule for item in outcome.findings]


def with_comment(comment: str, key: str = "isolated:", *, above: bool = False) -> str:
    """Return the profile with a comment on the line of a key, or on its own line above."""
    lines = []
    for line in OVERLAP.splitlines():
        if line.strip().startswith(key):
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + comment, line] if above else [f"{line}  {comment}"]
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


# --- which are read ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "rules", "reason"),
    [
        ("# wplint: ignore[WPL202] because", ["WPL202"], "because"),
        ("#wplint:ignore[WPL202]because", ["WPL202"], "because"),
        ("## wplint: ignore[WPL202,WPL301 , profile-hugepages]  a   b ",
         ["WPL202", "WPL301", "profile-hugepages"], "a b"),
        ("# wplint: ignore[WPL202]: why", ["WPL202"], "why"),
        ("# wplint: ignore[WPL202] - why", ["WPL202"], "why"),
        ("# wplint: ignore[WPL202]", ["WPL202"], ""),
        ("# wplint: ignore[WPL202] ...", ["WPL202"], ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("above", [False, True])
def test_a_comment_is_read(comment: str, rules: list[str], reason: str, above: bool) -> None:
    (found,) = read(with_comment(comment, above=above))
    assert ([ref.text for ref in found.rules], found.reason) == (rules, reason)
    assert found.fault == ""
    assert "isolated:" in found.ref.source.text[found.begin : found.end]


def test_one_comment_may_ask_twice() -> None:
    one, two = read("a: 1 # wplint: ignore[WPL1] x  # wplint: ignore[WPL2] y\n")
    assert (one.rules[0].text, one.reason) == ("WPL1", "x")
    assert (two.rules[0].text, two.reason) == ("WPL2", "y")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1  # wplint: ignore WPL202 why", "not of the form"),
        ("a: 1  # wplint: ignore[] why", "not of the form"),
        ("a: 1  # wplint: disable=WPL202", "not of the form"),
        ("a: 1  # wplint: ingore[WPL202] why", "not of the form"),
        ("a: 1\n# wplint: ignore[WPL202] why\n\nb: 2", "directly below"),
        ("a: 1\n# wplint: ignore[WPL202] why\n---\nb: 2", "directly below"),
        ("a: 1\n# wplint: ignore[WPL202] why", "directly below"),
        ("a: |\n  x\n  # wplint: ignore[WPL202] why\n", "part of a text"),
        ("a: >-\n  x # wplint: ignore[WPL202] why\n", "part of a text"),
        ("metadata: {labels: {wplint/ignore: WPL202 why}}", "not among the annotations"),
        ("annotations: {wplint/ignore: WPL202 why}", "not among the annotations"),
        ("metadata: {annotations: {wplint/ignore: [WPL202]}}", "no string"),
        ("metadata: {annotations: {wplint/ignore: '!'}}", "no string"),
    ],
)
def test_what_is_not_read_is_said(text: str, fault: str) -> None:
    (found,) = read(text)
    assert fault in found.fault


@pytest.mark.parametrize(
    "text",
    [
        "a: '# wplint: ignore[WPL202] why'",
        'a: "x # wplint: ignore[WPL202] why"',
        "a: x#wplint: ignore[WPL202] why",
        "# wplint: see the handbook\na: 1",
        "# about wplint: ignore[WPL202] why\na: 1",
        "a: 1  # wplint is run here",
        "a: [\n# wplint: ignore[WPL202] why",  # ends within a document that cannot be read
    ],
)
def test_what_only_looks_alike_is_not_meant(text: str) -> None:
    assert read(text) == []


def test_comments_are_found_around_every_kind_of_scalar() -> None:
    mark = "# wplint: ignore[WPL202] why"
    text = (
        f"a: |  {mark}\n  x\n\n{mark}\nb: &b {mark}\n  y\nc: 'p\n  q'  {mark}\nd: p\n  q {mark}\n"
        f"e: [1,  {mark}\n  2]\nf: !t  {mark}\n  z\n"
    )
    assert [item.fault for item in read(text)] == [""] * 7


def test_a_comment_holds_for_all_of_a_text_that_begins_there() -> None:
    text = "a: |  # wplint: ignore[WPL202] why\n  x\n  y\nb: 2\n"
    (found,) = read(text)
    assert found.begin == 0
    assert text.index("y") < found.end < text.index("b:")


PIECES = st.lists(
    st.sampled_from(
        [
            "a: 1", "b: |", "c: >-", "d: 'x", "  y'", 'e: "p', '  q"', "- f", "  g", "    h", "---",
            "", "# wplint: ignore[W] r", "  # wplint: ignore[W] r", "    # wplint: ignore[W] r",
            "i: 2 # wplint: ignore[W] r", "j: |  # wplint: ignore[W] r", "k: x# wplint: ignore[W]",
            "l: {m: 1, # wplint: ignore[W] r", "  n: 2}", "  o: &a # wplint: ignore[W] r",
        ]
    ),
    min_size=1,
    max_size=9,
)  # fmt: skip


def events(text: str) -> list[tuple[str, object]]:
    """Return what a text says to a YAML parser, without places."""
    return [(type(event).__name__, getattr(event, "value", None)) for event in yaml.parse(text)]


@given(PIECES, st.sampled_from(["\n", "\r\n"]))
def test_what_is_read_as_a_comment_is_one_to_yaml(pieces: list[str], newline: str) -> None:
    """Taking a comment away changes no value; taking away what is part of a text does."""
    text = newline.join(pieces) + newline
    try:
        said = events(text)
    except yaml.YAMLError:
        return
    for item in read(text):
        without = text[: item.ref.start] + text[item.ref.end :]
        try:
            same = events(without) == said
        except yaml.YAMLError:
            same = False
        assert same is not ("part of a text" in item.fault), (item.fault, text)


@given(st.text(alphabet="#wplint: ignore[]WPL2,\n-|>'\"&*{}\r\t\u2028a", max_size=80))
def test_any_text_can_be_searched(text: str) -> None:
    for item in read(text.replace("w", "# wplint: ignore[W]")):
        assert item.ref.text


# --- what they hold for --------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["isolated:", "reserved:"])
@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("form", ["lf", "crlf", "bom", "utf-16"])
def test_a_comment_at_any_labelled_line_suppresses(
    tree: Tree, key: str, above: bool, form: str
) -> None:
    text = with_comment("# wplint: ignore[WPL202] told to", key, above=above)
    data = {
        "lf": text.encode(),
        "crlf": text.replace("\n", "\r\n").encode(),
        "bom": b"\xef\xbb\xbf" + text.encode(),
        "utf-16": text.encode("utf-16"),
    }[form]
    outcome = judged(tree({"a.yaml": data}))
    assert codes(outcome) == []
    (item,) = outcome.suppressed
    assert (item.finding.rule, item.reason, item.kind) == ("WPL202", "told to", "comment")


def test_a_comment_elsewhere_suppresses_nothing(tree: Tree) -> None:
    outcome = judged(tree({"a.yaml": with_comment("# wplint: ignore[WPL202] x", "name:")}))
    assert codes(outcome) == ["WPL013", "WPL202"]


def test_without_a_reason_it_suppresses_nothing_and_is_found(tree: Tree) -> None:
    outcome = judged(tree({"a.yaml": with_comment("# wplint: ignore[WPL202]")}))
    assert sorted(codes(outcome)) == ["WPL011", "WPL202"]
    assert outcome.suppressed == ()


def test_an_unknown_rule_is_found_with_the_nearest(tree: Tree) -> None:
    outcome = judged(tree({"a.yaml": with_comment("# wplint: ignore[profile-set-overlap] x")}))
    found = next(item for item in outcome.findings if item.rule == "WPL012")
    assert "profile-sets-overlap" in found.advice


def test_an_annotation_holds_for_its_object_alone(tree: Tree) -> None:
    said = "  annotations:\n    wplint/ignore: |\n      WPL202 made so\n      WPL204 old\n"
    text = OVERLAP.replace("metadata:\n", f"metadata:\n{said}")
    outcome = judged(tree({"x/openshift/a.yaml": text, "y/openshift/a.yaml": OVERLAP}))
    assert codes(outcome).count("WPL202") == 1
    assert [item.kind for item in outcome.suppressed] == ["annotation"]
    unused = [item for item in outcome.findings if item.rule == "WPL013"]
    assert [item.primary.ref.text for item in unused] == ["WPL204"]


def test_what_did_not_run_is_not_unused(tree: Tree) -> None:
    directory = tree({"a.yaml": with_comment("# wplint: ignore[WPL301,WPL202] x")})
    assert codes(judged(directory)) == ["WPL013"]
    assert codes(judged(directory, "WPL0", "WPL202")) == []
    assert codes(judged(directory, "WPL2")) == []


@pytest.mark.parametrize(
    ("code", "isolated", "others"),
    [
        ("WPL203", "2-7", ["WPL202"]),  # a hole is noise where the sets overlap
        ("WPL202", "2-x", ["WPL101"]),  # what cannot be read cannot be compared
    ],
)
def test_what_another_finding_keeps_from_being_found_is_not_unused(
    tree: Tree, code: str, isolated: str, others: list[str]
) -> None:
    text = with_comment(f"# wplint: ignore[{code}] x").replace("2-7", isolated)
    assert codes(judged(tree({"a.yaml": text}))) == others


def test_what_depends_on_an_unknown_release_is_not_unused(tree: Tree) -> None:
    @rule("WPL399", severity=Severity.ERROR)
    def before_4_15(cluster: Cluster, declared_pool: Pool) -> Iterator[Draft]:
        """Custom pools come last."""
        if not cluster.releases.has(CUSTOM_POOL_BEATS_WORKER):
            yield finding("Too old.", declared_pool.ref.label("here"))  # type: ignore[union-attr]

    directory = tree(
        {"a.yaml": pool("p").replace("name: p", "name: p  # wplint: ignore[WPL399] x")}
    )
    rules = (before_4_15, *select_rules(RULES, ["WPL0"]))
    assert lint([directory], rules).findings == ()
    assert [item.reason for item in lint([directory], rules, Release(14)).suppressed] == ["x"]
    assert codes(lint([directory], rules, Release(15))) == ["WPL013"]


def test_suppressed_findings_are_not_repaired(tree: Tree) -> None:
    from linter.fix import FixOptions, fix_tree

    text = with_comment("# wplint: ignore[WPL103] pairs", "reserved:").replace("0-3", "0-1,2-3")
    directory = tree({"a.yaml": text.replace("2-7", "4-7")})
    assert fix_tree([directory], RULES, options=FixOptions(unsafe=True)).changes == ()


# --- settings ------------------------------------------------------------------------------------

SETTINGS = """\
severity.WPL2 = "info"
severity.WPL202 = "warning"

[per-path."lab/**"]
ignore = ["WPL202"]
reason = "a lab"

[per-path."prod/*/a.yaml".severity]
WPL202 = "error"
"""


def test_settings_hold_for_paths(tree: Tree) -> None:
    places = ["lab/x", "prod/y", "test/z"]
    files = {f"{place}/openshift/a.yaml": OVERLAP for place in places}
    files["prod/a.yaml"] = OVERLAP
    directory = tree({**files, "wplint.toml": SETTINGS.replace("*/a", "**/a")})
    outcome = judged(directory)
    levels = {
        item.primary.ref.file.name[len(directory) :]: item.severity for item in outcome.findings
    }
    assert levels == {
        "/prod/y/openshift/a.yaml": Severity.ERROR,
        "/prod/a.yaml": Severity.ERROR,
        "/test/z/openshift/a.yaml": Severity.WARNING,
    }
    (item,) = outcome.suppressed
    assert (item.reason, item.kind) == ("a lab", "configuration")


def test_a_section_that_suppresses_nothing_is_found_if_its_files_are_read(tree: Tree) -> None:
    files = {"lab/a.yaml": profile("0-1", "2-7"), "wplint.toml": SETTINGS}
    directory = tree(files)
    (found,) = judged(directory).findings
    assert (found.rule, found.primary.ref.text) == ("WPL013", "ignore")
    assert found.primary.ref.file.name.endswith("wplint.toml")
    tree({"lab/a.yaml": "a: 1\n", "b.yaml": profile("0-1", "2-7")})
    assert judged(directory).findings == ()


def test_a_word_that_names_no_rule_is_an_error_with_its_line(tree: Tree) -> None:
    directory = tree({"wplint.toml": SETTINGS.replace('["WPL202"]', '["profile-set-overlap"]')})
    with pytest.raises(ConfigurationError, match=r"toml:5: .*did you mean 'profile-sets-overlap'"):
        judged(directory)


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("lab", "lab/a.yaml", True),
        ("lab/", "lab/x/a.yaml", True),
        ("lab", "laboratory/a.yaml", False),
        ("lab", "x/lab/a.yaml", False),
        ("**/lab", "x/lab/a.yaml", True),
        ("**/lab", "lab/a.yaml", True),
        ("lab/*.yaml", "lab/a.yaml", True),
        ("lab/*.yaml", "lab/x/a.yaml", False),
        ("lab/**/*.yaml", "lab/x/y/a.yaml", True),
        ("lab/**/*.yaml", "lab/a.yaml", True),
        ("**", "a.yaml", True),
        ("l?b/[a-c].yaml", "lab/b.yaml", True),
        ("l?b/[a-c].yaml", "lab/d.yaml", False),
        ("./lab", "lab/a.yaml", True),
        ("*/x", "lab/x", True),
    ],
)
def test_globs(glob: str, path: str, matches: bool) -> None:
    assert Glob(glob).matches(path) is matches


def test_a_hostile_glob_takes_no_time() -> None:
    glob = Glob("/".join(["**", "*a*a*a*a*a*b"] * 30))
    assert not glob.matches("/".join(["a" * 200] * 60))


def test_reports_count_what_is_suppressed(tree: Tree) -> None:
    from linter.report import render
    from linter.report.full import summary_lines
    from linter.report.styled import plain

    outcome = judged(tree({"a.yaml": with_comment("# wplint: ignore[WPL202] x")}))
    assert "Suppressed 1 finding: 1 by comments." in plain(summary_lines(outcome))
    summary = json.loads(render("json", outcome))["summary"]
    assert summary["suppressed"]["comment"] == 1
