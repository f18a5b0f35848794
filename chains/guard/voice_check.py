"""Holds a text to a shop's brand voice, and mends what can be mended without touching what it says. Knows no fact."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from string import Template

from chains.guard.finding import Finding
from chains.guard.folding import fold, is_han
from chains.guard.language import language_of, say
from chains.guard.segments import stands_alone
from chains.guard.voice import EMOJI, Form, Voice, vocabulary
from chains.guard.words import Rules, packaged_rules, word_pattern

_QUOTED = re.compile(r"(「[^」\n]*」|“[^”\n]*”|《[^》\n]*》)")
LONG = 3  # Chinese characters that are a word wherever they stand


def find_voice(
    text: str, voice: Voice, kind: str, *, language: str | None = None, rules: Rules | None = None
) -> list[Finding]:
    """What goes against the voice in a text of this kind, as warnings in order of place; spans index `text`."""
    language = language or language_of(text)
    found = [
        *_avoided(text, voice, language, rules or packaged_rules()),
        *_emoji(text, voice, kind, language),
        *_forms(text, voice.form_in(kind), language),
        *_marks(text, voice, language),
    ]
    return sorted(found)


def mended(text: str, voice: Voice, kind: str) -> str:
    """The text in the shop's form of address, without the emoji and marks that it does not use."""
    text = addressed_as(text, voice.form_in(kind))
    for start, end in reversed(list(_too_many(text, voice, kind))):
        gap = start > 0 and text[start - 1] == " " and (end == len(text) or text[end] in " \n")
        text = text[: start - gap] + text[end:]
    for name in voice.marks:
        mark = vocabulary()["marks"][name]
        text = re.sub(mark["forbids"], lambda hit, to=mark["instead"]: to[hit[0][0]], text)  # type: ignore[misc]
    return text.strip()


def addressed_as(text: str, form: Form | None) -> str:
    """The text with 你 as 您 or 您 as 你, as long as it was; 你们 (you all, or a shop) and quotations stay."""
    if form is None:
        return text
    pieces = _QUOTED.split(text)
    pieces[::2] = [_as_form(piece, form) for piece in pieces[::2]]
    return "".join(pieces)


def signed(voice: Voice, language: str, otherwise: str) -> str:
    """The shop's sign-off in this language, else another one."""
    return voice.sign_off.get(language) or otherwise


def _as_form(text: str, form: Form) -> str:
    if form == "你":
        return text.replace("您", "你")
    return _you().sub(lambda hit: "您" if hit[0] == "你" else hit[0], text)


@cache
def _you() -> re.Pattern[str]:
    return re.compile("|".join([*map(re.escape, vocabulary()["not_you"]), "你们", "你"]))


@lru_cache(maxsize=256)
def _word(word: str) -> re.Pattern[str]:
    said = fold(word, packaged_rules().same).text
    ending = "(?:s|es|ed|d|ing|ly|er|est)?" if re.fullmatch("[a-z]{4,}", said) else ""
    return re.compile(word_pattern(said).replace("(?![a-z0-9])", ending + "(?![a-z0-9])"))


def _avoided(text: str, voice: Voice, language: str, rules: Rules) -> Iterator[Finding]:
    if not voice.avoid:
        return
    folded = fold(text, rules.same)
    said = vocabulary()["says"]["avoid"]
    for word, instead in voice.avoid:
        if not word:
            continue
        hits = [hit.span() for hit in _word(word).finditer(folded.text) if hit.group()]
        spared = rules.spared(word, folded.text) if hits else []
        for start, end in hits:
            short = is_han(folded.text[start]) and end - start < LONG
            if any(low < end and start < high for low, high in spared) or (
                short and not stands_alone(folded.text, start, end)
            ):
                continue
            why = Template(say(said["why"], language)).substitute(word=word)
            suggestion = Template(say(said["suggestion" if instead else "plain"], language)).substitute(
                instead=instead
            )
            yield Finding(*folded.span(start, end), "voice.avoid", "warn", why, suggestion)


def _too_many(text: str, voice: Voice, kind: str) -> Iterator[tuple[int, int]]:
    policy, kept = voice.emoji_in(kind), 0
    for hit in EMOJI.finditer(text):
        fits = not policy.only or hit.group() in policy.only
        kept += fits
        if not fits or (policy.most is not None and kept > policy.most):
            yield hit.span()


def _emoji(text: str, voice: Voice, kind: str, language: str) -> Iterator[Finding]:
    said, policy = vocabulary()["says"]["emoji"], voice.emoji_in(kind)
    for start, end in _too_many(text, voice, kind):
        strange = policy.only and text[start:end] not in policy.only
        words = {"most": policy.most, "only": " ".join(policy.only)}
        why = Template(say(said["only" if strange else "why"], language)).substitute(words)
        yield Finding(start, end, "voice.emoji", "warn", why, say(said["suggestion"], language))


def _forms(text: str, form: Form | None, language: str) -> Iterator[Finding]:
    if form is None:
        return
    said = vocabulary()["says"]["formality"]
    why = Template(say(said["why"], language)).substitute(form=form)
    suggestion = Template(say(said["suggestion"], language)).substitute(form=form)
    bare = _QUOTED.sub(lambda hit: " " * len(hit[0]), text)
    for hit in (_you() if form == "您" else re.compile("您")).finditer(bare):
        if hit[0] in ("你", "您"):
            yield Finding(*hit.span(), "voice.formality", "warn", why, suggestion)


def _marks(text: str, voice: Voice, language: str) -> Iterator[Finding]:
    for name in sorted(voice.marks):
        said = vocabulary()["says"][name]
        for hit in re.finditer(vocabulary()["marks"][name]["forbids"], text):
            yield Finding(
                *hit.span(),
                f"voice.{name}",
                "warn",
                say(said["why"], language),
                say(said["suggestion"], language),
            )
