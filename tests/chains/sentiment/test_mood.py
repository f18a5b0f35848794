"""The mood of a message, with the shipped weights, on texts that nothing was trained on."""

import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.sentiment.mood import NOTHING, SURE, Mood, MoodClassifier, Moods
from knowledge.facts.embeddings import open_embedder


@pytest.fixture(scope="module")
def moods() -> Moods:
    return Moods(open_embedder("bundled"))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The kettle leaks all over my counter, I want my money back", "negative"),
        ("My grandmother hasn't stopped smiling since it came", "positive"),
        ("Which size should I order for a ten year old?", "neutral"),
        ("not bad at all, honestly", "positive"),
        ("等了两个小时，菜全凉了", "negative"),
        ("东西收到了，比图片还漂亮，回购", "positive"),
        ("请问周末几点开门", "neutral"),
        ("这个真的不是不好，是根本没法用", "negative"),
    ],
)
def test_moods(moods: Moods, text: str, label: str) -> None:
    scores = moods.of(text)
    assert max(scores, key=lambda name: scores[name]) == label


@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_has_probabilities(moods: Moods, text: str) -> None:
    scores = moods.of(text)
    assert sum(scores.values()) == pytest.approx(1.0, abs=1e-4)
    assert all(0 <= p <= 1 for p in scores.values())


def test_one_by_one_is_as_together(moods: Moods) -> None:
    texts = ["great", "", "broken again", "什么时候发货", "a" * 500]
    for alone, together in zip([moods.of(text) for text in texts], moods.all(texts), strict=True):
        assert alone == pytest.approx(together, abs=0.02)


def test_the_classifier_is_asked_where_the_head_doubts(monkeypatch: pytest.MonkeyPatch) -> None:
    moods, asked = Moods(open_embedder("bundled")), []
    real = moods.classifier.all

    def seen(texts: Sequence[str]) -> list[Mood]:
        asked.extend(texts)
        return real(texts)

    monkeypatch.setattr(moods.classifier, "all", seen)
    sure, doubted = "I love it, best purchase ever!", "这个真的不是不好，是根本没法用"
    both = moods.all([sure, doubted, " "])
    assert asked == [doubted]
    assert both[0]["positive"] >= SURE
    assert both[:2] == [pytest.approx(moods.of(text), abs=1e-4) for text in (sure, doubted)]
    assert both[2] == NOTHING


def test_nothing_is_neutral(moods: Moods) -> None:
    assert moods.of("  ")["neutral"] == 1.0


def test_making_one_imports_no_torch() -> None:
    code = f"import sys; from chains.sentiment.mood import {MoodClassifier.__name__} as M; M(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
