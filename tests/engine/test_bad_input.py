"""Anything at all as a file ends in a finding or in a skip that the summary counts."""

from __future__ import annotations

import base64
import json
import os
import time
import zlib
from typing import TYPE_CHECKING

import pytest
from builders import (
    CRIO,
    PINNING,
    data_url,
    infrastructure,
    kubelet_config,
    machine_config,
    pinning,
    pool,
    profile,
    root_of,
    rules,
    workload,
)
from effort import tried
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from linter.engine.findings import Severity
from linter.engine.run import lint
from linter.model.releases import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from linter.engine.outcome import Outcome

    Tree = Callable[[Mapping[str, str | bytes]], str]

RULES = rules()
NEEDLE = "kind: MachineConfig\n"


def judge(directory: str, seconds: float = 10) -> Outcome:
    """Judge a directory, which must take a bounded time and break no rule."""
    began = time.process_time()
    outcome = lint([directory], RULES)
    assert time.process_time() - began < seconds
    assert outcome.failures == ()
    return outcome


def with_source(source: str, path: str = PINNING, compression: str = "") -> str:
    """Return a MachineConfig whose only file has some source."""
    text = machine_config("50", files={path: ""})
    text = text.replace(data_url(""), json.dumps(source))
    if compression:
        text += f"            compression: {compression}\n"
    return text


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\n", b"# nothing\n", b"\xef\xbb\xbf", b"---\n---\n"])
def test_an_empty_file_is_counted_and_says_nothing(content: bytes, tree: Tree) -> None:
    outcome = judge(tree({"a.yaml": content}))
    assert (outcome.summary.files, outcome.summary.manifests, outcome.findings) == (1, 0, ())


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) + NEEDLE.encode(),
        NEEDLE.encode() + b"\xff\xfe\x00",
        NEEDLE.encode() + b"name: caf\xe9\n",
        NEEDLE.encode() + b"\x00",
        "\ufeff".encode("utf-16-le") + NEEDLE.encode("utf-16-le") + b"\x00\xd8",
        b"\x00\x00\xfe\xff" + NEEDLE.encode("utf-32-be"),
        NEEDLE.encode() + b"spec: [1, 2\n",
        NEEDLE.encode() + b"spec: {a: b: c}\n",
        NEEDLE.encode() + b"a: *nowhere\n",
        NEEDLE.encode() + b"a: 'no end\n",
        NEEDLE.encode() + b"\tspec: 1\n",
        NEEDLE.encode() + b"spec: " + b"[" * 1_000_000,
        NEEDLE.encode() + b"spec: " + b"{a: " * 300_000,
        NEEDLE.encode() + b"spec:\n" + b"- " * 500_000 + b"x",
        NEEDLE.encode() + b"spec: &a [*a]\n",
        b'{"kind": "MachineConfig", "spec": ' + b"[" * 1_000_000,
    ],
    ids=lambda content: repr(content[20:50]),
)
def test_what_is_no_manifest_is_a_finding_at_a_place_in_it(content: bytes, tree: Tree) -> None:
    outcome = judge(tree({"a.yaml": content}))
    assert [f.severity for f in outcome.findings] == [Severity.ERROR]
    assert outcome.findings[0].primary.ref.file.name.endswith("a.yaml")
    assert outcome.findings[0].primary.ref.file.position(outcome.findings[0].primary.ref.start)
    assert outcome.summary.relevant == 1


def test_a_billion_laughs_are_not_laughed(tree: Tree) -> None:
    lines = ["a: &a [x, x]"]
    lines += [f"b{n}: &b{n} [{', '.join([f'*b{n - 1}' if n else '*a'] * 9)}]" for n in range(30)]
    outcome = judge(tree({"a.yaml": NEEDLE + "\n".join(lines)}))
    assert [f.severity for f in outcome.findings] == [Severity.ERROR]


def test_a_payload_named_by_many_aliases_is_not_decoded_over_and_over(tree: Tree) -> None:
    text = machine_config("50", files={PINNING: "x" * 300_000})
    entry = text.index("- path:")
    text = text[:entry] + "- &a\n          path:" + text[entry + 7 :]
    outcome = judge(tree({"a.yaml": text + "        - *a\n" * 50_000}))
    assert [f.severity for f in outcome.findings] == [Severity.ERROR]


def test_a_file_of_50_megabytes_is_skipped_and_counted(tree: Tree) -> None:
    directory = tree({"b.yaml": NEEDLE})
    with open(os.path.join(directory, "a.yaml"), "wb") as file:
        file.truncate(50 * 2**20)
    outcome = judge(directory)
    assert [(s.name[-6:], s.reason) for s in outcome.summary.skipped] == [
        ("a.yaml", "too large (the limit is 16 MiB)")
    ]


