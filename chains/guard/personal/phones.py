"""Telephone numbers and e-mail addresses as such, by libraries: how a known number may be dialled, and which of a text
are nobody's that the reader should see. Knows no customer."""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice

import phonenumbers
import regex
from email_validator import EmailNotValidError, validate_email

from chains.guard.personal.readings import digits, disguises, folded, needle

MOST = 100  # contacts of one text that are looked at
SHORTEST = 7  # digits of a number that is told from others by itself
_MAIL = regex.compile(r"[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,4}\p{L}{2,24}")


def spellings(phone: str) -> list[str]:
    """The digits of a number without its trunk zero, and with its country code where it has one (+32 or 0032)."""
    try:
        parsed = phonenumbers.parse("+" + phone[2:] if phone.startswith("00") else phone, None)
    except phonenumbers.NumberParseException:
        bare = "".join(char for char in phone if char.isdigit()).lstrip("0")
        return [bare] if len(bare) >= SHORTEST else []
    national = str(parsed.national_number)
    both = [national, f"{parsed.country_code}{national}"]
    return [one for one in both if len(one) >= SHORTEST]


def regions(jurisdictions: Collection[str]) -> tuple[str, ...]:
    """Where a number without a country code may belong."""
    table: dict[str, list[str]] = disguises()["regions"]
    return tuple(region for name in jurisdictions for region in table.get(name, ()))


def contacts(text: str, where: Collection[str] = ()) -> Iterator[tuple[int, int, str]]:
    """(start, end, "phone" or "email") of every valid number and address in the text as it stands."""
    if sum(char.isdigit() for char in text) >= SHORTEST:
        seen: set[tuple[int, int]] = set()
        for region in (None, *where):
            for found in phonenumbers.PhoneNumberMatcher(text, region):
                span = found.start, found.end
                if span not in seen:
                    seen.add(span)
                    yield (*span, "phone")
    if "@" in text:
        for match in _MAIL.finditer(text):
            if is_mail(match[0].rstrip(".")):
                yield (*match.span(), "email")


def strange(text: str, known: Iterable[str], where: Collection[str] = ()) -> list[tuple[int, int, str]]:
    """The contacts of a text that none of the known texts holds."""
    found = list(islice(contacts(text, where), MOST))
    if not found:
        return []
    heard = [folded(one) for one in known]
    said = " ".join(needle(one.text) for one in heard)
    numbers = " ".join(digits(one)[1].text for one in heard)
    return [
        (start, end, kind)
        for start, end, kind in found
        if (
            needle(text[start:end]) not in said
            if kind == "email"
            else not any(one in numbers for one in spellings(text[start:end]))
        )
    ]


def is_private(text: str, kind: str, where: Collection[str]) -> bool:
    """Whether this looks like a person's own: a mobile number, or an address where private people have their mail."""
    if kind == "email":
        return text.rpartition("@")[2].lower() in disguises()["private_mail"]
    return any(_is_mobile(text, region) for region in (None, *where))


@lru_cache(maxsize=1000)
def is_mail(text: str) -> bool:
    """Whether an address is one by its form; nothing is asked of any server."""
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _is_mobile(text: str, region: str | None) -> bool:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    kind = phonenumbers.number_type(number)
    return bool(phonenumbers.is_valid_number(number)) and kind == phonenumbers.PhoneNumberType.MOBILE
