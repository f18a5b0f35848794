"""Puts a statement of a row into a sentence, in the question's language as far as the row allows."""

from chains.evidence import DESCRIPTION, Evidence, sentences
from chains.measures import in_other
from chains.phrases import say
from chains.route import Route
from chains.stated import stated
from chains.words import plain_words
from knowledge.facts.lexicon import tokens


def frames(chosen: list[Evidence], route: Route, language: str) -> list[str]:
    """A sentence a statement; products of which the same is true share one."""
    groups: dict[tuple[str, str, str], list[Evidence]] = {}
    for e in chosen:
        same = (e.key, e.value, "") if e.item is not None and e.key not in DESCRIPTION else (e.id, "", e.text)
        groups.setdefault(same, []).append(e)
    return [frame(group[0], route, language, _names(group, language)) for group in groups.values()]


def _names(group: list[Evidence], language: str) -> str | None:
    names = [e.item.name(language) for e in group if e.item is not None]
    return ("、" if language == "zh" else "; ").join(dict.fromkeys(names)) if len(names) > 1 else None


def frame(e: Evidence, route: Route, language: str, names: str | None = None) -> str:
    """A statement as a sentence, in the question's language as far as the row allows."""
    seed = route.text
    foreign = e.language != language
    if e.item is None:
        said = full_stop(e.value if e.kind != "shop" else _shop_words(e), language)
        if e.kind == "document" and len(sentences(e.value)) == 1 and len(e.value) < 25:
            said = full_stop(f"{e.key}: {e.value}" if language == "en" else f"{e.key}：{e.value}", language)
        return say("other_language", language, text=said) if foreign else said
    name = names or e.item.name(language)
    if e.key in DESCRIPTION:
        said = e.value if foreign else full_stop(e.value, language)
        return (
            say("other_language", language, text=said)
            if foreign
            else (said if name in said else f"{name}: {said}" if language == "en" else f"{name}：{said}")
        )
    if e.polarity is not None and not foreign:
        return _yes_or_no(e, e.polarity, route, language, name)
    value = e.value
    if foreign and (known := in_other(e.value, language)) is not None:
        value += f"（{known}）" if language == "zh" else f" ({known})"
    noun = language == "zh" or (
        e.key.isalpha() and not e.key.endswith("s")
    )  # "the keys supplied is 3" is no English
    if foreign or not noun:
        return say("attribute_plain", language, product=name, key=e.key, value=value)
    return say("attribute", language, seed=seed, product=name, key=e.key, value=e.value)


def _yes_or_no(e: Evidence, polarity: bool, route: Route, language: str, name: str) -> str:
    """A yes or no as a sentence. "Yes" or "no" leads it only where the question asks for just this, in words of the
    attribute's own, and not for its opposite ("do I bring my own?")."""
    said = stated(e.key, polarity, name, language)
    asked = (set(tokens(e.key)) - plain_words()) & set(tokens(route.text))
    leads = "yes_no" in route.cues and "negated" not in route.cues and bool(asked)
    if said is None:
        if leads:
            return say("attribute_yes" if polarity else "attribute_no", language, product=name, key=e.key)
        return say("attribute_plain", language, product=name, key=e.key, value=e.value)
    if leads and language == "en":
        return f"{'Yes' if polarity else 'No'}, {said[0].lower()}{said[1:]}"
    return f"是的，{said}" if leads and polarity else said


def _shop_words(e: Evidence) -> str:
    colon = "：" if e.language == "zh" else ": "
    return f"{e.key}{colon}{e.value}"


def full_stop(text: str, language: str) -> str:
    """The text with a full stop."""
    text = text.strip()
    return text if text and text[-1] in ".!?。！？…" else text + ("。" if language == "zh" else ".")
