"""Writes ad copy for one product on one channel: N variants in one batch, each within the channel's limits.

The model writes the story of a variant; frames and the product's row give the rest, and take over where the
story claims what the row does not say. Knows no Telegram and no customer.
"""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template
from typing import Any

import yaml
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from chains.evidence import DESCRIPTION, PRICE, STOCK, Evidence, of_product, polarity_of, sentences
from chains.guard.channels import Channel, ChannelField, Channels
from chains.guard.check import check_fields
from chains.guard.claims import claims_in
from chains.guard.counting import count
from chains.guard.errors import UnknownChannel
from chains.phrases import money, say
from chains.prompts import render
from chains.subject import best_of
from chains.turn import CopyAnswer, CopyRequest, FactRef, VariantText
from chains.writer import PLAIN, PLAIN_ZH, tidy
from knowledge.crm.catalogue_view import Catalogue, Item
from knowledge.crm.desk import Desk
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

STORY_TOKENS = 64
SHORT = ("headline", "title", "subject")
SKIPPED = ("path", "caption")


@dataclass(frozen=True)
class Brief:
    """One request, resolved: the product, its row's statements, the channel, the words of the frames."""

    item: Item
    channel: Channel
    language: str
    desk: Desk
    statements: tuple[Evidence, ...]
    audience: str | None
    tone: str | None

    @property
    def facts(self) -> list[FactRef]:
        return [e.ref() for e in self.statements if e.key not in STOCK]


@cache
def _frames() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        resources.files("chains.data").joinpath("copy_frames.yaml").read_text("utf-8")
    )
    return loaded


def find_product(wish: str, catalogue: Catalogue) -> Item:
    """The product of a SKU or a name.

    Raises: LookupError in one sentence when none or several answer to it.
    """
    if found := catalogue.skus.get(wish.strip().lower()):
        return found
    named = best_of(catalogue.mentions(wish), catalogue)
    if not named:
        raise LookupError(f"No product is called {wish.strip()[:60]}; give its name or SKU.")
    if len(named) > 1:
        raise LookupError(
            f"Several products answer to {wish.strip()[:60]}: {', '.join(item.sku for item in named)}."
        )
    return named[0]


class CopyWriter:
    """Writes copy with a model that is opened on first need."""

    def __init__(self, model: Callable[[], BaseChatModel] | None, channels: Channels) -> None:
        self._model, self._channels = model, channels

    async def write(self, request: CopyRequest, desk: Desk) -> CopyAnswer:
        """N variants. Raises LookupError with a sentence for an unknown product or channel."""
        started = time.perf_counter()
        brief = await asyncio.to_thread(self._brief, request, desk)
        stories = await self._stories(brief, request.variants)
        variants = await asyncio.to_thread(compose, brief, stories, request.variants)
        return CopyAnswer(
            product=brief.item.sku, channel=brief.channel.name, language=brief.language, variants=variants,
            facts=brief.facts, timings_ms={"total": round(1000 * (time.perf_counter() - started))},
        )  # fmt: skip

    def _brief(self, request: CopyRequest, desk: Desk) -> Brief:
        item = find_product(request.product, desk.catalogue)
        try:
            channel = self._channels.find(request.channel)
        except UnknownChannel as error:
            raise LookupError(str(error)) from error
        language = (request.language or detect(request.product, desk.shop.languages[0])).lower()[:2]
        language = "zh" if language == "zh" else "en"
        return Brief(item, channel, language, desk, tuple(of_product(item, language, desk)),
                     request.audience, request.tone)  # fmt: skip

    async def _stories(self, brief: Brief, n: int) -> list[str]:
        """Up to n short paragraphs of the model that say nothing the row does not."""
        if self._model is None or brief.item.language(brief.language) != brief.language:
            return []
        words = _variables(brief)
        facts = "\n".join(f"- {e.key}: {e.value}" for e in brief.statements if e.key not in (*STOCK, *PRICE))
        style = brief.channel.title.get(brief.language) or brief.channel.name
        language = brief.language
        head = render("copy", language, shop=str(words["shop"]), style=style, product=str(words["name"]), facts=facts,
                      hint=brief.channel.style.hint.get(language, ""), tone=_tone(brief))  # fmt: skip
        ask = "写一段文案。" if brief.language == "zh" else "Write the text."
        options = {
            "n": n,
            "max_tokens": STORY_TOKENS,
            "temperature": 0.7,
            "repetition_penalty": 1.1,
            "seed": 1,
        }
        result = (
            await self._model()
            .bind(**options)
            .bound.agenerate(  # type: ignore[attr-defined]
                [[SystemMessage(head), HumanMessage(ask)]], **options
            )
        )
        told = [tidy(generation.text) for generation in result.generations[0]]
        return [story for story in dict.fromkeys(told) if is_grounded(story, brief)]


