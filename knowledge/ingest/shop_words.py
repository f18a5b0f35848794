"""Says the shop's settings as facts in both languages: hours, shipping by region, returns, contact, the rest.

Keys that `shop_keys.yaml` does not know become public facts as they stand; those it lists as internal, internal.
"""

import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from knowledge.facts.draft import FactDraft
from knowledge.ingest.files import read_text
from knowledge.principal import INTERNAL, PUBLIC


@cache
def vocabulary() -> dict[str, Any]:
    """The data file of names and labels."""
    text = resources.files("knowledge.ingest").joinpath("shop_keys.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def shop_facts(settings: dict[str, Any], path: Path, languages: tuple[str, ...]) -> list[FactDraft]:
    """One fact a setting and language (a shipping table: one a region), with the line it stands on."""
    words = vocabulary()
    lines = read_text(path).splitlines()
    facts: list[FactDraft] = []
    for key, value in settings.items():
        if key in words["not_facts"] or value in (None, "", [], {}):
            continue
        hidden = key in words["internal"] or any(word in key for word in words["internal_words"])
        scope = INTERNAL if hidden else PUBLIC
        for language in languages:
            for part, (label, said, anchor) in enumerate(_statements(key, value, language, settings)):
                if said:
                    line = _line_of(lines, key, anchor)
                    text = f"{label}：{said}" if language == "zh" else f"{label}: {said}"
                    details = {"key": key, "label": label, "value": said}
                    entity = f"shop:{key}:{language}"
                    facts.append(FactDraft("shop", entity, scope, language, text, details, line, part))
    return facts


def label_of(key: str, language: str) -> str:
    """What a setting is called in a language; unknown ones by their own name."""
    names = vocabulary()["labels"].get(key, {})
    return str(names.get(language) or key.replace("_", " "))


def _statements(key: str, value: Any, language: str, settings: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(label, words, a word to find the line by) of a setting."""
    label = label_of(key, language)
    if key == "shipping" and (rows := _shipping_rows(value)):
        return [_shipping(row, language, str(settings.get("currency", ""))) for row in rows]
    if key == "returns":
        value = _with_days(value, language)
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return [(label, said := say(item, language), said) for item in value]
    if key == "contact":
        return [(label, _contact(value, language), "")]
    said = say(value, language)
    return [(label, localised(said, language) if key == "opening_hours" else said, "")]


def _contact(value: Any, language: str) -> str:
    """Whom to turn to as one would say it: `Mira, mira@shop.example, +49 30 1234, WeChat mira-tea (Mon-Fri 9-17)`."""
    known, zh = vocabulary()["contact_parts"], language == "zh"
    parts = own_words(value, language)
    if not isinstance(parts, dict) or any(isinstance(inner, dict) for inner in parts.values()):
        return say(value, language)
    said = {key: words for key, inner in parts.items() if (words := say(inner, language))}
    hours = [localised(words, language) for key, words in said.items() if key in known["hours"]]
    listed = [
        words if key in known["plain"] else f"{label_of(key, language)} {words}"
        for key, words in said.items()
        if key not in known["hours"]
    ]
    told = ("，" if zh else ", ").join(listed)
    when = ("，" if zh else ", ").join(hours)
    return (f"{told}（{when}）" if zh else f"{told} ({when})") if when else told


def _with_days(value: Any, language: str) -> Any:
    """A bare number of a return window is a number of days."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value} 天内可退" if language == "zh" else f"within {value} days"
    if isinstance(value, dict):
        return {k: _with_days(v, language) if "day" in k or "window" in k else v for k, v in value.items()}
    return value


def _shipping_rows(value: Any) -> list[dict[str, Any]]:
    """A shipping table as rows, however it is nested; empty when it is only words."""
    if isinstance(value, dict):
        if (
            value
            and all(isinstance(inner, dict) for inner in value.values())
            and not ({"en", "zh"} & set(value))
        ):
            return [{"region": key.replace("_", " ").title(), **inner} for key, inner in value.items()]
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        return _shipping_rows(lists[0]) if len(lists) == 1 else []
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return value
    return []


def _shipping(row: dict[str, Any], language: str, currency: str) -> tuple[str, str, str]:
    """`Shipping to Germany: 9.90 EUR, free from 150 EUR, 3-4 working days` from one row of the table."""
    roles, zh = vocabulary()["shipping_columns"], language == "zh"
    cells: dict[str, Any] = {}
    for key in sorted(
        row, key=lambda name: not name.endswith(f"_{language}")
    ):  # the language's own words first
        if key.endswith(("_en", "_zh")) and not key.endswith(f"_{language}"):
            continue
        base = key.removesuffix("_en").removesuffix("_zh")
        role = next((role for role, names in roles.items() if base in names), base)
        cells.setdefault(role, row[key])
    where = say(cells.pop("region", ""), language)
    currency = say(cells.pop("currency", ""), language) or currency
    low, high = cells.pop("days_min", None), cells.pop("days_max", None)
    if low is not None and high is not None:
        cells["days"] = f"{low}-{high}"
    parts = []
    for role, inner in cells.items():
        said = say(inner, language)
        if not said:
            continue
        money = f"{said} {currency}".strip() if re.fullmatch(r"\d+(?:\.\d+)?", said) else said
        free = re.fullmatch(r"0+(\.0+)?", said) is not None
        if role == "price":
            parts.append(("免运费" if zh else "free") if free else (f"运费 {money}" if zh else money))
        elif role == "free_from":
            parts.append(f"满 {money} 包邮" if zh else f"free from {money}")
        elif role == "days":
            days = re.fullmatch(r"[\d\s\-–~到至]+", said) is not None
            parts.append(said + (" 天" if zh else " days") if days else localised(said, language))
        else:
            parts.append(f"{label_of(role, language)} {said}")
    other = place(where, language)
    named = where if other is None else f"{other}（{where}）" if zh else f"{other} ({where})"
    label = (f"配送至{named}" if zh else f"Shipping to {named}") if where else label_of("shipping", language)
    return label, ("，" if zh else ", ").join(parts), where


@cache
def _places(source: str) -> dict[str, str]:
    from babel import Locale

    return {name.lower(): code for code, name in Locale(source).territories.items()}


def place(name: str, language: str) -> str | None:
    """A country's name in the other of the two languages (from CLDR); None where it is none or needs none."""
    from babel import Locale

    code = _places("en" if language == "zh" else "zh").get(name.strip().lower())
    return str(Locale(language).territories[code]) if code else None


def localised(text: str, language: str) -> str:
    """Day names and a few fixed words of a file written in English, for Chinese readers."""
    if language != "zh" or re.search(r"[\u4e00-\u9fff]", text):
        return text
    for pattern, word in vocabulary()["in_chinese"].items():
        text = re.sub(pattern, word, text, flags=re.I)
    return text


def say(value: Any, language: str) -> str:
    """A setting's value as words: the language's own text where the file has one."""
    colon, stop = ("：", "；") if language == "zh" else (": ", "; ")
    if isinstance(value, dict):
        chosen = own_words(value, language)
        if not isinstance(chosen, dict):
            return say(chosen, language)
        return stop.join(
            f"{label_of(key, language)}{colon}{said}"
            for key, inner in chosen.items()
            if (said := say(inner, language))
        )
    if isinstance(value, list):
        return stop.join(filter(None, (say(item, language) for item in value)))
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}.get(language, ("no", "yes"))[value]
    return "" if value is None else str(value)


def own_words(value: Any, language: str) -> Any:
    """A table without the columns of the other language; what it holds where that is all it is for."""
    if not isinstance(value, dict):
        return value
    if language in value and not isinstance(value[language], dict):
        return value[language]
    own = f"_{language}"
    chosen: dict[str, Any] = {}
    for key, inner in value.items():
        base, _, tail = key.rpartition("_")
        if tail in ("en", "zh") and base:
            if key.endswith(own) or (base not in value and f"{base}{own}" not in value):
                chosen[base] = inner
        elif key in ("en", "zh") or f"{key}{own}" in value:
            continue
        else:
            chosen[key] = inner
    if len(chosen) == 1 and isinstance(only := next(iter(chosen.values())), dict):
        return own_words(only, language)  # contact: {humans: {...}}
    if not chosen and value:
        return next(iter(value.values()))
    return chosen or ""


def _line_of(lines: list[str], key: str, anchor: str) -> int | None:
    """The line of a row's own word where there is one, else that of the setting's name."""
    if anchor:
        for number, line in enumerate(lines, start=1):
            if anchor in line:
                return number
    aliases = [key, *vocabulary()["keys"].get(key, [])]
    for number, line in enumerate(lines, start=1):
        bare = re.split(r"[=:：\]]", line.strip().lstrip("[-").strip().lower(), maxsplit=1)[0].strip(' "')
        if bare.replace(" ", "_").replace("-", "_") in aliases:
            return number
    return None
