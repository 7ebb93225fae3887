"""What is made when somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from envcheck.model.on_demand import OnDemand


def counted(made: list[int]) -> Iterator[int]:
    for number in range(5):
        made.append(number)
        yield number


@pytest.mark.parametrize(
    ("question", "answer", "made"),
    [
        (bool, True, 1),
        (lambda values: values[0], 0, 1),
        (lambda values: any(value == 2 for value in values), True, 3),
        (len, 5, 5),
        (lambda values: values[-1], 4, 5),
        (lambda values: values[1:3], [1, 2], 5),
        (lambda values: (list(values), list(values)), ([0, 1, 2, 3, 4],) * 2, 5),
        (lambda values: values == (0, 1, 2, 3, 4), True, 5),
    ],
    ids=["is there one", "the first", "as far as the third", "how many", "the last", "a part", "all, twice", "equal"],
)
def test_no_more_is_made_than_is_looked_at(
    question: Callable[[Sequence[int]], object], answer: object, made: int
) -> None:
    seen: list[int] = []
    assert question(OnDemand(counted(seen))) == answer
    assert len(seen) == made


def test_of_nothing_there_is_nothing() -> None:
    nothing = OnDemand[int](())
    assert not nothing
    assert list(nothing) == []
    with pytest.raises(IndexError):
        nothing[0]
