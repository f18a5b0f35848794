"""Reads the shop file (TOML or YAML) and says in both languages what of it customers may know.

Owners write the same things under many names; `shop_keys.yaml` lists them. Keys it does not list become
public facts as they stand, except those it lists as internal.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from knowledge.errors import BadFile
from knowledge.facts.draft import FactDraft
from knowledge.ingest.files import read_text
from knowledge.languages import clean, detect
from knowledge.principal import INTERNAL, PUBLIC


class _AsWritten(yaml.SafeLoader):
    """Values stay as they are written: 4.90 is a price, not 4.9, and 9:30 a time, not 570."""


def _whole_number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int | str:
    """YAML 1.1 reads 9:30 as 570, 0171 as 121 and +49 as 49: opening hours and telephone numbers are text."""
    text = loader.construct_scalar(node)
    return int(text) if re.fullmatch("-?(0|[1-9][0-9]*)", text) else text


def _truth(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> bool | str:
    """NO is Norway and ON Ontario in a shipping table."""
    text = loader.construct_scalar(node)
    return text if text in ("NO", "ON") else bool(loader.construct_yaml_bool(node))


_AsWritten.add_constructor("tag:yaml.org,2002:float", lambda loader, node: loader.construct_scalar(node))  # type: ignore[arg-type]
_AsWritten.add_constructor("tag:yaml.org,2002:int", _whole_number)
_AsWritten.add_constructor("tag:yaml.org,2002:bool", _truth)


@cache
def vocabulary() -> dict[str, Any]:
    """The data file of names and labels."""
    text = resources.files("knowledge.ingest").joinpath("shop_keys.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def read_shop(path: Path) -> dict[str, Any]:
    """The file's settings under our names (`opening_hours`, `returns`, ...), others as they are.

    Raises: BadFile when it does not parse, has no name, or names no real currency or time zone.
    """
    text = read_text(path)
    try:
        raw = (
            tomllib.loads(text, parse_float=str)
            if path.suffix.lower() == ".toml"
            else yaml.load(text, Loader=_AsWritten)
        )
    except (tomllib.TOMLDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise BadFile(f"{path.name} does not parse: {reason}.") from error
    if not isinstance(raw, dict):
        raise BadFile(f"{path.name} should hold settings such as name and currency.")
    if len(raw) == 1 and isinstance(only := next(iter(raw.values())), dict):
        raw = only  # everything under one [shop] table
    elif isinstance(raw.get("shop"), dict):
        raw = raw.pop("shop") | raw
    settings: dict[str, Any] = {}
    for key, value in _plain(raw).items():
        name = _canonical(key)
        if isinstance(settings.get(name), dict) and isinstance(value, dict):
            settings[name] |= value
        elif name in settings:
            settings[name] = {**_as_dict(name, settings[name]), **_as_dict(key, value)}
        else:
            settings[name] = value
    if isinstance(settings.get("name"), dict):
        settings["name"] = next(iter(settings["name"].values()))
    if not settings.get("name"):
        raise BadFile(f"{path.name} needs a name.")
    currency, zone = str(settings.get("currency") or "EUR").upper(), str(settings.get("timezone") or "UTC")
    if not re.fullmatch("[A-Z]{3}", currency):
        raise BadFile(f"{path.name}: currency should be an ISO 4217 code such as EUR, not {currency}.")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a region such as `Europe`
        raise BadFile(
            f"{path.name}: timezone should be an IANA name such as Europe/Berlin, not {zone}."
        ) from error
    return settings | {"name": str(settings["name"]), "currency": currency, "timezone": zone}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            str(key).strip().lower().replace(" ", "_").replace("-", "_"): _plain(v)
            for key, v in value.items()
        }
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, int | float):
        return value
    return clean(str(value)).strip()


def _as_dict(key: str, value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {key: value}


def _canonical(key: str) -> str:
    for name, aliases in vocabulary()["keys"].items():
        if key == name or key in aliases:
            return str(name)
    return key


def shop_facts(settings: dict[str, Any], path: Path, languages: tuple[str, ...]) -> list[FactDraft]:
    """One fact a setting and language, with the line it stands on."""
    words = vocabulary()
    lines = read_text(path).splitlines()
    facts: list[FactDraft] = []
    for key, value in settings.items():
        if key in words["not_facts"] or value in (None, "", [], {}):
            continue
        scope = INTERNAL if key in words["internal"] else PUBLIC
        for language in languages:
            for part, (label, said) in enumerate(_statements(key, value, language)):
                if said:
                    line = _line_of(lines, key, said)
                    text = f"{label}：{said}" if language == "zh" else f"{label}: {said}"
                    entity = f"shop:{key}:{language}"
                    details = {"key": key, "label": label, "value": said}
                    facts.append(FactDraft("shop", entity, scope, language, text, details, line, part))
    return facts


def label_of(key: str, language: str) -> str:
    """What a setting is called in a language; unknown ones by their own name."""
    names = vocabulary()["labels"].get(key, {})
    return str(names.get(language) or key.replace("_", " "))


def _statements(key: str, value: Any, language: str) -> list[tuple[str, str]]:
    label = label_of(key, language)
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        if localised := [item for item in value if set(item) <= {"en", "zh"}]:
            return [(label, say(item, language)) for item in localised]
        return [(label, say(item, language)) for item in value]
    return [(label, say(value, language))]


def say(value: Any, language: str) -> str:
    """A setting's value as words: the language's own text where the file has one."""
    colon, stop = ("：", "；") if language == "zh" else (": ", "; ")
    if isinstance(value, dict):
        if language in value and not isinstance(value[language], dict):
            return say(value[language], language)
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
        if not chosen:
            return say(next(iter(value.values()), ""), language)
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


def _line_of(lines: list[str], key: str, said: str) -> int | None:
    aliases = [key, *vocabulary()["keys"].get(key, [])]
    for number, line in enumerate(lines, start=1):
        bare = re.split(r"[=:：\]]", line.strip().lstrip("[-").strip().lower(), maxsplit=1)[0].strip(' "')
        if bare.replace(" ", "_").replace("-", "_") in aliases:
            return number
    return None


def shop_languages(settings: dict[str, Any]) -> tuple[str, ...]:
    """The languages the shop serves; both, when the file does not say."""
    given = settings.get("languages")
    if isinstance(given, str):
        given = re.split(r"[,;\s]+", given)
    found = [str(code).lower()[:2] for code in given or ()]
    return tuple(code for code in found if code in ("en", "zh")) or ("en", "zh")


def language_of(settings: dict[str, Any]) -> str:
    """The shop's own language: its first, or that of its name."""
    return shop_languages(settings)[0] if settings.get("languages") else detect(str(settings["name"]))
