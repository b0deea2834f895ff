"""ACM Policies: objects inside ConfigurationPolicies, bound through PlacementBindings.

Format: open-cluster-management-io/governance-policy-propagator ``api/v1`` Policy and
open-cluster-management-io/config-policy-controller ``api/v1`` ConfigurationPolicy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.gitops.policy import Policy, PolicyObject, is_relevant
from linter.sources.fields import known

if TYPE_CHECKING:
    from linter.gitops.documents import Document
    from linter.gitops.placements import Placements


def read_acm_policy(document: Document, placements: Placements) -> Policy | None:
    """Read a Policy; None where it is disabled."""
    spec = document.root.at("spec")
    if known(spec.at("disabled").boolean()) is True:
        return None
    name = document.manifest.name
    objects: list[PolicyObject] = []
    raw = False
    for template in spec.at("policy-templates").elements():
        inner = template.at("objectDefinition")
        if known(inner.at("kind").text()) != "ConfigurationPolicy":
            continue
        raw |= inner.at("spec", "object-templates-raw").exists
        for entry in inner.at("spec", "object-templates").elements():
            root = entry.at("objectDefinition")
            compliance = known(entry.at("complianceType").text())
            if compliance != "mustnothave" and root.is_mapping and is_relevant(root):
                # With musthave the object may have more on the cluster than is stated here.
                only = compliance == "mustonlyhave"
                objects.append(PolicyObject(root, name, root.at("kind").ref, whole=only))
    return Policy(
        name=name,
        document=document,
        namespace=document.manifest.namespace,
        binding=placements.of_policy(document),
        objects=tuple(objects),
        whole=not raw,
        raw=raw,
    )
