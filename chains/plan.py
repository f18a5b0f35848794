"""A turn being planned, the plan that comes of it, and a plan as an answer. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chains.guard.ledger import ledger
from chains.orders import Told
from chains.phrases import join
from chains.route import Route
from chains.statement import Statement, introduced, told_apart, wordable
from chains.turn import Answer, FactRef, Question, Verdict
from knowledge.crm.desk import Desk


@dataclass
class Plan:
    """What will be said. `statements` are its sentences where the model may put every one of them in words; `before` and
    `after`, an apology and whom to turn to, stand around them in the bot's own."""

    route: Route
    language: str
    verdict: Verdict
    text: str
    facts: tuple[FactRef, ...] = ()
    computed: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    intent: str = ""
    timings: dict[str, int] = field(default_factory=dict)
    before: str = ""
    after: str = ""

    def around(self, text: str, *, whole: bool = True) -> str:
        """Words in the plan's frame; of words that are not whole yet, without what comes behind."""
        return join([self.before, text, self.after if whole else ""], self.language)

    def framed(self, before: str, after: str = "") -> None:
        """Put what will be said in a frame."""
        self.before, self.after = before, after
        self.text = self.around(self.text)


@dataclass(frozen=True)
class Turn:
    """One message with all that planning looks at."""

    question: Question
    route: Route
    desk: Desk
    language: str

    @property
    def earlier(self) -> str:
        """The talk so far, oldest first."""
        return "\n".join(text for _, text in self.question.history[-8:])

    @property
    def said_before(self) -> list[str]:
        """What the person who asks said before, oldest first."""
        return [text for who, text in self.question.history[-8:] if who not in ("bot", "assistant")]


def planned(turn: Turn, told: Told) -> Plan:
    """What the rows told, as a plan."""
    return Plan(
        turn.route, turn.language, told.verdict, told.text, told.facts, told.computed,
        statements=asking(turn, turn.route.text, told.statements),
    )  # fmt: skip


def asking(turn: Turn, question: str, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements, each with what the model is asked: the question, where nothing narrower is.

    A product that the message neither names nor points at has to be named: the talk before may have meant another.
    """
    asked = tuple(one if one.question else replace(one, question=question) for one in statements)
    found = told_apart(wordable(asked, turn.language))
    return found if "pronoun" in turn.route.cues else introduced(found, turn.question.text)


def answer_of(question: Question, plan: Plan) -> Answer:
    """A plan as an answer, with its claims."""
    facts = list(plan.facts)
    return Answer(
        id=question.id, reply=plan.text, language=plan.language, intent=plan.intent or plan.route.intent,
        sentiment=plan.route.sentiment, facts=facts,
        claims=ledger(plan.text, facts, question=question.text, derived=plan.computed).claims(),
        verdict=plan.verdict, tokens={"prompt": 0, "completion": 0},
    )  # fmt: skip
