"""A plan passes over clusters that a change cannot concern, and says the same as one that does not.

The oracle is the plan that looks at every cluster in both states.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from builders import rules
from effort import THOROUGH, tried
from governed_fleet import EXTRA, FLEET, edited, single_edits
from hypothesis import given
from hypothesis import strategies as st
from planning import everything, state

from linter.engine.cards import Cards
from linter.engine.planning import plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.engine.planning import Plan
    from linter.engine.rules import Rule


def both(
    old: Mapping[str, str], new: Mapping[str, str], chosen: tuple[Rule, ...] = ()
) -> tuple[Plan, Plan]:
    """Return the plan that passes over bystanders, and the one that does not."""
    sources = state(old, "before", "before:"), state(new, "after")
    return plan(*sources, chosen, cards=Cards()), plan(*sources, chosen)


def test_every_edit_says_the_same_as_a_plan_that_looks_at_everything() -> None:
    touched = 0
    for words, new in islice(single_edits(FLEET), 0, None, 1 if THOROUGH else 4):
        narrow, whole = both(FLEET, new)
        assert everything(narrow) == everything(whole), words
        touched += bool(whole.clusters)
    assert touched > (40 if THOROUGH else 10)


@given(st.data())
@tried(60)
def test_several_edits_say_the_same(data: st.DataObject) -> None:
    old = data.draw(st.sampled_from([FLEET, FLEET | EXTRA]).flatmap(edited))
    narrow, whole = both(old, data.draw(edited(old)), rules())
    assert everything(narrow) == everything(whole)
