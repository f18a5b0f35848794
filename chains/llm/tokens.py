"""Opens a model's tokenizer and finds which of its tokens end a text; it does not load the model."""

from __future__ import annotations

from typing import Any


def open_tokenizer(source: str, *, local: bool) -> Any:
    """The tokenizer of a model's folder or hub id; `local`: without the network."""
    from transformers import AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return AutoTokenizer.from_pretrained(source, local_files_only=local)


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
