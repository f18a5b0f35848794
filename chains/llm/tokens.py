"""Opens a model's tokenizer and finds which of its tokens end a text; it does not load the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chains.llm.weights import read_manifest

_WORDS = "tokenizer.json"
_SETTINGS = "tokenizer_config.json"
_NAMED = ("bos_token", "eos_token", "pad_token", "unk_token", "mask_token", "model_max_length")


def open_tokenizer(source: str, *, local: bool) -> Any:
    """The tokenizer of a model's folder or hub id; `local`: without the network."""
    from transformers import AutoTokenizer, PreTrainedTokenizerFast
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if local and (settings := _converted(Path(source))) is not None:
        return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_file=str(Path(source) / _WORDS), **settings
        )
    return AutoTokenizer.from_pretrained(source, local_files_only=local)


def _converted(folder: Path) -> dict[str, Any] | None:
    """The settings of a tokenizer that was converted here and has no template of its own, so that its one file says it all;
    the general way reads those 33 MB four times over."""
    files = folder / _WORDS, folder / _SETTINGS
    if read_manifest(folder) is None or not all(file.is_file() for file in files):
        return None
    settings = json.loads(files[1].read_text("utf-8"))
    if "chat_template" in settings or (folder / "chat_template.jinja").exists():
        return None
    return {name: settings[name] for name in _NAMED if name in settings}


def end_tokens(source: str, *, local: bool) -> list[int]:
    """The tokens that end a text, by the settings for generation and the configuration."""
    from transformers import AutoConfig, GenerationConfig

    found = []
    for kind in (AutoConfig, GenerationConfig):
        try:
            value = getattr(kind.from_pretrained(source, local_files_only=local), "eos_token_id", None)
        except OSError:  # a model need not bring settings for generation
            continue
        found += [value] if isinstance(value, int) else list(value or ())
    return found
