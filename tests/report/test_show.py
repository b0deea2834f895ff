"""``wplint show``: the page against snapshots, the JSON against its schema, the command.

The snapshots are the files in ``show_snapshots``, compared to the last character. To write them
anew after a change that is meant, run ``WPLINT_UPDATE_SNAPSHOTS=1 pytest tests/report`` and read
the difference before it is committed.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import show_samples as samples
from builders import infrastructure, kubelet_config, machine_config, pool, profile, workload

from linter.cli import main
from linter.model.fates import Fate
from linter.report import colour
from linter.report.show import lines, text
from linter.report.show.page import STYLES
from linter.report.show.view import spans
from linter.report.styled import plain
from linter.report.visible import columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).with_name("show_snapshots")
SCHEMA = ROOT / "schemas" / "show.schema.json"
DETAILED = {"agreeing": "master", "quarrelling": "master", "several-pools": "ran"}


def compare(name: str, text: str) -> None:
    path = SNAPSHOTS / name
    if os.environ.get("WPLINT_UPDATE_SNAPSHOTS") == "1":
        path.write_bytes(text.encode("utf-8"))
    assert path.read_bytes().decode("utf-8") == text


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_the_page(name: str) -> None:
    compare(f"{name}.80.txt", plain(lines(samples.SAMPLES[name](), 80)))


@pytest.mark.parametrize("name", DETAILED)
def test_the_page_of_one_pool(name: str) -> None:
    page = lines(samples.SAMPLES[name](), 80, DETAILED[name])
    compare(f"{name}.{DETAILED[name]}.80.txt", plain(page))


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The escape sequences are written out, so that the snapshot is a text to read."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = io.StringIO()
    colour.write(lines(samples.quarrelling(), 80), stream)
    compare("quarrelling.colour.txt", stream.getvalue().replace("\x1b", "\\e"))


def test_every_snapshot_belongs_to_a_test() -> None:
    expected = {f"{name}.80.txt" for name in samples.SAMPLES} | {"quarrelling.colour.txt"}
    expected |= {f"{name}.{pool_name}.80.txt" for name, pool_name in DETAILED.items()}
    assert {path.name for path in SNAPSHOTS.iterdir()} == expected


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("name", samples.SAMPLES)
@pytest.mark.parametrize("detailed", [False, True])
def test_no_line_is_wider_than_asked_for(name: str, width: int, detailed: bool) -> None:
    pool_name = "master" if detailed else None
    for line in lines(samples.SAMPLES[name](), width, pool_name):
        assert columns("".join(text for text, _ in line)) <= width


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_no_line_ends_in_blanks_and_every_style_is_known(name: str) -> None:
    for line in lines(samples.SAMPLES[name](), 80, "master"):
        assert not "".join(text for text, _ in line).endswith(" ")
        assert {style for _, style in line} <= {*colour.STYLES, ""}


def test_hostile_names_stay_in_their_field() -> None:
    for page in (
        plain(lines(samples.hostile(), 80)),
        plain(lines(samples.hostile(), 80, "master")),
        text(samples.hostile()),
    ):
        assert "\x1b" not in page
        assert "\u202e" not in page
        assert "##[" not in page
        assert all(not row.startswith(("::", "##")) for row in page.splitlines())
    page = plain(lines(samples.hostile(), 80))
    assert "::error::" not in page


def test_a_path_is_never_cut() -> None:
    name = "deep/" * 30 + "file.yaml"
    (shown,) = samples.agreeing()
    source = shown.newest.facts.profiles[0].reserved
    assert source is not None
    source.ref.file.name = name
    assert f"{name}:7:16" in plain(lines([shown], 80)).split()


def test_every_fate_has_a_style() -> None:
    assert set(STYLES) == set(Fate)
    assert set(STYLES.values()) <= set(colour.STYLES)


def test_spans() -> None:
    assert spans([13]) == "4.13"
    assert spans([8, 9, 10, 13, 15, 16]) == "4.8 to 4.10, 4.13, 4.15 to 4.16"
    assert spans([]) == ""


def test_what_differs_between_releases_is_told_apart() -> None:
    page = plain(lines(samples.several_pools(), 80, "ran"))
    assert "partitioned, pinned (4.13 to 4.14)\n" in page
    assert "partitioned, pinned (4.15 to 4.23)\n" in page
    assert "MachineConfigs in merge order, OpenShift 4.13 to 4.14\n" in page
    order = [
        "01-ran-cpu-partitioning",
        "01-worker-cpu-partitioning",
        "50-performance-ran",
        "50-performance-zulu",
    ]
    (cluster,) = json.loads(text(samples.several_pools(), "ran"))["clusters"]
    by_release = {
        layers["releases"][0]: [config["name"] for config in layers["machine_configs"]]
        for layers in cluster["pools"][0]["layers"]
    }
    assert by_release["4.13"] == order
    assert by_release["4.15"] == [order[1], order[3], order[0], order[2]]


# --- JSON ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_the_document_matches_its_schema(
    name: str, validator: jsonschema.Draft202012Validator
) -> None:
    for pool_name in (None, "master"):
        document = json.loads(text(samples.SAMPLES[name](), pool_name))
        assert [error.message for error in validator.iter_errors(document)] == []


def broken(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text(samples.quarrelling()))
    change(document["clusters"][0])
    return document


@pytest.mark.parametrize(
    "change",
    [
        lambda cluster: cluster.pop("pools"),
        lambda cluster: cluster.update(more=1),
        lambda cluster: cluster["pools"][0]["outcomes"][0].update(fate="fine"),
        lambda cluster: cluster["pools"][0].update(reserved="1-"),
        lambda cluster: cluster["pools"][0]["layers"][0]["statements"][0].pop("place"),
        lambda cluster: cluster["profiles"][0]["place"].update(line=0),
        lambda cluster: cluster["pools"][0]["layers"].clear(),
    ],
)
def test_the_schema_refuses_other_documents(
    change: Callable[[dict[str, Any]], object], validator: jsonschema.Draft202012Validator
) -> None:
    assert not validator.is_valid(broken(change))


def test_positions_lead_into_the_payload() -> None:
    (cluster,) = json.loads(text(samples.quarrelling(), "master"))["clusters"]
    (master,) = cluster["pools"]
    said = {one["layer"]: one for one in master["layers"][-1]["statements"]}
    assert said["crio-management"]["cpus"] == "0-1,52-53"
    assert said["crio-management"]["disputed"] == "32-33,52-53"
    assert said["crio-management"]["place"] == {
        "path": "4.yaml",
        "line": 16,
        "column": 322,
        "payload": "/etc/crio/crio.conf.d/zz-own.conf",
        "payload_line": 5,
        "payload_column": 44,
    }
    assert said["kubelet"]["place"] is None
    assert master["layers"][-1]["disputed"] == "1-3,30-35,52-53,62-63"


def test_the_document_is_a_pure_function() -> None:
    assert text(samples.quarrelling()) == text(samples.quarrelling())
    assert text([]) == '{\n  "version": 1,\n  "clusters": []\n}\n'


def test_a_copy_that_the_operator_replaces_is_shown_beside_what_it_makes() -> None:
    master = pool("master", samples.MASTER, samples.MASTER_LABEL)
    files = {"/etc/crio/crio.conf.d/99-workload-pinning.conf": workload("0-3")}
    copy = machine_config("50-performance-perf", "master", files)
    own = kubelet_config("performance-perf", "matchLabels: {x: y}", "maxPods: 9")
    shown = samples.shown(infrastructure(), master, profile(), copy, own, release="4.16")
    page = plain(lines([shown], 80, "master"))
    assert "    CRI-O management  0-1  50-performance-perf, to be rendered\n" in page
    assert "  ! CRI-O, replaced   0-3  50-performance-perf  3.yaml:" in page
    assert "will be rendered anew" in page


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def lab(tree: Callable[[Mapping[str, str | bytes]], str]) -> str:
    """A single-node cluster on disk."""
    return tree({"a.yaml": infrastructure(), "b.yaml": profile(), "c.yaml": pool("ran")})


def test_the_command(lab: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", lab, "--openshift-version", "4.16"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "  OpenShift     4.16           asked for\n" in out
    assert "  pool master\n    partitioned, pinned\n" in out
    assert main(["show", lab, "--pool", "master", "--output", "json"]) == 0
    (cluster,) = json.loads(capsys.readouterr().out)["clusters"]
    assert [one["name"] for one in cluster["pools"]] == ["master"]
    assert cluster["releases"][0] == "4.13"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--pool", "nope"], "there is no pool 'nope'; there are master, ran, worker"),
        (["--openshift-version", "4.7"], "has no workload partitioning"),
        (["--output", "yaml"], "'yaml'"),
    ],
)
def test_wrong_usage(
    arguments: list[str], words: str, lab: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", lab, *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1


def test_a_path_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_nothing_to_show_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("kind: ConfigMap\n")
    assert main(["show", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "no manifest here has to do with workload partitioning" in err


def test_files_that_could_not_be_read_are_counted(
    lab: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(lab, "d.yaml").write_text("kind: MachineConfig\n- x: [\n")
    assert main(["show", lab]) == 0
    assert "1 file could not be read" in capsys.readouterr().err


def test_the_same_bytes_whatever_the_hash_seed(lab: str) -> None:
    code = "import sys; from linter.cli import main; sys.exit(main(sys.argv[1:]))"
    outputs = set()
    for seed in ("1", "2"):
        for form in ("full", "json"):
            done = subprocess.run(
                [sys.executable, "-c", code, "show", lab, "--output", form],
                capture_output=True,
                check=True,
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            )
            outputs.add((form, done.stdout))
    assert len(outputs) == 2
