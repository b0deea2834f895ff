"""The settings that there are: their keys, what a value may be, and how one is read.

This table is the only place that knows them. A new setting is a row here, a field of
:class:`linter.engine.configuration.Configuration` and a property of
``schemas/configuration.schema.json``; tests hold the three together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.formats.toml import Array, Scalar, Table
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linter.formats.toml import Value

LEVELS = ("error", "warning", "info")
LONGEST_REASON = 500
MOST_VALUES = 1000
"""The longest list or table that is read."""


class SettingError(Exception):
    """A key or a value that means nothing, and the offsets at which it stands."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Setting:
    """A key and what it takes.

    ``read`` makes the value of a record from a value of TOML; ``sample`` is a line that is right,
    and ``what`` says in a sentence what the setting does.
    """

    key: str
    read: Callable[[Setting, Value], Any]
    sample: str
    what: str

    @property
    def attribute(self) -> str:
        """The name of the record's field."""
        return self.key.replace("-", "_")

    def refused(self, what: str, value: Value) -> SettingError:
        """Say what the value must be, with a line that would be right."""
        return SettingError(
            f"{self.key} must be {what}, such as {self.sample}", value.start, value.end
        )


@dataclass(frozen=True, slots=True)
class PathSettings:
    """What holds for the files that a glob matches, relative to the configuration's directory.

    ``severity`` are pairs of a rule and a level; ``reason`` says why the rules are ignored.
    """

    pattern: str
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    reason: str = ""


def read_settings(table: Table, settings: Sequence[Setting]) -> dict[str, Any]:
    """Return the values that a table gives, by the names of the record's fields.

    Raises:
        SettingError: A key is not among the settings, or a value means nothing.

    """
    by_key = {setting.key: setting for setting in settings}
    values: dict[str, Any] = {}
    for entry in table.entries:
        setting = by_key.get(entry.key)
        if setting is None:
            raise SettingError(
                f"there is no setting '{entry.key}'{_nearest(entry.key, list(by_key))}",
                entry.key_start,
                entry.key_end,
            )
        values[setting.attribute] = setting.read(setting, entry.value)
    return values


def _nearest(key: str, keys: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, keys, 1)
    return f" (did you mean '{close[0]}'?)" if close else f"; there are {', '.join(sorted(keys))}"


def _string(setting: Setting, value: Value) -> str:
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return value.value
    raise setting.refused("a string", value)


def _strings(setting: Setting, value: Value) -> tuple[str, ...]:
    items = value.items if isinstance(value, Array) else ()
    if not isinstance(value, Array) or len(items) > MOST_VALUES:
        raise setting.refused("a list", value)
    return tuple(_string_of(setting, item) for item in items)


def _string_of(setting: Setting, item: Value) -> str:
    if isinstance(item, Scalar) and isinstance(item.value, str):
        return item.value
    raise setting.refused("a list of strings", item)


def _level(setting: Setting, value: Value) -> str:
    level = _string(setting, value)
    if level not in LEVELS:
        raise SettingError(
            f"{setting.key} is '{level}', not one of {', '.join(LEVELS)}", value.start, value.end
        )
    return level


def _reason(setting: Setting, value: Value) -> str:
    text = _string(setting, value)
    if not text.split() or len(text) > LONGEST_REASON:
        raise setting.refused(f"a sentence of at most {LONGEST_REASON} characters", value)
    return " ".join(text.split())


def _release(setting: Setting, value: Value) -> str:
    from linter.model.releases import Release

    text = _string(setting, value)
    try:
        Release.parse(text)
    except ValueError as error:
        raise SettingError(f"{setting.key}: {error}", value.start, value.end) from None
    return text


def _path(setting: Setting, value: Value) -> str:
    return _relative(setting, _string(setting, value), value)


def _paths(setting: Setting, value: Value) -> tuple[str, ...]:
    return tuple(_relative(setting, text, value) for text in _strings(setting, value))


