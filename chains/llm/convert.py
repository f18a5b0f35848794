"""Turns a GGUF file into a folder transformers loads in seconds; it does not know where either is kept.

transformers reads a GGUF header three times, token by token, and takes over a minute for a Gemma 3
of 262,144 tokens. For that architecture the weights are unpacked here with the `gguf` package's own
dequantiser, to the same bits, in a few seconds; any other architecture goes through transformers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chains.llm.errors import ModelUnavailable
from chains.llm.gguf_file import GgufFile, GgufTensor, read_gguf

if TYPE_CHECKING:
    import torch

Report = Callable[[str, int, int], None]

_ROWS_AT_ONCE = 16_384  # bounds the float32 copy: 42 MB at 640 columns
_TOP = {"token_embd": "model.embed_tokens", "output_norm": "model.norm"}
_BLOCK = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "attn_norm": "input_layernorm",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def convert_gguf(source: Path, folder: Path, report: Report | None = None) -> None:
    """Write `source` as bf16 safetensors, config and tokenizer into the existing `folder`.

    `report(step, done, total)` counts steps for the tokenizer and bytes for the weights.

    Raises:
        ModelUnavailable: the file cannot be read or transformers does not know its architecture.
    """
    tell = report or (lambda step, done, total: None)
    gguf = read_gguf(source)
    if _is_plain_gemma3(gguf):
        _write_gemma3(gguf, folder, tell)
    else:
        _write_through_transformers(source, folder, tell)


def _is_plain_gemma3(gguf: GgufFile) -> bool:
    """Whether every tensor has a name known here, the output is tied and the rotary base is not scaled."""
    if gguf.architecture != "gemma3" or any(".rope.scaling." in key for key in gguf.metadata):
        return False
    return all(_target(tensor.name) for tensor in gguf.tensors)


def _target(name: str) -> str | None:
    """The transformers name of a GGUF tensor of Gemma 3, or None."""
    stem, _, suffix = name.rpartition(".")
    if suffix != "weight":
        return None
    if stem in _TOP:
        return f"{_TOP[stem]}.weight"
    block = re.fullmatch(r"blk\.(\d+)\.(\w+)", stem)
    if block is None or block[2] not in _BLOCK:
        return None
    return f"model.layers.{block[1]}.{_BLOCK[block[2]]}.weight"


def _write_gemma3(gguf: GgufFile, folder: Path, tell: Report) -> None:
    from safetensors import SafetensorError
    from safetensors.torch import save_file
    from transformers import GemmaTokenizer, GenerationConfig

    tell("tokenizer", 0, 1)
    tokenizer = GemmaTokenizer.from_pretrained(str(gguf.path.parent), gguf_file=gguf.path.name)
    tokenizer.save_pretrained(folder)
    tell("tokenizer", 1, 1)
    config = _gemma3_config(gguf)
    config.save_pretrained(folder)
    GenerationConfig.from_model_config(config).save_pretrained(folder)
    total = sum(2 * _elements(tensor) for tensor in gguf.tensors)
    weights, done = {}, 0
    for tensor in gguf.tensors:
        weights[str(_target(tensor.name))] = _unpack(gguf, tensor)
        done += 2 * _elements(tensor)
        tell("weights", done, total)
    try:
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    except SafetensorError as error:
        raise ModelUnavailable(f"The weights cannot be written to {folder.parent}: {error}.") from error


def _elements(tensor: GgufTensor) -> int:
    return math.prod(tensor.shape)


def _unpack(gguf: GgufFile, tensor: GgufTensor) -> torch.Tensor:
    """The tensor in bf16, in torch order. llama.cpp stores Gemma's norms as 1 + w."""
    import torch
    from gguf import GGMLQuantizationType
    from gguf.quants import dequantize

    raw, kind = gguf.raw(tensor), GGMLQuantizationType(tensor.kind)
    out = torch.empty((raw.shape[0], tensor.shape[-1]), dtype=torch.bfloat16)
    for start in range(0, raw.shape[0], _ROWS_AT_ONCE):
        values = torch.from_numpy(dequantize(raw[start : start + _ROWS_AT_ONCE].copy(), kind))
        out[start : start + _ROWS_AT_ONCE] = values - 1 if "norm" in tensor.name else values
    return out.reshape(tensor.shape)


def _gemma3_config(gguf: GgufFile) -> Any:
    """The transformers configuration the metadata describes; what it leaves out has Gemma 3's defaults."""
    from transformers import Gemma3TextConfig

    def field(name: str) -> Any:
        return gguf.metadata[f"gemma3.{name}"]

    vocabulary = next(tensor.shape[0] for tensor in gguf.tensors if tensor.name == "token_embd.weight")
    full = {"rope_type": "default", "rope_theta": float(field("rope.freq_base"))}
    local = {"rope_type": "default", "rope_theta": 10_000.0}
    return Gemma3TextConfig(
        architectures=["Gemma3ForCausalLM"],
        dtype="bfloat16",
        vocab_size=vocabulary,
        hidden_size=field("embedding_length"),
        intermediate_size=field("feed_forward_length"),
        num_hidden_layers=field("block_count"),
        num_attention_heads=field("attention.head_count"),
        num_key_value_heads=field("attention.head_count_kv"),
        head_dim=field("attention.key_length"),
        rms_norm_eps=field("attention.layer_norm_rms_epsilon"),
        max_position_embeddings=field("context_length"),
        sliding_window=field("attention.sliding_window"),
        rope_parameters={"full_attention": full, "sliding_attention": local},
        bos_token_id=gguf.metadata["tokenizer.ggml.bos_token_id"],
        eos_token_id=gguf.metadata["tokenizer.ggml.eos_token_id"],
        pad_token_id=gguf.metadata.get("tokenizer.ggml.padding_token_id", 0),
        tie_word_embeddings=True,
    )


def _write_through_transformers(source: Path, folder: Path, tell: Report) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    where, name = str(source.parent), source.name
    try:
        tell("tokenizer", 0, 1)
        AutoTokenizer.from_pretrained(where, gguf_file=name, local_files_only=True).save_pretrained(folder)
        tell("tokenizer", 1, 1)
        tell("weights", 0, 1)
        model = AutoModelForCausalLM.from_pretrained(
            where,
            gguf_file=name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.bfloat16,
            local_files_only=True,
        )
    except (OSError, ValueError, KeyError, NotImplementedError) as error:
        raise ModelUnavailable(
            f"{source} cannot be converted, transformers says: {' '.join(str(error).split())[:200]}"
        ) from error
    model.save_pretrained(folder)
    tell("weights", 1, 1)
