"""Judges who bears the cost of sending: the shop or the customer, where a fact says which. Knows no amount."""

import re
from collections.abc import Iterator
from functools import lru_cache

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result

_WE = r"we|us|our|the shop|the seller|我们|我方|本店|店家|商家|卖家|店里|店方"
_YOU = (
    r"you|your|yourself|the customer|the buyer|customer|customers|buyer|顾客|客户|买家|买方|消费者|您|你|自己"
)
_WHO = rf"(?:(?P<we{{0}}>{_WE})|(?P<you{{0}}>{_YOU}))(?![a-z])(?:'s|s')?"
_COST = r"(?:shipping|postage|carriage|delivery|return label|returns?)(?: costs?| charges?| fees?)?(?![a-z])"
_ZH_COST = r"(?:运费|邮费|快递费|邮寄费)"
_BEARS = r"(?:承担|负担|支付|负责|出|付)(?!货)"
_PAYER = re.compile(
    rf"(?<![a-z]){_WHO.format(1)} (?:(?P<not1>do not|does not|will not|don't|doesn't|won't|needn't|never) |will |would |only |have to |must |then )?(?:pay|pays|cover|covers|bear|bears)(?: for)? (?:the |your |any |all )?(?:return |outward )?{_COST}"
    rf"|(?<![a-z]){_COST}(?: is| are)?(?: to be)? (?:paid|covered|borne|met) by {_WHO.format(2)}"
    rf"|(?<![a-z])at {_WHO.format(3)} (?:own )?expense"
    rf"|{_ZH_COST}(?:就|都|均|全)?由?{_WHO.format(4)}(?:自己|自行|来){{0,2}}(?P<not4>不)?{_BEARS}|{_ZH_COST}(?P<you5>自理|自付|自负)"
    rf"|{_WHO.format(6)}(?:自己|自行|来){{0,2}}(?P<not6>不)?{_BEARS}[\u4e00-\u9fff]{{0,4}}?{_ZH_COST}"
)
_RETURN = re.compile(r"(?<![a-z])(?:returns?|returning|send (?:it |them )?back)(?![a-z])|退|寄回")
_NOT = re.compile(r"(?:n't|not|never|without) $|(?:不用|不必|无需|不需要?|不是|不由|不让)$")


def judge_payer(case: Case) -> None:
    """Enter who is said to bear the cost of sending, or of sending back."""
    told = [(fact, we, bool(_RETURN.search(fact.text))) for fact in case.facts for we in _told(fact.text)]
    for match, we in _payers(case.text) if told else ():
        if unsure(case, match.start()):
            continue
        back = bool(_RETURN.search(case.sentence(match.start())))
        known = [
            (fact, theirs)
            for fact, theirs, returns in told
            if returns == back and case.speaks_of(fact, match.start())
        ]
        if known:
            holding = next((fact for fact, theirs in known if theirs == we), None)
            result: Result = "supported" if holding else "contradicted"
            who = "shop" if we else "customer"
            case.enter(
                *match.span(), "polarity", f"paid by={who}", result, "polarity.payer", holding or known[0][0]
            )


@lru_cache(maxsize=4096)
def _told(text: str) -> tuple[bool, ...]:
    return tuple(we for _, we in _payers(text))


def _payers(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """(match, whether the shop bears it) of every such statement of a text; who does not, leaves it to the other."""
    for match in _PAYER.finditer(text):
        said = {name[:-1] for name, found in match.groupdict().items() if found}
        denied = "not" in said or _NOT.search(text[max(0, match.start() - 8) : match.start()])
        yield match, ("we" in said) != bool(denied)
