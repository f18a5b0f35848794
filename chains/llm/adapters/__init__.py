"""The packaged adapter and what any adapter's folder says of itself; loads none.

An adapter's folder holds adapter_config.json and adapter_model.safetensors (peft), adapter.json (its base and how it
was made), evaluation.json (the figures it passed with) and NOTICE (the terms of the base it derives from).
"""

import hashlib
import json
from pathlib import Path
from typing import Any

SHIPPED = "shipped"
CARD = "adapter.json"
WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"


def shipped_adapter() -> Path | None:
    """The packaged adapter; None where the package carries none."""
    folder = Path(__file__).parent / "shop"
    return folder if (folder / WEIGHTS).is_file() else None


def card_of(adapter: Path) -> dict[str, Any]:
    """What its maker wrote down: base, settings, rows, seconds; empty where nothing was."""
    path = adapter / CARD
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def hash_of(adapter: Path) -> str:
    """The sha256 of its weights and configuration."""
    found = hashlib.sha256()
    for name in (CONFIG, WEIGHTS):
        found.update((adapter / name).read_bytes())
    return found.hexdigest()


def writes(adapter: Path | None, task: str) -> bool:
    """Whether the bundled model with this adapter writes a task's words: those its card says it is good enough for.
    Where no card says, answers, which rules hold to one fact each, and nothing longer."""
    known: list[str] = card_of(adapter).get("serves", ["answer"]) if adapter is not None else ["answer"]
    return task in known
