"""What the upstream renderer wrote is broken in every way that has a safe fix, and repaired.

The directories are not wplint's own writing: they hold what upstream was given and what it wrote
from that (``shared/oracle``), and beside it a few manifests by hand. A plain run breaks each in a
few ways, so that every rule is met; ``WPLINT_EVERY_MUTATION=1`` breaks all in every way.
"""

from __future__ import annotations

import base64
import json
import os
import random
import re
import tomllib
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from builders import machine_config, rules
from fix_samples import read, write
from upstream_cases import (
    RENDERED,
    both,
    directory_of,
    needs_oracle,
)

from linter.engine.pages import page_for
from linter.engine.scoping import Tally, read_scopes
from linter.facts.cpus import Grammar
from linter.fix import FixOptions, fix_tree
from linter.formats import data_url
from linter.formats.cpu_masks import tuned_mask
from linter.formats.cpuset import parse_cpuset
from linter.model.cluster import build_cluster, target_releases
from linter.model.releases import NEWEST_MINOR, Release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linter.facts.cpus import CpuStatement
    from linter.fix import FixOutcome

    Files = dict[str, str]

EVERY = bool(os.environ.get("WPLINT_EVERY_MUTATION"))
SAMPLED = (
    "arbiter-topology", "custom-pool", "custom-pool-unlabelled", "explicit-labels",
    "kubelet-snippet", "legacy-sno-detected", "master-and-worker", "offlined", "raw-not-canonical",
    "rps-enabled", "sno-allnodes", "v1-profile-skipped",
)  # fmt: skip
"""The cases of which a plain run breaks a sample."""

BY_HAND = "openshift/98-by-hand.yaml"
INSTALL_CONFIG = "install-config.yaml"

UNBROKEN = {
    "WPL104": "no list of the outputs is a single CPU, which alone can be a number",
    "WPL209": "no profile that upstream was given names network devices",
    "WPL303": "upstream writes the pinning file beside CRI-O's table, where WPL304 speaks",
    "WPL316": "upstream's renderer knows no SiteConfig",
    "WPL324": "of releases up to 4.16; the outputs are those of the newest",
    "WPL701": "of releases up to 4.10; the outputs are those of the newest",
    "WPL702": "of releases up to 4.10; the outputs are those of the newest",
    "WPL706": "of releases up to 4.10; the outputs are those of the newest",
}
"""The rules with a safe fix for which there is no break here, and why."""

REPAIRED_AT_FIRST = {
    "custom-pool-unlabelled": {"WPL505"},
    "explicit-labels": {"WPL308", "WPL505", "WPL510"},
    "raw-not-canonical": {"WPL103"},
    "v1-profile-skipped": {"WPL204"},
}
"""The cases whose inputs are not as they should be, and what is repaired in them."""


NOT_HERE = {
    ("explicit-labels", "openshift/ran_machineconfig.yaml"): "no pool takes it",
    ("legacy-sno-detected", "manifests/02-machineconfig.yaml"): "what is rendered overrides it",
    ("owner-none", "openshift/perf_kubeletconfig.yaml"): "nothing says that it was rendered, so "
    "it need not state all",
    ("shared-mixed", BY_HAND): "with shared CPUs TuneD's mask is not that of the reserved ones",
    ("shared-mixed", "openshift/perf_kubeletconfig.yaml"): "with the shared CPUs, which the "
    "operator adds in a running cluster, two lists are right",
    ("user-level-networking", "openshift/perf_tuned.yaml"): "not all of it is kept in the oracle",
}
"""The files that are not broken, and why."""

SPELT_OTHERWISE = {
    "WPL002": "a string has other quotes",
    "WPL321": "payloads are written anew",
    "WPL802": "objects are written anew",
}
"""The rules whose repairs may spell otherwise what was there, and how."""


