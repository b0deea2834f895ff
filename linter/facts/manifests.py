"""Kubernetes objects, found in documents and lists, and their metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.embedded_files import listed_files
from linter.formats.label_selector import OPERATORS, LabelSelector, Requirement
from linter.records import dataclass, field
from linter.sources.fields import Invalid, Templated, Value, is_template, known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

ROLE_LABEL = "machineconfiguration.openshift.io/role"
"""The label by which a MachineConfig says for which pools it is meant."""

NODE_ROLE = "node-role.kubernetes.io/"
"""What the labels that say a node's roles begin with."""


@dataclass(frozen=True, slots=True)
class Labels:
    """A map of strings, such as labels or a node selector.

    ``complete`` is False where a key or value is decided by a template, so that what is not listed
    may still be there.
    """

    values: Mapping[str, str]
    ref: Ref
    refs: Mapping[str, Ref] = field(default_factory=dict, repr=False)
    complete: bool = True

    def ref_of(self, key: str) -> Ref:
        """Return the characters of a value, or of the whole map."""
        return self.refs.get(key, self.ref)


def read_labels(node: Node) -> Labels | None:
    """Read a map of strings; None where there is no map, an empty one where it is empty.

    Values that are not strings are taken by their text, as people mean them (``true``, ``1``).
    """
    if node.is_template:
        return Labels({}, node.ref, complete=False)
    if not node.is_mapping:
        return None
    values: dict[str, str] = {}
    refs: dict[str, Ref] = {}
    complete = True
    for key, value in node.items():
        text = value.text()
        if isinstance(text, Templated) or is_template(key):
            complete = False
            continue
        if isinstance(text, Value):
            values[key] = text.value
        elif isinstance(text, Invalid) and value.is_scalar:
            values[key] = str(text.text).lower()
        elif value.is_null:
            values[key] = ""
        else:
            complete = False
            continue
        refs[key] = value.content_ref() if value.is_scalar else node.ref
    return Labels(values, node.ref, refs, complete)


_SELECTOR_FIELDS = ("matchLabels", "matchExpressions")


@dataclass(frozen=True, slots=True)
class Selector:
    """A label selector as it is written.

    ``selector`` is None where it cannot be evaluated: a template decides a part of it, it has a
    field that selectors do not have, or an expression has no valid operator. ``refs`` are the
    values of its ``matchLabels``.
    """

    selector: LabelSelector | None
    ref: Ref
    refs: Mapping[str, Ref] = field(default_factory=dict, repr=False)

    def matches(self, labels: Labels) -> bool | None:
        """Evaluate against labels: None where templates leave the answer open."""
        if self.selector is None or not labels.complete:
            return None
        return self.selector.matches(labels.values)


def read_selector(node: Node) -> Selector | None:
    """Read a selector; None where the field is absent or null."""
    if node.is_template:
        return Selector(None, node.ref)
    if not node.is_mapping:
        return None
    complete = True
    match_labels: Mapping[str, str] = {}
    refs: Mapping[str, Ref] = {}
    if (labels := read_labels(node.at("matchLabels"))) is not None:
        match_labels, complete, refs = labels.values, labels.complete, labels.refs
    elif not node.at("matchLabels").is_null:
        complete = False
    if any(key not in _SELECTOR_FIELDS for key, _ in node.items()):
        complete = False  # what is meant is not known, and schema-violation says so
    requirements: list[Requirement] = []
    for element in node.at("matchExpressions").elements():
        key = known(element.at("key").text())
        operator = known(element.at("operator").text())
        values = [known(value.text()) for value in element.at("values").elements()]
        if key is None or operator not in OPERATORS or None in values:
            complete = False
            continue
        requirements.append(Requirement(key, operator, tuple(v for v in values if v is not None)))
    selector = LabelSelector(match_labels, tuple(requirements)) if complete else None
    return Selector(selector, node.ref, refs)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A Kubernetes object as it is written. ``name`` is empty where it is absent or templated."""

    root: Node
    kind: str
    group: str
    version: str
    name: str
    namespace: str
    labels: Labels
    annotations: Labels
    name_ref: Ref
    named: bool

    @property
    def identity(self) -> str:
        """What people call it: kind and name."""
        return f"{self.kind}/{self.name}" if self.name else self.kind

    @property
    def ref(self) -> Ref:
        """All of its characters."""
        return self.root.ref


_DEEPEST_LIST = 5


def manifests_in(root: Node) -> Iterator[Manifest]:
    """Yield the objects of a document: itself, the items of a ``List``, or of files in a list."""
    for node, kind in objects_in(root):
        yield read_manifest(node, kind)


def objects_in(root: Node, depth: int = 0) -> Iterator[tuple[Node, str]]:
    """Yield the objects of a document, as :func:`manifests_in` does, and their kinds."""
    if root.is_sequence and depth == 0:
        for inner in listed_files(root):
            yield from objects_in(inner, 1)
        return
    kind = known(root.at("kind").text())
    if kind is None:
        return
    if kind.endswith("List") and depth < _DEEPEST_LIST and (items := root.at("items")).is_sequence:
        for item in items.elements():
            yield from objects_in(item, depth + 1)
        return
    yield root, kind


def group_of(root: Node) -> str:
    """Return the API group of an object; empty for the core group, or where it is not known."""
    return (known(root.at("apiVersion").text()) or "").rpartition("/")[0]


def read_manifest(root: Node, kind: str) -> Manifest:
    """Read an object's identity and metadata."""
    api_version = known(root.at("apiVersion").text()) or ""
    group, _, version = api_version.rpartition("/")
    metadata = root.at("metadata")
    name = metadata.at("name").text()
    nothing = Labels({}, metadata.ref)
    return Manifest(
        root=root,
        kind=kind,
        group=group,
        version=version,
        name=known(name) or "",
        namespace=known(metadata.at("namespace").text()) or "",
        labels=read_labels(metadata.at("labels")) or nothing,
        annotations=read_labels(metadata.at("annotations")) or nothing,
        name_ref=name.ref if isinstance(name, Value | Templated) else root.at("kind").ref,
        named=isinstance(name, Value),
    )
