"""Merges an adapter into base weights, once; does not know which adapter is served or where the result is kept."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chains.llm.convert import Report
from chains.llm.errors import ModelUnavailable


def merge(base: Path, adapter: Path, folder: Path, report: Report | None = None) -> None:
    """Write `base` with `adapter` merged in, in bf16, and the tokenizer, into the existing `folder`.

    Raises:
        ModelUnavailable: the adapter does not fit the base.
    """
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    tell = report or (lambda step, done, total: None)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    tell("merge", 0, 3)
    model: Any = AutoModelForCausalLM.from_pretrained(base, local_files_only=True, dtype=torch.float32)
    tell("merge", 1, 3)
    try:
        with peft_unwarned():
            merged: Any = PeftModel.from_pretrained(model, str(adapter)).merge_and_unload(safe_merge=True)
    except (ValueError, KeyError, RuntimeError, OSError, TypeError) as error:
        reason = " ".join(str(error).split())[:160]
        raise ModelUnavailable(
            f"The adapter {adapter} does not fit the model {base.name} ({reason}): run `marketeer rollback`, or set "
            f"MARKETEER_ADAPTER=none."
        ) from error
    tell("merge", 2, 3)
    merged.to(torch.bfloat16).save_pretrained(folder)
    AutoTokenizer.from_pretrained(base, local_files_only=True).save_pretrained(folder)
    tell("merge", 3, 3)


@contextmanager
def peft_unwarned() -> Iterator[None]:
    """Without the warning that peft 0.21 calls a property of transformers 5.23 by the name it had before."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        yield
