"""What is worked out of labels is the same whoever answered alike before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.hub_template import Absence, Context, evaluate
from linter.gitops.answers import Answers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.formats.hub_template import Key, Resolved, Unknown

LABELS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "a", "b", "1"]))
MAPS = {"a": "0-1", "b": "2", "ab": "3"}
TEXTS = [
    "plain",
    "{{hub .ManagedClusterLabels.a hub}}-{{hub .ManagedClusterLabels.b hub}}",
    '{{hub index .ManagedClusterLabels (index .ManagedClusterLabels "a") hub}}',
    (
        '{{hub fromConfigMap "" "m" (printf "%s%s" .ManagedClusterLabels.a '
        ".ManagedClusterLabels.b) hub}}"
    ),
    '{{hub default "0" .ManagedClusterLabels.c | toInt hub}}',
]


def worked_out(text: str, labels: Mapping[str, str]) -> Resolved | Unknown:
    def lookup(key: Key) -> str | Absence:
        return MAPS.get(key.key, Absence.KEY)

    return evaluate(text, Context(None, labels, lookup))


@tried(200)
@given(st.sampled_from(TEXTS), st.lists(LABELS, max_size=12))
def test_each_cluster_gets_what_its_own_labels_make(text: str, fleet: list[dict[str, str]]) -> None:
    answers: Answers[Resolved | Unknown] = Answers()
    for labels in fleet:
        found = answers.once(labels, lambda asked: worked_out(text, asked))
        assert found == worked_out(text, labels)


def test_clusters_that_answer_alike_are_asked_once() -> None:
    answers: Answers[str] = Answers()
    asked: list[Mapping[str, str]] = []

    def work_out(labels: Mapping[str, str]) -> str:
        asked.append(labels)
        return labels["b"] if "a" in labels else "none"

    fleet = [{"a": "1", "b": "x", "name": str(number)} for number in range(9)]
    assert {answers.once(labels, work_out) for labels in fleet} == {"x"}
    assert answers.once({"b": "x"}, work_out) == "none"
    assert answers.once({"c": ""}, work_out) == "none"
    assert answers.once({"a": "1", "b": "y"}, work_out) == "y"
    assert len(asked) == 3
