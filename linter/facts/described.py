"""The documents of a cluster that have a schema, and what their schemas say against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.schema.files import INSTALL_CONFIG, KUBELET_CONFIGURATION, OF_KIND
from linter.schema.verdict import Kind, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.scope import Facts
    from linter.schema.verdict import Violation
    from linter.sources.nodes import Node
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class Described:
    """A document that has a schema.

    ``identity`` is what people call it; ``overrides`` says whether it is laid over an
    install-config: its misspelt keys have a rule of their own.
    """

    root: Node
    schema: str
    identity: str
    overrides: bool = False


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
            overrides = installation.kind != INSTALL_CONFIG
            part = "the overrides of " if overrides else ""
            identity = f"{part}{installation.kind} {installation.name}".strip()
            yield Described(installation.config, INSTALL_CONFIG, identity, overrides)
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
            if not (document.overrides and violation.kind is Kind.UNKNOWN)
        ]
    return facts.misfits


def misspelt(facts: Facts, root: Node) -> dict[str, Ref]:
    """Return the fields that a document has under a misspelt name, and where it stands.

    A field is named by its path, such as ``spec.cpu.reserved``.
    """
    return {
        ".".join(
            map(str, (*misfit.violation.path[:-1], misfit.violation.nearest))
        ): misfit.violation.key
        for misfit in misfits(facts)
        if misfit.document.root is root and misfit.violation.nearest_is_absent
    }
