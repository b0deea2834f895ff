"""Real repositories, as published; they lie beside the project and are no part of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import rules

from linter.engine.findings import Severity
from linter.engine.run import lint

if TYPE_CHECKING:
    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")


@cache
def outcome(name: str) -> Outcome:
    found = lint([str(CORPUS / name)], rules())
    assert found.failures == ()
    return found


def errors(name: str) -> list[Finding]:
    return [item for item in outcome(name).findings if item.severity is Severity.ERROR]


def places(item: Finding) -> list[tuple[str, str]]:
    return [(Path(label.ref.file.name).name, label.ref.text) for label in item.labels]


def test_hub_templates_of_the_reference_leave_an_overlap_and_a_hole() -> None:
    (item,) = [item for item in errors("openshift-kni__telco-reference") if item.rule == "WPL202"]
    assert "example-ai-sno" in item.cluster
    assert "share CPUs 52-53" in item.message
    assert "In none of the sets: CPUs 32-33" in item.advice
    values = "group-hardware-types-configmap.yaml"
    assert places(item)[:2] == [(values, "2-31,34-63"), (values, "0-1,52-53")]
    readers = [label.words for label in item.labels[2:]]
    assert "policy gr-du-sno-cfg-pc-templated reads it here" in readers


def test_errors_of_the_reference() -> None:
    # WPL601: a KubeletConfig for the master pool beside the one that its profile makes.
    found = {(item.rule, item.cluster) for item in errors("openshift-kni__telco-reference")}
    assert found == {
        ("WPL202", "example-ai-3node, example-ai-sno, example-ai-standard"),
        ("WPL601", "example-standard"),
    }


def test_a_siteconfig_and_its_profile_disagree() -> None:
    (item,) = errors("kcalliga__ztp-example")
    assert (item.rule, item.cluster) == ("WPL316", "example-sno")
    assert places(item) == [
        ("example-sno.yaml", "0-1,52-53"),
        ("group-du-sno-ranGen.yaml", "0-1,20-21"),
    ]


@pytest.mark.parametrize(
    "name", ["edcdavid__cnf-features-deploy", "karmab__kcli-ztp", "stolostron__siteconfig"]
)
def test_what_agrees_is_silent(name: str) -> None:
    assert errors(name) == []
