"""What is rendered and what it was rendered from agree, in the linter's own eyes.

Rendering adds no finding to those that the inputs have by themselves; where a rendered statement is
changed afterwards, the linter finds it and names both places.
"""

from __future__ import annotations

import base64
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import rules
from effort import THOROUGH, tried
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from rendering_command import objects
from rendering_inputs import POOL_LABEL, infrastructure, pool, profile, role_pool
from upstream_cases import RENDERED, needs_oracle, objects_of

from linter.engine.findings import Severity
from linter.engine.run import lint
from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR, Release
from linter.render import RenderInputs, RenderOptions, render
from linter.render.emit import to_yaml

if TYPE_CHECKING:
    from linter.engine.findings import Finding

MINORS = range(OLDEST_MINOR, NEWEST_MINOR + 1)
INPUTS = "manifests/inputs.yaml"

KNOWN = {
    # The pool has no label for the KubeletConfig to select by, and the profile names none.
    "custom-pool-unlabelled": {"WPL610"},
}


def findings(folder: Path, release: Release | None) -> list[Finding]:
    outcome = lint([str(folder)], rules(), release)
    assert outcome.failures == ()
    return [one for one in outcome.findings if one.severity > Severity.INFO]


def write(folder: Path, given_objects: list[Any], minor: int, **options: Any) -> dict[str, Path]:
    """Write objects and what 4.``minor`` renders from them; return the files rendered."""
    objects(folder, given_objects, INPUTS)
    manifests = render(
        RenderInputs.from_objects(given_objects), Release(minor), RenderOptions(**options)
    )
    (folder / "openshift").mkdir(exist_ok=True)
    paths = {}
    for manifest in manifests:
        paths[manifest.file_name] = folder / "openshift" / manifest.file_name
        paths[manifest.file_name].write_text(to_yaml(manifest))
    return paths


def added(folder: Path, given_objects: list[Any], minor: int, **options: Any) -> list[Finding]:
    """Return the findings that rendering adds to those of the inputs alone."""
    release = Release(minor)
    objects(folder, given_objects, INPUTS)
    before = {(one.rule, one.message) for one in findings(folder, release)}
    write(folder, given_objects, minor, **options)
    return [one for one in findings(folder, release) if (one.rule, one.message) not in before]


def with_pools(given_objects: list[Any], minor: int) -> list[Any]:
    """Add the pools that every cluster has: render of 4.13 and 4.14 wants manifests of them."""
    named = {one["metadata"]["name"] for one in given_objects if one["kind"] == "MachineConfigPool"}
    if minor not in {13, 14}:
        return given_objects
    return given_objects + [
        role_pool(name, **{f"{POOL_LABEL}{name}": ""})
        for name in ("master", "worker")
        if name not in named
    ]


@needs_oracle
@pytest.mark.parametrize("case", RENDERED)
def test_the_upstream_cases_are_clean_in_every_release(case: str, tmp_path: Path) -> None:
    given_objects = objects_of(case)
    # Any five cases have every release between them.
    some = MINORS if THOROUGH else MINORS[RENDERED.index(case) % 5 :: 5]
    for minor in some:
        folder = tmp_path / str(minor)
        new = added(folder, with_pools(given_objects, minor), minor)
        assert {one.rule for one in new} <= KNOWN.get(case, set()), (minor, new)


def cluster(minor: int, *profiles: dict[str, Any], control_plane: str = "HighlyAvailable") -> Any:
    partitioning = "AllNodes" if minor >= 13 else "None"
    return with_pools([*profiles, infrastructure(partitioning, control_plane)], minor)


@pytest.mark.parametrize("minor", MINORS)
def test_a_whole_cluster_is_clean(minor: int, tmp_path: Path) -> None:
    cpu = {"reserved": "0-3", "isolated": "4-15"}
    both = cluster(minor, profile("cp", cpu=cpu), profile("wk", role="worker", cpu=cpu))
    write(tmp_path, both, minor)
    # Up to 4.10 the inputs themselves lack the definition of the profile's kind.
    expected = {"WPL706"} if minor < 11 else set()
    assert {one.rule for one in findings(tmp_path, Release(minor))} == expected
    assert findings(tmp_path, None) == []


