"""The schema files themselves, and that each field has one judge."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from builders import rules

from linter.engine.run import lint
from linter.facts.installation import MODES
from linter.facts.profile_settings import KERNEL_PAGE_SIZES, TOPOLOGY_POLICIES
from linter.formats.label_selector import OPERATORS
from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR, Release
from linter.schema.files import NAMES, introduced, schema
from linter.trees import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FOLDER = Path(tree("schemas"))
FILES = sorted(FOLDER.glob("*.schema.json"))
REGISTER = tomllib.loads(Path(tree("rules"), "register.toml").read_text(encoding="utf-8"))["rules"]

KEYWORDS = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "properties", "items",
    "additionalProperties", "required", "enum", "const", "minimum", "maximum",
}  # fmt: skip
"""Those that a look at a document takes into account, or that say nothing of it."""

OURS = {
    "x-since",
    "x-api-versions",
    "x-judged-by",
    "x-grows",
    "x-any-case",
    "x-essential",
    "x-refusal",
}


def parts(part: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every subschema and the path of fields that leads to it."""
    yield path, part
    for key, below in part.get("properties", {}).items():
        yield from parts(below, f"{path}.{key}")
    for key, below in part.get("$defs", {}).items():
        yield from parts(below, f"#{key}")
    for keyword in ("items", "additionalProperties"):
        if isinstance(below := part.get(keyword), dict):
            yield from parts(below, f"{path}[]")


