"""A shop of people who did not build the answers, ingested once, and an assistant over it without a model."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path

from chains.assistant import ShopAssistant, build_assistant
from chains.turn import Answer, Question
from knowledge.folder import Knowledge, open_knowledge
from tests.chains.tiny import tiny_folder, tiny_gguf

SHOP = Path(__file__).parents[1] / "shops" / "bikes"
Ask = Callable[..., Answer]
__all__ = ["tiny_folder", "tiny_gguf"]  # fixtures


@pytest.fixture(scope="session")
def bikes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    """The bicycle shop, with its real rows, vectors and words."""
    data = tmp_path_factory.mktemp("bikes")
    files = shutil.copytree(SHOP, data / "files")
    with open_knowledge(data, purpose="test") as known:
        known.ingest.files([Path(files)])
        yield known


@pytest.fixture(scope="session")
def assistant(bikes: Knowledge) -> ShopAssistant:
    """Answers from the rows alone."""
    return build_assistant(index=bikes.index, model=None, cache=user_cache_path("marketeer"))


@pytest.fixture(scope="session")
def ask(assistant: ShopAssistant) -> Ask:
    """`ask("text", customer="C-1001", history=...)` gives the Answer."""

    def asked(text: str, **options: Any) -> Answer:
        async def run() -> Answer:
            steps = [
                step async for step in assistant.answer(Question.model_validate({"text": text, **options}))
            ]
            assert isinstance(steps[-1], Answer)
            return steps[-1]

        return asyncio.run(run())

    return asked