def test_a_large_file_that_does_not_matter_is_quickly_done_with(tree: Tree) -> None:
    outcome = judge(tree({"a.yaml": b"x: y\n" * 3_000_000}), seconds=3)
    assert (outcome.summary.files, outcome.summary.relevant) == (1, 0)


def test_a_fifo_is_skipped_and_not_waited_for(tree: Tree) -> None:
    directory = tree({})
    os.mkfifo(os.path.join(directory, "a.yaml"))
    (skipped,) = judge(directory, seconds=2).summary.skipped
    assert skipped.reason == "not a regular file"


def test_an_unreadable_file_is_skipped(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = tree({"a.yaml": NEEDLE, "b.yaml": NEEDLE})
    opened = os.open

    def refuse(path: str, *rest: int) -> int:
        if str(path).endswith("a.yaml"):  # root may read everything, so the system will not refuse
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest)

    monkeypatch.setattr(os, "open", refuse)
    outcome = judge(directory)
    assert [s.reason for s in outcome.summary.skipped] == ["unreadable (Permission denied)"]
    assert (outcome.summary.files, outcome.summary.relevant) == (2, 1)


def test_loops_and_dangling_links_are_skipped(tree: Tree) -> None:
    directory = tree({"a.yaml": NEEDLE})
    os.symlink(directory, os.path.join(directory, "loop"))
    os.symlink("c.yaml", os.path.join(directory, "b.yaml"))
    os.symlink("b.yaml", os.path.join(directory, "c.yaml"))
    os.symlink("gone.yaml", os.path.join(directory, "d.yaml"))
    outcome = judge(directory, seconds=2)
    assert outcome.summary.files == 1
    assert {s.reason.partition(" (")[0] for s in outcome.summary.skipped} == {
        "link loop",
        "dangling link",
    }


def test_a_template_that_is_no_yaml_is_skipped_and_counted(tree: Tree) -> None:
    text = NEEDLE + "{{- range .Values.pools }}\n  a: [\n{{- end }}\n"
    outcome = judge(tree({"a.yaml": text}))
    assert outcome.findings == ()
    assert [s.reason for s in outcome.summary.skipped] == ["a template, not read"]


def test_a_directory_that_looks_like_a_manifest_is_entered(tree: Tree) -> None:
    assert judge(tree({"x.yaml/a.yaml": NEEDLE})).summary.manifests == 0


# --- payloads ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "compression"),
    [
        ("data:;base64,!!!!", ""),
        ("data:;base64,ewogICJtYW5hZ2VtZW50Ijog*", ""),
        ("data:;base64,ewogICJtYW5hZ2VtZW50IjogewogIC", ""),
        ("data:,%zz", ""),
        ("https://example.com/x", ""),
        ("plain text", ""),
        ("data:;base64,aGVsbG8gd29ybGQhIQ==", "gzip"),
        (data_url("x" * 100, "gzip")[:-9], "gzip"),
        (data_url('{"management": ', "base64"), ""),
        (data_url("[" * 100_000, "base64"), ""),
        (data_url("not json", "percent"), ""),
    ],
)
def test_a_payload_that_cannot_be_read_is_a_finding(
    source: str, compression: str, tree: Tree
) -> None:
    outcome = judge(tree({"a.yaml": with_source(source, compression=compression)}))
    assert outcome.findings != ()
    assert {f.primary.ref.file.name[-6:] for f in outcome.findings} == {"a.yaml"}


@pytest.mark.parametrize("source", ["5", "[1]", "{a: b}", "yes"])
def test_a_source_that_is_no_string_is_a_finding(source: str, tree: Tree) -> None:
    text = machine_config("50", files={PINNING: ""}).replace(data_url(""), source)
    assert judge(tree({"a.yaml": text})).findings != ()


def test_gzip_that_expands_without_end_is_a_finding(tree: Tree) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(200)) + packer.flush()
    source = "data:;base64," + base64.b64encode(packed).decode()
    outcome = judge(tree({"a.yaml": with_source(source, compression="gzip")}))
    assert outcome.findings != ()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "a" + ".a" * 100_000 + " = 1",
        "a = " + "[" * 100_000,
        "a = " + "{a = " * 50_000,
        "[a]\n" * 20_000,
        'a = "' + "\\" * 100_001,
        "x = 1\n" * 10,
        "\x00",
        "[crio.runtime.workloads.management\n",
        "crio = 1\n[crio.runtime]\n",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_drop_in_that_is_no_toml_is_a_finding(text: str, tree: Tree) -> None:
    outcome = judge(tree({"a.yaml": machine_config("50", files={CRIO + "99": text})}))
    assert outcome.findings != ()


