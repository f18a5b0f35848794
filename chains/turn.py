"""The shape of one turn: what is asked, what is shown on the way, what is answered. JSON names are the
contract of `ask` and `copy`; nothing here computes."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.principal import Principal

Verdict = Literal["allow", "rewrite", "extractive", "unknown", "handoff", "refused"]


class Question(BaseModel):
    """What somebody said, and who they are by the word of the front door (never of the text)."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    text: str
    id: str | None = None
    role: Literal["customer", "marketer"] = Field(default="customer", alias="as")
    customer_id: str | None = Field(default=None, alias="customer")
    history: tuple[tuple[str, str], ...] = Field(default=(), description="(speaker, text), oldest first")
    language: str | None = Field(default=None, description="chosen by the person; None follows the message")

    @property
    def principal(self) -> Principal:
        """A marketer with a customer id still reads as a marketer."""
        return Principal(self.role, self.customer_id)


class CopyRequest(BaseModel):
    """Ad copy for one product on one channel."""

    model_config = ConfigDict(frozen=True)

    product: str = Field(description="SKU or name")
    channel: str
    variants: int = Field(default=3, ge=1, le=8)
    language: str | None = None
    audience: str | None = None
    tone: str | None = None


class Sentiment(BaseModel):
    """The label and its calibrated probability."""

    label: Literal["negative", "neutral", "positive"]
    score: float


class FactRef(BaseModel):
    """A fact that an answer stands on."""

    id: str
    source: str
    text: str
    scope: str


class Claim(BaseModel):
    """A checkable statement in a reply; `start` and `end` index it in characters, `rule` says how it was decided."""

    text: str
    start: int
    end: int
    kind: str
    result: Literal["supported", "derived", "contradicted", "unsupported"]
    fact: str | None = None
    normal: str = ""
    rule: str = ""


class VariantText(BaseModel):
    """One wording of copy, by field, with what the checks say of it."""

    text: str
    fields: dict[str, list[str]] = {}
    verdict: Literal["allow", "warn", "block"]
    reasons: list[str] = []
    claims: list[Claim] = []


class Answer(BaseModel):
    """A finished turn."""

    id: str | None = None
    reply: str
    language: str
    intent: str
    sentiment: Sentiment
    facts: list[FactRef] = []
    claims: list[Claim] = []
    verdict: Verdict
    variants: list[VariantText] = []
    objections: list[str] = Field(
        default=[], description="what was held against the wordings that did not leave"
    )
    drafts: dict[str, int] = Field(
        default={}, description="texts of the model: written, passed, passes (with rewriting)"
    )
    timings_ms: dict[str, int] = {}
    tokens: dict[str, int] = {"prompt": 0, "completion": 0}


class CopyAnswer(BaseModel):
    """What `copy` prints."""

    product: str
    channel: str
    language: str
    variants: list[VariantText]
    facts: list[FactRef] = []
    objections: list[str] = []
    drafts: dict[str, int] = {}
    timings_ms: dict[str, int] = {}


class Shown(BaseModel):
    """All the words that may be shown so far (they only ever grow): checked, safe to send."""

    text: str


class Waiting(Shown):
    """A polite word where the reply will take long. The reply takes its place."""


def as_json(answer: BaseModel) -> dict[str, Any]:
    """The contract's JSON; `id` only where one was given."""
    found = answer.model_dump(mode="json")
    if found.get("id") is None:
        found.pop("id", None)
    return found
