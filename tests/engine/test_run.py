"""One run: what is read, what is understood, and what the summary says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import (
    CRIO,
    PINNING,
    ROLE,
    infrastructure,
    machine_config,
    pinning,
    pool,
    profile,
    rules,
    workload,
)

from linter.engine import ERROR, Draft, finding, rule
from linter.engine.run import lint
from linter.model.releases import CUSTOM_POOL_BEATS_WORKER, Release
from linter.sources.candidates import PathError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from linter.engine.outcome import Outcome
    from linter.model.cluster import Cluster
    from linter.model.pools import Pool

    Tree = Callable[[Mapping[str, str | bytes]], str]

RULES = rules()
WRONG = {
    "openshift/crio.yaml": machine_config("50", files={CRIO + "99": workload("0-1,52-53")}),
    "manifests/profile.yaml": profile("0-1,32-33", "2-31,34-63"),
    "manifests/infrastructure.yaml": infrastructure(),
}


def judge(directory: str, *rules: object) -> Outcome:
    outcome = lint([directory], rules or RULES, Release(16))  # type: ignore[arg-type]
    assert outcome.failures == ()
    return outcome


def test_a_finding_names_the_characters_in_the_payload_and_in_the_file(tree: Tree) -> None:
    (found,) = [f for f in judge(tree(WRONG)).findings if f.severity is ERROR]
    assert (found.rule, found.pool, found.releases) == ("WPL301", "master", "4.16")
    first, second = found.labels[:2]
    assert first.ref.text == "0-1,52-53"
    assert first.ref.file.name.endswith("openshift/crio.yaml")
    payload = first.ref.in_payload()
    assert payload is not None
    assert payload.source.position(payload.start) == (5, 44)
    assert second.ref.text == "0-1,32-33"
    assert second.ref.file.position(second.ref.in_file().start) == (7, 16)


def test_the_summary_counts_what_was_met(tree: Tree) -> None:
    files = {**WRONG, "openshift/other.yaml": "kind: Namespace\n", "notes.txt": "MachineConfig"}
    files["openshift/broken.yaml"] = "kind: MachineConfig\n{{ if }}: [\n"
    files["openshift/template.yaml"] = profile("{{ .reserved }}", "$isolated", name="t")
    summary = judge(tree(files)).summary
    assert (summary.files, summary.relevant, summary.manifests) == (6, 5, 4)
    assert summary.templated == 2
    assert [skip.name[-11:] for skip in summary.skipped] == ["broken.yaml"]


def test_a_byte_order_mark_and_utf_16_are_read(tree: Tree) -> None:
    files: dict[str, str | bytes] = {
        name: ("\ufeff" + text.replace("\n", "\r\n")).encode(encoding)
        for (name, text), encoding in zip(
            WRONG.items(), ("utf-8", "utf-16-le", "utf-16-be"), strict=True
        )
    }
    outcome = judge(tree(files))
    assert [f.rule for f in outcome.findings if f.severity is ERROR] == ["WPL301"]
    primary = outcome.findings[0].primary.ref
    assert (primary.file.encoding, primary.file.bom) == ("utf-8", True)


def test_clusters_are_described_and_never_compared(tree: Tree) -> None:
    files = {f"one/{name}": text for name, text in WRONG.items()}
    files["two/manifests/profile.yaml"] = profile("0-3", "4-7", name="other")
    outcome = judge(tree(files))
    assert [c.name for c in outcome.clusters] == ["one", "two"]
    one, two = outcome.clusters
    assert (one.release, one.partitioning, two.partitioning) == ("4.16", "AllNodes", None)
    assert [(p.name, p.profile, p.reserved, p.isolated) for p in one.pools] == [
        ("master", "perf", "0-1,32-33", "2-31,34-63"), ("worker", None, None, None),
    ]  # fmt: skip
    for found in outcome.findings:
        assert {label.ref.file.name.split("/")[-3] for label in found.labels} == {found.cluster}


def test_nothing_relevant_is_no_cluster(tree: Tree) -> None:
    outcome = judge(tree({"a.yaml": "kind: Namespace\n"}))
    assert (outcome.clusters, outcome.findings, outcome.summary.files) == ((), (), 1)


def test_a_path_that_does_not_exist_is_refused(tree: Tree) -> None:
    with pytest.raises(PathError, match="cannot use"):
        lint([tree({}) + "/absent"], RULES)


def test_a_rule_that_breaks_hides_nothing_and_is_reported(tree: Tree) -> None:
    @rule("WPL398", severity=ERROR)
    def broken_rule(cluster: Cluster) -> Iterator[Draft]:
        """Nothing holds."""
        raise KeyError("reserved")
        yield

    outcome = lint([tree(WRONG)], (broken_rule, *RULES), Release(16))
    (failure,) = outcome.failures
    place = f"{shown(broken_rule.check.__code__.co_filename)}:"
    assert failure.rule == "WPL398"
    assert failure.error.startswith(f"KeyError: 'reserved' ({place}")
    assert "WPL301" in {f.rule for f in outcome.findings}


def test_what_holds_in_some_releases_only_is_left_out_and_said(tree: Tree) -> None:
    @rule("WPL399", severity=ERROR)
    def before_4_15(cluster: Cluster, declared_pool: Pool) -> Iterator[Draft]:
        """Custom pools come last."""
        if not cluster.releases.has(CUSTOM_POOL_BEATS_WORKER):
            yield finding("Too old.", declared_pool.ref.label("here"))  # type: ignore[union-attr]

    directory = tree({"a.yaml": pool("p")})
    unknown = lint([directory], (before_4_15,))
    assert unknown.findings == ()
    assert any("--openshift-version" in note for note in unknown.notes)
    assert [f.message for f in lint([directory], (before_4_15,), Release(14)).findings] == [
        "Too old."
    ]
    assert lint([directory], (before_4_15,), Release(15)).findings == ()


def test_an_unknown_release_still_finds_what_is_wrong_in_all(tree: Tree) -> None:
    outcome = lint([tree(WRONG)], RULES)
    assert outcome.clusters[0].release is None
    assert [f.rule for f in outcome.findings if f.severity is ERROR] == ["WPL301"]


def test_one_mistake_seen_by_several_pools_is_told_once(tree: Tree) -> None:
    files = {
        "openshift/a.yaml": machine_config("50", files={PINNING: pinning("0-")}),
        "openshift/b.yaml": pool(
            "cnf",
            f"machineConfigSelector: {{matchExpressions: [{{key: {ROLE}, operator: Exists}}]}}",
        ),
    }
    found = [f for f in judge(tree(files)).findings if f.primary.ref.text.startswith("0-")]
    assert len({(f.rule, f.primary.ref) for f in found}) == len(found)
