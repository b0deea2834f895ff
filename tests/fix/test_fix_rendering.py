"""A directory that was rendered from a profile of before: the repair makes it that of now.

Notes above payloads are kept true; a file that is added is written like its sibling, without one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from builders import rules
from fix_samples import read, write

from linter.fix import fix_tree
from linter.formats import data_url
from linter.model.releases import Release
from linter.render import RenderInputs, RenderOptions, render
from linter.render.emit import to_yaml

if TYPE_CHECKING:
    from pathlib import Path

V20 = Release.parse("4.20")
KINDS = ("KubeletConfig", "MachineConfig", "Tuned")
SNIPPET = "kubeletconfig.experimental"
PLAIN: dict[str, Any] = {
    "cpu": {"reserved": "0-3,40-43", "isolated": "4-39,44-79"},
    "nodeSelector": {"node-role.kubernetes.io/master": ""},
}
NUMA = {"numa": {"topologyPolicy": "single-numa-node"}}
PAGES = {"hugepages": {"defaultHugepagesSize": "1G", "pages": [{"size": "1G", "count": 4}]}}
ARGUMENTS = {"additionalKernelArgs": ["nosmt", "audit=0"]}
SETTINGS = {"annotations": {SNIPPET: '{"systemReserved": {"memory": "3Gi"}, "maxPods": 300}'}}
STATES: dict[str, dict[str, Any]] = {
    "plain": {},
    "cpus": {"cpu": {"reserved": "0-1,40-41", "isolated": "2-39,42-79"}},
    "numa": NUMA,
    "pages": PAGES,
    "arguments": ARGUMENTS,
    "real time": {"realTimeKernel": {"enabled": True}},
    "settings": SETTINGS,
    "packets": {"annotations": {"performance.openshift.io/enable-rps": "enable"}},
    "balanced": {"cpu": {**PLAIN["cpu"], "balanceIsolated": False}},
    "all": {**NUMA, **PAGES, **ARGUMENTS, **SETTINGS, "realTimeKernel": {"enabled": True}},
}


def profile(state: str) -> dict[str, Any]:
    spec = {**PLAIN, **STATES[state]}
    metadata = {"name": "edge", "annotations": spec.pop("annotations", {})}
    return {
        "apiVersion": "performance.openshift.io/v2",
        "kind": "PerformanceProfile",
        "metadata": metadata,
        "spec": spec,
    }


def rendered(state: str) -> dict[str, str]:
    """Return the files of a directory that was rendered, by name."""
    made = render(RenderInputs.from_objects([profile(state)]), V20, RenderOptions())
    files = {one.file_name: to_yaml(one) for one in made if one.object["kind"] in KINDS}
    return {**files, "profile.yaml": json.dumps(profile(state))}


def model(text: str) -> Any:
    """Return what a file says, its payloads decoded."""

    def decoded(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: decoded(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [decoded(inner) for inner in value]
        if isinstance(value, str) and value.startswith("data:"):
            return data_url.decode(value).text
        return value

    return decoded(yaml.safe_load(text))


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.lstrip().startswith("# ")]


@pytest.mark.parametrize(
    ("before", "now"),
    [("plain", state) for state in STATES if state != "plain"]
    + [(state, "plain") for state in STATES if state not in {"plain", "packets"}]
    + [("numa", "all"), ("all", "numa"), ("settings", "cpus")],
)
def test_what_was_rendered_before_becomes_what_is_rendered_now(
    tmp_path: Path, before: str, now: str
) -> None:
    wanted = rendered(now)
    folder = write(tmp_path, {**rendered(before), "profile.yaml": wanted["profile.yaml"]})
    outcome = fix_tree([folder], rules(), V20)
    assert outcome.refusal == ""
    assert [item for item in outcome.after.findings if item.rule == "WPL308"] == []
    found = {name: data.decode() for name, data in read(tmp_path).items()}
    assert found.keys() == wanted.keys()
    for name, text in wanted.items():
        assert model(found[name]) == model(text), name
        new = {"# RPS mask 00000f00,0000000f, CPUs 0-3,40-43"} if now == "packets" else set()
        assert comments(found[name]) == [one for one in comments(text) if one not in new], name
    assert fix_tree([folder], rules(), V20).changes == ()