def test_a_huge_list_is_read_in_bounded_time(tree: Tree) -> None:
    cpus = ",".join(str(n % 9000) for n in range(300_000))
    outcome = judge(tree({"a.yaml": profile("0-1", cpus), "b.yaml": profile("0-" + "9" * 5000)}))
    assert outcome.findings != ()


@pytest.mark.parametrize("form", ["base64", "percent", "gzip"])
def test_thousands_of_mistakes_in_one_payload_are_told_in_bounded_time(
    form: str, tree: Tree
) -> None:
    lines = "[Manager]\n" + "CPUAffinity=x-1\n" * 4_000
    files = {"/etc/systemd/system.conf.d/a.conf": "# é\n" + lines}
    judge(tree({"a.yaml": machine_config("50", files=files, form=form)}), seconds=15)


def test_thousands_of_mistakes_in_one_file_are_told_in_bounded_time(tree: Tree) -> None:
    arguments = ["isolcpus=x", "systemd.cpu_affinity=9999999"] * 2_000
    judge(tree({"a.yaml": machine_config("50", kernel_arguments=arguments)}), seconds=15)


@pytest.mark.parametrize(
    "annotation",
    [
        "",
        "{",
        "[]",
        "nonsense",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"cpuPartitioningMode": 5}',
        "1" * 5000,
    ],
    ids=lambda text: text[:8],
)
def test_overrides_of_an_agent_cluster_install_may_be_anything(annotation: str, tree: Tree) -> None:
    text = (
        "apiVersion: extensions.hive.openshift.io/v1beta1\nkind: AgentClusterInstall\n"
        "metadata:\n  name: a\n  annotations:\n"
        f"    agent-install.openshift.io/install-config-overrides: {json.dumps(annotation)}\n"
    )
    assert judge(tree({"a.yaml": text})).summary.manifests == 1


# --- valid manifests, broken at random -----------------------------------------------------------

TUNED = """apiVersion: tuned.openshift.io/v1
kind: Tuned
metadata: {name: openshift-node-performance-perf}
spec:
  profile:
  - name: openshift-node-performance-perf
    data: |
      [main]
      include=openshift-node,cpu-partitioning
      [variables]
      isolated_cores=2-7
      [bootloader]
      cmdline_a=+isolcpus=managed_irq,${isolated_cores} systemd.cpu_affinity=0,1
  recommend:
  - profile: openshift-node-performance-perf
    priority: 20
    machineConfigLabels: {machineconfiguration.openshift.io/role: master}
"""
INSTALL_CONFIG = """apiVersion: v1
baseDomain: example.com
metadata: {name: lab}
controlPlane: {replicas: 1}
compute: [{name: worker, replicas: 0}]
cpuPartitioningMode: AllNodes
capabilities: {baselineCapabilitySet: None, additionalEnabledCapabilities: [NodeTuning]}
"""
AGENT = """apiVersion: extensions.hive.openshift.io/v1beta1
kind: AgentClusterInstall
metadata:
  name: lab
  annotations:
    agent-install.openshift.io/install-config-overrides: '{"cpuPartitioningMode": "AllNodes"}'
spec:
  imageSetRef: {name: img4.16.1}
  provisionRequirements: {controlPlaneAgents: 1, workerAgents: 0}
"""
CLUSTER_VERSION = """apiVersion: config.openshift.io/v1
kind: ClusterVersion
metadata: {name: version}
spec: {channel: stable-4.16}
status: {desired: {version: 4.16.3}}
"""
IMAGE_SET = """apiVersion: hive.openshift.io/v1
kind: ClusterImageSet
metadata: {name: img4.16.3}
spec: {releaseImage: 'quay.io/x/y:4.16.3-x86_64'}
"""
MANIFESTS = (
    profile("0-1", "2-7", extra="workloadHints: {mixedCpus: true}\nadditionalKernelArgs: [a=1]\n"),
    machine_config(
        "50-performance-perf",
        files={
            CRIO + "99-workload-pinning.conf": workload("0-1"),
            CRIO + "99-runtimes.conf": '[crio.runtime]\ninfra_ctr_cpuset = "0-1"\n',
            PINNING: pinning("0-1"),
            "/etc/systemd/system.conf.d/a.conf": "[Manager]\nCPUAffinity=0 1\n",
        },
        form="percent",
        kernel_arguments=["isolcpus=managed_irq,2-7", "systemd.cpu_affinity=0,1"],
        units="- name: a.service\n  enabled: true\n  contents: '[Unit]'\n  dropins: []\n",
    ),
    kubelet_config(
        "performance-perf",
        'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/master: ""',
        'cpuManagerPolicy: static\nreservedSystemCPUs: "0-1"',
    ),
    pool(
        "cnf",
        "machineConfigSelector: {matchExpressions: [{key: a, operator: In, values: [b]}]}\n"
        "nodeSelector: {matchLabels: {node-role.kubernetes.io/cnf: ''}}\n",
        "a: b",
    ),
    TUNED,
    INSTALL_CONFIG,
    AGENT,
    infrastructure(),
    CLUSTER_VERSION,
    IMAGE_SET,
)
VALUES = [
    None, "", "x", "0-1", "0-1,", "{{ x }}", "$x", "0", 0, -1, 1.5, 10**30, True, [], [None], [1],
    {}, {"a": None}, [[]], {"": {}}, "data:,x", "data:;base64,AAAA", "9" * 400, "x" * 5000, "é😀",
    "\x85\u2028", "- ", "4.16",
]  # fmt: skip
SPLICES = [
    "", " ", "\n", "\n\n  ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "!!int ", "|", ">", "'",
    '"', "#", "{{", "}}", "%", "\\", "\t", ",", "<<: ", "? ", "---\n", "é", "0", "-", "A",
]  # fmt: skip


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """List the paths of every value of a document."""
    children: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    return [path] + [place for key, child in children for place in places(child, (*path, key))]


