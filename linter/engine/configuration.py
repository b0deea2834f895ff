"""The configuration file: what holds for a tree when the command line does not say otherwise.

It is the ``wplint.toml``, ``.wplint.toml`` or ``[tool.wplint]`` of a ``pyproject.toml`` nearest to
what is linted, looked for upwards until the root of the git repository.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMES = ("wplint.toml", ".wplint.toml", "pyproject.toml")
KEYS = ("fail-level", "ignore", "openshift-version", "select")
LEVELS = ("error", "warning", "info")
LARGEST = 2**20


class ConfigurationError(Exception):
    """A configuration file that cannot be used: its name, the place, and why, in one line."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration file says; an absent key is None or empty."""

    path: str = ""
    openshift_version: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_level: str | None = None


def configuration_for(path: str) -> Configuration:
    """Read the configuration nearest to a path; an empty one where there is none.

    Raises:
        ConfigurationError: The file cannot be read, is no TOML, or has a key or value that means
            nothing.
    """
    for folder in _upwards(path):
        for name in NAMES:
            candidate = os.path.join(folder, name)
            if os.path.isfile(candidate):
                table = _table(candidate, tool=name == "pyproject.toml")
                if table is not None:
                    return _configuration(candidate, table)
    return Configuration()


def _upwards(path: str) -> Iterator[str]:
    """Yield the directory of a path and those above it in the same git repository."""
    folder = os.path.realpath(path)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    above = [folder]
    while not os.path.exists(os.path.join(above[-1], ".git")):
        parent = os.path.dirname(above[-1])
        if parent == above[-1]:  # no repository: nothing above belongs to what is linted
            above = above[:1]
            break
        above.append(parent)
    yield from above


def _table(path: str, *, tool: bool) -> Mapping[str, Any] | None:
    """Return the table that configures wplint; None in a pyproject.toml that has none."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise ConfigurationError(f"{path}: it cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise ConfigurationError(f"{path}: it is larger than {LARGEST} bytes")
    if tool and b"wplint" not in data:
        return None
    import tomllib

    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{path}: it is no TOML: {error}") from error
    table = document.get("tool", {}).get("wplint") if tool else document
    if table is not None and not isinstance(table, dict):
        raise ConfigurationError(f"{path}: tool.wplint is no table")
    return table


def _configuration(path: str, table: Mapping[str, Any]) -> Configuration:
    for key in table:
        if key not in KEYS:
            raise ConfigurationError(f"{path}: there is no setting '{key}'{_nearest(key)}")
    level = _text(path, table, "fail-level")
    if level is not None and level not in LEVELS:
        raise ConfigurationError(f"{path}: fail-level is '{level}', not one of {', '.join(LEVELS)}")
    return Configuration(
        path,
        _text(path, table, "openshift-version"),
        _words(path, table, "select"),
        _words(path, table, "ignore"),
        level,
    )


def _text(path: str, table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    if value is None or isinstance(value, str):
        return value
    raise ConfigurationError(f'{path}: {key} must be a string, such as {key} = "{_SAMPLES[key]}"')


def _words(path: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return tuple(value)
    raise ConfigurationError(f'{path}: {key} must be a list, such as {key} = ["WPL3"]')


_SAMPLES = {"openshift-version": "4.16", "fail-level": "warning"}


def _nearest(key: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, KEYS, 1)
    return f" (did you mean '{close[0]}'?)" if close else f"; there are {', '.join(KEYS)}"
