"""``wplint plan``: what is compared, what goes where, and the exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from command_line import cluster
from git_commands import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Run


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose last commit changes the reserved CPUs of a cluster."""
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    cluster(root / "north")
    cluster(root / "south")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    path = root / "north" / "openshift" / "profile.yaml"
    path.write_text(path.read_text().replace("0-1,20-21", "0-3,20-23").replace("2-19", "4-19"))
    git(root, "commit", "-qam", "two")
    monkeypatch.chdir(root)
    return root


def test_a_commit_against_the_one_before(run: Callable[..., Run], changed: Path) -> None:
    done = run("plan", "--from", "HEAD~1", "--to", "HEAD")
    assert done.out.startswith("1 of 2 clusters changed, 1 node.\n")
    assert "management pods move +2-3,22-23" in done.out
    assert "Compared HEAD~1 with HEAD: 2 clusters" in done.err


def test_the_work_tree_is_what_is_on_the_disk(run: Callable[..., Run], changed: Path) -> None:
    assert run("plan", "--from", "HEAD").out.startswith("No effect: 2 clusters compared")
    cluster(changed / "east")
    assert "cluster added" in run("plan", "--from", "HEAD").out
    assert "cluster removed" not in run("plan", "--from", "HEAD").out


def test_one_directory_of_a_repository(run: Callable[..., Run], changed: Path) -> None:
    assert "1 of 1 cluster changed" in run("plan", "north", "--from", "HEAD~1").out
    assert run("plan", "south", "--from", "HEAD~1").out.startswith("No effect")


def test_two_directories(run: Callable[..., Run], tmp_path: Path) -> None:
    old = cluster(tmp_path / "before")
    new = cluster(tmp_path / "after", pinned="0-1,20-22")
    done = run("plan", old, new)
    assert (done.status, done.out[:9]) == (
        0,
        "No effect",
    )  # the copy in the tree counts for nothing
    newer = cluster(tmp_path / "newer", reserved="0-2,20-21")
    assert "management pods move +2" in run("plan", old, newer).out


def test_one_cluster_in_depth(run: Callable[..., Run], changed: Path) -> None:
    done = run("plan", "--from", "HEAD~1", "--cluster", "north")
    assert "pool master   1 node" in done.out
    assert "was HEAD~1:north/openshift/profile.yaml:7:15" in done.out
    assert "is  north/openshift/profile.yaml:7:15" in done.out
    assert run("plan", "--from", "HEAD~1", "--pool", "master").out == done.out
    assert "touches no cluster 'south'" in run("plan", "--from", "HEAD~1", "--cluster", "south").err
    assert "no cluster here has a pool 'x'" in run("plan", "--from", "HEAD~1", "--pool", "x").err


def test_a_freeze_window_fails_on_a_reboot(run: Callable[..., Run], changed: Path) -> None:
    assert run("plan", "--from", "HEAD~1").status == 0
    assert run("plan", "--from", "HEAD~1", "--fail-on", "reboot").status == 1
    assert run("plan", "--from", "HEAD~1", "--fail-on", "rejected,floats").status == 0
    assert run("plan", "--from", "HEAD", "--fail-on", "reboot").status == 0
    assert run("plan", "--from", "HEAD~1", "--fail-on", "reboot", "--exit-zero").status == 0
    assert "'pain' is no effect" in run("plan", "--from", "HEAD~1", "--fail-on", "pain").err


def test_every_format_of_lint_and_markdown(
    run: Callable[..., Run], changed: Path, tmp_path: Path
) -> None:
    from linter.report import FORMATS

    for name in (*FORMATS, "markdown"):
        path = tmp_path / f"report.{name}"
        done = run("plan", "--from", "HEAD~1", "--output", f"{name}={path}")
        assert (done.status, done.out) == (0, ""), name
        assert run("plan", "--from", "HEAD~1", "--output", name).out == path.read_text(), name
    found = json.loads((tmp_path / "report.json").read_text())
    assert [one["name"] for one in found["clusters"]] == ["north"]
    assert (tmp_path / "report.markdown").read_text().startswith("### wplint plan: 1 of 2")


