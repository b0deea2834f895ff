"""What a rule is: a pure function whose parameters name the facts that it wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from linter.records import dataclass, field

if TYPE_CHECKING:
    from linter.engine.findings import Draft, Severity

Check = Callable[..., Iterable["Draft"]]

OWN_PREFIX = "WPL"
"""The letters of the codes of the rules that ship; other rules have others."""

CODE = r"[A-Z]{2,8}[0-9]{3}"
"""What the code of a rule looks like."""

PACKAGE = "linter.rules"
"""What the modules of the rules that ship are known by."""

ROOT_CAUSES = ("WPL002",)
"""Rules whose finding makes one of any other rule about the same place noise."""

_INPUT = "WPL0"

GROUPS = {
    "0": "input",
    "1": "cpuset syntax",
    "2": "profile",
    "3": "agreement",
    "4": "enablement",
    "5": "pools",
    "6": "effective configuration",
    "7": "operator and release",
    "8": "day 2",
    "9": "child TuneD profiles",
}
"""What the first digit of a rule's code means, of those that ship."""

OTHER_GROUP = "rules of your own"

CHANGE_FACTS = frozenset({"change", "pool_change", "profile_change"})
"""The facts that only a comparison of two states has."""


class Deferred:
    """A check whose module is loaded when it is first called, or looked at.

    Args:
        load: Returns the check.
        wants: The names of its parameters.

    """

    __slots__ = ("_check", "_load", "wants")

    def __init__(self, load: Callable[[], Check], wants: tuple[str, ...]) -> None:
        self._load = load
        self._check: Check | None = None
        self.wants = wants

    def __call__(self, *facts: Any) -> Iterable[Draft]:
        """Call the check."""
        return self.loaded(*facts)

    @property
    def loaded(self) -> Check:
        """The check itself."""
        if self._check is None:
            self._check = self._load()
        return self._check


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: a check and what is said of it.

    ``requires`` are codes of rules whose finding about the same place makes this one noise.
    """

    code: str
    name: str
    severity: Severity
    check: Check = field(repr=False)
    requires: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """What the rule is about."""
        return GROUPS[self.code[3]] if self.ships else OTHER_GROUP

    @property
    def ships(self) -> bool:
        """Whether it is one of wplint's own rules."""
        return self.code.startswith(OWN_PREFIX)

    @property
    def summary(self) -> str:
        """What holds when the rule has nothing to say: the first line of its docstring."""
        return (self.function.__doc__ or "").strip().partition("\n")[0]

    @property
    def function(self) -> Any:
        """Its check as it is written in its module."""
        return self.check.loaded if isinstance(self.check, Deferred) else self.check

    def load(self) -> None:
        """Load its module, if that was not done."""
        if isinstance(self.check, Deferred):
            self.check.loaded  # noqa: B018 - it is kept

    @property
    def wants(self) -> tuple[str, ...]:
        """The names of the facts it is called with."""
        if isinstance(self.check, Deferred):
            return self.check.wants
        code: Any = self.check.__code__
        return tuple(code.co_varnames[: code.co_argcount])

    @property
    def about_change(self) -> bool:
        """Whether it judges what becomes of running clusters when manifests change."""
        return not CHANGE_FACTS.isdisjoint(self.wants)


def rule(
    code: str, *, severity: Severity, requires: tuple[str, ...] = ()
) -> Callable[[Check], Rule]:
    """Make a rule of a function; its name becomes the rule's, with dashes.

    Args:
        code: ``WPL`` and three digits, the first being the group's, and never used again once
            given; a rule of somebody else has letters of its own, such as ``ACME101``.
        severity: What a finding is unless it says otherwise.
        requires: Codes of rules whose finding about the same place makes this one noise.

    """

    def make(check: Check) -> Rule:
        name = check.__name__.replace("_", "-")
        causes = () if code.startswith(_INPUT) else ROOT_CAUSES
        return Rule(code, name, severity, check, (*requires, *causes))

    return make