# --- generated profiles ---------------------------------------------------------------------------


@st.composite
def layouts(draw: st.DrawFn) -> dict[str, str]:
    """Reserved and isolated CPUs that cover a machine, in one or two sockets."""
    half = draw(st.integers(8, 48))
    system = draw(st.integers(4, min(8, half - 1)))
    if draw(st.booleans()):
        return {
            "reserved": f"0-{system - 1},{half}-{half + system - 1}",
            "isolated": f"{system}-{half - 1},{half + system}-{2 * half - 1}",
        }
    return {"reserved": f"0-{system - 1}", "isolated": f"{system}-{2 * half - 1}"}


@st.composite
def profiles(draw: st.DrawFn, minor: int, name: str, role: str) -> dict[str, Any]:
    spec: dict[str, Any] = {}
    annotations: dict[str, str] = {}
    if draw(st.booleans()):
        policies = ["none", "best-effort", "restricted", "single-numa-node"]
        spec["numa"] = {"topologyPolicy": draw(st.sampled_from(policies))}
    if draw(st.booleans()):
        spec["realTimeKernel"] = {"enabled": draw(st.booleans())}
    if draw(st.booleans()):
        spec["globallyDisableIrqLoadBalancing"] = draw(st.booleans())
    if draw(st.booleans()):
        spec["additionalKernelArgs"] = ["audit=0", "mce=off"]
    if draw(st.booleans()):
        pages = [{"size": "1G", "count": draw(st.integers(0, 64))}]
        spec["hugepages"] = {"defaultHugepagesSize": "1G", "pages": pages}
    if minor < 13 or draw(st.booleans()):  # before, the default selects no built-in pool
        spec["machineConfigPoolSelector"] = {f"{POOL_LABEL}{role}": ""}
    if draw(st.booleans()):
        annotations["kubeletconfig.experimental"] = json.dumps({"maxPods": 300})
    if minor >= 19 and draw(st.booleans()):
        words = ["true", "false", *(["enable", "disable"] if minor >= 20 else [])]
        annotations["performance.openshift.io/enable-rps"] = draw(st.sampled_from(words))
    cpu: dict[str, Any] = draw(layouts())
    if draw(st.booleans()):
        cpu["balanceIsolated"] = draw(st.booleans())
    made = profile(name, role=role, cpu=cpu, **spec)
    if annotations:
        made["metadata"]["annotations"] = annotations
    return made


@st.composite
def clusters(draw: st.DrawFn) -> tuple[int, list[Any]]:
    """A release, and the objects of a cluster all of whose pools have a profile."""
    minor = draw(st.sampled_from(list(MINORS)))
    roles = ["master", "worker"]
    extra: list[Any] = []
    if minor >= 13 and draw(st.booleans()):
        roles.append("ran")
        labels = {f"{POOL_LABEL}ran": ""}
        custom = pool("ran", {"matchLabels": {"node-role.kubernetes.io/ran": ""}}, labels)
        role_values = {"key": "machineconfiguration.openshift.io/role", "operator": "In",
                       "values": ["worker", "ran"]}  # fmt: skip
        custom["spec"]["machineConfigSelector"] = {"matchExpressions": [role_values]}
        extra.append(custom)
    # Until 4.14 names decide which MachineConfig of a custom pool wins, so that ran comes last.
    made = [draw(profiles(minor, f"pp{at}-{role}", role)) for at, role in enumerate(roles)]
    return minor, cluster(minor, *made) + extra


