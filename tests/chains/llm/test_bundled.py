"""The bundled weights themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from transformers import AutoTokenizer

from chains.llm.local import LocalChatModel
from chains.llm.opening import describe, open_engine, open_model
from chains.llm.tokens import open_tokenizer
from chains.llm.weights import count_parameters

pytestmark = pytest.mark.model

CACHE = Path(os.environ.get("MARKETEER_CACHE", platformdirs.user_cache_dir("marketeer")))


@pytest.fixture(scope="module")
def bundled() -> Iterator[LocalChatModel]:
    model = open_model("bundled", cache=CACHE, device="cpu")
    assert isinstance(model, LocalChatModel)
    yield model
    model.engine.close()


def test_the_card_says_ready(bundled: LocalChatModel) -> None:
    card = describe("bundled", CACHE)
    assert card.ready
    assert count_parameters(Path(card.where)) == 268_098_176


@pytest.mark.parametrize(
    ("head", "question", "words"),
    [
        (
            "You answer for a shop, in one short sentence, only from the facts.\n\nFacts:\n"
            "- The Aria electric kettle has a 24-month warranty.",
            "How long is the warranty on the Aria kettle?",
            "24",
        ),
        (
            "你是商店的客服。请只根据资料，用一句话简短回答顾客。\n\n资料：\n- 运费12元，满199元免运费。",
            "运费多少钱？",
            "12元",
        ),
    ],
)
def test_it_answers_from_a_fact(bundled: LocalChatModel, head: str, question: str, words: str) -> None:
    turn = [SystemMessage(head), HumanMessage(question)]
    answer = bundled.invoke(turn, temperature=0, max_tokens=40)
    assert words in answer.text
    assert answer.response_metadata["finish_reason"] == "stop"
    assert "Customer:" not in answer.text
    assert "顾客：" not in answer.text


async def test_four_variants_are_one_batch(bundled: LocalChatModel) -> None:
    turn = [HumanMessage("Write one line about a kettle.")]
    result = await bundled.agenerate([turn], n=4, seed=1, max_tokens=24, temperature=0.9)
    assert len({generation.text for generation in result.generations[0]}) > 1


def test_transformers_tokens_and_ours_agree(bundled: LocalChatModel) -> None:
    text = "Price: 39.90 USD\n价格：199元\n  two  spaces"
    ids = bundled.engine.tokenizer(text)["input_ids"]
    assert ids[0] == bundled.engine.tokenizer.bos_token_id
    assert bundled.engine.tokenizer.decode(ids[1:]) == text


def test_greedy_words_are_those_of_generate(bundled: LocalChatModel) -> None:
    """In float32, four chats at once; two that share their beginning."""
    import torch
    from transformers import AutoModelForCausalLM

    tokenizer, folder = bundled.engine.tokenizer, Path(describe("bundled", CACHE).where)
    head = "Facts:\n- The Aria kettle holds 1.7 litres and boils it in four minutes.\n- Shipping costs 4.50 USD.\n\n"
    prompts = [
        head + "Customer: How big is it?\nShop:",
        head + "Customer: And shipping?\nShop:",
        "顾客：",
        "1, 2, 3,",
    ]
    with open_engine("bundled", cache=CACHE, device="cpu", form="float32") as engine:
        jobs = [engine.submit(prompt, max_new_tokens=24, temperature=0) for prompt in prompts]
        written = [job.result().tokens[0] for job in jobs]
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    for prompt, tokens in zip(prompts, written, strict=True):
        ids = torch.tensor([tokenizer(prompt)["input_ids"]])
        with torch.inference_mode():
            out = model.generate(ids, max_new_tokens=24, do_sample=False)
        plain = [int(token) for token in out[0, ids.shape[1] :]]
        assert tokens == [token for token in plain if token != tokenizer.eos_token_id]


def test_its_tokenizer_is_that_of_the_general_way() -> None:
    folder = describe("bundled", CACHE).where
    quick, general = (
        open_tokenizer(folder, local=True),
        AutoTokenizer.from_pretrained(folder, local_files_only=True),
    )
    assert type(quick) is not type(general)
    assert (quick.bos_token_id, quick.eos_token_id, quick.pad_token_id, quick.unk_token_id) == (
        general.bos_token_id, general.eos_token_id, general.pad_token_id, general.unk_token_id,
    )  # fmt: skip
    assert {n: (t.content, t.special) for n, t in quick.added_tokens_decoder.items()} == {
        n: (t.content, t.special) for n, t in general.added_tokens_decoder.items()
    }
    for text in (
        "The Ume holds 650 ml — €42.00.",
        "白瓷盖碗  120毫升\n\n是的。",
        "<start_of_turn>user\n☕️ it's",
        "",
    ):
        ids = quick(text).input_ids
        assert ids == general(text).input_ids
        for skip in (False, True):
            assert quick.decode(ids, skip_special_tokens=skip) == general.decode(
                ids, skip_special_tokens=skip
            )
