"""Plans an answer: what the message is, which rows bear on it, and what those rows say in the shop's words.

A plan can be sent as it is; where it stands on one statement, the model may say it better (see `writer`).
Rows decide what is true, the principal decides what is reachable; nothing here generates.
"""

import time
from dataclasses import dataclass, field, replace

from chains import orders, products
from chains.cues import Cues
from chains.evidence import (
    DESCRIPTION,
    PRICE,
    STOCK,
    Evidence,
    Judges,
    judged,
    of_hit,
    of_product,
    sentences,
)
from chains.orders import Told
from chains.phrases import join, say
from chains.route import MARKETERS_ONLY, Route, Router
from chains.subject import Subject, find_subject, plain_words, unexplained
from chains.turn import FactRef, Question, Verdict
from knowledge.crm.catalogue_view import Item
from knowledge.crm.desk import Desk, Shelf
from knowledge.facts.lexicon import tokens
from knowledge.facts.retriever import FactIndex, Hit
from knowledge.languages import detect

SURE = 0.5  # of a route
HITS = 14
SHOWN = 4
CLEARLY = 0.012  # of cosine


@dataclass
class Plan:
    """What will be said. `write` is the one statement that the model may put in words."""

    route: Route
    language: str
    verdict: Verdict
    text: str
    facts: tuple[FactRef, ...] = ()
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


