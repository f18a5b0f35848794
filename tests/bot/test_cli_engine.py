"""Another engine and another home for the weights: `export`, and what is said where llama.cpp is missing."""

import importlib.util
from pathlib import Path

import pytest

from chains.llm.gguf_file import read_gguf
from tests.bot.command_line import CommandLine
from tests.chains.tiny import tiny_gguf

__all__ = ["tiny_gguf"]  # a fixture


@pytest.fixture
def own(tiny_gguf: Path, tmp_path: Path, capsys, monkeypatch) -> CommandLine:
    """The command line over the tiny model."""
    monkeypatch.setenv("MARKETEER_MODEL", str(tiny_gguf))
    monkeypatch.setenv("MARKETEER_CACHE", str(tmp_path / "cache"))
    return CommandLine(tmp_path, capsys, monkeypatch)


def test_export_writes_a_file_that_is_read_again(own: CommandLine, tmp_path: Path):
    ran = own("export", "gguf", str(tmp_path / "out"), "--packing", "f16", "--json")
    assert ran.status == 0, ran.err
    made = ran.lines[0]
    assert made["packing"] == "f16"
    assert made["adapter"] is None
    assert made["bytes"] == Path(made["file"]).stat().st_size
    assert read_gguf(Path(made["file"])).architecture == "gemma3"
    assert own("export", "gguf", str(tmp_path / "own.gguf")).status == 0
    assert (tmp_path / "own.gguf").is_file()


def test_a_model_that_was_no_gguf_is_not_exported(own: CommandLine, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("MARKETEER_MODEL", str(tmp_path))
    ran = own("export", "gguf", str(tmp_path / "out"))
    assert ran.status == 1
    assert "did not come from a GGUF file" in ran.err


@pytest.mark.parametrize("command", [("ask", "hello"), ("prepare",)])
def test_without_llama_cpp_it_says_what_to_install(own: CommandLine, command: tuple[str, ...], monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "llama_cpp" else found(name)
    )
    monkeypatch.setenv("MARKETEER_ENGINE", "llama")
    ran = own(*command)
    assert ran.status == 1
    assert "pip install -e '.[llama]'" in ran.err
    assert "Traceback" not in ran.err
    report = own("doctor", "--json")
    assert "llama-cpp-python is not installed" in report.out
