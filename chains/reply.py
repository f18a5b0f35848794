"""Plans an answer: what the message is, which rows bear on it, and what those rows say in the shop's words.

A plan can be sent as it is; where it stands on one statement, the model may say it better (see `writer`).
Rows decide what is true, the principal decides what is reachable; nothing here generates.
"""

import re
import time

from chains import orders
from chains.cues import Cues
from chains.evidence import Evidence, Judges, name_of, of_hit
from chains.finding import CERTAIN, Finder
from chains.framing import full_stop
from chains.grievance import plain_questions
from chains.guard.addressed import aimed_at_the_bot
from chains.lookup import Lookup
from chains.order_statements import OPEN
from chains.phrases import join, say
from chains.plan import Plan, Turn, planned
from chains.route import MARKETERS_ONLY, SURELY_ASKS, Route, Router
from chains.spoken import plainly
from chains.turn import FactRef, Question, Verdict
from knowledge.crm.desk import Desk, Shelf
from knowledge.facts.lexicon import tokens
from knowledge.facts.retriever import FactIndex, Hit

SURE = 0.5  # of a route
_ASKING = {"asks", "yes_no", "price", "stock", "total", "rating", "choose"}  # cues that no mere opinion has
FURIOUS = 0.9  # of a negative mood
SOUR = 0.6  # of one that thanks are not meant by


