"""NodePools of hosted control planes: each takes its tuning from ConfigMaps.

Format: openshift/hypershift ``api/hypershift/v1beta1/nodepool_types.go``: ``spec.tuningConfig``
names ConfigMaps of the NodePool's namespace, whose key ``tuning`` holds Tuned objects or a
PerformanceProfile; ``spec.config`` names such whose key ``config`` holds MachineConfigs and the
like. Each NodePool is a pool of its own, whatever the objects select.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.embedded_files import documents_of
from linter.facts.manifests import manifests_in
from linter.facts.policies import Carrier
from linter.facts.scope import Facts, add_manifest
from linter.gitops.policy import is_relevant
from linter.sources.fields import known
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.gitops.documents import Document, Repository

_SHAPE = ("hypershift.openshift.io", "NodePool")
KEYS = ("tuning", "config")
"""The keys of ConfigMaps that belong to NodePools."""

_REFERENCES = (("tuningConfig", "tuning"), ("config", "config"))


class NodePools:
    """The NodePools of a repository, and the ConfigMaps that are meant for such.

    Attributes:
        scopes: Each NodePool, and each such ConfigMap that none of them names, with its facts.

    """

    def __init__(self, repository: Repository) -> None:
        self._maps: dict[tuple[str, str], list[Document]] = {}
        for document in repository.of("", "ConfigMap"):
            if is_for_node_pools(document):
                key = (document.manifest.namespace, document.manifest.name)
                self._maps.setdefault(key, []).append(document)
        self._used: set[int] = set()
        self.scopes = [
            (_scope(document), self._facts_of_pool(document)) for document in repository.of(*_SHAPE)
        ]
        self.scopes += self._left()

    def _facts_of_pool(self, pool: Document) -> Facts:
        facts = _open_facts()
        facts.described_at = pool.manifest.ref
        for reference, key in _REFERENCES:
            for element in pool.root.at("spec", reference).elements():
                name = known(element.at("name").text())
                found = self._maps.get((pool.manifest.namespace, name or ""), [])
                if len(found) == 1:
                    self._used.add(id(found[0]))
                    _add(facts, found[0], key)
        return facts

    def _left(self) -> Iterator[tuple[Scope, Facts]]:
        for listed in self._maps.values():
            for document in listed:
                if id(document) not in self._used:
                    facts = _open_facts()
                    for key in KEYS:
                        _add(facts, document, key)
                    yield _scope(document), facts


def is_for_node_pools(document: Document) -> bool:
    """Say whether a ConfigMap holds what only a NodePool reads."""
    data = document.root.at("data")
    return any(data.at(key).is_scalar for key in KEYS) and all(
        key in KEYS for key, _ in data.items()
    )


def _open_facts() -> Facts:
    return Facts(bound=True, pools_open=True, profiles_open=True)


def _add(facts: Facts, document: Document, key: str) -> None:
    value = document.root.at("data", key)
    facts.carriers.append(Carrier(document.manifest.ref, document.manifest.identity))
    for root in documents_of(value):
        for manifest in manifests_in(root):
            if is_relevant(manifest.root):
                add_manifest(facts, manifest)


def _scope(document: Document) -> Scope:
    path = document.manifest.ref.file.name
    return Scope(document.manifest.name or path, path, (), installer=False)
