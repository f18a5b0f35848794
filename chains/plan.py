"""A turn being planned, and the plan that comes of it. Computes nothing."""

from dataclasses import dataclass, field

from chains.evidence import Evidence
from chains.orders import Told
from chains.route import Route
from chains.turn import FactRef, Question, Verdict
from knowledge.crm.desk import Desk


@dataclass
class Plan:
    """What will be said. `write` is the one statement that the model may put in words."""

    route: Route
    language: str
    verdict: Verdict
    text: str
    facts: tuple[FactRef, ...] = ()
    computed: tuple[str, ...] = ()
    write: Evidence | None = None
    question: str = ""
    intent: str = ""
    timings: dict[str, int] = field(default_factory=dict)


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
        write=told.write if told.write and told.write.language == turn.language else None, question=turn.route.text,
    )  # fmt: skip
