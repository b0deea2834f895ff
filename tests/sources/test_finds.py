"""Files are found once, whichever ways lead to them and in whatever order these are met."""

from __future__ import annotations

from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.sources.candidates import Candidate, printable
from linter.sources.entries import Find, Folder
from linter.sources.finds import Finds

LEAVES = ["a.yaml", "b.yml", "é.json", "n\nl.yaml", "\udcff.yaml"]
REALS = ["/r/", "/r/s/", "/r/s-t/", "/r/n\nl/"]
FOLDERS = [
    Folder(name, path, real, rank)
    for real in REALS
    for name, path, rank in (
        (real[3:], real[1:], 0),
        (real, real, 0),
        (real[1:], real[1:], 0),
        (f"l{real}", f"l{real}", 1),
    )
]
WAYS = st.tuples(
    st.sampled_from(FOLDERS), st.lists(st.sampled_from(LEAVES), unique=True), st.booleans()
)
LINKS = st.builds(
    lambda real, rank, name: (real, Find(rank, name + real, name + real)),
    st.sampled_from([real + leaf for real in REALS for leaf in LEAVES]),
    st.integers(0, 2),
    st.sampled_from("aklz"),
)


@tried(300)
@given(st.lists(WAYS | LINKS, max_size=8))
def test_the_smallest_find_of_each_file_is_kept(ways: list[tuple[object, ...]]) -> None:
    finds = Finds()
    smallest: dict[str, Find] = {}
    for way in ways:
        match way:
            case Folder() as place, list() as leaves, whole:
                found = {place.real + leaf: place.find(leaf) for leaf in leaves}
                if whole:
                    finds.add_all(place, dict.fromkeys(leaves))
                else:
                    for real, find in found.items():
                        finds.add(real, find)
            case str() as real, Find() as find:
                found = {real: find}
                finds.add(real, find)
        for real, find in found.items():
            smallest[real] = min(find, smallest.get(real, find))
    assert all(real in finds for real in smallest)
    assert not any(
        real + leaf in finds for real in REALS for leaf in LEAVES if real + leaf not in smallest
    )
    assert len(smallest) <= len(finds) <= sum(1 for _ in smallest) * max(1, len(ways))
    expected = sorted((printable(find.name), find.path) for find in smallest.values())
    candidates = finds.candidates()
    assert list(candidates) == [Candidate(path, name) for name, path in expected]
    assert len(candidates) == len(expected)
