"""Outcomes built by hand: sources with payloads, findings, and what a run understood."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linter.engine.findings import Applicability, Finding, Fix, Severity
from linter.engine.loader import load_rules
from linter.engine.outcome import (
    ClusterOutcome,
    Outcome,
    PoolOutcome,
    RuleFailure,
    SkippedFile,
    Summary,
)
from linter.sources.text import Embedded, File, Label, Ref, Replacement, Slice, Source

if TYPE_CHECKING:
    from linter.engine.rules import Rule


@dataclass(frozen=True, slots=True)
class Base64:
    """How an ASCII payload lies in base64: three characters in four."""

    offset: int

    def to_parent(self, start: int, end: int) -> tuple[int, int]:
        return self.offset + 4 * (start // 3), self.offset + 4 * -(-end // 3)

    def rewrite(self, start: int, end: int, new: str) -> tuple[int, int, str] | None:
        return None


def at(source: Source, text: str, after: str = "") -> Ref:
    """The place of a text, the first one after another text."""
    begin = source.text.index(after) + len(after) if after else 0
    start = source.text.index(text, begin)
    return Ref(source, start, start + len(text))


def in_base64(name: str, title: str, payload: str, before: str, after: str = "\n") -> Embedded:
    """A payload as base64 in a file, after some text of the file."""
    code = base64.b64encode(payload.encode("ascii")).decode("ascii")
    file = File(name, before + code + after)
    return Embedded(payload, file, Base64(len(before)), title)


PROFILE = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: cell-site
spec:
  cpu:
    reserved: 0-2,24-26
    isolated: 3-23,27-47
"""

CRIO = """\
[crio.runtime.workloads.management]
activation_annotation = "target.workload.openshift.io/management"
annotation_prefix = "resources.workload.openshift.io"
resources = { "cpushares" = 0, "cpuset" = "0-2,34-36" }
"""

MACHINE_CONFIG = """\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 40-master-pinning
spec:
  config:
    storage:
      files:
      - path: /etc/crio/crio.conf.d/40-management.conf
        contents:
          source: data:text/plain;charset=utf-8;base64,"""


def cpuset_mismatch(
    profile: File | None = None, severity: Severity = Severity.ERROR, cluster: str = "site-a"
) -> Finding:
    """The design's own example with other numbers: TOML in base64 against the profile."""
    profile = profile or File("site-a/profile.yaml", PROFILE)
    crio = in_base64(
        "site-a/openshift/40-pinning.yaml",
        "/etc/crio/crio.conf.d/40-management.conf",
        CRIO,
        MACHINE_CONFIG,
    )
    pinned = at(crio, "0-2,34-36")
    return Finding(
        rule="WPL301",
        name="crio-workload-cpuset-mismatch",
        severity=severity,
        message="CRI-O pins management pods to 0-2,34-36, but the profile reserves 0-2,24-26.",
        labels=(
            Label(pinned, "pinned here"),
            Label(at(profile, "0-2,24-26"), "reserved here"),
        ),
        effect="CPUs 24-26 are reserved but get no management pods; 34-36 are given away to them.",
        advice="Pin the management workload to the CPUs that the profile reserves.",
        fix=Fix("set cpuset to 0-2,24-26", (Replacement(pinned, "0-2,24-26"),)),
        cluster=cluster,
        pool="master",
        releases="4.16",
        fingerprint="9f2c1d",
    )


def overlap() -> Finding:
    """Two labels on lines of one file that do not touch, a warning with an unsafe fix."""
    text = PROFILE.replace("3-23,27-47", "2-23,27-47").replace(
        "    isolated", "    # keep in step with the kernel arguments\n    isolated"
    )
    file = File("site-b/profile.yaml", text)
    isolated = at(file, "2-23,27-47")
    return Finding(
        rule="WPL104",
        name="reserved-and-isolated-overlap",
        severity=Severity.WARNING,
        message="CPU 2 is both reserved and isolated.",
        labels=(Label(isolated, "isolated here"), Label(at(file, "0-2,24-26"), "reserved here")),
        effect="The operator rejects the profile, and the node keeps its old configuration.",
        fix=Fix(
            "set isolated to 3-23,27-47",
            (Replacement(isolated, "3-23,27-47"),),
            Applicability.UNSAFE,
        ),
        cluster="site-b",
        pool="worker-rt",
    )


def one_line() -> Finding:
    """Three labels on one line, in kubelet JSON that stands in a block scalar."""
    file = File(
        "site-c/pinning.yaml",
        'data:\n  openshift-workload-pinning: |\n    { "management": { "cpuset": "0-1,40-41" } }\n',
    )
    start = file.text.index("{ ")
    payload = Embedded(
        file.text[start:], file, Slice(start), "/etc/kubernetes/openshift-workload-pinning"
    )
    return Finding(
        rule="WPL320",
        name="pinning-file-shape",
        severity=Severity.INFO,
        message="The kubelet pinning file names 0-1,40-41 for the workload management.",
        labels=(
            Label(at(payload, "0-1,40-41"), "these CPUs"),
            Label(at(payload, "management"), "of this workload"),
            Label(at(payload, "cpuset"), "in this key"),
        ),
        cluster="site-c",
    )


