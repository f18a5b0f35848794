"""Chooses the device the model runs on and says why; it does not know which model."""

from __future__ import annotations

from dataclasses import dataclass

from chains.llm.errors import ModelUnavailable

WISHES = ("auto", "cuda", "mps", "cpu")


@dataclass(frozen=True)
class Device:
    """A device: its torch name, the torch dtype weights get on it, and the reason as a sentence."""

    name: str
    dtype: str
    why: str


def choose_device(wish: str = "auto") -> Device:
    """The device for `wish`, one of `WISHES` (`cuda:1` picks a card).

    Raises:
        ModelUnavailable: the wish is unknown, or the machine lacks the device.
    """
    import torch

    kind = wish.partition(":")[0]
    if kind not in WISHES:
        raise ModelUnavailable(f"The device {wish!r} is unknown: choose one of {', '.join(WISHES)}.")
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if (kind == "cuda" and not cuda) or (kind == "mps" and not mps):
        raise ModelUnavailable(
            f"The device {wish} was asked for and this machine or this build of torch ({torch.__version__}) "
            f"has none: set the device to auto."
        )
    chosen = "cuda" if cuda else "mps" if mps else "cpu"
    reason = "it is the fastest found" if wish == "auto" else "the settings ask for it"
    if kind == "cuda" or (wish == "auto" and chosen == "cuda"):
        name = wish if kind == "cuda" else "cuda"
        return Device(name, "bfloat16", f"{name} because {reason}: {torch.cuda.get_device_name(name)}.")
    if kind == "mps" or (wish == "auto" and chosen == "mps"):
        return Device("mps", "bfloat16", f"mps because {reason}: the graphics cores of this Mac.")
    if wish == "auto":
        reason = "torch finds neither a CUDA card nor an Apple one"
    dtype, why = cpu_precision()
    return Device("cpu", dtype, f"cpu because {reason}: {cpu_threads()} threads. {dtype}, because {why}.")


def cpu_precision() -> tuple[str, str]:
    """bfloat16 where this processor multiplies it, else float32; and why."""
    import torch

    can = torch.cpu.get_capabilities()
    if any(can.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16")):
        return "bfloat16", "this processor has bf16 instructions"
    return "float32", "this processor has no bf16 instructions, and emulating them is several times slower"


def cpu_threads() -> int:
    """How many cores this process may use."""
    import os

    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
