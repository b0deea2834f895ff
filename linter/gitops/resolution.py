"""Effective objects: what the objects of policies become on one cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.manifests import read_manifest
from linter.facts.policies import Carrier, MissingKey, Passage
from linter.facts.scope import Facts, add_manifest
from linter.formats.hub_template import (
    MARK,
    NAME,
    Absence,
    Context,
    Resolved,
    Unknown,
    evaluate,
)
from linter.gitops.answers import Answers
from linter.records import dataclass
from linter.sources.fields import known
from linter.sources.nodes import Graft
from linter.sources.overlay import TooLargeError, opened, respelled, rewritten
from linter.sources.scalars import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.formats.hub_template import Key
    from linter.gitops.config_maps import ConfigMaps
    from linter.gitops.policy import Policy, PolicyObject
    from linter.sources.yaml_tree import Node

_LONGEST_TEMPLATE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """An object of a policy as a cluster gets it: the facts of it alone, and what it is.

    ``identities`` are what no two objects of a cluster share: kind and name, and for a profile
    the nodes that it is for.
    """

    policy: Policy
    origin: PolicyObject
    facts: Facts
    identities: tuple[tuple[str, ...], ...]


class Resolver:
    """Resolves hub templates; what is the same for several clusters is read once."""

    def __init__(self, config_maps: ConfigMaps) -> None:
        self._config_maps = config_maps
        self._templates: dict[int, tuple[PolicyObject, tuple[str, ...]]] = {}
        self._answers: dict[int, Answers[Piece | None]] = {}
        self._pieces: dict[tuple[int, tuple[object, ...]], Piece | None] = {}

    def piece(
        self, policy: Policy, origin: PolicyObject, cluster: str | None, labels: Mapping[str, str]
    ) -> Piece | None:
        """Return an object as a cluster gets it; None where it is too large to walk."""
        if id(origin) not in self._templates:
            self._templates[id(origin)] = (origin, templates_of(origin.root))
            self._answers[id(origin)] = Answers()
        texts = self._templates[id(origin)][1]
        if any(NAME in text for text in texts):
            return self._piece(policy, origin, texts, cluster, labels)
        return self._answers[id(origin)].once(
            labels, lambda asked: self._piece(policy, origin, texts, cluster, asked)
        )

    def _piece(
        self,
        policy: Policy,
        origin: PolicyObject,
        texts: tuple[str, ...],
        cluster: str | None,
        labels: Mapping[str, str],
    ) -> Piece | None:
        folder = policy.document.folder

        def lookup(key: Key) -> str | Absence:
            found = self._config_maps.value(key, policy.namespace, folder)
            return found if isinstance(found, Absence) else str(found.raw.value)

        context = Context(cluster, labels, lookup)
        values = tuple(evaluate(text, context) for text in texts)
        known_as = (id(origin), values)
        if known_as not in self._pieces:
            answers = dict(zip(texts, values, strict=True))
            try:
                self._pieces[known_as] = self._read(policy, origin, answers)
            except TooLargeError:
                self._pieces[known_as] = None
        return self._pieces[known_as]

    def _read(
        self, policy: Policy, origin: PolicyObject, answers: Mapping[str, Resolved | Unknown]
    ) -> Piece:
        facts = Facts()
        carrier = policy.document.manifest
        facts.carriers.append(Carrier(carrier.ref, carrier.identity))
        folder = policy.document.folder

        def filled(node: Node) -> Graft:
            text = node.raw.value
            answer = answers.get(text) if MARK in text else None
            if isinstance(answer, Resolved):
                return self._written(answer, node, policy, origin.policy, facts)
            plain = node.raw if isinstance(node.raw, Graft) else Graft(node.raw, node.source)
            if isinstance(answer, Unknown) and answer.missing is not None:
                data = self._config_maps.place(answer.missing, policy.namespace, folder)
                if data is not None:
                    name, key = answer.missing.config_map, answer.missing.key
                    place = node.content_ref()
                    facts.missing_keys.append(MissingKey(name, key, origin.policy, place, data.ref))
            return plain

        root = rewritten(origin.root, filled) if answers else origin.root
        root = root if origin.whole else opened(root)
        manifest = read_manifest(root, known(root.at("kind").text()) or "")
        add_manifest(facts, manifest)
        identities = [(manifest.kind, manifest.name)] if manifest.name else []
        for profile in facts.profiles:
            selector = profile.node_selector
            if selector is not None and selector.complete and selector.values:
                parts = [f"{key}={value}" for key, value in sorted(selector.values.items())]
                identities.append(("nodes", ",".join(parts)))
        return Piece(policy, origin, facts, tuple(identities))

    def _written(
        self, answer: Resolved, node: Node, policy: Policy, name: str, facts: Facts
    ) -> Graft:
        """Return the value of a template: where it is written, if all of it is in one place."""
        found: Node | Absence = Absence.KEY
        if answer.key is not None:
            found = self._config_maps.value(answer.key, policy.namespace, policy.document.folder)
        if isinstance(found, Absence):
            return respelled(node, answer.text, string=not answer.raw)
        facts.passages.append(Passage(found.content_ref(), node.content_ref(), name))
        if answer.key is not None:
            words = f"ConfigMap/{answer.key.config_map}:{answer.key.key}"
            facts.carriers.append(Carrier(found.ref, words))
        value = Graft(found.raw, found.source, answer.text)
        if answer.raw and not isinstance(resolve(answer.text), str):
            value.style, value.tag = None, ""
        return value


def templates_of(root: Node) -> tuple[str, ...]:
    """Return the texts of an object that hold hub templates, each once."""
    found: dict[str, None] = {}

    def noted(node: Node) -> Graft | None:
        text = node.raw.value
        if MARK in text and len(text) <= _LONGEST_TEMPLATE:
            found[text] = None
        return None

    try:
        rewritten(root, noted)
    except TooLargeError:
        return ()
    return tuple(found)
