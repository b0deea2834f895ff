"""The rule engine; what a rule file imports."""

from linter.engine.findings import Applicability, Draft, Fix, Severity, finding, removing
from linter.engine.rules import Rule, rule
from linter.sources.text import NewFile, Replacement

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

__all__ = [
    "ERROR",
    "INFO",
    "WARNING",
    "Applicability",
    "Draft",
    "Fix",
    "NewFile",
    "Replacement",
    "Rule",
    "Severity",
    "finding",
    "removing",
    "rule",
]
