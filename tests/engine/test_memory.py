"""Of a fleet little more is held than what is reported: clusters pass by, one after the other."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock
from weakref import WeakSet, ref

import pytest
from builders import machine_config, rules
from fleet_trees import Fickle
from repositories import PROFILE, generator, hub, instance, racks, site, template

from linter.engine import loading
from linter.engine.run import lint
from linter.facts.scope import Facts
from linter.gitops.documents import Repository
from linter.sources import yaml_tree
from linter.sources.text import Embedded, Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from linter.engine.outcome import Outcome

    Tree = Callable[[Mapping[str, str | bytes]], str]

RULES = tuple(rule for rule in rules() if not rule.about_change)
CLUSTERS = 200
FEW = 4
"""The cluster that is judged, those around it, and the one of which an error tells."""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a repository of many clusters of two kinds; of every fortieth something is wrong."""
    folder = tmp_path_factory.mktemp("fleet")
    texts = {
        "policies/source-crs/PerformanceProfile.yaml": PROFILE,
        "policies/edge.yaml": template(
            reserved=hub("reserved"), isolated=hub("isolated"), binding='edge: ""'
        ),
        "policies/other.yaml": generator("labelSelector: {matchLabels: {plant: ''}}", name="other"),
        "policies/racks.yaml": racks("x-reserved: 0-1\nx-isolated: 2-9\ny-reserved: 0-3\n"),
    }
    for number in range(CLUSTERS // 2):
        cpus = "0-2" if number % 20 == 19 else "0-1"
        name = f"site-{number:03d}"
        texts[f"sites/{name}.yaml"] = site(name, "edge: ''\nrack: x", cpusets=(cpus,))
        name = f"instance-{number:03d}"
        texts[f"instances/{name}.yaml"] = instance(name, f"plant: ''\nown: '{number}'", nodes=3)
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return str(folder)


class Trees:
    """The trees of some files that are alive: how many were made, and most at one time."""

    def __init__(self, counts: Callable[..., bool]) -> None:
        self._counts = counts
        self.alive: WeakSet[Any] = WeakSet()
        self.made = 0
        self.most = 0

    def compose(self, source: Any, text: str) -> Any:
        """Compose a text as ever."""
        raws, problem = COMPOSE(source, text)
        if self._counts(Ref(source, 0, 0).file.name, embedded=isinstance(source, Embedded)):
            self.alive.update(raws)
            self.made += len(raws)
        self.look()
        return raws, problem

    def look(self, *_: object) -> None:
        """Count what is alive now."""
        self.most = max(self.most, len(self.alive))


COMPOSE = yaml_tree._compose


@contextmanager
def counted(counts: Callable[..., bool]) -> Iterator[Trees]:
    """Count the trees of the files that ``counts`` says yes to."""
    noted = Trees(counts)
    with mock.patch.object(yaml_tree, "_compose", noted.compose):
        yield noted


def test_of_many_clusters_few_trees_live_at_once(fleet: str) -> None:
    def is_clusters(name: str, *, embedded: bool) -> bool:
        return not embedded and ("sites/" in name or "instances/" in name)

    with counted(is_clusters) as trees:
        outcome = lint([fleet], RULES, watcher=trees.look)
    assert len(outcome.clusters) == CLUSTERS
    assert {item.rule for item in outcome.findings} >= {"WPL316"}
    assert trees.made <= 2 * CLUSTERS
    assert 0 < trees.most <= FEW


def test_of_many_clusters_few_facts_live_at_once(fleet: str) -> None:
    def alive() -> int:
        return sum(type(thing) is Facts for thing in gc.get_objects())

    before = alive()
    counts: list[int] = []

    def look(done: int, total: int | None) -> None:
        if total is None and done % 50 == 0:
            counts.append(alive() - before)

    lint([fleet], RULES, watcher=look)
    assert len(counts) == CLUSTERS // 50
    assert max(counts) <= FEW + 10  # of the objects in policies


def test_what_was_joined_is_gone_when_a_run_is_done(fleet: str) -> None:
    """No ring of references keeps it until somebody looks for garbage: a report is yet to come."""
    repositories: list[ref[Repository]] = []
    init = Repository.__init__

    def noted(self: Repository, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        repositories.append(ref(self))

    looks = gc.isenabled()
    gc.disable()
    try:
        with mock.patch.object(Repository, "__init__", noted):
            outcome = lint([fleet], RULES)
        assert outcome.findings
        assert [one() for one in repositories] == [None]
    finally:
        if looks:
            gc.enable()


def test_the_text_of_a_cluster_is_held_if_it_is_told_of(fleet: str) -> None:
    held: list[int] = []
    library: list[loading.Library] = []
    init = loading.Library.__init__

    def noted(self: loading.Library, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        library.append(self)

    def look(done: int, total: int | None) -> None:
        held.append(len(library[0]._files) if total is None else 0)

    with mock.patch.object(loading.Library, "__init__", noted):
        outcome = lint([fleet], RULES, watcher=look)
    told = {label.ref.file for item in outcome.findings for label in item.labels}
    assert max(held) <= len(told) + FEW


def test_what_a_cluster_alone_is_installed_with_passes_by_as_well(tree: Tree) -> None:
    texts: dict[str, str | bytes] = {"source-crs/PerformanceProfile.yaml": PROFILE}
    texts["p.yaml"] = template()
    for number in range(30):
        name = f"c{number:02d}"
        reference = f"  extraManifestsRefs: [{{name: extra-{name}}}]\n  nodes:\n"
        texts[f"{name}.yaml"] = instance(name).replace("  nodes:\n", reference)
        lines = machine_config("99", files={"/etc/x": name}).splitlines()
        texts[f"{name}-extra.yaml"] = (
            f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: extra-{name}, "
            f"namespace: {name}}}\ndata:\n  a.yaml: |\n" + "".join(f"    {o}\n" for o in lines)
        )
    with counted(lambda name, *, embedded: embedded and "-extra" in name) as trees:
        outcome = lint([tree(texts)], RULES, watcher=trees.look)
    assert len(outcome.clusters) == trees.made == 30
    assert 0 < trees.most <= FEW


def test_what_several_clusters_are_installed_with_is_read_once(
    tree: Tree, judged: list[str]
) -> None:
    texts: dict[str, str | bytes] = {
        "p.yaml": template(),
        "source-crs/PerformanceProfile.yaml": PROFILE,
        "all/a.yaml": machine_config("99", files={"/etc/x": "y"}),
    }
    for name in ("a", "b", "c"):
        text = instance(name) if name == "b" else site(name)
        paths = "    extraManifestPath: all\n    nodes:\n"
        texts[f"{name}.yaml"] = text.replace("    nodes:\n", paths)
    assert len(lint([tree(texts)], RULES).clusters) == 3
    assert judged[:2] == ["a", "b"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (b"kind: SiteConfig\n", "changed while it was read"),
        (None, "unreadable (no such file)"),
        (b"\xff", "changed while it was read"),
    ],
)
def test_a_cluster_whose_file_changes_meanwhile_is_left_out_and_told_of(
    tree: Tree, other: bytes | None, reason: str
) -> None:
    folder = tree(
        {
            "a.yaml": site("a", "edge: ''"),
            "b.yaml": site("b", "edge: ''"),
            "source-crs/PerformanceProfile.yaml": PROFILE,
            "p.yaml": template(),
        }
    )

    def names(outcome: Outcome) -> list[str]:
        return [cluster.name for cluster in outcome.clusters]

    whole = lint([folder], RULES)
    assert (names(whole), whole.summary.skipped) == (["a", "b"], ())
    part = lint([folder], RULES, read=Fickle("a.yaml", other))
    assert names(part) == ["b"]
    assert [skip.reason for skip in part.summary.skipped] == [reason]
