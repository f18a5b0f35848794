"""Judges copy: whether a draft of the model stays with the row, and what the rules say of a finished variant.

The model's word allows nothing: numbers, claiming words, language, limits and the product's name are checked by rule.
"""

import re
from collections.abc import Mapping, Sequence

from chains.copy_brief import Brief
from chains.evidence import STOCK
from chains.guard.binding import unbound
from chains.guard.channels import Channel
from chains.guard.check import check_fields
from chains.guard.disclosure import label_for
from chains.guard.ledger import ledger
from chains.guard.words_of_claims import unfounded_words
from chains.phrases import say
from chains.turn import FactRef, VariantText
from chains.writer import function_words
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

NAMED = 0.6  # of the words of the product's name
NEW_WORDS = {
    "en": 0.36,
    "zh": 0.6,
}  # of a text's words; 99 in 100 texts written by people from their facts have fewer


def objection(fields: Mapping[str, Sequence[str]], brief: Brief) -> str | None:
    """Why a draft may not be shown; None where it may."""
    report = check_fields(
        fields,
        channel=brief.channel,
        jurisdictions=brief.desk.shop.jurisdictions,
        voice=brief.voice,
        generated=True,
    )
    broken = next(
        (
            f
            for f in report.findings
            if f.severity == "block" or f.rule in ("limit.few", "sms.parts", "voice.avoid")
        ),
        None,
    )
    if broken is not None:
        return broken.rule
    text = " ".join(t for name, texts in fields.items() for t in texts if name != "hashtags")
    if detect(text) != brief.language:
        return "language"
    if not ledger(text, [*brief.facts, _shop_fact(brief)]).ok:
        return "number"
    if unbound(
        "\n".join(one for texts in fields.values() for one in texts),
        [fact.text for fact in brief.facts],
        function_words(brief.language),
    ):
        return "number of something else"
    if unfounded_words(text, brief.given, brief.language):
        return "claim"
    said, given = tokens(text), " ".join(brief.given)
    name = set(tokens(brief.item.name(brief.language)))
    if len(name & set(said)) < NAMED * len(name):
        return "product not named"
    prices = re.findall(r"\d+[.,]\d\d(?!\d)", text)
    if len(prices) > len(set(prices)) and "headline" not in fields:
        return "repeats itself"
    if len(said) > 12 and len(set(said)) < 0.45 * len(said):
        return "repeats itself"
    known, plain, letters = (
        set(tokens(given)),
        function_words(brief.language),
        set(given) | function_words("zh"),
    )
    new = [w for w in set(said) - known if w not in plain and not (not w.isascii() and set(w) <= letters)]
    return "new words" if len(new) > NEW_WORDS[brief.language] * len(set(said)) else None


def checked(brief: Brief, fields: dict[str, list[str]]) -> VariantText:
    """A variant with its verdict and the reasons."""
    report = check_fields(
        fields,
        channel=brief.channel,
        jurisdictions=brief.desk.shop.jurisdictions,
        voice=brief.voice,
        generated=True,
    )
    reasons = list(report.reasons)
    verdict = report.verdict
    text = _as_text(brief.channel, fields)
    book = ledger(text, [*brief.facts, _shop_fact(brief)])
    if loose := [entry.text for entry in book.loose]:
        verdict, reasons = "block", [*reasons, f"not in the product's row: {', '.join(loose)}"]
    label = label_for(brief.channel, brief.desk.shop.jurisdictions, brief.language, brief.voice)
    if label is not None and label.text not in text:
        reasons.append(label.why)
    if verdict == "allow" and any(e.key in STOCK and e.value == "0" for e in brief.statements):
        verdict, reasons = "warn", [say("copy_sold_out", brief.language)]
    return VariantText(text=text, fields=fields, verdict=verdict, reasons=reasons, claims=book.claims())


def _shop_fact(brief: Brief) -> FactRef:
    shop = brief.desk.shop
    said = f"{shop.name} {shop.name_in(brief.language)} {brief.item.sku} {brief.audience or ''}"
    return FactRef(id="shop:name", source="shop", text=said, scope="public")


def _as_text(channel: Channel, fields: dict[str, list[str]]) -> str:
    """The variant as it would be pasted: labelled where a channel has several fields for different boxes."""
    if len(fields) == 1:
        return next(iter(fields.values()))[0]
    if channel.style.kind == "post" or channel.name == "email":
        return "\n\n".join(
            "\n".join(texts) if name != "hashtags" else " ".join(texts) for name, texts in fields.items()
        )
    return "\n".join(f"{name}: {text}" for name, texts in fields.items() for text in texts)
