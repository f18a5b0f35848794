"""Drafts a message to one customer from their CRM rows: what they bought, where it stands, how they are called.

A draft for a marketer to read, change and send; nothing here sends. Notes about the customer are shown to the
marketer as facts and never quoted in the message.
"""

from datetime import datetime, timedelta
from string import Template

from chains.data import table
from chains.guard.voice import read_voice
from chains.guard.voice_check import addressed_as, signed
from chains.order_statements import OPEN
from chains.orders import Told, reference
from chains.phrases import day, join, say
from chains.turn import FactRef
from knowledge.crm.columns import now
from knowledge.crm.desk import CustomerCard, Desk

RECENT = timedelta(days=60)


def draft(card: CustomerCard, desk: Desk, language: str, at: datetime | None = None) -> tuple[str, Told]:
    """(the message in the customer's language, the same with what a marketer should know, in theirs)."""
    spoken = "zh" if card.language == "zh" else "en"
    frames, shop = table("follow_up_frames")[spoken], desk.shop
    words: dict[str, str] = {"name": _called(card.name, spoken), "shop": shop.name_in(spoken) or shop.name}
    key = "none"
    live = [order for order in card.orders if order.status not in ("cancelled", "returned")]
    if live:
        last = live[0]
        named = [desk.catalogue.items[line.sku] for line in last.lines if line.sku in desk.catalogue.items]
        words |= {
            "order": last.id, "date": day(last.ordered_at, shop.zone, spoken),
            "products": ("、" if spoken == "zh" else ", ").join(item.name(spoken) for item in named),
            "product": named[0].name(spoken) if named else "",
            "category": named[0].categories.get(spoken, "") if named else "", "expected": "",
        }  # fmt: skip
        if last.status in OPEN:
            key = "open"
            if last.expected_at:
                when = day(last.expected_at, shop.zone, spoken)
                words["expected"] = Template(frames["open_expected"]).substitute(date=when)
        elif named:
            key = "recent" if (at or now()) - last.ordered_at <= RECENT else "old"
            if key == "old" and not words["category"]:
                key = "recent"
    hello = frames["hello" if words["name"] else "hello_nobody"]
    voice = read_voice(shop.brand_voice)
    form = voice.form_in("follow_up") if spoken == "zh" else None
    said = [Template(addressed_as(part, form)).substitute(words) for part in (hello, frames[key])]
    message = "\n".join([*said, signed(voice, spoken, Template(frames["bye"]).substitute(words))])
    facts = [FactRef(id=f"customer:{card.id}", source=card.source, scope=f"customer:{card.id}",
                     text=_known(card))]  # fmt: skip
    facts += [reference(order, desk, language) for order in card.orders[:2]]
    notes = []
    if key not in ("open",) and not card.may_market:
        notes.append(say("no_consent", language, name=card.name or card.id))
    return message, Told(
        join([message, *("\n\n" + note for note in notes)], "zh"), "extractive", tuple(facts)
    )


def _called(name: str | None, language: str) -> str:
    """How a letter addresses somebody: the first name in English, the whole name in Chinese."""
    if not name:
        return ""
    return name.split()[0] if language == "en" and " " in name else name


def _known(card: CustomerCard) -> str:
    parts = [card.name or card.id, f"language {card.language}", ", ".join(card.tags), card.notes or ""]
    return "; ".join(part for part in parts if part)
