"""One statement of a consistent cluster is broken; the repair brings back every byte."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from builders import pinning, rules
from fix_samples import RESERVED, cluster, crio, machine_config, read, write

from linter.engine.run import lint
from linter.fix import FixOptions, fix_tree
from linter.model.releases import Release

if TYPE_CHECKING:
    from pathlib import Path

WRONG = "0-3,44-47"
RELEASE = Release.parse("4.16")
FORMS = ("base64", "percent", "gzip")

BREAKS = {
    "CRI-O's workload": {"crio_text": crio(cpuset=WRONG)},
    "CRI-O's infrastructure": {"crio_text": crio(infra=WRONG)},
    "both in one payload": {"crio_text": crio(WRONG, "7")},
    "the pinning file": {"pinning_text": pinning(WRONG)},
    "systemd": {"affinity": "0-7"},
    "CRI-O, longer": {"crio_text": crio(cpuset="0,1,2,3,40,41,42,43,44")},
    "CRI-O with a space": {"crio_text": crio(cpuset="0-3, 40-43")},
}
TEXT_BREAKS = {
    "the KubeletConfig": ("openshift/kubelet.yaml", RESERVED, WRONG),
    "the KubeletConfig, a comma": ("openshift/kubelet.yaml", RESERVED, f"{RESERVED},"),
    "TuneD": ("openshift/tuned.yaml", "isolated_cores=4-39,", "isolated_cores=5-39,"),
    "the switch": ("manifests/infrastructure.yaml", "AllNodes", "allnodes"),
}


def broken(form: str, *names: str) -> dict[str, str]:
    files = cluster(form)
    texts: dict[str, str] = {}
    for name in names:
        if name in BREAKS:
            texts |= BREAKS[name]
        else:
            path, old, new = TEXT_BREAKS[name]
            assert old in files[path]
            files[path] = files[path].replace(old, new)
    files["openshift/50-performance-edge.yaml"] = machine_config(**texts, form=form)
    return files


def test_nothing_is_found_in_the_consistent_cluster(tmp_path: Path) -> None:
    outcome = lint([write(tmp_path, cluster())], rules(), RELEASE)
    assert [item.message for item in outcome.findings] == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", [*BREAKS, *TEXT_BREAKS])
def test_a_broken_statement_is_repaired_to_the_byte(tmp_path: Path, name: str, form: str) -> None:
    consistent = {path: text.encode() for path, text in cluster(form).items()}
    root = write(tmp_path, broken(form, name))
    assert read(tmp_path) != consistent
    outcome = fix_tree([root], rules(), RELEASE)
    assert outcome.written
    assert outcome.left == ()
    assert outcome.refusal == ""
    if form == "gzip":  # another compressor may write other bytes for the same text
        assert fix_tree([root], rules(), RELEASE).changes == ()
        return
    assert read(tmp_path) == consistent
    again = fix_tree([root], rules(), RELEASE)
    assert (again.fixed, again.changes, again.written) == ((), (), False)


@pytest.mark.parametrize(
    "pair", list(combinations([*BREAKS, *TEXT_BREAKS], 2))[::4], ids=" and ".join
)
def test_pairs_of_breaks_are_repaired(tmp_path: Path, pair: tuple[str, str]) -> None:
    root = write(tmp_path, broken("base64", *pair))
    outcome = fix_tree([root], rules(), RELEASE, FixOptions())
    assert outcome.left == ()
    assert read(tmp_path) == {path: text.encode() for path, text in cluster().items()}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encoding_and_line_ends_stay(tmp_path: Path, encoding: str, line_end: str) -> None:
    def files(texts: dict[str, str]) -> dict[str, bytes]:
        return {
            name: ("---\n" + text + "...\n").replace("\n", line_end).encode(encoding)
            for name, text in texts.items()
        }

    root = write(tmp_path, files(broken("base64", "both in one payload", "the KubeletConfig")))
    outcome = fix_tree([root], rules(), RELEASE)
    assert outcome.left == ()
    assert read(tmp_path) == files(cluster())
