"""A question put to one side of a gate still knows what the target may be."""

from __future__ import annotations

from linter.model.releases import (
    ADDON_OPERATOR,
    CPU_PARTITIONING_API,
    OVS_DPDK,
    Release,
    Releases,
    in_every_release,
)


def sides() -> list[Releases]:
    return [group for group, _ in in_every_release(Releases.every(), lambda r: r.has(OVS_DPDK))]


def test_a_side_of_one_release_is_not_a_known_target() -> None:
    newest = sides()[-1]
    assert newest.minors == (23,)
    assert newest.known is None
    assert Releases.only(Release(23)).known == Release(23)


def test_what_is_possible_does_not_depend_on_the_side() -> None:
    groups = in_every_release(Releases.every(), lambda r: r.has(ADDON_OPERATOR))
    assert [group.possibly(CPU_PARTITIONING_API) for group, _ in groups] == [True, True]
    assert not Releases.only(Release(10)).possibly(CPU_PARTITIONING_API)


def test_a_narrowed_range_is_a_target_of_its_own() -> None:
    later = Releases.every().where(CPU_PARTITIONING_API)
    assert not later.possibly(ADDON_OPERATOR)
