"""What holds of every plan: nothing comes of nothing, and every effect has its mirror."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from builders import (
    CNF,
    MASTER,
    WORKER,
    custom_pool,
    infrastructure,
    kubelet_config,
    machine_config,
    profile,
)
from effort import tried
from hypothesis import given
from hypothesis import strategies as st
from planning import commit, git, planned, repository

from linter.engine.planning import plan
from linter.engine.state_sources import revisions
from linter.plan.effects import Effect

if TYPE_CHECKING:
    from pathlib import Path

    from linter.engine.planning import Plan

SETS = [("0-1", "2-7"), ("0-3", "4-7"), ("0,1", "2-7"), ("2-3", "0-1,4-7"), ("0-3", "8-15")]
TABLE = (
    "[crio.runtime.workloads.management]\n"
    'activation_annotation = "target.workload.openshift.io/management"\n'
    'annotation_prefix = "resources.workload.openshift.io"\n'
    'resources = { "cpushares" = 0, "cpuset" = "%s" }\n'
)


@st.composite
def clusters(draw: st.DrawFn) -> list[str]:
    """Return the objects of a cluster, each as a text."""
    topology = draw(st.sampled_from(["SingleReplica", "HighlyAvailable"]))
    objects = [infrastructure(draw(st.sampled_from(["AllNodes", "None", ""])), topology)]
    for name, selector in (("m", MASTER), ("w", WORKER), ("c", CNF)):
        if draw(st.booleans()):
            reserved, isolated = draw(st.sampled_from(SETS))
            hint = draw(st.sampled_from(["", "workloadHints:\n  realTime: false\n"]))
            objects.append(profile(reserved, isolated, name=name, selector=selector, extra=hint))
    if draw(st.booleans()):
        inherits, paused = draw(st.booleans()), draw(st.booleans())
        extra = f"paused: {str(paused).lower()}"
        objects.append(custom_pool("cnf", inherits=inherits, extra=extra))
    if draw(st.booleans()):
        role = draw(st.sampled_from(["master", "worker", "cnf"]))
        cpus = draw(st.sampled_from(["0-1", "0-3", "", "nonsense"]))
        form = draw(st.sampled_from(["base64", "percent"]))
        files = {
            "/etc/crio/crio.conf.d/01-workload-partitioning": TABLE % cpus,
            "/etc/kubernetes/openshift-workload-pinning": json.dumps({"management": {}}),
        }
        objects.append(machine_config("02-hand", role, files, form=form))
    if draw(st.booleans()):
        built_in = draw(st.sampled_from(["master", "worker"]))
        label = f"pools.operator.machineconfiguration.openshift.io/{built_in}"
        selector = f'matchLabels:\n  {label}: ""'
        objects.append(kubelet_config("kc", selector, f"maxPods: {draw(st.integers(100, 102))}"))
    return objects


def _files(objects: list[str]) -> dict[str, str]:
    return {f"openshift/{number}.yaml": text for number, text in enumerate(objects)}


releases = st.sampled_from([None, "4.12", "4.14", "4.16", "4.20"])


def _effects(made: Plan) -> dict[tuple[str, str], set[Effect]]:
    return {
        (cluster.name, pool.name): set(pool.effects)
        for cluster in made.clusters
        if cluster.change is not None
        for pool in cluster.change.pools
        if pool.effects
    }


@given(clusters(), releases)
@tried(25)
def test_a_state_changes_nothing_in_itself(objects: list[str], release: str | None) -> None:
    made = planned(_files(objects), _files(objects), release)
    assert made.clusters == ()
    assert made.reaches == ()
    assert made.outcome.findings == ()


@given(clusters(), clusters(), releases)
@tried(60)
def test_every_effect_is_mirrored_in_the_opposite_change(
    one: list[str], other: list[str], release: str | None
) -> None:
    there = planned(_files(one), _files(other), release)
    back = planned(_files(other), _files(one), release)
    mirrored = {
        key: {effect.mirror for effect in effects} for key, effects in _effects(back).items()
    }
    assert _effects(there) == mirrored
    sides = [
        {
            pool.name: (pool.gained, pool.lost)
            for cluster in made.clusters
            if cluster.change is not None
            for pool in cluster.change.pools
        }
        for made in (there, back)
    ]
    assert sides[0] == {name: (lost, gained) for name, (gained, lost) in sides[1].items()}


def test_every_effect_is_the_mirror_of_its_mirror() -> None:
    for effect in Effect:
        assert effect.mirror.mirror is effect


@st.composite
def respelled(draw: st.DrawFn, objects: list[str]) -> dict[str, str]:
    """Return the same objects in other files, another order and another layout."""
    loaded: list[Any] = [yaml.safe_load(text) for text in draw(st.permutations(objects))]
    files: dict[str, str] = {}
    at = 0
    number = 0
    while at < len(loaded):
        size = draw(st.integers(1, 3))
        part = loaded[at : at + size]
        at += size
        number += 1
        folder = draw(st.sampled_from(["openshift", "manifests"]))
        style = draw(st.sampled_from(["yaml", "flow", "json", "list"]))
        if style == "json" and len(part) == 1:
            files[f"{folder}/x{number}.json"] = json.dumps(part[0], indent=draw(st.integers(0, 4)))
        elif style == "list":
            items = {"apiVersion": "v1", "kind": "List", "items": part}
            files[f"{folder}/x{number}.yaml"] = yaml.safe_dump(items)
        else:
            files[f"{folder}/x{number}.yml"] = "# other\n" + yaml.safe_dump_all(
                part, default_flow_style=style == "flow", sort_keys=draw(st.booleans())
            )
    return files


@given(st.data(), clusters(), releases)
@tried(40)
def test_moving_reordering_and_reformatting_is_no_effect(
    data: st.DataObject, objects: list[str], release: str | None
) -> None:
    made = planned(_files(objects), data.draw(respelled(objects)), release)
    assert _effects(made) == {}
    assert made.reaches == ()
    assert made.outcome.findings == ()


@pytest.mark.parametrize("directory", ["sites/north", "north"])
def test_a_commit_that_moves_a_cluster_is_no_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, directory: str
) -> None:
    root = repository(tmp_path / "repo")
    monkeypatch.chdir(root)
    texts = {
        "openshift/infra.yaml": infrastructure(),
        "openshift/p.yaml": profile("0-1", "2-7"),
    }
    other = {f"south/{name}": text for name, text in texts.items()}
    commit(root, {f"clusters/north/{name}": text for name, text in texts.items()} | other)
    git(root, "mv", "clusters", "tmp")
    (root / directory).parent.mkdir(parents=True, exist_ok=True)
    git(root, "mv", "tmp/north", directory)
    git(root, "mv", f"{directory}/openshift/p.yaml", f"{directory}/openshift/q.yaml")
    commit(root, {})
    made = plan(*revisions(".", "HEAD~1", "HEAD"), ())
    assert made.clusters == ()
    assert made.untouched == 2