def _tone(brief: Brief) -> str:
    """What the request asks for, else the shop's own voice, else a plain one."""
    own = brief.desk.shop.brand_voice.get("tone")
    if isinstance(own, dict):
        own = own.get(brief.language)
    return str(
        brief.tone or own or ("亲切、具体、简短" if brief.language == "zh" else "warm, concrete, short")
    ).rstrip(".。")


def _avoided(text: str, brief: Brief) -> list[str]:
    """Words of the shop's own list that a text holds."""
    listed = brief.desk.shop.brand_voice.get("words_to_avoid") or []
    words = listed if isinstance(listed, list) else re.split(r"[,;，；、]\s*", str(listed))
    return [
        w
        for w in map(str, words)
        if w and re.search(rf"(?<![a-z]){re.escape(w.lower())}(?![a-z])", text.lower())
    ]


def is_grounded(story: str, brief: Brief) -> bool:
    """Whether a paragraph stays with the product's row: its numbers, its words, its language."""
    if not 20 <= len(story) <= 400 or detect(story) != brief.language or story[-1] not in ".!?。！？":
        return False
    if any(claim.result != "supported" for claim in claims_in(story, brief.facts)):
        return False
    known = set(
        tokens(" ".join(e.text for e in brief.statements) + " " + " ".join(brief.item.categories.values()))
    )
    said = tokens(story)
    new = [w for w in set(said) - known if w not in PLAIN and not (len(w) <= 2 and set(w) <= PLAIN_ZH)]
    repeated = len(said) - len(set(said)) > 0.4 * len(said)
    return (
        not repeated
        and len(new) <= 0.2 * len(set(said))
        and bool(set(said) & set(tokens(brief.item.name(brief.language))))
    )


def compose(brief: Brief, stories: Sequence[str], n: int) -> list[VariantText]:
    """n variants from frames, the row, and as many stories as there are; each checked."""
    found: list[VariantText] = []
    used: set[str] = set()
    for number in range(n):
        story = stories[number] if number < len(stories) else None
        fields: dict[str, list[str]] = {}
        for name in brief.channel.style.order:
            field = next(f for f in brief.channel.fields if f.name == name)
            if name in SKIPPED:
                continue
            texts = _field(brief, field, number, story, used)
            if texts:
                fields[name] = texts
        found.append(_checked(brief, fields))
    return found


def _checked(brief: Brief, fields: dict[str, list[str]]) -> VariantText:
    report = check_fields(fields, channel=brief.channel, jurisdictions=brief.desk.shop.jurisdictions)
    reasons = list(report.reasons)
    verdict = report.verdict
    text = _as_text(brief.channel, fields)
    loose = [
        c.text for c in claims_in(text, [*brief.facts, *_shop_facts(brief)]) if c.result == "unsupported"
    ]
    if loose:
        verdict, reasons = "block", [*reasons, f"not in the product's row: {', '.join(loose)}"]
    if avoided := _avoided(text, brief):
        verdict = "warn" if verdict == "allow" else verdict
        reasons.append(say("copy_avoided", brief.language, words=", ".join(avoided)))
    if verdict == "allow" and any(e.key in STOCK and e.value == "0" for e in brief.statements):
        verdict, reasons = "warn", [say("copy_sold_out", brief.language)]
    return VariantText(text=text, fields=fields, verdict=verdict, reasons=reasons)


def _shop_facts(brief: Brief) -> list[FactRef]:
    shop = brief.desk.shop
    said = f"{shop.name} {shop.name_in(brief.language)} {brief.item.sku} {brief.audience or ''}"
    return [FactRef(id="shop:name", source="shop", text=said, scope="public")]


def _as_text(channel: Channel, fields: dict[str, list[str]]) -> str:
    """The variant as it would be pasted: labelled where a channel has several fields for different boxes."""
    if len(fields) == 1:
        return next(iter(fields.values()))[0]
    if channel.style.kind == "post" or channel.name == "email":
        return "\n\n".join(
            "\n".join(texts) if name != "hashtags" else " ".join(texts) for name, texts in fields.items()
        )
    return "\n".join(f"{name}: {text}" for name, texts in fields.items() for text in texts)


def _variables(brief: Brief) -> dict[str, str | None]:
    frames, item, language = _frames()[brief.language], brief.item, brief.language
    spoken = item.language(language)
    shop = brief.desk.shop.name_in(language)
    features = [
        Template(frames["feature"]).substitute(key=e.key, value=e.value)
        for e in brief.statements
        if e.key not in (*DESCRIPTION, *PRICE, *STOCK) and polarity_of(e.value) is not False
    ]
    own = spoken == language
    return {
        "name": item.name(language), "shop": shop or ("本店" if language == "zh" else "our shop"),
        "description": item.descriptions.get(language), "category": item.categories.get(language),
        "price": next((e.value if own else money(item.price, item.currency, language)
                       for e in brief.statements if e.key in PRICE), None),
        "feature": _plainer(features[0], frames) if own and features else None,
        "feature2": _plainer(features[1], frames) if own and len(features) > 1 else None,
    }  # fmt: skip


