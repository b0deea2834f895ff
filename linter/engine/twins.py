"""Twins: clusters that state the same, so that judging one of them judges all.

The clusters of a fleet are copies that differ in names, addresses and keys. A clean verdict names
neither a place nor a cluster, so it holds for every cluster that states the same values. What is
compared never leaves out a value that a rule may look at:

* a file stands for itself by its bytes;
* an install-config stands by what is read of it, since nearly all of it is the site's own, or by
  its text where that tells (:mod:`linter.engine.masking`);
* an object of a policy stands by its identity: clusters that meet the same policies share it;
* what a cluster's own file states stands by its values, or by the pattern of the file where that
  tells (:mod:`linter.gitops.patterns`).

Names of clusters and hosts are compared only as far as rules can tell: whether two of one kind are
the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from linter.facts.cpus import Grammar
from linter.facts.installation import Capabilities, Enablement, Host, Installation
from linter.facts.manifests import Manifest
from linter.facts.scope import Facts, add_document
from linter.facts.site_config import NodeCpuset
from linter.formats.cpuset import CpuSet
from linter.model.release_claims import IMAGE_SET
from linter.schema.files import INSTALL_CONFIG
from linter.schema.verdict import violations
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from linter.engine.loading import Loaded


def install_config(file: Loaded) -> Hashable | None:
    """Return what stands for an install-config; None where there is more in the file."""
    if file.problem is not None or file.skipped is not None:
        return None
    facts = Facts()
    for root in file.roots:
        before = len(facts.installations)
        add_document(facts, root)
        if len(facts.installations) == before:
            return None
    if any(getattr(facts, name) for name in Facts.__slots__ if name != "installations"):
        return None
    met = _Met()
    return tuple(_stated(installation, met) for installation in facts.installations)


def likeness(variants: Iterable[Facts]) -> tuple[Hashable, list[object]]:
    """Return what stands for the facts of a cluster that policies are bound to.

    With it come the objects that it compares by their identity, which have to live as long.
    """
    met = _Met()
    return tuple(_facts(facts, met) for facts in variants), met.kept


class _Met:
    """What was met in the facts of a cluster.

    Attributes:
        names: A number for each name of each kind of object.
        kept: What is compared by its identity.

    """

    def __init__(self) -> None:
        self.names: dict[object, int] = {}
        self.kept: list[object] = []

    def named(self, *name: object) -> int:
        """Return the number of a name."""
        return self.names.setdefault(name, len(self.names))


_OWN = ("installations", "node_cpusets")
"""What is stated of one cluster alone, and so compared by its values."""

_NAMING = ("carriers", "described_at")
"""What only says what the places of findings are called."""

_DERIVED = ("misfits", "topologies")
"""What is added when a cluster is judged."""

_OF_CHANGES = ("machines",)
"""What only rules about changes look at, which compare no twins."""

_SHARED = tuple(
    name for name in Facts.__slots__ if name not in {*_OWN, *_NAMING, *_DERIVED, *_OF_CHANGES}
)


def _facts(facts: Facts, met: _Met) -> Hashable:
    shared: list[Hashable] = []
    for name in _SHARED:
        value = getattr(facts, name)
        if isinstance(value, list):
            met.kept.extend(value)
            value = tuple(map(id, value))
        shared.append(value)
    met.names.clear()
    return (
        tuple(shared),
        tuple(_stated(installation, met) for installation in facts.installations),
        tuple(_stated(cpuset, met) for cpuset in facts.node_cpusets),
    )


def _stated(value: Any, met: _Met) -> Hashable:
    """Return the values in a record of facts, without places; what is no plain value is itself.

    Args:
        value: The record, or a part of it.
        met: What was met so far.

    """
    kind = type(value)
    if kind in _PLAIN:
        return cast("Hashable", value)
    if kind is Ref:
        return "a place"
    if kind is tuple:
        return tuple(_stated(part, met) for part in value)
    if kind is dict:
        return tuple((key, _stated(part, met)) for key, part in value.items())
    if not hasattr(kind, "__record_fields__") or kind is Manifest:
        met.kept.append(value)
        return id(value)
    parts = {name: getattr(value, name) for name in kind.__record_fields__}
    if kind is Installation and value.kind != IMAGE_SET:
        parts["name"] = met.named(value.kind, value.name)
    if kind is Installation and not _violates(value):
        parts["config"] = None
    elif kind is Enablement:
        parts["holder"] = value.holder is None  # it only says where a repair would be written
    elif kind is Host:
        parts["name"] = met.named(Host, value.name)
    elif kind is NodeCpuset:
        parts["host"] = ""
    elif kind is Capabilities:
        parts["node"] = value.ref.text
    return (kind, *(_stated(part, met) for part in parts.values()))


def _violates(installation: Installation) -> bool:
    """Say whether the schema of an install-config has something against it, or a part of it."""
    config = installation.config
    return config is not None and any(True for _ in violations(config, INSTALL_CONFIG))


_PLAIN = frozenset({str, int, bool, float, type(None), CpuSet, Grammar})
