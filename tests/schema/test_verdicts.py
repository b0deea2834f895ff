"""The verdicts on a document: by a look at it, by jsonschema-rs and by jsonschema."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from schema_documents import SHARED, documents, of_text, shared_documents

from linter.schema.files import NAMES, OF_KIND
from linter.schema.judged import judged
from linter.schema.shape import fits
from linter.schema.verdict import instance_of
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.facts.described import Described


@cache
def fast(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(judged(name))


@cache
def slow(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(judged(name))


def agree(document: Described) -> bool:
    """Hold the verdicts on a document against each other; return what they are."""
    instance = instance_of(document.root)
    quick = {
        (tuple(e.instance_path), e.schema_path[-1])
        for e in fast(document.schema).iter_errors(instance)
    }
    full = {
        (tuple(e.absolute_path), e.validator) for e in slow(document.schema).iter_errors(instance)
    }
    assert quick == full, document.identity
    valid = fast(document.schema).is_valid(instance)
    assert valid is not bool(quick)
    if fits(document.root.raw, judged(document.schema)):
        # Of an object that hub templates add to it is not known what it lacks.
        lacks = getattr(document.root.raw, "open", False) and {key for _, key in quick}
        assert valid or lacks == {"required"}, document.identity
    return valid


def agree_on_all(found: Iterable[Described]) -> dict[bool, int]:
    verdicts = [agree(document) for document in found]
    return {verdict: verdicts.count(verdict) for verdict in (True, False)}


def test_the_verdicts_agree_on_rule_pages_and_examples() -> None:
    verdicts = agree_on_all(documents())
    assert verdicts[True] > 400
    assert verdicts[False] >= 4
    assert {document.schema for document in documents()} == set(NAMES)


@pytest.mark.parametrize("folder", ["corpus", "oracle"])
def test_the_verdicts_agree_on_shared_documents(folder: str) -> None:
    if not (SHARED / folder).is_dir():
        pytest.skip(f"../shared/{folder} is not there")
    assert agree_on_all(shared_documents(folder))[True] > 50


def test_nearly_every_valid_document_is_seen_to_be_valid_without_a_validator() -> None:
    valid = [one for one in documents() if fast(one.schema).is_valid(instance_of(one.root))]
    unsure = [one for one in valid if not fits(one.root.raw, judged(one.schema))]
    assert len(unsure) < len(valid) / 100, [one.identity for one in unsure]


# --- generated documents -------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "None", "AllNodes", "static", "0-3", "{{ x }}", "$name", "true", "3", "In", "node"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "path", "match", "key", "$patch", "{{ x }}"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return each container of a value with one of its keys or positions."""
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in inner:
        found.append((value, key))
        if isinstance(below, dict | list):
            found.extend(places(below))
    return found


@cache
def samples() -> dict[str, list[Any]]:
    """Return a few valid documents of each schema, those of most fields."""
    by_name: dict[str, list[Any]] = {name: [] for name in NAMES}
    for document in documents():
        by_name[document.schema].append(json.dumps(instance_of(document.root)))
    return {
        name: sorted(set(texts), key=lambda text: (-len(text), text))[:12]
        for name, texts in by_name.items()
    }


@given(st.data())
def test_a_look_is_certain_of_exactly_what_the_validator_accepts(data: st.DataObject) -> None:
    """JSON has no merge keys, so here the look is not only sound but complete."""
    name = data.draw(st.sampled_from(NAMES))
    document = json.loads(data.draw(st.sampled_from(samples()[name])))
    for _ in range(data.draw(st.integers(0, 2))):
        container, key = data.draw(st.sampled_from(places(document)))
        change = data.draw(st.sampled_from(["replace", "remove", "rename", "add"]))
        if change == "replace":
            container[key] = data.draw(VALUES)
        elif change == "remove":
            del container[key]
        elif isinstance(container, dict):
            value = container[key] if change == "add" else container.pop(key)
            container[data.draw(st.sampled_from([f"{key}x", "name", "$patch", "{{ y }}"]))] = value
        if not places(document):
            break
    (root,), _ = compose(File("generated.json", json.dumps(document)))
    valid = fast(name).is_valid(instance_of(root))
    assert fits(root.raw, judged(name)) is valid
    assert slow(name).is_valid(instance_of(root)) is valid


MERGED = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata: {name: du}
spec:
  cpu: &cpu {reserved: 0-1, isolated: 2-7}
  realTimeKernel: {<<: *cpu, enabled: %s}
"""


@pytest.mark.parametrize(("enabled", "valid"), [("true", False), ("maybe", False)])
def test_merge_keys_are_left_to_the_validator(enabled: str, valid: bool) -> None:
    (document,) = of_text(MERGED % enabled)
    assert not fits(document.root.raw, judged(document.schema))
    assert agree(document) is valid


def test_an_empty_manifest_of_every_kind_may_be_a_patch() -> None:
    for (group, kind), name in OF_KIND.items():
        (document,) = of_text(f"apiVersion: {group}/v{2 if group[0] == 'p' else 1}\nkind: {kind}\n")
        assert document.schema == name
        assert agree(document)