class Break(NamedTuple):
    """A way to break a directory: the rule that then speaks, what is broken, the broken files."""

    rule: str
    name: str
    files: Callable[[], Files]
    minor: int = NEWEST_MINOR


# --- the directories -----------------------------------------------------------------------------


def repaired(
    files: Files, minor: int = NEWEST_MINOR, *, unsafe: bool = False
) -> tuple[Files, FixOutcome]:
    """Return what a repair makes of files; the oracle is of the newest release."""
    with TemporaryDirectory() as folder:
        root, options = write(Path(folder), files), FixOptions(unsafe=unsafe)
        outcome = fix_tree([root], rules(), Release(minor), options)
        return {name: data.decode() for name, data in read(Path(folder)).items()}, outcome


@cache
def first_repair(case: str) -> tuple[Files, FixOutcome]:
    files = directory_of(case)
    profiles = [one for one in map(yaml.safe_load, files.values()) if "Profile" in one["kind"]]
    for profile in profiles:
        if "node-role.kubernetes.io/master" in profile["spec"]["nodeSelector"]:
            files[BY_HAND] = by_hand(profile["spec"]["cpu"]["reserved"])
    if any(one.get("status", {}).get("cpuPartitioning") == "AllNodes" for one in objects(files)):
        files[INSTALL_CONFIG] = install_config(objects(files))
    return repaired(files)


def objects(files: Files) -> list[dict[str, Any]]:
    return [one for one in map(yaml.safe_load, files.values()) if "kind" in one]


def consistent(case: str) -> Files:
    """Return the directory of a case about which no rule with a safe fix has anything to say."""
    return first_repair(case)[0]


@cache
def left_over(case: str, minor: int) -> set[tuple[str, str]]:
    """Return what is not repaired in the directory of a case."""
    return left_in(repaired(consistent(case), minor)[1])


@cache
def stays(case: str, minor: int) -> bool:
    """Say whether the directory of a case is consistent for a release as well."""
    return repaired(consistent(case), minor)[0] == consistent(case)


def by_hand(reserved: str) -> str:
    """Return what people write beside what is rendered: kernel arguments and a drop-in."""
    cpus = parse_cpuset(reserved)
    return machine_config(
        "98-by-hand",
        files={"/etc/systemd/system.conf.d/cpus.conf": f"[Manager]\nCPUAffinity={cpus.text}\n"},
        kernel_arguments=[f"tuned.non_isolcpus={tuned_mask(cpus)}"],
    )


def install_config(found: list[dict[str, Any]]) -> str:
    (status,) = [one["status"] for one in found if one["kind"] == "Infrastructure"]
    single = status["controlPlaneTopology"] == "SingleReplica"
    return (
        "apiVersion: v1\nbaseDomain: example.org\nmetadata:\n  name: plant\n"
        "cpuPartitioningMode: AllNodes\ncapabilities:\n  baselineCapabilitySet: None\n"
        "  additionalEnabledCapabilities:\n  - OperatorLifecycleManager\n  - NodeTuning\n"
        f"compute:\n- name: worker\n  replicas: {0 if single else 2}\n"
        f"controlPlane:\n  name: master\n  replicas: {1 if single else 3}\n"
    )


# --- breaks of lists -----------------------------------------------------------------------------

OTHER_CPUS = {
    "reservedSystemCPUs": "WPL306",
    "infra_ctr_cpuset": "WPL305",
    "resources.cpuset": "WPL301",
    "management.cpuset": "WPL304",
    "isolated_cores": "WPL309",
    "CPUAffinity=": "WPL313",
}
SPELLINGS: dict[str, tuple[str, Callable[[CpuStatement], str]]] = {
    "more CPUs": ("", lambda s: f"{s.text},{max(s.cpus or [0]) + 8}"),
    "fewer CPUs": ("", lambda s: f"{min(s.cpus or [0])},{max(s.cpus or [0])}"),
    "a comma at the end": ("WPL101", lambda s: f"{s.text},"),
    "a space": ("WPL102", lambda s: s.text.replace(",", ", ")),
    "one by one": ("WPL103", lambda s: ",".join(map(str, sorted(s.cpus or [], reverse=True)))),
    "no text": ("WPL302", lambda s: ""),
}


