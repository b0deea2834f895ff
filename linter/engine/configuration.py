"""The configuration file: what holds for a tree when the command line does not say otherwise.

It is the ``wplint.toml``, ``.wplint.toml`` or ``[tool.wplint]`` of a ``pyproject.toml`` nearest to
what is linted, looked for upwards until the root of the git repository. What it may say is in
:mod:`linter.engine.settings`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.records import dataclass, field
from linter.sources.candidates import printable, shown
from linter.sources.text import File, Ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linter.engine.settings import PathSettings
    from linter.formats.toml import Table

NAMES = ("wplint.toml", ".wplint.toml", "pyproject.toml")
TOOL = ("tool", "wplint")
LARGEST = 2**20


class ConfigurationError(Exception):
    """A configuration file that cannot be used: its name, the place, and why, in one line."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration file says; an absent key is None or empty.

    ``path`` is the file and ``root`` the directory that no path in it may lead out of: that of the
    git repository, or that of the file where there is none. ``severity`` are pairs of a rule and a
    level. ``topology`` are pairs of a pool, empty for all of them, and a file. Paths stand as they
    are written; :meth:`resolved` makes them usable.
    """

    path: str = ""
    openshift_version: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_level: str | None = None
    severity: tuple[tuple[str, str], ...] = ()
    baseline: str | None = None
    clusters: tuple[str, ...] = ()
    topology: tuple[tuple[str, str], ...] = ()
    rule_paths: tuple[str, ...] = ()
    per_path: tuple[PathSettings, ...] = ()
    root: str = field(default="", compare=False)
    source: File | None = field(default=None, repr=False, compare=False)
    spans: Mapping[tuple[str, ...], tuple[int, int]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def folder(self) -> str:
        """The directory that paths and globs in the file are relative to."""
        return os.path.dirname(self.path)

    def says(self, *keys: str) -> bool:
        """Say whether a key, given with those of the tables around it, stands in the file."""
        return keys in self.spans

    def ref(self, *keys: str) -> Ref | None:
        """Return where a key stands, or None where it does not."""
        if self.source is None or keys not in self.spans:
            return None
        return Ref(self.source, *self.spans[keys])

    def place(self, *keys: str) -> str:
        """Return the file and, where the key stands in it, its line, as in ``wplint.toml:3``."""
        ref = self.ref(*keys)
        name = printable(self.path)
        return name if ref is None else f"{name}:{ref.source.position(ref.start)[0]}"

    def resolved(self, path: str, *keys: str) -> str:
        """Return the absolute path that a setting names.

        Args:
            path: The path as it is written.
            keys: The key whose value it is, for the message.

        Raises:
            ConfigurationError: It leads out of the repository, be it by a symbolic link.

        """
        absolute = os.path.normpath(os.path.join(self.folder, path))
        real = os.path.realpath(absolute)
        if os.path.commonpath((real, self.root)) != self.root:
            raise ConfigurationError(
                f"{self.place(*keys)}: '{printable(path)}' leads out of {printable(self.root)}"
            )
        return absolute


def configuration_for(path: str) -> Configuration:
    """Read the configuration nearest to a path; an empty one where there is none.

    Raises:
        ConfigurationError: The file cannot be read, is no TOML, or has a key or value that means
            nothing.
    """
    folders = list(_upwards(path))
    for folder in folders:
        for name in NAMES:
            candidate = os.path.join(folder, name)
            if os.path.isfile(candidate):
                found = _read(candidate, folders[-1], tool=name == "pyproject.toml")
                if found is not None:
                    return found
    return Configuration()


def repository_of(path: str) -> str:
    """Return the root of the git repository that a path lies in, else the path's directory."""
    return list(_upwards(path))[-1]


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


def _read(path: str, root: str, *, tool: bool) -> Configuration | None:
    """Read a file; None for a pyproject.toml that does not configure wplint."""
    text = _text(path)
    if tool and "wplint" not in text:
        return None
    from linter.engine.settings import SETTINGS, SettingError, read_settings
    from linter.formats.toml import Table, TomlError, parse

    source = File(shown(path), text, path)
    try:
        document = parse(text)
    except TomlError as error:
        line, _ = source.position(error.start)
        raise ConfigurationError(f"{printable(path)}:{line}: it is no TOML: {error}") from None
    table = document.get(*TOOL) if tool else document
    if table is None:
        return None
    if not isinstance(table, Table):
        raise ConfigurationError(f"{printable(path)}: tool.wplint is no table")
    try:
        values = read_settings(table, SETTINGS)
    except SettingError as error:
        line, _ = source.position(error.start)
        words = printable(error.message)
        raise ConfigurationError(f"{printable(path)}:{line}: {words}") from None
    return Configuration(path=path, root=root, source=source, spans=_spans(table), **values)


def _text(path: str) -> str:
    try:
        with open(path, "rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise ConfigurationError(
            f"{printable(path)}: it cannot be read: {error.strerror}"
        ) from error
    if len(data) > LARGEST:
        raise ConfigurationError(f"{printable(path)}: it is larger than {LARGEST} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{printable(path)}: it is no TOML: {error}") from None


def _spans(table: Table, above: tuple[str, ...] = ()) -> dict[tuple[str, ...], tuple[int, int]]:
    """Return where each key stands, those of the tables within included."""
    from linter.formats.toml import Table

    spans: dict[tuple[str, ...], tuple[int, int]] = {}
    for entry in table.entries:
        keys = (*above, entry.key)
        spans[keys] = (entry.key_start, entry.key_end)
        if isinstance(entry.value, Table):
            spans |= _spans(entry.value, keys)
    return spans
