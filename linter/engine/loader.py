"""Finding and loading rules: each is a Python file beside the Markdown page that documents it."""

from __future__ import annotations

import os
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import TYPE_CHECKING

from linter.engine.findings import Severity
from linter.engine.injection import SUBJECTS, subject_kinds
from linter.engine.rules import CODE, PACKAGE, Rule
from linter.regexes import regex
from linter.trees import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CODE = regex(rf"{CODE}\Z")
_VARIABLE_ARGUMENTS = 0x04 | 0x08  # inspect.CO_VARARGS, CO_VARKEYWORDS


class RuleError(Exception):
    """A rule that cannot be used, and why."""


class RuleFileError(RuleError):
    """A file of a rule that cannot be used: where, and what is wrong with it."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
        self.message = message


def load_rules(folder: str | None = None) -> tuple[Rule, ...]:
    """Load every rule of a folder, by code; without an argument the rules that ship.

    Raises:
        RuleError: A file holds no rule, a broken one, or one whose code is taken.

    """
    folder = folder or tree("rules")
    rules: dict[str, Rule] = {}
    for path in rule_files(folder):
        found = load_rule(path, PACKAGE)
        if found.code in rules:
            raise RuleError(f"{path}: the code {found.code} is taken")
        rules[found.code] = found
    return tuple(rules[code] for code in sorted(rules))


def rule_files(folder: str) -> list[str]:
    """Return the paths of a folder's rules: its Python files whose names begin with a letter."""
    return [
        os.path.join(folder, entry)
        for entry in sorted(os.listdir(folder))
        if entry.endswith(".py") and not entry.startswith(("_", "."))
    ]


def load_rule(path: str, package: str) -> Rule:
    """Run the file of a rule and return the rule.

    Args:
        path: The file.
        package: What its module is known by, with the file's name after a dot.

    Raises:
        RuleFileError: The file breaks, or does not define one proper rule.

    """
    stem = os.path.basename(path).removesuffix(".py")
    name = f"{package}.{stem}"
    module = sys.modules[name] = ModuleType(name)
    module.__file__ = path
    try:
        SourceFileLoader(name, path).exec_module(module)  # a spec would take nearly as long
    except SyntaxError as error:
        raise RuleFileError(path, error.lineno or 1, f"SyntaxError: {error.msg}") from error
    except (Exception, SystemExit) as error:
        words = f"{type(error).__name__}: {error}"
        raise RuleFileError(path, line_of(error, path), words) from error
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    if len(found) != 1:
        raise RuleFileError(path, 1, f"it must define exactly one rule, not {len(found)}")
    _check(found[0], path, stem)
    return found[0]


def line_of(error: BaseException, path: str) -> int:
    """Return the line of a file in which an error came about, or its first one."""
    line = 1
    place = error.__traceback__
    while place is not None:
        if place.tb_frame.f_code.co_filename == path:
            line = place.tb_lineno
        place = place.tb_next
    return line


def _check(rule: Rule, path: str, stem: str) -> None:
    """Refuse a rule that could not run; raises RuleFileError."""
    code = getattr(rule.check, "__code__", None)
    if code is None:
        raise RuleFileError(path, 1, "a rule is a function")
    line = code.co_firstlineno
    if not isinstance(rule.code, str) or not _CODE.match(rule.code):
        raise RuleFileError(path, line, f"'{rule.code}' is no code such as WPL301 or ACME101")
    if not isinstance(rule.severity, Severity):
        raise RuleFileError(path, line, "its severity is none of ERROR, WARNING and INFO")
    if rule.name.replace("-", "_") != stem:
        raise RuleFileError(path, line, f"the rule is called '{rule.name}', its file must be too")
    if not rule.wants or code.co_kwonlyargcount or code.co_flags & _VARIABLE_ARGUMENTS:
        raise RuleFileError(path, line, "its parameters are the names of facts, at least one")
    for fact in rule.wants:
        if fact not in SUBJECTS:
            hint = nearest(SUBJECTS, fact)
            raise RuleFileError(path, line, f"no fact is called '{fact}'{hint}")
    if len(kinds := sorted(subject_kinds(rule.wants))) > 1:
        words = f"its facts are of {' and of '.join(kinds)}; ask for those of one of them"
        raise RuleFileError(path, line, words)


def select_rules(
    rules: Sequence[Rule], select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> tuple[Rule, ...]:
    """Choose rules by code, name or the beginning of a code.

    Raises:
        RuleError: Something asked for names no rule.

    """
    chosen = list(rules)
    if wanted := list(select):
        named = {code for word in wanted for code in _named(rules, word)}
        chosen = [rule for rule in chosen if rule.code in named]
    unwanted = {code for word in ignore for code in _named(rules, word)}
    return tuple(rule for rule in chosen if rule.code not in unwanted)


def is_rule(rules: Sequence[Rule], word: str) -> bool:
    """Say whether a word names a rule, by its code, its name or the beginning of a code."""
    return bool(_codes(rules, word.strip()))


def _codes(rules: Sequence[Rule], text: str) -> set[str]:
    return {
        rule.code
        for rule in rules
        if text and (rule.name == text.lower() or rule.code.startswith(text.upper()))
    }


def _named(rules: Sequence[Rule], word: str) -> set[str]:
    text = word.strip()
    codes = _codes(rules, text)
    if not codes:
        names = [rule.name for rule in rules] + [rule.code for rule in rules]
        hint = nearest(names, text) or nearest(names, text.upper())
        raise RuleError(f"'{word}' is no rule{hint}; 'wplint rules' lists them")
    return codes


def nearest(names: Iterable[str], word: str) -> str:
    """Return a question with the most similar name, or nothing where none is."""
    from difflib import get_close_matches

    close = get_close_matches(word, list(names), 1)
    return f" (did you mean '{close[0]}'?)" if close else ""
