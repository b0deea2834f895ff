"""The index leaves out only policies that a cluster does not meet."""

from __future__ import annotations

from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.facts.manifests import read_manifest
from linter.formats.label_selector import Requirement
from linter.gitops.binding import Binding
from linter.gitops.documents import Document
from linter.gitops.policy import Policy
from linter.gitops.policy_index import PolicyIndex
from linter.sources.text import File
from linter.sources.yaml_tree import compose

KEYS = st.sampled_from(["a", "b", "c"])
VALUES = st.sampled_from(["x", "y", "z"])
REQUIREMENT = st.one_of(
    st.builds(
        lambda key, operator, values: Requirement(key, operator, tuple(values)),
        KEYS, st.sampled_from(["In", "NotIn"]), st.lists(VALUES, min_size=1, max_size=2),
    ),
    st.builds(Requirement, KEYS, st.sampled_from(["Exists", "DoesNotExist"])),
)  # fmt: skip
BINDING = st.builds(
    lambda alternatives, complete: Binding(tuple(map(tuple, alternatives)), complete),
    st.lists(st.lists(REQUIREMENT, max_size=3), max_size=3),
    st.booleans(),
)


def policy(binding: Binding) -> Policy:
    (root,), _ = compose(File("p.yaml", "kind: Policy"))
    return Policy("p", Document(read_manifest(root, "Policy"), "p.yaml"), "", binding, ())


@tried(150)
@given(st.lists(BINDING, max_size=6), st.dictionaries(KEYS, VALUES), st.frozensets(KEYS))
def test_nothing_that_may_be_meant_is_left_out(
    bindings: list[Binding], labels: dict[str, str], unknown: frozenset[str]
) -> None:
    unknown -= labels.keys()
    policies = [policy(binding) for binding in bindings]
    found = PolicyIndex(policies).candidates(labels, unknown)
    kept = [id(one) for one in found]
    assert kept == [id(one) for one in policies if id(one) in kept]
    for one in policies:
        assert id(one) in kept or one.binding.holds(labels, unknown) is False
