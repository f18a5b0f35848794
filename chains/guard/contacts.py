"""Warns of private people's telephone numbers and e-mail addresses in a text that is to be published, where no fact holds
them. Knows no customer: the gate does (`gate`)."""

from collections.abc import Collection, Iterable

from chains.guard.finding import Finding
from chains.guard.language import say
from chains.guard.personal.phones import is_private, regions, strange

SAYS = {
    "why": {
        "en": "This looks like a private person's {kind}; nobody's data is published without their consent.",
        "zh": "这看起来像私人{kind}；未经本人同意不得公开。",
    },
    "suggestion": {
        "en": "Leave it out, or give the shop's own contact.",
        "zh": "删去，或改用店铺的联系方式。",
    },
    "phone": {"en": "mobile number", "zh": "手机号"},
    "email": {"en": "e-mail address", "zh": "邮箱"},
}


def find_personal(
    text: str, known: Iterable[str], jurisdictions: Collection[str], language: str
) -> list[Finding]:
    """Mobile numbers and addresses of private mail that stand in none of the known texts, as warnings."""
    where = regions(jurisdictions or ("cn",))  # a Chinese mobile number is one by itself
    return [
        Finding(
            start,
            end,
            f"personal.{kind}",
            "warn",
            say(SAYS["why"], language).format(kind=say(SAYS[kind], language)),
            say(SAYS["suggestion"], language),
        )
        for start, end, kind in strange(text, known, where)
        if is_private(text[start:end], kind, where)
    ]
