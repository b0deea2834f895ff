"""What a run found and what it understood, ready to be reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.findings import Severity
from linter.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.engine.findings import Finding
    from linter.engine.rules import Rule
    from linter.engine.suppressions import Suppression


@dataclass(frozen=True, slots=True)
class PoolOutcome:
    """What was understood of one pool: the profile that configures it and its reserved CPUs."""

    name: str
    profile: str | None
    reserved: str | None
    isolated: str | None


@dataclass(frozen=True, slots=True)
class ClusterOutcome:
    """What was understood of one cluster.

    ``release`` is the target release such as ``4.16``, or None where it is not known;
    ``partitioning`` is ``AllNodes``, ``legacy``, ``None`` or None where nothing says.
    """

    name: str
    path: str
    release: str | None
    partitioning: str | None
    pools: tuple[PoolOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not read, or of which no more could be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """How much was looked at: a gate must never be silently green.

    ``files`` were found; ``relevant`` of them were parsed; ``manifests`` mattered; ``templated``
    counts values that a template engine decides; ``not_understood`` lists payloads and objects
    that were met and not read; ``unreadable`` counts the files that could not be read to their end
    and the payloads that could not be decoded, which are findings where their rules run.
    """

    files: int = 0
    relevant: int = 0
    manifests: int = 0
    templated: int = 0
    skipped: tuple[SkippedFile, ...] = ()
    not_understood: tuple[SkippedFile, ...] = ()
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class RuleFailure:
    """A rule that broke: a bug of the rule, never a finding about the manifests."""

    rule: str
    cluster: str
    error: str


CONFIGURATION, BASELINE = "configuration", "baseline"
"""On whose word a finding is suppressed, besides that of a manifest."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is not reported, and why.

    ``kind`` is on whose word: that of a ``comment`` or an ``annotation`` in a manifest, of the
    ``configuration`` or of the ``baseline``. Only a baseline may give no reason.
    """

    finding: Finding
    reason: str
    kind: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run: findings in report order, and what was understood.

    ``rules`` are those that ran. ``fail_level`` is the lowest severity that fails the run, and
    ``shortfalls`` say why it fails without any finding, as a strict one may. ``repository_paths``
    are the names of files, by the path that opens them, from the root of their repository.
    ``show_suppressed`` asks formats that can mark suppressed findings to have them, marked;
    ``suppressions`` are those that were met in manifests, ``undecided`` the codes of rules of which
    findings hold in some releases only, and ``read`` the paths of the files that were parsed.
    """

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    show_suppressed: bool = False
    clusters: tuple[ClusterOutcome, ...] = ()
    summary: Summary = field(default_factory=Summary)
    failures: tuple[RuleFailure, ...] = ()
    notes: tuple[str, ...] = ()
    rules: Sequence[Rule] = ()
    fail_level: Severity = Severity.ERROR
    shortfalls: tuple[str, ...] = ()
    repository_paths: Mapping[str, str] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()
    undecided: frozenset[str] = frozenset()
    read: tuple[str, ...] = ()
