"""The table of docs/rules-notes.md: each row of the plan is a rule, or the notes say why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import rules

ROOT = Path(__file__).parents[2]
NOTES = (ROOT / "docs" / "rules-notes.md").read_text(encoding="utf-8")
DOMAIN = ROOT.parent / "shared" / "domain.md"
ROWS = re.findall(r"^\| ([A-I]\d\d) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", NOTES, re.MULTILINE)
RULES = {rule.code: rule for rule in rules()}
LETTERS = {"E": "error", "W": "warning", "I": "info"}
SIZES = {"A": 9, "B": 19, "C": 25, "D": 15, "E": 13, "F": 12, "G": 7, "H": 4, "I": 5}


def own_code(row: str) -> str:
    return f"WPL{'ABCDEFGHI'.index(row[0]) + 1}{row[1:]}"


def noted(row: str) -> bool:
    """Say whether a paragraph of the notes is about a row."""
    return re.search(rf"^\* \*\*[^*]*\b{row}\b", NOTES, re.MULTILINE) is not None


def test_no_row_is_missing() -> None:
    wanted = [f"{group}{n:02}" for group, size in SIZES.items() for n in range(1, size + 1)]
    assert [row for row, *_ in ROWS] == wanted


@pytest.mark.parametrize(("row", "plan", "codes", "severity"), ROWS, ids=[r[0] for r in ROWS])
def test_a_row_is_a_rule_of_that_severity_or_explained(
    row: str, plan: str, codes: str, severity: str
) -> None:
    if codes == own_code(row):
        assert RULES[codes].severity.value == severity
        worst = plan.split(", ", maxsplit=1)[0]
        assert severity == worst or noted(row), "another severity than the plan's, unexplained"
        return
    assert own_code(row) not in RULES
    assert noted(row), "not a rule of its own, unexplained"
    assert codes == "none" or all(code in RULES for code in codes.split(", "))


def test_the_rows_and_severities_are_those_of_the_plan() -> None:
    if not DOMAIN.is_file():
        pytest.skip("../shared/domain.md is not there")
    text = DOMAIN.read_text(encoding="utf-8")
    planned = re.findall(r"^\| ([A-I]\d\d) [^|]+ \| ([^|]+) \|", text, re.MULTILINE)
    severities = [
        (row, ", ".join(LETTERS[x] for x in "EWI" if re.search(rf"\b{x}\b", said)))
        for row, said in planned
    ]
    assert severities == [(row, plan) for row, plan, *_ in ROWS]


def test_every_row_of_the_webhook_is_tested() -> None:
    """Rows 14 and 15 compare nodes, which no manifest describes."""
    table = (Path(__file__).parent / "test_webhook_table.py").read_text(encoding="utf-8")
    tested = {int(number) for number in re.findall(r"^def test_row_(\d+)_", table, re.MULTILINE)}
    assert tested == set(range(1, 29)) - {14, 15}
