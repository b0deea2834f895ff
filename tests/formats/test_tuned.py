"""TuneD profiles: agreement with configparser, spans, includes, command lines, expansion."""

from __future__ import annotations

import configparser
import io

import pytest
from effort import tried, within
from hypothesis import example, given
from hypothesis import strategies as st

from linter.formats import kernel_args
from linter.formats.tuned import Entry, TunedProfile, expand, parse

PROFILE = """[main]
summary=Tuning of a small cell site # one line
include=openshift-node,cpu-partitioning

[variables]
# isolated_cores=2,4-7
isolated_cores=6-59
; isolated_cores=3
spare = "60"
not_isolated=${f:cpulist_invert:${isolated_cores}}

[bootloader]
cmdline_cpu_part=+nohz=on rcu_nocbs=${isolated_cores}
cmdline_isolation=+isolcpus=managed_irq,${isolated_cores}
priority=10
cmdline_extra=-  quiet rhgb
"""


def entry(profile: TunedProfile, section: str, key: str) -> Entry:
    found = profile.get(section, key)
    assert found is not None
    return found


def test_a_profile() -> None:
    profile = parse(PROFILE)
    assert list(profile.sections) == ["main", "variables", "bootloader"]
    assert not profile.problems
    isolated = entry(profile, "variables", "isolated_cores")
    assert isolated.value == PROFILE[isolated.start : isolated.end] == "6-59"
    assert PROFILE[isolated.key_start : isolated.key_end] == "isolated_cores"
    assert isolated.is_literal
    assert list(profile.variables) == ["isolated_cores", "spare", "not_isolated"]
    assert entry(profile, "main", "summary").value == "Tuning of a small cell site"
    assert profile.get("main", "Include") is None


def test_quotes_around_a_value_are_left_out() -> None:
    spare = entry(parse(PROFILE), "variables", "spare")
    assert (spare.value, spare.quoted, spare.is_literal) == ("60", True, True)
    assert PROFILE[spare.start - 1 : spare.end + 1] == '"60"'
    assert entry(parse("[a]\nk='60'"), "a", "k").value == "'60'"
    assert entry(parse('[a]\nk="'), "a", "k").value == '"'


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("k=4-5 # c", "4-5"),
        ("k=4-5\t#c # d", "4-5"),
        ("k=4-5#c", "4-5#c"),
        ("k=4#5 # c", "4#5"),
        ("k=4-5 ; c", "4-5 ; c"),
        ("k=#c", "#c"),
        ("k= #c", ""),
        ("k = a = b", "a = b"),
        ("k\t=\t4\t", "4"),
    ],
)
def test_inline_comments(line: str, value: str) -> None:
    text = f"[a]\n{line}\nz=1\n"
    found = entry(parse(text), "a", "k")
    assert found.value == text[found.start : found.end] == value
    assert found.is_literal


def test_an_empty_value_stands_after_the_equals_sign() -> None:
    text = "[a]\nk = \n"
    found = entry(parse(text), "a", "k")
    assert (found.value, found.start, found.end) == ("", 7, 7)


def test_the_last_of_repeated_keys_counts_and_all_are_kept() -> None:
    profile = parse("[a]\nk=1\nj=2\n[b]\nk=3\n[a]\nk=4\n")
    assert entry(profile, "a", "k").value == "4"
    kept = [(e.key, e.value, e.overridden) for e in profile.sections["a"]]
    assert kept == [("k", "1", True), ("j", "2", False), ("k", "4", False)]
    assert list(profile.sections) == ["a", "b"]


def test_an_indented_line_continues_the_value() -> None:
    text = "[a]\nk=1 # c\n  # d\n  2\n\n  3 # e\n\nj=4\n"
    found = entry(parse(text), "a", "k")
    assert found.value == "1\n2\n\n3"
    assert not found.is_literal
    assert text[found.start : found.end] == "1 # c\n  # d\n  2\n\n  3"
    assert entry(parse(text), "a", "j").value == "4"


def test_a_value_may_stand_on_the_next_line_alone() -> None:
    text = "[a]\nk=\n  1\n"
    found = entry(parse(text), "a", "k")
    assert (found.value, found.is_literal) == ("\n1", False)
    assert text[found.start : found.end] == "1"


def test_quotes_over_several_lines_stay() -> None:
    found = entry(parse('[a]\nk="1\n  2"\n'), "a", "k")
    assert (found.value, found.quoted) == ('"1\n2"', False)


def test_a_section_ends_a_value() -> None:
    profile = parse("[a]\nk=1\n[b]\n  j=2\n")
    assert entry(profile, "a", "k").value == "1"
    assert entry(profile, "b", "j").value == "2"


