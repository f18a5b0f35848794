"""People chat with the demo shop at a rising rate: `python -m bench.load_chats 200 60 0.5 1 2` prints a line of JSON.

The arguments are chats, seconds a rate, and rates in messages a second. Each chat is a person with a language, a seed,
what was said so far, and pauses; what answers is what answers on Telegram and in the console. See `bench/load.py`.
"""

import asyncio
import csv
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

from platformdirs import user_cache_path

from bot.after_turn import HISTORY
from bot.setup import load_demo
from chains.assistant import ShopAssistant, build_assistant
from chains.llm.adapters import shipped_adapter
from chains.llm.opening import open_model
from chains.turn import Answer, CopyRequest, Question, Shown, Waiting
from knowledge.folder import open_knowledge

GRACE = 60.0  # seconds that the last answers of a rate get
BUSY = 10.0  # seconds of a reply, p95, from which a higher rate is not tried
TOGETHER, TIMES = 4, 6  # chats that talk without pauses, and what each says
ASKED = {
    "en": ("How much is the {name}?", "What is the {key} of the {name}?", "Is the {name} in stock?"),
    "zh": ("{name}多少钱？", "{name}的{key}是什么？", "{name}还有货吗？"),
}
OWN = {"en": "Where is my order?", "zh": "我的订单到哪儿了？"}


@dataclass
class Heard:
    """How long one message waited, in seconds: None where nothing came."""

    chat: int
    first: float | None = None
    whole: float | None = None
    polite: bool = False
    by_model: bool = False


class Person:
    """One chat: who it is, what they ask, and what was said."""

    def __init__(self, number: int, pool: dict[str, list[str]]) -> None:
        self.number = number
        self.random = Random(f"load:{number}")
        self.language = "en" if number % 2 else "zh"
        self.customer = f"C{1000 + number}" if number % 3 == 0 and 0 < number <= 120 else None
        self.history: list[tuple[str, str]] = []
        self._pool = pool[self.language]

    def asks(self) -> Question:
        """The next message: one in eight of a known customer is about their order."""
        own = self.customer is not None and self.random.random() < 1 / 8
        text = OWN[self.language] if own else self.random.choice(self._pool)
        return Question.model_validate(
            {"text": text, "customer": self.customer, "history": tuple(self.history[-HISTORY:])}
        )

    async def says(self, assistant: ShopAssistant, heard: Heard) -> None:
        """Ask once and listen to the end."""
        question, started = self.asks(), time.perf_counter()
        async for step in assistant.answer(question):
            if isinstance(step, Waiting):
                heard.polite = True
            elif isinstance(step, Shown):
                heard.first = heard.first or time.perf_counter() - started
            elif isinstance(step, Answer):
                heard.whole = time.perf_counter() - started
                heard.by_model = bool(step.drafts)
                self.history += [("customer", question.text), ("bot", step.reply)]


def pool() -> dict[str, list[str]]:
    """What may be asked, by language: about every product of the demo shop, and its own questions."""
    found: dict[str, list[str]] = {"en": [], "zh": []}
    shop = files("knowledge.demo")
    for row in csv.DictReader(shop.joinpath("products.csv").read_text("utf-8").splitlines()):
        keys = [one.partition("=")[0].strip() for one in row["attributes"].split(";") if "=" in one]
        for number, frame in enumerate(ASKED[row["language"]]):
            found[row["language"]].append(frame.format(name=row["name"], key=keys[number % len(keys)]))
    for row in csv.DictReader(shop.joinpath("faq.csv").read_text("utf-8").splitlines()):
        if row["audience"] == "public":
            found[row["language"]].append(row["question"])
    return found


async def at_rate(
    assistant: ShopAssistant, people: Sequence[Person], rate: float, seconds: float
) -> list[Heard]:
    """All of them chat for so long, pausing so that together they say `rate` messages a second while nobody waits."""
    heard: list[Heard] = []
    pause, end = len(people) / rate, time.perf_counter() + seconds

    async def chats(person: Person) -> None:
        wait = person.random.uniform(0, pause)
        while time.perf_counter() + wait < end:
            await asyncio.sleep(wait)
            heard.append(Heard(person.number))
            await person.says(assistant, heard[-1])
            wait = person.random.expovariate(1 / pause)

    tasks = [asyncio.create_task(chats(person)) for person in people]
    _, late = await asyncio.wait(tasks, timeout=seconds + GRACE)
    for task in late:
        task.cancel()
    failures = await asyncio.gather(*tasks, return_exceptions=True)
    for failure in failures:
        if isinstance(failure, Exception):
            print(f"    lost: {type(failure).__name__}: {failure}", file=sys.stderr, flush=True)
    return heard


async def together(assistant: ShopAssistant, people: Sequence[Person]) -> list[Heard]:
    """They all ask at once, and again as soon as they are answered."""
    heard: list[Heard] = []

    async def chats(person: Person) -> None:
        for _ in range(TIMES):
            heard.append(Heard(person.number))
            await person.says(assistant, heard[-1])

    await asyncio.gather(*map(chats, people))
    return heard


async def variants(assistant: ShopAssistant) -> list[tuple[float, int]]:
    """Seconds for four posts, and how many of them are the model's own, in either language."""
    found = []
    for product, channel, language in (("TP-01", "instagram", "en"), ("TP-02", "xiaohongshu", "zh")):
        request = CopyRequest(product=product, channel=channel, variants=4, language=language)
        started = time.perf_counter()
        made = await assistant.copy(request)
        found.append((time.perf_counter() - started, min(4, made.drafts.get("passes", 0))))
    return found


def resident_mb() -> int:
    """What this process holds in memory now; its peak where the system does not tell."""
    listing = Path("/proc/self/statm")
    if listing.exists():
        return int(listing.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def measured(
    assistant: ShopAssistant, chats: int, seconds: float, rates: Sequence[float]
) -> dict[str, Any]:
    """All figures: alone, four together, posts, and every rate up to the one that is too much."""
    asked = pool()
    people = [Person(number, asked) for number in range(chats)]
    await together(assistant, [Person(chats + 1, asked)])  # warms up
    found: dict[str, Any] = {"rest_mb": resident_mb(), "rates": []}
    found["together"] = [asdict(one) for one in await together(assistant, people[:TOGETHER])]
    found["variants"] = await variants(assistant)
    for rate in rates:
        heard = await at_rate(assistant, people, rate, seconds)
        waits = sorted(one.whole if one.whole is not None else GRACE for one in heard)
        found["rates"].append({"rate": rate, "heard": [asdict(one) for one in heard], "mb": resident_mb()})
        print(
            f"    {rate} a second: {len(heard)} asked, longest {waits[-1] if waits else 0:.1f} s",
            file=sys.stderr,
            flush=True,
        )
        if waits and waits[int(0.95 * (len(waits) - 1))] > BUSY:
            break
    return found


def main(chats: int, seconds: float, rates: Sequence[float]) -> None:
    """Fill a folder with the demo shop, open the model, measure."""
    cache = user_cache_path("marketeer")
    with (
        tempfile.TemporaryDirectory(prefix="marketeer-bench-") as folder,
        open_knowledge(Path(folder), purpose="bench") as known,
    ):
        load_demo(known)
        model = open_model("bundled", cache=cache, adapter=shipped_adapter())
        assistant = build_assistant(index=known.index, model=lambda: model, cache=cache)
        assistant.warm_up()
        found = asyncio.run(measured(assistant, chats, seconds, rates))
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), [float(rate) for rate in sys.argv[3:]])
