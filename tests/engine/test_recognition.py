"""No report shows which files of clusters were recognised by their pattern, and not composed."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from textwrap import indent
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from builders import machine_config, rules
from effort import tried
from fleet_trees import Fickle, told, write
from governed_fleet import imported
from hypothesis import event, given
from hypothesis import strategies as st
from repositories import PROFILE, hub, instance, racks, site, template

from linter.engine.run import lint
from linter.gitops.shelf import Shelf
from linter.model.releases import Release
from linter.sources import yaml_tree
from linter.sources.text import File
from linter.topology.machine import Topologies
from linter.topology.reading import parse_topology

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from linter.gitops.documents import Outline, Place

    Files = dict[str, str]
    Tree = Callable[[Mapping[str, str | bytes]], str]

RULES = tuple(rule for rule in rules() if not rule.about_change)
EDGE = {
    "policies/source-crs/PerformanceProfile.yaml": PROFILE,
    "policies/edge.yaml": template(hub("reserved"), hub("isolated")),
    "policies/racks.yaml": racks("x-reserved: 0-1\nx-isolated: 2-9\ny-reserved: 0-3\n"),
}
POLICIES = {
    **EDGE,
    "policies/two.yaml": template("0-1", "1-9", binding="group: two-2", name="two"),
    "policies/site.yaml": template("0-3", "4-9", binding="site: site-1", name="site"),
    "sites/extra/mc.yaml": machine_config("99-extra", "master", {"/etc/motd": "a\n"}),
}


def said(folder: str, release: Release | None = None, **more: Any) -> list[object]:
    """Return what a run says."""
    return told(lint([folder], RULES, release, **more), ("json", "full"))


@contextmanager
def unrecognised() -> Iterator[None]:
    """Let every file be composed."""
    with mock.patch.object(Shelf, "recognised", return_value=[]):
        yield


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the clusters of the files that are recognised."""
    counts: list[int] = []
    recognised = Shelf.recognised

    def noted(self: Shelf, place: Place, data: bytes) -> list[Outline]:
        outlines = recognised(self, place, data)
        counts.append(sum(len(one.clusters) for one in outlines))
        return outlines

    with mock.patch.object(Shelf, "recognised", noted):
        yield counts


# --- files of clusters ----------------------------------------------------------------------------


def sited(name: str, labels: str, cpus: str) -> Files:
    return {f"sites/{name}.yaml": site(name, labels, (cpus,))}


def with_nodes(name: str, labels: str, cpus: str) -> Files:
    text = site(name, labels, (cpus, "0-1"))
    return {f"sites/{name}.yaml": text.replace("hostName: n\n", f"hostName: node-{name}\n", 1)}


def like_another_node(name: str, labels: str, cpus: str) -> Files:
    text = site(name, labels, (cpus, "0-1")).replace("hostName: n\n", "hostName: node-1\n", 1)
    return {f"sites/{name}.yaml": text.replace("hostName: n\n", f"hostName: node-{name[-1]}\n", 1)}


def with_shared_folder(name: str, labels: str, cpus: str) -> Files:
    text = site(name, labels, (cpus,)) + "    extraManifestPath: extra/\n"
    return {f"sites/{name}.yaml": text}


def with_own_folder(name: str, labels: str, cpus: str) -> Files:
    text = (
        site(name, labels, (cpus,)) + f"    extraManifests:\n      searchPaths:\n      - {name}\n"
    )
    manifest = machine_config("98-own", "master", {"/etc/motd": f"{name}\n"})
    return {f"sites/{name}.yaml": text, f"sites/{name}/mc.yaml": manifest}


def with_paths_beside(name: str, labels: str, cpus: str) -> Files:
    """Only in some of these directories is one that the generator puts a cpuset into."""
    text = site(name, labels, (cpus,)) + "    extraManifests:\n      searchPaths:\n      - more\n"
    within = "workload/" if int(name[-1]) % 2 else ""
    nothing = "kind: ConfigMap\nmetadata: {name: MachineConfig}\ndata: {}\n"
    return {
        f"sites/{name}/site.yaml": text,
        f"sites/{name}/more/a.yaml": nothing,
        f"sites/{name}/more/{within}b.yaml": nothing,
    }


def two_in_one_file(name: str, labels: str, cpus: str) -> Files:
    first, second = (site(one, labels, (cpus,)) for one in (f"{name}-a", f"{name}-b"))
    second = second.replace(f"cpuset: {cpus}", "cpuset: 0-2")
    return {f"sites/{name}.yaml": first + second.partition("clusters:\n")[2]}


def with_pattern_of_its_own(name: str, labels: str, cpus: str) -> Files:
    return {f"sites/{name}.yaml": site(name, labels, (cpus,)) + f"    # {name}\n"}


def with_more_beside(name: str, labels: str, cpus: str) -> Files:
    beside = f"---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n"
    return {f"sites/{name}.yaml": site(name, labels, (cpus,)) + beside}


def suppressing(name: str, labels: str, cpus: str) -> Files:
    text = site(name, labels, (cpus,)).replace(cpus, f"{cpus} # wplint: ignore[WPL316] as agreed")
    return {f"sites/{name}.yaml": text}


def imported_too(name: str, labels: str, cpus: str) -> Files:
    more = imported(name, "more: x\nrack: 'y'")
    return {f"sites/{name}.yaml": site(name, labels, (cpus,)), f"hub/{name}.yaml": more}


def only_imported(name: str, labels: str, cpus: str) -> Files:
    return {f"hub/{name}.yaml": imported(name, labels)}


def instanced(name: str, labels: str, cpus: str) -> Files:
    mode = "None" if cpus == "0-2" else "AllNodes"
    return {f"instances/{name}.yaml": instance(name, labels, mode, nodes=2)}


