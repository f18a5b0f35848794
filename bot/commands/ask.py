"""`marketeer ask`: one question, or a batch of them, and the answer with all that it stands on."""

import argparse
import asyncio
from typing import Any

from pydantic import ValidationError

from bot.asking import answer, record
from bot.commands.batch import Line, run_batch, text_of
from bot.commands.errors import BadRequest
from bot.commands.output import print_json, print_text
from bot.progress import Bars
from bot.services import Services, open_services
from bot.settings import Settings
from chains.turn import Answer, Question, as_json


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Answer, print, record."""
    if not args.batch:
        question = question_of({"text": args.text}, args.role, args.customer)
    with (
        Bars() as bars,
        open_services(settings, purpose="ask", report=bars.step) as services,
        asyncio.Runner() as runner,
    ):

        def respond(line: Line) -> dict[str, Any]:
            return as_json(_turn(runner, services, question_of(line, args.role, args.customer)))

        if args.batch:
            services.assistant.warm_up()
            return run_batch(args.batch, respond)
        finished = _turn(runner, services, question)
    if args.json:
        print_json({"id": None, **as_json(finished)})
    else:
        print_text(words_of(finished))
    return 0


def question_of(line: Line, role: str, customer: str | None) -> Question:
    """The question of a line; `role` and `customer` hold where it does not say. Raises: BadRequest."""
    given = {
        "text": text_of(line),
        "as": line.get("as") or role,
        "customer": line.get("customer") or customer,
        "history": line.get("history") or (),
        "language": line.get("language"),
    }
    try:
        return Question.model_validate(given)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        raise BadRequest(f"{'.'.join(str(part) for part in wrong['loc'])}: {wrong['msg']}.") from None


def words_of(finished: Answer) -> str:
    """The reply; for copy, every wording with what the checks say of it."""
    if not finished.variants:
        return finished.reply
    shown = []
    for number, variant in enumerate(finished.variants, 1):
        reasons = f" ({'; '.join(variant.reasons)})" if variant.reasons else ""
        shown.append(f"{number}. [{variant.verdict}]{reasons}\n{variant.text}")
    return "\n\n".join(shown)


def _turn(runner: asyncio.Runner, services: Services, question: Question) -> Answer:
    finished = runner.run(answer(services, question))
    record(services, "ask", question, finished)
    return finished
