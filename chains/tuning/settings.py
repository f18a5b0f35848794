"""What a training run can be told: every number that may change how the adapter comes out. Reads no environment."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class TrainSettings(BaseModel):
    """One run. The defaults made the shipped adapter (see docs/training-log.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str = Field(
        default="bundled", description="as MARKETEER_MODEL: bundled, a folder, a GGUF file or a hub id"
    )
    method: str = Field(
        default="lora", description="a peft type that can be merged: lora, dora, rslora, loha, lokr ..."
    )
    rank: int = Field(default=32, ge=1, le=512)
    alpha: int = Field(default=64, ge=1)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    targets: str = Field(default="all-linear", description="all-linear, or names of layers with commas")
    learning_rate: float = Field(default=7e-4, gt=0)
    epochs: float = Field(default=1.0, gt=0)
    pack: int = Field(default=512, ge=32, description="tokens on one device at a time")
    accumulate: int = Field(default=5, ge=1, description="packs before a step")
    warmup: float = Field(default=0.05, ge=0, lt=1, description="share of the steps")
    weight_decay: float = Field(default=0.0, ge=0)
    evaluations: int = Field(
        default=4, ge=1, description="looks at the validation part, checkpoints with them"
    )
    patience: int = Field(default=3, ge=1, description="looks without a better loss before it stops early")
    longest: int = Field(default=640, ge=32, description="tokens; longer examples are left out")
    minutes: float | None = Field(
        default=None,
        gt=0,
        description="stop then, the learning rate falling by the clock: for a busy machine",
    )
    steps: int | None = Field(default=None, ge=1, description="stop after so many, whatever the epochs say")
    seed: int = 20261123
    device: str = "auto"
    dtype: str = Field(default="auto", description="auto, float32 or bfloat16")
    rows: Path | None = None
    start: Path | None = Field(
        default=None, description="an adapter to go on from, of the same rank and targets"
    )
    rehearsed: float = Field(
        default=1.0, ge=0, le=1, description="share of the rows that earlier adapters learnt from"
    )
    drawn: int | None = Field(default=None, ge=0, description="examples drawn from the catalogue")
    first: float = Field(
        default=1.0, ge=1, description="how much the first tokens and the numbers of an answer count"
    )
