"""Tells what was found: the best statement in a frame, in the question's language, several as one answer.

Decides nothing of what is true or which statement answers (see `finding`).
"""

from dataclasses import replace

from chains import products
from chains.evidence import PRICE, STOCK, Evidence, name_of
from chains.framing import frame, frames
from chains.phrases import join, say
from chains.plan import Plan, Turn, asking, planned
from chains.statement import Statement, in_its_terms, of_several, told_apart, told_of, wordable
from chains.subject import FEW
from chains.twins import in_language
from chains.weekdays import on_the_day
from knowledge.crm.catalogue_view import Item
from knowledge.facts.retriever import FactIndex

POOL = 48  # facts among which the twin of one is looked for
SAME_QUESTION = 0.9  # of cosine


def not_ours(turn: Turn, stranger: str, items: list[Item]) -> Plan:
    """Of a product by a name that none of ours bears nothing is known; ours that are like it are named."""
    names = "; ".join(item.name(turn.language) for item in items[:FEW])
    text = say("not_ours", turn.language, name=stranger, products=names)
    facts = tuple(name_of(item, turn.language) for item in items[:FEW])
    return Plan(turn.route, turn.language, "unknown", text, facts)


def together(plans: list[Plan]) -> Plan:
    """Several answers as one; put in the model's words where each of them may be."""
    whole = plans[0]
    texts = list(dict.fromkeys(plan.text for plan in plans))
    whole.facts = tuple({fact.id: fact for plan in plans for fact in plan.facts}.values())
    whole.computed = tuple(value for plan in plans for value in plan.computed)
    whole.text, whole.verdict = join(texts, whole.language), "extractive"
    each = {plan.text: plan.statements for plan in plans}
    if len(each) > 1:
        whole.statements = ()
        if all(each.values()):
            told = {one.fact.text: one for each_ in each.values() for one in each_ if one.fact is not None}
            several = of_several(list(told.values()))
            whole.statements = told_apart(wordable(several, whole.language))
    return whole


class Teller:
    """Puts what was found into words; synchronous."""

    def __init__(self, index: FactIndex) -> None:
        self._index = index

    def say(self, turn: Turn, asked: str, good: list[Evidence], items: list[Item]) -> Plan:
        """The best statement in a frame; for several named products, each one's best."""
        if (till := self._of_the_till(turn, good[0], items)) is not None:
            return till
        chosen = [good[0]]
        if len(items) > 1:
            key = good[0].key
            chosen = [e for e in good if e.key == key and e.item is not None][:4] or chosen
            if len(chosen) == 1 and good[0].item is not None:
                known = {good[0].item.sku}
                for e in good:
                    if e.item is not None and e.item.sku not in known:
                        known.add(e.item.sku)
                        chosen.append(e)
        elif len(good) > 1 and self._as_good(good[1], good[0]):
            chosen.append(good[1])
        chosen = [self._in_language(turn, e) for e in chosen]
        leads = [self._lead(asked, e) for e in chosen]
        led = [replace(e, value=lead + e.value) for e, lead in zip(chosen, leads, strict=True)]
        text = join(frames(led, turn.route, turn.language), turn.language)
        facts = tuple(e.ref() for e in chosen)
        told = [self._statements(turn, asked, e, lead) for e, lead in zip(chosen, leads, strict=True)]
        statements = told[0] if len(told) == 1 else of_several([one for some in told for one in some])
        return Plan(
            turn.route, turn.language, "extractive", text, facts, statements=asking(turn, asked, statements)
        )

    @staticmethod
    def _statements(turn: Turn, asked: str, e: Evidence, lead: str) -> tuple[Statement, ...]:
        """One fact, a sentence at a time."""
        told = told_of(on_the_day(e, turn.route.text), frame(e, turn.route, turn.language))
        return in_its_terms(told, lead, asked) if lead else told

    @staticmethod
    def _of_the_till(turn: Turn, best: Evidence, items: list[Item]) -> Plan | None:
        """Price and stock are said as such: where they are what was found, or what was asked of a product that was
        described and not named ("how much is the lamp that clips onto a shelf?")."""
        found = {"stock"} if best.key in STOCK else {"price"} if best.key in PRICE else set()
        asked = set() if items else {"price", "stock"} & turn.route.cues
        if best.item is None or not found | asked:
            return None
        route = replace(turn.route, cues=turn.route.cues | found | asked)
        told = products.price_or_stock(route, items or [best.item], turn.desk, turn.language)
        return planned(turn, told) if told else None

    def _in_language(self, turn: Turn, e: Evidence) -> Evidence:
        """A statement of the other language, or the same one in the language of the question where the shop wrote it."""
        retriever = self._index.retriever(turn.question.principal, k=POOL)
        return in_language(e, turn.language, retriever, self._index.embedder)

    def _lead(self, asked: str, e: Evidence) -> str:
        """Before an answer that was written for another question: which, lest it be taken for an answer to this one."""
        if e.kind != "faq":
            return ""
        one, other = self._index.embedder.queries([asked, e.key])
        if float(one @ other) >= SAME_QUESTION:
            return ""
        return f"关于「{e.key.rstrip('？?。')}」：" if e.language == "zh" else f"On “{e.key}”: "

    @staticmethod
    def _as_good(second: Evidence, first: Evidence) -> bool:
        """Whether a second statement of the same product is as likely the answer: better two than the wrong one."""
        same = second.item is not None and second.item is first.item and second.key not in (*PRICE, *STOCK)
        return same and second.p >= 0.85 * first.p and second.polarity is None and first.polarity is None
