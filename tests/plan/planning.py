"""Plans of small clusters that stand in no file, and real repositories to read commits from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import rules
from git_commands import git

from linter.engine.cards import Cards
from linter.engine.planning import Plan, Targets, plan
from linter.engine.side import StateSource
from linter.model.releases import Release
from linter.report.plan import concise, document, markdown
from linter.sources.candidates import Candidate, Candidates, Discovery

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from linter.engine.findings import Finding
    from linter.engine.rules import Rule
    from linter.plan.change import ClusterChange
    from linter.plan.effects import PoolChange

Files = "Mapping[str, str]"


def state(files: Mapping[str, str], words: str, prefix: str = "") -> StateSource:
    """Return files that stand nowhere as the state of the current directory."""
    found = Candidates(Candidate(name, name) for name in files)
    return StateSource(words, ".", Discovery(found), lambda one: files[one.path].encode(), prefix)


def planned(
    old: Mapping[str, str],
    new: Mapping[str, str],
    release: str | None = None,
    to: str | None = None,
    chosen: tuple[Rule, ...] | None = None,
) -> Plan:
    """Return the plan of a change; no rule may break."""
    targets = Targets(
        Release.parse(release) if release else None, Release.parse(to) if to else None
    )
    made = plan(
        state(old, "before", "before:"),
        state(new, "after"),
        rules() if chosen is None else chosen,
        targets,
    )
    assert made.outcome.failures == ()
    narrowed = plan(
        state(old, "before", "before:"),
        state(new, "after"),
        rules() if chosen is None else chosen,
        targets,
        cards=Cards(),
    )
    assert everything(narrowed) == everything(made)
    return made


def everything(made: Plan) -> str:
    """Return all that is said of a change."""
    return "\n".join((document.text(made), concise(made), markdown(made)))


def change(
    old: Mapping[str, str],
    new: Mapping[str, str],
    release: str | None = "4.16",
    to: str | None = None,
) -> ClusterChange:
    """Return the change of the only cluster that there is."""
    (cluster,) = planned(old, new, release, to).clusters
    assert cluster.change is not None
    return cluster.change


def pool(found: ClusterChange, name: str) -> PoolChange:
    """Return the change of a pool."""
    (one,) = [pool for pool in found.pools if pool.name == name]
    return one


def slugs(found: PoolChange) -> set[str]:
    """Return the effects on a pool."""
    return {effect.slug for effect in found.effects}


def said(made: Plan, *codes: str) -> list[Finding]:
    """Return the findings of some rules."""
    return [item for item in made.outcome.findings if item.rule in codes]


def repository(folder: Path) -> Path:
    """Make an empty repository whose commits depend on nothing of this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def commit(folder: Path, files: Mapping[str, str | None]) -> str:
    """Commit files, or their absence; return the commit."""
    for name, text in files.items():
        path = folder / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "change")
    return git(folder, "rev-parse", "HEAD")
