"""PolicyGenTemplates: overlays over source CRs, bound by rules.

Format: openshift-kni/cnf-features-deploy ``ztp/policygenerator``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.gitops.binding import read_binding_rules
from linter.gitops.policy import (
    Policy,
    PolicyObject,
    is_relevant,
    kind_by_name,
    stand_in,
    without_base,
)
from linter.sources.fields import known
from linter.sources.overlay import Merge, TooLargeError, mapping, overlaid, substituted

if TYPE_CHECKING:
    from linter.gitops.documents import Document
    from linter.gitops.source_crs import SourceCrs
    from linter.sources.yaml_tree import Node

_OVERLAID = frozenset({"metadata", "spec", "data", "status"})


def read_policy_gen_template(document: Document, source_crs: SourceCrs) -> Policy:
    """Read a PolicyGenTemplate."""
    spec = document.root.at("spec")
    objects: list[PolicyObject] = []
    whole = True
    for entry in spec.at("sourceFiles").elements():
        if known(entry.at("complianceType").text()) == "mustnothave":
            continue
        read = _read_entry(entry, known(spec.at("mcp").text()), document, source_crs)
        if read is None:
            whole = False
        else:
            objects.extend(read)
    return Policy(
        name=document.manifest.name,
        document=document,
        namespace=document.manifest.namespace,
        binding=read_binding_rules(spec.at("bindingRules"), spec.at("bindingExcludedRules")),
        objects=tuple(objects),
        whole=whole,
    )


def _read_entry(
    entry: Node, pool: str | None, document: Document, source_crs: SourceCrs
) -> list[PolicyObject] | None:
    """Read one of the ``sourceFiles``; None where it may be relevant and cannot be read."""
    file_name = entry.at("fileName")
    name = known(file_name.text())
    if name is None:
        return None
    found = source_crs.find(name, document.folder)
    if found is None:
        base = stand_in(name, file_name, pool=pool is not None)
        bases = [] if base is None else [base]
    else:
        bases = [d.root for d in found]
        if not bases and kind_by_name(name) is not None:
            return None
    policy = known(entry.at("policyName").text()) or ""
    overlay = mapping(
        entry, {k.raw.value: (k, v) for k, v in entry.pairs() if k.raw.value in _OVERLAID}
    )
    objects: list[PolicyObject] = []
    for base in bases:
        try:
            root = overlaid(base, overlay, Merge.TEMPLATE)
            root = substituted(root, {"$mcp": pool} if pool is not None else {})
            root = root if found is not None else without_base(root)
        except TooLargeError:
            return None
        if is_relevant(root):
            full = f"{document.manifest.name}-{policy}" if policy else document.manifest.name
            objects.append(PolicyObject(root, full, file_name.ref))
    return objects
