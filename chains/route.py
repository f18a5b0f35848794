"""Says what a message is: its language, its intent and its mood, from its embedding, a classifier and a few patterns.

Calls no model that generates. Knows nothing of products or orders; the role comes from the front door.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from chains.cues import Cues
from chains.heads import DATA, Head, head_for, read_examples
from chains.relevance.examples import load, load_pools, stamp
from chains.sentiment.mood import Moods
from chains.turn import Sentiment
from knowledge.facts.embeddings import Embedder, Vectors
from knowledge.languages import clean, detect
from knowledge.principal import Principal

MARKETERS_ONLY = ("copy_request", "follow_up_request", "report_request")
OPT_OUT_WORDS = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "quit",
        "end",
        "revoke",
        "cancel",
        "td",
        "t",
        "optout",
        "opt out",
        "opt-out",
        "退订",
        "退訂",
        "取消订阅",
        "拒收",
    ]
)
ROUTE_STRENGTH = 20.0  # inverse regularisation
QUESTIONS = ("order_question", "policy_question", "product_question")
ASKS = 0.6  # probability from which a message is a question that rows may answer
SURELY_ASKS = 0.8
MOST_ASKED = 3000  # about so many questions teach what a question is


@dataclass(frozen=True)
class Route:
    """What a message is. `vector` is its query embedding, for whoever searches next."""

    text: str
    language: str
    intent: str
    confidence: float
    sentiment: Sentiment
    cues: frozenset[str]
    vector: Vectors
    asks: float = 0.0
    """How probably it is a question that the shop's rows could answer."""


def question_stamp() -> str:
    """What the questions' head is made of, in short."""
    digest = hashlib.sha256(DATA.joinpath("intents.jsonl").read_bytes()).hexdigest()[:24]
    return f"{digest} {stamp()} {MOST_ASKED}"


def question_examples() -> list[tuple[str, str]]:
    """(text, "question" or "talk"): the packaged examples of the intents, and labelled questions that rows answer, evenly
    taken: far more of them than of talk would drown it.

    A shop's own examples are left out: they say which intent, and that a message asks something is no matter of shops.
    """
    intents = read_examples("intents.jsonl", "intent")
    asked = list(dict.fromkeys(line.question for line in [*load(), *load_pools()] if line.answers))
    asked = asked[:: max(1, len(asked) // MOST_ASKED)]
    told = [(text, "question" if intent in QUESTIONS else "talk") for text, intent in intents]
    return told + [(text, "question") for text in asked]


class Router:
    """A linear head on the embedding, moods, and rules for what must not be missed."""

    def __init__(
        self, embedder: Embedder, cache: Path, cues: Cues, moods: Moods, examples: Path | None = None
    ) -> None:
        """`examples` is a shop's own JSON Lines file of {"text", "language", "intent"}."""
        self._embedder, self._cues, self._moods = embedder, cues, moods
        intents = read_examples("intents.jsonl", "intent", examples)
        self._intents: Head = head_for("intents", intents, embedder, cache, strength=ROUTE_STRENGTH)
        self._questions: Head = head_for(
            "questions", question_examples, embedder, cache, strength=ROUTE_STRENGTH, stamp=question_stamp()
        )

    def warm_up(self) -> None:
        """Load what not every message needs, so that none waits for it."""
        self._moods.classifier.warm_up()

    def route(self, text: str, principal: Principal, *, language: str | None = None) -> Route:
        """Route one message of this principal."""
        text = clean(text).strip()
        vector = self._embedder.queries([text])[0]
        probabilities = self._intents.of(vector)
        asks = self._questions.of(vector)["question"]
        cues = self._cues.all(text) | ({"asks"} if asks >= ASKS else set())
        if "gives_up" in cues:
            cues -= {"unsubscribes"}
        kept = asks >= SURELY_ASKS or {"return", "gives_up"} & cues
        if kept and not {"leave_me", "unsubscribes"} & cues:
            probabilities["opt_out"] = 0.0  # "I want out, money back?" takes nobody's consent away
        intent, confidence = self._decide(text, probabilities, cues, principal)
        return Route(
            text, language or detect(text), intent, confidence, self.sentiment_of(text, vector), cues, vector, asks
        )  # fmt: skip

    def sentiment_of(self, text: str, vector: Vectors | None = None) -> Sentiment:
        """The mood of a message, whose embedding may be known already."""
        scores = self._moods.of(text, vector)
        label = max(scores, key=lambda name: scores[name])
        return Sentiment(label=label, score=round(scores[label], 4))  # type: ignore[arg-type]

    def sentiment(self, text: str) -> dict[str, object]:
        """Label, score and all scores of a text: the contract's `sentiment`."""
        scores = {label: round(p, 4) for label, p in self._moods.of(clean(text)).items()}
        label = max(scores, key=lambda name: scores[name])
        return {"label": label, "score": scores[label], "scores": scores}

    def _decide(
        self, text: str, probabilities: dict[str, float], cues: frozenset[str], principal: Principal
    ) -> tuple[str, float]:
        bare = text.strip().strip(".!。！ ").lower()
        if bare in OPT_OUT_WORDS:
            return "opt_out", 1.0
        if principal.role == "marketer":
            if "wants_copy" in cues and max(probabilities[name] for name in MARKETERS_ONLY[:2]) > 0.1:
                best = max(MARKETERS_ONLY[:2], key=lambda name: probabilities[name])
                return best, max(probabilities[best], 0.6)
            probabilities = {
                name: p for name, p in probabilities.items() if name not in ("unsafe", "opt_out")
            }
        else:
            if ("injection" in cues and probabilities["unsafe"] > 0.05) or (
                "other_person" in cues and "injection" in cues
            ):
                return "unsafe", max(probabilities["unsafe"], 0.9)
            if "unsubscribes" in cues:
                return "opt_out", 1.0
            if "wants_copy" not in cues:
                probabilities = {name: p for name, p in probabilities.items() if name not in MARKETERS_ONLY}
        if {"hello", "bye", "who"} & cues and len(text) < 60:
            return "small_talk", 0.95
        best = max(probabilities, key=lambda name: probabilities[name])
        return best, round(probabilities[best] / (sum(probabilities.values()) or 1.0), 4)
