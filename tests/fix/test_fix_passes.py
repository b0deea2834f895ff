"""Passes: unsafe repairs, repairs that meet, cycles, preferences and what is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import pinning, profile, rules
from fix_samples import (
    RESERVED,
    cluster,
    crio,
    machine_config,
    read,
    rule_that,
    setting,
    write,
)

from linter.engine.findings import Applicability, Fix, Severity
from linter.fix import FixCycleError, FixOptions, Preference, fix_tree
from linter.fix.summary import fix_summary
from linter.model.releases import Release
from linter.sources.text import Ref, Replacement

if TYPE_CHECKING:
    from pathlib import Path

    from linter.facts.cpus import CpuStatement

RELEASE = Release.parse("4.16")
WHERE = "spec.cpu.reserved"
OTHER = "0-3,44-47"


def unsafe(statement: CpuStatement) -> Fix | None:
    if statement.where != WHERE or statement.text == "0":
        return None
    return Fix("set it to 0", (statement.replaced_by("0"),), Applicability.UNSAFE)


def test_unsafe_repairs_are_made_on_request_only(tmp_path: Path) -> None:
    root = write(tmp_path, {"p.yaml": profile("0-1", "2-7")})
    outcome = fix_tree([root], [rule_that(unsafe)])
    assert outcome.changes == ()
    assert "--unsafe-fixes" in outcome.left[0].reason
    assert fix_tree([root], [rule_that(unsafe)], None, FixOptions(unsafe=True)).written
    assert (tmp_path / "p.yaml").read_text() == profile("0", "2-7")


def test_nothing_is_written_when_only_a_difference_is_wanted(tmp_path: Path) -> None:
    root = write(tmp_path, {"p.yaml": profile("0-1", "2-7")})
    outcome = fix_tree([root], [rule_that(setting(WHERE, "0"))], None, FixOptions(write=False))
    assert (len(outcome.changes), outcome.written) == (1, False)
    assert (tmp_path / "p.yaml").read_text() == profile("0-1", "2-7")


def test_identical_repairs_of_two_rules_are_one(tmp_path: Path) -> None:
    root = write(tmp_path, {"p.yaml": profile("0-1", "2-7")})
    both = [rule_that(setting(WHERE, "0"), code, code.lower()) for code in ("WPL901", "WPL902")]
    outcome = fix_tree([root], both)
    assert [fixed.finding.rule for fixed in outcome.fixed] == ["WPL901", "WPL902"]
    assert outcome.left == ()
    assert (tmp_path / "p.yaml").read_text() == profile("0", "2-7")


def test_a_repair_that_is_in_the_way_of_another_waits(tmp_path: Path) -> None:
    root = write(tmp_path, {"p.yaml": profile("0-1", "2-7")})

    def second(statement: CpuStatement) -> Fix | None:
        if statement.where != WHERE or "4" in statement.text:
            return None
        return Fix("add 4", (statement.replaced_by(f"{statement.text},4"),))

    def first(statement: CpuStatement) -> Fix | None:
        if statement.where != WHERE or not statement.text.startswith("0-1"):
            return None
        return Fix("begin with 0", (statement.replaced_by("0" + statement.text[3:]),))

    both = [rule_that(first, "WPL901", "first"), rule_that(second, "WPL902", "second")]
    outcome = fix_tree([root], both)
    assert [fixed.finding.rule for fixed in outcome.fixed] == ["WPL901", "WPL902"]
    assert (tmp_path / "p.yaml").read_text() == profile("0,4", "2-7")


def test_rules_that_undo_each_other_are_named(tmp_path: Path) -> None:
    root = write(tmp_path, {"p.yaml": profile("0-1", "2-7")})

    def swap(statement: CpuStatement) -> Fix | None:
        if statement.where != WHERE:
            return None
        text = "0-2" if statement.text == "0-1" else "0-1"
        return Fix("swap", (statement.replaced_by(text),))

    with pytest.raises(FixCycleError, match="WPL905 undo each other"):
        fix_tree([root], [rule_that(swap, "WPL905", "swap")])
    assert (tmp_path / "p.yaml").read_text() == profile("0-1", "2-7")


def test_rules_that_never_end_are_named(tmp_path: Path) -> None:
    root = write(tmp_path, {"p.yaml": profile("0-1", "2-7")})

    def grow(statement: CpuStatement) -> Fix | None:
        if statement.where != WHERE:
            return None
        return Fix("grow", (statement.replaced_by(f"{statement.text},9"),))

    with pytest.raises(FixCycleError, match="WPL906 still change files after 10 passes"):
        fix_tree([root], [rule_that(grow, "WPL906", "grow")])
    assert (tmp_path / "p.yaml").read_text() == profile("0-1", "2-7")


def test_the_summary_says_what_was_fixed_and_what_is_left(tmp_path: Path) -> None:
    files = cluster()
    files["openshift/50-performance-edge.yaml"] = machine_config(crio(OTHER, OTHER))
    text = files["manifests/infrastructure.yaml"]
    files["manifests/infrastructure.yaml"] = text.replace("AllNodes", "Wednesday")
    outcome = fix_tree([write(tmp_path, files)], rules(), RELEASE)
    said = fix_summary(outcome)
    assert "Fixed 2 in 1 file:" in said
    assert "50-performance-edge.yaml" in said
    assert f"set cpuset to {RESERVED}" in said
    assert "WPL403 line 7" in said
    assert "a person must decide. Write AllNodes, or None to leave it off." in said


def test_hostile_names_cannot_act(tmp_path: Path) -> None:
    hostile = "evil\x1b[31m.yaml"
    root = write(tmp_path, {hostile: profile("0-1", "2-7")})
    outcome = fix_tree([root], [rule_that(setting(WHERE, "0"))])
    assert outcome.written
    assert "\x1b" not in fix_summary(outcome)
    assert (tmp_path / hostile).read_text() == profile("0", "2-7")


def test_a_repair_of_two_files_is_made_in_both_or_in_none(tmp_path: Path) -> None:
    files = {f"{x}.yaml": profile("0-1", "2-7", name=x, selector=f'a/{x}: ""') for x in "abc"}
    root = write(tmp_path, files)
    before = read(tmp_path)
    seen: dict[str, Replacement] = {}

    def fix(statement: CpuStatement) -> Fix | None:
        if statement.where != WHERE or statement.text != "0-1":
            return None
        name = statement.ref.file.name.rpartition("/")[2]
        # In the second file the text ends the scalar's quotes, which no spelling can undo.
        seen[name] = Replacement(statement.ref, "0")
        if name != "b.yaml":
            return None
        bad = Replacement(
            Ref(statement.ref.source, statement.ref.start - 1, statement.ref.end), '"'
        )
        return Fix("both", (seen["a.yaml"], bad))

    outcome = fix_tree([root], [rule_that(fix)])
    assert outcome.fixed == ()
    assert len(outcome.left) == 1
    assert read(tmp_path) == before


# --- preferences ---------------------------------------------------------------------------------


def disagreeing() -> dict[str, str]:
    """Return a cluster whose MachineConfig was changed and whose profile was forgotten."""
    files = cluster()
    files["openshift/50-performance-edge.yaml"] = machine_config(
        crio(OTHER, OTHER), pinning(OTHER), OTHER
    )
    return files


def test_the_profile_follows_a_preferred_machine_config(tmp_path: Path) -> None:
    root = write(tmp_path, disagreeing())
    config = read(tmp_path)["openshift/50-performance-edge.yaml"]
    options = FixOptions(unsafe=True, prefer=Preference.MACHINE_CONFIG)
    outcome = fix_tree([root], rules(), RELEASE, options)
    assert outcome.left == ()
    after = read(tmp_path)
    assert after["openshift/50-performance-edge.yaml"] == config
    assert after["manifests/profile.yaml"].decode() == profile(OTHER, "4-43,48-79", name="edge")
    assert f"reservedSystemCPUs: {OTHER}  # as" in after["openshift/kubelet.yaml"].decode()
    assert "isolated_cores=4-43,48-79\n" in after["openshift/tuned.yaml"].decode()


def test_isolated_cpus_are_not_given_away_unasked(tmp_path: Path) -> None:
    root = write(tmp_path, disagreeing())
    before = read(tmp_path)
    options = FixOptions(prefer=Preference.MACHINE_CONFIG)
    outcome = fix_tree([root], rules(), RELEASE, options)
    assert (outcome.changes, read(tmp_path)) == ((), before)
    reasons = {left.reason for left in outcome.left if left.finding.fix is not None}
    assert all("--unsafe-fixes" in reason for reason in reasons), reasons
    assert reasons


def test_a_preferred_kubelet_settles_what_no_profile_does(tmp_path: Path) -> None:
    files = disagreeing()
    del files["manifests/profile.yaml"], files["openshift/tuned.yaml"]
    files["openshift/50-performance-edge.yaml"] = machine_config(crio(OTHER, OTHER), pinning("0-1"))
    root = write(tmp_path, files)
    outcome = fix_tree([root], rules(), RELEASE, FixOptions(prefer=Preference.KUBELET))
    assert outcome.written
    config = read(tmp_path)["openshift/50-performance-edge.yaml"].decode()
    assert config == machine_config()
    assert not [x for x in outcome.after.findings if x.severity is Severity.ERROR]