class Planner:
    """Plans answers for anybody; synchronous, to be run off the event loop."""

    def __init__(
        self, index: FactIndex, shelf: Shelf, router: Router, judge: Judges, cues: Cues, threshold: float
    ) -> None:
        self._index, self._shelf, self.router = index, shelf, router
        self._judge, self._cues, self._threshold = judge, cues, threshold

    def plan(self, question: Question) -> Plan:
        """Route the message and find what answers it."""
        started = time.perf_counter()
        route = self.router.route(question.text, question.principal, language=question.language)
        routed = time.perf_counter()
        turn = Turn(
            question, route, Desk(self._shelf, question.principal), "zh" if route.language == "zh" else "en"
        )
        plan = self._plan(turn) if route.text else self._told(turn, "small_talk", "allow")
        plan.intent = plan.intent or route.intent
        plan.timings = {"route": _ms(started, routed), "retrieve": _ms(routed, time.perf_counter())}
        return plan

    def _told(self, turn: Turn, key: str, verdict: Verdict, *more: str, **values: object) -> Plan:
        values.setdefault(
            "shop", turn.desk.shop.name_in(turn.language) or ("本店" if turn.language == "zh" else "the shop")
        )
        said = join([say(key, turn.language, seed=turn.route.text, **values), *more], turn.language)
        return Plan(turn.route, turn.language, verdict, said)

    def _from(self, turn: Turn, told: Told) -> Plan:
        return Plan(turn.route, turn.language, told.verdict, told.text, told.facts)

    def _plan(self, turn: Turn) -> Plan:
        route, customer = turn.route, turn.question.role == "customer"
        sure = route.confidence >= SURE
        if customer and route.intent == "unsafe" and route.confidence >= 0.6:
            return self._told(turn, "refused", "refused")
        if customer and (turn.desk.names_somebody_else(route.text) or "other_person" in route.cues):
            return self._told(turn, "refused_person", "refused")
        if customer and route.intent in MARKETERS_ONLY and sure:
            return self._told(turn, "marketers_only", "refused")
        if route.intent == "opt_out" and sure and customer:
            return self._told(turn, "opt_out", "allow")
        if route.intent == "wants_human" and sure:
            return self._human(turn)
        if (chat := self._small_talk(turn)) is not None:
            return chat
        if customer and (told := self._orders(turn)) is not None:
            plan = self._from(turn, told)
            if route.intent == "complaint" or (route.sentiment.label == "negative" and "angry" in route.cues):
                plan.text = join([say("sorry", turn.language, seed=route.text), plan.text], turn.language)
                plan.text = join([plan.text, self._contact_line(turn)], turn.language)
            else:
                plan.intent = "order_question" if route.intent != "policy_question" else route.intent
            return plan
        if customer and self._complains(route):
            return self._complaint(turn)
        if route.intent == "feedback" and sure and "yes_no" not in route.cues and not _asks(route.text):
            return self._told(turn, "praise" if route.sentiment.label == "positive" else "feedback", "allow")
        return self._knowledge(turn)

    @staticmethod
    def _complains(route: Route) -> bool:
        """A complaint by its words: the mood or angry words, not the head alone."""
        negative = route.sentiment.label == "negative"
        if "angry" in route.cues:
            return negative or route.intent == "complaint"
        return route.intent == "complaint" and negative and route.confidence >= 0.6

    def _small_talk(self, turn: Turn) -> Plan | None:
        cues, text, mood = turn.route.cues, turn.route.text, turn.route.sentiment.label
        if "who" in cues:
            return self._told(turn, "who", "allow")
        if "hello" in cues:
            return self._told(turn, "greeting", "allow")
        chatty = turn.route.intent in ("small_talk", "feedback") and not _asks(text)
        if "bye" in cues and len(text) < 60 and chatty:
            return self._told(turn, "bye", "allow")
        if chatty and "praise" in cues and mood == "positive":
            return self._told(turn, "praise", "allow")
        if "thanks" in cues and chatty and len(text) < 80:
            return self._told(turn, "thanks", "allow")
        if turn.route.intent == "small_talk" and turn.route.confidence >= 0.8 and not _asks(text):
            return self._told(turn, "small_talk", "allow")
        return None

    def _shop_fact(self, turn: Turn, key: str) -> Hit | None:
        """A setting of the shop as a fact, in the turn's language where it has one."""
        wanted = {f"shop:{key}:{code}" for code in ("en", "zh")}
        found = self._index.retriever(turn.question.principal).entities(wanted)
        return min(found, key=lambda hit: hit.language != turn.language, default=None)

    def _contact(self, turn: Turn) -> Hit | None:
        return self._shop_fact(turn, "contact")

    def _contact_line(self, turn: Turn) -> str:
        contact = self._contact(turn)
        if contact is None:
            return say("kept", turn.language)
        return say("unknown_human", turn.language, contact=_stop(contact.details["value"], turn.language))

    def _human(self, turn: Turn) -> Plan:
        contact = self._contact(turn)
        if contact is None:
            return self._told(turn, "human_none", "handoff")
        said = [
            say(
                "human",
                turn.language,
                seed=turn.route.text,
                contact=_stop(contact.details["value"], turn.language),
            )
        ]
        facts = [contact]
        for key in ("opening_hours", "address"):
            more = self._shop_fact(turn, key)
            if more is not None and more.details["value"] not in said[0]:
                colon = "：" if turn.language == "zh" else ": "
                said.append(_stop(f"{more.details['label']}{colon}{more.details['value']}", turn.language))
                facts.append(more)
        refs = tuple(FactRef(id=hit.id, source=hit.source, text=hit.text, scope=hit.scope) for hit in facts)
        return Plan(turn.route, turn.language, "handoff", join(said, turn.language), refs)

    def _complaint(self, turn: Turn) -> Plan:
        """Calm first, then what the rows say about it, then where to turn."""
        language = turn.language
        sorry = say("sorry", language, seed=turn.route.text)
        hits = self._search(turn, turn.route.text)
        policies = [e for hit in hits if hit.kind in ("faq", "shop", "document") for e in of_hit(hit)]
        best = next(
            (e for e in judged(turn.route.text, policies, self._judge) if e.p >= self._threshold), None
        )
        said = [sorry]
        if best is not None and best.language == language:
            said.append(_stop(best.value, language))
        said.append(say("complaint_noted", language))
        if turn.desk.principal.customer_id and turn.desk.orders() and best is None:
            said.append(say("complaint_order_hint", language))
        if self._contact(turn) is not None:
            said.append(self._contact_line(turn))
        facts = (best.ref(),) if best is not None and best.language == language else ()
        return Plan(turn.route, language, "handoff", join(said, language), facts)

    def _orders(self, turn: Turn) -> Told | None:
        route, desk = turn.route, turn.desk
        cues = route.cues
        own, strange = orders.ids_in(route.text, desk.orders())
        strange = [word for word in strange if not self._is_product_word(word, turn)]
        talked = bool(orders.ids_in(turn.earlier, desk.orders())[0])
        waiting = any(order.status in orders.OPEN for order in desk.orders())
        about = {"arrival", "tracking", "status", "items", "paid", "cancel", "return"} & cues
        asked = (
            bool(own)
            or (bool(strange) and ("order" in cues or route.intent == "order_question"))
            or (route.intent == "order_question" and route.confidence >= 0.45 and not self._general(turn))
            or ("order_all" in cues and "order" in cues and desk.principal.customer_id is not None)
            or (waiting and "arrival" in cues and "yes_no" not in cues and route.confidence < 0.9)
            or (
                talked
                and bool(about)
                and not desk.catalogue.mentions(route.text)
                and len(tokens(route.text)) < 12
            )
        )
        return orders.answer(route, desk, turn.language, turn.earlier) if asked else None

    def _is_product_word(self, word: str, turn: Turn) -> bool:
        names = " ".join(
            name for item in turn.desk.catalogue.items.values() for name in item.names.values()
        ).lower()
        return word.lower() in turn.desk.catalogue.skus or word.lower() in names

    def _general(self, turn: Turn) -> bool:
        """An order question of nobody in particular ("can I change an order?"): a policy, unless it is owned."""
        return (
            turn.desk.principal.customer_id is None
            and "order_all" not in turn.route.cues
            and not ({"arrival", "tracking", "status"} & turn.route.cues)
        )

    def _search(self, turn: Turn, query: str) -> list[Hit]:
        retriever = self._index.retriever(turn.question.principal, k=HITS)
        vector = turn.route.vector if query == turn.route.text else None
        hits = retriever.search(query, vector=vector)
        # notes are the team's words about a customer: for marketers, not for reading back to the customer
        return [hit for hit in hits if hit.kind != "note" or turn.question.role == "marketer"]

    def _knowledge(self, turn: Turn) -> Plan:
        desk, language = turn.desk, turn.language
        subject = find_subject(turn.route, turn.question.history, desk.catalogue)
        asked, items = self._resolve(turn, subject)
        items = self._nearest(turn, items)
        route = (
            turn.route
            if asked == turn.route.text
            else replace(
                turn.route, text=asked, cues=self._cues.all(asked) | (turn.route.cues & {"price", "stock"})
            )
        )
        turn = replace(turn, route=route)
        certain = [item for item in items if len(unexplained(asked, item)) < 2 or not subject.named]
        if told := products.price_or_stock(route, certain, desk, language):
            return self._from(turn, told)
        if told := products.rating(route, items, desk, language):
            return self._from(turn, told)
        hits = self._search(turn, asked)
        found = self._items_of(hits, desk)
        pool = items if len(items) > 1 else self._pool(subject, found, desk, turn)
        extremes = {"cheapest", "dearest"} & route.cues or (
            {"least", "most"} & route.cues and ("choose" in route.cues or subject.category is not None)
        )
        if extremes and len(items) != 1:
            told = products.superlative(route, pool, desk, language, self._judge, self._index.embedder)
            if told:
                return self._from(turn, told)
        return self._judge_all(turn, asked, items, hits, found, pool)

    def _judge_all(
        self, turn: Turn, asked: str, items: list[Item], hits: list[Hit], found: list[Item], pool: list[Item]
    ) -> Plan:
        desk, language = turn.desk, turn.language
        around = items or found[:SHOWN]
        stocked = desk.fresh([item.sku for item in around])
        statements = [e for item in around for e in of_product(item, language, desk, stocked.get(item.sku))]
        others = [e for hit in hits if hit.kind != "product" for e in of_hit(hit)]
        rated = judged(asked, [*statements, *others], self._judge)
        if items:  # a named product's own statements come first among equals
            rated.sort(key=lambda e: -(e.p + 0.05 * (e.item is not None)))
        else:
            rated.sort(key=lambda e: -(e.p + 0.03 * (e.language == language)))
        good = [e for e in rated if e.p >= self._threshold]
        if "choose" in turn.route.cues and not items and (not good or good[0].item is not None):
            told = products.fitting(turn.route, pool, desk, language, self._judge, self._threshold)
            if told is not None:
                return self._from(turn, told)
        if not good:
            if (
                items
                and "choose" in turn.route.cues
                and len(tokens(asked)) <= 12
                and self._only_names(asked, items)
            ):
                return self._have(turn, items)
            return self._unknown(turn, items)
        return self._say(turn, asked, good, items)

    def _only_names(self, asked: str, items: list[Item]) -> bool:
        """Whether the question holds little more than the products' names ("do you have the X?")."""
        names = {word for item in items for name in item.names.values() for word in tokens(name)}
        rest = [word for word in tokens(asked) if word not in names and word not in plain_words()]
        return len(rest) <= (5 if detect(asked) == "zh" else 0)

    def _have(self, turn: Turn, items: list[Item]) -> Plan:
        told = products.price_or_stock(
            replace(turn.route, cues=turn.route.cues | {"price", "stock"}), items, turn.desk, turn.language
        )
        return self._from(turn, told) if told else self._unknown(turn, items)

    def _say(self, turn: Turn, asked: str, good: list[Evidence], items: list[Item]) -> Plan:
        """The best statement in a frame; for several named products, each one's best."""
        chosen = [good[0]]
        if len(items) > 1:
            key = good[0].key
            chosen = [e for e in good if e.key == key and e.item is not None][:4] or chosen
            if len(chosen) == 1 and good[0].item is not None:
                told = {good[0].item.sku}
                for e in good:
                    if e.item is not None and e.item.sku not in told:
                        told.add(e.item.sku)
                        chosen.append(e)
        elif (
            len(good) > 1
            and good[1].p >= 0.85
            and good[1].key != good[0].key
            and good[1].kind == good[0].kind
        ):
            chosen.append(good[1])
        text = join([frame(e, turn) for e in chosen], turn.language)
        best = good[0]
        single = len(chosen) == 1 and best.language == turn.language
        writable = single and best.polarity is None and best.kind in ("product", "shop") and best.key not in (
            *DESCRIPTION, *PRICE, *STOCK
        ) and "yes_no" not in turn.route.cues  # fmt: skip
        facts = tuple(e.ref() for e in chosen)
        return Plan(turn.route, turn.language, "extractive", text, facts, best if writable else None, asked)

    def _resolve(self, turn: Turn, subject: Subject) -> tuple[str, list[Item]]:
        """The full question and its products, where the message leaves one of them to the talk before."""
        text, cues = turn.route.text, turn.route.cues
        elliptic = bool({"ellipsis", "pronoun"} & cues) or len(tokens(text)) <= 6
        if not turn.question.history or not elliptic:
            return text, list(subject.items)
        catalogue = turn.desk.catalogue
        if subject.named:
            rest = [word for word in tokens(text) if word not in subject.words]
            asks = {"price", "stock", "yes_no"} & cues and "ellipsis" not in cues
            if (
                subject.earlier
                and "ellipsis" in cues
                and len(rest) <= 6
                and not asks
                and not {"price", "stock"} & cues
            ):
                return self._carried(subject, list(subject.items)), list(subject.items)
            return text, list(subject.items)
        if not subject.focus:
            return (f"{subject.earlier} {text}" if subject.earlier and "ellipsis" in cues else text), []
        focus = list(subject.focus)
        if {"price", "stock", "rating"} & cues:
            return text, focus
        statements = [e for item in focus for e in of_product(item, turn.language, turn.desk)]
        here = max((e.p for e in judged(text, statements, self._judge)), default=0.0)
        peers = [peer for item in focus for peer in catalogue.peers(item) if peer not in focus]
        other = products.narrowed(text, peers) if "ellipsis" in cues else []
        if here >= self._threshold or not other or len(other) > 3:
            return text, focus
        return self._carried(subject, other), other

    def _nearest(self, turn: Turn, items: list[Item]) -> list[Item]:
        """Of several products that were named alike, the one whose name is clearly nearer in meaning, if one is."""
        if len(items) < 2:
            return items
        names = [item.name(turn.language) for item in items]
        near = self._index.embedder.passages(names) @ turn.route.vector
        best = float(near.max())
        return [item for item, score in zip(items, near.tolist(), strict=True) if score >= best - CLEARLY]

    def _carried(self, subject: Subject, items: list[Item]) -> str:
        """The earlier question, asked of other products."""
        question = subject.earlier
        for old in subject.focus:
            for language, name in old.names.items():
                if name.lower() in question.lower() and items:
                    start = question.lower().index(name.lower())
                    return question[:start] + items[0].name(language) + question[start + len(name) :]
        return question

    def _items_of(self, hits: list[Hit], desk: Desk) -> list[Item]:
        skus = dict.fromkeys(hit.details["sku"] for hit in hits if hit.kind == "product")
        return [desk.catalogue.items[sku] for sku in skus if sku in desk.catalogue.items]

    def _pool(self, subject: Subject, found: list[Item], desk: Desk, turn: Turn) -> list[Item]:
        """The products a choice is made among: a named category's, else the found ones' main category."""
        if subject.category:
            return products.in_category(subject.category, desk.catalogue)
        if not found:
            return list(subject.focus)
        mine = found[0].categories.values()
        same = [item for item in found[:6] if set(item.categories.values()) & set(mine)]
        if len(same) >= min(3, len(found)):
            return [found[0], *desk.catalogue.peers(found[0])]
        return found[:6]

    def _unknown(self, turn: Turn, items: list[Item]) -> Plan:
        if len(items) == 1:
            said = say(
                "unknown_product", turn.language, seed=turn.route.text, product=items[0].name(turn.language)
            )
        else:
            said = say("unknown", turn.language, seed=turn.route.text)
        return Plan(
            turn.route, turn.language, "unknown", join([said, self._contact_line(turn)], turn.language)
        )


