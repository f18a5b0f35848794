"""Packs teach what the single examples teach."""

from pathlib import Path
from typing import Any

import pytest

from chains.tuning.adapter import open_base
from chains.tuning.rows import Row
from chains.tuning.tokens import Collator, encoded, packed


def row(question: str, reply: str, fact: str = "kettle: 24 months", **more: Any) -> Row:
    said = {
        "task": "answer",
        "language": "en",
        "shop": "a",
        "name": "Shop",
        "facts": [fact, "open: 9"],
        "uses": [0],
    }
    return Row.model_validate(said | {"question": question, "reply": reply} | more)


ROWS = (
    row("how long is the kettle", "24 months."), row("how many months", "The kettle is 24 months."),
    row("is it open", "open.", history=(("customer", "kettle?"), ("shop", "24 months."))),
    row("months?", "9 months.", fact="kettle: 9 months"), row("the kettle", "12 months.", fact="kettle: 12 months"),
)  # fmt: skip


def losses(model: Any, batch: dict[str, Any]) -> float:
    import torch

    with torch.no_grad():
        given = {name: value for name, value in batch.items() if name != "counts"}
        return float(model(**given).loss) * int((batch["labels"] != -100).sum())


@pytest.fixture(scope="module")
def opened(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    tokenizer, model, _, _ = open_base(str(tiny_folder), tmp_path_factory.mktemp("cache"), "cpu", "float32")
    return tokenizer, model.eval()


@pytest.mark.parametrize("size", [64, 400, 4000])
def test_a_pack_has_the_loss_of_its_examples(opened: tuple[Any, Any], size: int) -> None:
    import torch

    tokenizer, model = opened
    alone = 0.0
    for one in ROWS:
        example = encoded(one, tokenizer)
        labels = torch.tensor(
            [[-100] * (len(example.ids) - example.learnt) + list(example.ids[-example.learnt :])]
        )
        alone += losses(model, {"input_ids": torch.tensor([example.ids]), "labels": labels})
    packs = packed(ROWS, tokenizer, size, 4000)
    together = sum(losses(model, Collator(model.config)([pack])) for pack in packs)
    assert together == pytest.approx(alone, rel=1e-4)


def test_shared_facts_are_read_once(opened: tuple[Any, Any]) -> None:
    tokenizer, _ = opened
    (pack,) = packed(ROWS[:2], tokenizer, 4000, 4000)
    assert len(pack.ids) < 0.75 * sum(len(encoded(one, tokenizer).ids) for one in ROWS[:2])


def test_long_examples_are_left_out_and_packs_are_full(opened: tuple[Any, Any]) -> None:
    tokenizer, _ = opened
    longest = max(len(encoded(one, tokenizer).ids) for one in ROWS)
    assert sum(len(pack.completion) for pack in packed(ROWS, tokenizer, 900, longest - 1)) < sum(
        encoded(one, tokenizer).learnt for one in ROWS
    )
    assert all(len(pack.ids) <= 400 for pack in packed(ROWS * 9, tokenizer, 400, 4000))


def test_the_beginning_and_the_numbers_of_an_answer_count_more(opened: tuple[Any, Any]) -> None:
    tokenizer, _ = opened
    (pack,) = packed(ROWS[:1], tokenizer, 4000, 4000, first=2.0)
    assert pack.counts[0] == 2.0
    assert len(pack.counts) == len(pack.completion)
    (chat,) = packed([ROWS[0].model_copy(update={"task": "chat"})], tokenizer, 4000, 4000, first=2.0)
    assert set(chat.counts) == {1.0}
