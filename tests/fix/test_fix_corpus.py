"""Real manifests: whatever is repaired in them, every byte outside of the reported edits stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import rules
from effort import THOROUGH
from fix_samples import rule_that

from linter.engine.findings import Fix
from linter.fix import FixOptions, fix_tree
from linter.fix.composing import Splice, spliced
from linter.fix.editing import edited
from linter.fix.layers import Layers
from linter.fix.leaves import Paths, read_tree
from linter.fix.outcome import RefusedError
from linter.fix.sheet import Sheet
from linter.model.releases import NEWEST_MINOR, Release
from linter.sources.deletion import holds_nothing
from linter.sources.fields import is_template
from linter.sources.reading import Undecodable, decode
from linter.sources.text import File, Replacement
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from linter.facts.cpus import CpuStatement
    from linter.fix import Fixed, FixOutcome

FORCED = "0-1,200-203"
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
FOLDERS = sorted(path.name for path in CORPUS.iterdir() if path.is_dir()) if CORPUS.is_dir() else []


needs_corpus = pytest.mark.skipif(not FOLDERS, reason="../shared/corpus is not here")
every_way = pytest.mark.parametrize("how", ["safe", "unsafe", "every statement"])


@needs_corpus
@every_way
@pytest.mark.parametrize("folder", FOLDERS or ["none"])
def test_only_reported_edits_change_real_repositories(
    tmp_path: Path, folder: str, how: str
) -> None:
    """For several releases: some ask for things that others take for granted."""
    every = (None, "4.10", "4.12", "4.16", f"4.{NEWEST_MINOR}")
    for release in every if THOROUGH else every[:2]:
        check(copied(CORPUS / folder, tmp_path / str(release)), how, release)


@needs_corpus
@every_way
def test_only_reported_edits_change_a_real_file_that_is_alone(tmp_path: Path, how: str) -> None:
    for number, path in enumerate(sorted(CORPUS.rglob("*"))):
        if path.is_file():
            folder = tmp_path / str(number)
            folder.mkdir()
            shutil.copyfile(path, folder / path.name)
            check(folder, how, None)


@needs_corpus
def test_something_is_repaired_in_real_repositories(tmp_path: Path) -> None:
    """Without and with unsafe fixes; otherwise the tests above would show little."""
    counts = [
        len(repaired(copied(CORPUS, tmp_path / how), how, "4.10").fixed)
        for how in ("safe", "unsafe", "every statement")
    ]
    assert counts == sorted(set(counts))
    assert counts[0] > 0


def repaired(root: Path, how: str, release: str | None) -> FixOutcome:
    chosen = [rule_that(forced)] if how == "every statement" else rules()
    asked = Release.parse(release) if release else None
    return fix_tree([str(root)], chosen, asked, FixOptions(unsafe=how == "unsafe"))


def check(root: Path, how: str, release: str | None) -> None:
    """Repair a tree; hold that every byte is as it was, but for the edits that are reported."""
    expected = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    outcome = repaired(root, how, release)
    assert outcome.refusal == ""
    fixes = [item.finding.fix for item in outcome.fixed if item.finding.fix is not None]
    expected |= {Path(new.path): b"" for fix in fixes for new in fix.creations}
    for path, splices in passes(outcome.fixed):
        decoded = decode(expected[path])
        assert not isinstance(decoded, Undecodable)
        text = spliced(decoded.text, sorted(splices))
        expected[path] = decoded.encode(text)
        if holds_nothing(text):
            del expected[path]
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == expected
    assert repaired(root, how, release).changes == ()


def forced(statement: CpuStatement) -> Fix | None:
    """Rewrite whatever names CPUs, so that there is something to do in every real file."""
    if not statement.cpus or statement.text == FORCED:
        return None
    return Fix("rewrite it", (statement.replaced_by(FORCED),))


def copied(source: Path, target: Path) -> Path:
    """Copy a folder without its modes: the corpus is read-only."""
    for path in sorted(source.rglob("*")):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    return target


def passes(fixed: tuple[Fixed, ...]) -> list[tuple[Path, set[Splice]]]:
    """Return the edits of each file, pass by pass: every pass reads its files anew."""
    steps: dict[int, tuple[Path, set[Splice]]] = {}
    for item in fixed:
        for edit in item.edits:
            _, splices = steps.setdefault(id(edit.file), (Path(edit.file.path), set()))
            splices.add(Splice(edit.start, edit.end, edit.new))
    return list(steps.values())


@needs_corpus
@pytest.mark.parametrize("folder", FOLDERS or ["none"])
def test_any_scalar_of_a_real_file_can_be_rewritten(folder: str) -> None:
    tried = refused = 0
    for path in sorted((CORPUS / folder).rglob("*.y*ml")):
        decoded = decode(path.read_bytes())
        assert not isinstance(decoded, Undecodable)
        file = File(path.name, decoded.text, str(path), decoded.encoding, bom=decoded.bom)
        if is_template(file.text) or compose(file)[1] is not None:
            continue
        step = max(1, len(file.text) // (3000 if THOROUGH else 150))
        for leaf in read_tree(file, Paths()).leaves[::step]:
            if not leaf.node.is_scalar or leaf.start == leaf.end:
                continue
            tried += 1
            try:
                after, _ = edited(
                    Sheet(file), [Replacement(leaf.node.content_ref(), FORCED)], Layers()
                )
            except RefusedError:
                refused += 1
                continue
            assert after.startswith(file.text[: leaf.start])
            assert after.endswith(file.text[leaf.end :])
            assert len(after) <= len(file.text) - (leaf.end - leaf.start) + len(FORCED) + 30
    print(f"{tried} scalars, {refused} refused")
    assert refused <= tried // 20
