"""What differs between two states in what governs clusters, and which clusters that may concern."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.gitops.extra_manifests import WORKLOAD, ExtraManifests
from linter.gitops.policy_index import PolicyIndex
from linter.gitops.resolution import templates_of
from linter.plan.signature import content_digest
from linter.records import dataclass
from linter.regexes import regex
from linter.sources.candidates import KUSTOMIZATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from linter.engine.side import Side
    from linter.gitops.documents import Repository
    from linter.gitops.governance import Governance
    from linter.gitops.managed_cluster import Labelling
    from linter.gitops.policy import Policy
    from linter.gitops.sketches import Sketch

_ASKED_FOR = regex(r'fromConfigMap\s+"[^"\n]*"\s+"([^"\n]+)"')
_ASKS = "fromConfigMap"


@dataclass(frozen=True, slots=True)
class Rule:
    """What governs clusters on one side."""

    side: Side
    repository: Repository
    governance: Governance


class Contrast:
    """What differs in what governs clusters.

    Args:
        old: What governs them before.
        new: What governs them afterwards.
        differing: The places of the files that differ.

    """

    def __init__(self, old: Rule, new: Rule, differing: Collection[str]) -> None:
        self._sides = (old, new)
        self._folders = {os.path.dirname(place) for place in differing}
        self._relisted = any(os.path.basename(place) in KUSTOMIZATIONS for place in differing)
        self._config_maps = _unlike(_config_maps(old), _config_maps(new))
        generated = [_generated(one) for one in (old, new)]
        self._generated = {
            name
            for name in generated[0].keys() | generated[1].keys()
            if generated[0].get(name) != generated[1].get(name)
            or any(file in differing for files in generated[1][name] for file in files)
        }
        self.made_of_files = frozenset(generated[0].keys() | generated[1].keys())
        """The ConfigMaps that kustomizations make of files, by namespace and name."""
        policies = self._policies()
        self._policies_by_label = PolicyIndex(
            [policy for policy, _ in policies], new.governance.policies
        )
        self._in_content = {id(policy) for policy, in_content in policies if in_content}

    def concerns(self, sketch: Sketch, labels: Labelling, place: str) -> bool:
        """Say whether a cluster whose file is the same may get something else.

        Args:
            sketch: The cluster.
            labels: Its labels, those of all its objects.
            place: The file that describes it.

        """
        if self._relisted and self._is_live(self._sides[0], place) != self._is_live(
            self._sides[1], place
        ):
            return True
        for folder in folders_of(sketch, place) if sketch.folders else ():
            if folder in self._folders or f"{folder}/{WORKLOAD}" in self._folders:
                return True
        for name in sketch.config_maps:
            if name in self._config_maps or (sketch.namespace, name) in self._generated:
                return True
        if not self._policies_by_label.may_meet(labels.values, labels.unknown):
            return False
        for policy in self._policies_by_label.candidates(labels.values, labels.unknown):
            meant = policy.binding.holds(labels.values, labels.unknown)
            if meant or (meant is None and id(policy) not in self._in_content):
                return True
        return False

    def _is_live(self, rule: Rule, place: str) -> bool:
        path = os.path.join(os.path.abspath(rule.side.source.root), place)
        return rule.governance.liveness.is_live(path)

    def _policies(self) -> list[tuple[Policy, bool]]:
        """Return the live policies that differ, each with whether only its objects do.

        Of a cluster for which it is not known whether a policy is meant, the objects do not count.
        """
        old, new = (self._by_key(rule) for rule in self._sides)
        found: list[tuple[Policy, bool]] = []
        for key in old.keys() | new.keys():
            mine, theirs = old.get(key, []), new.get(key, [])
            if [content for _, content in mine] != [content for _, content in theirs]:
                in_content = len(mine) == len(theirs)
                found += [(policy, in_content) for policy, _ in (*mine, *theirs)]
            else:
                found += [
                    (policy, True) for policy, _ in theirs if self._reads_what_differs(policy)
                ]
        return found

    def _by_key(self, rule: Rule) -> dict[Hashable, list[tuple[Policy, Hashable]]]:
        found: dict[Hashable, list[tuple[Policy, Hashable]]] = {}
        for policy in rule.governance.policies:
            path = policy.document.path
            if rule.governance.liveness.is_live(path):
                place = rule.side.inside(path)
                key = (policy.name, place, policy.namespace, policy.binding, policy.whole)
                content = tuple(
                    (one.policy, one.whole, content_digest(one.root)) for one in policy.objects
                )
                found.setdefault(key, []).append((policy, content))
        return found

    def _reads_what_differs(self, policy: Policy) -> bool:
        """Say whether a template of a policy may read a ConfigMap that differs."""
        if not self._config_maps:
            return False
        for origin in policy.objects:
            for text in templates_of(origin.root):
                names = _ASKED_FOR.findall(text)
                if len(names) != text.count(_ASKS) or not self._config_maps.isdisjoint(names):
                    return True
        return False


def folders_of(sketch: Sketch, place: str) -> list[str]:
    """Return the places of the directories whose manifests a cluster is installed with."""
    here = os.path.dirname(place)
    return [os.path.normpath(os.path.join(here, folder)) for folder in sketch.folders]


def _config_maps(rule: Rule) -> dict[str, list[Hashable]]:
    """Return the ConfigMaps by name."""
    found: dict[str, list[Hashable]] = {}
    for document in rule.repository.of("", "ConfigMap"):
        manifest = document.manifest
        place = rule.side.inside(document.path)
        live = rule.governance.liveness.is_live(document.path)
        said = (manifest.namespace, place, live, content_digest(manifest.root))
        found.setdefault(manifest.name, []).append(said)
    return found


def _generated(rule: Rule) -> dict[tuple[str, str], list[list[str]]]:
    """Return the files of which kustomizations make ConfigMaps, by namespace and name."""
    made = ExtraManifests(rule.repository).generated
    return {
        name: [[rule.side.inside(file) for file in files] for files in several]
        for name, several in made.items()
    }


def _unlike(old: dict[str, list[Hashable]], new: dict[str, list[Hashable]]) -> frozenset[str]:
    return frozenset(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
