"""Whoever changes one statement of CPUs in a consistent cluster is told, with both places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import indent
from typing import TYPE_CHECKING

import pytest
from builders import (
    CRIO,
    FORMS,
    PINNING,
    infrastructure,
    kubelet_config,
    machine_config,
    pinning,
    profile,
    rules,
    workload,
)

from linter.engine.findings import Severity
from linter.engine.run import lint
from linter.formats.cpuset import CpuListError, CpuSet, parse_cpuset
from linter.model.releases import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from linter.engine.outcome import Outcome
    from linter.sources.text import Ref

    Tree = Callable[[Mapping[str, str | bytes]], str]

RESERVED, ISOLATED = "0-1,32-33", "2-31,34-63"
RULES = rules()
RELEASE = Release(16)
DROP_IN = "/etc/systemd/system.conf.d/setAffinity.conf"


@dataclass(frozen=True)
class Stated:
    """What each place of the cluster states."""

    reserved: str = RESERVED
    isolated: str = ISOLATED
    crio: str = RESERVED
    infra: str = RESERVED
    pinning: str = RESERVED
    kubelet: str = RESERVED
    tuned: str = ISOLATED
    affinity: str = RESERVED
    isolcpus: str = ISOLATED
    nohz_full: str = ISOLATED
    rcu_nocbs: str = ISOLATED
    drop_in: str = RESERVED


PLACES = {
    "reserved": ("manifests/profile.yaml", ""),
    "isolated": ("manifests/profile.yaml", ""),
    "crio": ("openshift/50-performance.yaml", CRIO + "99-workload-pinning.conf"),
    "infra": ("openshift/50-performance.yaml", CRIO + "99-runtimes.conf"),
    "pinning": ("openshift/50-performance.yaml", PINNING),
    "kubelet": ("openshift/kubelet.yaml", ""),
    "tuned": ("openshift/tuned.yaml", "TuneD profile openshift-node-performance-perf"),
    "affinity": ("openshift/98-arguments.yaml", ""),
    "isolcpus": ("openshift/98-arguments.yaml", ""),
    "nohz_full": ("openshift/98-arguments.yaml", ""),
    "rcu_nocbs": ("openshift/98-arguments.yaml", ""),
    "drop_in": ("openshift/98-affinity.yaml", DROP_IN),
}
IN_PAYLOADS = ("crio", "infra", "pinning", "drop_in")


def files_of(stated: Stated, form: str) -> dict[str, str | bytes]:
    """Return the manifests of a single-node cluster."""
    runtimes = (
        f'\n[crio.runtime]\ninfra_ctr_cpuset = "{stated.infra}"\n'
        '[crio.runtime.runtimes.high-performance]\nruntime_path = "/bin/crun"\n'
    )
    tuned = (
        "[main]\nsummary=Performance\ninclude=openshift-node,cpu-partitioning\n"
        f"[variables]\nisolated_cores={stated.tuned}\n"
        "not_isolated_cores_expanded=${f:cpulist_invert:${isolated_cores_expanded}}\n"
        "[bootloader]\n"
        "cmdline_cpu_part=+nohz=on rcu_nocbs=${isolated_cores} "
        "tuned.non_isolcpus=${not_isolated_cpumask} "
        "systemd.cpu_affinity=${not_isolated_cores_expanded}\n"
    )
    return {
        "manifests/profile.yaml": profile(stated.reserved, stated.isolated),
        "manifests/infrastructure.yaml": infrastructure(),
        "openshift/50-performance.yaml": machine_config(
            "50-performance-perf",
            files={
                CRIO + "99-workload-pinning.conf": workload(stated.crio),
                CRIO + "99-runtimes.conf": runtimes,
                PINNING: pinning(stated.pinning),
            },
            form=form,
        ),
        "openshift/kubelet.yaml": kubelet_config(
            "performance-perf",
            'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/master: ""',
            f'cpuManagerPolicy: static\nreservedSystemCPUs: "{stated.kubelet}"',
        ),
        "openshift/tuned.yaml": (
            "apiVersion: tuned.openshift.io/v1\nkind: Tuned\nmetadata:\n"
            "  name: openshift-node-performance-perf\n"
            "  namespace: openshift-cluster-node-tuning-operator\nspec:\n  profile:\n"
            f"  - name: openshift-node-performance-perf\n    data: |\n{indent(tuned, ' ' * 6)}"
            "  recommend:\n  - profile: openshift-node-performance-perf\n    priority: 20\n"
            "    machineConfigLabels:\n      machineconfiguration.openshift.io/role: master\n"
        ),
        "openshift/98-arguments.yaml": machine_config(
            "98-arguments",
            kernel_arguments=(
                f"systemd.cpu_affinity={stated.affinity}",
                f"isolcpus=managed_irq,{stated.isolcpus}",
                f"nohz_full={stated.nohz_full} rcu_nocbs={stated.rcu_nocbs}",
            ),
        ),
        "openshift/98-affinity.yaml": machine_config(
            "98-affinity",
            files={DROP_IN: f"[Manager]\nCPUAffinity={stated.drop_in}\n"},
            form=form,
        ),
    }


def lint_stated(tree: Tree, stated: Stated, form: str = "base64") -> Outcome:
    """Write a cluster and judge it."""
    outcome = lint([tree(files_of(stated, form))], RULES, RELEASE)
    assert outcome.failures == ()
    return outcome


def texts_of(text: str) -> Iterator[str]:
    """Yield the list with each digit changed, each range dropped, a CPU dropped or added."""
    for at, char in enumerate(text):
        if char.isdigit():
            yield text[:at] + str((int(char) + 1) % 10) + text[at + 1 :]
            yield text[:at] + str((int(char) + 7) % 10) + text[at + 1 :]
    pieces = text.split(",")
    for number in range(len(pieces)):
        yield ",".join(pieces[:number] + pieces[number + 1 :])
    cpus = parse_cpuset(text)
    for cpu in (cpus.first, cpus.last):
        yield (cpus - CpuSet.of([cpu or 0])).text
    for cpu in (2, 32, 34, 63, 64):
        yield (cpus | CpuSet.of([cpu])).text


def mutants(text: str) -> list[str]:
    """Return the changed lists that are valid and name other CPUs."""
    found: dict[str, None] = {}
    for changed in texts_of(text):
        try:
            cpus = parse_cpuset(changed)
        except CpuListError:
            continue
        if cpus and cpus != parse_cpuset(text):
            found[changed] = None
    return list(found)


def stands_at(ref: Ref, place: tuple[str, str], text: str) -> bool:
    """Say whether a reference is a place of the cluster that reads as it does."""
    payload = ref.in_payload()
    title = getattr(payload.source, "title", "") if payload is not None else ""
    return ref.file.name.endswith(place[0]) and title == place[1] and ref.text == text


@pytest.mark.parametrize("form", FORMS)
def test_the_consistent_cluster_is_clean(form: str, tree: Tree) -> None:
    outcome = lint_stated(tree, Stated(), form)
    assert [f for f in outcome.findings if f.severity is not Severity.INFO] == []
    assert outcome.summary.manifests == 7
    assert outcome.summary.templated == 0
    assert [pool.reserved for pool in outcome.clusters[0].pools] == [RESERVED, None]


@pytest.mark.parametrize(
    ("form", "where"),
    [("base64", where) for where in PLACES]
    + [(form, where) for form in ("percent", "gzip") for where in IN_PAYLOADS],
)
def test_every_change_of_one_statement_is_an_error_that_names_it(
    form: str, where: str, tree: Tree
) -> None:
    missed: list[str] = []
    for changed in mutants(getattr(Stated(), where)):
        outcome = lint_stated(tree, replace(Stated(), **{where: changed}), form)
        errors = [f for f in outcome.findings if f.severity is Severity.ERROR]
        if not any(
            any(stands_at(label.ref, PLACES[where], changed) for label in error.labels)
            and any(not stands_at(label.ref, PLACES[where], changed) for label in error.labels)
            for error in errors
        ):
            missed.append(f"{changed}: {[(f.rule, f.severity.value) for f in outcome.findings]}")
    assert missed == []


@pytest.mark.parametrize("where", ["crio", "infra", "pinning"])
def test_one_wrong_digit_in_a_payload_is_exactly_one_error(where: str, tree: Tree) -> None:
    outcome = lint_stated(tree, replace(Stated(), **{where: "0-1,32-35"}))
    errors = [f for f in outcome.findings if f.severity is Severity.ERROR]
    assert [stands_at(f.primary.ref, PLACES[where], "0-1,32-35") for f in errors] == [True]
    assert [f for f in outcome.findings if f.severity is Severity.WARNING] == []


def test_a_changed_profile_is_named_by_every_statement_that_it_left_behind(
    tree: Tree,
) -> None:
    outcome = lint_stated(tree, Stated(reserved="0-1,32-37", isolated="2-31,38-63"))
    left_behind = {
        where
        for where, place in PLACES.items()
        for found in outcome.findings
        if any(stands_at(label.ref, place, getattr(Stated(), where)) for label in found.labels)
    }
    assert left_behind == set(PLACES) - {"reserved", "isolated"}
    for found in outcome.findings:
        assert any(label.ref.file.name.endswith("profile.yaml") for label in found.labels), found