def broken_lists(case: str, files: Files) -> Iterator[Break]:
    with TemporaryDirectory() as folder:
        write(Path(folder), files)
        ((scope, facts),) = read_scopes([folder], Tally())
        releases = target_releases(facts, Release(NEWEST_MINOR))
        cluster = build_cluster(scope.name, scope.path, facts, releases, installer=True)
        for number, statement in enumerate(cluster.statements):
            name = os.path.relpath(statement.ref.file.path, folder)
            if (case, name) in NOT_HERE:
                continue
            for how, (speaks, spelling) in SPELLINGS.items():
                rule = speaks or OTHER_CPUS.get(statement.where, "")
                text = spelling(statement)
                edit = statement.replaced_by(text).edit()
                if (
                    edit is None
                    or text == statement.text
                    or not can_break(statement, how, partitioned=INSTALL_CONFIG in files)
                ):
                    continue
                broken = edit.file.text[: edit.start] + edit.new + edit.file.text[edit.end :]
                what = f"{name}, {statement.where} ({number}): {how}"
                yield Break(rule, what, lambda name=name, text=broken: files | {name: text})


def can_break(statement: CpuStatement, how: str, *, partitioned: bool) -> bool:
    """Say whether a spelling of a list is wrong, and tells what is right."""
    if not statement.cpus:
        return False
    if how == "no text":
        return statement.where == "resources.cpuset" and partitioned
    if how.endswith("CPUs"):  # a profile's are the truth itself
        return statement.where in OTHER_CPUS and len(statement.cpus) > 2
    # TuneD and systemd take each of them.
    return statement.grammar is Grammar.KUBERNETES


# --- breaks of texts -----------------------------------------------------------------------------


class Text(NamedTuple):
    """Characters that are replaced wherever they stand, also within a payload."""

    rule: str
    name: str
    old: str
    new: str
    where: str = ""
    minor: int = NEWEST_MINOR


