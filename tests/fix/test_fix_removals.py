"""What goes: documents and whole files, as the disk, the journal and people see it."""

from __future__ import annotations

import copy
import os
import random
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import pool, profile
from effort import THOROUGH
from fix_samples import read, removing, write

from linter.fix import FixOptions, fix_tree
from linter.fix import transaction as transaction_module
from linter.fix.asking import TerminalAsker
from linter.fix.difference import differences
from linter.fix.editing import edited
from linter.fix.journal import NAME, Entry, Journal, recover, temporary_name
from linter.fix.layers import Layers
from linter.fix.outcome import RefusedError
from linter.fix.sheet import Sheet
from linter.fix.summary import fix_summary
from linter.sources.deletion import removed_item, removed_key
from linter.sources.fields import is_template
from linter.sources.reading import Undecodable, decode
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.nodes import Node
    from linter.sources.text import Replacement

OLD = pool("old")


RULE = removing()


def test_a_document_goes_and_its_neighbours_stay(tmp_path: Path) -> None:
    text = f"# head\n---\n{OLD}# of the profile\n---\n{profile()}"
    outcome = fix_tree([write(tmp_path, {"a.yaml": text})], [RULE])
    assert outcome.refusal == ""
    assert read(tmp_path) == {"a.yaml": f"# head\n# of the profile\n---\n{profile()}".encode()}
    assert outcome.after.findings == ()


@pytest.mark.parametrize("text", [OLD, f"# head\n---\n{OLD}---\n{OLD}...\n", f"\ufeff{OLD}"])
def test_a_file_without_a_document_goes(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path, {"old.yaml": text, "p.yaml": profile()})
    outcome = fix_tree([folder], [RULE])
    assert outcome.refusal == ""
    assert list(read(tmp_path)) == ["p.yaml"]
    assert [change.after for change in outcome.changes] == [None]
    assert f"Removed, as nothing was left: {outcome.changes[0].name}\n" in fix_summary(outcome)
    assert outcome.after.summary.files == 1
    assert fix_tree([folder], [RULE]).changes == ()


def test_the_difference_of_a_file_that_goes_can_be_applied(tmp_path: Path) -> None:
    folder = write(tmp_path, {"old.yaml": OLD, "p.yaml": profile()})
    outcome = fix_tree([folder], [RULE], None, FixOptions(write=False))
    assert (tmp_path / "old.yaml").exists()
    shown = differences(outcome.changes)
    assert "+++ /dev/null" in shown
    assert all(f"-{line}" in shown.splitlines() for line in OLD.splitlines())


def test_a_person_is_shown_that_the_file_goes(tmp_path: Path) -> None:
    screen = StringIO()
    folder = write(tmp_path, {"old.yaml": OLD, "p.yaml": profile()})
    asker = TerminalAsker(StringIO("n\n"), screen)
    assert fix_tree([folder], [RULE], None, FixOptions(asker=asker)).changes == ()
    assert "+++ /dev/null" in screen.getvalue()
    assert (tmp_path / "old.yaml").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kustomization.yaml", "resources:\n- old.yaml\n"),
        ("gen.yaml", "kind: PolicyGenerator\npolicies:\n- manifests:\n  - path: sub/old.yaml\n"),
    ],
)
def test_a_file_that_is_built_by_name_stays(tmp_path: Path, name: str, text: str) -> None:
    inner = "old.yaml" if name == "kustomization.yaml" else "sub/old.yaml"
    folder = write(tmp_path, {inner: OLD, "p.yaml": profile(), name: text})
    outcome = fix_tree([folder], [RULE])
    assert (tmp_path / inner).read_text() == OLD
    assert [left.reason for left in outcome.left if left.finding.rule == "WPL900"] == [
        f"nothing would be left of the file, and {name} names it"
    ]


