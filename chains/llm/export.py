"""Writes the served weights as a GGUF file, which llama.cpp and what is built on it run; it does not know who asks.

Tokenizer and metadata are those of the GGUF file that the weights once came from, so that nothing of them is guessed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from chains.llm.convert import Report
from chains.llm.errors import ModelUnavailable
from chains.llm.gemma3 import WEIGHTS, is_plain_gemma3
from chains.llm.gguf_file import read_gguf
from chains.llm.opening import ModelCard, describe, weights_of
from chains.llm.weights import assemble_bundled

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Packing = Literal["q8_0", "f16"]
_OF_THE_SOURCE = (
    "GGUF.",
    "general.architecture",
    "general.file_type",
    "general.name",
    "general.quantization_version",
    "quantize.",
)


def export_served(
    spec: str,
    *,
    cache: Path,
    adapter: Path | None,
    target: Path,
    packing: Packing,
    report: Report | None = None,
) -> Path:
    """Write the model `spec` with `adapter` merged in to `target`, a file or a folder to put one in; gives the file.

    Raises:
        ModelUnavailable: as `open_model` and `export_gguf` do, and for a model that never was a GGUF file.
    """
    card = describe(spec, cache, adapter)
    if card.kind not in ("bundled", "gguf"):
        raise ModelUnavailable(
            f"The model {spec} did not come from a GGUF file, whose tokenizer this needs: use llama.cpp's own "
            f"convert_hf_to_gguf.py, or set MARKETEER_MODEL to bundled or a .gguf file."
        )
    folder = Path(weights_of(spec, cache, report, adapter)[0])
    name = f"marketeer-{adapter.name if adapter is not None else card.kind}"
    if target.suffix.lower() != ".gguf":
        target = target / f"{name}-{packing}.gguf"
    if card.kind == "gguf":
        export_gguf(folder, Path(spec).expanduser(), target, packing, name, report)
        return target
    with tempfile.TemporaryDirectory(prefix="marketeer-") as passing:
        source = Path(passing) / "bundled.gguf"
        assemble_bundled(source, report)
        export_gguf(folder, source, target, packing, name, report)
    return target


def packed_of(
    spec: str,
    cache: Path,
    report: Report | None = None,
    adapter: Path | None = None,
    packing: Packing = "q8_0",
) -> Path:
    """The GGUF file that llama.cpp runs: a .gguf model without an adapter itself, else one written once into the cache.

    Raises:
        ModelUnavailable: as `export_served` does.
    """
    target = packed_place(describe(spec, cache, adapter), cache, adapter, packing)
    if not target.is_file():
        export_served(spec, cache=cache, adapter=adapter, target=target, packing=packing, report=report)
    return target


def packed_place(card: ModelCard, cache: Path, adapter: Path | None, packing: Packing = "q8_0") -> Path:
    """Where that file is, or will be."""
    if card.kind == "gguf" and adapter is None:
        return Path(card.spec).expanduser()
    return cache / f"{Path(card.where).name}-{packing}.gguf"


def export_gguf(
    folder: Path, source: Path, target: Path, packing: Packing, name: str, report: Report | None = None
) -> None:
    """Write the Gemma 3 in `folder`, in the layout of transformers, to the file `target`, whole or not at all.

    Args:
        source: a GGUF file of the same base, for tokenizer and metadata.
        packing: of the matrices; norms are written in float32.
        name: of the model, kept in the file.

    Raises:
        ModelUnavailable: `folder` holds no such model, `source` belongs to another, or the file cannot be written.
    """
    if not is_plain_gemma3(folder) or read_gguf(source).architecture != "gemma3":
        raise ModelUnavailable(
            f"Only Gemma 3 is written as GGUF here, and {folder.name} is another model: use llama.cpp's own "
            f"convert_hf_to_gguf.py."
        )
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(folder, source, part, packing, name, report or (lambda step, done, total: None))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ModelUnavailable(f"{target} cannot be written: {error}.") from error


def _write(folder: Path, source: Path, part: Path, packing: Packing, name: str, tell: Report) -> None:
    import gguf
    from safetensors import safe_open

    kind = gguf.GGMLQuantizationType[packing.upper()]
    writer = gguf.GGUFWriter(str(part), "gemma3")
    tell("tokenizer", 0, 1)
    for key, value, *types in _metadata(source):
        if not key.startswith(_OF_THE_SOURCE):
            writer.add_key_value(key, value, *types)
    tell("tokenizer", 1, 1)
    writer.add_name(name)
    writer.add_file_type(gguf.LlamaFileType[f"MOSTLY_{packing.upper()}"])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    with safe_open(folder / WEIGHTS, framework="pt") as weights:
        keys = list(weights.keys())
        name_of = _names(folder, keys)
        for done, key in enumerate(keys):
            tensor = weights.get_tensor(key).float()
            if tensor.ndim == 1:  # a norm: llama.cpp keeps 1 + w
                writer.add_tensor(name_of[key], (tensor + 1).numpy())
            else:
                packed = _packed(tensor.numpy(), kind)
                writer.add_tensor(name_of[key], packed, raw_dtype=kind)
            tell("tensors", done + 1, len(keys))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _metadata(source: Path) -> Iterator[tuple[Any, ...]]:
    """(key, value, type, type of what a list holds) of each field of a GGUF file."""
    import gguf

    for field in gguf.GGUFReader(source).fields.values():
        yield field.name, field.contents(), field.types[0], field.types[-1] if len(field.types) > 1 else None


def _names(folder: Path, keys: list[str]) -> dict[str, str]:
    """What llama.cpp calls each weight."""
    import json

    import gguf

    layers = json.loads((folder / "config.json").read_text("utf-8"))["num_hidden_layers"]
    known = gguf.get_tensor_name_map(gguf.MODEL_ARCH.GEMMA3, layers)
    names: dict[str, str] = {}
    for key in keys:
        name = known.get_name(key, try_suffixes=(".weight",))
        if name is None:
            raise ModelUnavailable(f"{folder.name} cannot be written as GGUF: llama.cpp has no {key}.")
        names[key] = name
    return names


def _packed(values: npt.NDArray[np.float32], kind: Any) -> npt.NDArray[Any]:
    from gguf.quants import quantize

    packed: npt.NDArray[Any] = quantize(values, kind)
    return packed
