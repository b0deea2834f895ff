"""What is reported of values that an API refuses, and what is not."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import pytest
from builders import root_of, rules
from schema_documents import of_text

from linter.engine.loader import select_rules
from linter.engine.run import lint
from linter.schema.files import INSTALL_CONFIG
from linter.schema.spelling import respelling, shown, wanted, written
from linter.schema.verdict import Kind, violations
from linter.sources.overlay import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.schema.verdict import Violation

MACHINE = "apiVersion: machineconfiguration.openshift.io/v1\nkind: "
PROFILE = "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
OVERRIDES = (
    "apiVersion: extensions.hive.openshift.io/v1beta1\nkind: AgentClusterInstall\nmetadata:\n"
    "  annotations:\n    agent-install.openshift.io/install-config-overrides: "
)
TUNED = "apiVersion: tuned.openshift.io/v1\nkind: Tuned\n"


def found(text: str) -> list[Violation]:
    return [
        violation
        for document in of_text(text)
        for violation in violations(document.root, document.schema)
    ]


ACCEPTED = {
    "YAML's other booleans": PROFILE + "spec: {realTimeKernel: {enabled: yes}, net: "
    "{userLevelNetworking: off}, globallyDisableIrqLoadBalancing: True}\n",
    "octal modes": MACHINE + "MachineConfig\nspec: {config: {storage: {files: [{path: /a, mode: "
    "0644}, {path: /b, mode: 0o644}, {path: /c, mode: 420}]}}}\n",
    "a number or a percentage": MACHINE + "MachineConfigPool\nspec: {maxUnavailable: 1}\n---\n"
    + MACHINE + "MachineConfigPool\nspec: {maxUnavailable: 25%}\n",
    "numbers that are whole": PROFILE
    + "spec: {hugepages: {pages: [{count: 4.0}, {count: 1_0}]}}\n",
    "quantities": MACHINE + "KubeletConfig\nspec: {kubeletConfig: {systemReserved: {cpu: 500m, "
    "memory: 1Gi}, kubeReserved: {cpu: 1}, evictionHard: {memory.available: 100Mi}}}\n",
    "null": PROFILE + "metadata: {creationTimestamp: null, labels: }\nspec: {net: ~, "
    "additionalKernelArgs: [null], numa: {topologyPolicy: null}}\n",
    "templates": PROFILE + "spec: {realTimeKernel: {enabled: '{{ rt }}'}, hugepages: {pages: "
    "[{count: $count}]}, workloadHints: {{ hints }}, nodeSelector: {{ selector }}}\n",
    "templates in keys": PROFILE + "spec: {'{{ key }}': 1, cpu: {'$set': 0-1}}\n",
    "a templated list": TUNED + "spec: {profile: '{{ profiles }}', recommend: [$recommend]}\n",
    "directives of patches": PROFILE + "$patch: delete\nmetadata: {name: x, $patch: replace}\n"
    "spec: {$retainKeys: [cpu]}\n",
    "a patch": TUNED + "metadata: {name: x}\nspec: {managementState: Managed}\n",
    "Ignition 2.2": MACHINE + "MachineConfig\nspec: {config: {ignition: {version: 2.2.0}, storage: "
    "{files: [{filesystem: root, path: /a, append: false, mode: 420, contents: {source: 'data:,', "
    "verification: {}}}]}, systemd: {units: [{name: a.service, enable: true, dropins: []}]}, "
    "networkd: {}, passwd: {}}}\n",
    "what a cluster adds": MACHINE + "MachineConfig\nmetadata: {uid: 1-2, generation: 3, "
    "managedFields: [{a: b}], ownerReferences: [{}]}\nstatus: {anything: [1]}\nspec: {extensions: "
    "null, kernelArguments: null, fips: false, osImageURL: '', config: {}}\n",
    "fields of releases to come": MACHINE + "KubeletConfig\nspec: {kubeletConfig: {wholeNewThing: "
    "1, memoryManagerPolicyOptions: {}}, brandNew: 2}\n---\napiVersion: v1\nbaseDomain: a\n"
    "metadata: {name: x}\nnovelty: {}\n",
    "other groups": "apiVersion: example.com/v1\nkind: PerformanceProfile\nspec: 7\n",
    "names in any case, where they are read so": OVERRIDES
    + "'{\"cpupartitioningMODE\": \"AllNodes\"}'\n---\n" + PROFILE
    + "metadata: {annotations: {kubeletconfig.experimental: '{\"MAXPODS\": 3}'}}\n---\n" + MACHINE
    + "MachineConfig\nspec: {config: {storage: {files: [{path: /a, Overwrite: true}]}}}\n",
    "not a number": PROFILE + "spec: {hugepages: {pages: [{count: .nan}, {count: .inf}]}}\n",
}  # fmt: skip


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_an_api_accepts_or_nobody_knows_is_not_reported(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "path", "is_", "must_be", "right"),
    [
        (PROFILE + "spec: {realTimeKernel: {enabled: 1}}\n",
         "spec.realTimeKernel.enabled", "the number '1'", "true or false", None),
        (PROFILE + "spec: {realTimeKernel: {enabled: 'yes'}}\n",
         "spec.realTimeKernel.enabled", "the string 'yes'", "true or false", "true"),
        (PROFILE + "spec: {nodeSelector: {a/b: 010}}\n",
         "spec.nodeSelector['a/b']", "the number '010'", "a string", '"010"'),
        (PROFILE + "spec: {nodeSelector: {a/b: 1.50}}\n",
         "spec.nodeSelector['a/b']", "the number '1.50'", "a string", None),
        (PROFILE + "spec: {nodeSelector: {matchLabels: {a/b: x}}}\n",
         "spec.nodeSelector.matchLabels", "an object", "a string", None),
        (PROFILE + "spec: {hugepages: {pages: [{count: '04'}]}}\n",
         "spec.hugepages.pages[0].count", "the string '04'", "an integer", None),
        (PROFILE + "spec: {hugepages: {pages: [{count: 3000000000}]}}\n",
         "spec.hugepages.pages[0].count", "'3000000000'", "at most 2147483647", None),
        (MACHINE + "MachineConfig\nspec: {config: {storage: {files: [{path: /a, contents: "
         "password}]}}}\n", "spec.config.storage.files[0].contents", "a single value",
         "an object", None),
        (PROFILE + "spec: {cpu: [0-1]}\n", "spec.cpu", "a list", "an object", None),
        (PROFILE.replace("v2", "v3") + "spec: {}\n", "apiVersion",
         "'performance.openshift.io/v3'",
         " or ".join([", ".join(f"performance.openshift.io/{v}" for v in ("v2", "v1")),
                      "performance.openshift.io/v1alpha1"]), None),
        (TUNED + "spec: {managementState: managed}\n", "spec.managementState", "'managed'",
         "Force, Managed, Unmanaged or Removed", "Managed"),
        (MACHINE + "MachineConfigPool\nspec: {nodeSelector: {matchExpressions: [{key: a, "
         "operator: Matches}]}}\n", "spec.nodeSelector.matchExpressions[0].operator", "'Matches'",
         "In, NotIn, Exists or DoesNotExist", None),
        (MACHINE + "MachineConfig\nspec: {config: {ignition: {version: 3.2}}}\n",
         "spec.config.ignition.version", "the number '3.2'", "a string", None),
        (MACHINE + "MachineConfigPool\nspec: {maxUnavailable: true}\n", "spec.maxUnavailable",
         "the boolean 'true'", "an integer or a string", None),
    ],
)  # fmt: skip
def test_what_is_said_of_a_value(
    text: str, path: str, is_: str, must_be: str, right: str | None
) -> None:
    (violation,) = found(text)
    assert shown(violation.path) == path
    assert written(violation) == is_
    assert wanted(violation) == must_be
    assert respelling(violation) == right


@pytest.mark.parametrize(
    ("text", "path", "nearest"),
    [
        (PROFILE + "spec: {cpus: {}}\n", "spec.cpus", "cpu"),
        (PROFILE + "spec: {nodeselector: {}}\n", "spec.nodeselector", "nodeSelector"),
        (PROFILE + "spec: {frobnication: {}}\n", "spec.frobnication", None),
        (PROFILE + "metadata: {lables: {}}\n", "metadata.lables", "labels"),
        (MACHINE + "MachineConfigPool\nspec: {nodeSelector: {node-role.kubernetes.io/a: ''}}\n",
         "spec.nodeSelector['node-role.kubernetes.io/a']", None),
        (MACHINE + "KubeletConfig\nspec: {kubeletConfig: {reservedSystemCpus: 0-1}}\n",
         "spec.kubeletConfig.reservedSystemCpus", "reservedSystemCPUs"),
        (MACHINE + "MachineConfig\nspec: {config: {storage: {files: [{path: /a, contents: "
         "{inline: x}}]}}}\n", "spec.config.storage.files[0].contents.inline", None),
        ("apiVersion: v1\nbaseDomain: a\nmetadata: {name: x}\ncpuPartitioning: AllNodes\n",
         "cpuPartitioning", "cpuPartitioningMode"),
        (OVERRIDES + "'{\"cpuPartitionMode\": \"AllNodes\"}'\n", "cpuPartitionMode",
         "cpuPartitioningMode"),
        (PROFILE + "metadata:\n  annotations:\n    kubeletconfig.experimental: "
         "'{\"maxPod\": 250}'\n", "maxPod", "maxPods"),
    ],
)  # fmt: skip
def test_an_unknown_field_and_the_one_that_is_meant(
    text: str, path: str, nearest: str | None
) -> None:
    (violation,) = found(text)
    assert violation.kind is Kind.UNKNOWN
    assert (shown(violation.path), violation.nearest) == (path, nearest)
    assert violation.holder.key_at(str(violation.path[-1])).content_ref().text == violation.path[-1]


def test_an_element_lacks_what_it_needs_unless_it_may_be_elsewhere() -> None:
    text = TUNED + "spec: {recommend: [{profile: x}], profile: [{'{{ key }}': x}]}\n"
    (violation,) = found(text)
    assert violation.kind is Kind.LACKING
    assert shown(violation.path) == "spec.recommend[0]"
    assert violation.allowed == ("priority",)
    assert violation.node.ref.text == "{profile: x}"
    assert not list(violations(opened(root_of(text)), "tuned"))


def test_places_are_found_in_aliases_and_merged_keys() -> None:
    text = PROFILE + "x-a: &a {enabled: 3}\nspec: {realTimeKernel: {<<: *a}, net: {devices: *b}}\n"
    (unknown, merged) = found(text.replace(", net: {devices: *b}", ""))
    assert shown(unknown.path) == "x-a"
    assert merged.node.ref.text == "3"


def test_a_document_that_is_too_large_through_its_aliases_is_left_alone() -> None:
    levels = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 6))
    text = PROFILE + f"x0: &x0 [1, 2]\n{levels}spec: {{cpu: *x5}}\n"
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (PROFILE + f"spec: {{{', '.join(f'cpu{number}: 1' for number in range(6_000))}}}\n", 100),
        (TUNED + f"spec: {{recommend: [{', '.join(['{}'] * 4_000)}]}}\n", 200),
        (MACHINE + "KubeletConfig\nspec: {kubeletConfig: {"
         + ", ".join(f"reservedSystemCPU{number}: 1" for number in range(6_000)) + "}}\n", 100),
    ],
    ids=["unknown", "lacking", "misspelt"],
)  # fmt: skip
def test_many_violations_are_bounded(text: str, most: int) -> None:
    start = process_time()
    assert 0 < len(found(text)) <= most
    assert process_time() - start < 20


def test_a_template_that_is_resolved_is_judged() -> None:
    assert [v.kind for v in violations(root_of("fips: maybe\ncompute: 3\n"), INSTALL_CONFIG)] == [
        Kind.TYPE
    ]


def test_one_cause_is_one_finding(tree: Callable[[Mapping[str, str | bytes]], str]) -> None:
    profile = PROFILE + (
        "metadata: {name: du}\nspec:\n  cpu: {reserved: 0-3, isolated: 4-7}\n"
        "  nodeSelector: {node-role.kubernetes.io/master: true}\n"
    )
    outcome = lint([tree({"manifests/a.yaml": profile})], rules())
    assert [item.rule for item in outcome.findings] == ["WPL002"]
    alone = lint([tree({})], select_rules(rules(), ["WPL002"]))
    assert [item.message for item in alone.findings] == [outcome.findings[0].message]