def replaced(value: object, path: tuple[str | int, ...], new: object) -> object:
    """Return a document with one of its values replaced."""
    if not path:
        return new
    if isinstance(value, dict):
        return {k: replaced(v, path[1:], new) if k == path[0] else v for k, v in value.items()}
    assert isinstance(value, list)
    return [replaced(v, path[1:], new) if n == path[0] else v for n, v in enumerate(value)]


PLAIN = [root_of(text).plain() for text in MANIFESTS]
PLACES = [(number, path) for number, value in enumerate(PLAIN) for path in places(value)]


@tried(150, suppress_health_check=list(HealthCheck))
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(VALUES)), min_size=1, max_size=3
    ),
    release=st.sampled_from([None, Release(12), Release(16)]),
)
def test_no_value_in_the_wrong_place_breaks_anything(
    changes: list[tuple[tuple[int, tuple[str | int, ...]], object]],
    release: Release | None,
    tmp_path: Path,
) -> None:
    documents = list(PLAIN)
    for (number, path), new in changes:
        if path in places(documents[number]):
            documents[number] = replaced(documents[number], path, new)
    text = "\n---\n".join(json.dumps(document, ensure_ascii=False) for document in documents)
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    outcome = lint([str(tmp_path)], RULES, release)
    assert outcome.failures == ()


@tried(150, suppress_health_check=list(HealthCheck))
@given(
    splices=st.lists(
        st.tuples(
            st.integers(0, len(MANIFESTS) - 1),
            st.floats(0, 1),
            st.integers(0, 12),
            st.sampled_from(SPLICES),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_text_breaks_anything(
    splices: list[tuple[int, float, int, str]], tmp_path: Path
) -> None:
    texts = list(MANIFESTS)
    for number, share, cut, new in splices:
        at = int(share * len(texts[number]))
        texts[number] = texts[number][:at] + new + texts[number][at + cut :]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    outcome = lint([str(tmp_path)], RULES)
    assert outcome.failures == ()
    for found in outcome.findings:
        for label in found.labels:
            ref = label.ref.in_file()
            assert 0 <= ref.start <= ref.end <= len(ref.source.text)


@tried(60, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from([CRIO + "99", PINNING, "/etc/systemd/system.conf.d/a.conf"]),
    head=st.sampled_from([workload("0-1"), pinning("0-1"), "[Manager]\nCPUAffinity=0 1\n", ""]),
    share=st.floats(0, 1),
    cut=st.integers(0, 9),
    new=st.sampled_from(SPLICES) | st.text(max_size=5),
    form=st.sampled_from(["base64", "percent", "gzip"]),
)
def test_no_payload_breaks_anything(
    path: str, head: str, share: float, cut: int, new: str, form: str, tmp_path: Path
) -> None:
    at = int(share * len(head))
    text = head[:at] + new + head[at + cut :]
    config = machine_config("50", files={path: text}, form=form)
    (tmp_path / "a.yaml").write_text(profile() + "---\n" + config, encoding="utf-8")
    assert lint([str(tmp_path)], RULES).failures == ()
