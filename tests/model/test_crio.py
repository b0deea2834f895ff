"""The fold of CRI-O's configuration files (cri-o/cri-o, pkg/config)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import CRIO, data_url, file_entry, machine_config, node, workload

if TYPE_CHECKING:
    from linter.model.crio import EffectiveCrio


def crio_of(files: dict[str, str | None], *more: str) -> EffectiveCrio:
    return node("master", machine_config("50", files=files), *more).crio


def pinned(crio: EffectiveCrio) -> str | None:
    """Return the list that counts, as it is written."""
    if crio.management is None:
        return None
    return crio.management.cpuset.text if crio.management.cpuset is not None else "absent"


def infra(cpuset: str) -> str:
    return f'[crio.runtime]\ninfra_ctr_cpuset = "{cpuset}"\n'


@pytest.mark.parametrize(
    ("names", "winner"),
    [
        (["01-workload-partitioning", "99-workload-pinning.conf"], "99-workload-pinning.conf"),
        (["01-workload-partitioning", "01-workload-pinning.conf"], "01-workload-pinning.conf"),
        (["99-workload-pinning.conf", "zz"], "zz"),
        (["99-pinning.conf", "99-pinning.conf.rpmsave"], "99-pinning.conf.rpmsave"),
        (["99", "9"], "99"),
        (["a", "B"], "a"),
        (["10-a/x.conf", "10-a.conf"], "10-a/x.conf"),
        (["nested/deep/99.conf", "50.conf"], "nested/deep/99.conf"),
        (["é.conf", "z.conf"], "é.conf"),
    ],
)
def test_the_last_file_by_path_counts_whatever_its_ending(names: list[str], winner: str) -> None:
    crio = crio_of({CRIO + name: workload(str(n)) for n, name in enumerate(names)})
    assert pinned(crio) == str(names.index(winner))
    assert [w.cpuset.text for w in crio.shadowed if w.cpuset] == [
        str(n) for n, name in enumerate(names) if name != winner
    ]


def test_the_main_file_is_read_first() -> None:
    crio = crio_of({"/etc/crio/crio.conf": workload("7"), CRIO + "00": workload("0-1")})
    assert pinned(crio) == "0-1"
    assert pinned(crio_of({"/etc/crio/crio.conf": workload("7")})) == "7"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/crio/conf.d/99-workload-pinning.conf",
        "/etc/crio.conf.d/99-workload-pinning.conf",
        "/etc/crio/crio.conf.d",
        "/etc/crio/crio.conf.d/",
        "/etc/crio/crio.conf.dd/99.conf",
        "/usr/etc/crio/crio.conf.d/99.conf",
        "/etc/crio/crio.conf.d.bak/99.conf",
    ],
)
def test_other_directories_are_never_read(path: str) -> None:
    assert pinned(crio_of({path: workload("0-1")})) is None


def test_a_later_table_replaces_an_earlier_one_as_a_whole() -> None:
    bare = '[crio.runtime.workloads.management]\nactivation_annotation = "x"\n'
    crio = crio_of({CRIO + "01": workload("0-1"), CRIO + "02": bare})
    assert pinned(crio) == "absent"
    assert crio.management is not None
    assert crio.management.workload.annotation_prefix is None
    assert set(crio.management.workload.keys) == {"activation_annotation"}


def test_another_workload_replaces_nothing() -> None:
    crio = crio_of({CRIO + "01": workload("0-1"), CRIO + "02": workload("5", "other")})
    assert pinned(crio) == "0-1"


def test_of_single_values_the_last_counts() -> None:
    crio = crio_of(
        {
            CRIO + "01": infra("7") + 'shared_cpuset = "3"\n',
            CRIO + "02": infra("0-1"),
            CRIO + "03": '[crio.runtime]\nshared_cpuset = "4"\n',
            CRIO + "04": workload("0-1"),
        }
    )
    assert crio.infra_ctr_cpuset is not None
    assert crio.infra_ctr_cpuset.text == "0-1"
    assert [s.text for s in crio.infra_shadowed] == ["7"]
    assert crio.shared_cpuset is not None
    assert crio.shared_cpuset.text == "4"


@pytest.mark.parametrize(
    "text",
    [
        '[crio.runtime.workloads.management.resources]\ncpuset = "0-1"\n',
        '[crio.runtime.workloads]\nmanagement.resources.cpuset = "0-1"\n',
        '[crio.runtime]\nworkloads = { management = { resources = { cpuset = "0-1" } } }\n',
        "[crio.runtime.workloads.management]\nresources = {'CpuSet' = '0-1'}\n",
        '[CRIO.Runtime.Workloads.management]\nResources = { CPUSET = """0-1""" }\n',
    ],
)
def test_every_way_to_write_the_table_is_read(text: str) -> None:
    assert pinned(crio_of({CRIO + "99": text})) == "0-1"


def test_a_key_of_another_name_is_no_cpuset() -> None:
    text = '[crio.runtime.workloads.management]\nresources = { "CPUs" = "0-1" }\n'
    crio = crio_of({CRIO + "99": text})
    assert pinned(crio) == "absent"
    assert crio.management is not None
    assert list(crio.management.workload.resources) == ["CPUs"]


def test_a_number_is_no_string() -> None:
    text = "[crio.runtime.workloads.management]\nresources = { cpuset = 3 }\n"
    crio = crio_of({CRIO + "99": text})
    assert crio.management is not None
    assert crio.management.cpuset is not None
    assert crio.management.cpuset.found


def test_a_broken_file_is_told_and_changes_nothing() -> None:
    crio = crio_of({CRIO + "01": workload("0-1"), CRIO + "02": "[crio\n"})
    assert pinned(crio) == "0-1"
    (broken,) = crio.broken
    assert broken.path == CRIO + "02"
    assert broken.problem is not None


def test_a_table_that_stands_twice_breaks_its_file() -> None:
    assert len(crio_of({CRIO + "01": workload("0-1") * 2}).broken) == 1


@pytest.mark.parametrize(("unknown", "is_open"), [("02", True), ("00", False)])
def test_unknown_contents_leave_open_what_they_may_replace(unknown: str, *, is_open: bool) -> None:
    template = f"""
    apiVersion: machineconfiguration.openshift.io/v1
    kind: MachineConfig
    metadata: {{name: 60, labels: {{machineconfiguration.openshift.io/role: master}}}}
    spec:
      config:
        storage: {{files: [{{path: {CRIO}{unknown}, contents: {{source: "{{{{ .x }}}}"}}}}]}}
    """
    crio = crio_of({CRIO + "01": workload("0-1")}, template)
    assert crio.open is is_open


def test_a_file_of_a_later_config_replaces_the_same_path() -> None:
    later = machine_config("60", files={CRIO + "99": workload("0-3")})
    crio = crio_of({CRIO + "99": workload("0-1")}, later)
    assert pinned(crio) == "0-3"
    assert crio.shadowed == ()


@pytest.mark.parametrize("form", ["base64", "percent", "gzip"])
def test_every_encoding_is_read(form: str) -> None:
    config = machine_config("50", files={CRIO + "99": workload("0-1")}, form=form)
    assert pinned(node("master", config).crio) == "0-1"
    assert data_url("x", form) in file_entry("/x", "x", form)
