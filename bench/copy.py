"""Does holding the model to a channel's shape pay? The same copy, asked of the model free and held, before any repair.

Twenty products of the demo shop, a channel each, half of them in Chinese. What passes is judged by the rules that judge
drafts in service. Says nothing of how well they read.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Any

from langchain_core.language_models import BaseChatModel
from platformdirs import user_cache_path

from bench.public_data import Skip
from bench.report import Cell, Result, Table
from bench.shop_folder import imported
from bot.setup import STATIC
from chains.ad_copy import as_sent, task_of
from chains.copy_brief import Brief, brief_of
from chains.copy_check import objection
from chains.copy_loop import LONGEST
from chains.copy_shape import shape_of
from chains.guard.counting import count
from chains.guard.limits import load_channels
from chains.llm.adapters import shipped_adapter
from chains.llm.errors import ModelUnavailable
from chains.llm.opening import open_model
from chains.tasks import asked_of, fields_in
from chains.turn import CopyRequest
from knowledge.crm.desk import Desk, Shelf
from knowledge.facts.embeddings import open_embedder
from knowledge.principal import MARKETER

PROMPTS = 20
DRAFTS = 4
CHANNELS = {
    "en": ("google_ads", "instagram", "meta", "x", "sms", "email", "linkedin_ad", "tiktok_ad", "google_merchant", "facebook"),
    "zh": ("xiaohongshu", "weibo", "google_ads", "wechat", "douyin", "sms", "email", "meta", "instagram", "x"),
}  # fmt: skip
SHARES = {
    "whole": "has every field, in order and number",
    "within": "and each within its limit, as sent",
    "passes": "passes every rule: may be shown",
}
WAYS = {"free": "free", "held": "held to the channel's shape"}


def run() -> Result:
    """Shares of drafts that are whole, within their limits and fit to be shown, and their cost."""
    try:
        model = open_model("bundled", cache=user_cache_path("marketeer"), adapter=shipped_adapter())
    except ModelUnavailable as error:
        raise Skip(str(error)) from error
    found: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
    reasons: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
    seconds = dict.fromkeys(WAYS, 0.0)
    with briefs() as asked:
        for brief in asked:
            print(f"  {brief.item.sku} {brief.channel.name} {brief.language}", file=sys.stderr, flush=True)
            for way in WAYS:
                started = time.perf_counter()
                texts = asyncio.run(_drafts(model, brief, held=way == "held"))
                seconds[way] += time.perf_counter() - started
                for text in texts:
                    _judge(text, brief, found[way], reasons[way])
    result = Result("copy", "Copy held to its channel's shape")
    rows: list[list[Cell]] = [["drafts", *(found[way]["drafts"] for way in WAYS)]]
    for key, title in SHARES.items():
        rows.append([title, *(found[way][key] / found[way]["drafts"] for way in WAYS)])
    rows.append(["seconds a request of four drafts", *(f"{seconds[way] / len(asked):.1f}" for way in WAYS)])
    result.tables.append(Table("Drafts of the model, before any repair", ["", *WAYS.values()], rows))
    for way, title in WAYS.items():
        most = ", ".join(f"{reason} {times}" for reason, times in reasons[way].most_common(6))
        result.notes.append(f"What stops the others, {title}: {most}.")
    result.notes.append(
        f"{len(asked)} requests on the demo shop, {DRAFTS} drafts each with the same seeds, temperature 0.7, the shipped adapter."
    )
    return result


@contextmanager
def briefs() -> Iterator[Sequence[Brief]]:
    """What is asked for: products evenly spread over the catalogue, channels in turn."""
    with as_file(files("knowledge.demo")) as shop:
        paths = [shop / name for name in STATIC if name in ("shop.toml", "products.csv")]
        with imported(paths, open_embedder("bundled")) as index:
            desk, channels = Desk(Shelf(index.database), MARKETER), load_channels()
            skus = sorted(desk.catalogue.items)
            chosen = [skus[number * len(skus) // PROMPTS] for number in range(PROMPTS)]
            yield [
                brief_of(CopyRequest(product=sku, channel=CHANNELS[language][number // 2], language=language),
                         desk, channels)
                for number, sku in enumerate(chosen) for language in [("en", "zh")[number % 2]]
            ]  # fmt: skip


async def _drafts(model: BaseChatModel, brief: Brief, *, held: bool) -> list[str]:
    task = task_of(brief)
    lines: dict[str, Any] = {"lines": shape_of(brief, lambda fields: as_sent(fields, brief))} if held else {}
    result = await model.agenerate(
        [task.messages()],
        n=DRAFTS,
        temperature=0.7,
        seed=1,
        max_tokens=LONGEST,
        speakers=task.speakers,
        **lines,
    )
    return [one.text.strip() for one in result.generations[0]]


def _judge(text: str, brief: Brief, found: Counter[str], reasons: Counter[str]) -> None:
    wanted = [(one.name, times) for one, times in asked_of(brief.channel)]
    fields = as_sent(fields_in(text), brief)
    whole = [(name, len(texts)) for name, texts in fields_in(text).items()] == wanted and all(
        words for texts in fields_in(text).values() for words in texts
    )
    within = whole and all(_fits(name, words, brief) for name, texts in fields.items() for words in texts)
    wrong = objection(fields, brief)
    found.update(drafts=1, whole=whole, within=within, passes=wrong is None)
    if wrong is not None:
        reasons[wrong.reason] += 1


def _fits(name: str, words: str, brief: Brief) -> bool:
    field = brief.channel.field(name)
    most = field.limit_for(words) if field is not None else None
    return field is None or most is None or count(words, field.counts) <= most