def test_indented_sections_are_sections() -> None:
    profile = parse("  [a]\n  k=1\n  j=2\n")
    assert [e.key for e in profile.sections["a"]] == ["k", "j"]


def test_problems() -> None:
    text = "stray=1\n[a]\nwords here # c\n=x\nk=1\n"
    profile = parse(text)
    assert [text[p.start : p.end] for p in profile.problems] == ["stray=1", "words here", "=x"]
    assert [e.key for e in profile.sections["a"]] == ["k"]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("openshift-node", ["openshift-node"]),
        ("a, b ;c,,", ["a", "b", "c"]),
        (
            "site-${f:lscpu_check:Vendor\\: A,B:x;y:${z,z},z},-site-extra",
            ["site-${f:lscpu_check:Vendor\\: A,B:x;y:${z,z},z}", "-site-extra"],
        ),
        ("-cell-${f:virt_check:a:b}-x", ["-cell-${f:virt_check:a:b}-x"]),
        ("a,${f:exec,b", ["a", "${f:exec,b"]),
        ("a},b", ["a}", "b"]),
        ("", []),
    ],
)
def test_includes(value: str, names: list[str]) -> None:
    text = f"[main]\ninclude={value} # c\n"
    includes = parse(text).includes
    assert [text[i.start : i.end] for i in includes] == [i.name for i in includes]
    assert [i.name for i in includes] == names


def test_an_include_may_be_optional_or_on_several_lines() -> None:
    assert [i.optional for i in parse("[main]\ninclude=a,-b").includes] == [False, True]
    text = "[main]\ninclude=a,\n  b\n"
    assert [(i.name, text[i.start : i.end]) for i in parse(text).includes] == [
        ("a", "a,\n  b"),
        ("b", "a,\n  b"),
    ]
    assert parse("[variables]\ninclude=/etc/file").includes == ()
    assert "include" not in parse("[variables]\ninclude=/etc/file").variables


def test_command_lines_split_at_exact_positions() -> None:
    lines = parse(PROFILE).bootloader
    assert [(line.key, line.operator) for line in lines] == [
        ("cmdline_cpu_part", "+"),
        ("cmdline_isolation", "+"),
        ("cmdline_extra", "-"),
    ]
    for line in lines:
        assert line.is_literal
        assert PROFILE[line.start : line.end] == line.arguments
    argument = kernel_args.split(lines[1].arguments)[0]
    start = lines[1].start + argument.value_start
    assert PROFILE[start : lines[1].start + argument.value_end] == "managed_irq,${isolated_cores}"


@pytest.mark.parametrize(
    ("value", "operator", "arguments"),
    [
        ("a b", "", "a b"),
        ("+ a", "+", "a"),
        ("+", "+", ""),
        ("-a", "-", "a"),
        ("\\+a", "\\", "+a"),
        ("\\a", "", "\\a"),
        ("=a", "", "=a"),
        ('"+a b"', "", "+a b"),
        ("", "", ""),
    ],
)
def test_operators(value: str, operator: str, arguments: str) -> None:
    text = f"[bootloader]\ncmdline={value}\n"
    (line,) = parse(text).bootloader
    assert (line.operator, line.arguments) == (operator, arguments)
    assert text[line.start : line.end] == arguments


def test_command_lines_that_count() -> None:
    profile = parse(
        "[bootloader]\ncmdline_a=1\ncmdline_b=2\ncmdline_a=3\ninitrd_add_dir=x\n"
        "[mine]\ntype=bootloader\ncmdline=4\n[off]\ntype=bootloader\nenabled=false\ncmdline=5\n"
        "[sysctl]\ncmdline=6\n"
    )
    assert [line.arguments for line in profile.bootloader] == ["3", "2", "4"]


VARIABLES = parse(
    "[variables]\nreserved=0-5\nboth=${reserved},${more}\nmore=60\nself=${self}\na=${b}\nb=${a}\n"
    "mask=${f:cpulist2hex:${reserved}}\nescaped=\\${reserved}\nempty=\n"
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("isolcpus=${reserved} x", "isolcpus=0-5 x"),
        ("${both}", "0-5,60"),
        ("<${empty}>", "<>"),
        ("${outside}", "7"),
        ("${self}", "8"),
        ("${nowhere}", None),
        ("${a}", None),
        ("${mask}", None),
        ("${f:exec:date}", None),
        ("${i:PROFILE_DIR}", None),
        ("${escaped}", None),
        ("${reserved", None),
        ("${}", None),
        ("$reserved", "$reserved"),
    ],
)
def test_expand(value: str, expected: str | None) -> None:
    known = {"outside": "7", "self": "8", "reserved": "9"}
    assert expand(VARIABLES, value, known) == expected


