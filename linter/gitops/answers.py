"""Answers: what comes of labels, worked out once for all clusters that answer alike.

Whoever works something out from labels asks for one after the other. As long as two clusters give
the same answers, the same is asked of both; if they do until the end, the same comes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class _Question(Generic[T]):
    """A label that is asked for, and what follows upon each value of it; None is that it lacks."""

    __slots__ = ("follows", "label")

    def __init__(self, label: str) -> None:
        self.label = label
        self.follows: dict[str | None, _Question[T] | _Result[T]] = {}


class _Result(Generic[T]):
    """What comes of the answers."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value


class Answers(Generic[T]):
    """What came of the labels of the clusters so far."""

    def __init__(self) -> None:
        self._start = _Question[T]("")  # it is asked of nobody, and the first one follows upon None

    def once(self, labels: Mapping[str, str], work_out: Callable[[Mapping[str, str]], T]) -> T:
        """Return what comes of labels.

        Args:
            labels: The labels of a cluster.
            work_out: Works it out from labels, and from nothing else that differs.

        """
        at = self._start.follows.get(None)
        while isinstance(at, _Question):
            at = at.follows.get(labels.get(at.label))
        if at is None:
            asked = _Asked(labels)
            at = _Result(work_out(asked))
            self._note(asked.answers, at)
        return at.value

    def _note(self, answers: Mapping[str, str | None], result: _Result[T]) -> None:
        """Note what came of some answers, in the order in which they were given."""
        at, answer = self._start, None
        for label, given in answers.items():
            following = at.follows.get(answer)
            if not isinstance(following, _Question):
                following = at.follows[answer] = _Question(label)
            at, answer = following, given
        at.follows[answer] = result


class _Asked(Mapping[str, str]):
    """Labels that remember which of them were asked for, in this order."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self.answers: dict[str, str | None] = {}

    def __getitem__(self, label: str) -> str:
        """Return the value of a label."""
        self.answers.setdefault(label, self._labels.get(label))
        return self._labels[label]

    def __contains__(self, label: object) -> bool:
        """Say whether there is a label."""
        if isinstance(label, str):
            self.answers.setdefault(label, self._labels.get(label))
        return label in self._labels

    def __iter__(self) -> Iterator[str]:
        """Refuse: whoever looks at all labels asks for nothing that could be told."""
        raise NotImplementedError

    def __len__(self) -> int:
        """Refuse, as above."""
        raise NotImplementedError
