"""Lays out why an answer is as it is: verdict, feeling, costs, and its ledger, a claim a row. Judges nothing and reads no data:
all of it stands in the finished turn."""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot.console_words import VERDICTS, named, say
from chains.guard.ledger.telling import told_kind, told_result, told_rule
from chains.turn import Answer, Claim, CopyAnswer, FactRef

COLOURS = {"supported": "green", "derived": "green", "contradicted": "red", "unsupported": "red"}
COLUMNS = ("claim", "place", "kind", "result", "rule", "source")


def why(answer: Answer | CopyAnswer, language: str) -> Iterator[RenderableType]:
    """What to print, in order."""
    times = ", ".join(f"{name} {value}" for name, value in answer.timings_ms.items()) or "-"
    if isinstance(answer, CopyAnswer):
        for number, variant in enumerate(answer.variants, 1):
            yield _dim(say("variant", language, number=number, verdict=variant.verdict))
            yield from _claims(variant.claims, answer.facts, language)
        yield from _objections(answer.objections, language)
        yield _dim(say("times", language, times=times, tokens="-"))
        return
    feeling = answer.sentiment
    yield _dim(
        say(
            "why",
            language,
            verdict=VERDICTS[answer.verdict]["zh" if language == "zh" else "en"],
            intent=named(answer.intent, language),
            sentiment=named(feeling.label, language),
            score=f"{feeling.score:.2f}",
        )
    )
    yield from _claims(answer.claims, answer.facts, language)
    yield from _objections(answer.objections, language)
    tokens = " + ".join(str(count) for count in answer.tokens.values())
    yield _dim(say("times", language, times=times, tokens=tokens))


def _claims(claims: Sequence[Claim], facts: Sequence[FactRef], language: str) -> Iterator[RenderableType]:
    if not claims:
        yield _dim(say("no_claims", language))
        return
    sources = {fact.id: fact.source for fact in facts}
    table = Table(box=SIMPLE, pad_edge=False, collapse_padding=True)
    for column in COLUMNS:
        table.add_column(say(f"column_{column}", language), overflow="fold")
    for claim in claims:
        table.add_row(
            Text(claim.text),
            f"{claim.start}-{claim.end}",
            told_kind(claim.kind, language),
            Text(told_result(claim.result, language), style=COLOURS[claim.result]),
            told_rule(claim.rule, language) if claim.rule else "-",
            Text(sources.get(claim.fact, claim.fact) if claim.fact else "-"),
        )
    yield table


def _objections(objections: Sequence[str], language: str) -> Iterator[RenderableType]:
    """What was held against the model's other wordings."""
    if objections:
        yield _dim("\n  ".join([say("objections", language), *objections]))


def _dim(text: str) -> Text:
    return Text(text, style="dim")
