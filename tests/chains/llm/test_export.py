"""What is exported is read back as the weights that are served."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from chains.llm.convert import convert_gguf
from chains.llm.engine import Engine
from chains.llm.errors import ModelUnavailable
from chains.llm.export import Packing, export_gguf, export_served, packed_of
from chains.llm.gemma3 import open_gemma3
from chains.llm.gguf_file import read_gguf
from tests.chains.tiny import write_tiny_gguf


def read_back(path: Path, folder: Path) -> Path:
    folder.mkdir()
    convert_gguf(path, folder)
    return folder


@pytest.mark.parametrize(("packing", "off"), [("f16", 0.0), ("q8_0", 0.02)])
def test_the_weights_come_back(
    tiny_folder: Path, tiny_gguf: Path, tmp_path: Path, packing: Packing, off: float
) -> None:
    path = tmp_path / "out" / "tiny.gguf"
    export_gguf(tiny_folder, tiny_gguf, path, packing, "tiny")
    folder = read_back(path, tmp_path / "back")
    before, after = (load_file(one / "model.safetensors") for one in (tiny_folder, folder))
    assert before.keys() == after.keys()
    for name, weight in before.items():
        torch.testing.assert_close(after[name], weight, rtol=0, atol=off, msg=name)
        if weight.ndim == 1:
            assert torch.equal(after[name], weight), "norms are kept in float32"
    for name in ("tokenizer.json", "config.json"):
        assert (folder / name).read_bytes() == (tiny_folder / name).read_bytes()
    assert [one.name for one in path.parent.iterdir()] == ["tiny.gguf"]
    assert read_gguf(path).metadata["general.name"] == "tiny"


def test_the_words_are_the_same(engine: Engine, tiny_folder: Path, tiny_gguf: Path, tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    export_gguf(tiny_folder, tiny_gguf, path, "f16", "tiny")
    folder = read_back(path, tmp_path / "back")
    with Engine(open_gemma3(folder, "float32"), engine.tokenizer) as other:
        for text in ("the shop is", "顾客 24 months"):
            wrote = [
                one.submit(text, max_new_tokens=30, temperature=0).result().tokens for one in (engine, other)
            ]
            assert wrote[0] == wrote[1]


def test_a_model_is_written_into_a_folder_and_once_into_the_cache(tiny_gguf: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    path = export_served(str(tiny_gguf), cache=cache, adapter=None, target=tmp_path / "out", packing="q8_0")
    assert path.parent == tmp_path / "out"
    assert path.suffix == ".gguf"
    assert packed_of(str(tiny_gguf), cache) == tiny_gguf, "a GGUF model is run as it is"


def test_what_is_no_gguf_says_so(tiny_folder: Path, tiny_gguf: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="did not come from a GGUF file"):
        export_served(
            str(tiny_folder), cache=tmp_path, adapter=None, target=tmp_path / "a.gguf", packing="f16"
        )
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text('{"model_type": "llama"}', "utf-8")
    with pytest.raises(ModelUnavailable, match="Only Gemma 3"):
        export_gguf(other, tiny_gguf, tmp_path / "b.gguf", "f16", "other")
    write_tiny_gguf(tmp_path / "blocked")
    with pytest.raises(ModelUnavailable, match="cannot be written"):
        export_gguf(tiny_folder, tiny_gguf, tmp_path / "blocked" / "c.gguf", "f16", "tiny")
    assert not list(tmp_path.glob("*.part"))
