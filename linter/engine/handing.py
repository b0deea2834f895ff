"""Handing over: results of another process, in which what both have stands for itself."""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Hand:
    """Gives results away.

    Args:
        shared: Objects that the other process has as well; what refers to one of them refers to
            the same one there.

    """

    def __init__(self, shared: Sequence[object] = ()) -> None:
        self._numbers = {id(one): number for number, one in enumerate(shared)}

    def given(self, result: object) -> bytes:
        """Return a result as bytes."""
        if not self._numbers:
            return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
        stream = io.BytesIO()
        _Pickler(stream, self._numbers).dump(result)
        return stream.getvalue()


def received(data: bytes | bytearray, shared: Sequence[object] = ()) -> Any:
    """Return a result that another process of this program gave away."""
    if not shared:
        return pickle.loads(data)  # noqa: S301 - our own, through our own pipe
    return _Unpickler(io.BytesIO(data), shared).load()


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, numbers: Mapping[int, int]) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._numbers = numbers

    def persistent_id(self, value: object) -> int | None:
        """Return the number of what is shared; None of everything else."""
        return self._numbers.get(id(value))


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, shared: Sequence[object]) -> None:
        super().__init__(stream)
        self._shared = shared

    def persistent_load(self, number: int) -> object:
        """Return what has a number."""
        return self._shared[number]
