"""Tells where a number without a unit stands for money. Judges nothing."""

import re
from dataclasses import replace

from chains.guard.ledger import derive
from chains.guard.ledger.case import Case
from chains.guard.ledger.entail import bears
from chains.guard.ledger.facts import Fact, Told, words_of
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.operands import exact
from chains.guard.ledger.own import asked_for
from chains.guard.ledger.searched import unit_prices
from chains.guard.ledger.weighing import told_of


def unit_price_of(case: Case, one: Amount) -> Fact | None:
    """The priced fact, where a bare number is given as the price of one unit that the facts' price can be shared out over:
    "12.50 a month" of 138 a year."""
    if one.kind != "number" or one.exact is None or asked_for(case, one):
        return None
    money = [
        Told(a, f, words_of(f.attribute), f.text) for f in case.facts for a in f.scan.amounts
        if a.kind == "price" and case.speaks_of(f, one.start)
    ]  # fmt: skip
    return next((fact for _, _, fact in unit_prices(case, one, exact(money))), None)


def as_money(case: Case, one: Amount) -> tuple[Amount, derive.Found] | None:
    """A number without a unit as the price that it comes to, where the facts know one currency: 两块104. 八十一张 is eighty for
    one."""
    money = {a.dimension for f in case.facts for a in f.scan.amounts if a.kind == "price"}
    if len(money) != 1 or one.exact is None or one.exact < 2:
        return None
    said = case.text[one.start : one.end]
    price = replace(one, kind="price", dimension=next(iter(money)), noun="")
    if one.kind == "count" and (tail := re.match("(.*?)[一](?=[\u4e00-\u9fff]$)", said)) and len(tail[1]) > 1:
        price = replace(price, end=one.start + len(tail[1])).with_values(one.exact - 1, one.exact - 1)
    elif one.kind == "count" and re.search("[\u4e00-\u9fff]$|[a-z]", said):
        return None
    candidates = told_of(case, price)
    held = next((c for c in case.bound(candidates, one.start) if bears(c.mention, price)), None)
    found = (
        ("price.same", held.fact) if held else derive.derive(case, price, case.bound(candidates, one.start))
    )
    return (price, found) if found else None


def priced_by_words(case: Case, one: Amount) -> bool:
    """Whether a bare number stands for money: in a clause on prices, or after another price."""
    head = case.text[max(0, one.start - 16) : one.start]
    if case.text[one.end : one.end + 1].isascii() and case.text[one.end : one.end + 1].isalpha():
        return False  # a unit that no list knows
    return bool(
        re.search(
            r"(?:价|费|省|减|付|押金?|交|尾款|定金|便宜|合计|一共|共计|总共|只要|到手|收|满|涨到|降到|元变|加一块儿?|加起来|加一起)[\u4e00-\u9fff]{0,3}$"
            r"|(?<![a-z])(?:price|prices|priced|cost|costs|pay|pays|paid|for only|only|now|charge|charges)(?: (?:is|are|was|at|just|only|about|of|from))? $",
            head,
        )
    )