def test_what_an_upgrade_changes_with_no_manifest_changed(
    run: Callable[..., Run], changed: Path
) -> None:
    done = run("plan", "--openshift-version", "4.19", "--to-version", "4.20", "--cluster", "north")
    assert "OpenShift 4.19 → 4.20" in done.out
    assert "rps_default_mask" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name what to compare"),
        (("north",), "name what to compare"),
        (("--to", "HEAD"), "--to needs --from"),
        (("north", "south", "--from", "HEAD"), "--from compares one directory"),
        (("--from", "nowhere"), "git knows no commit 'nowhere'"),
        (("nowhere", "--from", "HEAD"), "name a directory that exists"),
        (("nowhere", "south"), "name a directory that exists"),
        (("--from", "HEAD", "--output", "html"), "'html' is no format"),
        (("--from", "HEAD", "--select", "WPL9999"), "is no rule"),
        (("--from", "HEAD", "--to-version", "4.x"), "is not an OpenShift version"),
        (("--from", "HEAD", "--select", "WPL301"), "WPL301 judges what is there; wplint lint"),
        (("--from", "HEAD", "--baseline", "known"), "a change happens once"),
    ],
)
def test_wrong_usage_is_status_2_and_one_line(
    run: Callable[..., Run], changed: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run("plan", *arguments)
    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert done.err.count("\n") == 1


def test_a_submodule_is_left_out_of_both_states(run: Callable[..., Run], changed: Path) -> None:
    nested = cluster(changed / "vendor")
    git(nested, "init", "-q", "-b", "main")
    git(nested, "add", "-A")
    git(nested, "commit", "-q", "-m", "nested")
    git(changed, "-c", "protocol.file.allow=always", "add", "vendor")
    git(changed, "commit", "-q", "-m", "submodule")
    done = run("plan", "--from", "HEAD")
    assert done.out.startswith("No effect: 2 clusters")
    assert "vendor: a submodule, not read" in done.err


# --- what is let pass -----------------------------------------------------------------------------

PROFILE = "north/openshift/profile.yaml"


def codes(done: Run) -> list[tuple[str, str]]:
    """Return the rules that found something, with their severities."""
    return [(item["rule"], item["severity"]) for item in json.loads(done.out)["findings"]]


def planned(run: Callable[..., Run], *arguments: str) -> Run:
    return run("plan", *(arguments or ("--from", "HEAD~1")), "--output", "json")


def test_without_settings_a_change_is_found(run: Callable[..., Run], changed: Path) -> None:
    assert codes(planned(run)) == [("WPL861", "warning")]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ('ignore = ["WPL861"]', []),
        ('[severity]\nWPL861 = "error"', [("WPL861", "error")]),
        ('[severity]\nWPL861 = "info"', [("WPL861", "info")]),
        ('[per-path."north/**"]\nignore = ["WPL861"]\nreason = "planned"', []),
        ('[per-path."south/**"]\nignore = ["WPL861"]\nreason = "x"', [("WPL861", "warning")]),
        ('[per-path."north/**".severity]\nWPL861 = "error"', [("WPL861", "error")]),
        ('select = ["WPL3"]', [("WPL861", "warning")]),  # it is for lint
        ('select = ["WPL3", "WPL850"]', []),
        ('select = ["WPL86"]', [("WPL861", "warning")]),
    ],
)
def test_settings_hold_for_changes(
    run: Callable[..., Run], changed: Path, settings: str, found: list[tuple[str, str]]
) -> None:
    (changed / "wplint.toml").write_text(settings + "\n")
    done = planned(run)
    assert codes(done) == found
    assert done.status == (1 if ("WPL861", "error") in found else 0)


def test_settings_hold_for_two_directories(run: Callable[..., Run], tmp_path: Path) -> None:
    old = cluster(tmp_path / "old" / "north").parent
    new = cluster(tmp_path / "new" / "north").parent
    (new / PROFILE).unlink()  # the finding stands in the old directory only
    assert [code for code, _ in codes(planned(run, str(old), str(new)))] == ["WPL855"]
    (new / "wplint.toml").write_text(
        '[per-path."north/openshift/**"]\nignore = ["WPL855"]\nreason = "moved"\n'
    )
    done = planned(run, str(old), str(new))
    assert codes(done) == []
    assert json.loads(done.out)["input"]["suppressed"]["configuration"] == 1


def test_a_comment_suppresses_what_is_found_on_its_line(
    run: Callable[..., Run], changed: Path
) -> None:
    path = changed / PROFILE
    text = path.read_text()
    comment = "    # wplint: ignore[WPL861] planned\n"
    path.write_text(text.replace("    reserved:", f"{comment}    reserved:"))
    done = run("plan", "--from", "HEAD~1")
    assert "WPL861" not in done.out
    assert "Suppressed 1 finding" in done.err
    path.write_text("# wplint: ignore[WPL861] elsewhere\n" + text)
    assert codes(planned(run)) == [("WPL861", "warning")]


def test_a_wish_of_the_state_before_counts_where_only_that_has_the_place(
    run: Callable[..., Run], changed: Path
) -> None:
    path = changed / PROFILE
    text = path.read_text()
    wish = 'metadata:\n  annotations:\n    wplint/ignore: "WPL855 it goes away"\n'
    path.write_text(text.replace("metadata:\n", wish))
    git(changed, "commit", "-qam", "three")
    path.unlink()
    done = planned(run, "--from", "HEAD")
    assert codes(done) == []
    assert json.loads(done.out)["input"]["suppressed"]["annotation"] == 1
    path.write_text(text)
    git(changed, "commit", "-qam", "four")
    path.unlink()
    assert [code for code, _ in codes(planned(run, "--from", "HEAD"))] == ["WPL855"]


def test_settings_that_name_no_rule_are_wrong_usage(run: Callable[..., Run], changed: Path) -> None:
    (changed / "wplint.toml").write_text('[severity]\nWPL7999 = "error"\n')
    done = run("plan", "--from", "HEAD~1")
    assert done.status == 2
    assert "wplint.toml:2" in done.err