def test_a_variable_that_refers_to_itself_needs_a_known_value() -> None:
    assert expand(VARIABLES, "${self}", {}) is None


def test_expansion_is_bounded() -> None:
    doubling = "".join(f"v{i}=${{v{i + 1}}}${{v{i + 1}}}\n" for i in range(30)) + "v30="
    for text in (doubling, doubling + "x" * 60_000):
        profile = parse("[variables]\n" + text)
        assert within(100_000, lambda profile=profile: expand(profile, "${v0}", {})) is None
    chain = "".join(f"v{i}=${{v{i + 1}}}\n" for i in range(5000)) + "v5000=1"
    assert expand(parse("[variables]\n" + chain), "${v0}", {}) is None
    assert expand(parse("[variables]\n" + chain), "${v4990}", {}) == "1"


def reference(text: str) -> dict[str, dict[str, str]] | None:
    """Read with configparser as TuneD does; None where it refuses the text."""
    parser = configparser.ConfigParser(
        delimiters="=", inline_comment_prefixes="#", strict=False, default_section="\0"
    )
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # TuneD sets it so
    try:
        # Like a file opened as text, in which all line breaks become line feeds.
        parser.read_file(io.StringIO(text, newline=None))
    except configparser.Error:
        return None
    return {
        section: {key: parser.get(section, key, raw=True) for key in parser.options(section)}
        for section in parser.sections()
    }


def check(text: str) -> TunedProfile:
    profile = parse(text)
    previous = -1
    for found in sorted((e for es in profile.sections.values() for e in es), key=lambda e: e.start):
        assert previous < found.key_start < found.key_end < found.start <= found.end <= len(text)
        assert text[found.key_start : found.key_end] == found.key
        assert (text[found.start : found.end] == found.value) is found.is_literal
        assert found.is_literal or "\n" in found.value
        previous = found.end
    for problem in profile.problems:
        assert 0 <= problem.start < problem.end <= len(text)
    for include in profile.includes:
        assert 0 <= include.start <= include.end <= len(text)
    for line in profile.bootloader:
        assert not line.is_literal or text[line.start : line.end] == line.arguments
    return profile


FRAGMENTS = [
    *("[a]\n", "[bootloader]\n", " [b] \n", "[main]\n", "[variables]\n", "k=1\n", "k = 2 # c\n"),
    *(" j=3\n", "  4\n", "\n", " \n", "# c\n", "  ; c\n", "include=a,b\n", "cmdline_x=+a b\n"),
    *('q="5"\n', "=\n", "k=\n", "\t", " ", "#", ";", "=", "[", "]", "${k}", "\r", "\r\n", "\x0b"),
    *("\x85", "\u2028", "x", "k=#c\n", '"', ",", "+"),
]


@tried(500)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join) | st.text(max_size=40))
@example("[a]\nk=\n  1\n")
@example("[a]\nk=\n\n  1\n")
@example("[a]\nk=1\nbad\n  2\n")
def test_agrees_with_configparser(text: str) -> None:
    profile = check(text)
    expected = reference(text)
    assert (expected is None) is bool(profile.problems)
    if expected is None:
        return
    found = {}
    for section in profile.sections:
        values = {}
        for key in {e.key for e in profile.sections[section]}:
            last = entry(profile, section, key)
            values[key] = f'"{last.value}"' if last.quoted else last.value
        found[section] = values
    assert found == expected


@tried(100)
@given(st.text(st.sampled_from("${}ab:f\\"), max_size=20), st.text("$ab{}", max_size=8))
def test_expansion_never_raises_and_leaves_no_reference(value: str, inner: str) -> None:
    profile = parse(f"[variables]\na={inner}\nb=${{a}}\n")
    expanded = expand(profile, value, {"f": "1"})
    assert expanded is None or isinstance(expanded, str)
    if expanded is not None and "${" not in value:
        assert expanded == value


@pytest.mark.parametrize(
    "piece", ["k=1\n", " k\n", "[a]\n", "\n", " #", "${", "k=a,${f:b,\n", "[", "k=\n  \n", ";\n"]
)
def test_long_input_takes_linear_time(piece: str) -> None:
    text = piece * 10_000
    profile = within(30 * len(text), lambda: parse("[main]\ninclude=" + text))
    within(30 * len(text), lambda: profile.includes)
    within(30 * len(text), lambda: expand(profile, text, {}))
