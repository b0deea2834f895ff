"""``wplint show`` of several clusters: a line for each pool, the worst first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from repositories import CRS, instance, site, template

from linter.cli import main
from linter.report.visible import columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]

SCHEMA = Path(__file__).parents[2] / "schemas" / "show.schema.json"


@pytest.fixture
def repository(tree: Tree) -> str:
    return tree({
        "sites/north.yaml": site("north"),
        "sites/south.yaml": site("south", cpusets=("0-3",)),
        "sites/west.yaml": instance("west", 'core: ""'),
        "policies/p.yaml": template(),
        "policies/q.yaml": template(binding='nobody: ""', name="other"),
        **CRS,
    })  # fmt: skip


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["show", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_each_pool_has_a_line_and_the_worst_comes_first(
    repository: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = shown(capsys, repository)
    assert status == 0
    head, *rows = out.splitlines()
    assert head.split() == ["verdict", "cluster", "pool", "profile", "reserved", "written", "at"]
    assert rows[0].startswith("1 error  south    master  ")
    assert rows[0].endswith("p.yaml:15")
    assert any(" other *  " in row for row in rows)
    assert rows[-1].startswith("fine ")


def test_no_line_is_wider_than_a_page(repository: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = shown(capsys, repository)
    assert max(columns(line) for line in out.splitlines()) <= 80


def test_a_name_is_never_cut(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    name = "a" * 60
    folder = tree({"c.yaml": instance(name), "d.yaml": instance("b"), "p.yaml": template()})
    _, out, _ = shown(capsys, folder)
    assert name in out


def test_one_cluster_is_shown_as_a_page(
    repository: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = shown(capsys, repository, "--cluster", "south")
    assert status == 0
    assert out.startswith("cluster south ")
    assert "north" not in out


def test_a_cluster_that_is_not_there(repository: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = shown(capsys, repository, "--cluster", "sout")
    assert (status, out) == (2, "")
    assert "--cluster: there is no cluster 'sout' here; did you mean south?" in err


def test_json_keeps_to_its_schema(repository: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = shown(capsys, repository, "--output", "json")
    document = json.loads(out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    first = document["overview"][0]
    assert (first["cluster"], first["pool"], first["reserved"]) == ("south", "master", "0-1,20-21")
    assert (first["severity"], first["findings"]["error"]) == ("error", 1)
    assert [Path(place["path"]).name for place in first["places"]] == ["p.yaml", "p.yaml"]
    assert {item["cluster"]: item["bound"] for item in document["overview"]}["other"] is False
    _, out, _ = shown(capsys, repository, "--output", "json", "--pool", "master")
    assert "overview" not in json.loads(out)
