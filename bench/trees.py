"""Deterministic trees the size of a fleet, with a known number of seeded disagreements.

A tenth of the files matters: four of five clusters are installer directories, the others are
SiteConfigs whose policies meet them by their labels. The rest are what lies beside them in real
repositories: workloads, Helm values and definitions of 30 to 140 kB. Clusters differ in what is
their own (names, domains, addresses, keys) and agree, by hardware, in what is not.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass

from bench.manifests import (
    definition,
    install_config,
    machine_config,
    other,
    performance_profile,
    policy_template,
    site_config,
    source_profile,
)

FILES_PER_CLUSTER = 20
BROKEN_EVERY = 100

HARDWARE = (
    ("0-1,32-33", "2-31,34-63"),
    ("0-3", "4-63"),
    ("0-1,52-53", "2-51,54-103"),
    ("0-3,64-67", "4-63,68-127"),
    ("0-1,40-41", "2-39,42-79"),
    ("0-7", "8-47"),
)
"""Reserved and isolated CPUs of the machines in use."""

WRONG = "0"
"""What a seeded disagreement says instead of the reserved CPUs."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree on disk and the disagreements in it: pairs of a rule's code and a cluster."""

    path: str
    files: int
    truth: frozenset[tuple[str, str]]


def written(path: str, files: int) -> Tree:
    """Return a tree of so many files (a multiple of 20), writing it unless it is there.

    A tree that was not written to its end has no truth file and is written anew.
    """
    truth = f"{path}.json"
    wanted = {"files": files, "generator": _generator()}
    if os.path.exists(truth):
        with open(truth, encoding="utf-8") as stream:
            known = json.load(stream)
        if known["tree"] == wanted:
            return Tree(path, files, frozenset((rule, name) for rule, name in known["truth"]))
    shutil.rmtree(path, ignore_errors=True)
    seeded = _write(path, files // FILES_PER_CLUSTER)
    _put(truth, json.dumps({"tree": wanted, "truth": seeded}, indent=1) + "\n")
    return Tree(path, files, frozenset(seeded))


def _generator() -> str:
    """Return a digest of the code that writes trees, so that an old tree is not taken for new."""
    digest = hashlib.sha256()
    for name in ("trees.py", "manifests.py"):
        with open(os.path.join(os.path.dirname(__file__), name), "rb") as stream:
            digest.update(stream.read())
    return digest.hexdigest()


def _write(path: str, clusters: int) -> list[tuple[str, str]]:
    seeded: list[tuple[str, str]] = []
    left = 2 * clusters  # of files that matter, a tenth of all
    sites: list[str] = []
    for number in range(clusters):
        broken = number % BROKEN_EVERY in {BROKEN_EVERY - 51, BROKEN_EVERY - 2}
        if number % 5 == 4:
            mine = _site(number, broken=broken)
            folder, code = f"gitops/sites/site-{number:05d}", "WPL316"
            sites.append(f"site-{number:05d}")
        else:
            mine = _installer_directory(number, broken=broken)
            folder, code = f"clusters/site-{number:05d}", "WPL301"
        if broken:
            seeded.append((code, f"site-{number:05d}"))
        left -= len(mine)
        for index in range(FILES_PER_CLUSTER - len(mine)):
            mine[f"apps/{index:02d}.yaml"] = (
                definition(number) if _has_definition(number, index) else other(number, index)
            )
        for name, text in mine.items():
            _put(os.path.join(path, folder, name), text)
    _shared(path, sites)
    if left:
        raise ValueError(f"{left} files too few matter")
    return seeded


def _has_definition(number: int, index: int) -> bool:
    return index == 0 and number % 2 == 0


def _installer_directory(number: int, *, broken: bool) -> dict[str, str]:
    """Return the files of an installer directory that matter: two, or three in one of four."""
    reserved, isolated = HARDWARE[number % len(HARDWARE)]
    profile = performance_profile(reserved, isolated)
    pinned = machine_config(WRONG if broken else reserved, reserved)
    if number % 5:
        files = {"openshift/50-partitioning.yaml": f"{profile}---\n{pinned}"}
    else:
        files = {
            "openshift/performance-profile.yaml": profile,
            "openshift/99-workload-partitioning.yaml": pinned,
        }
    return {"install-config.yaml": install_config(number), **files}


def _site(number: int, *, broken: bool) -> dict[str, str]:
    """Return the one file of a site that matters."""
    group = number // 5 % len(HARDWARE)
    return {"site.yaml": site_config(number, group, WRONG if broken else HARDWARE[group][0])}


def _shared(path: str, sites: list[str]) -> None:
    """Write what the sites have in common; it is beyond the count of files."""
    listed = "".join(f"- {name}/site.yaml\n" for name in sites)
    _put(os.path.join(path, "gitops/sites/kustomization.yaml"), f"generators:\n{listed}")
    groups = "".join(f"- group-{group}.yaml\n" for group in range(len(HARDWARE)))
    _put(os.path.join(path, "gitops/policies/kustomization.yaml"), f"generators:\n{groups}")
    _put(os.path.join(path, "gitops/policies/source-crs/PerformanceProfile.yaml"), source_profile())
    for group, (reserved, isolated) in enumerate(HARDWARE):
        _put(
            os.path.join(path, f"gitops/policies/group-{group}.yaml"),
            policy_template(group, reserved, isolated),
        )


def _put(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
