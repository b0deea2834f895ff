"""A rendered directory is broken in every way that has a safe fix; the repair brings it back.

``WPLINT_EVERY_MUTATION=1`` tries every spelling of every list, and more random breaks together.
"""

from __future__ import annotations

import base64
import os
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
import yaml
from builders import pool, profile, rules
from fix_samples import read, write
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from linter.engine.run import lint
from linter.engine.scoping import Tally, read_scopes
from linter.fix import fix_tree
from linter.model.cluster import build_cluster, target_releases
from linter.model.releases import Release
from linter.render import RenderInputs, RenderOptions, render
from linter.render.emit import to_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from linter.facts.cpus import CpuStatement

    Files = dict[str, str]
    Break = Callable[[Files], Files]

EVERY = 1 if os.environ.get("WPLINT_EVERY_MUTATION") else 11
"""Every how many of the spellings of lists are tried; the kinds of breaks are five."""

RELEASE = Release.parse("4.16")
ROLE = "machineconfiguration.openshift.io/role"
MASTER = "openshift/control_machineconfig.yaml"
INSTALL_CONFIG = """\
apiVersion: v1
baseDomain: example.org
capabilities:
  baselineCapabilitySet: None
  additionalEnabledCapabilities:
  - OperatorLifecycleManager
  - NodeTuning
cpuPartitioningMode: AllNodes
metadata: {name: plant}
compute:
- {name: worker, replicas: 0}
controlPlane: {name: master, replicas: 3}
"""
RAN = f"""
machineConfigSelector:
  matchExpressions:
  - {{key: {ROLE}, operator: In, values: [worker, ran]}}
nodeSelector:
  matchLabels:
    node-role.kubernetes.io/ran: ""
"""


@cache
def consistent() -> Files:
    """Return the files of a cluster of two profiles, rendered."""
    files = {
        "install-config.yaml": INSTALL_CONFIG,
        "openshift/pool-ran.yaml": pool("ran", RAN, f"{ROLE}: ran"),
        "openshift/profile-control.yaml": profile(
            "0-1,28-29", "2-27,30-55", name="control", extra="globallyDisableIrqLoadBalancing: true"
        ),
        "openshift/profile-ran.yaml": profile(
            "0-3", "4-31", name="ran", selector='node-role.kubernetes.io/ran: ""'
        ),
    }
    objects = [yaml.safe_load(text) for name, text in files.items() if "/" in name]
    inputs = RenderInputs.from_objects(objects)
    for manifest in render(inputs, RELEASE, RenderOptions(partitioning=True)):
        if manifest.object["kind"] != "Infrastructure":
            files[f"openshift/{manifest.file_name}"] = to_yaml(manifest)
    return files


# --- breaks of statements ------------------------------------------------------------------------


def statements(folder: Path) -> tuple[CpuStatement, ...]:
    ((scope, facts),) = read_scopes([str(folder)], Tally())
    releases = target_releases(facts, RELEASE)
    return build_cluster(scope.name, scope.path, facts, releases, installer=True).statements


SPELLINGS: dict[str, Callable[[CpuStatement], str]] = {
    "other CPUs": lambda s: f"{s.text},{max(s.cpus or [0]) + 8}",
    "fewer CPUs": lambda s: f"{min(s.cpus or [0])},{max(s.cpus or [0])}",
    "a space": lambda s: s.text.replace(",", ", "),
    "a comma at the end": lambda s: f"{s.text},",
    "one by one": lambda s: ",".join(map(str, sorted(s.cpus or [], reverse=True))),
}


def respelled(number: int, how: str) -> Break:
    def broken(files: Files) -> Files:
        with TemporaryDirectory() as folder:
            write(Path(folder), files)
            statement = statements(Path(folder))[number]
            edit = statement.replaced_by(SPELLINGS[how](statement)).edit()
            assert edit is not None
            text = edit.file.text[: edit.start] + edit.new + edit.file.text[edit.end :]
            return files | {Path(edit.file.path).relative_to(folder).as_posix(): text}

    return broken


