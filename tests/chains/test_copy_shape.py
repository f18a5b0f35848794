"""Whatever a model writes of itself, a draft is the channel's fields in order, each within its limit as it is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.ad_copy import as_sent
from chains.copy_brief import brief_of
from chains.copy_shape import shape_of, shortened
from chains.guard.counting import count
from chains.guard.limits import load_channels
from chains.llm.engine import Engine
from chains.tasks import asked_of, fields_in
from chains.turn import CopyRequest
from knowledge.crm.desk import Desk, Shelf
from knowledge.folder import Knowledge
from knowledge.principal import MARKETER

CHANNELS = load_channels()


@pytest.fixture(scope="module")
def engine(tiny_folder: Path) -> Iterator[Engine]:
    from chains.llm.opening import open_engine

    with open_engine(str(tiny_folder), cache=tiny_folder.parent, device="cpu", form="float32") as opened:
        yield opened


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("channel", CHANNELS.names)
def test_a_draft_of_random_words_has_the_channels_shape(
    bikes: Knowledge, engine: Engine, channel: str, language: str
) -> None:
    request = CopyRequest(product="HLM-ARC-M", channel=channel, language=language)
    brief = brief_of(request, Desk(Shelf(bikes.index.database), MARKETER), CHANNELS)
    shape = shape_of(brief, lambda fields: as_sent(fields, brief))
    job = engine.submit("the shop", n=2, seed=1, max_new_tokens=220, temperature=1.0, lines=shape)
    for text in job.result(timeout=60).texts:
        fields = fields_in(text)
        wanted = asked_of(brief.channel)
        assert [(name, len(texts)) for name, texts in fields.items()] == [
            (one.name, times) for one, times in wanted
        ]
        for name, texts in as_sent(fields, brief).items():
            field = brief.channel.field(name)
            assert field is not None
            for words in texts:
                most = field.limit_for(words)
                assert most is None or count(words, field.counts) <= most


@pytest.mark.parametrize(
    ("words", "most", "language", "left"),
    [
        ("Holds 1.5 litres. Boils in two minutes and", 41, "en", "Holds 1.5 litres."),
        ("Keeps warm for two hours, pours well", 31, "en", "Keeps warm for two hours"),
        ("A teapot of cream stoneware with a lid of", 35, "en", "A teapot of cream stoneware"),
        ("Stoneware, made by hand in Cornwall", 27, "en", "Stoneware, made by hand"),
        ("一壶泡三四杯。壶身是紫砂，出水", 14, "zh", "一壶泡三四杯。"),
        ("手工紫砂壶，容量两百毫升的", 13, "zh", "手工紫砂壶，容量两百毫升"),
    ],
)  # fmt: skip
def test_words_too_long_end_where_they_can(words: str, most: int, language: str, left: str) -> None:
    assert shortened(words, lambda text: len(text) <= most, language) == left


@settings(deadline=None)
@given(
    words=st.text(min_size=1, max_size=60), most=st.integers(1, 40), language=st.sampled_from(["en", "zh"])
)
def test_words_too_long_are_shortened_to_a_beginning_that_fits(words: str, most: int, language: str) -> None:
    words = words.strip()
    left = shortened(words, lambda text: len(text) <= most, language)
    assert left in words
    assert len(left) <= most
    assert bool(left) == bool(words)
