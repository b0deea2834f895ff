"""PolicyGenerators: manifests and patches of them, placed by label selectors.

Format: open-cluster-management-io/policy-generator-plugin
``docs/policygenerator-reference.yaml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.gitops.binding import Binding, join
from linter.gitops.placements import read_generator_placement
from linter.gitops.policy import (
    Policy,
    PolicyObject,
    is_relevant,
    kind_by_name,
    stand_in,
    without_base,
)
from linter.sources.documents import is_alone
from linter.sources.fields import known
from linter.sources.overlay import Merge, TooLargeError, overlaid

if TYPE_CHECKING:
    from linter.gitops.documents import Document
    from linter.gitops.placements import Placements
    from linter.gitops.source_crs import SourceCrs
    from linter.sources.yaml_tree import Node


def read_policy_generator(
    document: Document, source_crs: SourceCrs, placements: Placements
) -> list[Policy]:
    """Read a PolicyGenerator: each of its policies may have a binding of its own."""
    root = document.root
    defaults = root.at("policyDefaults")
    policies: list[Policy] = []
    for entry in root.at("policies").elements():
        if known(entry.at("disabled").boolean()) is True:
            continue
        name = known(entry.at("name").text()) or document.manifest.name
        compliance = known(entry.at("complianceType").text()) or known(
            defaults.at("complianceType").text()
        )
        objects: list[PolicyObject] = []
        whole = True
        for manifest in entry.at("manifests").elements():
            said = known(manifest.at("complianceType").text()) or compliance
            if said == "mustnothave":
                continue
            read = _read_manifest(manifest, name, document, source_crs)
            if read is None:
                whole = False
            else:
                objects.extend(read)
        policies.append(
            Policy(
                name=name,
                document=document,
                namespace=known(defaults.at("namespace").text()) or "",
                binding=_binding(entry, name, document, placements),
                objects=tuple(objects),
                whole=whole,
            )
        )
    return policies


def _binding(entry: Node, name: str, document: Document, placements: Placements) -> Binding:
    """Return the binding of a policy: its own, or those of the policy sets that it is in."""
    root, defaults = document.root, document.root.at("policyDefaults")
    own = read_generator_placement(
        entry.at("placement"), defaults.at("placement"), placements, document.folder
    )
    named = entry.at("policySets") if entry.at("policySets").exists else defaults.at("policySets")
    sets = {known(element.text()) for element in named.elements()}
    bindings: list[Binding] = []
    for policy_set in root.at("policySets").elements():
        listed = {known(element.text()) for element in policy_set.at("policies").elements()}
        if name in listed or known(policy_set.at("name").text()) in sets:
            fallback = root.at("policySetDefaults", "placement")
            fallback = fallback if fallback.is_mapping else defaults.at("placement")
            bindings.append(
                read_generator_placement(
                    policy_set.at("placement"), fallback, placements, document.folder
                )
            )
    if not bindings:
        return own
    alone = known(entry.at("generatePlacementWhenInSet").boolean()) is True
    return join([*bindings, *([own] if alone else [])])


def _read_manifest(
    entry: Node, policy: str, document: Document, source_crs: SourceCrs
) -> list[PolicyObject] | None:
    """Read one of the ``manifests``; None where it may be relevant and cannot be read."""
    path = entry.at("path")
    name = known(path.text())
    if name is None:
        return None
    found = source_crs.find(name, document.folder)
    if found is None:
        base = stand_in(name, path, pool=False)
        bases = [] if base is None else [base]
    else:
        bases = [d.root for d in found]
        if not bases and kind_by_name(name) is not None:
            return None
    patches = list(entry.at("patches").elements())
    if any(not patch.is_mapping for patch in patches):
        return None
    alone = len(bases) == 1 and is_alone(bases[0].source.text)
    objects: list[PolicyObject] = []
    for base in bases:
        root = base
        try:
            for patch in patches:
                if alone or _targets(patch, base):
                    root = overlaid(root, patch, Merge.STRATEGIC)
            root = root if found is not None else without_base(root)
        except TooLargeError:
            return None
        if is_relevant(root):
            objects.append(PolicyObject(root, policy, path.ref))
    return objects


def _targets(patch: Node, base: Node) -> bool:
    """Say whether a patch is for one of several objects: kind and name must be the same."""
    return all(
        (said := known(patch.at(*place).text())) is not None
        and said == known(base.at(*place).text())
        for place in (("kind",), ("metadata", "name"))
    )
