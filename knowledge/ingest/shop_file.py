"""Reads the shop file (TOML or YAML) into settings under our own names. Says nothing of them (`shop_words` does).

Owners write the same things under many names; `shop_keys.yaml` lists them. Keys it does not list are kept.
"""

import re
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from knowledge.errors import BadFile
from knowledge.ingest.files import read_text
from knowledge.ingest.shop_words import vocabulary
from knowledge.languages import clean, detect


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