TEXTS = (
    Text("WPL002", "a quoted truth value", "enabled: true", "enabled: 'true'"),
    Text("WPL002", "a quoted number", "priority: 20", "priority: '20'"),
    Text("WPL002", "a bare truth value", "enable-rps: 'true'", "enable-rps: true"),
    Text("WPL108", "a mask with 0x", "non_isolcpus=0000000f", "non_isolcpus=0xf", BY_HAND),
    Text("WPL109", "a semicolon", "CPUAffinity=0", "CPUAffinity=;0", BY_HAND),
    Text(
        "WPL213",
        "a setting of the operator's",
        '"reservedSystemCPUs": "0-7"',
        '"reservedSystemCPUs": "0-7", "cpuManagerPolicy": "static"',
        "profile",
    ),
    Text("WPL308", "a setting", "ManagerPolicy: best-effort", "ManagerPolicy: none"),
    Text("WPL308", "a setting less", "    topologyManagerPolicy: best-effort\n", ""),
    Text(
        "WPL308", "a setting more", "    reservedSystem", "    podPidsLimit: 9\n    reservedSystem"
    ),
    Text("WPL308", "no reserved CPUs", "    reservedSystemCPUs: 0-1,32-33\n", ""),
    Text("WPL308", "the kernel", "kernelType: default", "kernelType: realtime"),
    Text("WPL308", "flags of isolcpus", "isolcpus=managed_irq,", "isolcpus=domain,managed_irq,"),
    Text("WPL312", "a mask of others", "non_isolcpus=0000000", "non_isolcpus=1000000", BY_HAND),
    Text("WPL317", "the unit", "OFFLINE_CPUS=30,31,62,63", "OFFLINE_CPUS=30,31"),
    Text("WPL318", "a key of CRI-O", '"cpuset" =', '"cpus" ='),
    Text("WPL319", "an annotation", "target.workload.openshift.io/management", "target/management"),
    Text("WPL320", "shares", '"cpushares" = 0', '"cpushares" = 512'),
    Text("WPL321", "TOML", "workloads.management]", "workloads.management", "perf_machineconfig"),
    Text("WPL321", "JSON", '{\n  "management": {', '{\n  "management": ', "perf_machineconfig"),
    Text("WPL323", "the directory of CRI-O", "crio.conf.d/99-work", "conf.d/99-work"),
    Text("WPL403", "the mode", "AllNodes", "allnodes"),
    Text("WPL502", "a value", "worker-cnf: ''", "worker-cnf: 'true'", "profile"),
    Text(
        "WPL505",
        "no labels",
        "  labels:\n    machineconfiguration.openshift.io/role: worker-cnf\n",
        "",
        "machineconfigpool",
    ),
    Text(
        "WPL510",
        "another label",
        "PoolSelector:\n    machineconfiguration.openshift.io/role: ",
        "PoolSelector:\n    machineconfiguration.openshift.io/rôle: ",
        "profile",
    ),
    Text("WPL605", "Ignition", "version: 3.2.0", "version: 3.5.0", minor=16),
    Text("WPL607", "a mode in decimal", "mode: 420", "mode: 644"),
    Text("WPL607", "another mode in decimal", "mode: 448", "mode: 700"),
    Text("WPL611", "base64 cut short", "==\n", "\n"),
    Text("WPL703", "the capability", "\n  - NodeTuning", ""),
    Text("WPL905", "the namespace", "openshift-cluster-node-tuning-operator", "default"),
)


def broken_texts(case: str, files: Files) -> Iterator[Break]:
    for text in TEXTS:
        for name, content in files.items():
            if text.where not in name or (case, name) in NOT_HERE:
                continue
            for number, broken in enumerate(replaced(content, text.old, text.new)):
                what = f"{name}: {text.name} ({number})"
                made = lambda name=name, broken=broken: files | {name: broken}  # noqa: E731
                yield Break(text.rule, what, made, text.minor)


def replaced(content: str, old: str, new: str) -> Iterator[str]:
    """Yield a text with some characters replaced, once in each place of it and in each payload."""
    for found in re.finditer(re.escape(old), content):
        yield content[: found.start()] + new + content[found.end() :]
    for found in re.finditer(r"base64,([A-Za-z0-9+/=]+)", content):
        text = base64.b64decode(found[1]).decode()
        if old in text:
            inner = base64.b64encode(text.replace(old, new).encode()).decode()
            yield content[: found.start(1)] + inner + content[found.end(1) :]


# --- objects that are missing --------------------------------------------------------------------


def missing_objects(case: str, files: Files) -> Iterator[Break]:
    """Break a directory by taking away what was rendered for one of its profiles or pools."""
    found = objects(files)

    def named(kind: str) -> list[str]:
        return [one["metadata"]["name"] for one in found if one["kind"] == kind]

    heads = {f"profile {name}": f"{name}_" for name in named("PerformanceProfile")[1:]}
    heads |= {f"pool {name}": f"01_01-{name}-cpu-" for name in named("MachineConfigPool")}
    for owner, head in heads.items():
        gone = [name for name in files if name.startswith(f"openshift/{head}")]
        kept = {name: text for name, text in files.items() if name not in gone}
        if gone:
            yield Break("WPL802", f"{case}: {owner}", lambda kept=kept: kept)


def as_given(case: str, files: Files) -> Iterator[Break]:
    """Break a directory by what was wrong with its inputs."""
    for rule in REPAIRED_AT_FIRST.get(case, ()):
        if len(REPAIRED_AT_FIRST[case]) == 1:
            yield Break(rule, "as it was given", lambda: files | directory_of(case))


