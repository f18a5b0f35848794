"""Whose turn it is: the urgent first, nobody never, and no step longer than its budget."""

from __future__ import annotations

from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from chains.llm.engine import BACKGROUND, COPY, CUSTOMER
from chains.llm.job import Job, Request
from chains.llm.lane import Lane, Work
from chains.llm.sampling import Sampler, Sampling
from chains.llm.schedule import READ_ALONE, READ_BEHIND, READ_BESIDE, SEATS, turns
from chains.llm.text_stream import TextStream


def work(order: int, priority: int, pending: int) -> Work:
    """A request with one text that has so many tokens to read."""
    request = Request("", True, 1, 10, Sampling(), 0, (), priority)
    lane = Lane(0, [5] * pending, pending + 10, TextStream(cast(Any, None)), Sampler(Sampling(), 0, "cpu"))
    return Work(Job(request), order, pending, [lane])


def test_a_prompt_alone_is_read_at_once_beside_words_in_parts_and_behind_them_in_small_ones() -> None:
    def read(*others: Work, priority: int) -> int:
        reader = work(9, priority, 10_000)
        return next(turn.count for turn in turns([*others, reader], 1) if turn.work is reader)

    writer = work(0, COPY, 1)
    assert read(priority=COPY) == READ_ALONE
    assert read(writer, priority=CUSTOMER) == read(writer, priority=COPY) == READ_BESIDE
    assert read(writer, priority=BACKGROUND) == READ_BEHIND


def test_the_urgent_prompt_is_read_first_and_the_next_gets_what_is_left() -> None:
    late, early = work(2, CUSTOMER, READ_ALONE - 10), work(1, COPY, 400)
    assert [(turn.work, turn.count) for turn in turns([early, late], 1)] == [
        (late, READ_ALONE - 10),
        (early, 10),
    ]


def test_all_who_write_have_a_seat_until_there_are_too_many() -> None:
    works = [work(number, COPY, 1) for number in range(SEATS)]
    assert len(turns(works, 1)) == SEATS
    customers = [work(100 + number, CUSTOMER, 1) for number in range(SEATS)]
    seated = [turn.work for turn in turns([*works, *customers], 1)]
    assert len(seated) == SEATS
    assert sum(one in customers for one in seated) == SEATS - 1


@settings(deadline=None)
@given(
    asked=st.lists(
        st.tuples(st.sampled_from([CUSTOMER, COPY, BACKGROUND]), st.integers(1, 300)), min_size=1, max_size=40
    )
)
def test_everyone_is_served_within_bounded_steps(asked: list[tuple[int, int]]) -> None:
    works = [work(order, priority, pending) for order, (priority, pending) in enumerate(asked)]
    served: set[int] = set()
    for step in range(1, 1 + 8 * (len(works) + 1)):
        chosen = turns(works, step)
        assert chosen
        assert sum(turn.count for turn in chosen) <= SEATS + READ_ALONE
        for turn in chosen:
            turn.lane.served = step
            served.add(turn.work.order)
    assert len(served) == len(works)
