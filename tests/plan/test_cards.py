"""What single files say is kept by their contents, and a plan reads little else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import infrastructure
from planning import commit, everything, git, repository, state
from repositories import instance, template

from linter.engine.cards import Cards
from linter.engine.planning import plan
from linter.engine.side import StateSource, blob_id, sides
from linter.engine.state_sources import WORK_TREE, revisions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from linter.sources.candidates import Candidate

SITES = {f"sites/{n:02}.yaml": instance(f"c{n:02}", f"group: g{n % 10}") for n in range(40)}
OTHERS = {f"den-{n}/openshift/x.yaml": infrastructure() for n in range(9)}
FLEET = (
    SITES
    | OTHERS
    | {f"policies/{n}.yaml": template(binding=f"group: g{n}", name=f"p{n}") for n in range(10)}
)
CHANGED = FLEET | {"policies/7.yaml": FLEET["policies/7.yaml"].replace("0-1,20-21", "0-2,20-22")}


def counting(source: StateSource, opened: list[str]) -> StateSource:
    """Return a state of which it is noted which files are read; their ids are known."""

    def read(candidate: Candidate) -> bytes | object:
        opened.append(candidate.path)
        return source.read(candidate)

    ids = {
        one.path: blob_id(data, 40)
        for one in source.found.candidates
        if isinstance(data := source.read(one), bytes)
    }
    return StateSource(
        source.words,
        source.root,
        source.found,
        read,
        source.prefix,
        ids,  # type: ignore[arg-type]
    )


def planned_with(
    cards: Cards, old: Mapping[str, str] = FLEET, new: Mapping[str, str] = CHANGED
) -> tuple[str, set[str]]:
    """Return the plan of a change, and the files that were read for it."""
    opened: list[str] = []
    one, other = state(old, "before", "before:"), state(new, "after")
    made = plan(counting(one, opened), counting(other, opened), (), cards=cards)
    return everything(made), set(opened)


def test_with_the_cards_of_an_earlier_plan_only_what_it_concerns_is_read() -> None:
    first = Cards()
    said, _ = planned_with(first)
    assert first.grown
    again = Cards(b"".join(first.packed()))
    said_again, opened = planned_with(again)
    assert said_again == said
    assert not again.grown
    group = {f"sites/{n:02}.yaml" for n in range(40) if n % 10 == 7}
    assert opened == group | {path for path in FLEET if path.startswith("policies/")}
    assert '"clusters": 49' in said  # those of the installer directories are counted
    assert '"changed": 4' in said


@pytest.mark.parametrize("damage", [b"", b"1 0\n{}", b"\xff\n", b"[1]"])
def test_damaged_cards_are_no_cards(damage: bytes) -> None:
    first = Cards()
    said, opened = planned_with(first)
    kept = b"".join(first.packed())
    for data in (damage, kept[:-1], kept.replace(b'"g7"', b'"g8"')):
        cards = Cards(data)
        assert planned_with(cards) == (said, opened)
        assert cards.grown


def test_ids_are_those_of_git_on_both_sides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "repo")
    monkeypatch.chdir(root)
    commit(root, {"a.yaml": "a: 1\n", "b/b.yaml": "b: 1\n", "c.yaml": "c: 1\n"})
    (root / "c.yaml").write_text("c: 2\n")
    (root / "d.yaml").write_text("d: 1\n")
    (root / "e.yaml").symlink_to("a.yaml")
    before, after = sides(*revisions(".", "HEAD", WORK_TREE))
    for side, names in ((before, "a.yaml b/b.yaml c.yaml"), (after, "a.yaml b/b.yaml d.yaml")):
        for name in names.split():
            oid = git(root, "rev-parse", f"HEAD:{name}") if name != "d.yaml" else None
            assert side.ids[name] == (oid or git(root, "hash-object", name))
    assert after.ids["c.yaml"] == git(root, "hash-object", "c.yaml")
    assert set(after.ids) == {"a.yaml", "b/b.yaml", "c.yaml", "d.yaml"}  # the link is a.yaml


def test_what_git_is_told_not_to_look_at_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "repo")
    monkeypatch.chdir(root)
    commit(root, {"a.yaml": "a: 1\n", "b.yaml": "b: 1\n"})
    git(root, "update-index", "--assume-unchanged", "a.yaml")
    git(root, "update-index", "--skip-worktree", "b.yaml")
    for name in ("a.yaml", "b.yaml"):
        (root / name).write_text("changed: 1\n")
    before, after = sides(*revisions(".", "HEAD", WORK_TREE))
    assert [after.ids[name] == before.ids[name] for name in ("a.yaml", "b.yaml")] == [False] * 2
