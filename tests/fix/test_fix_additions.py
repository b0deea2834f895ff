"""What is missing: keys, items and whole files that a repair adds."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from builders import (
    CRIO,
    PINNING,
    data_url,
    infrastructure,
    pinning,
    pool,
    profile,
    rules,
    workload,
)
from fix_samples import read, write

from linter.engine.findings import Applicability, Fix, Severity, finding
from linter.engine.rules import Rule
from linter.fix import FixOptions, fix_tree
from linter.fix import transaction as transaction_module
from linter.fix.difference import differences
from linter.fix.journal import NAME, Entry, Journal, recover, temporary_name
from linter.fix.summary import fix_summary
from linter.formats import data_url as data_urls
from linter.model.cluster import Cluster  # noqa: TC001 - a rule's parameters are looked at
from linter.model.releases import Release
from linter.report.json_report import report
from linter.sources.text import NewFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from linter.engine.findings import Draft
    from linter.fix import FixOutcome
    from linter.sources.text import Replacement

V12 = Release.parse("4.12")
NEW = pool("extra")


def adding(name: str = "new.yaml", text: str = NEW, *, also: str = "") -> Rule:
    """Return a rule that wants a file beside the first profile, and perhaps an edit with it."""

    def check(cluster: Cluster) -> Iterator[Draft]:
        (first, *_) = cluster.facts.profiles
        if any(pool.name == "extra" for pool in cluster.facts.pools):
            return
        reserved = first.reserved
        assert reserved is not None
        edits: tuple[Replacement, ...] = (reserved.replaced_by(also),) if also else ()
        new = NewFile(first.ref.file, name, text)
        place = reserved.ref.label("here")
        yield finding("There is no extra pool.", place, fix=Fix("add it", edits, creations=(new,)))

    return Rule("WPL900", "probe", Severity.WARNING, check)


def repaired(folder: Path, files: Mapping[str, str | bytes], rule: Rule) -> FixOutcome:
    return fix_tree([write(folder, files)], [rule])


# --- files ---------------------------------------------------------------------------------------


def test_a_new_file_stands_beside_its_neighbour(tmp_path: Path) -> None:
    outcome = repaired(tmp_path, {"deep/p.yaml": profile()}, adding())
    assert outcome.written
    assert outcome.after.findings == ()
    assert outcome.after.summary.files == 2
    assert read(tmp_path) == {"deep/p.yaml": profile().encode(), "deep/new.yaml": NEW.encode()}
    assert "add it (new: new.yaml)" in fix_summary(outcome)
    assert fix_tree([str(tmp_path)], [adding()]).changes == ()


def test_a_new_file_is_written_together_with_an_edit_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, {"p.yaml": profile("0-1")})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(transaction_module.os, "replace", full)
        outcome = fix_tree([root], [adding(also="0")])
    assert "No space left on device" in outcome.refusal
    assert read(tmp_path) == {"p.yaml": profile("0-1").encode()}
    assert fix_tree([root], [adding(also="0")]).written
    assert read(tmp_path) == {"p.yaml": profile("0").encode(), "new.yaml": NEW.encode()}


def test_lines_end_as_the_neighbours_do(tmp_path: Path) -> None:
    windows = profile().replace("\n", "\r\n").encode("utf-8-sig")
    repaired(tmp_path, {"p.yaml": windows}, adding())
    assert read(tmp_path)["new.yaml"] == NEW.replace("\n", "\r\n").encode()


@pytest.mark.skipif(not hasattr(os, "umask"), reason="a system without modes")
def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        repaired(tmp_path, {"p.yaml": profile()}, adding())
    finally:
        os.umask(before)
    assert (tmp_path / "new.yaml").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("more", "name", "words"),
    [
        ({"new.yaml": "a: 1\n"}, "new.yaml", "there is a file new.yaml already"),
        ({"kustomization.yaml": "resources: [p.yaml]\n"}, "new.yaml", "the kustomization"),
        ({}, "../up.yaml", "name its directory"),
        ({}, "sub/new.yaml", "cannot be reached"),
    ],
)
def test_what_is_in_the_way_of_a_new_file(
    tmp_path: Path, more: dict[str, str], name: str, words: str
) -> None:
    files: dict[str, str | bytes] = {"p.yaml": profile(), **more}
    outcome = repaired(tmp_path / "tree", files, adding(name))
    assert outcome.changes == ()
    assert [words in left.reason for left in outcome.left] == [True]
    assert read(tmp_path / "tree") == {name: str(text).encode() for name, text in files.items()}


def test_a_dangling_link_is_in_the_way(tmp_path: Path) -> None:
    root = write(tmp_path, {"p.yaml": profile()})
    (tmp_path / "new.yaml").symlink_to("/nowhere")
    assert "already" in fix_tree([root], [adding()]).left[0].reason


def test_files_are_only_added_to_directories_that_were_given(tmp_path: Path) -> None:
    write(tmp_path, {"p.yaml": profile()})
    outcome = fix_tree([str(tmp_path / "p.yaml")], [adding()])
    assert (outcome.changes, len(outcome.left)) == ((), 1)
    assert "name its directory" in outcome.left[0].reason


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, {"p.yaml": profile()})
    real = transaction_module._prepare

    def late(temporary: str, place: str | None, data: bytes) -> None:
        (tmp_path / "new.yaml").write_text("a: 1\n")
        real(temporary, place, data)

    monkeypatch.setattr(transaction_module, "_prepare", late)
    outcome = fix_tree([root], [adding(also="0")])
    assert "new.yaml now; nothing was written" in outcome.refusal
    assert read(tmp_path) == {"p.yaml": profile().encode(), "new.yaml": b"a: 1\n"}


def test_the_difference_of_a_new_file_can_be_applied(tmp_path: Path) -> None:
    url = data_url("a\nb\n")
    config = (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\n"
        "metadata:\n  name: x\nspec:\n  config:\n    storage:\n      files:\n"
        f"      - path: {PINNING}\n        contents:\n          source: {url}\n"
    )
    root = write(tmp_path, {"p.yaml": profile()})
    rule = adding(text=NEW + "---\n" + config)
    diff = differences(fix_tree([root], [rule], None, FixOptions(write=False)).changes)
    assert f"# --- /dev/null\n# +++ {PINNING}\n# @@ -0,0 +1,2 @@\n# +a\n# +b\n" in diff
    assert "--- /dev/null\n+++ b" in diff
    patch = tmp_path / "patch"
    patch.write_text(diff.replace(str(tmp_path), ""))
    subprocess.run(["git", "apply", "-p1", str(patch)], cwd=tmp_path, check=True)
    patch.unlink()
    assert read(tmp_path)["new.yaml"].decode() == NEW + "---\n" + config


def test_the_report_names_new_files(tmp_path: Path) -> None:
    outcome = repaired(tmp_path, {"p.yaml": profile()}, adding())
    (told,) = report(outcome.before)["findings"]
    assert told["fix"]["creates"] == [(tmp_path / "new.yaml").as_posix()]
    json.dumps(told)


def test_an_interrupted_run_tells_of_new_files(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.yaml": "a\n"})
    entries = [
        Entry(f"{root}/{name}.yaml", f"{root}/{temporary_name()}", None, b"a\n") for name in "ab"
    ]
    entries.append(Entry(f"{root}/c.yaml", f"{root}/{temporary_name()}", b"old", b"new"))
    os.close(Journal.begin(root, entries).handle)
    told = "; ".join(recover(root))
    assert "1 of its 3 files were written" in told
    assert "not written: b.yaml" in told
    assert "changed since: c.yaml" in told
    assert not (tmp_path / NAME).exists()


# --- keys and items ------------------------------------------------------------------------------


def test_a_label_is_added_where_the_others_stand(tmp_path: Path) -> None:
    node = "nodeSelector: {matchLabels: {node-role.kubernetes.io/ran: ''}}\n"
    roles = "{key: machineconfiguration.openshift.io/role, operator: In, values: [worker, ran]}"
    text = pool("ran", f"machineConfigSelector: {{matchExpressions: [{roles}]}}\n{node}")
    files = {
        "openshift/pool.yaml": text.replace("  name: ran\n", "    name: ran  # ours\n"),
        "openshift/profile.yaml": profile(selector="node-role.kubernetes.io/ran: ''"),
    }
    outcome = fix_tree([write(tmp_path, files)], rules())
    assert [item.finding.rule for item in outcome.fixed] == ["WPL505"]
    label = "    labels:\n      machineconfiguration.openshift.io/role: ran\n"
    expected = files["openshift/pool.yaml"].replace("# ours\n", "# ours\n" + label)
    assert read(tmp_path)["openshift/pool.yaml"].decode() == expected


@pytest.mark.parametrize("form", ["base64", "percent", "gzip"])
@pytest.mark.parametrize("missing", [PINNING, CRIO + "01-workload-partitioning"])
def test_the_other_partitioning_file_is_written_in_the_same_way(
    tmp_path: Path, form: str, missing: str
) -> None:
    texts = {CRIO + "01-workload-partitioning": workload("0-3"), PINNING: pinning("0-3")}
    ((path, text),) = ((path, text) for path, text in texts.items() if path != missing)
    packed = "\n          compression: gzip" if form == "gzip" else ""
    entry = (
        f"      -   path: '{path}'  # by hand\n          mode: 0o600\n"
        f"          contents:{packed.replace('          ', '            ')}\n"
        f'            source: "{data_url(text, form)}"\n'
    )
    config = (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\n"
        "metadata:\n  name: 02-master\n"
        "  labels:\n    machineconfiguration.openshift.io/role: master\nspec:\n  config:\n"
        f"    ignition: {{version: 3.2.0}}\n    storage:\n      files:\n{entry}"
    )
    files = {"openshift/mc.yaml": config, "manifests/i.yaml": infrastructure("None")}
    outcome = fix_tree([write(tmp_path, files)], rules(), V12)
    assert [item.finding.rule for item in outcome.fixed] == ["WPL324"]
    assert outcome.fixed[0].finding.fix is not None
    assert outcome.fixed[0].finding.fix.applicability is Applicability.SAFE
    after = read(tmp_path)["openshift/mc.yaml"].decode()
    assert after.startswith(config)
    added = after.removeprefix(config)
    assert added.startswith(f"      -   path: '{missing}'\n          mode: 0o600\n")
    url = added.partition('source: "')[2].partition('"')[0]
    decoded = data_urls.decode(url, gzip=form == "gzip")
    assert decoded.text is not None
    assert "0-3" in decoded.text
    assert [item.rule for item in outcome.after.findings] == []


def test_what_an_alias_names_gets_no_key(tmp_path: Path) -> None:
    node = "nodeSelector: {matchLabels: {node-role.kubernetes.io/ran: ''}}\n"
    text = pool("ran", node).replace("metadata:\n  name: ran", "metadata: &m\n  name: ran  # it")
    files = {
        "openshift/pool.yaml": text + "other: *m\n",
        "openshift/profile.yaml": profile(selector="node-role.kubernetes.io/ran: ''"),
    }
    outcome = fix_tree([write(tmp_path, files)], rules())
    (reason,) = [left.reason for left in outcome.left if left.finding.rule == "WPL505"]
    assert "alias" in reason
    assert outcome.changes == ()
