"""Where CRI-O reads its drop-ins, and what is meant to be one."""

from __future__ import annotations

import pytest

from linter.facts.crio import is_read, looks_misplaced


@pytest.mark.parametrize(
    "path",
    [
        "/etc/crio/conf.d/01-workload-partitioning",
        "/etc/crio/conf.d/99-pinning.conf",
        "/etc/crio.conf.d/99-pinning.conf",
        "/etc/cri-o/crio.conf.d/a",
        "/etc/crio/crio.d/a",
        "/etc/crio/a/b.d/c",
    ],
)
def test_misplaced_drop_ins(path: str) -> None:
    assert looks_misplaced(path)
    assert not is_read(path)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/crio/crio.conf",
        "/etc/crio/crio.conf.d/99-pinning.conf",
        "/etc/crio/crio.conf.d/more/99-pinning",
        "/etc/systemd/system/crio.service.d/10-nice.conf",
        "/usr/lib/systemd/system/crio.service.d/10-nice.conf",
        "/etc/tmpfiles.d/crio.conf",
        "/etc/cni/net.d/100-crio-bridge.conf",
        "/etc/containers/registries.conf.d/crio.conf",
        "/etc/crio/seccomp.json",
        "/etc/crio-other.d/a.conf",
        "/opt/etc/crio/conf.d/a",
        "/etc/crio/conf.d/",
    ],
)
def test_other_files(path: str) -> None:
    assert not looks_misplaced(path)