WHOLE = sorted({name.partition("#")[0] for name in NAMES})
PARTS = [(name, path, part) for name in WHOLE for path, part in parts(schema(name))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_is_a_schema_of_2020_12(path: Path) -> None:
    body = json.loads(path.read_text(encoding="utf-8"))
    assert body["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(body)
    assert body["title"]
    assert body["description"]


def test_every_keyword_is_understood_or_has_another_judge() -> None:
    for name, path, part in PARTS:
        elsewhere = set(part.get("x-judged-by", {}))
        assert elsewhere <= set(part), (name, path)
        assert set(part) - elsewhere <= KEYWORDS | OURS, (name, path)
        assert "type" in part or "required" not in part, (name, path)
        for keyword, code in part.get("x-judged-by", {}).items():
            assert code in REGISTER, (name, path, keyword)


def test_a_field_came_with_a_release_that_is_known() -> None:
    for name in NAMES:
        for field in introduced(name):
            assert field.since is None or OLDEST_MINOR < field.since <= NEWEST_MINOR
            assert set(field.api_versions) <= {"v1", "v2"}


def test_the_schemas_enumerate_what_the_facts_do() -> None:
    enumerated = {(name, path): part["enum"] for name, path, part in PARTS if "enum" in part}
    profile = "performanceprofile"
    assert enumerated[profile, ".spec.kernelPageSize"] == list(KERNEL_PAGE_SIZES)
    assert enumerated[profile, ".spec.numa.topologyPolicy"] == list(TOPOLOGY_POLICIES)
    assert enumerated["infrastructure", ".status.cpuPartitioning"] == list(MODES)
    assert set(enumerated["kubeletconfig", "#requirement.operator"]) == set(OPERATORS)


def test_the_definition_and_the_schema_of_profiles_have_the_same_fields() -> None:
    """The definition is that of releases up to 4.10, but it names all fields, for rendering."""
    import yaml

    text = (FOLDER / "performanceprofile.crd.yaml").read_text(encoding="utf-8")
    (definition,) = [body for body in yaml.safe_load_all(text) if body]
    version = definition["spec"]["versions"][0]
    spec = version["schema"]["openAPIV3Schema"]["properties"]["spec"]

    def names(part: Mapping[str, Any], path: str = "") -> set[str]:
        return {
            f"{path}.{key}{rest}"
            for key, below in part.get(
                "properties", part.get("items", {}).get("properties", {})
            ).items()
            for rest in {"", *names(below)}
        }

    ours = set(names(schema("performanceprofile")["properties"]["spec"]))
    assert names(spec) == ours - {".machineConfigPoolSelector.matchLabels"}


HEAD = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)


def test_the_front_matter_of_every_rule_page_is_as_its_schema_has_it() -> None:
    body = json.loads((FOLDER / "rule-page.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(body)
    pages = sorted(Path(tree("rules")).glob("*.md"))
    assert pages
    for page in pages:
        head = HEAD.match(page.read_text(encoding="utf-8"))
        assert head is not None, page.name
        fields = dict(line.split(": ", 1) for line in head.group(1).splitlines())
        validator.validate({key: value.strip('"') for key, value in fields.items()})
    assert not validator.is_valid({"code": "301", "name": "x", "severity": "error"})


# --- one judge for each field --------------------------------------------------------------------

PROFILE = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata: {name: du}
spec:
  cpu: {reserved: 0-3, isolated: 4-7, %s}
  nodeSelector: {node-role.kubernetes.io/master: ""}
  %s
"""
CPUS = "{reserved: 0-3, isolated: 4-7, "
MACHINE = "apiVersion: machineconfiguration.openshift.io/v1\nkind: "
FILE = (
    MACHINE + "MachineConfig\nmetadata: {name: x, labels: {machineconfiguration.openshift.io/role: "
    "worker}}\nspec:\n  config:\n    ignition: {version: 3.2.0}\n    storage:\n      files:\n"
    "      - {path: /etc/motd, mode: %s, contents: {source: 'data:,x'}}\n"
)
KUBELET = (
    MACHINE + "KubeletConfig\nmetadata: {name: x}\nspec:\n  machineConfigPoolSelector: "
    "{matchLabels: {pools.operator.machineconfiguration.openshift.io/worker: ''}}\n  %s\n"
)
INFRASTRUCTURE = (
    "apiVersion: config.openshift.io/v1\nkind: Infrastructure\nmetadata: {name: cluster}\n"
    "status: {%s}\n"
)
INSTALL = (
    "apiVersion: v1\nbaseDomain: example.com\nmetadata: {name: lab}\ncontrolPlane: {replicas: 3}\n"
    "cpuPartitioningMode: %s\n"
)


def in_spec(text: str) -> str:
    return PROFILE.replace("%s}\n", "}\n", 1).replace(", }", "}") % text


def cpus(text: str) -> str:
    return PROFILE.replace(CPUS + "%s}", "{%s}") % (text, "")


BROKEN: dict[tuple[str, str, str], str] = {
    ("performanceprofile", ".spec.cpu.reserved", "type"): cpus("reserved: 0, isolated: 1-7"),
    ("performanceprofile", ".spec.cpu.isolated", "type"): cpus("reserved: 0-3, isolated: [4, 5]"),
    ("performanceprofile", ".spec.cpu.offlined", "type"): cpus(
        "reserved: 0-3, isolated: 4-7, offlined: 8"
    ),
    ("performanceprofile", ".spec.cpu.shared", "type"): cpus(
        "reserved: 0-3, isolated: 4-7, shared: {a: b}"
    ),
    ("performanceprofile", ".spec.cpu.ovsDpdk", "type"): cpus(
        "reserved: 0-3, isolated: 4-7, ovsDpdk: 8"
    ),
    ("performanceprofile", ".spec.machineConfigPoolSelector.matchLabels", "type"): in_spec(
        "machineConfigPoolSelector: {matchLabels: {a: b}}"
    ),
    ("performanceprofile", ".spec.kernelPageSize", "enum"): in_spec("kernelPageSize: 8k"),
    ("performanceprofile", ".spec.numa.topologyPolicy", "enum"): in_spec(
        "numa: {topologyPolicy: strict}"
    ),
    ("performanceprofile", ".spec.net.devices[].vendorID", "type"): in_spec(
        "net: {devices: [{vendorID: 0x8086}]}"
    ),
    ("performanceprofile", ".spec.net.devices[].vendorID", "pattern"): in_spec(
        "net: {devices: [{vendorID: '8086'}]}"
    ),
    ("performanceprofile", ".spec.net.devices[].deviceID", "type"): in_spec(
        "net: {devices: [{vendorID: '0x8086', deviceID: 0x1572}]}"
    ),
    ("performanceprofile", ".spec.net.devices[].deviceID", "pattern"): in_spec(
        "net: {devices: [{vendorID: '0x8086', deviceID: '0x'}]}"
    ),
    ("machineconfig", "#file.mode", "type"): FILE % "'0644'",
    ("machineconfig", "#file.mode", "maximum"): FILE % "644",
    ("kubeletconfig", ".spec.logLevel", "minimum"): KUBELET % "logLevel: -1",
    ("kubeletconfig", ".spec.logLevel", "maximum"): KUBELET % "logLevel: 11",
    ("kubeletconfig", "#configuration.reservedSystemCPUs", "type"): KUBELET
    % "kubeletConfig: {reservedSystemCPUs: 0}",
    ("infrastructure", ".status.cpuPartitioning", "type"): INFRASTRUCTURE % "cpuPartitioning: true",
    ("infrastructure", ".status.cpuPartitioning", "enum"): INFRASTRUCTURE % "cpuPartitioning: all",
    ("infrastructure", ".status.cpuPartitioningMode", "not"): INFRASTRUCTURE
    % "cpuPartitioningMode: AllNodes",
    ("install-config", ".cpuPartitioningMode", "type"): INSTALL % "true",
    ("install-config", ".cpuPartitioningMode", "enum"): INSTALL % "allnodes",
}


def test_every_field_with_another_judge_has_a_case() -> None:
    shared = {
        (name, path, keyword): code
        for name, path, part in PARTS
        for keyword, code in part.get("x-judged-by", {}).items()
    }
    assert shared.keys() == BROKEN.keys()


@pytest.mark.parametrize("case", BROKEN, ids="-".join)
def test_a_field_with_another_judge_is_reported_by_that_one_alone(
    case: tuple[str, str, str], tree: Callable[[Mapping[str, str | bytes]], str]
) -> None:
    name, path, keyword = case
    (part,) = [part for stem, field, part in PARTS if (stem, field) == (name, path)]
    file = "install-config.yaml" if name == "install-config" else "manifests/a.yaml"
    outcome = lint([tree({file: BROKEN[case]})], rules(), Release(NEWEST_MINOR))
    codes = [item.rule for item in outcome.findings]
    assert part["x-judged-by"][keyword] in codes
    assert "WPL002" not in codes