def everything() -> Outcome:
    """An outcome in which each part of the report has something to say."""
    return Outcome(
        findings=(cpuset_mismatch(), overlap(), one_line()),
        clusters=(
            ClusterOutcome(
                "site-a",
                "clusters/site-a",
                "4.16",
                "AllNodes",
                (PoolOutcome("master", "cell-site", "0-2,24-26", "3-23,27-47"),),
            ),
            ClusterOutcome(
                "site-b",
                "site-b",
                None,
                None,
                (
                    PoolOutcome("worker-rt", "cell-site", "0-2,24-26", None),
                    PoolOutcome("worker", None, None, None),
                ),
            ),
            ClusterOutcome("site-c", "", "4.12", "legacy"),
        ),
        summary=Summary(
            files=312,
            relevant=9,
            manifests=14,
            templated=3,
            skipped=tuple(
                SkippedFile(
                    f"charts/broken-{number}.yaml", "not YAML: line 3 opens a mapping twice"
                )
                for number in range(8)
            ),
            not_understood=(
                SkippedFile("site-a/extra.yaml", "the data URL of /etc/extra is not base64"),
            ),
            unreadable=1,
        ),
        failures=(RuleFailure("WPL999", "site-b", "ZeroDivisionError: division by zero"),),
        notes=("the baseline names a finding that is gone",),
        rules=rules(),
        fail_level=Severity.WARNING,
        shortfalls=("8 files were not read.", "1 object was not understood."),
        repository_paths={"site-a/profile.yaml": "clusters/lab 1/site-a/profile.yaml"},
    )


def rules() -> tuple[Rule, ...]:
    """Two of the rules that ran."""
    return tuple(rule for rule in load_rules() if rule.code in {"WPL301", "WPL320"})


def clean() -> Outcome:
    """A run that found nothing to complain about."""
    return Outcome(
        clusters=(
            ClusterOutcome(
                "site-a",
                "site-a",
                "4.16",
                "AllNodes",
                (PoolOutcome("master", "cell-site", "0-2,24-26", "3-23,27-47"),),
            ),
        ),
        summary=Summary(files=12, relevant=4, manifests=5),
    )


def of(*findings: Finding) -> Outcome:
    """An outcome of findings alone, about one cluster."""
    return Outcome(
        findings=findings,
        clusters=(ClusterOutcome("site", "site", "4.16", "AllNodes"),),
        summary=Summary(files=3, relevant=2, manifests=2),
    )


def finding_at(*labels: Label, message: str = "The reserved CPUs disagree.") -> Finding:
    """A finding about nothing but places."""
    return Finding(
        rule="WPL301",
        name="crio-workload-cpuset-mismatch",
        severity=Severity.ERROR,
        message=message,
        labels=labels,
    )


SECRET = "c3dvcmRmaXNo"

MINIFIED = (
    '{"auths":{"registry.example.org":{"auth":"' + SECRET * 6 + '"}},"kind":"KubeletConfiguration",'
    '"reservedSystemCPUs":"0-2,34-36","evictionHard":{"memory.available":"100Mi"},'
    '"featureGates":{"CPUManager":true},"cpuManagerPolicy":"static","token":"' + SECRET * 6 + '"}'
)


def awkward() -> Outcome:
    """Lines that are long, wide, indented by tabs, coloured, reordered, or several."""
    minified = in_base64("minified.yaml", "/etc/kubernetes/kubelet.conf", MINIFIED, "source: ")
    plain = File("plain.yaml", MINIFIED)
    wide = File("wide.yaml", "spec: { 備考: '確認済み 🚦', reserved: 0-2,24-26 }\n")
    tabs = File("tabs.conf", "[Manager]\n\tCPUAffinity=\t0-2 34-36\t# é\n")
    odd = File(
        "odd.yaml",
        "reserved: \x1b[31m0-2\x1b[0m,\u202e24-26\u202c # \u05d0 \xa0 \u200b e\u0301 \x07\n",
    )
    folded = File("folded.yaml", "cmdline: >-\n  systemd.cpu_affinity=0,1,2\n  nohz=on\nnext: 1\n")
    end = File("end.yaml", "reserved:\n")
    return of(
        finding_at(at(minified, "0-2,34-36").label("pinned here")),
        finding_at(
            at(plain, "0-2,34-36").label("pinned here"),
            at(plain, "static").label("because of this policy"),
        ),
        finding_at(at(minified, MINIFIED).outward().label("this whole payload")),
        finding_at(at(wide, "0-2,24-26").label("after wide characters"), at(wide, "🚦").label("")),
        finding_at(at(tabs, "0-2 34-36").label("after tabs"), at(tabs, "\t").label("a tab")),
        finding_at(at(odd, "24-26").label("turned around"), at(odd, "\x1b[31m0-2").label("red")),
        finding_at(
            Ref(folded, folded.text.index("systemd"), folded.text.index("\nnext")).label(
                "all of it"
            )
        ),
        finding_at(Ref(end, 9, 9).label("nothing stands here")),
        finding_at(
            at(end, "reserved").label("one thing"),
            at(end, "reserved").label("another"),
            at(end, "served").label("a part of it"),
        ),
    )
