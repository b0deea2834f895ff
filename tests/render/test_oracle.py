"""Our manifests state the same facts as those of the upstream renderer (its newest release).

The cases lie beside the project in ``shared/oracle``: inputs, options, and the facts of what
upstream wrote from them. What we leave to the operator is compared with the list in the package.
"""

from __future__ import annotations

import pytest
from upstream_cases import (
    CASES,
    ORACLE,
    both,
    expected_of,
    facts_of,
    left_out,
    needs_oracle,
    objects_of,
)

from linter.model.releases import NEWEST_MINOR, Release
from linter.render import (
    LEFT_TO_THE_OPERATOR,
    Manifest,
    OwnerReference,
    RenderError,
    RenderInputs,
    RenderOptions,
    render,
)
from linter.render.left_out import When

NUMBER_OF_CASES = 32


def inputs_of(case: str) -> RenderInputs:
    return RenderInputs.from_objects(objects_of(case))


def options_of(case: str) -> RenderOptions:
    path = ORACLE / case / "options"
    words = path.read_text().split() if path.exists() else ["--owner-ref", "label-name"]
    assert words[0] == "--owner-ref"
    return RenderOptions(owner=OwnerReference(words[1]))


def rendered(case: str) -> list[Manifest]:
    return render(inputs_of(case), Release(NEWEST_MINOR), options_of(case))


@needs_oracle
def test_all_cases_are_here() -> None:
    assert len(CASES) == NUMBER_OF_CASES


@needs_oracle
@pytest.mark.parametrize("case", CASES)
def test_same_facts(case: str) -> None:
    expected = expected_of(case)
    if expected["exit"] == "error":
        with pytest.raises(RenderError):
            rendered(case)
        return
    ours = {manifest.file_name: manifest.object for manifest in rendered(case)}
    assert sorted(ours) == sorted(expected["files"])
    for name, manifest in ours.items():
        facts, theirs = both(case, name, manifest)
        assert facts == theirs, name


@needs_oracle
@pytest.mark.parametrize("case", CASES)
def test_what_is_left_out_is_on_the_list(case: str) -> None:
    expected = expected_of(case)
    if expected["exit"] == "error":
        return
    for manifest in rendered(case):
        facts = expected["files"][manifest.file_name]
        for name in left_out(facts, facts_of(manifest.object)):
            covering = [entry for entry in LEFT_TO_THE_OPERATOR if entry.covers(name)]
            assert len(covering) == 1, name
            assert covering[0].when is When.RENDERED, name


@needs_oracle
def test_every_entry_of_the_list_is_met() -> None:
    met = {
        name
        for case in CASES
        for facts in expected_of(case)["files"].values()
        for name in (*facts.get("files", {}), *facts.get("units", {}))
    }
    for entry in LEFT_TO_THE_OPERATOR:
        assert any(map(entry.covers, met)) is (entry.when is When.RENDERED), entry.name
