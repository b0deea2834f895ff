"""Policies: objects that are put on the clusters which a binding means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.regexes import regex
from linter.sources.overlay import opened
from linter.sources.text import Embedded, Opaque
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from linter.gitops.binding import Binding
    from linter.gitops.documents import Document
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

PROFILE = ("performance.openshift.io", "PerformanceProfile")
TUNED = ("tuned.openshift.io", "Tuned")
_MACHINE = "machineconfiguration.openshift.io"
RELEVANT = frozenset(
    {
        PROFILE,
        TUNED,
        (_MACHINE, "MachineConfigPool"),
        (_MACHINE, "MachineConfig"),
        (_MACHINE, "KubeletConfig"),
    }
)
"""The API groups and kinds that say something of CPUs."""


@dataclass(frozen=True, slots=True)
class PolicyObject:
    """An object that a policy holds, before its hub templates are resolved.

    Attributes:
        root: The object: its source CR with the overlay laid over it.
        policy: The name of the policy.
        ref: Where the policy names it.
        whole: Whether all of it is known, so that what is absent is absent.

    """

    root: Node
    policy: str
    ref: Ref
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """Objects of one binding.

    Attributes:
        name: What people call it: the generator's name, or the policy's own.
        document: The object that says all this.
        namespace: The namespace of the policy on the hub, where its ConfigMaps are.
        objects: The relevant objects.
        whole: Whether all of its relevant objects could be read.
        raw: Whether some of it is text with template control flow.

    """

    name: str
    document: Document
    namespace: str
    binding: Binding
    objects: tuple[PolicyObject, ...]
    whole: bool = True
    raw: bool = False


def is_relevant(root: Node) -> bool:
    """Say whether an object is of a kind that says something of CPUs, and states something.

    What has no ``spec`` only asks for the status of an object that something else made.
    """
    api_version, kind = root.at("apiVersion").scalar(), root.at("kind").scalar()
    group = str(api_version).rpartition("/")[0]
    return (group, kind) in RELEVANT and root.at("spec").is_mapping


_KINDS = (
    ("PerformanceProfile", "performance.openshift.io/v2", "PerformanceProfile"),
    ("MachineConfigPool", f"{_MACHINE}/v1", "MachineConfigPool"),
    ("MachineConfig", f"{_MACHINE}/v1", "MachineConfig"),
    ("KubeletConfig", f"{_MACHINE}/v1", "KubeletConfig"),
    ("Tuned", "tuned.openshift.io/v1", "Tuned"),
)
_STEM = regex(r"([^/]+?)\.ya?ml\Z", re.IGNORECASE)


def kind_by_name(path: str) -> tuple[str, str] | None:
    """Return apiVersion and kind of a source CR that is not at hand, by the name of its file."""
    stem = _STEM.search(path)
    if stem is None:
        return None
    for prefix, api_version, kind in _KINDS:
        if stem[1].startswith(prefix):
            return api_version, kind
    return None


def without_base(root: Node) -> Node:
    """Return an overlay whose source CR is not at hand: what it does not state may be there.

    The source CRs of profiles leave all CPU sets to their overlays.

    Raises:
        TooLargeError: There is too much of it.

    """
    return opened(root, ("spec", "cpu"))


def stand_in(path: str, place: Node, *, pool: bool) -> Node | None:
    """Return what is known of a source CR that is not at hand: its kind and well-known defaults.

    Args:
        path: Its file, as the policy names it.
        place: Where the policy names it; all of it stands there.
        pool: Whether ``$mcp`` is put in, so that the defaults which need it hold.

    """
    found = kind_by_name(path)
    if found is None:
        return None
    text = f"apiVersion: {found[0]}\nkind: {found[1]}\n"
    if found[1] == "PerformanceProfile":
        text += "metadata:\n  name: openshift-node-performance-profile\n"
        if pool:
            text += 'spec:\n  nodeSelector:\n    node-role.kubernetes.io/$mcp: ""\n'
    if found[1] == "Tuned" and "TunedPerformancePatch" in path and pool:
        text += "metadata:\n  name: performance-patch\nspec:\n  recommend:\n"
        for name in ("performance-patch", "ran-du-performance"):
            role = f"{_MACHINE}/role: $mcp"
            text += f"  - profile: {name}\n    priority: 19\n"
            text += f"    machineConfigLabels:\n      {role}\n"
    ref = place.ref
    roots, _ = compose(Embedded(text, ref.source, Opaque(ref.start, ref.end)))
    return roots[0]
