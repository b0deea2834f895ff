"""What a repair is asked to do, and what came of it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from linter.records import dataclass

if TYPE_CHECKING:
    from linter.engine.configuration import Configuration
    from linter.engine.findings import Finding
    from linter.engine.gate import Gate
    from linter.engine.outcome import Outcome, RuleFailure
    from linter.fix.asking import Asker
    from linter.sources.text import Edit
    from linter.topology.machine import Topologies


class Preference(Enum):
    """Whose list of CPUs is right where statements disagree."""

    PROFILE = "profile"
    MACHINE_CONFIG = "machineconfig"
    KUBELET = "kubelet"


@dataclass(frozen=True, slots=True)
class FixOptions:
    """How to repair.

    Attributes:
        unsafe: Apply unsafe fixes too.
        prefer: Whose list of CPUs is right; None leaves it to the usual order, or to a question.
        write: Write the files; otherwise everything is done in memory only.
        asker: Decides on each fix in turn; None applies all of them.
        topologies: The CPUs of the machines, by pool, where they are known.
        broken: Rules that cannot even be loaded.
        gate: What is let pass, and so not repaired either.
        configuration: Says which directories are a cluster each.

    """

    unsafe: bool = False
    prefer: Preference | None = None
    write: bool = True
    asker: Asker | None = None
    topologies: Topologies | None = None
    broken: tuple[RuleFailure, ...] = ()
    gate: Gate | None = None
    configuration: Configuration | None = None


class RefusedError(Exception):
    """A repair that is not made, because it would be a guess; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file that reads otherwise after the repair. ``before`` and ``after`` are its bytes.

    ``before`` is None for a file that is new, ``after`` for one that goes. ``old`` and ``new`` are
    the same as text, without a byte order mark.
    """

    name: str
    path: str
    old: str
    new: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Fixed:
    """A finding that was repaired; ``edits`` are relative to the file as it then was."""

    finding: Finding
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that is left, and why: one sentence without a full stop at its end."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class FixOutcome:
    """The result of a repair.

    Attributes:
        before: What was found at first.
        after: What is found once ``changes`` are made; the same as ``before`` if ``refusal`` says
            why nothing was done.
        fixed: What was repaired, in the order of its doing.
        left: What is left.
        changes: The files that read otherwise.
        written: Whether the changes are on the disk.
        refusal: Why nothing was written although something could be repaired; empty otherwise.
        recovered: What was found out about an earlier run that was interrupted.

    """

    before: Outcome
    after: Outcome
    fixed: tuple[Fixed, ...] = ()
    left: tuple[Left, ...] = ()
    changes: tuple[Change, ...] = ()
    written: bool = False
    refusal: str = ""
    recovered: tuple[str, ...] = ()