def _relative(setting: Setting, text: str, value: Value) -> str:
    if not text or text.startswith(("/", "~")) or "\0" in text:
        raise setting.refused("relative to the directory of this file", value)
    return text


def _glob(setting: Setting, text: str, value: Value) -> str:
    _relative(setting, text, value)
    if ".." in text.split("/"):
        raise setting.refused("globs beneath the directory of this file", value)
    return text


def _globs(setting: Setting, value: Value) -> tuple[str, ...]:
    return tuple(_glob(setting, text, value) for text in _strings(setting, value))


def _severities(setting: Setting, value: Value) -> tuple[tuple[str, str], ...]:
    """Read a table of levels by rule."""
    return tuple((entry.key, _level(setting, entry.value)) for entry in _entries(setting, value))


def _by_pool(setting: Setting, value: Value) -> tuple[tuple[str, str], ...]:
    """Read a path for all pools, whose name is then empty, or a table of paths by pool."""
    if isinstance(value, Scalar):
        return (("", _path(setting, value)),)
    return tuple((entry.key, _path(setting, entry.value)) for entry in _entries(setting, value))


def _sections(setting: Setting, value: Value) -> tuple[PathSettings, ...]:
    """Read a table of settings by glob."""
    sections = []
    for entry in _entries(setting, value):
        pattern = _glob(setting, entry.key, entry.value)
        if not isinstance(entry.value, Table):
            raise setting.refused("a table of tables", entry.value)
        section = PathSettings(pattern, **read_settings(entry.value, PATH_SETTINGS))
        if section.ignore and not section.reason:
            raise SettingError(
                f"'{pattern}' ignores rules and does not say why: add reason = \"...\"",
                entry.key_start,
                entry.key_end,
            )
        sections.append(section)
    return tuple(sections)


def _entries(setting: Setting, value: Value) -> Any:
    if not isinstance(value, Table) or len(value.entries) > MOST_VALUES:
        raise setting.refused("a table", value)
    return value.entries


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "openshift-version",
        _release,
        'openshift-version = "4.16"',
        "The release that the manifests are for, where they do not name it.",
    ),
    Setting(
        "fail-level",
        _level,
        'fail-level = "warning"',
        "The lowest severity that makes the exit status 1.",
    ),
    Setting(
        "select",
        _strings,
        'select = ["WPL3"]',
        "The rules to run: codes, beginnings of codes, or names; all of them if left out.",
    ),
    Setting("ignore", _strings, 'ignore = ["WPL203"]', "Rules not to run."),
    Setting(
        "severity",
        _severities,
        'severity.WPL203 = "error"',
        "How bad the findings of a rule are here.",
    ),
    Setting(
        "baseline",
        _path,
        'baseline = "wplint-baseline.jsonl"',
        "The file of known findings, which are not reported again.",
    ),
    Setting(
        "clusters",
        _globs,
        'clusters = ["clusters/*"]',
        "Directories that are a cluster each, whatever is in them.",
    ),
    Setting(
        "topology",
        _by_pool,
        'topology.master = "topology/master.json"',
        "What lscpu says of the nodes of a pool, or of all of them.",
    ),
    Setting(
        "rule-paths",
        _paths,
        'rule-paths = ["policy"]',
        "Directories with rules of your own, which are run as programs.",
    ),
    Setting(
        "per-path",
        _sections,
        'per-path."lab/**".severity.WPL203 = "info"',
        "Settings for the files that a glob matches.",
    ),
)
"""Every setting of a configuration file, in the order in which it is shown."""

PATH_SETTINGS: tuple[Setting, ...] = (
    Setting("ignore", _strings, 'ignore = ["WPL203"]', "Rules whose findings are suppressed."),
    Setting(
        "severity", _severities, 'severity.WPL203 = "info"', "How bad the findings of a rule are."
    ),
    Setting("reason", _reason, 'reason = "a lab"', "Why rules are ignored; needed where some are."),
)
"""The settings of one section of ``per-path``."""
