"""Names what somebody can afford: "a teapot under 50 euros", 30元以内的杯子. Prices are read from the rows when asked.

Knows products and limits, not which product suits anybody.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from chains.evidence import PRICE, of_product
from chains.orders import Told
from chains.phrases import money, say
from chains.products import chosen_one, in_category
from chains.route import Route
from chains.statement import Statement
from chains.subject import Subject, best_of, unexplained
from chains.words import function_words
from knowledge.crm.catalogue_view import Item
from knowledge.crm.desk import Desk

FEW = 5  # products of a list
_BUDGET = re.compile(
    r"(?:\b(?:under|below|less than|cheaper than|up to|no more than|not more than|max(?:imum)?|within|budget of)\s*"
    r"(?:[€$£¥]|eur|usd|gbp|cny|rmb)?\s*(\d+(?:[.,]\d+)?)(?!\d|[.,]\d)\s*(?:€|\$|£|¥|eur\w*|usd|dollars?|gbp|pounds?|quid|bucks|yuan|rmb|cny)?(?!\s*(?:kg|g|cm|mm|ml|l|w|m|km|min|h|hours?|days?|years?|%)\b))"
    r"|(\d+(?:\.\d+)?)\s*(?:块钱?|元|欧元?|美元|英镑|rmb)\s*(?:以内|以下|之内|内|左右以内)|(?:不超过|低于|少于|预算)\s*(\d+(?:\.\d+)?)\s*(?:块|元|欧|美元|英镑)"
)


def limit_in(text: str) -> Decimal | None:
    """The most that somebody wants to spend: "under 20 euro", 100元以内; in digits."""
    match = _BUDGET.search(text.lower())
    if match is None:
        return None
    number = next(group for group in match.groups() if group)
    return Decimal(number.replace(",", "."))


def within(limit: Decimal, pool: Sequence[Item], desk: Desk, language: str) -> Told | None:
    """The products of a pool that cost no more than a limit and are in stock, the dearest of them first."""
    now = desk.fresh([item.sku for item in pool])
    rows = [row for row in now.values() if row.price <= limit and row.stock != 0]
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: (-row.price, row.sku))[:FEW]
    facts, said, told = [], [], list[Statement]()
    for row in rows:
        item = desk.catalogue.items[row.sku]
        cost = money(row.price, row.currency, language)
        said.append(
            f"{item.name(language)}（{cost}）" if language == "zh" else f"{item.name(language)} ({cost})"
        )
        prices = [e for e in of_product(item, language, desk, row) if e.key in PRICE]
        facts += [e.ref() for e in prices]
        for e in prices:
            text = say("price", language, seed=row.sku, product=item.name(language), price=cost)
            told += chosen_one(e, text)
    listed = ("；" if language == "zh" else "; ").join(said)
    stop = "。" if language == "zh" else "."
    return Told(
        say("choice_list", language, list=listed) + stop,
        "extractive",
        tuple(facts),
        (str(limit),),
        tuple(told),
    )


def affordable(
    asked: str, route: Route, subject: Subject, found: Sequence[Item], desk: Desk, language: str
) -> Told | None:
    """What costs no more than somebody wants to spend: of the category or the kind that is named, else of what was
    found for the question's own words; None where no limit is named or nothing fits."""
    limit = limit_in(asked)
    if limit is None or not {"choose", "yes_no", "price"} & route.cues:
        return None
    mentions = desk.catalogue.mentions(asked)
    meant = best_of(mentions, desk.catalogue)
    alike = [mention.item for mention in mentions if mention.words >= mentions[0].words] if meant else []
    named = in_category(subject.category, desk.catalogue) if subject.category else alike
    if named and (told := within(limit, named, desk, language)):
        return told
    fit = [item for item in found if "gift" in route.cues or _of_the_kind(asked, item, language)]
    return within(limit, fit, desk, language)


def _of_the_kind(asked: str, item: Item, language: str) -> bool:
    """Whether a product may be of the kind that is asked for: nothing is asked that its row has no word for."""
    rest = _BUDGET.sub(" ", asked.lower())
    if language != "zh":
        return not unexplained(rest, item)
    signs = {sign for sign in rest if "\u4e00" <= sign <= "\u9fff"} - function_words("zh")
    return bool(signs & set("".join([*item.names.values(), *item.categories.values()])))