def _plainer(feature: str, frames: dict[str, Any]) -> str:
    """`dimmable: yes` reads as `dimmable`."""
    key, _, value = re.split(r"(: |：)", feature, maxsplit=1)
    said = str(Template(frames["flag"]).substitute(key=key)) if polarity_of(value) else feature
    return said[:1].upper() + said[1:]


def _filled(lines: Sequence[str], words: dict[str, str | None]) -> list[str]:
    known = {name: value for name, value in words.items() if value}
    return [
        Template(line).substitute(known)
        for line in lines
        if set(Template(line).get_identifiers()) <= set(known)
    ]


def _field(brief: Brief, field: ChannelField, number: int, story: str | None, used: set[str]) -> list[str]:
    frames, words = _frames()[brief.language], _variables(brief)
    most = min(filter(None, (_value(field.limit), _value(field.recommended))), default=None)
    least = _value(field.min_count) or 1

    def fits(text: str) -> bool:
        hard = field.limit_for(text)
        return (most is None or count(text, field.counts) <= most) and (
            hard is None or count(text, field.counts) <= hard
        )

    if field.name == "hashtags":
        tags = [words["name"], words["category"], words["shop"]]
        return ["#" + re.sub(r"[^\w]+", "", tag) for tag in tags if tag][: 2 + number % 2]
    if field.name in SHORT:
        pool = [line for line in _filled(frames["short"], words) if fits(line)]
        return _turned(pool, number, least) or [_cut(str(words["name"]), fits)]
    if field.name in ("description", "digest") and (most or 5000) <= 300:
        pool = [line for line in _filled(frames["medium"], words) if fits(line)]
        return _turned(pool, number, least) or [_cut(str(words["name"]), fits)]
    shorts = _filled([*frames["medium"], *frames["short"]], words)
    named = [line for line in shorts if str(words["name"]) in line]
    fitting = [body for body in [*_bodies(brief, words, number, story), *named] if fits(body)]
    chosen = next((body for body in fitting if body not in used), fitting[0] if fitting else None)
    if chosen is None:
        return [_cut(str(words["name"]), fits)]
    used.add(chosen)
    return [chosen]


def _bodies(brief: Brief, words: dict[str, str | None], number: int, story: str | None) -> list[str]:
    """Bodies from the fullest to the shortest."""
    frames, zh = _frames()[brief.language], brief.language == "zh"
    gap = "" if zh else " "
    opens, closes = _filled(frames["open"], words), _filled(frames["close"], words)
    opening = opens[number % len(opens)] if opens else ""
    closing = closes[number % len(closes)] if closes else ""
    middle = story or words["description"] or ""
    aimed = Template(frames["audience"]).substitute(audience=brief.audience) if brief.audience else ""
    extras = [text for text in (words["feature"], words["feature2"]) if text]
    bullets = "\n".join(frames["bullet"] + text for text in extras[number % 2 :] + extras[: number % 2])
    channel = brief.channel
    tail = ""
    if channel.style.opt_out:
        tail = frames["opt_out_email"] if channel.name == "email" else frames["opt_out"]
    long_form = (channel.style.kind == "post" and channel.name not in ("x", "weibo")) or channel.name in (
        "email",
        "wechat",
    )
    blocks = [opening + (gap + aimed if aimed else ""), middle, bullets, closing, tail]
    full = "\n\n".join(block for block in blocks if block)
    first = next(iter(sentences(middle)), "")
    named = f"{words['name']}{'：' if zh else ': '}{first}" if first else str(words["name"])
    lines = [
        (opening, middle, closing, tail), (opening, first, closing, tail), (named, closing, tail), (named, tail),
        (opening, closing, tail), (opening, tail), (str(words["name"]), tail),
    ]  # fmt: skip
    bodies = [gap.join(text for text in line if text) for line in lines]
    return ([full] if long_form else []) + [body for body in bodies if body]


def _turned(pool: Sequence[str], number: int, least: int) -> list[str]:
    """`least` different lines, starting elsewhere for each variant."""
    if len(pool) < least or not pool:
        return []
    return [pool[(number + step) % len(pool)] for step in range(least)]


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    while text and not fits(text):
        text = text.rsplit(" ", 1)[0] if " " in text else text[:-1]
    return text.strip()


def _value(figure: Any) -> int | None:
    return None if figure is None else figure.value
