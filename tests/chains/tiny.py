"""A Gemma 3 of 70,000 random numbers, written as a GGUF file and converted by the code under test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chains.llm.convert import convert_gguf

WIDTH, INNER, LAYERS, HEADS, HEAD = 32, 64, 2, 2, 32
SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<start_of_turn>", "<end_of_turn>"]
WORDS = [
    "▁the",
    "▁shop",
    "▁kettle",
    "▁open",
    "▁is",
    "▁24",
    "▁months",
    "顾客",
    "客服",
    "保修",
    "Shop",
    "Customer",
    "\n",
]
CONTROL, BYTE, NORMAL = 3, 6, 1


def vocabulary() -> list[tuple[str, int]]:
    """Each token with its GGUF type: specials, all bytes, words, and every prefix a merge needs."""
    tokens = dict.fromkeys(SPECIAL, CONTROL)
    tokens |= {f"<0x{byte:02X}>": BYTE for byte in range(256)}
    pieces = [word[:end] for word in WORDS for end in range(1, len(word) + 1)]
    letters = [*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?-▁：。，"]
    letters += [letter for word in WORDS for letter in word]
    for piece in [*letters, *sorted(pieces, key=len)]:
        tokens.setdefault(piece, NORMAL)
    return list(tokens.items())


def write_tiny_gguf(path: Path, seed: int = 0) -> None:
    """A whole GGUF file of the gemma3 architecture, part Q8_0 and part F32."""
    import gguf

    numbers = np.random.default_rng(seed)
    tokens = vocabulary()
    writer = gguf.GGUFWriter(str(path), "gemma3")
    writer.add_context_length(1024)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_sliding_window(16)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([token for token, _ in tokens])
    writer.add_token_scores([-float(place) for place in range(len(tokens))])
    writer.add_token_types([kind for _, kind in tokens])
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(3)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)

    def add(name: str, *shape: int, packed: bool = True) -> None:
        values = numbers.normal(0, 0.5, shape).astype(np.float32)
        if not packed:
            writer.add_tensor(name, values)
            return
        q8 = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(values, q8), raw_dtype=q8)

    add("token_embd.weight", len(tokens), WIDTH)
    add("output_norm.weight", WIDTH, packed=False)
    for layer in range(LAYERS):
        for name, *shape in (
            ("attn_q", HEADS * HEAD, WIDTH),
            ("attn_k", HEAD, WIDTH),
            ("attn_v", HEAD, WIDTH),
            ("attn_output", WIDTH, HEADS * HEAD),
            ("ffn_gate", INNER, WIDTH),
            ("ffn_up", INNER, WIDTH),
            ("ffn_down", WIDTH, INNER),
        ):
            add(f"blk.{layer}.{name}.weight", *shape)
        for name in ("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"):
            add(f"blk.{layer}.{name}.weight", WIDTH, packed=False)
        for name in ("attn_q_norm", "attn_k_norm"):
            add(f"blk.{layer}.{name}.weight", HEAD, packed=False)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture(scope="session")
def tiny_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    write_tiny_gguf(path)
    return path


@pytest.fixture(scope="session")
def tiny_folder(tiny_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    convert_gguf(tiny_gguf, folder)
    return folder
