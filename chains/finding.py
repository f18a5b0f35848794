"""Finds what the rows say to a question: which products it is about, which statement answers it.

Numbers come from rows, prose from the scoped retriever, and a small judge decides what answers what. Knows
nothing of small talk, orders or complaints (see `reply`), and generates nothing.
"""

import re
from dataclasses import replace

from chains import products
from chains.basket import add_up, basket
from chains.budget import affordable
from chains.certainty import agree, by_product, by_region, by_unit, by_words, terms
from chains.clauses import bare, questions_in
from chains.concepts import shop_settings
from chains.cues import Cues
from chains.evidence import (
    PRICE,
    STOCK,
    SURELY,
    Evidence,
    Judges,
    judged,
    of_hit,
    of_product,
    said_abroad,
)
from chains.following import Following
from chains.framing import full_stop
from chains.lookup import Lookup, items_of
from chains.named import by_its_name, described, only_names, words_beside
from chains.phrases import join, say
from chains.plan import Plan, Turn, asking, planned
from chains.postage import Postage, postage_to
from chains.quantities import quantity_in
from chains.siblings import of_size
from chains.statement import of_several, told_of
from chains.subject import (
    Subject,
    best_of,
    find_subject,
    speaks_of,
    strange_name,
    unexplained,
)
from chains.telling import Teller, not_ours, together
from chains.words import plain_words
from knowledge.crm.catalogue_view import Item
from knowledge.crm.desk import Desk
from knowledge.facts.lexicon import tokens
from knowledge.facts.retriever import FactIndex, Hit

SHOWN = 3
TILL = frozenset({"price", "stock"})
WHOLE = 0.8  # of a name, from which on a part that is asked for is a product of its own
HALF = 0.5  # of a name, below which it may be a word that another product shares
ABROAD = 0.05  # by which a statement of the row in the other language goes behind those of its own
AHEAD = 0.03  # of the search's score
CERTAIN = 0.7
OF_NAMED, OF_IT = (
    0.05,
    0.3,
)  # by which a statement of the product goes before others: one that is named, one called "it"
MEASURED = re.compile(
    r"\b(light|heavi|small|bigg?|larg|short|long|tall|thinn?|thick|narrow|wid)\w*est\b|最(轻|重|大|小|长|短|高|薄|厚|窄|宽)",
    re.I,
)
HAVE = re.compile(
    r"\b(do|have) you( guys| all)?( also| still)? (have|sell|carry|stock|offer|got|any)\b", re.I
)


