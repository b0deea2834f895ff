"""The documents of a cluster that have a schema, and what their schemas say against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.schema.files import INSTALL_CONFIG, KUBELET_CONFIGURATION, OF_KIND
from linter.schema.verdict import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.scope import Facts
    from linter.schema.verdict import Violation
    from linter.sources.nodes import Node


@dataclass(frozen=True, slots=True)
class Described:
    """A document that has a schema. ``identity`` is what people call it."""

    root: Node
    schema: str
    identity: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that the schema of its document does not allow."""

    document: Described
    violation: Violation


def described(facts: Facts) -> Iterator[Described]:
    """Yield the documents that have a schema, JSON in annotations among them."""
    for manifest in facts.manifests:
        name = OF_KIND.get((manifest.group, manifest.kind))
        if name is not None:
            yield Described(manifest.root, name, manifest.identity)
    for installation in facts.installations:
        if installation.config is not None:
            part = "" if installation.kind == INSTALL_CONFIG else "the overrides of "
            identity = f"{part}{installation.kind} {installation.name}".strip()
            yield Described(installation.config, INSTALL_CONFIG, identity)
    for profile in facts.profiles:
        if profile.snippet is not None and profile.snippet.root is not None:
            identity = f"the kubelet settings of {profile.manifest.identity}"
            yield Described(profile.snippet.root, KUBELET_CONFIGURATION, identity)


def misfits(facts: Facts) -> list[Misfit]:
    """Return what the schemas say; it is worked out once, as no release changes it."""
    if facts.misfits is None:
        facts.misfits = [
            Misfit(document, violation)
            for document in described(facts)
            for violation in violations(document.root, document.schema)
        ]
    return facts.misfits
