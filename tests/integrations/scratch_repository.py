"""A small repository with a cluster in it, as people have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import CRIO, PINNING, install_config, machine_config, pinning, profile, workload
from git_commands import git

if TYPE_CHECKING:
    from pathlib import Path


def drop_in(cpus: str) -> str:
    """A MachineConfig with both partitioning files."""
    files = {CRIO + "99-workload-pinning.conf": workload(cpus), PINNING: pinning(cpus)}
    return machine_config("50-performance-perf", files=files)


def scratch_repository(folder: Path) -> Path:
    """Make a git repository with a cluster whose files disagree with its profile."""
    cluster = folder / "clusters" / "depot"
    (cluster / "openshift").mkdir(parents=True)
    (cluster / "install-config.yaml").write_text(install_config("depot"))
    (cluster / "openshift" / "profile.yaml").write_text(profile("0-3", "4-7"))
    (cluster / "openshift" / "pinning.yaml").write_text(drop_in("0-2"))
    git(folder, "init", "--quiet")
    return folder


def committed(folder: Path) -> None:
    """Commit everything in a repository."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
