"""A chat sees an answer grow a sentence at a time, and never one that failed its check."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

from chains.evidence import Evidence
from chains.saying import Saying, said
from chains.statement import Statement
from chains.turn import Answer, Question, Shown
from chains.writer import build_writer
from tests.bot.fake_telegram import FakeTelegram
from tests.bot.scripted import ScriptedAssistant, answer, make_services, running
from tests.chains.scripted_model import ByFact

LIN = 7
LINES = {
    "capacity": ["It holds 650 ml."],
    "height": ["It is 31 cm high.", "The height is 31 cm.", "It's about 31 cm."],
    "warranty": ["I don't know the warranty.", "The warranty is 24 months."],
}
VALUES = {"capacity": "650 ml", "height": "21 cm", "warranty": "24 months"}
WRONG = ("31 cm", "don't know")


def statements() -> list[Statement]:
    facts = [
        Evidence(key, f"Rowan Jug - {key}: {value}", "p.csv:2", "public", "product", "en", None, key, value)
        for key, value in VALUES.items()
    ]
    return [
        Statement(f"Rowan Jug: {one.key} – {one.value}.", one, "How is the jug?", f"What is the {one.key}?")
        for one in facts
    ]


async def test_nothing_that_fails_is_sent_not_for_a_moment(tmp_path: Path, telegram: FakeTelegram):
    """Every call that carries words is looked at, edits too; the first sentence is there before the last is written."""
    last = asyncio.Event()

    async def script(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        saying, model = Saying(), ByFact(lines=LINES)
        steps = said(build_writer(lambda: model), statements(), "Shop", "en", lambda _: True, lambda _: True)
        async for saying in steps:
            yield Shown(text=saying.text)
            await last.wait()
        yield answer(saying.text, verdict=saying.verdict)

    services = make_services(tmp_path, telegram, ScriptedAssistant(script))
    whole = "It holds 650 ml. Rowan Jug: height – 21 cm. The warranty is 24 months."
    async with running(services, telegram, pace=0.05):
        telegram.say(LIN, "how is the jug?")
        await telegram.until(lambda: telegram.seen(LIN) == ["It holds 650 ml."])
        last.set()
        await telegram.until(lambda: telegram.seen(LIN) == [whole])
    sent = [call.text for call in telegram.calls if call.chat == LIN and call.text]
    assert sent[0] == "It holds 650 ml."
    assert not [text for text in sent for wrong in WRONG if wrong in text]
    assert all(whole.startswith(text) for text in sent)
