"""Running rules over a cluster, for every release under consideration."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from linter.engine.findings import Finding
from linter.engine.loader import RuleFileError, line_of
from linter.engine.outcome import RuleFailure
from linter.engine.rulebook import Table
from linter.model.pools import Pool
from linter.model.releases import Undecided, in_every_release
from linter.sources.candidates import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linter.engine.findings import Draft
    from linter.engine.rulebook import Rulebook
    from linter.engine.rules import Rule
    from linter.model.cluster import Cluster
    from linter.model.releases import Releases
    from linter.plan.change import ClusterChange

    Judged = TypeVar("Judged", Cluster, ClusterChange)


def check_cluster(
    build: Callable[[Releases], Judged], releases: Releases, rulebook: Rulebook
) -> tuple[list[Finding], Judged, list[RuleFailure], list[str]]:
    """Judge one cluster, or what a change does to it.

    Args:
        build: Makes the model of the cluster for some releases.
        releases: The releases under consideration.
        rulebook: The rules to run.

    Returns:
        The findings that hold in every one of the releases; the model for the newest of them; the
        rules that broke; and the rules of the findings that hold in some of the releases only.

    """
    failures: dict[str, RuleFailure] = {}

    def evaluate(some: Releases) -> tuple[Judged, list[Finding]]:
        cluster = build(some)
        return cluster, _run(cluster, rulebook, failures)

    groups = in_every_release(releases, evaluate)
    newest, findings = groups[-1][1]
    by_key = [{_key(item) for item in group} for _, (_, group) in groups]
    everywhere = set.intersection(*by_key)
    kept = [item for item in findings if _key(item) in everywhere]
    sometimes = [str(key[0]) for key in set.union(*by_key) - everywhere]
    if kept:
        from linter.engine.fingerprints import fingerprinted

        kept = fingerprinted(sorted(kept, key=Finding.order), newest)
    return kept, newest, list(failures.values()), sometimes


def _key(item: Finding) -> tuple[object, ...]:
    """Say what makes findings of two releases the same one."""
    return (item.rule, item.pool, tuple(label.ref.order() for label in item.labels[:2]))


def _run(
    cluster: Cluster | ClusterChange, rulebook: Rulebook, failures: dict[str, RuleFailure]
) -> list[Finding]:
    found: dict[str, list[Finding]] = {}
    table = Table(cluster)
    for prepared in rulebook.prepared:
        calls = table.calls(prepared)
        if not calls:
            continue
        rule = prepared.rule
        mine: list[Finding] = []
        try:
            for subject, facts in calls:
                for draft in rule.check(*facts):
                    mine.append(_complete(draft, rule, cluster, subject))  # noqa: PERF401 - it may break half way
        except Undecided:
            raise
        except RuleFileError as error:  # its module was not loaded until now
            words = f"{error.message} ({shown(error.path)}:{error.line})"
            failures[rule.code] = RuleFailure(rule.code, cluster.name, words)
        except Exception as error:  # noqa: BLE001 - a broken rule must not hide what others found
            path = rule.function.__code__.co_filename
            words = f"{type(error).__name__}: {error} ({shown(path)}:{line_of(error, path)})"
            failures[rule.code] = RuleFailure(rule.code, cluster.name, words)
        if mine:
            noise = _Noise(item for code in rule.requires for item in found.get(code, ()))
            found[rule.code] = _distinct(item for item in mine if not noise.explains(item))
    return [item for items in found.values() for item in items]


def _complete(
    draft: Draft, rule: Rule, cluster: Cluster | ClusterChange, subject: object
) -> Finding:
    release = cluster.releases.known
    pool = getattr(subject, "pool", None)
    return Finding(
        rule=rule.code,
        name=rule.name,
        severity=draft.severity or rule.severity,
        message=draft.message,
        labels=draft.labels,
        effect=draft.effect,
        advice=draft.advice,
        fix=draft.fix if draft.fix is not None and draft.fix.possible else None,
        cluster=cluster.name,
        pool=pool.name if isinstance(pool, Pool) else "",
        releases=str(release) if release is not None else "",
    )


class _Noise:
    """Findings that make others about the same place noise."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        listed = list(findings)
        self._primary = {item.primary.ref for item in listed}
        self._labelled = {label.ref for item in listed for label in item.labels}

    def explains(self, item: Finding) -> bool:
        """Say whether one of the findings is about the same place."""
        return item.primary.ref in self._labelled or any(
            label.ref in self._primary for label in item.labels
        )


def _distinct(items: Iterable[Finding]) -> list[Finding]:
    """Drop repetitions: one statement seen through several pools is one finding."""
    kept: dict[tuple[object, ...], Finding] = {}
    for item in items:
        key = (item.message, tuple(label.ref.order() for label in item.labels))
        kept.setdefault(key, item)
    return list(kept.values())
