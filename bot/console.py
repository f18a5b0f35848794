"""`marketeer chat`: a conversation in the terminal, as a customer or a marketer. Works through a pipe too.

Whoever sits here owns the shop's files, so they may be anybody: `/as` says who. What is asked runs the same path
as on Telegram; only the first and the last box differ.
"""

import asyncio
import locale
import sys
import threading
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.text import Text
from sqlalchemy import func
from sqlmodel import col, select

from bot.after_turn import HISTORY, conversation_for, write_exchange
from bot.asking import answer, record
from bot.commands.ask import words_of
from bot.commands.errors import explain
from bot.commands.output import console
from bot.console_stream import Stream
from bot.console_words import say
from bot.leaving import LEAVES_ALONE
from bot.progress import Bars
from bot.services import Services, open_services
from bot.settings import Settings
from bot.setup import load_demo, model_card, prepare_weights, wants_demo
from bot.why import why
from chains.turn import Answer, CopyAnswer, Question, as_json
from knowledge.crm.customers import Customer
from knowledge.crm.sources import ShopProfile
from knowledge.folder import Knowledge
from knowledge.languages import clean, detect
from knowledge.principal import MARKETER, STRANGER, Principal

LANGUAGES = ("en", "zh")
DEMO_TRIES = {
    "en": (
        "Is the Ume teapot dishwasher safe, and how much is it?",
        "/as C1001 (Hannah Brook), then: Where is my order?",
        "/as marketer, then: /copy TE-08 instagram",
    ),
    "zh": (
        "紫砂壶石瓢还有货吗？多少钱？",
        "/as C1002（林悦），然后：我的订单到哪儿了？",
        "/as marketer，然后：/copy TP-07 xiaohongshu",
    ),
}


def chat(settings: Settings) -> int:
    """Talk until /quit or the end of input; the exit status."""
    with Bars() as bars:
        if not model_card(settings).ready:
            prepare_weights(settings, bars.step)
    with open_services(settings, purpose="chat") as services:
        assert services.knowledge is not None
        out = console()
        if wants_demo(services.knowledge):
            for language in LANGUAGES:
                out.print(say("demo", language), markup=False)
            with Bars() as bars:
                load_demo(services.knowledge, bars.rows)
        talk = Chat(services, out)
        warm = Warming(services)
        talk.failed = warm.error
        greet(services.knowledge, out)
        try:
            with asyncio.Runner() as runner:
                for line in lines(talk.prompt):
                    if not runner_took(talk, runner, line):
                        break
        finally:
            warm.done_with_the_folder()
    return 0


def runner_took(talk: "Chat", runner: asyncio.Runner, line: str) -> bool:
    """Handle one line; False when it was the last. Ctrl-C during an answer stops that answer only."""
    try:
        return talk.take(runner, line)
    except KeyboardInterrupt:
        talk.tell("stopped")
        return True


def greet(knowledge: Knowledge, out: Console) -> None:
    """Who one talks to and, in the demo shop, three things to try; in both languages."""
    with knowledge.database.session() as session:
        profile = session.get(ShopProfile, 1)
    for language in LANGUAGES:
        if knowledge.is_empty():
            out.print(say("empty", language), markup=False)
            continue
        name = (profile.settings.get(f"name_{language}") or profile.name) if profile else "Marketeer"
        out.print(Text(say("greeting", language, shop=name), style="bold"))
        if knowledge.is_demo():
            out.print(f"  {say('try', language)}", *DEMO_TRIES[language], sep="\n    ", markup=False)


def lines(prompt: Callable[[], str]) -> Iterator[str]:
    """What is typed or piped in, line by line. Piped lines are shown after the prompt, as typed ones are."""
    if sys.stdin is not None and sys.stdin.isatty():
        import contextlib

        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  arrow keys and history
        with contextlib.suppress(EOFError):
            while True:
                yield input(prompt())
        print()
        return
    for line in sys.stdin or ():
        line = line.lstrip("\ufeff").rstrip("\r\n")
        print(prompt() + line, flush=True)
        yield line


class Warming:
    """Loads the model behind the prompt; `error` gives what came of it, once it has failed."""

    def __init__(self, services: Services) -> None:
        self._assistant = services.assistant
        self._error: Exception | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name=LEAVES_ALONE, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._assistant.warm_up(self._ready.set)
        except Exception as error:  # noqa: BLE001  raised in the console's own thread
            self._error = error
        finally:
            self._ready.set()

    def error(self) -> Exception | None:
        return self._error

    def done_with_the_folder(self) -> None:
        """Wait until nothing reads the data folder any more: tenths of a second."""
        self._ready.wait()


