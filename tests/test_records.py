"""Our cheap records against the standard library's data classes."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from typing import Any, ClassVar, Generic, TypeVar

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter import records

T = TypeVar("T")
STANDARD_AND_OURS = pytest.mark.parametrize("module", [dataclasses, records])


def make(module: Any) -> Any:
    @module.dataclass(frozen=True, slots=True)
    class Sample:
        number: int
        text: str = "x"
        listed: list[int] = module.field(default_factory=list)
        hidden: int = module.field(default=3, repr=False, compare=False)

        LIMIT: ClassVar[int] = 9

        @property
        def double(self) -> int:
            return self.number * 2

    return Sample


def kinds(module: Any) -> tuple[Any, Any]:
    @module.dataclass(slots=True)
    class Open:
        number: int
        items: list[int] = module.field(default_factory=list)

    @module.dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        first: int
        second: str

    return Open, Ordered


@records.dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    value: T
    seen: int = 0


@given(st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=3))
@tried(50)
def test_records_say_and_compare_as_data_classes_do(
    number: int, text: str, listed: list[int]
) -> None:
    theirs, ours = make(dataclasses), make(records)
    mine = ours(number, text, listed=listed)
    assert (
        repr(mine).rpartition(".")[2]
        == repr(theirs(number, text, listed=listed)).rpartition(".")[2]
    )
    assert mine == ours(number, text, listed)
    assert mine == ours(number, text, listed, hidden=7)
    assert mine != ours(number + 1, text, listed)
    assert mine != (number, text, listed, 3)
    assert mine.double == theirs(number).double


@STANDARD_AND_OURS
def test_defaults_are_fresh_and_constants_are_no_fields(module: Any) -> None:
    sample = make(module)
    assert sample(1).listed == []
    assert sample(1).listed is not sample(1).listed
    assert sample(1).LIMIT == 9
    with pytest.raises(TypeError):
        sample(1, "x", [], 3, 9)
    with pytest.raises(TypeError):
        sample()


@given(
    st.lists(st.integers(), max_size=5),
    st.dictionaries(st.sampled_from(["number", "text", "hidden", "other"]), st.integers()),
)
@tried(100)
def test_the_first_and_the_hundredth_record_take_what_data_classes_take(
    args: list[int], kwargs: dict[str, int]
) -> None:
    """The first are filled without an ``__init__`` of their own."""

    def made(kind: Any) -> object:
        try:
            record = kind(*args, **kwargs)
        except TypeError:
            return TypeError
        return (record.number, record.text, record.listed, record.hidden)

    ours = make(records)
    first = made(ours)
    for _ in range(records.FEW):
        ours(1)
    assert ours.__init__.__code__.co_filename == "<string>"
    assert first == made(ours) == made(make(dataclasses))


@STANDARD_AND_OURS
def test_frozen_records_refuse_changes(module: Any) -> None:
    record = make(module)(1)
    with pytest.raises(AttributeError):
        record.number = 2
    with pytest.raises(AttributeError):
        del record.number
    assert not hasattr(record, "__dict__")


@STANDARD_AND_OURS
def test_open_records_can_change_and_have_no_hash(module: Any) -> None:
    kind, _ = kinds(module)
    record = kind(1)
    record.number = 5
    assert record == kind(5)
    with pytest.raises(TypeError):
        hash(record)


@STANDARD_AND_OURS
@given(
    a=st.tuples(st.integers(0, 3), st.text(max_size=1)),
    b=st.tuples(st.integers(0, 3), st.text(max_size=1)),
)
@tried(30)
def test_ordered_records_sort_by_their_fields(
    module: Any, a: tuple[int, str], b: tuple[int, str]
) -> None:
    _, kind = kinds(module)
    assert (kind(*a) < kind(*b)) == (a < b)
    assert (kind(*a) >= kind(*b)) == (a >= b)
    with pytest.raises(TypeError):
        _ = kind(*a) < a
    assert hash(kind(*a)) == hash(kind(*a))


@STANDARD_AND_OURS
def test_a_field_without_default_cannot_follow_one_with_a_default(module: Any) -> None:
    with pytest.raises(TypeError):

        @module.dataclass(frozen=True)
        class Wrong:
            first: int = 1
            second: int


@STANDARD_AND_OURS
def test_post_init_is_called_and_matching_works(module: Any) -> None:
    @module.dataclass(frozen=True, slots=True)
    class Checked:
        number: int

        def __post_init__(self) -> None:
            if self.number < 0:
                raise ValueError("negative")

    with pytest.raises(ValueError, match="negative"):
        Checked(-1)
    match Checked(4):
        case Checked(number):
            assert number == 4


@STANDARD_AND_OURS
def test_records_can_keep_their_identity(module: Any) -> None:
    @module.dataclass(frozen=True, slots=True, eq=False)
    class Thing:
        number: int

    one = Thing(1)
    assert one == one
    assert one != Thing(1)
    assert len({one, Thing(1), one}) == 2


@STANDARD_AND_OURS
def test_fields_are_inherited(module: Any) -> None:
    @module.dataclass(frozen=True, slots=True)
    class Parent:
        number: int

    @module.dataclass(frozen=True, slots=True)
    class Child(Parent):
        text: str = "x"

    assert Child(1).number == 1
    assert Child(1) == Child(1, "x") != Child(2)
    assert Parent(1) != Child(1)


def test_records_can_be_copied_replaced_and_pickled() -> None:
    record = Kept("a", 2)
    assert pickle.loads(pickle.dumps(record)) == record
    assert copy.deepcopy(record) == record
    assert records.replace(record, seen=3) == Kept("a", 3)


def test_a_lint_imports_neither_dataclasses_nor_inspect() -> None:
    code = (
        "import sys; import linter.engine.run, linter.report.full; "
        "print(sorted({'dataclasses', 'inspect'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
