"""Trains an adapter: transformers' Trainer over a peft model, with checkpoints, exact resume and a record of every step.

Launch with accelerate for several GPUs: `accelerate launch -m bot.cli train ...`; the same code runs in each process.
Knows nothing of how good the adapter is (`evaluate`) or which one is served (`promotion`).
"""

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chains.tuning.adapter import adapted, open_base
from chains.tuning.curve import draw
from chains.tuning.errors import TuningError
from chains.tuning.rows import Row
from chains.tuning.settings import TrainSettings
from chains.tuning.tokens import Collator, packed

STEPS = "steps.jsonl"
CURVE = "loss.png"
SETTINGS = "settings.json"
ADAPTER = "adapter"


@dataclass(frozen=True)
class Progress:
    """How far a run is: steps, losses (None until known), trained tokens a second, seconds left."""

    step: int
    steps: int
    loss: float | None
    validation: float | None
    tokens_per_second: float
    seconds_left: float


Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Trained:
    """What a run left behind."""

    folder: Path
    adapter: Path
    steps: int
    seconds: float
    loss: float
    validation: float
    why: str


def train(
    train_rows: Sequence[Row], validation_rows: Sequence[Row], folder: Path, settings: TrainSettings, cache: Path,
    report: Report | None = None,
) -> Trained:  # fmt: skip
    """Train into `folder`; where a run with the same settings was interrupted there, it goes on exactly.

    Raises:
        TuningError: the settings name an unknown method, or the folder holds a run with other settings.
    """
    from transformers import EarlyStoppingCallback, TrainingArguments, set_seed
    from transformers.trainer_utils import get_last_checkpoint

    _same_run(folder, settings, len(train_rows))
    set_seed(settings.seed)
    tokenizer, base, place, why = open_base(settings.base, cache, settings.device, settings.dtype)
    model = adapted(base, settings)
    examples = packed(train_rows, tokenizer, settings.pack, settings.longest, settings.seed, settings.first)
    looks = packed(validation_rows, tokenizer, settings.pack, settings.longest)
    if not examples or not looks:
        raise TuningError("There is nothing to train on or to validate with: every example was left out.")
    total = settings.steps or math.ceil(len(examples) / settings.accumulate * settings.epochs)
    every = max(1, total // settings.evaluations)
    arguments = TrainingArguments(
        output_dir=str(folder / "checkpoints"), per_device_train_batch_size=1,
        per_device_eval_batch_size=1, gradient_accumulation_steps=settings.accumulate,
        num_train_epochs=settings.epochs, max_steps=settings.steps or -1, learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine", warmup_steps=math.ceil(settings.warmup * total), weight_decay=settings.weight_decay,
        max_grad_norm=1.0, eval_strategy="steps", eval_steps=every, save_strategy="steps", save_steps=every,
        save_total_limit=2, load_best_model_at_end=True, metric_for_best_model="eval_loss", greater_is_better=False,
        logging_steps=1, report_to="none", disable_tqdm=True, remove_unused_columns=False, label_names=["labels"],
        prediction_loss_only=True, seed=settings.seed,
        data_seed=settings.seed, use_cpu=place.name == "cpu", bf16=False, dataloader_pin_memory=False,
        log_level="error", include_num_input_tokens_seen="all",
    )  # fmt: skip
    record = _Record(folder / STEPS, total, report)
    trainer = _counting_trainer()(
        model=model, args=arguments, train_dataset=examples, eval_dataset=looks, data_collator=Collator(base.config),
        callbacks=[EarlyStoppingCallback(settings.patience), record.callback()],
    )  # fmt: skip
    trainer.remove_callback(_printer())
    if settings.minutes is not None:
        _by_the_clock(trainer, settings.minutes * 60 - record.spent(), arguments.warmup_steps)
    checkpoints = folder / "checkpoints"
    last = get_last_checkpoint(str(checkpoints)) if checkpoints.is_dir() else None  # type: ignore[no-untyped-call]
    started = time.monotonic()
    done = trainer.train(resume_from_checkpoint=last)
    validation = trainer.evaluate()["eval_loss"]
    if trainer.is_world_process_zero():
        model.save_pretrained(folder / ADAPTER)
        draw(folder / STEPS, folder / CURVE)
    return Trained(
        folder, folder / ADAPTER, trainer.state.global_step, time.monotonic() - started, done.training_loss,
        float(validation), why,
    )  # fmt: skip


def _counting_trainer() -> Any:
    """transformers' Trainer, with each predicted token counting as much as its pack says; looks count all alike."""
    from torch.nn.functional import cross_entropy
    from transformers import Trainer

    class Counting(Trainer):
        """Takes `counts` out of the batch, which models do not know."""

        def compute_loss(
            self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None
        ) -> Any:
            counts = inputs.pop("counts")
            if not model.training or bool((counts == 1).all()):
                return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
            labels = inputs.pop("labels")
            inputs.pop("shift_labels")
            outputs = model(**inputs)
            each = cross_entropy(outputs.logits[0].float(), labels[0], reduction="none") * counts[0]
            scaled = self.model_accepts_loss_kwargs and num_items_in_batch is not None
            loss = each.sum() / (num_items_in_batch if scaled else labels.numel())
            return (loss, outputs) if return_outputs else loss

    return Counting


def _by_the_clock(trainer: Any, seconds: float, warmup: float) -> None:
    """Spend so many seconds: the rate falls as a cosine of the time gone by, and the last look is at the end."""
    from torch.optim.lr_scheduler import LambdaLR
    from transformers import TrainerCallback

    started = time.monotonic()

    def gone() -> float:
        return min(1.0, (time.monotonic() - started) / max(seconds, 1.0))

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / max(warmup, 1.0)) * (0.5 + 0.5 * math.cos(math.pi * gone()))

    class Clock(TrainerCallback):
        """Ends the run where its time is over."""

        def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            if gone() >= 1.0:
                control.should_evaluate = control.should_save = control.should_training_stop = True

    trainer.create_optimizer()
    trainer.lr_scheduler = LambdaLR(trainer.optimizer, rate)
    trainer.add_callback(Clock())


