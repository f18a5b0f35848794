"""Models of several kinds, run by the engine's attention: the scores are those of transformers."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    FalconMambaConfig,
    Gemma2Config,
    LlamaConfig,
    MistralConfig,
    Phi3Config,
    PreTrainedConfig,
    Qwen3Config,
)

from chains.llm.any_model import AnyModel
from chains.llm.attention import Span, Strip
from chains.llm.device import choose_device
from chains.llm.errors import ModelUnavailable

SIZE: dict[str, Any] = {
    "vocab_size": 60, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 8, "pad_token_id": 0,
}  # fmt: skip


def random_model(config: PreTrainedConfig) -> Any:
    torch.manual_seed(1)
    return AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()


@pytest.mark.parametrize(
    "config",
    [
        LlamaConfig(**SIZE),
        Qwen3Config(**SIZE),
        Phi3Config(**SIZE),
        MistralConfig(**SIZE, sliding_window=5),
    ],
    ids=lambda config: config.model_type,
)
def test_texts_in_parts_and_together_score_as_each_alone(config: PreTrainedConfig) -> None:
    texts = torch.randint(1, 60, (3, 14)).tolist()
    with torch.inference_mode():
        expected = [random_model(config)(torch.tensor([text])).logits[0] for text in texts]
    runner = AnyModel(random_model(config), choose_device("cpu"))
    strips = [Strip(14) for _ in texts]
    runner.step([Span(strip, 0, text[:6], 0) for strip, text in zip(strips[:2], texts, strict=False)])
    parts = [
        Span(strips[0], 6, texts[0][6:], 8),
        Span(strips[1], 6, texts[1][6:7]),
        Span(strips[2], 0, texts[2]),
    ]
    scores = runner.step(parts)
    wanted = torch.cat([expected[0][6:], expected[1][6:7], expected[2][-1:]])
    assert (scores - wanted).abs().max() < 1e-4


@pytest.mark.parametrize(
    "config",
    [Gemma2Config(**SIZE), FalconMambaConfig(vocab_size=60, hidden_size=32, num_hidden_layers=1)],
    ids=lambda config: config.model_type,
)
def test_a_model_with_another_attention_is_refused_in_one_sentence(config: PreTrainedConfig) -> None:
    with pytest.raises(ModelUnavailable, match=r"^[^\n]*OpenAI-compatible server[^\n]*\.$"):
        AnyModel(random_model(config), choose_device("cpu"))
