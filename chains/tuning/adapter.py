"""Opens a base model for training and puts an adapter on it, fresh or one to go on from; knows no data."""

from pathlib import Path
from typing import Any

from chains.llm.device import Device, choose_device, cpu_threads
from chains.llm.merge import peft_unwarned
from chains.tuning.errors import TuningError
from chains.tuning.settings import TrainSettings

_LORA_KINDS: dict[str, dict[str, Any]] = {
    "lora": {},
    "dora": {"use_dora": True},
    "rslora": {"use_rslora": True},
}
_RANK = ("r", "rank")


def open_base(
    spec: str, cache: Path, device: str = "auto", dtype: str = "auto"
) -> tuple[Any, Any, Device, str]:
    """(tokenizer, model in training precision, device, why that device and precision).

    Raises: ModelUnavailable as `open_model` does.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    from chains.llm.opening import weights_of

    source, local = weights_of(spec, cache)
    place = choose_device(device)
    precision = place.dtype if dtype == "auto" else dtype
    import torch

    if place.name == "cpu":
        torch.set_num_threads(cpu_threads())
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=local)
    model: Any = AutoModelForCausalLM.from_pretrained(
        source, local_files_only=local, dtype=getattr(torch, precision)
    )
    why = place.why if precision == place.dtype else f"{place.why} In {precision}, as the settings ask."
    return tokenizer, model.to(place.name), place, why


def adapted(model: Any, settings: TrainSettings) -> Any:
    """The model with an adapter on it, ready to train: a fresh one, or the one to go on from.

    Raises: TuningError for a method that peft does not have or that cannot be merged, or another adapter's rank.
    """
    if settings.start is not None:
        return _continued(model, settings.start, settings.rank)
    from peft import get_peft_model
    from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING

    targets: Any = settings.targets if settings.targets == "all-linear" else settings.targets.split(",")
    shared: dict[str, Any] = {"target_modules": targets, "task_type": "CAUSAL_LM"}
    if settings.method in _LORA_KINDS:
        from peft import LoraConfig

        config: Any = LoraConfig(
            r=settings.rank, lora_alpha=settings.alpha, lora_dropout=settings.dropout,
            **_LORA_KINDS[settings.method], **shared,
        )  # fmt: skip
    else:
        kinds: dict[str, Any] = {
            str(kind.value): found for kind, found in PEFT_TYPE_TO_CONFIG_MAPPING.items()
        }
        kind = kinds.get(settings.method.upper())
        fields = getattr(kind, "__dataclass_fields__", {})
        rank = next((name for name in _RANK if name in fields), None)
        if kind is None or rank is None or "target_modules" not in fields:
            known = ", ".join((*_LORA_KINDS, *sorted(name.lower() for name in kinds if name != "LORA")))
            raise TuningError(
                f"The method {settings.method!r} cannot be trained and merged; peft has {known}."
            )
        config = kind(
            **{rank: settings.rank}, **({"alpha": settings.alpha} if "alpha" in fields else {}), **shared
        )
    with peft_unwarned():
        return get_peft_model(model, config)


def _continued(model: Any, start: Path, rank: int) -> Any:
    """The model with a copy of an adapter that was trained before; its weights in the precision of training."""
    from peft import PeftConfig, PeftModel

    if not (start / "adapter_config.json").is_file():
        raise TuningError(f"There is no adapter in {start} to go on from.")
    kept: Any = PeftConfig.from_pretrained(str(start))
    if getattr(kept, "r", None) != rank:
        raise TuningError(
            f"The adapter in {start} has rank {getattr(kept, 'r', None)}: give --rank accordingly."
        )
    with peft_unwarned():
        found = PeftModel.from_pretrained(model, str(start), is_trainable=True)
    found.peft_config[
        "default"
    ].base_model_name_or_path = model.config.name_or_path  # where its files are here
    return found
