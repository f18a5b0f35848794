"""Runs a Gemma 3 text model on the CPU in few, large operations; knows tokens and strips, no text and no chat.

A model of 270 million weights is small: in transformers a step spends more time between its operations than in
them. Here weights of the same input are multiplied together, scales are folded into the norms when the model is
loaded, and all texts of a batch go through as one row of tokens. Results are those of transformers' model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chains.llm.attention import Layout, Span, Strip
from chains.llm.device import cpu_threads
from chains.llm.linear import Form, linear, smallest_form, together

if TYPE_CHECKING:
    import torch

    from chains.llm.linear import Linear

    Turn = tuple[torch.Tensor, torch.Tensor]  # cosine and signed sine: (tokens, 1, width) each
    Read = Callable[[str], torch.Tensor]  # a weight by its name in transformers

WEIGHTS = "model.safetensors"


@dataclass(frozen=True)
class Layer:
    """One layer: its multiplications and norms, and how far it sees.

    `qk_norm` scales each query head, the attention scale included, and each key head.
    """

    qkv: Linear
    out: Linear
    gate_up: Linear
    down: Linear
    before_attention: Norm
    after_attention: Norm
    before_mlp: Norm
    after_mlp: Norm
    qk_norm: Norm
    kind: str
    window: int | None


class Norm:
    """Root mean square norm over the last dimension (Zhang and Sennrich 2019, arXiv 1910.07467).

    x / sqrt(mean(x²) + epsilon) * scale, by the length of x: fewer operations than the mean takes.
    """

    def __init__(self, scale: torch.Tensor, epsilon: float) -> None:
        width = scale.shape[-1]
        self._scale = scale * width**0.5
        self._floor = scale.new_tensor((epsilon * width) ** 0.5)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        import torch

        length = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
        return (x / torch.hypot(length, self._floor)).mul_(self._scale)


class Gemma3:
    """A runner over Gemma 3 weights. Takes `Span`s, gives scores: see `Runner`."""

    device = "cpu"

    def __init__(self, config: dict[str, Any], read: Read, form: Form, why: str) -> None:
        import torch

        self.why = why
        self.window = int(config["max_position_embeddings"])
        self._heads, self._key_heads = config["num_attention_heads"], config["num_key_value_heads"]
        self._width = config["head_dim"]
        self._epsilon = config["rms_norm_eps"]
        layers = len(config["layer_types"])
        self.token_bytes = layers * 2 * self._key_heads * self._width * 4
        self._embedding = read("model.embed_tokens.weight")
        self._embedding_scale = config["hidden_size"] ** 0.5
        self._layers = [self._layer(config, read, number, form) for number in range(layers)]
        self._norm = Norm(1 + read("model.norm.weight").float(), self._epsilon)
        tied = config.get("tie_word_embeddings", True)
        self._head = linear(self._embedding if tied else read("lm_head.weight"), form)
        self._scores = torch.empty(
            0, len(self._embedding)
        )  # a buffer: to ask for memory anew costs a fifth of a step
        self._frequencies = {
            kind: _frequencies(self._width, rope["rope_theta"])
            for kind, rope in config["rope_parameters"].items()
        }

    def _layer(self, config: dict[str, Any], read: Read, number: int, form: Form) -> Layer:
        def weight(name: str) -> torch.Tensor:
            return read(f"model.layers.{number}.{name}.weight")

        def norm(name: str) -> Norm:
            return Norm(1 + weight(name).float(), self._epsilon)

        query = (1 + weight("self_attn.q_norm").float()) * config["query_pre_attn_scalar"] ** -0.5
        key = 1 + weight("self_attn.k_norm").float()
        kind = config["layer_types"][number]
        return Layer(
            qkv=linear(together(weight(f"self_attn.{name}_proj") for name in "qkv"), form),
            out=linear(weight("self_attn.o_proj"), form),
            gate_up=linear(together((weight("mlp.gate_proj"), weight("mlp.up_proj"))), form),
            down=linear(weight("mlp.down_proj"), form),
            before_attention=norm("input_layernorm"),
            after_attention=norm("post_attention_layernorm"),
            before_mlp=norm("pre_feedforward_layernorm"),
            after_mlp=norm("post_feedforward_layernorm"),
            qk_norm=Norm(
                together((query.expand(self._heads, -1), key.expand(self._key_heads, -1))), self._epsilon
            ),
            kind=kind,
            window=config["sliding_window"] if kind == "sliding_attention" else None,
        )

    def strip(self, room: int) -> Strip:
        """Keys and values of a text of up to `room` tokens."""
        return Strip(room)

    def step(self, spans: Sequence[Span]) -> torch.Tensor:
        """Scores after the wanted tokens of each span, until the next step: (rows, vocabulary) float32."""
        import torch

        with torch.inference_mode():
            layout = Layout(spans, self.device)
            turns = self._turns(layout.positions)
            x = self._embedding[layout.ids].float() * self._embedding_scale
            for number, layer in enumerate(self._layers):
                h = self._attention(number, layer, layout, layer.before_attention(x), turns)
                x = x + layer.after_attention(h)
                h = self._mlp(layer, layer.before_mlp(x))
                x = x + layer.after_mlp(h)
            rows = len(layout.wanted)
            if rows > len(self._scores):
                self._scores = torch.empty(rows, self._scores.shape[1])
            return self._head(self._norm(x[layout.wanted]), self._scores[:rows])

    def _attention(
        self, number: int, layer: Layer, layout: Layout, x: torch.Tensor, turns: dict[str, Turn]
    ) -> torch.Tensor:
        heads = layer.qkv(x).view(len(x), -1, self._width)
        queries_keys = heads[:, : self._heads + self._key_heads]
        turned = _turned(layer.qk_norm(queries_keys), turns[layer.kind])
        heads[:, : self._heads + self._key_heads] = turned
        attended = layout.attend(
            number, heads[:, : self._heads], heads[:, self._heads :], scale=1.0, window=layer.window
        )
        return layer.out(attended)

    def _mlp(self, layer: Layer, x: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import gelu

        gate, up = layer.gate_up(x).chunk(2, dim=1)
        return layer.down(gelu(gate, approximate="tanh") * up)

    def _turns(self, positions: torch.Tensor) -> dict[str, Turn]:
        """The rotation of each token's place, for each kind of layer."""
        import torch

        found = {}
        for kind, frequencies in self._frequencies.items():
            angles = torch.outer(positions.float(), frequencies).unsqueeze(1)
            cosine, sine = angles.cos(), angles.sin()
            found[kind] = (torch.cat((cosine, cosine), dim=-1), torch.cat((-sine, sine), dim=-1))
        return found


