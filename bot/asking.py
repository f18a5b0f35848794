"""One turn outside Telegram: a question in, words as they come, the finished answer, and its record."""

from collections.abc import Callable
from contextlib import AsyncExitStack, aclosing
from typing import Any

from bot.after_turn import conversation_for, record_turn
from bot.services import Services
from chains.turn import Answer, Question, Shown, Waiting


async def answer(
    services: Services,
    question: Question,
    show: Callable[[str], None] = lambda text: None,
    wait: Callable[[str], None] = lambda text: None,
) -> Answer:
    """The assistant's answer; `show` gets all the words so far, each time they have grown, and `wait` a polite word
    where they will take long."""
    finished: Answer | None = None
    steps: Any = services.assistant.answer(question)
    async with AsyncExitStack() as stack:
        if hasattr(steps, "aclose"):
            await stack.enter_async_context(aclosing(steps))
        async for step in steps:
            if isinstance(step, Waiting):
                wait(step.text)
            elif isinstance(step, Shown):
                show(step.text)
            else:
                finished = step
    if finished is None:
        raise RuntimeError("the assistant ended without an answer")
    return finished


def record(services: Services, place: str, question: Question, finished: Answer) -> None:
    """Keep the turn: an opt-out counts at once, and a question no fact answered is filed."""
    with services.database.session() as session:
        talk = conversation_for(session, place, question.role, question.customer_id)
    record_turn(services.database, talk, question, finished)
