"""The form of rule pages: what is read, and what is refused with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from linter.engine.findings import Severity
from linter.engine.loader import RuleError
from linter.engine.pages import SECTIONS, Expectation, PageError, parse_page, read_page

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
---
code: WPL987
name: some-rule
severity: warning
fix: none            # safe | unsafe | none
releases: "4.13 and later"
---
"""
FILE = '```yaml title="openshift/a.yaml"\na: 1\n```\n'


def page(
    bad: str = FILE, good: str = FILE, head: str = HEAD, sections: tuple[str, ...] = SECTIONS
) -> str:
    bodies = {"Bad": bad, "Good": good}
    parts = [f"## {name}\n{bodies.get(name, 'Words.')}\n" for name in sections]
    return head + "# A title\n\n" + "".join(parts)


def refused(text: str) -> PageError:
    with pytest.raises(PageError) as caught:
        parse_page(text, "rules/some_rule.md")
    assert isinstance(caught.value, RuleError)
    assert str(caught.value).startswith(f"rules/some_rule.md:{caught.value.line}: ")
    return caught.value


def test_a_page_is_read() -> None:
    read = parse_page(page(), "p")
    assert (read.code, read.name, read.severity) == ("WPL987", "some-rule", Severity.WARNING)
    assert (read.fix, read.releases, read.title) == ("none", "4.13 and later", "A title")
    assert read.sections["How to fix"] == "Words."
    assert tuple(read.sections) == SECTIONS
    assert read.text.startswith("# A title\n")
    assert [example.files[0].text for example in read.bad + read.good] == ["a: 1\n", "a: 1\n"]


def test_line_breaks_of_another_system_make_no_difference() -> None:
    assert parse_page(page().replace("\n", "\r\n"), "p") == parse_page(page(), "p")


def test_markers_are_taken_out_and_say_what_is_expected() -> None:
    bad = (
        '```yaml title="a.yaml"\n'
        "# kept # error[WPL1]\n"
        "a: 1  # error[WPL301] warning[WPL303]\n"
        "b: |\n"
        "  # info[WPL501]\n"
        "  text\n"
        "```\n"
    )
    (example,) = parse_page(page(bad=bad), "p").bad
    assert example.files[0].text == "# kept # error[WPL1]\na: 1\nb: |\n  text\n"
    assert example.expected == (
        Expectation("a.yaml", 2, "error", "WPL301"),
        Expectation("a.yaml", 2, "warning", "WPL303"),
        Expectation("a.yaml", 4, "info", "WPL501"),
    )


def test_headings_split_examples_and_console_names_the_release() -> None:
    bad = (
        "Words.\n"
        "### One\n" + FILE + "```toml\nillustration = 1\n```\n"
        "### Two\n```console\n$ wplint lint --openshift-version 4.16\n```\n" + FILE
    )
    one, two = parse_page(page(bad=bad), "p").bad
    assert (one.title, one.release, len(one.files)) == ("One", None, 1)
    assert (two.title, two.release, len(two.files)) == ("Two", "4.16", 1)


def test_headings_inside_fences_are_text() -> None:
    bad = '```yaml title="a.yaml"\n## Good\na: 1\n```\n'
    assert parse_page(page(bad=bad), "p").bad[0].files[0].text == "## Good\na: 1\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "head"),
        ("---\nno end\n", "head"),
        (page(head=HEAD.replace("fix: none", "fix: maybe")), "fix is one of"),
        (page(head=HEAD.replace("warning", "fatal")), "severity is one of"),
        (page(head=HEAD.replace("name: some-rule\n", "")), "lacks 'name'"),
        (page(head=HEAD.replace("name:", "title:")), "key: value"),
        (page(head=HEAD.replace("name: some-rule", "code: WPL986")), "key: value"),
        (page().replace("# A title\n", ""), "one title"),
        (page().replace("# A title\n", "# A title\n# Another\n"), "one title"),
        (page(sections=SECTIONS[:-1]), "sections must be"),
        (page(sections=tuple(reversed(SECTIONS))), "sections must be"),
        (page(sections=(*SECTIONS, "More")), "sections must be"),
        (page(bad="```yaml\na: 1 # error[WPL301]\n```\n"), "needs a title"),
        (page(bad="### Nothing\nWords.\n"), "no file"),
        (page(bad=FILE + FILE), "already"),
        (page(bad=FILE.replace("openshift/a", "../a")), "relative path"),
        (page(bad=FILE.replace("openshift/a", "/a")), "relative path"),
        (page(bad=FILE.replace("a: 1", "a: 1\n# error[WPL301]")), "no line follows"),
        (page(bad="```console\n$ wplint fix\n```\n" + FILE), "options"),
        (page(bad='```yaml title="a"\n'), "never closed"),
    ],
)  # fmt: skip
def test_another_form_is_refused(text: str, words: str) -> None:
    assert words in refused(text).message


def test_the_line_is_that_of_the_fence() -> None:
    text = page(bad="Words.\n\n```yaml\nb: 2 # error[WPL301]\n```\n")
    assert text.splitlines()[refused(text).line - 1] == "```yaml"


def test_a_page_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="cannot be read"):
        read_page(str(tmp_path / "none.md"))
    (tmp_path / "bytes.md").write_bytes(b"---\n\xff\n")
    with pytest.raises(PageError, match="not UTF-8"):
        read_page(str(tmp_path / "bytes.md"))
