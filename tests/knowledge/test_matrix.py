"""Search in memory finds what exact search finds, of the scopes it is asked for and of no others."""

from pathlib import Path

import bm25s
import numpy as np
import pytest

from knowledge.facts.lexicon import K1, B, Lexicon, highest, index, tokens
from knowledge.facts.matrix import MANY, Matrix, table
from knowledge.principal import MARKETER, STRANGER, Principal
from tests.knowledge.room import opened


def unit(rows: int, wide: int = 384, seed: int = 1) -> np.ndarray:
    """Vectors about a few topics, as those of texts are."""
    dice = np.random.default_rng(seed)
    topics = np.random.default_rng(9).normal(size=(60, wide))
    found = topics[dice.integers(60, size=rows)] + 0.4 * dice.normal(size=(rows, wide))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_one_scope_is_searched_and_no_other():
    vectors = unit(90)
    scopes = [f"customer:{n % 30}" for n in range(90)]
    matrix = Matrix(table([str(n) for n in range(90)], scopes, vectors))
    found = dict(matrix.nearest(vectors[7], 50, "customer:7"))
    assert set(found) == {"7", "37", "67"}
    assert found["7"] == pytest.approx(1, abs=1e-5)
    assert matrix.nearest(vectors[7], 50, "customer:31") == []
    assert len(matrix.nearest(vectors[7], 50)) == 50
    assert matrix.nearest(vectors[7], 0) == Matrix(table([], [], vectors[:0])).nearest(vectors[7], 5) == []
    assert matrix.ids.places([*matrix.ids, "90"]) == [*range(90), -1]
    assert all((matrix.vectors[row] == vectors[int(name)]).all() for row, name in enumerate(matrix.ids))


def test_the_first_look_among_many_misses_next_to_nothing():
    vectors, asked = unit(3 * MANY), unit(40, seed=2)
    matrix = Matrix(table([str(n) for n in range(len(vectors))], ["public"] * len(vectors), vectors))
    reached = 0
    for one in asked:
        best = np.argsort(-(vectors @ one))[:5]
        found = sorted(matrix.nearest(one, 40), key=lambda hit: -hit[1])[:5]
        reached += len({str(n) for n in best} & {name for name, _ in found})
        assert found[0][1] == pytest.approx(float(vectors[int(found[0][0])] @ one), abs=1e-5)
    assert reached >= 0.98 * 5 * len(asked)


def test_what_is_put_or_dropped_is_seen_at_the_next_search(tmp_path: Path):
    vectors = unit(3)
    own = Principal("customer", "A")

    def near(who: Principal) -> set[str]:
        return {name for name, _ in room.store.nearest({"en": vectors[0], "zh": vectors[0]}, 9, who)}

    with opened(tmp_path) as room:
        assert near(MARKETER) == set()
        room.store.put(["a", "b"], ["public", "internal"], ["en", "zh"], vectors[:2])
        assert (near(STRANGER), near(MARKETER)) == ({"a"}, {"a", "b"})
        room.store.put(["c", "d"], ["customer:A", "customer:B"], ["en", "en"], vectors[1:])
        assert (near(STRANGER), near(own), near(MARKETER)) == ({"a"}, {"a", "c"}, {"a", "b", "c", "d"})
        assert set(room.store.vectors(["a", "b", "c", "d"], own)) == {"a", "c"}
        room.store.drop(["a"])
        assert near(own) == {"c"}
        room.store.clear()
        assert near(MARKETER) == set()


def test_words_are_added_up_as_bm25s_adds_them():
    said = ["clay pot clay", "glass pot", "iron kettle"]
    model = bm25s.BM25(method="lucene", k1=K1, b=B)
    model.index([tokens(text) for text in said], show_progress=False)
    theirs, ours = model.get_scores(["pot", "clay"]), Lexicon(index(["a", "b", "c"], said)).scores("pot clay")
    assert ours.any()
    assert np.allclose(ours / ours.max(), theirs / theirs.max())
    assert 0 < ours.max() <= 1


def test_the_highest_come_first_and_of_equal_ones_the_first():
    scores = np.array([0, 2, 1, 2, 0, 1, 1], dtype=np.float32)
    assert highest(scores, 3) == [1, 3, 2]
    assert highest(scores, 9) == [1, 3, 2, 5, 6]
    assert highest(np.zeros(3, dtype=np.float32), 2) == []


@pytest.mark.parametrize("who", [STRANGER, MARKETER, Principal("customer", "A"), Principal("customer", "")])
def test_readable_scopes_are_those_that_may_be_read(who: Principal):
    scopes = ["public", "internal", "customer:A", "customer:B", "customer:", "customer:None"]
    assert who.readable(scopes) == [scope for scope in scopes if who.may_read(scope)]
