"""Regular expressions that are compiled late: they are right, and behave as if compiled at once."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any

import pytest
from builders import rules

import linter
from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterator


def everywhere() -> Iterator[tuple[str, Any]]:
    """Yield every pattern in a variable of a module, or in a collection there."""
    names = [module.name for module in walk_packages(linter.__path__, "linter.")]
    names += [rule.check.__module__ for rule in rules()]
    for name in names:
        for variable, value in vars(import_module(name)).items():
            parts = value.values() if isinstance(value, dict) else value
            for part in parts if isinstance(parts, tuple | list) else (value,):
                if type(part) is type(regex("")):
                    yield f"{name}.{variable}", part


def test_each_can_be_compiled() -> None:
    found = list(everywhere())
    assert len(found) > 100
    for name, one in found:
        assert re.compile(one.pattern, one.flags).groups == one.groups, name


def test_what_is_compiled_late_does_what_a_pattern_does() -> None:
    late, usual = regex(r"(a)|b", re.IGNORECASE), re.compile(r"(a)|b", re.IGNORECASE)
    text = "xAbab"
    assert late.findall(text) == usual.findall(text)
    assert late.sub("-", text) == usual.sub("-", text)
    assert [m.span() for m in late.finditer(text, 1, 3)] == [(1, 2), (2, 3)]
    assert late.split(text) == usual.split(text)
    assert (late.groups, late.flags) == (usual.groups, usual.flags)
    assert regex(rb"\d").search(b"a1")


def test_one_that_is_wrong_is_found_out_when_it_is_used() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.match("")
