"""Placements: objects that say which clusters a policy is meant for.

Formats: open-cluster-management.io/api ``cluster/v1beta1`` Placement, and the older PlacementRule
of open-cluster-management-io/multicloud-operators-subscription.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.formats.label_selector import Requirement
from linter.gitops.binding import NOBODY, Binding, any_of, join, read_selector
from linter.gitops.documents import APPS, CLUSTER, POLICY, nearest
from linter.sources.fields import known

if TYPE_CHECKING:
    from linter.gitops.binding import Conjunction
    from linter.gitops.documents import Document, Repository
    from linter.sources.yaml_tree import Node

CLUSTER_SET_LABEL = "cluster.open-cluster-management.io/clusterset"


class Placements:
    """The placements of a repository, and the policies that are bound to them."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._by_name: dict[tuple[str, str], list[Document]] = {}
        for shape in ((CLUSTER, "Placement"), (APPS, "PlacementRule")):
            for document in repository.of(*shape):
                self._by_name.setdefault((shape[1], document.manifest.name), []).append(document)
        self._bound: dict[str, list[tuple[Document, str, str]]] = {}
        for document in repository.of(POLICY, "PlacementBinding"):
            self._add_binding(document)

    def _add_binding(self, document: Document) -> None:
        reference = document.root.at("placementRef")
        name, kind = known(reference.at("name").text()), known(reference.at("kind").text())
        for subject in document.root.at("subjects").elements():
            policy = known(subject.at("name").text())
            if name and kind and policy and known(subject.at("kind").text()) == "Policy":
                self._bound.setdefault(policy, []).append((document, kind, name))

    def of_policy(self, policy: Document) -> Binding:
        """Return the binding of an ACM Policy: that of the placements it is bound to."""
        namespace = policy.manifest.namespace
        found = [
            self.named(name, policy.folder, kind)
            for document, kind, name in self._bound.get(policy.manifest.name, ())
            if document.manifest.namespace == namespace
        ]
        return join(found)

    def named(self, name: str, folder: str, kind: str = "") -> Binding:
        """Return the binding of the placement of a name, the nearest of several."""
        kinds = (kind,) if kind else ("Placement", "PlacementRule")
        found = [d for k in kinds for d in self._by_name.get((k, name), ())]
        near = nearest((document.folder for document in found), folder)
        found = [document for document in found if document.folder in near]
        return read_placement(found[0]) if len(found) == 1 else NOBODY

    def at(self, path: str, folder: str) -> Binding:
        """Return the binding of the placement in a file."""
        documents = self._repository.by_path.get(os.path.normpath(os.path.join(folder, path)), [])
        found = [d for d in documents if d.shape[1] in {"Placement", "PlacementRule"}]
        return read_placement(found[0]) if len(found) == 1 else NOBODY


def read_placement(document: Document) -> Binding:
    """Read a Placement or a PlacementRule."""
    spec = document.root.at("spec")
    if document.manifest.kind == "PlacementRule":
        return any_of([read_selector(spec.at("clusterSelector"))])
    sets = _cluster_sets(spec)
    if sets is None:
        return NOBODY
    predicates = list(spec.at("predicates").elements())
    if not predicates:
        return Binding((sets,))
    return any_of(_predicate(predicate, sets) for predicate in predicates)


def _predicate(predicate: Node, sets: Conjunction) -> Conjunction | None:
    required = predicate.at("requiredClusterSelector")
    if required.at("claimSelector").exists or required.at("celSelector").exists:
        return None
    selector = read_selector(required.at("labelSelector"))
    return None if selector is None else selector + sets


def _cluster_sets(spec: Node) -> Conjunction | None:
    """Return what the cluster sets require; a cluster that is in none is in ``default``."""
    if spec.at("clusterSets").is_null:
        return ()
    names = [known(element.text()) for element in spec.at("clusterSets").elements()]
    listed = tuple(name for name in names if name is not None)
    if len(listed) != len(names) or not listed:
        return None
    if "global" in listed:
        return ()
    return (Requirement(CLUSTER_SET_LABEL, "In", listed),)


def read_generator_placement(
    placement: Node, defaults: Node, placements: Placements, folder: str
) -> Binding:
    """Read the ``placement`` of a PolicyGenerator: that of a policy replaces the default."""
    node = placement if placement.is_mapping else defaults
    if not node.is_mapping:
        return NOBODY
    for key in ("labelSelector", "clusterSelector", "clusterSelectors"):
        if node.at(key).exists:
            return any_of([read_selector(node.at(key))])
    for key in ("placementPath", "placementRulePath"):
        path = known(node.at(key).text())
        if path is not None:
            return placements.at(path, folder)
    for key in ("placementName", "placementRuleName"):
        name = known(node.at(key).text())
        if name is not None:
            return placements.named(name, folder)
    return NOBODY