def _printer() -> Any:
    from transformers.trainer_callback import PrinterCallback

    return PrinterCallback


def _same_run(folder: Path, settings: TrainSettings, rows: int) -> None:
    """Keep the settings beside the run; refuse to mix two runs in one folder."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / SETTINGS
    now = {"settings": settings.model_dump(mode="json"), "rows": rows}
    if kept.is_file() and json.loads(kept.read_text("utf-8")) != now:
        raise TuningError(
            f"{folder} holds a run with other settings or other examples: give another --out, or delete the folder."
        )
    kept.write_text(json.dumps(now, indent=2) + "\n", "utf-8")


class _Record:
    """Writes a line a step and reports on the way."""

    def __init__(self, path: Path, total: int, report: Report | None) -> None:
        self._path, self._total, self._report = path, total, report
        self._loss: float | None = None
        self._validation: float | None = None
        self._started, self._first, self._tokens_before = time.monotonic(), 0, 0

    def spent(self) -> float:
        """Seconds of the run so far, before an interruption."""
        lines = self._path.read_text("utf-8").splitlines() if self._path.is_file() else []
        return float(json.loads(lines[-1])["seconds"]) if lines else 0.0

    def callback(self) -> Any:
        from transformers import TrainerCallback

        record = self

        class Steps(TrainerCallback):
            """Passes what the Trainer logs on to the record."""

            def on_train_begin(self, args: Any, state: Any, control: Any, **more: Any) -> None:
                record._started, record._first = time.monotonic(), state.global_step
                record._tokens_before = int(state.num_input_tokens_seen)

            def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **more: Any) -> None:
                if state.is_world_process_zero and logs:
                    record.log(state, logs)

        return Steps()

    def log(self, state: Any, logs: dict[str, float]) -> None:
        """One line of numbers, and how far it is."""
        self._loss = logs.get("loss", self._loss)
        self._validation = logs.get("eval_loss", self._validation)
        if "loss" not in logs and "eval_loss" not in logs:
            return
        seconds = time.monotonic() - self._started
        done = max(1, state.global_step - self._first)
        speed = (int(state.num_input_tokens_seen) - self._tokens_before) / max(seconds, 1e-9)
        line = {"step": state.global_step, "seconds": round(seconds, 1), "tokens_per_second": round(speed, 1)}
        line |= {
            name: logs[name] for name in ("loss", "eval_loss", "learning_rate", "grad_norm") if name in logs
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        if self._report:
            left = seconds / done * (self._total - state.global_step)
            self._report(Progress(state.global_step, self._total, self._loss, self._validation, speed, left))
