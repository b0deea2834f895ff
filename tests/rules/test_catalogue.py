"""The rules as a whole: their codes and names, and what a rule file may not do."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from linter.engine.loader import load_rules, tree
from linter.engine.pages import page_path
from linter.engine.rules import GROUPS

FOLDER = Path(tree("rules"))
FILES = sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
REGISTER = tomllib.loads((FOLDER / "register.toml").read_text(encoding="utf-8"))
DOCUMENTS = Path(__file__).parents[2] / "docs"
RELEASED = sorted((Path(__file__).parent / "released").glob("*.toml"))
LONGEST_FUNCTION = 40
LONGEST_FILE = 90

PLAIN_MODULES = {"__future__", "collections.abc", "functools", "itertools", "re", "typing"}
FACT_PACKAGES = tuple(
    f"linter.{name}" for name in ("engine", "facts", "formats", "model", "plan", "render", "schema")
)
FACT_MODULES = {"linter.sources.fields", "linter.sources.insertion", "linter.sources.text"}
SIDE_EFFECTS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def functions(path: Path) -> list[ast.FunctionDef]:
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node for node in found if isinstance(node, ast.FunctionDef)]


def imported(path: Path) -> set[str]:
    """Return the modules that are imported when the rule is loaded, not those for types alone."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Import):
                names |= {alias.name for alias in inner.names}
            elif isinstance(inner, ast.ImportFrom):
                names.add("." * inner.level + (inner.module or ""))
    return names


def test_codes_and_names_are_given_once() -> None:
    rules = load_rules()
    assert rules
    assert len({rule.code for rule in rules}) == len(rules)
    assert len({rule.name for rule in rules}) == len(rules)
    assert {rule.code[3] for rule in rules} <= GROUPS.keys()


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    pages = {str(path) for path in FOLDER.glob("*.md")}
    assert {page_path(rule) for rule in load_rules()} == pages


def test_the_register_knows_every_rule_that_there_is() -> None:
    assert {rule.code: rule.name for rule in load_rules()} == REGISTER["rules"]


def test_the_register_gives_no_code_and_no_name_twice() -> None:
    assert REGISTER.keys() == {"rules", "retired", "unused"}
    codes = [*REGISTER["rules"], *REGISTER["retired"], *REGISTER["unused"]]
    assert len(set(codes)) == len(codes)
    names = [*REGISTER["rules"].values(), *REGISTER["retired"].values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_what_was_released_stays_registered(path: Path) -> None:
    """A code is never given to another rule, nor a name to another code, once people know them."""
    registered = REGISTER["rules"] | REGISTER["retired"]
    released = tomllib.loads(path.read_text(encoding="utf-8"))
    assert released
    assert {code: registered.get(code) for code in released} == released


def test_every_code_that_is_spoken_of_is_registered() -> None:
    known = {*REGISTER["rules"], *REGISTER["retired"], *REGISTER["unused"]}
    documents = [*DOCUMENTS.glob("*.md"), DOCUMENTS.parent / "CHANGELOG.md", *FOLDER.glob("*.md")]
    for path in documents:
        spoken_of = set(re.findall(r"\bWPL\d{3}\b", path.read_text(encoding="utf-8")))
        assert spoken_of <= known, path.name


def test_unused_and_retired_codes_are_explained() -> None:
    notes = (DOCUMENTS / "rules-notes.md").read_text(encoding="utf-8")
    for code in (*REGISTER["unused"], *REGISTER["retired"]):
        assert code in notes


def test_names_are_short_words_with_dashes() -> None:
    for rule in load_rules():
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+){0,4}", rule.name), rule.name
        assert len(rule.name) <= 36, rule.name


def test_required_rules_exist() -> None:
    rules = load_rules()
    codes = {rule.code for rule in rules}
    for rule in rules:
        assert set(rule.requires) <= codes, rule.code
        assert rule.code not in rule.requires


def test_a_summary_is_one_sentence() -> None:
    for rule in load_rules():
        assert re.fullmatch(r"[A-Z].*[^.]\.", rule.summary), rule.code
        assert not re.search(r"[.!?] [A-Z]", rule.summary), rule.code


@every_file
def test_a_rule_is_short(path: Path) -> None:
    for function in functions(path):
        assert function.end_lineno is not None
        length = function.end_lineno - function.lineno + 1
        assert length <= LONGEST_FUNCTION, f"{function.name} has {length} lines"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@every_file
def test_a_rule_imports_only_what_it_reasons_with(path: Path) -> None:
    foreign = {
        name
        for name in imported(path)
        if name not in PLAIN_MODULES | FACT_MODULES
        and not any(name == package or name.startswith(package + ".") for package in FACT_PACKAGES)
    }
    assert not foreign


@every_file
def test_a_rule_has_no_side_effects(path: Path) -> None:
    names = {
        node.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name)
    }
    assert not names & SIDE_EFFECTS