def with_config_map(name: str, labels: str, cpus: str) -> Files:
    refs = f"  extraManifestsRefs:\n  - name: extra-{name}\n"
    data = indent(machine_config("96", "master", {"/etc/x": f"{cpus}\n"}), "    ")
    return {
        f"instances/{name}.yaml": instance(name, labels) + refs,
        f"instances/{name}-extra.yaml": "apiVersion: v1\nkind: ConfigMap\n"
        f"metadata: {{name: extra-{name}, namespace: {name}}}\ndata:\n  m.yaml: |\n{data}",
    }


KINDS = st.sampled_from(
    [
        sited,
        sited,
        with_nodes,
        like_another_node,
        with_shared_folder,
        with_own_folder,
        with_paths_beside,
        with_paths_beside,
        two_in_one_file,
        two_in_one_file,
        with_pattern_of_its_own,
        with_more_beside,
        suppressing,
        imported_too,
        only_imported,
        instanced,
        with_config_map,
    ]
)
LABELS = st.sampled_from(
    ['edge: ""\nrack: x', "edge: ''\nrack: 'y'", "edge: ''\nrack: x\nsite: {}", "group: two-{}"]
)
CPUS = st.sampled_from(["0-1", "0-1", "0-2", "0-3"])
NAMES = st.permutations([f"site-{number}" for number in range(1, 10)])


@st.composite
def fleets(draw: st.DrawFn) -> Files:
    """Return a repository of a few clusters of a few patterns, some of which are twice there."""
    files = dict(POLICIES)
    names = draw(NAMES)
    for kind, labels, cpus, count in draw(
        st.lists(st.tuples(KINDS, LABELS, CPUS, st.integers(1, 4)), min_size=1, max_size=4)
    ):
        for number in range(count):
            name = names[number]
            more = kind(name, labels.format(name if "site" in labels else number), cpus)
            files |= {path: text for path, text in more.items() if path not in files}
        names = [*names[draw(st.integers(0, count)) :], *names[:count]]
    return files


@tried(100)
@given(fleets(), st.sampled_from([None, Release(16)]))
def test_no_report_shows_which_files_were_recognised(files: Files, release: Release | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(folder, files)
        with unrecognised():
            expected = said(folder, release)
        with counted() as clusters:
            assert said(folder, release) == expected
        event("recognised" if any(clusters) else "not recognised")


@tried(60)
@given(fleets(), st.data())
def test_a_file_that_changes_meanwhile_is_told_of_or_was_not_read_again(
    files: Files, data: st.DataObject
) -> None:
    files = {path: text for path, text in files.items() if "wplint: ignore" not in text}
    described = sorted(  # of two clusters in one file, one may be read again and not the other
        path
        for path, text in files.items()
        if path.startswith(("sites/s", "instances/", "hub/")) and text.count("- clusterName") < 2
    )
    if not described:
        return
    path = data.draw(st.sampled_from(described))
    other = data.draw(st.sampled_from([None, b"kind: SiteConfig\n", files[described[0]].encode()]))
    with tempfile.TemporaryDirectory() as folder:
        write(folder, files)
        steady = said(folder)
        with unrecognised():
            without = said(folder, read=Fickle(path, other))
        assert said(folder, read=Fickle(path, other)) in (without, steady)


def machine(text: str) -> str:
    """Return what ``lscpu --parse`` prints of a machine with so many CPUs."""
    return "# CPU,Core,Socket,Node\n" + "".join(f"{cpu},{cpu},0,0\n" for cpu in range(int(text)))


@pytest.mark.parametrize("given", [{"": 10}, {"site-2/master": 4}, {"": 10, "site-2/master": 4}])
def test_machines_are_those_of_each_cluster(tree: Tree, given: dict[str, int]) -> None:
    topologies = Topologies(
        {key: parse_topology(File("m", machine(str(cpus)))) for key, cpus in given.items()}
    )
    files = dict(EDGE)
    for number in range(1, 5):
        files |= sited(f"site-{number}", 'edge: ""\nrack: x', "0-1")
    folder = tree(files)
    with unrecognised():
        expected = said(folder, topologies=topologies)
    with counted() as clusters:
        assert said(folder, topologies=topologies) == expected
    assert sum(clusters) == 4
    found = lint([folder], RULES, topologies=topologies).findings
    assert ("site-2" in {item.cluster for item in found}) == (4 in given.values())


def test_what_lies_beside_a_recognised_file_is_its_own(tree: Tree) -> None:
    files = dict(EDGE)
    for number in range(1, 5):
        files |= with_paths_beside(f"site-{number}", 'edge: ""\nrack: x', "0-1")
    folder = tree(files)
    with counted() as clusters:
        found = lint([folder], RULES).findings
    assert sum(clusters) == 4
    assert {(item.rule, item.cluster) for item in found} == {
        ("WPL327", "site-2"), ("WPL327", "site-4")
    }  # fmt: skip


def test_a_recognised_file_is_composed_only_if_it_is_asked_for(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = dict(EDGE)
    for number in range(1, 7):
        files |= sited(f"site-{number}", 'edge: ""\nrack: x', "0-1" if number < 6 else "0-2")
    folder = tree(files)
    made: list[str] = []
    compose = yaml_tree._compose

    def noted(source: File, text: str) -> object:
        made.append(source.text)
        return compose(source, text)

    monkeypatch.setattr(yaml_tree, "_compose", noted)
    outcome = lint([folder], RULES)
    assert [cluster.name for cluster in outcome.clusters] == [f"site-{n}" for n in range(1, 7)]
    assert {item.cluster for item in outcome.findings} == {"site-6"}
    # Two patterns, a cluster that stands for four others, and the one that differs.
    assert sum("kind: SiteConfig" in text for text in made) == 4
