"""A rule's page as Markdown and as JSON, and all pages as a folder that links lead through."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.engine.rules import GROUPS, OTHER_GROUP
from linter.regexes import regex
from linter.report.rule_list import rule_entry, rule_table

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from linter.engine.pages import Example, Page
    from linter.engine.rules import Rule

INDEX = "README.md"
"""The name of the page that leads to all others; Git forges show it with the folder."""

_PAGE_LINK = regex(r"\[([^\]\n]*)\]\(([a-z0-9_]+)\.md\)")
_NOTICE = (
    "<!-- Made by 'wplint explain --all --output {folder}'; change the rule's page instead. -->"
)


def without_page_links(text: str) -> str:
    """Return a page's text in which links to other pages keep their words, which name the rule.

    Where a page does not stand beside the others these links lead nowhere.
    """
    return _PAGE_LINK.sub(r"\1", text)


def facts_of(rule: Rule, page: Page) -> str:
    """Return what the head of a page says, as a line."""
    fix = "no automatic fix" if page.fix == "none" else f"{page.fix} fix"
    releases = "all releases" if page.releases == "all" else f"OpenShift {page.releases}"
    return f"{fix} · {releases} · {rule.group}"


def page_markdown(rule: Rule, page: Page) -> str:
    """Return one page as a document of its own, with the facts of its head below the title."""
    title, _, rest = without_page_links(page.text).partition("\n")
    return f"{title}\n\n{_facts(rule, page)}\n{rest}"


def _facts(rule: Rule, page: Page) -> str:
    return f"`{rule.code}` `{rule.name}` · {rule.severity.value} · {facts_of(rule, page)}"


def page_entry(rule: Rule, page: Page) -> dict[str, object]:
    """Return one page for JSON: what is listed of the rule, its sections and its examples."""
    return {
        **rule_entry(rule),
        "title": page.title,
        "sections": [{"heading": name, "markdown": text} for name, text in page.sections.items()],
        "bad": [_example(example) for example in page.bad],
        "good": [_example(example) for example in page.good],
    }


def _example(example: Example) -> dict[str, object]:
    return {
        "title": example.title or None,
        "openshift_version": example.release,
        "topology": list(example.topologies),
        "files": [{"path": file.name, "text": file.text} for file in example.files],
        "findings": [
            {"rule": one.code, "severity": one.severity, "path": one.file, "line": one.line}
            for one in example.expected
        ],
    }


def documentation(pages: Sequence[tuple[Rule, Page]], folder: str) -> Mapping[str, str]:
    """Return the files of a folder of documentation: a page for each rule, and an index.

    Args:
        pages: Rules and their pages, by code.
        folder: What people call the folder, for the notice in each file.

    """
    notice = _NOTICE.format(folder=folder.replace("--", "-"))
    codes = {os.path.basename(page.path).removesuffix(".md"): rule.code for rule, page in pages}
    files = {_file(rule): _document(rule, page, codes, notice) for rule, page in pages}
    files[INDEX] = _index([rule for rule, _ in pages], notice)
    return files


def _file(rule: Rule) -> str:
    return f"{rule.code}.md"


def _document(rule: Rule, page: Page, codes: Mapping[str, str], notice: str) -> str:
    def relink(found: re.Match[str]) -> str:
        code = codes.get(found[2])
        return f"[{found[1]}]({code}.md)" if code is not None else found[1]

    title, _, rest = _PAGE_LINK.sub(relink, page.text).partition("\n")
    return f"{notice}\n\n{title}\n\n{_facts(rule, page)} · [all rules]({INDEX})\n{rest}"


def _index(rules: Sequence[Rule], notice: str) -> str:
    """Return the index: a table for each group of rules."""
    parts = [f"{notice}\n\n# Rules\n"]
    for group in (*GROUPS.values(), OTHER_GROUP):
        members = [rule for rule in rules if rule.group == group]
        if members:
            heading = group[0].upper() + group[1:]
            parts.append(f"## {heading}\n\n{rule_table(members, _file)}")
    return "\n".join(parts)
