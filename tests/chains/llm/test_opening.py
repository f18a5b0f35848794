"""What MARKETEER_MODEL may name, and what is said when it cannot be opened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chains.llm.device import choose_device
from chains.llm.errors import LlmError, ModelUnavailable
from chains.llm.local import LocalChatModel
from chains.llm.opening import describe, how_it_runs, open_engine, open_model


def test_a_folder_opens_and_answers(tiny_folder: Path, tmp_path: Path) -> None:
    model = open_model(str(tiny_folder), cache=tmp_path, device="cpu")
    assert isinstance(model, LocalChatModel)
    try:
        assert isinstance(model.invoke("the kettle?", max_tokens=4).text, str)
    finally:
        model.engine.close()


def test_a_gguf_file_opens_and_its_card_says_so(tiny_gguf: Path, tmp_path: Path) -> None:
    assert not describe(str(tiny_gguf), tmp_path).ready
    with open_engine(str(tiny_gguf), cache=tmp_path, device="cpu") as engine:
        assert engine.submit("the", max_new_tokens=2).result().completion_tokens
    card = describe(str(tiny_gguf), tmp_path)
    assert card.kind == "gguf"
    assert card.ready
    assert len(card.revision) == 12


ONE_SENTENCE = r"\A[A-Z/][^\n]*[.]\Z"


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "nonsense",
        "./missing",
        "/no/such/file.gguf",
        "~/missing.gguf",
        "openai:localhost",
        "openai:http://x/v1",
    ],
)
def test_a_wrong_setting_is_one_sentence(spec: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=ONE_SENTENCE):
        describe(spec or "?", tmp_path)
    with pytest.raises(LlmError, match=ONE_SENTENCE):
        open_model(spec or "?", cache=tmp_path)


@pytest.mark.parametrize("files", [{}, {"config.json": "{}"}, {"config.json": "{"}])
def test_a_folder_without_a_model_is_one_sentence(files: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    with pytest.raises(ModelUnavailable, match=ONE_SENTENCE):
        open_model(str(folder), cache=tmp_path)


def test_damaged_weights_are_one_sentence(tiny_folder: Path, tmp_path: Path) -> None:
    for path in tiny_folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelUnavailable, match=ONE_SENTENCE):
        open_model(str(tmp_path), cache=tmp_path)


def test_a_hub_model_without_a_network_is_one_sentence(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from chains.llm.opening import open_model\n"
        "try: open_model('marketeer-tests/none', cache=Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("ModelUnavailable The model marketeer-tests/none cannot be loaded")
    assert run.stdout.count("\n") == 1


def test_describing_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys, json; from pathlib import Path; from chains.llm.opening import describe\n"
        "cards = [describe(s, Path(sys.argv[1])) for s in ('bundled', 'a/b', 'openai:http://localhost:8000#m')]\n"
        "heavy = [m for m in ('torch', 'transformers', 'langchain_openai', 'langchain_core') if m in sys.modules]\n"
        "print(json.dumps([heavy, [[c.kind, c.where, c.ready] for c in cards]]))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout
    heavy, cards = json.loads(out)
    assert heavy == []
    assert cards[0][0] == "bundled"
    assert cards[0][2] is False
    assert cards[2] == ["openai", "http://localhost:8000/v1", True]


def test_the_device_is_chosen_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    assert choose_device("cpu").why.startswith("cpu because the settings ask for it")
    with pytest.raises(ModelUnavailable, match=ONE_SENTENCE):
        choose_device("tpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device().name == "cpu"
    with pytest.raises(ModelUnavailable, match=ONE_SENTENCE):
        choose_device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda name: "A card")
    card: Any = choose_device()
    assert (card.name, card.why) == ("cuda", "cuda because it is the fastest found: A card.")


def test_doctor_can_say_how_a_model_runs_without_loading_it(tiny_folder: Path, tmp_path: Path) -> None:
    card = describe(str(tiny_folder), tmp_path)
    with open_engine(str(tiny_folder), cache=tmp_path, device="cpu") as engine:
        assert how_it_runs(card, "cpu") == engine.runner.why
    assert how_it_runs(describe("bundled", tmp_path), "cpu") == choose_device("cpu").why, "not prepared yet"
