"""The pages in ``docs/rules/``: they are those of the rules, and lead to each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readme import DOCUMENTS, rule_documents

from linter.cli import main
from linter.engine.loader import load_rules
from linter.report.rule_markdown import INDEX

if TYPE_CHECKING:
    import pytest

TEXTS = {path.name: path.read_text("utf-8") for path in sorted(DOCUMENTS.iterdir())}


def test_the_pages_are_those_of_today() -> None:
    """If not: ``python tests/packaging/readme.py`` writes them anew."""
    assert rule_documents() == TEXTS


def test_the_command_writes_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path_factory.mktemp("repository")
    monkeypatch.chdir(folder)
    assert main(["explain", "--all", "-o", "docs/rules/"]) == 0
    written = folder / "docs" / "rules"
    assert {path.name: path.read_text("utf-8") for path in written.iterdir()} == TEXTS
    assert capsys.readouterr() == ("", f"wplint: wrote {len(TEXTS)} files to docs/rules/\n")


def test_every_link_leads_to_a_page() -> None:
    for name, text in TEXTS.items():
        fenced = re.sub(r"(?ms)^```.*?^```$", "", text)
        for target in re.findall(r"\]\(([^)]+)\)", fenced):
            assert target in TEXTS or target.startswith("https://"), (name, target)


def test_the_index_leads_to_every_page() -> None:
    rows = re.findall(r"^\| (WPL\d{3}) \| \[([a-z0-9-]+)\]\((\S+)\) \|", TEXTS[INDEX], re.MULTILINE)
    assert rows == [(rule.code, rule.name, f"{rule.code}.md") for rule in load_rules()]
    assert {target for _, _, target in rows} == TEXTS.keys() - {INDEX}
