"""The gate that a configuration file asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.baseline import BaselineError, read_baseline
from linter.engine.configuration import Configuration, ConfigurationError
from linter.engine.findings import Severity
from linter.engine.gate import Gate, Section
from linter.engine.loader import RuleError, select_rules
from linter.sources.globs import Glob

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.baseline import Baseline
    from linter.engine.rules import Rule
    from linter.engine.settings import PathSettings


def gate_for(
    configuration: Configuration,
    known: Sequence[Rule],
    baseline: Baseline | None = None,
    *,
    lenient: bool = False,
) -> Gate:
    """Return what a configuration file lets pass.

    Args:
        configuration: The file.
        known: The rules that there are.
        baseline: The known findings, where there is a baseline.
        lenient: Whether a word may name a rule that is not among them.

    Raises:
        ConfigurationError: A word names no rule.

    """
    reading = _Reading(configuration, known, lenient=lenient)
    return Gate(
        known=known,
        severity=reading.severities(configuration.severity, "severity"),
        sections=tuple(reading.section(part) for part in configuration.per_path),
        baseline=baseline,
    )


def configured_gate(configuration: Configuration, known: Sequence[Rule]) -> Gate:
    """Return what a configuration file lets pass, with the baseline that it names.

    Raises:
        ConfigurationError: A word names no rule, or the baseline cannot be used.

    """
    if configuration.baseline is None:
        return gate_for(configuration, known)
    path = configuration.resolved(configuration.baseline, "baseline")
    try:
        return gate_for(configuration, known, read_baseline(path))
    except BaselineError as error:
        raise ConfigurationError(f"{configuration.place('baseline')}: {error}") from None


class _Reading:
    """Finds the rules that the words of a file name."""

    def __init__(
        self, configuration: Configuration, known: Sequence[Rule], *, lenient: bool
    ) -> None:
        self._lenient = lenient
        self._configuration = configuration
        self._known = known

    def codes(self, word: str, *keys: str) -> frozenset[str]:
        """Return the codes of the rules that a word names."""
        try:
            return frozenset(rule.code for rule in select_rules(self._known, [word]))
        except RuleError as error:
            if self._lenient:
                return frozenset()
            place = self._configuration.place(*keys)
            raise ConfigurationError(f"{place}: {error}") from None

    def severities(self, pairs: Iterable[tuple[str, str]], *above: str) -> dict[str, Severity]:
        """Return severities by code; what names fewer rules counts more, then what comes later."""
        named = [(self.codes(word, *above, word), Severity(level)) for word, level in pairs]
        named.sort(key=lambda pair: -len(pair[0]))
        return {code: level for codes, level in named for code in codes}

    def section(self, part: PathSettings) -> Section:
        """Return a section with its rules by their codes."""
        above = ("per-path", part.pattern)
        return Section(
            glob=Glob(part.pattern),
            folder=self._configuration.folder,
            ignore={word: self.codes(word, *above, "ignore") for word in part.ignore},
            severity=self.severities(part.severity, *above, "severity"),
            reason=part.reason,
            ref=self._configuration.ref(*above, "ignore"),
        )
