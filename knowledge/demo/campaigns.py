"""Plays eighteen months of monthly campaigns to those who had agreed, in two variants with one reminder.

Variant A tells a story about the maker, variant B names a saving and takes 10%
off. It knows who clicks and buys only through the tables in `taste`.
"""

from datetime import date, datetime, time, timedelta

from knowledge.demo import taste
from knowledge.demo.people import MAINSTAYS, Person
from knowledge.demo.world import World

_THEMES = (  # one campaign a month, January first: name, day of the month, products
    ("lunar-new-year", 8, "TE-14 TE-21 HO-16 TP-13"),
    ("pour-over-weeks", 12, "CO-03 CO-05 CO-09 KE-03"),
    ("everyday-cups", 10, "CU-05 CU-06 CU-07 TE-11"),
    ("first-gaiwan", 14, "TP-10 TE-07 CU-03 TP-14"),
    ("spring-harvest", 12, "TE-01 TE-02 TE-16 TE-03"),
    ("cold-steep", 16, "CO-15 TE-09 TE-19 CU-10"),
    ("travel-light", 7, "TP-13 CU-11 KE-13 CO-10"),
    ("desk-tea", 20, "CU-07 KE-01 TE-04 HO-17"),
    ("osmanthus", 15, "HO-07 TE-09 HO-03 TE-20"),
    ("evening-cup", 13, "TE-18 TE-20 TE-22 CO-06"),
    ("winter-gifts", 12, "HO-16 TE-21 TP-01 HO-07"),
    ("slow-december", 4, "TP-01 TP-16 TE-08 HO-11"),
)
_COST = {"email": 0.003, "telegram": 0.001, "wechat": 0.02}


def run(world: World) -> None:
    """Send one campaign a month to everyone who had agreed, in two variants, with a reminder."""
    rng = world.rng
    for person in world.people:
        if person.consent:
            later = rng.randrange(1, 90) if rng.random() < 0.15 and person.customer_id not in MAINSTAYS else 0
            person.consent_at = min(person.joined + timedelta(days=later, minutes=3), world.now)
    day = world.start
    while day <= world.now.date():
        name, send_on, skus = _THEMES[day.month - 1]
        if day.day == send_on:
            campaign = f"{name}-{day.year}"
            for person in world.people:
                arm = rng.randrange(2)
                if person.consent and person.consent_at and person.consent_at.date() < day:
                    _send(world, person, campaign, arm, day, skus.split())
        day += timedelta(days=1)


def _send(world: World, person: Person, campaign: str, arm: int, day: date, skus: list[str]) -> None:
    rng, variant = world.rng, "AB"[arm]
    choices = ("wechat", "wechat", "email") if person.language == "zh" else ("email", "email", "telegram")
    channel = choices[int(person.customer_id[1:]) % 3]
    tags: dict[str, object] = {"campaign": campaign, "variant": variant, "channel": channel}
    liked = [taste.liking(sku, person.segment, day, world.quality[sku]) for sku in skus]
    sku = rng.choices(skus, liked)[0]
    match = min(1.5, 0.6 + 0.3 * sum(liked) / len(liked))
    for offset in (0, 6):
        at = datetime.combine(day + timedelta(days=offset), time(10, 0)) + timedelta(
            minutes=rng.randrange(50)
        )
        if at > world.now:
            return
        world.log(at, "impression", person, sku=sku, cost=_COST[channel], **tags)
        if rng.random() < taste.CLICK[person.segment][arm] * match * (1.0 if offset == 0 else 0.6):
            clicked = at + timedelta(minutes=rng.randrange(2, 600))
            world.log(clicked, "click", person, sku=sku, **tags)
            world.log(clicked + timedelta(minutes=1), "view", person, sku=sku, channel="web")
            chance = taste.CONVERT[person.segment][arm] * min(1.6, 0.7 + 0.3 * person.loyalty)
            bought = clicked + timedelta(minutes=rng.randrange(8, 45))
            if person.customer_id not in MAINSTAYS and bought <= world.now and rng.random() < chance:
                order = world.draw_order(person, bought, first=sku, discount_rate=0.1 * arm)
                order.campaign = (campaign, variant, channel)
                world.travel(person, order)
                world.record(person, order)
            return
        tired = 0.006 * (2.5 if arm == 1 and person.segment == "gongfu" else 1.0) / max(0.4, person.loyalty)
        if person.customer_id not in MAINSTAYS and rng.random() < tired:
            gone = at + timedelta(minutes=rng.randrange(1, 300))
            if gone <= world.now:
                world.log(gone, "unsubscribe", person, **tags)
                person.consent, person.consent_at = False, gone
            return
