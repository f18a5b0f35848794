"""Turns examples into packs of token ids for a causal model, the loss on the completions alone; knows no optimiser.

Examples that are given the same beginning (one shop's facts, asked about several times) share it: it is read once, and
each question with its reply is a branch after it that sees the beginning and itself. What the model learns from a
branch is what it would learn from the whole example by itself; a test holds the two losses against each other.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chains.llm.chat_format import ChatFormat
from chains.tuning.rows import Row

DECIDING = 3  # tokens at the beginning of an answer: yes or no, or that nothing is known


@dataclass(frozen=True)
class Example:
    """One example: `ids` are prompt and completion, of which the last `learnt` are to be predicted."""

    ids: tuple[int, ...]
    learnt: int
    counts: tuple[float, ...] = ()  # how much each learnt token counts; all the same where empty


@dataclass
class Pack:
    """Tokens in a row, in trees that do not see each other. All lists have one entry a token but the last three.

    `tree` numbers the trees, `branch` the branches of each, 0 for what they share; `at` are the places whose next token
    is to be predicted, `completion` those tokens, `counts` how much each counts.
    """

    ids: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    tree: list[int] = field(default_factory=list)
    branch: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    completion: list[int] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)

    def add(self, examples: Sequence[Example]) -> None:
        """Adds a tree: what the examples share, then the rest of each."""
        shared = _shared(examples)
        number = self.tree[-1] + 1 if self.tree else 0
        self._grow(examples[0].ids[:shared], 0, number, 0)
        for branch, one in enumerate(examples, 1):
            self._grow(one.ids[shared:-1], shared, number, branch)
            self.at += range(len(self.ids) - one.learnt, len(self.ids))
            self.completion += one.ids[-one.learnt :]
            self.counts += one.counts or [1.0] * one.learnt

    def _grow(self, ids: Sequence[int], first: int, tree: int, branch: int) -> None:
        self.ids += ids
        self.places += range(first, first + len(ids))
        self.tree += [tree] * len(ids)
        self.branch += [branch] * len(ids)


def _shared(examples: Sequence[Example]) -> int:
    """How many tokens the examples begin with alike; less than any prompt, so that each branch has a place to start."""
    least = min(len(one.ids) - one.learnt for one in examples) - 1
    first = examples[0].ids
    return next((i for i in range(least) if any(one.ids[i] != first[i] for one in examples)), max(0, least))


def _size(examples: Sequence[Example]) -> int:
    shared = _shared(examples)
    return shared + sum(len(one.ids) - 1 - shared for one in examples)


def encoded(row: Row, tokenizer: Any, first: float = 1.0) -> Example:
    """The row in tokens; where an answer is decided (its first tokens, its numbers) they count `first` times."""
    task = row.as_task()
    prompt, completion = ChatFormat(tokenizer).pair(task.messages(), row.reply, speakers=task.speakers)
    head = tokenizer(prompt.text, add_special_tokens=prompt.special_tokens)["input_ids"]
    tail = tokenizer(completion, add_special_tokens=False)["input_ids"]
    if prompt.special_tokens:
        tail = [*tail, tokenizer.eos_token_id]
    if first == 1.0 or row.task != "answer":
        return Example((*head, *tail), len(tail))
    decides = [
        i < DECIDING or any(c.isdigit() for c in tokenizer.decode([token])) for i, token in enumerate(tail)
    ]
    return Example((*head, *tail), len(tail), tuple(first if one else 1.0 for one in decides))


def packed(
    rows: Iterable[Row], tokenizer: Any, size: int, longest: int, seed: int = 0, first: float = 1.0
) -> list[Pack]:
    """The rows in packs of up to `size` tokens, in any order; trees hold rows with the same shop, facts and language.
    A row of more than `longest` tokens is left out, one of more than `size` has a pack of its own."""
    groups: dict[tuple[object, ...], list[Example]] = {}
    for row in rows:
        one = encoded(row, tokenizer, first)
        if len(one.ids) <= longest:
            groups.setdefault((row.task, row.language, row.name, row.facts), []).append(one)
    trees = [tree for group in groups.values() for tree in _cut(group, size)]
    random.Random(seed).shuffle(trees)
    packs: list[Pack] = []
    waiting: list[Pack] = []  # not full yet, few enough to look through
    for tree in trees:
        room = size - _size(tree)
        fit = next((pack for pack in waiting if len(pack.ids) <= room), None)
        if fit is None:
            fit = Pack()
            packs.append(fit)
            waiting = [*waiting[-7:], fit]
        fit.add(tree)
    return packs


def _cut(group: Sequence[Example], size: int) -> Iterator[list[Example]]:
    """A group in trees of up to `size` tokens."""
    tree: list[Example] = []
    for one in group:
        if tree and _size([*tree, one]) > size:
            yield tree
            tree = []
        tree.append(one)
    yield tree


class Collator:
    """Puts one pack as transformers' models take it."""

    def __init__(self, config: Any) -> None:
        """`config` is the model's, which says whether some layers see only the last tokens."""
        local = "sliding_attention" in (getattr(config, "layer_types", None) or ())
        self._window: int | None = config.sliding_window if local else None

    def __call__(self, batch: Sequence[Pack]) -> dict[str, Any]:
        """input_ids and position_ids (1 x tokens), masks (1 x 1 x tokens x tokens, 0 where a token sees another),
        labels and counts (1 x predicted tokens) and the places to compute logits at; counts are for `weighted`."""
        import torch

        (pack,) = batch
        tree, branch, place = (torch.tensor(numbers) for numbers in (pack.tree, pack.branch, pack.places))
        order = torch.arange(len(pack.ids))
        sees = (order[None, :] <= order[:, None]) & (tree[None, :] == tree[:, None])
        sees &= (branch[None, :] == 0) | (branch[None, :] == branch[:, None])
        masks: Any = _mask(sees)
        if self._window is not None:
            near = place[:, None] - place[None, :] < self._window
            masks = {"full_attention": masks, "sliding_attention": _mask(sees & near)}
        labels = torch.tensor([pack.completion])
        return {
            "input_ids": torch.tensor([pack.ids]), "position_ids": place[None], "attention_mask": masks,
            "counts": torch.tensor([pack.counts]), "labels": labels, "shift_labels": labels, "logits_to_keep": torch.tensor(pack.at),
        }  # fmt: skip


def _mask(sees: Any) -> Any:
    import torch

    return torch.zeros(sees.shape).masked_fill(~sees, torch.finfo(torch.float32).min)[None, None]