class Planner:
    """Plans answers for anybody; synchronous, to be run off the event loop."""

    def __init__(self, index: FactIndex, shelf: Shelf, router: Router, judge: Judges, cues: Cues) -> None:
        self._shelf, self.router = shelf, router
        self._finder, self._lookup = Finder(index, judge, cues), Lookup(index)

    def warm_up(self) -> None:
        """Load what the first messages would wait for."""
        self.router.warm_up()
        self.plan(Question(text="what do you have?"))

    def plan(self, question: Question) -> Plan:
        """Route the message and find what answers it."""
        question = question.model_copy(update={"text": plainly(question.text)})
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

    def _plan(self, turn: Turn) -> Plan:
        route, customer = turn.route, turn.question.role == "customer"
        sure = route.confidence >= SURE
        mine = "order_all" in route.cues and not {"injection", "other_person"} & route.cues
        own_order = customer and (mine or bool(orders.ids_in(route.text, turn.desk.orders())[0]))
        unsafe = route.intent == "unsafe" and (route.confidence >= 0.6 or (sure and "asks" not in route.cues))
        if {"price", "stock", "total"} & route.cues and "injection" not in route.cues:
            unsafe = unsafe and not turn.desk.catalogue.mentions(route.text)  # its price is no secret
        if customer and unsafe and not own_order:
            return self._told(turn, "refused", "refused")
        if customer and aimed_at_the_bot(route.text, turn.said_before):
            return self._told(turn, "refused", "refused")
        if customer and (turn.desk.names_somebody_else(route.text) or "other_person" in route.cues):
            return self._told(turn, "refused_person", "refused")
        if customer and route.intent in MARKETERS_ONLY and sure:
            return self._told(turn, "marketers_only", "refused")
        if not customer and route.intent in ("copy_request", "follow_up_request"):
            return self._told(turn, "small_talk", "allow")  # the assistant writes these itself
        if route.intent == "opt_out" and sure and customer:
            return self._told(turn, "opt_out", "allow")
        if (customer and "human" in route.cues) or (route.intent == "wants_human" and sure):
            return self._human(turn)
        if (chat := self._small_talk(turn)) is not None:
            return chat
        if customer and (told := self._orders(turn)) is not None:
            plan = planned(turn, told)
            if self._upset(route):
                plan.framed(say("sorry", turn.language, seed=route.text), self._contact_line(turn))
                plan.facts += self._contact_ref(turn)
            else:
                plan.intent = "order_question" if route.intent != "policy_question" else route.intent
            return plan
        if customer and self._complains(route):
            answered = self._finder.answer(turn) if route.asks >= SURELY_ASKS else None
            if answered is None or answered.verdict == "unknown":
                return self._complaint(turn)
            answered.framed(say("sorry", turn.language, seed=route.text))
            return answered
        if route.intent == "feedback" and sure and not _ASKING & route.cues:
            return self._told(turn, "praise" if route.sentiment.label == "positive" else "feedback", "allow")
        answered = self._finder.answer(turn)
        if answered is None and customer and route.intent == "complaint" and self._upset(route):
            return self._complaint(turn)
        if answered is not None and answered.verdict == "unknown" and "restock" in route.cues:
            answered.text = join([answered.text, self._contact_line(turn)], turn.language)
            answered.facts += self._contact_ref(turn)
        return answered or self._unknown(turn)

    @staticmethod
    def _upset(route: Route) -> bool:
        """Whether somebody who asks for an order is angry about it: by intent, by angry words, by shouting."""
        negative = route.sentiment.label == "negative"
        shouts = sum(word.isupper() and len(word) > 2 for word in re.findall(r"[A-Za-z]+", route.text)) >= 2
        positive = route.sentiment.label == "positive" and route.sentiment.score >= FURIOUS
        return (
            (route.intent == "complaint" and route.confidence >= SURE)
            or ("angry" in route.cues and not positive)
            or (negative and shouts)
            or (negative and route.sentiment.score >= FURIOUS)
        )

    @staticmethod
    def _complains(route: Route) -> bool:
        """A complaint by its words: the mood or angry words, not the head alone."""
        negative = route.sentiment.label == "negative"
        if "angry" in route.cues:
            return negative or route.intent == "complaint"
        asks = bool({"asks", "yes_no"} & route.cues)
        return route.intent == "complaint" and negative and route.confidence >= 0.7 and not asks

    def _small_talk(self, turn: Turn) -> Plan | None:
        cues, text, mood = turn.route.cues, turn.route.text, turn.route.sentiment.label
        if "who" in cues:
            return self._told(turn, "who", "allow")
        if "hello" in cues:
            return self._told(turn, "greeting", "allow")
        asks = "asks" in cues
        chatty = turn.route.intent in ("small_talk", "feedback") and not asks
        if "bye" in cues and len(text) < 60 and chatty:
            return self._told(turn, "bye", "allow")
        grateful = "thanks" in cues and len(text) >= 12 and "angry" not in cues and "yes_no" not in cues
        sour = mood == "negative" and turn.route.sentiment.score >= SOUR
        if not _ASKING & cues and grateful and (not sour or turn.route.intent == "complaint"):
            return self._told(turn, "praise", "allow")
        glad = mood == "positive" and not asks and "angry" not in cues
        if (
            glad
            and ("praise" in cues or turn.route.intent in ("feedback", "complaint"))
            and not _ASKING & cues
        ):
            return self._told(turn, "praise", "allow")
        if "thanks" in cues and chatty and len(text) < 80:
            return self._told(turn, "thanks", "allow")
        if turn.route.intent == "small_talk" and turn.route.confidence >= 0.8 and not asks:
            return self._told(turn, "small_talk", "allow")
        return None

    def _shop_fact(self, turn: Turn, key: str) -> Hit | None:
        """A setting of the shop as a fact, in the turn's language where it has one."""
        return next(iter(self._lookup.setting(turn, key)), None)

    def _contact(self, turn: Turn) -> Hit | None:
        return self._shop_fact(turn, "contact")

    def _contact_line(self, turn: Turn) -> str:
        contact = self._contact(turn)
        if contact is None:
            return say("kept", turn.language)
        return say("unknown_human", turn.language, contact=full_stop(contact.details["value"], turn.language))

    def _contact_ref(self, turn: Turn) -> tuple[FactRef, ...]:
        """The contact as a fact, for answers that end with it."""
        contact = self._contact(turn)
        return () if contact is None else (_ref(contact),)

    def _human(self, turn: Turn) -> Plan:
        contact = self._contact(turn)
        calm = [say("sorry", turn.language, seed=turn.route.text)] if self._upset(turn.route) else []
        if contact is None:
            plan = self._told(turn, "human_none", "handoff")
            plan.text = join([*calm, plan.text], turn.language)
            return plan
        told = full_stop(contact.details["value"], turn.language)
        said = [*calm, say("human", turn.language, seed=turn.route.text, contact=told)]
        facts = [contact]
        for key in ("opening_hours", "address"):
            more = self._shop_fact(turn, key)
            if more is not None and more.details["value"] not in said[-1]:
                colon = "：" if turn.language == "zh" else ": "
                said.append(
                    full_stop(f"{more.details['label']}{colon}{more.details['value']}", turn.language)
                )
                facts.append(more)
        refs = tuple(_ref(hit) for hit in facts)
        return Plan(turn.route, turn.language, "handoff", join(said, turn.language), refs)

    def _complaint(self, turn: Turn) -> Plan:
        """Calm first, then what the rows say about it, then where to turn."""
        language = turn.language
        sorry = say("sorry", language, seed=turn.route.text)
        best = self._policy(turn)
        said = [sorry]
        if best is not None:
            said.append(full_stop(best.value, language))
        said.append(say("complaint_noted", language))
        if turn.desk.principal.customer_id and turn.desk.orders() and best is None:
            said.append(say("complaint_order_hint", language))
        if self._contact(turn) is not None:
            said.append(self._contact_line(turn))
        facts = (best.ref(),) if best is not None else ()
        verdict: Verdict = "extractive" if facts else "handoff"
        return Plan(turn.route, language, verdict, join(said, language), facts + self._contact_ref(turn))

    def _policy(self, turn: Turn) -> Evidence | None:
        """What the shop's rules say to a complaint, as it was put or as plainly as it could have been, in its language."""
        found = []
        for text in (turn.route.text, *plain_questions(turn.route.text, turn.language)):
            hits = self._lookup.search(turn, text)
            told = (e for hit in hits if hit.kind in ("faq", "shop", "document") for e in of_hit(hit))
            policies = [e for e in told if e.language == turn.language]
            if (best := self._finder.best(text, policies, CERTAIN)) is not None:
                found.append(best)
        return max(found, key=lambda e: e.p, default=None)

    def _orders(self, turn: Turn) -> orders.Told | None:
        route, desk = turn.route, turn.desk
        cues = route.cues
        own, strange = orders.ids_in(route.text, desk.orders())
        strange = [word for word in strange if not self._is_product_word(word, turn)]
        talked = bool(orders.ids_in(turn.earlier, desk.orders())[0])
        waiting = any(order.status in OPEN for order in desk.orders())
        about = {"arrival", "tracking", "status", "items", "paid", "cancel", "return"} & cues
        asked = (
            bool(own)
            or (bool(strange) and ("order" in cues or route.intent == "order_question"))
            or (route.intent == "order_question" and route.confidence >= 0.45 and not self._general(turn))
            or ({"bought", "items"} <= cues and desk.principal.customer_id is not None)
            or (
                bool({"handled", "that_order", "parcel"} & cues) and orders.speaks_of_bought(route.text, desk)
            )
            or ({"order", "status"} <= cues and waiting and route.intent == "complaint")
            or ("overdue" in cues and waiting and route.intent in ("complaint", "order_question"))
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
            and (
                not {"arrival", "tracking", "status"} & turn.route.cues
                or bool({"cancel", "return"} & turn.route.cues)
            )
        )

    def _unknown(self, turn: Turn) -> Plan:
        items = self._finder.named_items(turn)
        facts: tuple[FactRef, ...] = ()
        if len(items) == 1:
            product = items[0].name(turn.language)
            said = say("unknown_product", turn.language, seed=turn.route.text, product=product)
            facts = (name_of(items[0], turn.language),)
        else:
            said = say("unknown", turn.language, seed=turn.route.text)
        text = join([said, self._contact_line(turn)], turn.language)
        return Plan(turn.route, turn.language, "unknown", text, facts + self._contact_ref(turn))


def _ms(start: float, end: float) -> int:
    return round(1000 * (end - start))


def _ref(hit: Hit) -> FactRef:
    return FactRef(id=hit.id, source=hit.source, text=hit.text, scope=hit.scope)
