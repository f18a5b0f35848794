"""Judges copy: whether a draft of the model stays with the row, and what the rules say of a finished variant.

The model's word allows nothing: numbers, claiming words, language, limits and the product's name are checked by rule.
"""

import re
from collections.abc import Mapping, Sequence

from chains.copy_brief import Brief
from chains.copy_frames import opt_out
from chains.evidence import STOCK
from chains.guard.channels import Channel
from chains.guard.check import Report, check_fields
from chains.guard.disclosure import label_for
from chains.guard.finding import Finding
from chains.guard.ledger import ledger
from chains.guard.words_of_claims import unfounded_words
from chains.objections import Objection, Violation, claimed, loose, strange
from chains.phrases import say
from chains.turn import FactRef, VariantText
from chains.words import function_words
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

NAMED = 0.6  # of the words of the product's name
NEW_WORDS = {
    "en": 0.36,
    "zh": 0.6,
}  # of a text's words; 99 in 100 texts written by people from their facts have fewer


def objection(fields: Mapping[str, Sequence[str]], brief: Brief) -> Objection | None:
    """Why a draft may not be shown; None where it may."""
    report = _report(fields, brief)
    broken = [
        f
        for f in report.findings
        if f.severity == "block" or f.rule in ("limit.few", "sms.parts", "voice.avoid")
    ]
    if broken:
        return Objection(broken[0].rule, _violations(broken, report, fields))
    text = " ".join(t for name, texts in fields.items() for t in texts if name != "hashtags")
    if detect(text) != brief.language:
        return Objection("language")
    known = [*brief.facts, _shop_fact(brief)]
    book = ledger(text, known)
    if not book.ok:
        return Objection("number", loose(book, known))
    if words := unfounded_words(text, brief.given, brief.language):
        return Objection("claim", [claimed(one) for one in words])
    return _poor(text, fields, brief)


def _poor(text: str, fields: Mapping[str, Sequence[str]], brief: Brief) -> Objection | None:
    """The objection to a draft that claims nothing wrong: it does not name the product, repeats itself, or wanders off."""
    said = tokens(text)
    given = " ".join([*brief.given, opt_out(brief.channel, brief.language)])
    name = set(tokens(brief.item.name(brief.language)))
    if len(name & set(said)) < NAMED * len(name):
        missing = Violation("missing", {"what": brief.item.name(brief.language)})
        return Objection("product not named", [missing])
    prices = re.findall(r"\d+[.,]\d\d(?!\d)", text)
    if len(prices) > len(set(prices)) and "headline" not in fields:
        return Objection("repeats itself")
    if len(said) > 12 and len(set(said)) < 0.45 * len(said):
        return Objection("repeats itself")
    known, plain, letters = (
        set(tokens(given)),
        function_words(brief.language),
        set(given) | function_words("zh"),
    )
    new = [w for w in set(said) - known if w not in plain and not (not w.isascii() and set(w) <= letters)]
    if len(new) > NEW_WORDS[brief.language] * len(set(said)):
        return Objection("new words", [strange(text, new)])
    return None


def _report(fields: Mapping[str, Sequence[str]], brief: Brief) -> Report:
    laws = brief.desk.shop.jurisdictions
    return check_fields(fields, channel=brief.channel, jurisdictions=laws, voice=brief.voice, generated=True)


def _violations(
    broken: Sequence[Finding], report: Report, fields: Mapping[str, Sequence[str]]
) -> list[Violation]:
    """Findings as the model is told them: what is too long, and which word is not to be used."""
    found = []
    for one in broken:
        size = next((x for x in report.lengths if (x.field, x.index) == (one.field, one.index)), None)
        texts = fields.get(one.field or "", [])
        if one.rule.startswith(("limit.over", "sms.")) and size is not None and size.limit is not None:
            found.append(Violation("long", {"length": str(size.length), "limit": str(size.limit)}))
        elif one.rule.endswith(".exclamation"):
            found.append(Violation("exclamation"))
        elif one.index < len(texts) and (word := texts[one.index][one.start : one.end]):
            found.append(Violation("word", {"what": word}))
    return found


def checked(brief: Brief, fields: dict[str, list[str]]) -> VariantText:
    """A variant with its verdict and the reasons."""
    report = _report(fields, brief)
    reasons = list(report.reasons)
    verdict = report.verdict
    text = _as_text(brief.channel, fields)
    book = ledger(text, [*brief.facts, _shop_fact(brief)])
    if not book.ok:
        unproven = ", ".join(entry.text for entry in book.loose)
        verdict, reasons = "block", [*reasons, f"not in the product's row: {unproven}"]
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
