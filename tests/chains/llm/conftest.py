"""The tiny model, running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chains.llm.chat_format import ChatFormat
from chains.llm.engine import Engine
from chains.llm.local import LocalChatModel


@pytest.fixture(scope="session")
def engine(tiny_folder: Path) -> Iterator[Engine]:
    from chains.llm.opening import open_engine

    with open_engine(str(tiny_folder), cache=tiny_folder.parent, device="cpu", form="float32") as engine:
        yield engine


@pytest.fixture
def model(engine: Engine) -> LocalChatModel:
    return LocalChatModel(
        engine=engine, chat_format=ChatFormat(engine.tokenizer), model_name="tiny", max_tokens=24
    )
