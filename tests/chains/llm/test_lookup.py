"""Guessing by what followed the same words before."""

from __future__ import annotations

from chains.llm.lookup import MOST, PATIENCE, Lookup


def test_what_followed_the_last_two_tokens_is_guessed_the_latest_time_first() -> None:
    assert Lookup().guess([1, 2, 3, 1, 2, 4, 5, 1, 2], 2) == [4, 5]
    assert Lookup().guess([1, 2, 3, 4, 5, 6, 7, 1, 2], 10) == [3, 4, 5, 6][:MOST]


def test_nothing_alike_is_no_guess() -> None:
    assert Lookup().guess([1, 2, 3, 4], 4) == []
    assert Lookup().guess([1], 4) == []
    assert Lookup().guess([1, 2, 1, 2], 0) == []


def test_a_wrong_guess_is_followed_by_a_pause() -> None:
    lookup, tokens = Lookup(), [1, 2, 3, 1, 2]
    lookup.learn(0)
    assert [bool(lookup.guess(tokens, 4)) for _ in range(PATIENCE + 1)] == [False] * PATIENCE + [True]
    lookup.learn(1)
    assert lookup.guess(tokens, 4)
