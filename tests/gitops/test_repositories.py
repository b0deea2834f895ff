"""Liveness, samples, install-time manifests, and what is odd about policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from effort import tried
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from repositories import (
    CRS,
    PROFILE,
    facts,
    generator,
    hub,
    instance,
    outcome,
    racks,
    reserved,
    said,
    site,
    template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]


POOL = """\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: {name: edge, labels: {a: b}}
spec:
  machineConfigSelector:
    matchExpressions:
    - {key: machineconfiguration.openshift.io/role, operator: In, values: [worker, edge]}
  nodeSelector: {matchLabels: {node-role.kubernetes.io/edge: ""}}
"""


def config(cpuset: str) -> str:
    """Return a MachineConfig that pins management pods."""
    table = (
        "%5Bcrio.runtime.workloads.management%5D%0A"
        "activation_annotation%20%3D%20%22target.workload.openshift.io/management%22%0A"
        "annotation_prefix%20%3D%20%22resources.workload.openshift.io%22%0A"
        f"resources%20%3D%20%7B%20%22cpushares%22%20%3D%200%2C%20%22cpuset%22%20%3D%20%22{cpuset}"
        "%22%20%7D%0A"
    )
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata:\n"
        "  name: 02-master-pinning\n  labels: {machineconfiguration.openshift.io/role: master}\n"
        "spec:\n  config:\n    ignition: {version: 3.2.0}\n    storage:\n      files:\n"
        "      - path: /etc/crio/crio.conf.d/01-workload-partitioning\n        mode: 420\n"
        f"        contents: {{source: 'data:,{table}'}}\n"
    )


def config_map(name: str, namespace: str, *manifests: str) -> str:
    """Return a ConfigMap of manifests."""
    data = "".join(
        f"  {number}.yaml: |\n" + "".join(f"    {line}\n" for line in text.splitlines())
        for number, text in enumerate(manifests)
    )
    head = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
    return f"{head}data:\n{data}"


def with_extra(name: str) -> str:
    return instance(name).replace("  nodes:\n", "  extraManifestsRefs: [{name: extra}]\n  nodes:\n")


def test_a_cluster_is_installed_with_the_manifests_of_its_config_map(tree: Tree) -> None:
    folder = tree({
        "c.yaml": with_extra("north"), "policies/p.yaml": template(), **CRS,
        "extra.yaml": config_map("extra", "north", POOL, config("0-3")),
    })  # fmt: skip
    (item,) = said(folder, "WPL301")
    assert (item.cluster, item.primary.ref.text) == ("north", "0-3")
    assert item.primary.ref.in_file().file.name.endswith("extra.yaml")
    assert [pool.name for pool in facts(folder)["north"].pools] == ["edge"]


def test_a_kustomization_makes_the_config_map_of_files(tree: Tree) -> None:
    kustomization = (
        "resources: [c.yaml]\nconfigMapGenerator:\n"
        "- {name: extra, namespace: north, files: [extra/mc.yaml, pool=extra/pool.yaml]}\n"
    )
    folder = tree({
        "c.yaml": with_extra("north"), "kustomization.yaml": kustomization,
        "extra/mc.yaml": config("0-3"), "extra/pool.yaml": POOL,
    })  # fmt: skip
    found = facts(folder)
    assert len(found["north"].machine_configs) == len(found["north"].pools) == 1
    assert all(not other.manifests for name, other in found.items() if name != "north")


def test_a_siteconfig_names_directories_of_manifests(tree: Tree) -> None:
    text = site("north").replace("    nodes:\n", "    extraManifestPath: extra/\n    nodes:\n")
    folder = tree({
        "sites/north.yaml": text, "sites/extra/mc.yaml": config("0-3"),
        "policies/p.yaml": template(), **CRS,
    })  # fmt: skip
    assert [item.primary.ref.text for item in said(folder, "WPL301")] == ["0-3"]


def test_a_config_map_that_no_cluster_names_stands_alone(tree: Tree) -> None:
    folder = tree({
        "c.yaml": instance("north"), "policies/p.yaml": template(), **CRS,
        "extra.yaml": config_map("extra", "north", config("0-3")),
    })  # fmt: skip
    assert said(folder, "WPL301", "WPL401") == []
    assert len(facts(folder)["extra"].machine_configs) == 1


def test_a_sample_meets_only_its_own_samples(tree: Tree) -> None:
    folder = tree({
        "sites/north.yaml": site("north"), "policies/p.yaml": template(), **CRS,
        "out/example/sites/s.yaml": site("sample", cpusets=("0-3",)),
        "out/example/policies/p.yaml": template("0-3", "4-9"),
    })  # fmt: skip
    assert reserved(folder, "north") == ["0-1,20-21"]
    assert reserved(folder, "sample") == ["0-3"]
    assert outcome(folder).findings == ()


def test_two_policies_of_one_directory_disagree(tree: Tree) -> None:
    folder = tree({
        "c.yaml": instance("north"), "policies/a.yaml": template("0-3", "4-9", name="a"),
        "policies/b.yaml": template("0-5", "6-9", name="b"), **CRS,
    })  # fmt: skip
    (item,) = outcome(folder).findings
    assert item.rule == "WPL808"
    assert [label.ref.text for label in item.labels] == ["0-5", "0-3"]


def test_a_generator_leaves_placeholders(tree: Tree) -> None:
    source = PROFILE.replace("$mcp", "master")
    crs = {"policies/source-crs/PerformanceProfile.yaml": source}
    clean = "spec: {cpu: {reserved: 0-3, isolated: 4-9}}"
    half = "spec: {cpu: {reserved: 0-3, isolated: null}}"
    for number, (patch, expected) in enumerate([("", 2), (half, 0), (clean, 0)]):
        files = {"policies/p.yaml": generator("labelSelector: {a: b}", patch), **crs}
        folder = tree({f"{number}/{name}": text for name, text in files.items()})
        assert len(said(f"{folder}/{number}", "WPL110")) == expected


def test_a_generator_leaves_the_pool_open(tree: Tree) -> None:
    text = generator("labelSelector: {edge: ''}", "spec: {cpu: {reserved: 0-3, isolated: 4-9}}")
    folder = tree({"c.yaml": instance("north"), "policies/p.yaml": text, **CRS})
    (item,) = said(folder, "WPL110", "WPL502")
    assert "$mcp" in item.message
    assert item.labels[1].ref.text == "node-role.kubernetes.io/$mcp"


def test_a_payload_may_be_read_from_a_config_map(tree: Tree) -> None:
    written = config("0-3").replace("\n", "\n    ")
    source = written.split("source: '")[1].split("'")[0]
    machine_config = config("X").split("'data:")[0] + "$source}\n"
    text = template() + (
        "  - fileName: MachineConfigGeneric.yaml\n    policyName: config\n    spec:\n"
        "      config:\n        storage:\n          files:\n"
        "          - path: /etc/crio/crio.conf.d/01-workload-partitioning\n            mode: 420\n"
        f"            contents: {{source: {hub('source')}}}\n"
    )
    folder = tree({
        "c.yaml": instance("north", "edge: ''\nrack: a"), "policies/p.yaml": text, **CRS,
        "policies/source-crs/MachineConfigGeneric.yaml": machine_config,
        "policies/racks.yaml": racks(f"a-source: {source}"),
    })  # fmt: skip
    (item,) = said(folder, "WPL301")
    assert item.primary.ref.text == "0-3"
    assert item.primary.ref.file.name.endswith("racks.yaml")
    assert "policy edge-config reads it here" in {label.words for label in item.labels}


def test_an_installer_directory_stays_one(tree: Tree) -> None:
    profile = PROFILE.replace("$reserved", "0-3").replace("$isolated", "3-9")
    profile = profile.replace("$mcp", "master").replace("$size", "1G").replace("$count", "4")
    folder = tree({
        "c.yaml": instance("north"), "kustomization.yaml": "resources: [c.yaml]\n",
        "lab/openshift/p.yaml": profile, "lab/install-config.yaml": "baseDomain: a\n",
    })  # fmt: skip
    assert [item.severity.value for item in said(folder, "WPL202")] == ["error"]


def test_a_patch_may_replace_and_delete(tree: Tree) -> None:
    patch = (
        "metadata: {name: other}\nspec:\n  cpu: {$patch: replace, reserved: 0-3}\n"
        "  hugepages: {$patch: delete}\n  nodeSelector: {$patch: replace, a/b: ''}\n"
    )
    text = generator("labelSelector: {edge: ''}", patch)
    folder = tree({"c.yaml": instance("north"), "policies/p.yaml": text, **CRS})
    (profile,) = facts(folder)["north"].profiles
    spec = profile.manifest.root.at("spec").plain()
    assert profile.name == "other"
    assert spec == {"cpu": {"reserved": "0-3"}, "nodeSelector": {"a/b": ""}}


@pytest.mark.parametrize(
    ("key", "expected"), [("resources", ["WPL805"]), ("generators", []), ("# resources", [])]
)
def test_a_generator_under_resources(tree: Tree, key: str, expected: list[str]) -> None:
    files = {"policies/p.yaml": template(), **CRS}
    folder = tree({**files, "policies/kustomization.yaml": f"{key}:\n- p.yaml\n"})
    if key.startswith("#"):
        folder = tree({"policies/kustomization.yaml": "resources:\n- other.yaml\n"})
    assert [item.rule for item in said(folder, "WPL805")] == expected


def test_directories_may_be_taken_as_generators(tree: Tree) -> None:
    folder = tree({
        "kustomization.yaml": "generators: [policies]\n", "policies/p.yaml": template(), **CRS,
        "policies/kustomization.yaml": "resources: [p.yaml]\n",
    })  # fmt: skip
    assert said(folder, "WPL805") == []


@pytest.mark.parametrize(
    ("patch", "bound"),
    [
        ("patches: [{target: {kind: ClusterInstance}, patch: '- op: add'}]", False),
        ("patches: [{target: {name: north}, path: p.yaml}]", False),
        ("patches: [{path: patch.yaml}]", False),
        ("patchesStrategicMerge: [patch.yaml]", False),
        ("patchesStrategicMerge: ['{kind: ClusterInstance}']", False),
        ("patches: [{target: {kind: Deployment}, patch: x}]", True),
        ("patches: []", True),
        ("patches: [3, {}, [x]]", True),
    ],
)
def test_patched_clusters_are_left_out(tree: Tree, patch: str, bound: bool) -> None:
    folder = tree({
        "base/c.yaml": instance("north"), "base/kustomization.yaml": "resources: [c.yaml]\n",
        "lab/kustomization.yaml": f"resources: [../base]\n{patch}\n",
        "lab/patch.yaml": "kind: ClusterInstance\nmetadata: {name: north}\n",
        "policies/p.yaml": template(), **CRS,
    })  # fmt: skip
    assert ("north" in facts(folder)) is bound
    reasons = [entry.reason for entry in outcome(folder).summary.not_understood]
    assert ("a patched ClusterInstance, not read" in reasons) is not bound


def test_a_source_cr_that_is_no_yaml_is_a_finding(tree: Tree) -> None:
    broken = "kind: PerformanceProfile\n  a: b\n c"
    folder = tree({
        "policies/p.yaml": template(), "policies/source-crs/PerformanceProfile.yaml": broken
    })  # fmt: skip
    assert [item.rule for item in outcome(folder).findings] == ["WPL001"]


def test_what_is_not_read_is_counted(tree: Tree) -> None:
    policy = (
        "apiVersion: policy.open-cluster-management.io/v1\nkind: Policy\n"
        "metadata: {name: p, namespace: n}\nspec:\n  policy-templates:\n  - objectDefinition:\n"
        "      kind: ConfigurationPolicy\n      spec: {object-templates-raw: '{{ if x }}'}\n"
    )
    summary = outcome(tree({"p.yaml": policy})).summary
    assert [entry.reason for entry in summary.not_understood] == ["object-templates-raw, not read"]


REPOSITORY = {
    "sites/a.yaml": with_extra("a"),
    "sites/b.yaml": site("b", "edge: x\nrack: r", ("0-3", "0-3")),
    "sites/kustomization.yaml": "generators: [b.yaml]\nresources: [a.yaml, ../policies]\n",
    "sites/extra.yaml": config_map("extra", "a", POOL, config("0-3")),
    "policies/kustomization.yaml": "generators: [p.yaml, q.yaml]\nresources: [racks.yaml]\n",
    "policies/p.yaml": template(hub("res"), hub("iso")),
    "policies/q.yaml": generator("labelSelector: {edge: x}", "spec: {cpu: {reserved: 0-3}}"),
    "policies/racks.yaml": racks("r-res: 0-3\nr-iso: 4-9"),
    **CRS,
}


@tried(30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(REPOSITORY)),
            st.integers(0, 30),
            st.sampled_from(
                ["", "- ", "  - x: [", "{{ a }}", "a: &a\n- *a", "? b", "\t", "~", "'"]
            ),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_repository_breaks_a_run(tree: Tree, changes: list[tuple[str, int, str]]) -> None:
    files = {name: text.splitlines() for name, text in REPOSITORY.items()}
    for name, line, text in changes:
        files[name][line % len(files[name])] = text
    folder = tree({name: "\n".join(lines) + "\n" for name, lines in files.items()})
    assert outcome(folder).failures == ()


PLAIN = (
    "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata:\n"
    "  name: 98-other\n  labels: {machineconfiguration.openshift.io/role: master}\nspec: {}\n"
)


@pytest.mark.parametrize(
    ("paths", "files", "expected"),
    [
        ("[extra/]", {"extra/98.yaml": PLAIN}, ["WPL327"]),
        ("[extra/, more]", {"extra/98.yaml": PLAIN, "more/98.yaml": PLAIN}, ["WPL327"]),
        ("[extra/, more]", {"extra/98.yaml": PLAIN}, ["WPL316"]),  # who knows what is in more
        ("[extra/]", {"extra/98.yaml": PLAIN, "extra/workload/03.yaml": PLAIN}, ["WPL316"]),
        ("[]", {}, ["WPL316"]),
        ("[../../outside/]", {}, ["WPL316"]),
    ],
)
def test_search_paths_decide_whether_a_cpuset_counts(
    tree: Tree, paths: str, files: dict[str, str], expected: list[str]
) -> None:
    text = site("north", cpusets=("0-3",))
    text = text.replace("    nodes:", f"    extraManifests: {{searchPaths: {paths}}}\n    nodes:")
    folder = tree({"c.yaml": text, "policies/p.yaml": template(), **CRS, **files})
    assert [item.rule for item in said(folder, "WPL316", "WPL327")] == expected


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ('{"cpuPartitionMode": "AllNodes"}', ["error"]),
        ('{"CPUPartitioningMode": "AllNodes"}', []),
        ('{"cpuPartitioningMode": "AllNodes", "cpuPartitionMode": "AllNodes"}', []),
        ('{"network": {}, "networkings": {}}', ["warning", "warning"]),
        ('{"publsh": "External", "controlplane": {}}', ["warning"]),
        ('{"somethingElse": 1, "": 2}', []),
        ("{" + ", ".join(f'"cpuPartitionMode{n}": 1' for n in range(500)) + "}", ["error"] * 100),
    ],
)
def test_keys_of_overrides(tree: Tree, overrides: str, expected: list[str]) -> None:
    text = instance("north") + f"  installConfigOverrides: '{overrides}'\n"
    found = said(tree({"c.yaml": text}), "WPL416")
    assert [item.severity.value for item in found] == expected
