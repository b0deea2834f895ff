"""What ``wplint show`` found, as JSON: ``schemas/show.schema.json`` writes the contract down.

Releases are listed one by one. What differs between releases stands once for each way in which it
does. A place has ``path``, ``line`` and ``column`` and, inside a payload, ``payload`` (its path on
the node), ``payload_line`` and ``payload_column``; all count from 1, columns in code points. What
is not known, or stands nowhere, is null; CPU lists are canonical Kubernetes texts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linter.formats.cpuset import CpuSet
from linter.model.implied import ImpliedConfig
from linter.model.kubelet_contest import contenders, generated_name
from linter.regexes import regex
from linter.report.facts_dump import where
from linter.report.show.layers import contents, matters
from linter.report.show.sayings import sayings
from linter.report.show.view import variants
from linter.report.visible import disarmed
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.model.consequences import Consequence
    from linter.model.pools import ProfileMatch
    from linter.report.show.sayings import Saying
    from linter.report.show.view import ClusterView, PoolState

VERSION = 1

Json = dict[str, Any]

_SURROGATE = regex("[\ud800-\udfff]")


def text(
    views: Iterable[ClusterView], pool: str | None = None, overview: Sequence[Json] | None = None
) -> str:
    """Return clusters as indented JSON with a line break at its end.

    Args:
        views: The clusters.
        pool: The name of the pool to show; None for all of them.
        overview: A line for each pool of each cluster, where they were judged.

    """
    found = document(views, pool)
    if overview is not None:
        found["overview"] = list(overview)
    raw = json.dumps(found, ensure_ascii=False)
    written = json.dumps(json.loads(_SURROGATE.sub("\ufffd", raw)), indent=2)
    return disarmed(written + "\n", "\\u005b")


def document(views: Iterable[ClusterView], pool: str | None = None) -> Json:
    """Return the object that is written; keys stand in a fixed order."""
    shown = [view for view in views if pool is None or pool in view.pool_names]
    return {"version": VERSION, "clusters": [_cluster(view, pool) for view in shown]}


def _cluster(view: ClusterView, pool: str | None) -> Json:
    cluster = view.newest
    minors = sorted(minor for group in view.groups for minor in group.minors)
    return {
        "name": view.name,
        "path": view.path,
        "releases": _releases(minors),
        "release_claims": [
            {"text": claim.text, "said_by": claim.source, "place": where(claim.ref)}
            for claim in cluster.claims
        ],
        "at_installation": cluster.install_time,
        "partitioning": {
            "mode": cluster.partitioning.mode.value,
            "signals": [
                {
                    "carrier": signal.carrier,
                    "value": known(signal.mode),
                    "place": where(signal.ref),
                }
                for signal in cluster.partitioning.signals
            ],
        },
        "size": {
            "single_node": cluster.size.single_node,
            "worker_nodes": cluster.size.worker_nodes,
            "arbiter": cluster.size.arbiter,
        },
        "profiles": [_profile(match) for match in cluster.matches],
        "pools": [
            _pool(view.states(index))
            for index, name in enumerate(view.pool_names)
            if pool in (None, name)
        ],
    }


def _releases(minors: Iterable[int]) -> list[str]:
    return [f"4.{minor}" for minor in minors]


def _cpus(cpus: CpuSet | None) -> str | None:
    return str(cpus) if cpus is not None else None


def _profile(match: ProfileMatch) -> Json:
    """Return a profile, the pools that it matches, and what the operator makes of it."""
    profile = match.profile
    label = profile.role_label
    return {
        "name": profile.name,
        "version": profile.manifest.version,
        "place": where(profile.ref),
        "pools": [pool.name for pool in match.pools],
        "pools_undecided": match.open,
        "cpus": {
            statement.where.removeprefix("spec.cpu."): _cpus(statement.cpus)
            for statement in profile.cpu_sets
        },
        "machine_config": {
            "name": profile.generated_name,
            "labels": {label[0]: label[1]} if label is not None else None,
        },
        "kubelet_config": {
            "name": generated_name(profile),
            "reserved_system_cpus": _cpus(profile.kubelet_cpus()),
        },
        "tuned_isolated_cores": _cpus(profile.isolated_cpus()),
    }


def _pool(states: Sequence[PoolState]) -> Json:
    state = states[-1]
    node, later = state.node, state.later
    isolated = node.profile.isolated if node.profile is not None else None
    outcomes = variants(states, lambda one: one.outcome, lambda one: (one.fate, one.why, one.notes))
    differs = state.cluster.install_time and not node.pool.built_in
    return {
        "name": node.pool.name,
        "place": where(node.pool.ref),
        "holds_nodes": node.pool.holds_nodes,
        "profiles": [profile.name for profile in node.profiles],
        "profiles_undecided": node.profiles_open,
        "reserved": _cpus(node.reserved.cpus) if node.reserved is not None else None,
        "isolated": _cpus(isolated.cpus) if isolated is not None else None,
        "outcomes": [
            {"releases": _releases(one.minors), **_outcome(one.value)} for one in outcomes
        ],
        "added_later": _outcome(later) if differs else None,
        "layers": [
            {"releases": _releases(one.minors), **one.value}
            for one in variants(states, _layers, json.dumps)
        ],
    }


def _outcome(outcome: Consequence) -> Json:
    places = [where(ref) for ref in outcome.places]
    return {
        "fate": outcome.fate.name.lower().replace("_", "-"),
        "why": outcome.why,
        "notes": list(outcome.notes),
        "places": [place for place in places if place is not None],
    }


def _layers(state: PoolState) -> Json:
    said = sayings(state)
    disputed = CpuSet.EMPTY
    for one in said:
        disputed |= one.disputed
    return {
        "machine_configs": _machine_configs(state),
        "files": _files(state),
        "pinning_file_from": list(state.outcome.delivery.pinning_from),
        "crio_management_tables": _tables(state),
        "kubelet_configs": [
            {
                "name": one.name,
                "reserved_system_cpus": _cpus(one.cpus),
                "written": one.config is not None,
                "place": where(one.ref),
            }
            for one in contenders(state.node)
        ],
        "tuned_profiles": [
            {"name": profile.name, "place": where(profile.ref)}
            for profile in state.node.kernel.chain
        ],
        "statements": [_saying(one) for one in said],
        "disputed": str(disputed),
    }


def _machine_configs(state: PoolState) -> list[Json]:
    rows: list[Json] = []
    for config in state.order:
        if isinstance(config, ImpliedConfig):
            labels = dict([config.label])
            rows.append(_machine_config(config.name, "implied", labels, None))
        else:
            place = where(config.manifest.name_ref)
            labels = dict(sorted(config.manifest.labels.values.items()))
            rows.append(_machine_config(config.name, "written", labels, place))
    for config in state.node.merged.undecided:
        place = where(config.manifest.name_ref)
        labels = dict(sorted(config.manifest.labels.values.items()))
        rows.append(_machine_config(config.name, "undecided", labels, place))
    return rows


def _machine_config(name: str, state: str, labels: dict[str, str], place: Json | None) -> Json:
    return {"name": name, "state": state, "labels": labels, "place": place}


def _files(state: PoolState) -> list[Json]:
    return [
        {
            "path": file.path,
            "entries": [
                {
                    "machine_config": layer.machine_config.name,
                    "contents": contents(layer) or "decoded",
                    "wins": layer is file.winner,
                    "place": where(layer.file.path_ref),
                }
                for layer in file.layers
            ],
        }
        for file in state.node.merged.files.values()
        if matters(file.path)
    ]


def _tables(state: PoolState) -> list[Json]:
    delivery = state.outcome.delivery
    return [
        {
            "path": table.path,
            "machine_config": table.made_by,
            "cpus": _cpus(table.cpuset),
            "counts": table is delivery.table,
            "profile": table.profile.name if table.profile is not None else None,
            "place": where(table.ref),
        }
        for table in delivery.tables
    ]


def _saying(saying: Saying) -> Json:
    return {
        "layer": saying.layer,
        "field": saying.words,
        "text": saying.text,
        "cpus": _cpus(saying.cpus),
        "said_by": saying.by,
        "disputed": str(saying.disputed),
        "place": where(saying.ref),
    }