# --- the tests -----------------------------------------------------------------------------------


def all_breaks(case: str, files: Files) -> Iterator[Break]:
    yield from broken_lists(case, files)
    yield from broken_texts(case, files)
    yield from missing_objects(case, files)
    yield from as_given(case, files)


@cache
def breaks() -> dict[str, list[tuple[str, Break]]]:
    """Return the ways in which the cases can be broken, by the rule that then speaks."""
    found: dict[str, list[tuple[str, Break]]] = {}
    for case in RENDERED if EVERY else SAMPLED:
        files = consistent(case)
        for one in all_breaks(case, files):
            if stays(case, one.minor):
                found.setdefault(one.rule, []).append((case, one))
    return found


def safe_rules() -> list[str]:
    return [rule.code for rule in rules() if page_for(rule).fix == "safe"]


@needs_oracle
def test_every_rule_with_a_safe_fix_has_a_break_or_a_reason() -> None:
    assert sorted(set(breaks()) | set(UNBROKEN)) == safe_rules()
    assert not set(breaks()) & set(UNBROKEN)


@needs_oracle
@pytest.mark.parametrize("case", RENDERED)
def test_only_what_is_wrong_in_a_case_is_repaired(case: str) -> None:
    _, outcome = first_repair(case)
    assert outcome.refusal == ""
    assert {item.finding.rule for item in outcome.fixed} == REPAIRED_AT_FIRST.get(case, set())


@needs_oracle
@pytest.mark.parametrize("rule", [code for code in safe_rules() if code not in UNBROKEN])
def test_what_is_broken_is_repaired_to_the_byte(rule: str) -> None:
    found = breaks()[rule]
    for case, one in found if EVERY else random.Random(rule).sample(found, min(2, len(found))):
        check(case, one)


@needs_oracle
def test_a_misspelt_list_is_not_taken_away() -> None:
    """No name is put in place of another without being asked, and none is taken away for it."""
    files = consistent("sno-allnodes")
    (name,) = [name for name in files if name.endswith("_kubeletconfig.yaml")]
    broken = files | {name: files[name].replace("reservedSystemCPUs", "reservedSystemCPU")}
    after, outcome = repaired(broken)
    assert after == broken
    assert {left.finding.rule for left in outcome.left} == {"WPL002", "WPL308"}
    after, outcome = repaired(broken, unsafe=True)
    assert after == files
    assert outcome.left == ()


def check(case: str, one: Break) -> None:
    what = f"{case}: {one.name}"
    before, broken = consistent(case), one.files()
    assert broken != before, what
    after, outcome = repaired(broken, one.minor)
    assert outcome.refusal == "", what
    assert one.rule in {item.finding.rule for item in outcome.fixed}, what
    assert left_in(outcome) == left_over(case, one.minor), what
    assert after.keys() == before.keys(), what
    for name, text in after.items():
        if text != before[name]:
            assert one.rule in SPELT_OTHERWISE, f"{what}: {name}"
            assert same_model(case, name, text, before[name]), f"{what}: {name}"


def left_in(outcome: FixOutcome) -> set[tuple[str, str]]:
    return {(left.finding.rule, left.finding.message) for left in outcome.left}


def same_model(case: str, name: str, after: str, before: str) -> bool:
    """Say whether a file says what it said, as far as that is known of what upstream wrote."""
    if model(yaml.safe_load(after)) == model(yaml.safe_load(before)):
        return True
    facts, theirs = both(case, Path(name).name, yaml.safe_load(after))
    return facts == theirs


def model(value: Any) -> Any:
    """Return an object with its payloads read."""
    if isinstance(value, dict):
        return {key: model(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [model(inner) for inner in value]
    text = data_url.decode(value).text if str(value).startswith("data:") else None
    for load in (json.loads, tomllib.loads) if text is not None else ():
        with suppress(ValueError):
            return load(text)
    return value
