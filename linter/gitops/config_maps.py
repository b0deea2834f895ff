"""ConfigMaps of the hub: the values that hub templates read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.hub_template import Absence
from linter.gitops.documents import nearest
from linter.sources.fields import is_template

if TYPE_CHECKING:
    from linter.formats.hub_template import Key
    from linter.gitops.documents import Document, Repository
    from linter.gitops.kustomizations import Liveness
    from linter.sources.yaml_tree import Node


class ConfigMaps:
    """Finds values by namespace, name and key."""

    def __init__(self, repository: Repository, liveness: Liveness) -> None:
        self._live: dict[str, list[Document]] = {}
        self._inactive: dict[str, list[Document]] = {}
        for document in repository.of("", "ConfigMap"):
            live = liveness.is_live(document.path)
            listed = self._live if live else self._inactive
            listed.setdefault(document.manifest.name, []).append(document)

    def value(self, key: Key, namespace: str, folder: str) -> Node | Absence:
        """Return the value of a key.

        Args:
            key: What is asked for.
            namespace: The namespace of the policy that asks; empty where it is not known.
            folder: The directory of the policy; the nearest of several ConfigMaps is meant.

        """
        documents = self._of_name(key, namespace, folder)
        if not documents:
            return Absence.CONFIG_MAP
        found = [self._in(document, key.key) for document in documents]
        nodes = [node for node in found if not isinstance(node, Absence)]
        if not nodes:
            absent = all(node is Absence.KEY for node in found)
            return Absence.KEY if absent else Absence.CONFIG_MAP
        if len({node.raw.value for node in nodes}) > 1 or len(nodes) < len(found):
            return Absence.CONFIG_MAP
        return nodes[0]

    def place(self, key: Key, namespace: str, folder: str) -> Node | None:
        """Return the data of the ConfigMap that is meant; None where several may be."""
        documents = self._of_name(key, namespace, folder)
        return documents[0].root.at("data") if len(documents) == 1 else None

    def _of_name(self, key: Key, namespace: str, folder: str) -> list[Document]:
        wanted = key.namespace or namespace
        for listed in (self._live, self._inactive):
            documents = [
                document
                for document in listed.get(key.config_map, ())
                if not wanted or document.manifest.namespace in {wanted, ""}
            ]
            near = nearest((document.folder for document in documents), folder)
            documents = [document for document in documents if document.folder in near]
            if documents:
                return documents
        return []

    def _in(self, document: Document, key: str) -> Node | Absence:
        """Return the value of a key of one ConfigMap; what is no plain string is not known."""
        data = document.root.at("data")
        node = data.at(key)
        if node.is_null:
            open_ended = not data.is_mapping or any(is_template(name) for name, _ in data.items())
            return Absence.CONFIG_MAP if open_ended or node.exists else Absence.KEY
        if not isinstance(node.scalar(), str) or node.is_template:
            return Absence.CONFIG_MAP
        return node
