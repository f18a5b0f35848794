"""Runs any causal language model of transformers for the engine, on any device torch knows.

The model keeps its own code; only its attention is ours, under the name transformers lets one register. All
texts of a step are one row of tokens, so everything between the attentions is one batch, without padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chains.llm.attention import Layout, Span, Strip
from chains.llm.device import Device
from chains.llm.errors import ModelUnavailable

if TYPE_CHECKING:
    import torch

ATTENTION = "marketeer"
_UNSUPPORTED = (
    "softcap",
    "s_aux",
    "position_bias",
)  # terms of an attention that `Layout.attend` does not have


class AnyModel:
    """A runner over a model of transformers: see `Runner`.

    Raises:
        ModelUnavailable: its attention cannot be replaced.
    """

    def __init__(self, model: Any, device: Device) -> None:
        from transformers import AttentionInterface

        config = model.config.get_text_config()
        if not model._supports_attention_backend:
            raise ModelUnavailable(
                f"Models of the kind {config.model_type} do not run in this engine: serve it with an "
                f"OpenAI-compatible server and set MARKETEER_MODEL to openai:BASE_URL#MODEL."
            )
        AttentionInterface.register(ATTENTION, _attention)
        model.set_attn_implementation(ATTENTION)
        self._model = model.eval()
        self.device = device.name
        self.why = device.why
        self.window = int(getattr(config, "max_position_embeddings", None) or 4096)
        heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
        width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        self.token_bytes = config.num_hidden_layers * 2 * heads * width * model.dtype.itemsize
        self.step([Span(Strip(1), 0, [0])])  # what its attention lacks shows now, and not to a customer

    def strip(self, room: int) -> Strip:
        """Keys and values of a text of up to `room` tokens."""
        return Strip(room)

    def step(self, spans: Sequence[Span]) -> torch.Tensor:
        """Scores after the wanted tokens of each span, in their order: (rows, vocabulary) float32."""
        import torch

        layout = Layout(spans, self.device)
        with torch.inference_mode():
            scores: torch.Tensor = self._model(
                input_ids=layout.ids[None],
                position_ids=layout.positions[None],
                logits_to_keep=layout.wanted,
                use_cache=False,
                layout=layout,
            ).logits[0]
            return scores.float()


def _attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    _mask: torch.Tensor | None,
    *,
    layout: Layout,
    scaling: float | None = None,
    sliding_window: int | None = None,
    **others: Any,
) -> tuple[torch.Tensor, None]:
    """The attention transformers calls: all of (1, heads, tokens, width); gives (1, tokens, heads * width)."""
    import torch

    if missing := [name for name in _UNSUPPORTED if others.get(name) is not None]:
        raise ModelUnavailable(
            f"This model's attention has {missing[0]}, which this engine lacks: serve it with an OpenAI-compatible "
            f"server and set MARKETEER_MODEL to openai:BASE_URL#MODEL."
        )
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    fresh = torch.cat((key[0], value[0])).transpose(0, 1)
    found = layout.attend(module.layer_idx, query[0].transpose(0, 1), fresh, scale, sliding_window)
    return found[None], None
