"""What the upstream renderer was given and what it wrote, read from ``shared/oracle``.

The cases lie beside the project: the inputs, and the facts of every manifest that upstream wrote
from them. A manifest is written again from its facts, in a layout that is none of wplint's own.
"""

from __future__ import annotations

import base64
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

LINE = 1 << 20
"""How long a line may be: payloads stay on one."""

ORACLE = Path(__file__).parents[2] / "shared" / "oracle"
CASES = sorted(path.parent.name for path in ORACLE.glob("*/expected.json"))

needs_oracle = pytest.mark.skipif(not CASES, reason="no shared/oracle folder beside the project")


@cache
def expected_of(case: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((ORACLE / case / "expected.json").read_text())
    return expected


RENDERED = [case for case in CASES if expected_of(case)["exit"] == "ok"]
"""The cases that upstream rendered; the others it refused."""


def objects_of(case: str) -> list[Any]:
    """Return the objects that upstream was given."""
    objects: list[Any] = []
    for path in sorted((ORACLE / case / "input").iterdir()):
        objects += [one for one in yaml.safe_load_all(path.read_text()) if one]
    return objects


def directory_of(case: str) -> dict[str, str]:
    """Return a directory of what upstream was given and what it wrote, by file."""
    files = {
        f"manifests/{number:02}-{one['kind'].lower()}.yaml": yaml.safe_dump(
            one, sort_keys=False, width=LINE
        )
        for number, one in enumerate(objects_of(case))
    }
    for name, facts in expected_of(case)["files"].items():
        files[f"openshift/{name}"] = yaml.safe_dump(restated(facts), width=LINE)
    return files


def restated(facts: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest that has the facts of one of upstream's."""
    metadata = facts.get("metadata") or {"name": facts["name"], "labels": facts["labels"] or {}}
    head = {"apiVersion": facts["apiVersion"], "kind": facts["kind"], "metadata": metadata}
    match facts["kind"]:
        case "MachineConfig":
            return head | {"spec": _machine_config(facts)}
        case "KubeletConfig":
            return head | {"spec": facts["spec"]}
        case "Tuned":
            metadata["namespace"] = facts["namespace"]
            return head | {"spec": _tuned(facts)}
        case "RuntimeClass":
            return head | {"handler": facts["handler"]}
        case kind:
            raise AssertionError(kind)


def _machine_config(facts: dict[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = {"ignition": {"version": facts["ignition"]}}
    config["storage"] = {
        "files": [
            {"path": path, "mode": file["mode"], "contents": {"source": _data_url(file)}}
            for path, file in facts["files"].items()
        ]
    }
    units = [
        {
            "name": name,
            "enabled": unit["enabled"],
            "contents": "[Service]\n" + "".join(f"Environment={e}\n" for e in unit["environment"]),
        }
        for name, unit in facts["units"].items()
    ]
    if units:
        config["systemd"] = {"units": units}
    return {"config": config, "kernelType": facts["kernelType"]}


def _data_url(file: dict[str, Any]) -> str:
    if "toml" in file:
        text = "".join(_toml(file["toml"], ()))
    elif "json" in file:
        text = json.dumps(file["json"], indent=2) + "\n"
    else:  # what is in a script is none of the facts
        text = file.get("text", "#") + "\n"
    return "data:text/plain;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


def _toml(table: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    """Return the lines of a table and those below it, as CRI-O's drop-ins lay them out."""
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    inner = {key: value for key, value in inner.items() if key != "resources"}
    lines = [f"{key} = {_toml_value(value)}\n" for key, value in table.items() if key not in inner]
    if lines:
        lines.insert(0, f"\n[{'.'.join(path)}]\n")
    for key, value in inner.items():
        lines += _toml(value, (*path, json.dumps(key) if "." in key else key))
    return lines


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {json.dumps(v)}' for key, v in value.items()) + " }"
    return json.dumps(value)


def _tuned(facts: dict[str, Any]) -> dict[str, Any]:
    sections: dict[str, list[str]] = {"main": ["include=openshift-node,cpu-partitioning"]}
    for setting, value in facts["main_profile"].items():
        section, key = setting.split(".", 1)
        sections.setdefault(section, []).append(f"{key}={value}")
    sections = {"main": sections.pop("main"), "variables": sections.pop("variables"), **sections}
    data = "\n".join("\n".join([f"[{name}]", *lines, ""]) for name, lines in sections.items())
    return {
        "profile": [
            {"name": name, "data": data if number == 0 else "[main]\nsummary=of a machine\n"}
            for number, name in enumerate(facts["profile_names"])
        ],
        "recommend": facts["recommend"],
    }


# --- the facts of a manifest ----------------------------------------------------------------------


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
    text = base64.b64decode(body, validate=True).decode()
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


def facts_of(kept: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a manifest, in the form in which upstream's are kept."""
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


@cache
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


def both(case: str, name: str, manifest: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the facts of a manifest, and those of upstream's of the same name, to be compared."""
    facts = facts_of(manifest)
    if "main_profile" in facts:
        known = compared_settings()
        kept = {key: value for key, value in facts["main_profile"].items() if key in known}
        facts["main_profile"] = kept
    return facts, normalised(expected_of(case)["files"][name], facts)
