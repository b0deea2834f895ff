"""``--profile-rules``: how long each rule took."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from linter.cli.streams import StandardError
from linter.records import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.findings import Draft
    from linter.engine.rules import Check, Rule

_MOST = 20


class _Timed:
    """A check that adds up the seconds it takes, and looks to the engine like the check itself."""

    def __init__(self, check: Check) -> None:
        self.seconds = 0.0
        self.calls = 0
        self._check = check
        self.__doc__ = check.__doc__
        self.__code__: Any = getattr(check, "__code__")  # noqa: B009 - mypy knows no such attribute

    def __call__(self, *facts: object) -> list[Draft]:
        self.calls += 1
        began = perf_counter()
        try:
            return list(self._check(*facts))
        finally:
            self.seconds += perf_counter() - began


class RuleClock:
    """Measures rules."""

    def __init__(self) -> None:
        self._timed: dict[str, _Timed] = {}
        self._names: dict[str, str] = {}

    def timed(self, rules: Sequence[Rule]) -> tuple[Rule, ...]:
        """Return the same rules, measured."""
        for rule in rules:
            self._timed[rule.code] = _Timed(rule.function)
            self._names[rule.code] = rule.name
        return tuple(replace(rule, check=self._timed[rule.code]) for rule in rules)

    def print(self) -> None:
        """Print on standard error what the slowest rules took, and all of them together."""
        slowest = sorted(self._timed, key=lambda code: (-self._timed[code].seconds, code))
        total = sum(timed.seconds for timed in self._timed.values())
        lines = [f"Rules took {total * 1000:.1f} ms, the slowest of them:"]
        for code in slowest[:_MOST]:
            timed = self._timed[code]
            spent = f"{timed.seconds * 1000:9.2f} ms  {timed.calls:7} calls"
            lines.append(f"  {spent}  {code} {self._names[code]}")
        with StandardError() as stream:
            stream.write("\n".join(lines) + "\n")