def _frequencies(width: int, theta: float) -> torch.Tensor:
    """Radians a position for each pair of dimensions: (width / 2,) (Su et al. 2021, arXiv 2104.09864)."""
    import torch

    return theta ** (-torch.arange(0, width, 2).float() / width)


def _turned(x: torch.Tensor, turn: Turn) -> torch.Tensor:
    """Rotary positions: dimension i and i + width / 2 of each head are one pair."""
    import torch

    cosine, sine = turn
    first, second = x.chunk(2, dim=-1)
    return (x * cosine).addcmul_(torch.cat((second, first), dim=-1), sine)


def is_plain_gemma3(folder: Path) -> bool:
    """Whether `folder` holds a Gemma 3 text model that runs here: one weights file, nothing capped or scaled."""
    path = folder / "config.json"
    if not path.is_file() or not (folder / WEIGHTS).is_file():
        return False
    try:
        config = json.loads(path.read_text("utf-8"))
    except ValueError:
        return False
    return (
        isinstance(config, dict)
        and config.get("model_type") == "gemma3_text"
        and config.get("hidden_activation") == "gelu_pytorch_tanh"
        and not config.get("attention_bias")
        and not config.get("attn_logit_softcapping")
        and not config.get("final_logit_softcapping")
        and not config.get("use_bidirectional_attention")
        and all(rope["rope_type"] == "default" for rope in config.get("rope_parameters", {}).values())
    )


def chosen_form(wish: Form | None = None) -> tuple[Form, str]:
    """The form of the weights, by default the smallest that this processor is fast with, and why, as a sentence."""
    form, why = smallest_form() if wish is None else (wish, "it was asked for")
    return form, f"cpu with {cpu_threads()} threads, weights in {form} because {why}."


def open_gemma3(folder: Path, form: Form | None = None) -> Gemma3:
    """The model in `folder`, its weights brought to `form` (see `chosen_form`).

    The embedding stays in the file, mapped into memory: of its rows only those of words that occur are ever read.
    """
    from safetensors import safe_open

    chosen, why = chosen_form(form)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    with safe_open(folder / WEIGHTS, framework="pt") as weights:
        return Gemma3(config, weights.get_tensor, chosen, why)
