"""``wplint lint --show-settings``: what holds, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.settings import SETTINGS, PathSettings, Setting
from linter.formats.toml_text import toml_key, toml_string
from linter.sources.candidates import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.cli.lint import LintRequest
    from linter.engine.configuration import Configuration

_DEFAULTS = {
    "openshift-version": "taken from the manifests",
    "fail-level": "error",
    "select": "every rule",
}


def settings_text(request: LintRequest, configuration: Configuration) -> str:
    """Return what holds as a configuration file that says the same, with the origin of each line.

    Args:
        request: The options as they were given, before the file fills in what they leave open.
        configuration: What the file says.

    """
    source = shown(configuration.path) if configuration.path else "none"
    lines = [f"# configuration file: {source}"]
    for setting in SETTINGS:
        given = getattr(request, setting.attribute, None)
        if given:
            value, origin = given, f"--{setting.key}"
        else:
            value, origin = getattr(configuration, setting.attribute), ""
        if not value:
            lines.append(f"# {setting.key}: {_DEFAULTS.get(setting.key, 'none')} (default)")
            continue
        for keys, text in _stated(setting, value):
            place = origin or _place(configuration, keys)
            lines.append(f"{'.'.join(map(toml_key, keys))} = {text}  # {place}")
    return "\n".join(lines) + "\n"


def _stated(setting: Setting, value: object) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the keys that a value takes, and what each is."""
    if not isinstance(value, tuple) or all(isinstance(item, str) for item in value):
        yield (setting.key,), _toml(value)
        return
    for item in value:
        if isinstance(item, PathSettings):
            above = (setting.key, item.pattern)
            if item.ignore:
                yield (*above, "ignore"), _toml(item.ignore)
            for rule, level in item.severity:
                yield (*above, "severity", rule), _toml(level)
            if item.reason:
                yield (*above, "reason"), _toml(item.reason)
        else:
            name, text = item
            yield (setting.key, name) if name else (setting.key,), _toml(text)


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return toml_string(str(getattr(value, "value", value)))


def _place(configuration: Configuration, keys: tuple[str, ...]) -> str:
    """Return the file and line that say it, the file relative to the current directory."""
    ref = configuration.ref(*keys)
    line = "" if ref is None else f":{ref.source.position(ref.start)[0]}"
    return f"{shown(configuration.path)}{line}"
