"""What the judge learns from: labelled questions, and facts that tempt without being marked."""

from chains.relevance.examples import Line, load_pools
from chains.relevance.train import with_alike

FACTS = (
    "Glen Jug - volume: 1.2 l",
    "Glen Jug XL - volume: 2 l",
    "Glen Jug - dishwasher safe: no",
    "Q: Do you ship abroad? A: To the EU only.",
    "Moss Towel - volume: two litres of fluff",
)


def test_what_is_alike_neither_answers_nor_is_marked() -> None:
    line = Line("jugs", "what volume has the Glen Jug", FACTS, frozenset({0}), frozenset({1}))
    (found,) = with_alike([line])
    assert found.alike == {2, 3, 4}  # of five facts all others; of many the nearest
    many = tuple(FACTS) + tuple(f"Q: {number}? A: {number * 7}." for number in range(40))
    (found,) = with_alike([Line("jugs", line.question, many, line.answers, line.near)])
    assert len(found.alike) == 8
    assert {2, 4} <= found.alike
    assert not found.alike & {0, 1}


def test_every_marked_statement_exists() -> None:
    lines = load_pools()
    assert len(lines) > 15_000
    for line in lines:
        assert line.question.strip()
        assert line.answers | line.near <= set(range(len(line.facts)))
        assert not line.answers & line.near
