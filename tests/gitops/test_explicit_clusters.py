"""``clusters`` in the configuration: directories that are one cluster each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from linter.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]


def profile(name: str) -> str:
    return (
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        f"metadata: {{name: {name}}}\nspec:\n  cpu: {{reserved: 0-3, isolated: 4-31}}\n"
        '  nodeSelector: {node-role.kubernetes.io/master: ""}\n'
    )


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        ("[]", None),
        ('["fleet/*"]', ["north", "south"]),
        ('["fleet/north"]', ["north"]),
        ('["**/south"]', ["south"]),
        ('["fleet"]', ["fleet"]),
        ('["fleet/*/*"]', ["day2"]),
        ('["other/*"]', None),
    ],
)
def test_each_matching_directory_is_a_cluster(
    tree: Tree, capsys: pytest.CaptureFixture[str], clusters: str, expected: list[str] | None
) -> None:
    folder = tree({
        "wplint.toml": f"clusters = {clusters}",
        "fleet/north/day2/profile.yaml": profile("north"),
        "fleet/south/profile.yaml": profile("south"),
    })  # fmt: skip
    main(["lint", folder, "--output", "json"])
    report = json.loads(capsys.readouterr().out)
    names = sorted(cluster["name"] for cluster in report["clusters"])
    several = [item for item in report["findings"] if item["rule"] == "WPL504"]
    assert bool(several) is (expected in (None, ["fleet"]))
    if expected is not None:
        assert set(expected) <= set(names)
    main(["facts", folder])
    assert sorted(c["name"] for c in json.loads(capsys.readouterr().out)["clusters"]) == names


def test_what_is_repaired_is_a_cluster_each(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    """Both profiles are for the master pool, so that as one cluster they would be in conflict."""
    folder = tree({
        "wplint.toml": 'clusters = ["fleet/*"]',
        "fleet/north/profile.yaml": profile("north"),
        "fleet/south/profile.yaml": profile("south"),
    })  # fmt: skip
    for options in ("--diff", "--fix"):
        assert main(["lint", folder, options, "--select", "WPL504"]) == 0
    assert "WPL504" not in capsys.readouterr().out


def test_what_is_compared_is_a_cluster_each(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    """The globs of the new directory hold in the old one too."""
    parts = {f"{state}/fleet/{name}/day2/p.yaml": profile(name)
             for state in ("old", "new") for name in ("north", "south")}  # fmt: skip
    parts["new/fleet/south/day2/p.yaml"] = profile("south").replace("0-3", "0-5")
    root = tree({**parts, "new/wplint.toml": 'clusters = ["fleet/*"]'})
    main(["plan", f"{root}/old", f"{root}/new", "--output", "json"])
    report = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in report["clusters"]] == ["south"]
    assert report["clusters"][0]["state"] == "changed"