def frame(e: Evidence, turn: Turn) -> str:
    """A statement as a sentence, in the question's language as far as the row allows."""
    language, seed = turn.language, turn.route.text
    foreign = e.language != language
    if e.item is None:
        said = _stop(e.value if e.kind != "shop" else _shop_words(e), language)
        if e.kind == "document" and len(sentences(e.value)) == 1 and len(e.value) < 25:
            said = _stop(f"{e.key}: {e.value}" if language == "en" else f"{e.key}：{e.value}", language)
        return say("other_language", language, text=said) if foreign else said
    name = e.item.name(language)
    if e.key in DESCRIPTION:
        said = e.value if foreign else _stop(e.value, language)
        return (
            say("other_language", language, text=said)
            if foreign
            else (said if name in said else f"{name}: {said}" if language == "en" else f"{name}：{said}")
        )
    if e.polarity is not None and "yes_no" in turn.route.cues and "negated" not in turn.route.cues:
        return say("attribute_yes" if e.polarity else "attribute_no", language, product=name, key=e.key)
    if e.polarity is not None or foreign:
        return say("attribute_plain", language, product=name, key=e.key, value=e.value)
    return say("attribute", language, seed=seed, product=name, key=e.key, value=e.value)


def _shop_words(e: Evidence) -> str:
    colon = "：" if e.language == "zh" else ": "
    return f"{e.key}{colon}{e.value}"


def _stop(text: str, language: str) -> str:
    """The text with a full stop."""
    text = text.strip()
    return text if text and text[-1] in ".!?。！？…)）" else text + ("。" if language == "zh" else ".")


def _asks(text: str) -> bool:
    return "?" in text or "？" in text


def _ms(start: float, end: float) -> int:
    return round(1000 * (end - start))
