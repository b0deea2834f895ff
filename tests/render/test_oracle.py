"""Our manifests state the same facts as those of the upstream renderer (its newest release).

The cases lie beside the project in ``shared/oracle``: inputs, options, and the facts of what
upstream wrote from them. What we leave to the operator is compared with the list in the package.
"""

from __future__ import annotations

import json
import tomllib
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
import yaml

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

ORACLE = Path(__file__).parents[3] / "shared" / "oracle"
CASES = sorted(path.parent.name for path in ORACLE.glob("*/expected.json"))
NUMBER_OF_CASES = 32

needs_oracle = pytest.mark.skipif(not CASES, reason="no shared/oracle folder beside the project")


def inputs_of(case: str) -> RenderInputs:
    objects: list[object] = []
    for path in sorted((ORACLE / case / "input").iterdir()):
        objects += yaml.safe_load_all(path.read_text())
    return RenderInputs.from_objects(objects)


def options_of(case: str) -> RenderOptions:
    path = ORACLE / case / "options"
    words = path.read_text().split() if path.exists() else ["--owner-ref", "label-name"]
    assert words[0] == "--owner-ref"
    return RenderOptions(owner=OwnerReference(words[1]))


def expected_of(case: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((ORACLE / case / "expected.json").read_text())
    return expected


def rendered(case: str) -> list[Manifest]:
    return render(inputs_of(case), Release(NEWEST_MINOR), options_of(case))


def without_zero_values(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: without_zero_values(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", 0, {}, [])}
    if isinstance(value, list):
        return [without_zero_values(item) for item in value]
    return value


def file_facts(entry: dict[str, Any]) -> dict[str, Any]:
    head, _, body = entry["contents"]["source"].partition(",")
    assert head == "data:text/plain;charset=utf-8;base64"
    text = b64decode(body, validate=True).decode()
    facts: dict[str, Any] = {"mode": entry["mode"]}
    if entry["path"].startswith("/etc/crio/"):
        facts["toml"] = tomllib.loads(text)
    elif entry["path"].endswith("-pinning"):
        facts["json"] = json.loads(text)
    else:
        facts["text"] = text.strip()
    return facts


def tuned_settings(text: str) -> dict[str, list[str]]:
    """Return the settings of a TuneD profile by section and key, each as a list of words."""
    settings, section = {}, ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            settings[f"{section}.{key}"] = value.removeprefix("+").split()
    return settings


def facts_of(manifest: Manifest) -> dict[str, Any]:
    kept = manifest.object
    metadata, spec = kept["metadata"], kept.get("spec", {})
    facts = {
        "apiVersion": kept["apiVersion"],
        "kind": kept["kind"],
        "name": metadata["name"],
        "labels": metadata.get("labels"),
    }
    match kept["kind"]:
        case "MachineConfig":
            facts["ignition"] = spec["config"]["ignition"]["version"]
            facts["kernelType"] = spec.get("kernelType", "")
            facts["units"] = {}
            entries = spec["config"]["storage"]["files"]
            facts["files"] = {entry["path"]: file_facts(entry) for entry in entries}
        case "KubeletConfig":
            facts["spec"] = without_zero_values(spec)
            facts["spec"]["machineConfigPoolSelector"] = spec["machineConfigPoolSelector"]
        case "Tuned":
            facts["namespace"] = metadata["namespace"]
            facts["profile_names"] = [profile["name"] for profile in spec["profile"]]
            facts["main_profile"] = tuned_settings(spec["profile"][0]["data"])
            facts["recommend"] = spec["recommend"]
        case "RuntimeClass":
            del facts["labels"]
            facts["handler"] = kept["handler"]
            facts["metadata"] = metadata
    return facts


def compared_settings() -> set[str]:
    """Return the TuneD settings that some case has: the others are not part of the facts."""
    return {
        setting
        for case in CASES
        for facts in expected_of(case)["files"].values()
        for setting in facts.get("main_profile", {})
    }


def left_out(facts: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    names = [*facts.get("files", {}), *facts.get("units", {})]
    return [name for name in names if name not in ours.get("files", {})]


def normalised(facts: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """Return upstream's facts without what is left out, in the form of ours."""
    facts = dict(facts)
    if "files" in facts:
        facts["files"] = {
            path: content for path, content in facts["files"].items() if path in ours["files"]
        }
        facts["units"] = {}
    if "main_profile" in facts:
        facts["main_profile"] = {
            setting: value.removeprefix("+").split()
            for setting, value in facts["main_profile"].items()
        }
    if facts["kind"] == "KubeletConfig":
        facts["spec"] = {
            "kubeletConfig": without_zero_values(facts["spec"]["kubeletConfig"]),
            "machineConfigPoolSelector": facts["spec"]["machineConfigPoolSelector"],
        }
    return facts


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
    ours = {manifest.file_name: facts_of(manifest) for manifest in rendered(case)}
    assert sorted(ours) == sorted(expected["files"])
    settings = compared_settings()
    for name, facts in ours.items():
        if "main_profile" in facts:
            facts["main_profile"] = {
                key: value for key, value in facts["main_profile"].items() if key in settings
            }
        assert facts == normalised(expected["files"][name], facts), name


@needs_oracle
@pytest.mark.parametrize("case", CASES)
def test_what_is_left_out_is_on_the_list(case: str) -> None:
    expected = expected_of(case)
    if expected["exit"] == "error":
        return
    for manifest in rendered(case):
        facts = expected["files"][manifest.file_name]
        for name in left_out(facts, facts_of(manifest)):
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
