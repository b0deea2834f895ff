"""systemd's CPUAffinity= over its files (systemd-system.conf(5))."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import machine_config, node

if TYPE_CHECKING:
    from linter.model.affinity import EffectiveAffinity

ETC, RUN = "/etc/systemd/system.conf.d/", "/run/systemd/system.conf.d/"
LOCAL, USR = "/usr/local/lib/systemd/system.conf.d/", "/usr/lib/systemd/system.conf.d/"
MAIN = "/etc/systemd/system.conf"


def affinity(files: dict[str, str], *arguments: str) -> EffectiveAffinity:
    texts = {path: f"[Manager]\n{lines}\n" for path, lines in files.items()}
    return node("master", machine_config("50", files=texts, kernel_arguments=arguments)).affinity


@pytest.mark.parametrize(
    ("files", "cpus"),
    [
        ({}, None),
        ({ETC + "a.conf": "CPUAffinity=0-1"}, "0-1"),
        ({ETC + "a.conf": "CPUAffinity=0 1, 4"}, "0-1,4"),
        ({ETC + "a.conf": 'CPUAffinity="0-1" 4'}, "0-1,4"),
        ({ETC + "a.conf": "CPUAffinity=0\nCPUAffinity=1"}, "0-1"),
        ({ETC + "a.conf": "CPUAffinity=0\nCPUAffinity=\nCPUAffinity=1"}, "1"),
        ({ETC + "a.conf": "CPUAffinity=0", ETC + "b.conf": "CPUAffinity=1"}, "0-1"),
        ({ETC + "b.conf": "CPUAffinity=\nCPUAffinity=3", ETC + "a.conf": "CPUAffinity=0"}, "3"),
        ({ETC + "a.conf": "CPUAffinity=0", ETC + "b.conf": "CPUAffinity="}, None),
        ({MAIN: "CPUAffinity=0", ETC + "a.conf": "CPUAffinity=1"}, "0-1"),
        ({MAIN: "CPUAffinity=0", ETC + "a.conf": "CPUAffinity=\nCPUAffinity=1"}, "1"),
        ({ETC + "a.conf": "CPUAffinity=0", USR + "z.conf": "CPUAffinity=\nCPUAffinity=7"}, "7"),
        ({USR + "a.conf": "CPUAffinity=0", ETC + "b.conf": "CPUAffinity=\nCPUAffinity=7"}, "7"),
        ({ETC + "a.conf": "CPUAffinity=0", USR + "a.conf": "CPUAffinity=5"}, "0"),
        ({RUN + "a.conf": "CPUAffinity=0", USR + "a.conf": "CPUAffinity=5"}, "0"),
        ({LOCAL + "a.conf": "CPUAffinity=0", USR + "a.conf": "CPUAffinity=5"}, "0"),
        ({RUN + "a.conf": "CPUAffinity=0", ETC + "a.conf": "CPUAffinity=5"}, "5"),
        ({ETC + "a.conf": "LogLevel=info", USR + "a.conf": "CPUAffinity=5"}, None),
        ({ETC + "a": "CPUAffinity=0"}, None),
        ({ETC + "x/a.conf": "CPUAffinity=0"}, None),
        ({"/etc/systemd/user.conf.d/a.conf": "CPUAffinity=0"}, None),
        ({ETC + "a.conf": "[Service]\nCPUAffinity=0"}, None),
        ({ETC + "a.conf": "#CPUAffinity=0"}, None),
        ({ETC + "a.conf": "CPUAffinity=0 \\\n  1"}, "0-1"),
        ({ETC + "a.conf": "CPUAffinity=0\nCPUAffinity=9999999"}, "0"),
        ({ETC + "a.conf": "CPUAffinity=0\nCPUAffinity=<more>"}, None),
        ({ETC + "a.conf": "CPUAffinity=<more>\nCPUAffinity=\nCPUAffinity=0"}, "0"),
    ],
)
def test_the_lines_add_up(files: dict[str, str], cpus: str | None) -> None:
    found = affinity(files).cpus
    assert (found.text if found is not None else None) == cpus


def test_lines_before_a_reset_are_left_out() -> None:
    found = affinity({ETC + "a.conf": "CPUAffinity=0\nCPUAffinity=\nCPUAffinity=1\nCPUAffinity=2"})
    assert [statement.text for statement in found.statements] == ["1", "2"]
    assert len(found.layers) == 2


def test_a_file_whose_contents_are_unknown_leaves_it_open_until_a_reset() -> None:
    template = f"""
    apiVersion: machineconfiguration.openshift.io/v1
    kind: MachineConfig
    metadata: {{name: "60", labels: {{machineconfiguration.openshift.io/role: master}}}}
    spec: {{config: {{storage: {{files: [{{path: {ETC}b.conf, contents: {{source: "$x"}}}}]}}}}}}
    """
    plain = machine_config("50", files={ETC + "a.conf": "[Manager]\nCPUAffinity=0\n"})
    reset = machine_config("51", files={ETC + "c.conf": "[Manager]\nCPUAffinity=\nCPUAffinity=1\n"})
    assert node("master", plain, template).affinity.cpus is None
    found = node("master", plain, template, reset).affinity.cpus
    assert found is not None
    assert found.text == "1"


def test_the_last_kernel_argument_counts() -> None:
    found = affinity({}, "systemd.cpu_affinity=0", "systemd.cpu_affinity=0,1 quiet")
    assert found.argument is not None
    assert found.argument.argument.value == "0,1"
    assert found.argument.argument.cpus is not None
    assert found.argument.argument.cpus.cpus is not None
    assert found.argument.argument.cpus.cpus.text == "0-1"
    assert affinity({}, "systemd.cpu=0").argument is None


def test_a_drop_in_of_a_later_config_replaces_the_same_path() -> None:
    first = machine_config("50", files={ETC + "a.conf": "[Manager]\nCPUAffinity=0\n"})
    second = machine_config("60", files={ETC + "a.conf": "[Manager]\nCPUAffinity=1\n"})
    found = node("master", second, first).affinity.cpus
    assert found is not None
    assert found.text == "1"