MUTATIONS: list[tuple[str, str, str]] = [
    ("kubeletconfig", r"topologyManagerPolicy: (\S+)", "topologyManagerPolicy: none"),
    ("kubeletconfig", r"reservedSystemCPUs: (\S+)", 'reservedSystemCPUs: "0"'),
    ("kubeletconfig", r"cpuManagerPolicy: static", "cpuManagerPolicy: none"),
    ("kubeletconfig", r"kubeReserved:\n      memory: 500Mi", "kubeReserved:\n      memory: 1Gi"),
    ("machineconfig", r"kernelType: (\S+)", "kernelType: 64k-pages"),
    ("machineconfig", r"infra_ctr_cpuset", "0"),
    ("machineconfig", r"rps_default_mask", "1"),
    ("machineconfig", r"99-workload-pinning", "0"),
    ("tuned", r"isolated_cores=(\S+)", "isolated_cores=7"),
    ("tuned", r"isolcpus=\S*managed_irq,", "isolcpus=nohz,"),
    ("tuned", r"default_hugepagesz=1G", "default_hugepagesz=2M"),
    ("tuned", r"audit=0", "audit=1"),
]


def mutated(text: str, pattern: str, new: str) -> str:
    """Return a rendered file with one statement changed; as it was where it has no such one."""
    if pattern not in {"infra_ctr_cpuset", "rps_default_mask", "99-workload-pinning"}:
        return re.sub(pattern, new, text, count=1)

    def payload(found: re.Match[str]) -> str:
        decoded = base64.b64decode(found[1]).decode()
        if pattern == "rps_default_mask":
            changed = re.sub(r"(rps_default_mask = )\S+", rf"\g<1>{new}", decoded)
        elif pattern == "infra_ctr_cpuset":
            changed = re.sub(r'(infra_ctr_cpuset = )"[^"]*"', rf'\g<1>"{new}"', decoded)
        else:
            changed = re.sub(r'("cpuset" = )"[^"]*"', rf'\g<1>"{new}"', decoded)
        return "base64," + base64.b64encode(changed.encode()).decode()

    return re.sub(r"base64,(\S+)", payload, text)


@tried(20, suppress_health_check=[HealthCheck.too_slow])
@given(clusters(), st.data())
def test_render_lint_mutate_lint(given_cluster: tuple[int, list[Any]], data: st.DataObject) -> None:
    minor, given_objects = given_cluster
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        new = added(folder, given_objects, minor)
        assert new == []
        kind, pattern, words = data.draw(st.sampled_from(MUTATIONS))
        drawn = data.draw(st.sampled_from(["pp0-master", "pp1-worker"]))
        path = folder / "openshift" / f"{drawn}_{kind}.yaml"
        text = path.read_text()
        changed = mutated(text, pattern, words)
        if changed == text:
            return
        before = {(one.rule, one.message) for one in findings(folder, Release(minor))}
        path.write_text(changed)
        found = [
            one
            for one in findings(folder, Release(minor))
            if (one.rule, one.message) not in before
            and {label.ref.file.path for label in one.labels} == {str(path), str(folder / INPUTS)}
        ]
        assert found, (minor, kind, pattern)


@pytest.mark.parametrize(("kind", "pattern", "words"), MUTATIONS)
def test_every_mutation_is_found(kind: str, pattern: str, words: str, tmp_path: Path) -> None:
    made = profile(
        "pp",
        cpu={"reserved": "0-3", "isolated": "4-15"},
        annotations={"performance.openshift.io/enable-rps": "true"},
        hugepages={"defaultHugepagesSize": "1G", "pages": [{"size": "1G", "count": 4}]},
        additionalKernelArgs=["audit=0"],
    )
    paths = write(tmp_path, cluster(18, made, control_plane="SingleReplica"), 18)
    assert findings(tmp_path, Release(18)) == []
    path = paths[f"pp_{kind}.yaml"]
    changed = mutated(path.read_text(), pattern, words)
    assert changed != path.read_text()
    path.write_text(changed)
    for release in (Release(18), None):
        found = findings(tmp_path, release)
        places = [{label.ref.file.path for label in one.labels} for one in found]
        assert {str(path), str(tmp_path / INPUTS)} in places, release
