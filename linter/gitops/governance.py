"""What governs the clusters of a repository: its policies, and which of its files are live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.gitops.acm_policy import read_acm_policy
from linter.gitops.documents import POLICY, RAN
from linter.gitops.kustomizations import Liveness
from linter.gitops.meeting import Meeting
from linter.gitops.patches import Patches
from linter.gitops.placements import Placements
from linter.gitops.policy_gen_template import read_policy_gen_template
from linter.gitops.policy_generator import read_policy_generator
from linter.gitops.source_crs import SourceCrs

if TYPE_CHECKING:
    from linter.gitops.documents import Document, Outline, Repository
    from linter.gitops.policy import Policy


class Governance:
    """What governs the clusters of a repository; what is patched on its way is taken out of it.

    Attributes:
        patched: The files and directories that some patch may change on their way.
        left_out: The clusters, generators and ConfigMaps in them, which are not read.
        liveness: Which of its files are live.
        source_crs: Its source CRs.
        policies: Its policies.
        meeting: Which of them a cluster meets.

    """

    def __init__(self, repository: Repository) -> None:
        patches = Patches(repository)
        self.patched = patches.patched
        self.left_out: list[Document | Outline] = repository.leave_out(patches.patched)
        self.liveness = Liveness(repository, patches.generating)
        self.source_crs = SourceCrs(repository)
        self.policies = self._policies(repository)
        self.meeting = Meeting(self.policies, self.liveness, repository.sample_of)

    def _policies(self, repository: Repository) -> list[Policy]:
        placements = Placements(repository)
        policies = [
            read_policy_gen_template(document, self.source_crs)
            for document in repository.of(RAN, "PolicyGenTemplate")
        ]
        for document in repository.of(POLICY, "PolicyGenerator"):
            policies.extend(read_policy_generator(document, self.source_crs, placements))
        for document in repository.of(POLICY, "Policy"):
            policy = read_acm_policy(document, placements)
            if policy is not None:
                policies.append(policy)
        return policies
