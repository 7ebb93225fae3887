"""What costs something to make, and is made when somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar, overload

_T = TypeVar("_T")


class OnDemand(Sequence[_T]):
    """Values that are made one after the other, as far as somebody looks: for most questions the first one will do."""

    def __init__(self, values: Iterable[_T]) -> None:
        """Take what yields the values, once."""
        self._waiting = iter(values)
        self._made: list[_T] = []

    def _reach(self, wanted: int) -> bool:
        """Make up to so many values, and tell whether there are as many."""
        missing = wanted - len(self._made)
        if missing > 0:
            self._made.extend(islice(self._waiting, missing))
        return len(self._made) >= wanted

    def __bool__(self) -> bool:
        """Tell whether there is a value."""
        return self._reach(1)

    def __len__(self) -> int:
        """Count the values."""
        self._made.extend(self._waiting)
        return len(self._made)

    def __iter__(self) -> Iterator[_T]:
        """Yield the values."""
        number = 0
        while self._reach(number + 1):
            yield self._made[number]
            number += 1

    @overload
    def __getitem__(self, index: int) -> _T: ...
    @overload
    def __getitem__(self, index: slice) -> list[_T]: ...
    def __getitem__(self, index: int | slice) -> _T | list[_T]:
        """Return a value, or several of them."""
        if index != 0 or not self._reach(1):
            self._made.extend(self._waiting)
        return self._made[index]

    def __eq__(self, other: object) -> bool:
        """Tell whether the values are those of another sequence."""
        return isinstance(other, OnDemand | tuple) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment] # as any sequence that compares by what is in it
