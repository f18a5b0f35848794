"""Composes copy from frames and the product's row: what is sent where the model's words do not hold. Always true,
seldom beautiful. Knows no model."""

import re
from collections.abc import Callable, Sequence
from string import Template
from typing import Any

from chains.copy_brief import Brief
from chains.data import table
from chains.evidence import DESCRIPTION, PRICE, STOCK, polarity_of, sentences
from chains.guard.channels import Channel, ChannelField
from chains.guard.counting import count
from chains.guard.voice import Form, kind_of
from chains.guard.voice_check import addressed_as
from chains.phrases import money
from chains.tasks import UNASKED

SHORT = ("headline", "title", "subject")


def framed(brief: Brief, number: int, used: set[str]) -> dict[str, list[str]]:
    """The fields of variant `number`; `used` gathers bodies, so that variants differ."""
    fields: dict[str, list[str]] = {}
    for name in brief.channel.style.order:
        field = brief.channel.field(name)
        if field is not None and name not in UNASKED and (texts := _field(brief, field, number, used)):
            fields[name] = texts
    return fields


def opt_out(channel: Channel, language: str) -> str:
    """The line by which a reader leaves, where the channel's messages need one."""
    if not channel.style.opt_out:
        return ""
    line: str = table("copy_frames")[language]["opt_out_email" if channel.name == "email" else "opt_out"]
    return line


def sign_off(brief: Brief, body: str = "") -> str:
    """How the shop signs a letter; nothing on channels without one, and where the body ends so already."""
    if brief.channel.name != "email":
        return ""
    signed = brief.voice.sign_off.get(brief.language, "")
    return "" if signed and signed in body else signed


def _variables(brief: Brief) -> dict[str, str | None]:
    frames, item, language = table("copy_frames")[brief.language], brief.item, brief.language
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


def _filled(lines: Sequence[str], words: dict[str, str | None], form: Form | None = None) -> list[str]:
    known = {name: value for name, value in words.items() if value}
    return [
        Template(addressed_as(line, form)).substitute(known)
        for line in lines
        if set(Template(line).get_identifiers()) <= set(known)
    ]


def _field(brief: Brief, field: ChannelField, number: int, used: set[str]) -> list[str]:
    frames, words = table("copy_frames")[brief.language], _variables(brief)
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
    fitting = [body for body in [*_bodies(brief, words, number), *named] if fits(body)]
    chosen = next((body for body in fitting if body not in used), fitting[0] if fitting else None)
    if chosen is None:
        return [_cut(str(words["name"]), fits)]
    used.add(chosen)
    return [chosen]


def _bodies(brief: Brief, words: dict[str, str | None], number: int) -> list[str]:
    """Bodies from the fullest to the shortest."""
    frames, zh = table("copy_frames")[brief.language], brief.language == "zh"
    gap = "" if zh else " "
    form = brief.voice.form_in(kind_of(brief.channel)) if zh else None
    opens, closes = _filled(frames["open"], words, form), _filled(frames["close"], words, form)
    opening = opens[number % len(opens)] if opens else ""
    closing = closes[number % len(closes)] if closes else ""
    middle = words["description"] or ""
    aimed = Template(frames["audience"]).substitute(audience=brief.audience) if brief.audience else ""
    extras = [text for text in (words["feature"], words["feature2"]) if text]
    bullets = "\n".join(frames["bullet"] + text for text in extras[number % 2 :] + extras[: number % 2])
    channel = brief.channel
    tail = opt_out(channel, brief.language)
    long_form = (channel.style.kind == "post" and channel.name not in ("x", "weibo")) or channel.name in (
        "email",
        "wechat",
    )
    blocks = [opening + (gap + aimed if aimed else ""), middle, bullets, closing, sign_off(brief), tail]
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
