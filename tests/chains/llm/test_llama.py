"""llama.cpp below the same engine, on the file that is exported; where its package is missing, only that is said."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from chains.llm.engine import Engine
from chains.llm.errors import ModelUnavailable
from chains.llm.export import export_gguf
from chains.llm.gemma3 import open_gemma3
from chains.llm.lines import Line
from chains.llm.llama import LIMITS, LlamaRunner, require_llama

PROMPTS = [
    "the shop is open\nCustomer: the kettle?\nShop:",
    "the kettle is 24 months " * 20,
    "顾客 保修 the shop",
]
here = pytest.mark.skipif(
    importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is optional"
)


@pytest.fixture(scope="module")
def both(
    tiny_folder: Path, tiny_gguf: Path, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Engine]]:
    path = tmp_path_factory.mktemp("llama") / "tiny.gguf"
    export_gguf(tiny_folder, tiny_gguf, path, "f16", "tiny")
    with (
        Engine(LlamaRunner(path), engine.tokenizer, limits=LIMITS) as llama,
        Engine(open_gemma3(tiny_folder, "float32"), engine.tokenizer) as own,
    ):
        yield llama, own


@here
def test_it_writes_the_same_words(both: tuple[Engine, Engine]) -> None:
    """One after the other, together, as variants, in a form, and after others have come and gone."""
    texts = []
    for engine in both:
        asked = [engine.submit(text, max_new_tokens=24, temperature=0) for text in PROMPTS]
        found = [job.result(timeout=60).tokens for job in asked]
        asked[0].cancel()
        same = engine.submit(PROMPTS[0], n=4, max_new_tokens=24, temperature=0).result(timeout=60).tokens
        assert same == found[0] * 4
        lines = [
            Line(f"{name}:", lambda words: len(words) < 20, lambda words: words[:10]) for name in ("a", "b")
        ]
        formed = engine.submit(PROMPTS[1], n=2, lines=lines, max_new_tokens=80, temperature=0).result(
            timeout=60
        )
        alone = [
            engine.submit(text, max_new_tokens=24, temperature=0).result(timeout=60).tokens
            for text in PROMPTS
        ]
        assert alone == found
        texts.append((found, formed.texts))
    assert texts[0] == texts[1]


@here
def test_more_texts_come_and_go_than_it_has_places(both: tuple[Engine, Engine]) -> None:
    llama, _ = both
    jobs = [llama.submit(PROMPTS[0], max_new_tokens=4, temperature=0) for _ in range(200)]
    assert len({str(job.result(timeout=120).tokens) for job in jobs}) == 1
    assert llama.load().strip_bytes == 0


def test_without_the_package_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelUnavailable, match=r"pip install.*\[llama\]"):
        require_llama()
