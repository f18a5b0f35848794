"""The judge's likeliest statements are read again: what the reader holds changes their order, and nothing else does."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.llm.local import LocalChatModel
from chains.relevance.reader import READ, WORTH, Reader, ReadTwice, Weighed, combined

EVEN = Weighed(judge=1.0, reader=1.0, shift=0.0)
chances = st.floats(0, 1)


@given(st.lists(chances, min_size=1, max_size=9), st.data())
def test_what_was_read_again_is_never_behind_what_was_not(first: list[float], data: st.DataObject) -> None:
    read = data.draw(st.sets(st.integers(0, len(first) - 1)))
    odds = {i: data.draw(st.floats(-20, 20)) for i in read}
    both = combined(first, odds, EVEN)
    assert all(0 <= p <= 1 for p in both)
    assert all(both[i] <= first[i] for i in range(len(first)) if i not in read)
    assert max((both[i] for i in range(len(first)) if i not in read), default=0) <= min(
        (both[i] for i in read), default=1
    )


def test_a_reader_without_a_preference_leaves_the_judges_order() -> None:
    assert combined([0.2, 0.9, 0.5], {0: 0.0, 1: 0.0, 2: 0.0}, EVEN) == pytest.approx([0.2, 0.9, 0.5])


class Sure:
    """A judge with fixed numbers."""

    def __init__(self, *numbers: float) -> None:
        self.numbers = list(numbers)

    def scores(self, question: str, facts: Sequence[str]) -> list[float]:
        return self.numbers[: len(facts)]


def test_the_tiny_model_reads_what_the_judge_holds_likely(model: LocalChatModel) -> None:
    asked = Reader(lambda: model)
    facts = [f"kettle: {number} litres" for number in range(READ + 3)]
    odds = asked.odds("保修多久", facts)
    assert odds is not None
    assert len(odds) == len(facts)
    assert odds == asked.odds("保修多久", facts), "the same reading twice"
    judge = Sure(*([0.9] * READ), 0.5, WORTH / 2, 0.0)
    told = ReadTwice(judge, asked).scores("保修多久", facts)
    assert told[READ + 1 :] == [min(p, min(told[:READ])) for p in (WORTH / 2, 0.0)]
    assert len(set(told[:READ])) > 1, "the reader tells apart what the judge does not"


def test_words_that_begin_alike_cannot_be_told_apart(model: LocalChatModel) -> None:
    assert Reader(lambda: model).odds("is it open?", ["kettle: 24 months"]) is None, "spelt by letters here"


def test_nothing_likely_is_not_read(model: LocalChatModel) -> None:
    before = model.engine.load().tokens_read
    assert ReadTwice(Sure(0.0, 0.001), Reader(lambda: model)).scores("?", ["a", "b"]) == [0.0, 0.001]
    assert model.engine.load().tokens_read == before


def test_a_model_that_runs_elsewhere_reads_nothing() -> None:
    from langchain_core.language_models import FakeListChatModel

    assert Reader(lambda: FakeListChatModel(responses=["yes"])).odds("?", ["a"]) is None
    assert ReadTwice(Sure(0.7), Reader(lambda: FakeListChatModel(responses=[""]))).scores("?", ["a"]) == [0.7]