class Finder:
    """Answers from the catalogue and the facts; synchronous."""

    def __init__(self, index: FactIndex, judge: Judges, cues: Cues) -> None:
        self._index, self._judge, self._cues = index, judge, cues
        self._lookup = Lookup(index)
        self._following = Following(index.embedder, judge, cues)
        self._teller = Teller(index)

    def best(self, question: str, candidates: list[Evidence], least: float = SURELY) -> Evidence | None:
        """The candidate that answers the question with at least this certainty, if one does."""
        return next((e for e in judged(question, candidates, self._judge) if e.p >= least), None)

    def named_items(self, turn: Turn) -> list[Item]:
        """The products a message is about, by itself or by the talk before it."""
        subject = find_subject(turn.route, turn.question.history, turn.desk.catalogue)
        return self._following.resolve(turn, subject)[1]

    def answer(self, turn: Turn) -> Plan | None:
        """What the rows say to a message, or None where they say nothing. Several questions get several answers."""
        sent = self._postage(turn)
        lines = basket(turn.route, turn.desk, 1 if sent else 2)
        if lines and (told := add_up(lines, turn.desk, turn.language, sent)):
            return planned(turn, told)
        subject = find_subject(turn.route, turn.question.history, turn.desk.catalogue)
        asked, items = self._following.resolve(turn, subject)
        if subject.named and (stranger := strange_name(turn.route.text, items, subject.words)):
            return not_ours(turn, stranger, items)
        items = self._following.nearest(turn, subject, items)
        carried = asked != turn.route.text and asked.endswith(turn.route.text)
        questions = [] if carried else questions_in(asked, self._cues)
        if subject.share < HALF and items == list(subject.items):
            items = self._abroad(turn, [turn.route.text, *questions], items)
        apart = bool(items) or not any("pronoun" in self._cues.all(one) or bare(one) for one in questions[1:])
        if apart and len(questions) > 1:
            plans = [self._one(turn, one, self._own(turn, one) or items, subject) for one in questions]
            if said := [plan for plan in plans if plan is not None]:
                return together(said)
        plan = self._one(turn, asked, items, subject)
        if plan is None and subject.earlier and not subject.named and turn.question.history:
            both = f"{subject.earlier} {turn.question.text}"  # what was said before may be what is missing
            if self._following.leans(turn.question.text, subject.focus) and both != asked:
                hits = self._lookup.search(turn, both)
                plan = self._judge_all(turn, both, list(subject.focus), hits, [], [])
        return plan

    def _abroad(self, turn: Turn, texts: list[str], items: list[Item]) -> list[Item]:
        """The product that only the other language names, where the search finds it first, by all or a part of the message,
        well before those of which a word or two was said: "the glass bead *blanket*"."""
        named = {item.sku for item in items}
        for text in texts if items else ():
            hits = self._lookup.search(turn, text)
            first = next(iter(items_of(hits[:1], turn.desk)), None)
            second = max((hit.score for hit in hits if hit.details.get("sku") in named), default=0.0)
            if first is not None and turn.language not in first.names and hits[0].score >= second + AHEAD:
                return [first]
        return items

    def _postage(self, turn: Turn) -> Postage | None:
        """What sending goods costs to the place that is named, where their sum is asked for."""
        if not {"total", "shipping"} <= turn.route.cues:
            return None
        regions = [e for hit in self._lookup.setting(turn, "shipping") for e in of_hit(hit)]
        return postage_to(turn.route.text, regions)

    def _own(self, turn: Turn, clause: str) -> list[Item]:
        """The products that one question of several names itself."""
        return of_size(clause, best_of(turn.desk.catalogue.mentions(clause), turn.desk.catalogue))

    def _one(self, turn: Turn, asked: str, items: list[Item], subject: Subject) -> Plan | None:
        """What the rows say to one question about these products (none: about any)."""
        desk, language, route = turn.desk, turn.language, turn.route
        if asked != route.text:
            cues = self._cues.all(asked)
            if asked in route.text:  # a part of the message: its own cues alone
                route = replace(route, text=asked, cues=cues)
            else:
                route = replace(route, text=asked, cues=cues | (route.cues & TILL))
        if "part" in route.cues and subject.share < WHOLE:  # a lid costs not what its pot does
            route = replace(route, cues=route.cues - TILL)
        turn = replace(turn, route=route)
        certain = [item for item in items if len(unexplained(asked, item)) < 2 or not subject.named]
        if told := products.price_or_stock(route, certain, desk, language):
            if told.verdict != "unknown" and "restock" in route.cues:
                return self._again(turn, asked, certain) or planned(turn, told)
            return self._costs_else(turn, asked, certain) or planned(turn, told)
        if told := products.rating(route, items, desk, language):
            return planned(turn, told)
        if (named := by_its_name(turn, asked, certain)) is not None:
            return self._teller.say(turn, asked, [named], certain)
        hits = self._lookup.search(turn, asked)
        found = items_of(hits, desk)
        if (meant := described(turn, items, found)) is not None:
            told = products.price_or_stock(route, [meant], desk, language)
            if told:
                return self._costs_else(turn, asked, [meant]) or planned(turn, told)
        pool = items if len(items) > 1 else self._pool(subject, found, desk, turn)
        extremes = {"cheapest", "dearest"} & route.cues or (
            {"least", "most"} & route.cues and ("choose" in route.cues or subject.category is not None)
        )
        if told := affordable(asked, route, subject, found, desk, language):
            return planned(turn, told)
        if extremes and len(items) != 1:
            told = products.superlative(route, pool, desk, language, self._judge, self._index.embedder)
            if told:
                return planned(turn, told)
            if MEASURED.search(
                asked
            ):  # no row says how light they are: what is "light" otherwise is beside the point
                turn = replace(turn, route=replace(route, cues=route.cues - {"choose"}))
        return self._judge_all(turn, asked, items, hits, found, pool)

    def _costs_else(self, turn: Turn, asked: str, items: list[Item]) -> Plan | None:
        """A price that is not the product's own: "what does it cost to have my bass set up?"."""
        if "stock" in turn.route.cues or quantity_in(asked):
            return None
        if turn.language == "en" and not words_beside(asked, items):
            return None
        others = [
            e
            for hit in self._lookup.search(turn, asked)
            if hit.kind in ("faq", "document")
            for e in of_hit(hit)
        ]
        best = self.best(asked, [e for e in others if e.language == turn.language])
        if best is None or best.p < CERTAIN or not any(character.isdigit() for character in best.value):
            return None
        return self._teller.say(turn, asked, [best], [])

    def _again(self, turn: Turn, asked: str, items: list[Item]) -> Plan | None:
        """When there will be some again of what is sold out: what a row says of it, else that none does."""
        now = turn.desk.fresh([item.sku for item in items])
        if any(row.stock != 0 for row in now.values()):
            return None
        told = [e for item in items for e in of_product(item, turn.language, turn.desk)]
        told += [
            e
            for hit in self._lookup.search(turn, asked)
            if hit.kind in ("faq", "document")
            for e in of_hit(hit)
        ]
        best = self.best(asked, [e for e in told if e.key not in STOCK], CERTAIN)
        if best is not None:
            return self._teller.say(turn, asked, [best], [])
        out = [say("out_of_stock", turn.language, product=item.name(turn.language)) for item in items]
        text = join([*out, say("restock_unknown", turn.language)], turn.language)
        rows = tuple(e.ref() for e in told if e.key in STOCK)
        return Plan(turn.route, turn.language, "unknown", text, rows)

    def _judge_all(
        self, turn: Turn, asked: str, items: list[Item], hits: list[Hit], found: list[Item], pool: list[Item]
    ) -> Plan | None:
        desk, language = turn.desk, turn.language
        foreign = [item for item in found[SHOWN:] if language not in item.names]
        around = items or [*found[:SHOWN], *foreign[:2]]
        stocked = desk.fresh([item.sku for item in around])
        statements = [e for item in around for e in of_product(item, language, desk, stocked.get(item.sku))]
        statements += [e for item in items for e in said_abroad(item, language, desk)]
        till = (*PRICE, *STOCK)
        if "part" in turn.route.cues and not TILL & turn.route.cues:
            statements = [e for e in statements if e.key not in till]
        if not items:  # what a product costs answers no question that does not say which
            asked_of = {
                e.id for e in statements if TILL & turn.route.cues and e.item and speaks_of(asked, e.item)
            }
            statements = [e for e in statements if e.key not in till or e.id in asked_of]
        others = [e for hit in hits if hit.kind != "product" for e in of_hit(hit)]
        wanted = {*shop_settings(asked), *({"shipping"} & self._cues.all(asked))}
        others += [
            e for key in sorted(wanted) for hit in self._lookup.setting(turn, key) for e in of_hit(hit)
        ]
        others = list({e.id + e.value: e for e in others}.values())
        rated = [by_words(asked, e, items) for e in judged(asked, [*statements, *others], self._judge)]
        rated = [by_unit(asked, e) for e in rated]
        if "part" in turn.route.cues and "price" in self._cues.all(asked):  # its price, or nothing
            rated = [e for e in rated if any(map(str.isdigit, e.value))]
        rated = by_region(turn.question.text, asked, turn.route.cues | self._cues.all(asked), rated)
        if not items:
            rated = by_product(rated, hits)
        if items:  # a named product's own statements come first among equals
            talked = words_beside(asked, items) == set(tokens(asked)) - plain_words()  # none of them is named
            nearer = OF_IT if "it" in turn.route.cues and talked else OF_NAMED
            rated.sort(key=lambda e: -(e.p + _ahead(e, nearer, language)))
        else:
            rated.sort(key=lambda e: -(e.p + 0.03 * (e.language == language)))
        if asked.endswith(turn.question.text) and asked != turn.question.text:  # the new words weigh more
            new = set(tokens(turn.question.text)) - plain_words()
            rated.sort(key=lambda e: -(e.p * (1 + 2 * len(new & set(tokens(e.text))) / max(len(new), 1))))
        unasked = set() if TILL & turn.route.cues else {*PRICE, *STOCK}
        good = [e for e in rated if e.p >= (CERTAIN if e.key in unasked else SURELY)]
        if "choose" in turn.route.cues and not items and (not good or good[0].item is not None):
            wished = pool if not HAVE.search(asked) else [i for i in pool if not unexplained(asked, i)]
            told = products.fitting(turn.route, wished, desk, language, self._judge, SURELY)
            if told is None and HAVE.search(asked) and len(tokens(asked)) <= 8:
                return None
            if told is not None:
                return planned(turn, told)
        if not good and items and agree(asked, rated, self._index.embedder):
            good = rated[:1]
        if not good and (regions := terms(asked, turn.route.cues, language, rated)):
            text = join([full_stop(e.text, language) for e in regions], language)
            each = of_several([one for e in regions for one in told_of(e, full_stop(e.text, language))])
            return Plan(
                turn.route, language, "extractive", text, tuple(e.ref() for e in regions),
                statements=asking(turn, asked, each),
            )  # fmt: skip
        if not good:
            if (
                items
                and "choose" in turn.route.cues
                and len(tokens(asked)) <= 12
                and only_names(asked, items)
            ):
                return self._have(turn, items)
            return None
        return self._teller.say(turn, asked, good, items)

    def _have(self, turn: Turn, items: list[Item]) -> Plan | None:
        told = products.price_or_stock(
            replace(turn.route, cues=turn.route.cues | {"price", "stock"}), items, turn.desk, turn.language
        )
        return planned(turn, told) if told else None

    def _pool(self, subject: Subject, found: list[Item], desk: Desk, turn: Turn) -> list[Item]:
        """The products a choice is made among: a named category's, else the found ones' main category."""
        if subject.category:
            return products.in_category(subject.category, desk.catalogue)
        mentions = desk.catalogue.mentions(turn.route.text)
        alike = [mention.item for mention in mentions if mention.words >= mentions[0].words]
        if len(alike) > 1:  # "which of the serums": the products that bear the word
            return alike
        if not found:
            return list(subject.focus)
        mine = found[0].categories.values()
        same = [item for item in found[:6] if set(item.categories.values()) & set(mine)]
        if len(same) >= min(3, len(found)):
            return [found[0], *desk.catalogue.peers(found[0])]
        return found[:6]


def _ahead(e: Evidence, nearer: float, language: str) -> float:
    """By how much a statement of a named product goes before equals, or behind them where its row in the other language
    alone has it."""
    if e.item is None or e.p < SURELY:
        return 0.0
    return nearer if e.language == e.item.language(language) else -ABROAD
