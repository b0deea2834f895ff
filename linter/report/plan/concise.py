"""A plan with one line for each pool that is touched and one for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.report.concise import text as findings_text
from linter.report.plan.words import cluster_words, effect_words, listed, pools_said
from linter.report.visible import prose, shortened

if TYPE_CHECKING:
    from linter.engine.planning import Plan


def concise(plan: Plan) -> str:
    """Return ``cluster/pool: effect`` for each pool that is touched, then the findings."""
    rows: list[str] = []
    for cluster in listed(plan):
        if words := cluster_words(cluster):
            rows.append(f"{cluster.name}: {words}")
        rows.extend(
            f"{cluster.name}/{pool.name}: {effect_words(pool)}" for pool in pools_said(cluster)
        )
    return "".join(f"{prose(shortened(row))}\n" for row in rows) + findings_text(plan.outcome)
