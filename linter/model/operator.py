"""Whether a cluster has the operator that makes something of profiles, as far as manifests say.

Until 4.10 that is the Performance Addon Operator; from 4.13 on the Node Tuning Operator is a part
that can be left out of a cluster. See :mod:`linter.facts.operators`, and openshift/api
``config/v1/types_cluster_version.go`` for the sets of capabilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.operators import KINDS
from linter.model.releases import ADDON_OPERATOR, NODE_TUNING_CAPABILITY
from linter.records import dataclass
from linter.sources.fields import Value, is_template

if TYPE_CHECKING:
    from linter.facts.installation import Capabilities
    from linter.model.cluster import Cluster
    from linter.sources.text import Ref

CAPABILITY = "NodeTuning"
_SETS_WITHOUT = frozenset({"None", "v4.11", "v4.12"})


@dataclass(frozen=True, slots=True)
class MissingOperator:
    """An operator that is not there; ``ref`` is where it is left out, None where nothing says it.

    ``certain`` is False where it may be installed by something that nobody read.
    """

    name: str
    ref: Ref | None
    certain: bool


def missing_operator(cluster: Cluster) -> MissingOperator | None:
    """Return the operator that a cluster lacks, or None where it has it, or may have it.

    Raises:
        Undecided: The releases under consideration differ.

    """
    for installation in cluster.facts.installations:
        stated = installation.capabilities
        if stated is not None and leaves_out(stated):
            if not cluster.releases.has(NODE_TUNING_CAPABILITY):
                break
            return MissingOperator("the Node Tuning Operator", stated.ref, certain=True)
    here = {addon.manifest.kind for addon in cluster.facts.addons}
    if cluster.facts.pools_open or here >= set(KINDS) or not cluster.releases.has(ADDON_OPERATOR):
        return None
    return MissingOperator("the Performance Addon Operator", None, certain=False)


def leaves_out(stated: Capabilities) -> bool:
    """Say whether a set of capabilities is known to leave the operator out."""
    if CAPABILITY in stated.additional or is_template(stated.ref.text):
        return False
    return isinstance(stated.baseline, Value) and stated.baseline.value in _SETS_WITHOUT
