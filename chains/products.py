"""Answers from the catalogue without a model: price, stock, sums, the cheapest, the lightest, what there is.

Every number is read from the rows at the time of asking.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from chains.concepts import asks_for
from chains.evidence import (
    DESCRIPTION,
    PRICE,
    STOCK,
    Evidence,
    Judges,
    judged,
    name_of,
    of_product,
    polarity_of,
)
from chains.framing import frame
from chains.head_nouns import of_the_word
from chains.orders import Told
from chains.phrases import join, money, say
from chains.quantities import counted, quantity_in
from chains.route import Route
from chains.statement import Statement, ask, of_several, reckoned, told_of
from chains.words import plain_words
from knowledge.crm.catalogue_view import Catalogue, Item
from knowledge.crm.desk import Desk
from knowledge.facts.embeddings import Embedder
from knowledge.facts.lexicon import tokens

LIKELY = 0.25  # that an attribute is the one a superlative speaks of
UNITS = {
    unit: Decimal(factor)
    for units, factor in (
        ("kg 公斤 千克", 1000), ("g 克 ml 毫升 cm 厘米 min 分钟 days day 天", 1), ("mg", "0.001"), ("斤", 500),
        ("l 升", 1000), ("m 米", 100), ("mm 毫米", "0.1"), ("km 公里", 100000), ("h 小时 hours hour", 60),
        ("years year 年", 365), ("months month 个月", 30),
    )
    for unit in units.split()
}  # fmt: skip
_LETTERS = "|".join(
    sorted((unit for unit in (*UNITS, "lm", "w", "in") if unit.isascii()), key=len, reverse=True)
)
_SIGNS = "|".join(sorted((unit for unit in (*UNITS, "寸") if not unit.isascii()), key=len, reverse=True))
SIZE = re.compile(rf"\d+(?:[.,]\d+)?\s*(?:(?:{_LETTERS})\b|{_SIGNS})?")


def price_or_stock(route: Route, items: Sequence[Item], desk: Desk, language: str) -> Told | None:
    """Price, stock, or both, of the named products; None when neither is asked, or the extreme of several."""
    if len(items) > 1 and {"cheapest", "dearest"} & route.cues:
        return None
    ask_price = bool({"price"} & route.cues) or (
        "total" in route.cues and quantity_in(route.text) is not None
    )
    ask_stock = "stock" in route.cues
    if not (ask_price or ask_stock) or not items:
        return None
    now = desk.fresh([item.sku for item in items])
    said, facts, computed, known = [], [], [], False
    told: list[Statement] = []
    for item in items:
        row = now.get(item.sku)
        if row is None:
            continue
        name = item.name(language)
        statements = {e.key: e for e in of_product(item, language, desk, row)}
        known |= ask_price or row.stock is not None
        if ask_stock:
            if row.stock is None:
                said.append(say("stock_uncounted", language, product=name))
                facts.append(name_of(item, language))
                told.append(Statement(said[-1]))
            elif row.stock == 0:
                said.append(say("out_of_stock", language, product=name))
            else:
                said.append(say("in_stock", language, seed=route.text, product=name, stock=row.stock))
            if row.stock is not None:
                told += told_of(statements[STOCK[item.language(language) == "zh"]], said[-1])
        if ask_price:
            number, key = quantity_in(route.text, item), PRICE[item.language(language) == "zh"]
            each = money(row.price, row.currency, language)
            if number and number > 1:
                total = money(row.price * number, row.currency, language)
                computed += [str(number), total]
                so_many = {"quantity": counted(number, route.text, item, language), "product": name}
                said.append(say("price_many", language, total=total, price=each, **so_many))
                told.append(_many(statements[key], so_many, total, said[-1]))
            else:
                said.append(say("price", language, seed=route.text, product=name, price=each))
                told += told_of(statements[key], said[-1])
        for key in (*(PRICE if ask_price else ()), *(STOCK if ask_stock else ())):
            if key in statements:
                facts.append(statements[key].ref())
    if not said:
        return None
    return Told(
        join(said, language), "extractive" if known else "unknown", tuple(facts), tuple(computed),
        of_several(told) if len(told) > 1 else tuple(told),
    )  # fmt: skip


def _many(price: Evidence, so_many: dict[str, str], total: str, text: str) -> Statement:
    """What several pieces cost, as a statement reckoned from the price of one."""
    goods = "{quantity}{product}" if price.language == "zh" else "{quantity} × {product}"
    told, _ = reckoned("many", price, goods.format(**so_many), total=total, each=price.value)
    return Statement(text, told, ask("price_many", price.language, **so_many), must=(total,))


def rating(route: Route, items: Sequence[Item], desk: Desk, language: str) -> Told | None:
    """What buyers gave a product, where they did."""
    if "rating" not in route.cues or not items:
        return None
    for item in items:
        if found := desk.rating(item.sku):
            said = say("rating", language, product=item.name(language), mean=found[0], number=found[1])
            rows = of_product(item, language, desk)[:1]
            facts = tuple(e.ref() for e in rows)
            told = tuple(_rated(row, found[0], found[1], said) for row in rows)
            return Told(said, "extractive", facts, (f"{found[0]} / 5", str(found[1])), told)
    return None


def _rated(row: Evidence, mean: object, number: object, text: str) -> Statement:
    """What buyers gave, as a statement."""
    assert row.item is not None
    name = row.item.name(row.language)
    told, _ = reckoned("rating", row, name, mean=mean, number=number)
    return Statement(text, told, ask("rating", row.language, product=name), must=(f"{mean}",))


def chosen_one(e: Evidence, text: str) -> tuple[Statement, ...]:
    """A product that was chosen among several, with the statement that decided: its name has to be said."""
    assert e.item is not None
    name = frozenset(tokens(e.item.name(e.language)))
    return tuple(replace(one, question=one.plainly, apart=name, bare=True) for one in told_of(e, text))


def superlative(
    route: Route, pool: Sequence[Item], desk: Desk, language: str, judge: Judges, embedder: Embedder
) -> Told | None:
    """The cheapest, lightest, longest ... of a pool of products; None when that is not asked or not known."""
    cues = route.cues
    if not pool or not {"cheapest", "dearest", "least", "most"} & cues:
        return None
    pool = of_the_word(route.text, pool, desk.catalogue)
    if {"cheapest", "dearest"} & cues:
        now = desk.fresh([item.sku for item in pool])
        ranked = sorted((row for row in now.values()), key=lambda row: (row.price, row.sku))
        row = ranked[0 if "cheapest" in cues else -1]
        item = desk.catalogue.items[row.sku]
        said = say("choice_price", language, product=item.name(language),
                   price=money(row.price, row.currency, language))  # fmt: skip
        prices = [e for e in of_product(item, language, desk, row) if e.key in PRICE]
        told = chosen_one(prices[0], said) if prices else ()
        return Told(said, "extractive", tuple(e.ref() for e in prices), statements=told)
    by_key: dict[str, list[tuple[Decimal, Evidence]]] = {}
    for item in pool:
        for statement in of_product(item, language, desk):
            number = measure(f"{statement.value} {statement.key}")
            if statement.key not in (*PRICE, *STOCK, *DESCRIPTION) and number is not None:
                by_key.setdefault(statement.key, []).append((number, statement))
    keys = [key for key, found in by_key.items() if len(found) >= max(2, len(pool) // 3)]
    if not keys:
        return None
    chances = judge.scores(route.text, [by_key[key][0][1].text for key in keys])
    near = embedder.passages(keys) @ embedder.queries([route.text])[0]
    best = max(range(len(keys)), key=lambda n: chances[n] + float(near[n]))
    meant = (
        chances[best] >= LIKELY
        or asks_for(route.text, keys[best])
        or set(tokens(keys[best])) & set(tokens(route.text))
    )
    if not meant:
        return None  # "the least caffeine" is not the lowest brewing temperature
    ranked_by = sorted(by_key[keys[best]], key=lambda pair: pair[0])
    _, chosen = ranked_by[0 if "least" in cues else -1]
    assert chosen.item is not None
    said = say("choice", language, seed=route.text, product=chosen.item.name(language), key=chosen.key,
               value=chosen.value)  # fmt: skip
    return Told(said, "extractive", (chosen.ref(),), statements=chosen_one(chosen, said))


def measure(value: str) -> Decimal | None:
    """The largest number of a value, in the smallest unit of its kind; None where there is none."""
    best: Decimal | None = None
    for match in re.finditer(r"(-?\d+(?:[.,]\d+)?)\s*(°?[a-zA-Z]+|[\u4e00-\u9fff]{1,2})?", value):
        try:
            number = Decimal(match[1].replace(",", "."))
        except InvalidOperation:
            continue
        unit = (match[2] or "").lower()
        number *= UNITS.get(unit) or (Decimal(1) if unit.isascii() else UNITS.get(unit[:1], Decimal(1)))
        best = number if best is None else max(best, number)
    return best


def fitting(
    route: Route, pool: Sequence[Item], desk: Desk, language: str, judge: Judges, threshold: float
) -> Told | None:
    """Which products of a pool have what is wished for; None when none surely does."""
    rated: list[Evidence] = []
    for item in pool[:12]:
        statements = [e for e in of_product(item, language, desk) if e.key not in (*PRICE, *STOCK)]
        rated += judged(route.text, statements, judge)[:1]
    good = [e for e in sorted(rated, key=lambda e: -e.p) if e.p >= threshold and e.polarity is not False]
    if "negated" in route.cues:
        good = [e for e in sorted(rated, key=lambda e: -e.p) if e.p >= threshold and e.polarity is not True]
    if not good:
        return None
    good = [e for e in good if e.p >= good[0].p * 0.75][:3]
    listed = ("；" if language == "zh" else "; ").join(
        f"{e.item.name(language)}"
        + (f"（{e.key}：{e.value}）" if language == "zh" else f" ({e.key}: {e.value})")
        if e.key not in DESCRIPTION
        else f"{e.item.name(language)}"
        for e in good
        if e.item
    )
    key = "choice_list" if len(good) > 1 else "have_list"
    stop = "。" if language == "zh" else "."
    told = [one for e in good for one in chosen_one(e, frame(e, route, language))]
    return Told(
        say(key, language, list=listed) + stop,
        "extractive",
        tuple(e.ref() for e in good),
        statements=tuple(told),
    )


def in_category(name: str, catalogue: Catalogue) -> list[Item]:
    """The products of a category."""
    return catalogue.categories.get(name.lower(), [])


def narrowed(text: str, items: Sequence[Item]) -> list[Item]:
    """The items whose names or attribute values the text's words fit best (for "the porcelain one")."""
    said = set(tokens(text)) - plain_words()
    rated = []
    for item in items:
        words = {word for name in item.names.values() for word in tokens(name)}
        values = {
            w
            for a in item.attributes.values()
            for v in a.values()
            if polarity_of(v) is None
            for w in tokens(v)
        }
        rated.append((2 * len(said & words) + len(said & values), item))
    best = max((score for score, _ in rated), default=0)
    return [item for score, item in rated if score == best] if best else []
