"""Finding and loading rules: each is a Python file beside the Markdown page that documents it."""

from __future__ import annotations

import os
import re
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING

from linter.engine.injection import SUBJECTS
from linter.engine.rules import Rule
from linter.trees import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CODE = re.compile(r"WPL\d{3}\Z")


class RuleError(Exception):
    """A rule file that cannot be used, and why."""


def load_rules(folder: str | None = None) -> tuple[Rule, ...]:
    """Load every rule of a folder, by code; without an argument the rules that ship.

    Raises:
        RuleError: A file holds no rule, a broken one, or one whose code is taken.

    """
    folder = folder or tree("rules")
    rules: dict[str, Rule] = {}
    for entry in sorted(os.listdir(folder)):
        stem, dot, ending = entry.rpartition(".")
        if dot and ending == "py" and not stem.startswith("_"):
            found = _load(os.path.join(folder, entry), stem)
            if found.code in rules:
                raise RuleError(f"{entry}: the code {found.code} is taken")
            rules[found.code] = found
    return tuple(rules[code] for code in sorted(rules))


def _load(path: str, stem: str) -> Rule:
    name = f"linter.rules.{stem}"
    spec = spec_from_file_location(name, path, loader=SourceFileLoader(name, path))
    if spec is None or spec.loader is None:
        raise RuleError(f"{path}: no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (ImportError, NameError, SyntaxError, TypeError, ValueError, AttributeError) as error:
        raise RuleError(f"{path}: {error}") from error
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    if len(found) != 1:
        raise RuleError(f"{path}: it must define exactly one rule, not {len(found)}")
    rule = found[0]
    if not _CODE.match(rule.code):
        raise RuleError(f"{path}: '{rule.code}' is no rule code such as WPL301")
    if rule.name.replace("-", "_") != stem:
        raise RuleError(f"{path}: the rule is called '{rule.name}', its file must be too")
    unknown = [fact for fact in rule.wants if fact not in SUBJECTS]
    if unknown:
        raise RuleError(f"{path}: no fact is called '{unknown[0]}'")
    return rule


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


def _named(rules: Sequence[Rule], word: str) -> set[str]:
    text = word.strip()
    codes = {
        rule.code
        for rule in rules
        if rule.name == text.lower() or rule.code.startswith(text.upper())
    }
    if not codes or not text or (len(text) < 4 and not text.upper().startswith("WPL"[: len(text)])):
        raise RuleError(f"'{word}' is no rule{_nearest(rules, text)}; 'wplint rules' lists them")
    return codes


def _nearest(rules: Sequence[Rule], text: str) -> str:
    from difflib import get_close_matches

    names = [rule.name for rule in rules] + [rule.code for rule in rules]
    close = get_close_matches(text, names, 1) or get_close_matches(text.upper(), names, 1)
    return f" (did you mean '{close[0]}'?)" if close else ""