class Chat:
    """One sitting: who one is, what each of them has said, and the last answer."""

    def __init__(self, services: Services, out: Console) -> None:
        self.services, self.out = services, out
        self.who: Principal = STRANGER
        self.name: str | None = None
        self.histories: dict[Principal, list[tuple[str, str]]] = {}
        self.last: Answer | CopyAnswer | None = None
        self.language = "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
        self.failed: Callable[[], Exception | None] = lambda: None

    def prompt(self) -> str:
        """Who speaks."""
        if self.who.role == "marketer":
            return "marketer> "
        return (
            f"{self.who.customer_id} {self.name or ''}".strip() + "> "
            if self.who.customer_id
            else "customer> "
        )

    def tell(self, key: str, **values: object) -> None:
        """Fixed words in the language of the last thing said."""
        self.out.print(Text(say(key, self.language, **values), style="dim"), soft_wrap=True)

    def take(self, runner: asyncio.Runner, line: str) -> bool:
        """One line; False ends the sitting. Raises: what the loading of the model raised, for nothing works then."""
        line = clean(line).strip()
        if not line:
            return True
        command, _, rest = line.partition(" ")
        if command in ("/quit", "/exit"):
            self.tell("bye")
            return False
        if line.startswith("/"):
            self._command(runner, command.lower(), rest.strip())
            return True
        if (error := self.failed()) is not None:
            raise error
        self.language = detect(line, self.language)
        self._try(lambda: self._ask(runner, line))
        return True

    def _try(self, work: Callable[[], None]) -> None:
        """An error is a sentence and the talk goes on."""
        try:
            work()
        except Exception as error:  # noqa: BLE001  whatever it is, the next question may be answered
            self.out.print(Text(explain(error)[1], style="red"), soft_wrap=True)

    def _command(self, runner: asyncio.Runner, command: str, rest: str) -> None:
        if command == "/as":
            self._become(rest)
        elif command == "/facts":
            self._facts()
        elif command == "/why":
            self._why()
        elif command in ("/help", "/start"):
            self.tell("help")
        elif command in ("/copy", "/followup"):
            if self.who.role != "marketer":
                self.tell("staff_only")
            elif not rest:
                self.tell("copy_usage" if command == "/copy" else "followup_usage")
            else:
                do = self._copy if command == "/copy" else self._follow_up
                self._try(lambda: do(runner, rest))
        else:
            self.tell("unknown", command=command)

    def _become(self, who: str) -> None:
        lowered = who.lower()
        if not who:
            self.tell("as_usage")
            return
        if lowered in ("marketer", "customer"):
            self.who, self.name = (MARKETER if lowered == "marketer" else STRANGER), None
            self.tell("now", who=say(lowered, self.language))
            return
        with self.services.database.session() as session:
            row = (
                session.get(Customer, who)
                or session.exec(select(Customer).where(func.lower(col(Customer.id)) == lowered)).first()
            )
        if row is None:
            self.tell("no_customer", who=who)
            return
        self.who, self.name = Principal("customer", row.id), row.name
        self.tell("now", who=say("known", self.language, name=f"{row.id} {row.name or ''}".strip()))

    def _ask(self, runner: asyncio.Runner, text: str) -> None:
        history = self.histories.setdefault(self.who, [])
        question = Question.model_validate(
            {
                "text": text,
                "role": self.who.role,
                "customer_id": self.who.customer_id,
                "history": tuple(history[-HISTORY:]),
            }
        )
        stream = Stream(self.out)
        try:
            found = runner.run(answer(self.services, question, stream.show, stream.wait))
        finally:
            stream.pause()
        stream.finish(words_of(found))
        self.last = found
        history += [(self.who.role, text), ("bot", found.reply)]
        record(self.services, "console", question, found)

    def _copy(self, runner: asyncio.Runner, rest: str) -> None:
        from bot.commands.copy import show
        from bot.handlers.copy import parse

        request = parse(rest, None)
        if request is None:
            self._ask(runner, rest)
            return
        written = runner.run(self.services.assistant.copy(request))
        show(written)
        self.last = written
        self._keep(f"/copy {rest}", "\n\n".join(v.text for v in written.variants), "copy_request", written)

    def _follow_up(self, runner: asyncio.Runner, customer_id: str) -> None:
        draft = runner.run(self.services.assistant.follow_up(customer_id))
        self.out.print(words_of(draft), markup=False, soft_wrap=True)
        if draft.verdict not in ("refused", "unknown"):
            self.tell("draft")
        self.last = draft
        self._keep(f"/followup {customer_id}", draft.reply, "followup_request", draft)

    def _keep(self, asked: str, reply: str, intent: str, what: Answer | CopyAnswer) -> None:
        self.histories.setdefault(self.who, []).extend([("marketer", asked), ("bot", reply)])
        with self.services.database.session() as session:
            talk = conversation_for(session, "console", "marketer", None)
            write_exchange(session, talk, asked, reply, intent, what.language, as_json(what))

    def _facts(self) -> None:
        if self.last is None:
            self.tell("nothing_yet")
        elif not self.last.facts:
            self.tell("no_facts")
        else:
            for fact in self.last.facts:
                self.out.print(Text(f"{fact.source} ({fact.scope})", style="bold"), soft_wrap=True)
                self.out.print(Text(f"  {fact.text}"), soft_wrap=True)

    def _why(self) -> None:
        if self.last is None:
            self.tell("nothing_yet")
            return
        for part in why(self.last, self.language):
            self.out.print(part, soft_wrap=isinstance(part, Text))
