"""Turns examples into token ids for a causal model, the loss on the completion alone; knows no optimiser."""

from collections.abc import Sequence
from typing import Any

from chains.llm.chat_format import ChatFormat
from chains.tuning.rows import Row

IGNORED = -100


def encoded(rows: Sequence[Row], tokenizer: Any, longest: int) -> list[dict[str, Any]]:
    """`input_ids` (prompt and completion, the last token left off: nothing follows it) and `completion`, the ids to
    be predicted. Rows of more than `longest` tokens are left out."""
    chat = ChatFormat(tokenizer)
    found = []
    for row in rows:
        task = row.as_task()
        prompt, completion = chat.pair(task.messages(), row.reply, speakers=task.speakers)
        head = tokenizer(prompt.text, add_special_tokens=prompt.special_tokens)["input_ids"]
        tail = tokenizer(completion, add_special_tokens=False)["input_ids"]
        if prompt.special_tokens:
            tail = [*tail, tokenizer.eos_token_id]
        if len(head) + len(tail) <= longest:
            found.append({"input_ids": [*head, *tail][:-1], "completion": tail})
    return found


class Collator:
    """Pads a batch on the left, so that completions end together and logits are computed for the last tokens only.

    A batch has input_ids and attention_mask (sequences x tokens), labels and shift_labels (sequences x the longest
    completion, `IGNORED` where nothing is to be learned) and logits_to_keep, which transformers' models take.
    """

    def __init__(self, pad: int) -> None:
        self._pad = pad

    def __call__(self, batch: Sequence[dict[str, Any]]) -> dict[str, Any]:
        import torch

        longest = max(len(one["input_ids"]) for one in batch)
        keep = max(len(one["completion"]) for one in batch)
        ids = torch.full((len(batch), longest), self._pad)
        mask = torch.zeros((len(batch), longest), dtype=torch.long)
        labels = torch.full((len(batch), keep), IGNORED)
        for i, one in enumerate(batch):
            ids[i, longest - len(one["input_ids"]) :] = torch.tensor(one["input_ids"])
            mask[i, longest - len(one["input_ids"]) :] = 1
            labels[i, keep - len(one["completion"]) :] = torch.tensor(one["completion"])
        return {
            "input_ids": ids,
            "attention_mask": mask,
            "labels": labels,
            "shift_labels": labels,
            "logits_to_keep": keep,
        }
