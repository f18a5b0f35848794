"""A training example and the reading of files of them; knows the tasks' prompts, not how anything is trained.

One JSON object a line: task, language, shop (the unit of splitting), sector, name (the shop's), reply, and what the
task needs: facts, history, question, uses, comment, card, goal, channel, product, audience, tone, counts, themes,
text, violation. See the data card, `chains/tuning/data/README.md`.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from chains.guard.channels import packaged_channels
from chains.guard.errors import UnknownChannel
from chains.tasks import Task, copy_wish, fields_wanted, listed, told
from chains.tuning.errors import BadRow

TaskName = Literal[
    "answer", "calm", "chat", "comment", "copy", "description", "follow_up", "handover", "reviews", "rewrite"
]
_NEEDED: dict[str, tuple[str, ...]] = {
    "answer": ("question", "facts"), "calm": ("question",), "chat": ("question",), "comment": ("comment",),
    "copy": ("channel", "product", "facts"), "description": ("product", "facts"), "follow_up": ("card", "goal"),
    "handover": ("history",), "reviews": ("product", "counts"), "rewrite": ("text", "violation"),
}  # fmt: skip
OPT_OUT = {"en": " Reply STOP to opt out.", "zh": "回复TD退订"}  # the room that code takes of a message


class Row(BaseModel):
    """One example: what the model is given, and what it should write."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: TaskName
    language: Literal["en", "zh"]
    shop: str
    sector: str = ""
    name: str
    reply: str
    facts: tuple[str, ...] = ()
    history: tuple[tuple[Literal["customer", "shop"], str], ...] = ()
    question: str = ""
    uses: tuple[int, ...] | None = None
    comment: str = ""
    card: tuple[str, ...] = ()
    goal: str = ""
    channel: str = ""
    product: str = ""
    audience: str | None = None
    tone: str | None = None
    counts: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    text: str = ""
    violation: str = ""

    @model_validator(mode="after")
    def _complete(self) -> "Row":
        missing = [name for name in _NEEDED[self.task] if not getattr(self, name)]
        if missing:
            raise ValueError(f"a row of task {self.task} needs {', '.join(missing)}")
        if not self.reply.strip():
            raise ValueError("reply is empty")
        if self.uses is not None and not all(0 <= one < len(self.facts) for one in self.uses):
            raise ValueError(f"uses names a fact that is not there (there are {len(self.facts)})")
        if self.task == "copy":
            try:
                packaged_channels().find(self.channel)
            except UnknownChannel as error:
                raise ValueError(str(error)) from error
        return self

    @property
    def unknown(self) -> bool:
        """Whether the facts do not answer."""
        return self.task == "answer" and self.uses == ()

    @property
    def given(self) -> tuple[str, ...]:
        """Every text that the model sees, the prompt's own words aside."""
        return (
            self.name, *self.facts, *(text for _, text in self.history), self.question, self.comment, *self.card,
            self.goal, self.product, self.audience or "", *self.counts, *self.themes, self.text, self.violation,
        )  # fmt: skip

    def as_task(self) -> Task:
        """The row as the model is asked in serving."""
        zh = self.language == "zh"
        values = {"product": self.product, "goal": self.goal, "text": self.text, "violation": self.violation}
        facts: Sequence[str] = self.facts
        history: Sequence[tuple[str, str]] = self.history
        if self.task == "copy":
            channel = packaged_channels().find(self.channel)
            values["channel"] = channel.title[self.language]
            values["fields"] = fields_wanted(channel, self.language, OPT_OUT[self.language])
        if self.task in ("copy", "description"):
            values["wish"] = copy_wish(self.audience, self.tone, self.language)
        elif self.task == "reviews":
            facts = (*self.counts, *self.themes)
        elif self.task == "follow_up":
            values["card"] = listed(self.card)
        elif self.task == "handover":
            values["talk"], history = told(history, self.language), ()
        name = self.name or ("本店" if zh else "the shop")
        return Task(self.task, self.language, name, facts, self.question or self.comment, history, values)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a JSON Lines file, in order; empty lines are skipped.

    Raises:
        BadRow: the first line that is no row, with its number and what is wrong with it.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRow(f"{path} cannot be read as UTF-8 text: {error}.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield Row.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise BadRow(f"{path}:{number}: this is not JSON ({error.msg}, column {error.colno}).") from error
        except ValidationError as error:
            raise BadRow(f"{path}:{number}: {_why(error)}.") from error


def _why(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
