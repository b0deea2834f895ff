"""What is found is the same as if every document of a file were composed."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from builders import profile, rules
from effort import THOROUGH

from linter.engine.examples import run_example, write_example
from linter.engine.loading import load_file
from linter.engine.pages import page_for
from linter.engine.run import lint
from linter.facts.scope import Facts, add_document
from linter.gitops.documents import Repository
from linter.report import render
from linter.sources import documents
from linter.sources.candidates import KUSTOMIZATIONS, Candidate
from linter.sources.discovery import discover
from linter.sources.documents import telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from linter.engine.outcome import Outcome

    Tree = Callable[[Mapping[str, str | bytes]], str]

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
RULES = rules()
SILENT = (
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: some}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: some}\nspec: {replicas: 1}\n",
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: some\nstringData:\n  a: |\n    ---\n    b\n",
    "- op: replace\n  path: /spec/replicas\n  value: 2\n",
    "apiVersion: v1\nkind: Node\nmetadata: {name: some, labels: {a: b}}\n",
    "apiVersion: v1\nkind: List\nitems: [{kind: Service, metadata: {name: some}}]\n",
    "# nothing\n",
    "",
)
JOINED = frozenset(
    {"SiteConfig", "ClusterInstance", "ManagedCluster", "PolicyGenTemplate", "PolicyGenerator"}
    | {"Policy", "Placement", "PlacementRule", "PlacementBinding", "ConfigMap", "NodePool"}
)
STATED = [name for name in Facts.__slots__ if isinstance(getattr(Facts(), name), list)]


def strewn(text: str, draw: Random) -> str:
    """Put documents that say nothing between those of a text, and before and behind them."""
    if not text.endswith("\n") or text.lstrip()[:1] in {"{", "%"} or "\r" in text:
        return text
    parts = re.split(r"(?m)^---\n", text)
    listed = [more for part in parts for more in (draw.choice(SILENT), part)]
    return "---\n".join([*listed, draw.choice(SILENT)])


def strew(folder: str, draw: Random) -> None:
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = Path(place, name)
            if name.endswith((".yaml", ".yml")) and name not in KUSTOMIZATIONS:
                path.write_text(strewn(path.read_text("utf-8"), draw), "utf-8")


def seen(outcome: Outcome) -> Any:
    return (
        outcome.failures,
        render("json", outcome, 100),
        [item.fingerprint for item in outcome.findings],
        [one.finding.fingerprint for one in outcome.suppressed],
        [wish.ref.order() for wish in outcome.suppressions],
    )


@pytest.mark.parametrize("half", range(2))
def test_findings_of_rule_pages_are_the_same_with_more_documents(
    half: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out = 0

    def counted(text: str) -> str:
        nonlocal left_out
        told = telling(text)
        left_out += told != text
        return told

    draw = Random(half)
    examples = [example for rule in RULES for example in page_for(rule).bad]
    for number, example in enumerate(examples[half :: 2 if THOROUGH else 8]):
        folder = str(tmp_path / str(number))
        write_example(example, folder)
        strew(folder, draw)
        monkeypatch.setattr(documents, "telling", counted)
        some = seen(run_example(example, folder, RULES))
        monkeypatch.setattr(documents, "telling", str)
        assert some == seen(run_example(example, folder, RULES)), example.title
    assert left_out > 20


SHAPE_OF_ALL = "apiVersion: {}/v1\nkind: {}\nspec: {{hardware: {{cpu: 1}}, inventory: {{}}}}\n"


def test_whatever_is_looked_for_by_kind_is_composed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: set[tuple[str, str]] = set()
    of = Repository.of

    def noted(repository: Repository, group: str, kind: str) -> Any:
        asked_for.add((group, kind))
        return of(repository, group, kind)

    monkeypatch.setattr(Repository, "of", noted)
    for rule in RULES:
        for number, example in enumerate(page_for(rule).bad[:1]):
            if rule.code[3] in "078" and not example.change:
                folder = str(tmp_path / f"{rule.code}-{number}")
                write_example(example, folder)
                run_example(example, folder, [rule])
    assert len(asked_for) > 10
    for shape in asked_for:
        text = SHAPE_OF_ALL.format(*shape)
        assert text in telling(f"a: 1\n---\n{text}---\nb: 1\n"), shape


def parts_of(path: str) -> list[str]:
    text = Path(path).read_text("utf-8", "replace")
    return [part for part in re.split(r"(?m)^---[ \t]*$\n?", text) if part.strip()]


@cache
def real_documents() -> list[str]:
    """Return the documents of the corpus that are YAML, each with a line feed at its end."""
    listed = [
        part.rstrip() + "\n"
        for candidate in discover([str(CORPUS)]).candidates
        if candidate.path.endswith((".yaml", ".yml"))
        for part in parts_of(candidate.path)
    ]
    return [one for one in listed if load_file(Candidate("f", "f"), one.encode()).problem is None]


def stated(text: str, *, whole: bool) -> Iterator[Any]:
    """Yield what is stated in a text, each with its place."""
    file = load_file(Candidate("f.yaml", "f.yaml"), text.encode(), whole)
    repository = Repository()
    repository.add("f.yaml", file.roots)
    for shape, listed in repository.by_shape.items():
        if shape[1] in JOINED:
            yield [(shape, one.manifest.name, one.manifest.ref.start) for one in listed]
    for root in file.roots:
        facts = Facts()
        add_document(facts, root)
        kinds = {name: len(getattr(facts, name)) for name in STATED if getattr(facts, name)}
        if kinds:
            yield (root.ref.start, root.ref.end, kinds)
    yield file.problem
    yield [wish.ref.order() for wish in file.suppressions]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real manifests is not here")
@pytest.mark.parametrize("seed", range(4))
def test_files_of_real_documents_state_the_same(seed: int) -> None:
    draw = Random(seed)
    listed = draw.sample(real_documents(), len(real_documents()))
    left_out = 0
    while listed:
        count = draw.randint(2, 40)
        text = "---\n".join(listed[:count])
        listed = listed[count:]
        left_out += telling(text) != text
        assert [*stated(text, whole=False)] == [*stated(text, whole=True)]
    assert left_out > 0


def found(directory: str) -> list[tuple[str, str, tuple[int, int]]]:
    outcome = lint([directory], RULES)
    assert outcome.failures == ()
    return [
        (item.rule, item.message, place.source.position(place.start))
        for item in outcome.findings
        for place in [item.primary.ref.in_file()]
    ]


BROKEN = "kind: Deployment\nspec: [1\n"


def test_a_broken_document_is_none_of_our_business_unless_it_tells_something(tree: Tree) -> None:
    bad = profile("0-1", "1-7")
    alone = found(tree({"a.yaml": bad}))
    assert "WPL202" in [rule for rule, _, _ in alone]
    behind = [(rule, message, (line + 3, column)) for rule, message, (line, column) in alone]
    assert found(tree({"a.yaml": f"{BROKEN}---\n{bad}---\n{BROKEN}"})) == behind
    (item,) = found(tree({"a.yaml": f"kind: Tuned\nspec: [1\n---\n{BROKEN}---\n{bad}"}))
    assert (item[0], item[2]) == ("WPL001", (3, 1))
