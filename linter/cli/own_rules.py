"""The rules that there are: those that ship, and those that the configuration file names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.cli.usage import UsageError
from linter.engine.configuration import ConfigurationError
from linter.engine.shipped import SHIPPED
from linter.sources.candidates import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.configuration import Configuration
    from linter.engine.outcome import RuleFailure
    from linter.engine.rules import Rule

KEY = "rule-paths"


def available_rules(
    configuration: Configuration,
) -> tuple[Sequence[Rule], tuple[RuleFailure, ...]]:
    """Return all rules, and the files of rules that cannot be used.

    Raises:
        UsageError: The configuration names what is no directory, or one out of bounds.

    """
    if not configuration.rule_paths:
        return SHIPPED, ()
    from linter.engine.own_rules import OwnRules

    own = OwnRules(SHIPPED)
    for path in configuration.rule_paths:
        try:
            folder = configuration.resolved(path, KEY)
        except ConfigurationError as error:
            raise UsageError(str(error)) from None
        if not os.path.isdir(folder):
            raise UsageError(f"{configuration.place(KEY)}: '{printable(path)}' is no directory")
        own.load(folder, configuration.root)
    own.settle()
    return (*SHIPPED, *own.rules), own.failures
