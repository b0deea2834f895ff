"""Repairs in GitOps repositories: at the place that was written, for all who share it or nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import CRIO, PINNING, machine_config, pinning, rules, workload
from repositories import PROFILE, hub, instance, racks, site, template

from linter.fix import FixOptions, fix_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.fix import FixOutcome

    Tree = Callable[[Mapping[str, str | bytes]], str]

RACK = 'edge: ""\nrack: {}'
DROP_IN = CRIO + "99-workload-pinning.conf"
CONFIG = machine_config("50-ours", "master", {DROP_IN: workload("0-3"), PINNING: pinning("0-3")})


def racked(tree: Tree, first: str, second: str, data: str, **files: str) -> str:
    """Return a repository of two clusters, each in a rack, of which a policy reads a ConfigMap."""
    extra = "".join(f"  - fileName: {name}.yaml\n    policyName: more\n" for name in files)
    return tree(
        {
            "sites/one.yaml": instance("one", RACK.format(first)),
            "sites/two.yaml": instance("two", RACK.format(second)),
            "policies/edge.yaml": template(hub("reserved"), hub("isolated")) + extra,
            "policies/racks.yaml": racks(data),
            "policies/source-crs/PerformanceProfile.yaml": PROFILE,
            **{f"policies/source-crs/{name}.yaml": text for name, text in files.items()},
        }
    )


def repaired(folder: str) -> tuple[FixOutcome, dict[str, tuple[str, str]]]:
    """Return the outcome, and what each changed file read before and after."""
    before = {path: path.read_text() for path in Path(folder).rglob("*.yaml")}
    outcome = fix_tree([folder], rules(), None, FixOptions(unsafe=True))
    after = {path: path.read_text() for path in before}
    return outcome, {
        path.relative_to(folder).as_posix(): (text, after[path])
        for path, text in before.items()
        if after[path] != text
    }


def test_a_node_follows_the_profile_that_is_bound_to_its_cluster(tree: Tree) -> None:
    folder = tree(
        {
            "sites/one.yaml": site("one", cpusets=('"0-1,52-53"  # as ordered',)),
            "policies/edge.yaml": template(),
            "policies/source-crs/PerformanceProfile.yaml": PROFILE,
        }
    )
    outcome, changed = repaired(folder)
    assert [item.finding.rule for item in outcome.fixed] == ["WPL316"]
    ((before, after),) = changed.values()
    assert list(changed) == ["sites/one.yaml"]
    assert after == before.replace("52-53", "20-21")


def test_a_value_that_a_hub_template_reads_is_repaired_in_the_config_map(tree: Tree) -> None:
    data = 'r1-reserved: "1,0"  # first\nr1-isolated: 2-39\n'
    outcome, changed = repaired(racked(tree, "r1", "r1", data))
    assert [item.finding.rule for item in outcome.fixed] == ["WPL103"]
    ((before, after),) = changed.values()
    assert list(changed) == ["policies/racks.yaml"]
    assert after == before.replace('"1,0"', '"0-1"')


def test_a_value_of_an_overlay_is_repaired_in_the_overlay(tree: Tree) -> None:
    folder = tree(
        {
            "sites/one.yaml": instance("one"),
            "sites/two.yaml": instance("two"),
            "policies/edge.yaml": template("1,0", "2-39"),
            "policies/source-crs/PerformanceProfile.yaml": PROFILE,
        }
    )
    _, changed = repaired(folder)
    assert list(changed) == ["policies/edge.yaml"]
    before, after = changed["policies/edge.yaml"]
    assert after == before.replace("reserved: 1,0", "reserved: 0-1")


@pytest.mark.parametrize("second", ["0-1", "0-2"])
def test_clusters_that_share_a_place_agree_or_it_stays(tree: Tree, second: str) -> None:
    data = f"r1-reserved: 0-1\nr1-isolated: 4-39\nr2-reserved: {second}\nr2-isolated: 4-39\n"
    outcome, changed = repaired(racked(tree, "r1", "r2", data, MachineConfig=CONFIG))
    if second == "0-1":
        assert list(changed) == ["policies/source-crs/MachineConfig.yaml"]
        assert {item.finding.rule for item in outcome.fixed} >= {"WPL301"}
        assert "WPL301" not in {item.rule for item in outcome.after.findings}
    else:
        assert changed == {}
        assert {item.rule for item in outcome.after.findings} >= {"WPL301"}


def test_one_of_two_readers_is_content_with_a_place(tree: Tree) -> None:
    data = "r1-reserved: 0-1\nr1-isolated: 4-39\nr2-reserved: 0-3\nr2-isolated: 4-39\n"
    _, changed = repaired(racked(tree, "r1", "r2", data, MachineConfig=CONFIG))
    assert changed == {}


def test_a_template_is_never_overwritten(tree: Tree) -> None:
    """The value is put together of a key and a text beside it; neither says what is wrong."""
    reserved = hub("reserved")[:-1] + ",0'"
    folder = tree(
        {
            "sites/one.yaml": instance("one", RACK.format("r1")),
            "policies/edge.yaml": template(reserved, hub("isolated")),
            "policies/racks.yaml": racks('r1-reserved: "1"\nr1-isolated: 2-39\n'),
            "policies/source-crs/PerformanceProfile.yaml": PROFILE,
        }
    )
    outcome, changed = repaired(folder)
    assert changed == {}
    assert "WPL103" in {item.rule for item in outcome.before.findings}