def test_a_file_of_another_name_is_none_that_is_built(tmp_path: Path) -> None:
    text = "resources:\n- very-old.yaml\n- old.yaml.bak\n- p.yaml\n"
    files = {"old.yaml": OLD, "p.yaml": profile(), "kustomization.yaml": text}
    assert fix_tree([write(tmp_path, files)], [RULE]).written
    assert not (tmp_path / "old.yaml").exists()


def test_a_link_to_a_file_stays(tmp_path: Path) -> None:
    folder = write(tmp_path, {"old.txt": OLD, "p.yaml": profile()})
    (tmp_path / "old.yaml").symlink_to(tmp_path / "old.txt")
    outcome = fix_tree([folder], [RULE])
    (left,) = outcome.left
    assert left.reason == "nothing would be left of the file, and its name is a link"
    assert (tmp_path / "old.yaml").read_text() == OLD


def test_a_file_that_went_is_back_when_another_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{OLD}---\n{profile()}"
    folder = write(tmp_path, {"a.yaml": OLD, "b.yaml": text})
    mode = (tmp_path / "a.yaml").stat().st_mode, (tmp_path / "a.yaml").stat().st_ino

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transaction_module.os, "replace", full)
    outcome = fix_tree([folder], [RULE])
    assert "every file has its old text" in outcome.refusal
    assert read(tmp_path) == {"a.yaml": OLD.encode(), "b.yaml": text.encode()}
    assert ((tmp_path / "a.yaml").stat().st_mode, (tmp_path / "a.yaml").stat().st_ino) == mode


@pytest.mark.parametrize("done", [True, False])
def test_an_interrupted_run_says_whether_a_file_went(tmp_path: Path, done: bool) -> None:
    path, spare = tmp_path / "old.yaml", tmp_path / temporary_name()
    path.write_text(OLD)
    journal = Journal.begin(str(tmp_path), [Entry(str(path), str(spare), OLD.encode(), None)])
    if done:
        path.rename(spare)
    os.close(journal.handle)
    assert (tmp_path / NAME).exists()
    told = recover(str(tmp_path))
    assert f"{int(done)} of its 1 files" in told[0]
    assert told[1] == ("written: old.yaml" if done else "not written: old.yaml")
    assert path.exists() is not done
    assert not spare.exists()


CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")
def test_anything_can_be_taken_out_of_real_files() -> None:
    picked = random.Random(7)
    files = sorted(CORPUS.rglob("*.y*ml"))
    tried = refused = 0
    for path in picked.sample(files, min(len(files), 400 if THOROUGH else 40)):
        decoded = decode(path.read_bytes())
        assert not isinstance(decoded, Undecodable)
        file = File(path.name, decoded.text)
        roots, problem = compose(file)
        if problem is not None or is_template(file.text) or not roots:
            continue
        sheet, before = Sheet(file), [root.plain() for root in roots]
        places = [place for n, root in enumerate(roots) for place in _places(root, (n,))]
        for node, way in picked.sample(places, min(4, len(places))):
            wish = _removed(node, way[-1])
            tried += 1
            try:
                assert wish is not None, (path, way)
                text, _ = edited(sheet, [wish], Layers())
            except RefusedError:
                refused += 1
                continue
            after = [root.plain() for root in compose(File("f", text or ""))[0]]
            wanted: Any = copy.deepcopy(before)
            inner = wanted
            for step in way[:-1]:
                inner = inner[step]
            del inner[way[-1]]
            assert after == wanted, (path, way)
    assert tried
    assert refused <= tried // 50


def _places(node: Node, way: tuple[Any, ...]) -> Iterator[tuple[Node, tuple[Any, ...]]]:
    """Yield each collection of a document with the ways to what it holds."""
    if node.is_mapping:
        for key, value in node.items():
            yield node, (*way, key)
            yield from _places(value, (*way, key))
    elif node.is_sequence:
        for index, value in enumerate(node.elements()):
            yield node, (*way, index)
            yield from _places(value, (*way, index))


def _removed(node: Node, step: str | int) -> Replacement | None:
    return removed_key(node, step) if isinstance(step, str) else removed_item(node, step)
