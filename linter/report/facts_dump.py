"""What was understood of a tree of manifests, as JSON with positions.

This is the output of ``wplint facts``. It shows what the rules are given, before any of them runs.
Places are objects with ``path``, ``line`` and ``column`` and, inside a payload, ``payload`` (its
path on the node), ``payload_line`` and ``payload_column``; all count from 1, columns in code
points. What is not known is null.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linter.report.places import place
from linter.report.visible import disarmed
from linter.sources.fields import Invalid, Missing, Templated, Value
from linter.sources.text import File

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.outcome import SkippedFile
    from linter.facts.cpus import CpuStatement
    from linter.facts.installation import Enablement
    from linter.facts.kubelet_configs import KubeletConfig
    from linter.facts.machine_configs import MachineConfig
    from linter.facts.manifests import Labels, Selector
    from linter.facts.tuned_profiles import Tuned, TunedProfile
    from linter.model.affinity import EffectiveAffinity
    from linter.model.cluster import Cluster
    from linter.model.crio import EffectiveCrio, StatedWorkload
    from linter.model.merge import EffectiveFile, FileLayer, MergedConfig
    from linter.model.node import NodeConfig, Reserved
    from linter.model.pools import Pool, ProfileMatch
    from linter.sources.fields import Field
    from linter.sources.text import Ref

VERSION = 1

Json = dict[str, Any]


def text(
    clusters: Iterable[Cluster],
    files: int,
    relevant: int,
    skipped: Iterable[SkippedFile],
    notes: Iterable[str],
) -> str:
    """Return the dump as indented JSON with a line break at its end.

    Args:
        clusters: The model of each cluster.
        files: How many files were found.
        relevant: How many of them were parsed.
        skipped: Those that could not be read.
        notes: What else was met while looking for files.

    """
    dump = {
        "version": VERSION,
        "clusters": [_cluster(cluster) for cluster in clusters],
        "files": {
            "found": files,
            "relevant": relevant,
            "skipped": [{"name": item.name, "reason": item.reason} for item in skipped],
            "notes": list(notes),
        },
    }
    return disarmed(json.dumps(dump, indent=2) + "\n", "\\u005b")


def _cluster(cluster: Cluster) -> Json:
    release = cluster.releases.known
    return {
        "name": cluster.name,
        "path": cluster.path,
        "release": str(release) if release is not None else None,
        "releases_considered": str(cluster.releases),
        "release_claims": [
            {"text": claim.text, "said_by": claim.source, "place": where(claim.ref)}
            for claim in cluster.claims
        ],
        "at_installation": cluster.install_time,
        "partitioning": {
            "mode": cluster.partitioning.mode.value,
            "signals": [_signal(signal) for signal in cluster.partitioning.signals],
        },
        "size": {
            "single_node": cluster.size.single_node,
            "worker_nodes": cluster.size.worker_nodes,
            "arbiter": cluster.size.arbiter,
        },
        "pools": [_pool(node) for node in cluster.nodes],
        "profiles": [_profile(match) for match in cluster.matches],
        "cpu_statements": [_statement(statement) for statement in cluster.statements],
        "unreadable": [
            {"message": problem.message, "place": where(problem.ref)}
            for _, problem in cluster.facts.unreadable
        ],
    }


def where(ref: Ref | None) -> Json | None:
    """Return a place, or null for what no manifest states."""
    if ref is None or not _in_manifest(ref):
        return None
    found = place(ref)
    written: Json = {"path": found.path, "line": found.span.line, "column": found.span.column}
    if found.payload_span is not None:
        written["payload"] = found.payload
        written["payload_line"] = found.payload_span.line
        written["payload_column"] = found.payload_span.column
    return written


def _in_manifest(ref: Ref) -> bool:
    """Say whether a reference is into a file; built-in pools refer to an empty text."""
    return bool(ref.source.text) or not isinstance(ref.source, File)


def _signal(signal: Enablement) -> Json:
    return {"carrier": signal.carrier, "says": _field(signal.mode), "place": where(signal.ref)}


def _field(field: Field[Any]) -> Json:
    """Return a field as its state and, where it has one, its value or text."""
    match field:
        case Value(value=value):
            return {"state": "stated", "value": value}
        case Missing():
            return {"state": "absent"}
        case Templated(text=text):
            return {"state": "templated", "text": text}
        case Invalid(found=found, text=text):
            return {"state": "invalid", "found": found, "text": text}


def _statement(statement: CpuStatement) -> Json:
    """Return a list of CPUs as it is written, and what it was read as."""
    written: Json = {
        "field": statement.where,
        "text": statement.text,
        "cpus": str(statement.cpus) if statement.cpus is not None else None,
        "grammar": statement.grammar.value,
    }
    if statement.error is not None:
        written["error"] = str(statement.error)
    if statement.found:
        written["found"] = statement.found
    if statement.templated:
        written["templated"] = True
    if statement.needs_cpu_count:
        written["needs_cpu_count"] = True
    return {**written, "place": where(statement.ref)}


def _stated(statement: CpuStatement | None) -> Json | None:
    return _statement(statement) if statement is not None else None


def _profile(match: ProfileMatch) -> Json:
    profile = match.profile
    return {
        "name": profile.name,
        "version": profile.manifest.version,
        "place": where(profile.ref),
        "cpu_sets": [_statement(statement) for statement in profile.cpu_sets],
        "node_selector": _labels(profile.node_selector),
        "pools": [pool.name for pool in match.pools],
        "pools_undecided": match.open,
    }


def _labels(labels: Labels | None) -> Json | None:
    return dict(sorted(labels.values.items())) if labels is not None else None


def _selector(selector: Selector | None) -> str | None:
    """Return a selector in the notation of ``kubectl -l``, or null where it is not known."""
    if selector is None or selector.selector is None:
        return None
    found = selector.selector
    parts = [f"{key}={value}" for key, value in sorted(found.match_labels.items())]
    for one in found.match_expressions:
        values = f" ({', '.join(one.values)})" if one.values else ""
        parts.append(f"{one.key} {one.operator}{values}")
    return ",".join(parts)


def _pool(node: NodeConfig) -> Json:
    pool = node.pool
    return {
        "name": pool.name,
        "built_in": pool.built_in,
        "declared": where(pool.ref),
        "holds_nodes": pool.holds_nodes,
        **_selectors(pool),
        "profiles": [profile.name for profile in node.profiles],
        "profiles_undecided": node.profiles_open,
        "reserved": _reserved(node.reserved),
        "machine_configs": [_named(config) for config in node.merged.order],
        "machine_configs_undecided": [_named(config) for config in node.merged.undecided],
        "files": [_file(file) for file in node.merged.files.values()],
        "kernel_arguments": _arguments(node.merged),
        "kernel_type": node.merged.kernel_type,
        "extensions": list(node.merged.extensions),
        "fips": node.merged.fips,
        "crio": _crio(node.crio),
        "kubelet_configs": [_kubelet(config) for config in node.kubelet.configs],
        "systemd_affinity": _affinity(node.affinity),
        "tuned_profiles": [_tuned(*entry) for entry in node.tuneds],
    }


def _selectors(pool: Pool) -> Json:
    return {
        "node_selector": _selector(pool.node_selector),
        "machine_config_selector": _selector(pool.machine_config_selector),
    }


def _reserved(reserved: Reserved | None) -> Json | None:
    if reserved is None:
        return None
    return {
        "cpus": str(reserved.cpus),
        "said_by": "profile" if reserved.profile is not None else reserved.label,
        "place": where(reserved.ref),
    }


def _named(config: MachineConfig) -> Json:
    return {"name": config.name or None, "place": where(config.manifest.name_ref)}


def _file(file: EffectiveFile) -> Json:
    """Return a file of the node: its entries in merge order, and which one the node gets."""
    winner = file.winner
    entries = [_layer(layer, winner) for layer in file.layers]
    return {"path": file.path, "mode": file.mode, "entries": entries}


def _layer(layer: FileLayer, winner: FileLayer | None) -> Json:
    contents = layer.file.contents
    if contents is None:
        state = "no contents"
    elif contents.problem is not None:
        state = "undecodable"
    elif contents.templated:
        state = "templated"
    elif contents.binary:
        state = "binary"
    else:
        state = "decoded"
    return {
        "machine_config": layer.machine_config.name or None,
        "contents": state,
        "wins": layer is winner,
        "place": where(layer.file.path_ref),
    }


def _arguments(merged: MergedConfig) -> list[Json]:
    return [
        {
            "text": layer.argument.ref.text,
            "machine_config": layer.machine_config.name or None,
            "place": where(layer.argument.ref),
        }
        for layer in merged.kernel_arguments
    ]


def _crio(crio: EffectiveCrio) -> Json:
    return {
        "reading_order": [drop_in.path for _, drop_in in crio.drop_ins],
        "management": _workload(crio.management),
        "management_shadowed": [_workload(workload) for workload in crio.shadowed],
        "infra_ctr_cpuset": _stated(crio.infra_ctr_cpuset),
        "shared_cpuset": _stated(crio.shared_cpuset),
        "undecided": crio.open,
    }


def _workload(stated: StatedWorkload | None) -> Json | None:
    if stated is None:
        return None
    return {
        "drop_in": stated.drop_in.path,
        "machine_config": stated.layer.machine_config.name or None,
        "cpuset": _stated(stated.cpuset),
        "place": where(stated.workload.ref),
    }


def _kubelet(config: KubeletConfig) -> Json:
    return {
        "name": config.name or None,
        "reserved_system_cpus": _stated(config.reserved),
        "cpu_manager_policy": _field(config.cpu_manager_policy),
        "place": where(config.ref),
    }


def _affinity(affinity: EffectiveAffinity) -> Json:
    argument = affinity.argument
    return {
        "cpus": str(affinity.cpus) if affinity.cpus is not None else None,
        "statements": _statements(affinity.statements),
        "kernel_argument": _stated(argument.argument.cpus) if argument is not None else None,
    }


def _statements(statements: Sequence[CpuStatement]) -> list[Json]:
    return [_statement(statement) for statement in statements]


def _tuned(tuned: Tuned, profile: TunedProfile) -> Json:
    return {
        "tuned": tuned.name or None,
        "profile": profile.name,
        "isolated_cores": _stated(profile.isolated_cores),
        "place": where(profile.ref),
    }