@cache
def spellings() -> dict[str, Break]:
    """Return the breaks of all lists.

    Left out are those that would move the truth itself, those that TuneD takes, and those after
    which quotes stay that were not there before.
    """
    breaks: dict[str, Break] = {}
    with TemporaryDirectory() as folder:
        write(Path(folder), consistent())
        for number, statement in enumerate(statements(Path(folder))):
            name = Path(statement.ref.file.path).name
            for how in SPELLINGS if statement.cpus else ():
                truth = name.startswith("profile-") and how.endswith("CPUs")
                taken = name.endswith("_tuned.yaml") and not how.endswith("CPUs")
                respelt = statement.replaced_by(SPELLINGS[how](statement)).edit()
                if not (truth or taken or respelt is None or "," not in statement.text):
                    breaks[f"{name}, {statement.where} ({number}): {how}"] = respelled(number, how)
    return breaks


# --- breaks of everything else -------------------------------------------------------------------


def replaced(name: str, old: str, new: str) -> Break:
    def broken(files: Files) -> Files:
        assert old in files[name], name
        return files | {name: files[name].replace(old, new, 1)}

    return broken


def in_payload(old: str, new: str, name: str = MASTER) -> Break:
    def broken(files: Files) -> Files:
        def other(match: re.Match[str]) -> str:
            text = base64.b64decode(match[1]).decode().replace(old, new)
            return "base64," + base64.b64encode(text.encode()).decode()

        text = re.sub(r"base64,([A-Za-z0-9+/=]+)", other, files[name])
        assert text != files[name]
        return files | {name: text}

    return broken


def without(*prefixes: str) -> Break:
    def broken(files: Files) -> Files:
        kept = {
            name: text
            for name, text in files.items()
            if not name.removeprefix("openshift/").startswith(prefixes)
        }
        assert len(kept) < len(files)
        return kept

    return broken


TUNED = "openshift/control_tuned.yaml"
OTHERS: dict[str, Break] = {
    "the mode in lower case": replaced("install-config.yaml", "AllNodes", "allnodes"),
    "the capability": replaced("install-config.yaml", "\n  - NodeTuning", ""),
    "the label of the pool": replaced(
        "openshift/pool-ran.yaml", f"  labels:\n    {ROLE}: ran\n", ""
    ),
    "the namespace": replaced(TUNED, "openshift-cluster-node-tuning-operator", "default"),
    "the version of Ignition": replaced(MASTER, "version: 3.2.0", "version: 3.5.0"),
    "a mode in decimal": replaced(MASTER, "mode: 420", "mode: 644"),
    "cpushares": in_payload('"cpushares" = 0', '"cpushares" = 512'),
    "an annotation": in_payload("target.workload.openshift.io/management", "target/management"),
    "a key of CRI-O": in_payload('0, "cpuset"', '0, "CPUs"'),
    "an empty cpuset": in_payload('"cpuset" = "0-1,28-29"', '"cpuset" = ""'),
    "the directory of CRI-O": replaced(MASTER, "crio.conf.d/99-work", "conf.d/99-work"),
    "the objects of a pool": without("01_01-ran"),
    "the objects of a profile": without("ran_"),
}


def repaired(folder: Path, files: Files) -> dict[str, bytes]:
    root = write(folder, files)
    outcome = fix_tree([root], rules(), RELEASE)
    assert outcome.refusal == ""
    assert [(left.finding.rule, left.reason) for left in outcome.left] == []
    return read(folder)


def original() -> dict[str, bytes]:
    return {name: text.encode() for name, text in sorted(consistent().items())}


def test_the_rendered_directory_is_consistent(tmp_path: Path) -> None:
    outcome = lint([write(tmp_path, consistent())], rules(), RELEASE)
    assert [item.message for item in outcome.findings] == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_break_is_repaired_to_the_byte(tmp_path: Path, name: str) -> None:
    broken = OTHERS[name](consistent())
    assert broken != consistent()
    assert repaired(tmp_path, broken) == original()


def test_every_list_is_repaired_to_the_byte(tmp_path: Path) -> None:
    for number, (name, broken) in enumerate(list(spellings().items())[::EVERY]):
        files = broken(consistent())
        assert files != consistent(), name
        assert repaired(tmp_path / str(number), files) == original(), name


@settings(max_examples=55 // EVERY, deadline=None)
@given(st.data())
def test_random_breaks_together_are_repaired_to_the_byte(data: st.DataObject) -> None:
    files = consistent()
    list_break = spellings()[data.draw(st.sampled_from(sorted(spellings())))]
    other_break = OTHERS[data.draw(st.sampled_from(sorted(OTHERS)))]
    try:
        files = other_break(list_break(files))
    except AssertionError:
        reject()  # the first has rewritten what the second would break
    with TemporaryDirectory() as folder:
        assert repaired(Path(folder), files) == original()
