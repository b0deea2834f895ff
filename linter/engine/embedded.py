"""Manifests in ConfigMaps that stand beside plain manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from linter.facts.scope import Facts
    from linter.gitops.documents import Repository
    from linter.sources.scopes import Scope


class Embedded:
    """The manifests in the ConfigMaps of a repository that has no policies."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._maps = repository.of("", "ConfigMap")

    def add_to(self, facts: Facts, paths: Collection[str]) -> None:
        """Add the manifests in the ConfigMaps of some files to the facts of their cluster."""
        if not self._maps:
            return
        from linter.gitops.extra_manifests import of_config_map
        from linter.gitops.join import add_facts
        from linter.gitops.node_pools import is_for_node_pools

        for document in self._maps:
            if document.path in paths and not is_for_node_pools(document):
                add_facts(facts, of_config_map(document))

    def rest(self) -> list[tuple[Scope, Facts]]:
        """Return what is for NodePools, each as a scope of its own."""
        if not self._maps:
            return []
        from linter.gitops.node_pools import NodePools

        return NodePools(self._repository).scopes
