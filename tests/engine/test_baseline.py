"""The baseline: what is known stays known whatever becomes of the layout, and nothing else does."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import (
    CRIO,
    PINNING,
    kubelet_config,
    machine_config,
    pinning,
    pool,
    profile,
    rules,
    workload,
)
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.engine.baseline import (
    Baseline,
    BaselineError,
    baseline_text,
    read_baseline,
    updated,
    write_baseline,
)
from linter.engine.gate import Gate
from linter.engine.loader import select_rules
from linter.engine.run import lint
from linter.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.engine.outcome import Outcome

    Tree = Callable[[Mapping[str, str | bytes]], str]

RULES = rules()
CODES = {rule.code for rule in RULES}

DOCUMENTS = {
    "profile": profile("0-1,32-33", "1-31,34-63"),
    "crio": machine_config("50", files={CRIO + "99": workload("0-1,52-53")}),
    "pinning": machine_config("51", files={PINNING: pinning("0-3")}),
    "kubelet": kubelet_config(
        "k",
        'matchLabels: {pools.operator.machineconfiguration.openshift.io/master: ""}',
        "reservedSystemCPUs: 0-7",
    ),
    "pool": pool("spare", "nodeSelector: {matchLabels: {node-role.kubernetes.io/spare: ''}}"),
}


def known(directory: str) -> Baseline:
    """Write and read the baseline of a directory."""
    path = f"{directory}/known.jsonl"
    write_baseline(path, updated(Baseline(), lint([directory], RULES), CODES, add=True))
    return read_baseline(path)


def against(directory: str, baseline: Baseline, *words: str) -> Outcome:
    rules = select_rules(RULES, words) if words else RULES
    return lint([directory], rules, gate=Gate(RULES, baseline=baseline))


def laid_out(documents: Mapping[str, str], rng: random.Random) -> dict[str, str]:
    """Write documents to files of other names, in another order and layout, with other notes."""
    names = list(documents)
    rng.shuffle(names)
    files: dict[str, str] = {}
    for name in names:
        text = documents[name]
        if rng.random() < 0.5:
            text = "# moved\n\n" + text
        if rng.random() < 0.5:
            text = text.replace("metadata:\n", "metadata:  # of the object\n", 1)
        if rng.random() < 0.5:
            text = re.sub(
                r"(?m)^( +)(reserved|reservedSystemCPUs): (\S+)$", r"\1\2:   \3  # here", text
            )
        key = f"site/openshift/{rng.choice('abc')}.yaml"
        files[key] = f"{files[key]}---\n{text}" if key in files else text
    if rng.random() < 0.3:
        files = {name: text.replace("\n", "\r\n") for name, text in files.items()}
    return files


def put(directory: Path, files: Mapping[str, str]) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(text.encode())


def test_reordering_and_reformatting_brings_nothing_new(tmp_path: Path) -> None:
    before = tmp_path / "before"
    put(before, {f"site/openshift/{name}.yaml": text for name, text in DOCUMENTS.items()})
    baseline = known(str(before))
    assert len(baseline.entries) >= 4
    assert against(str(before), baseline).findings == ()

    @given(st.integers(0, 10**6))
    @tried(10)
    def check(seed: int) -> None:
        after = tmp_path / "elsewhere"
        put(after, laid_out(DOCUMENTS, random.Random(seed)))
        outcome = against(str(after), baseline)
        assert [item.rule for item in outcome.findings] == []
        assert {item.finding.fingerprint for item in outcome.suppressed} == baseline.entries.keys()

    check()


REPAIRS = {
    "WPL202": ("profile", "1-31,34-63", "2-31,34-63"),
    "WPL306": ("kubelet", "0-7", "0-1,32-33"),
}


@pytest.mark.parametrize("code", sorted(REPAIRS))
def test_of_what_is_repaired_exactly_the_entry_is_stale(tmp_path: Path, code: str) -> None:
    put(tmp_path, {f"site/openshift/{name}.yaml": text for name, text in DOCUMENTS.items()})
    baseline = known(str(tmp_path))
    (entry,) = [item for item in baseline.entries.values() if item.rule == code]
    name, old, new = REPAIRS[code]
    repaired = {**DOCUMENTS, name: DOCUMENTS[name].replace(old, new)}
    put(tmp_path, laid_out(repaired, random.Random(7)))
    outcome = against(str(tmp_path), baseline)
    (found,) = outcome.findings
    assert found.rule == "WPL015"
    assert entry.fingerprint in found.primary.ref.text
    pruned = updated(baseline, outcome, CODES, add=False)
    assert {item.fingerprint for item in pruned} == baseline.entries.keys() - {entry.fingerprint}


def test_two_places_of_one_object_are_told_apart_by_their_keys(tree: Tree) -> None:
    both = profile("0-x", "2-y")
    directory = tree({"site/openshift/a.yaml": both})
    baseline = known(directory)
    assert [item.rule for item in baseline.entries.values()] == ["WPL101", "WPL101"]
    swapped = re.sub(r"( +reserved: \S+\n)( +isolated: \S+\n)", r"\2\1", both)
    assert swapped != both
    tree({"site/openshift/a.yaml": swapped})
    assert against(directory, baseline).findings == ()
    expected = {}
    for key, value in (("reserved", "0-x"), ("isolated", "2-y")):
        tree({"site/openshift/a.yaml": both.replace(value, "0-1" if key == "reserved" else "2-3")})
        stale = [item for item in against(directory, baseline).findings if item.rule == "WPL015"]
        expected[key] = [item.primary.ref.text for item in stale]
    assert len(expected["reserved"]) == len(expected["isolated"]) == 1
    assert expected["reserved"] != expected["isolated"]


def test_clusters_that_are_alike_are_told_apart(tree: Tree) -> None:
    overlap = profile("0-3", "2-7")
    files = {f"{place}/openshift/a.yaml": overlap for place in ("x/site", "y/site", "z/other")}
    directory = tree(files)
    baseline = known(directory)
    assert len(baseline.entries) == 3
    assert against(directory, baseline).findings == ()
    tree({"w/site/openshift/a.yaml": overlap})
    assert [item.rule for item in against(directory, baseline).findings] == ["WPL202"]


def test_the_root_of_a_repository_may_have_any_name(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / ".git").mkdir(parents=True)
        (tmp_path / name / "a.yaml").write_text(profile("0-3", "2-7"))
    baseline = known(str(tmp_path / "one"))
    assert [item.cluster for item in baseline.entries.values()] == [""]
    assert against(str(tmp_path / "two"), baseline).findings == ()


# --- what a run has not judged -------------------------------------------------------------------


def test_what_was_not_judged_is_neither_stale_nor_taken_away(tree: Tree) -> None:
    overlap = profile("0-3", "2-7")
    directory = tree({"x/openshift/a.yaml": overlap, "y/openshift/a.yaml": overlap})
    baseline = known(directory)
    tree({"x/openshift/a.yaml": profile("0-1", "2-7"), "y/openshift/a.yaml": profile("0-1", "2-7")})
    part = replace(baseline, whole=False)
    for outcome, clusters in (
        (against(f"{directory}/x", part), {"x"}),
        (against(directory, baseline, "WPL3"), set()),
        (against(directory, baseline), {"x", "y"}),
    ):
        stale = {json.loads(item.primary.ref.text)["cluster"] for item in outcome.findings}
        assert stale <= clusters
    outcome = against(f"{directory}/x", part)
    assert [item.cluster for item in updated(part, outcome, CODES, add=False)] == ["y"]
    assert len(updated(baseline, outcome, {"WPL301"}, add=True)) == 2


def test_reasons_are_kept(tree: Tree) -> None:
    directory = tree({"x/openshift/a.yaml": profile("0-3", "2-7")})
    baseline = known(directory)
    text = Path(baseline.path).read_text().replace('"reason": ""', '"reason": "wait for a node"')
    Path(baseline.path).write_text(text)
    baseline = read_baseline(baseline.path)
    outcome = against(directory, baseline)
    assert [item.reason for item in outcome.suppressed] == ["wait for a node"]
    assert baseline_text(updated(baseline, outcome, CODES, add=True)) == text


# --- the file ------------------------------------------------------------------------------------


def test_the_file_is_sorted_and_has_a_line_for_each(tree: Tree) -> None:
    overlap = profile("0-3", "2-7")
    files = {f"{place}/openshift/a.yaml": overlap for place in "zxy"}
    lines = Path(known(tree(files)).path).read_text().splitlines()
    assert lines[0] == '{"wplint-baseline": 1}'
    assert [json.loads(line)["cluster"] for line in lines[1:]] == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", ":1: it is no object"),
        ("[" * 100_000, ":1: it is no object"),
        ('{"wplint-baseline": 2}', ":1: it is of a version"),
        ('{"wplint-baseline": 1}\n\n{"fingerprint": "x"}', ":3: it has no fingerprint"),
        ('{"fingerprint": "' + "0" * 32 + '", "reason": 3}', ":1: its reason is no string"),
        (b"\xff", "it is no baseline"),
    ],
)
def test_what_is_no_baseline_is_refused_with_its_line(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    path = tmp_path / "b.jsonl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BaselineError) as caught:
        read_baseline(str(path))
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = str(tmp_path / "none")
    with pytest.raises(BaselineError, match="--update-baseline"):
        read_baseline(path)
    assert read_baseline(path, absent_is_empty=True).entries == {}


def test_it_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.jsonl"
    path.write_text("old\n")
    path.chmod(0o640)

    def failing(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", failing)
        with pytest.raises(BaselineError, match="No space left"):
            write_baseline(str(path), [])
    assert path.read_text() == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["b.jsonl"]
    write_baseline(str(path), [])
    assert path.read_text() == '{"wplint-baseline": 1}\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
