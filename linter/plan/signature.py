"""What the manifests of a cluster state, whatever their files, order and layout.

Two states with the same signature are the same state, so that most clusters of a fleet need no
model at all when a change is judged.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from linter.sources.fields import Missing, Value

if TYPE_CHECKING:
    from linter.facts.installation import Enablement, Installation
    from linter.facts.manifests import Manifest
    from linter.facts.scope import Facts
    from linter.sources.yaml_tree import Node

Signature = tuple[object, ...]


class Signatures:
    """Makes signatures; an object that many clusters share is read once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Manifest, bytes]] = {}

    def of(self, facts: Facts) -> Signature:
        """Return the signature of the facts of a cluster, without what describes its installation.

        Names of clusters play no part in it.
        """
        return (
            tuple(sorted(self._object(manifest) for manifest in facts.manifests)),
            tuple(sorted((file.path, hash(file.text)) for file, _ in facts.unreadable)),
            (facts.bound, facts.pools_open, facts.profiles_open, facts.dormant),
        )

    def _object(self, manifest: Manifest) -> bytes:
        if id(manifest) not in self._known:
            self._known[id(manifest)] = (manifest, content_digest(manifest.root))
        return self._known[id(manifest)][1]


def content_digest(root: Node) -> bytes:
    """Return what stands for an object, however it is written."""
    from hashlib import blake2b

    try:
        text = json.dumps(root.plain(), sort_keys=True, default=str)
    except (TypeError, ValueError):
        text = root.ref.text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def installation_signature(facts: Facts) -> Signature:
    """Return what a cluster says of its installation; hosts and the cluster have no names in it."""
    return (
        tuple(sorted(map(_installation, facts.installations), key=repr)),
        tuple(sorted((node.role, node.statement.text) for node in facts.node_cpusets)),
    )


def _installation(one: Installation) -> Signature:
    topology, release, capabilities = one.topology, one.release, one.capabilities
    return (
        one.kind,
        _enablement(one.enablement),
        None
        if topology is None
        else (
            topology.control_plane,
            topology.workers,
            topology.control_plane_topology,
            tuple(sorted(tuple(sorted(labels.values.items())) for labels in topology.nodes)),
        ),
        release.text if release is not None else None,
        None if capabilities is None else (str(capabilities.baseline), capabilities.additional),
    )


def _enablement(one: Enablement | None) -> object:
    if one is None:
        return None
    mode = one.mode
    if isinstance(mode, Value):
        said = mode.value
    else:
        said = "" if isinstance(mode, Missing) else type(mode).__name__
    return (one.carrier, said)
