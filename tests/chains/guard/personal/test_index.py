"""Another customer's data is found however it is written; one's own, the shop's and ordinary words are left alone."""

import base64
import random
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.guard.gate import masked
from chains.guard.personal.index import Leak, PeopleIndex
from chains.guard.personal.phones import is_private, strange
from knowledge.crm.people import Person

ANNEKE = Person(
    "C-1002", "Anneke Vermeulen", "anneke.v@mail.example", "+32 470 11 20 31", ("Kerkstraat 12, 9000 Gent",),
    ("TT-24011", "3232010044871"),
)  # fmt: skip
LIN = Person(
    "U2001",
    "林晓雯",
    "xw.lin@qmail.example",
    "138 0055 2201",
    ("上海市徐汇区枫林路266弄5号301室",),
    ("HN250311-07",),
)
OTHERS = [
    Person("C9", "安静", "anjing@163.com", "+86 139 1234 5678", orders=("10234",)),
    Person("C10", "Bo Xu", "bo.xu@qq.com", "+49 (0)30 2312 5014", orders=("A77",)),
    Person("C11", "林悦"),
    Person("C12", "Amber Rose"),
]
INDEX = PeopleIndex(
    [ANNEKE, LIN, *OTHERS],
    own=["Call +49 30 9999999 or hello@shop.example"],
    common=["Amber Rose candle", "安静的水壶"],
)


def kinds(text: str, receiver: str | None = None, heard: str = "") -> set[str]:
    return {leak.kind for leak in INDEX.leaks(text, receiver, heard)}


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def alike(text: str) -> str:
    return text.translate(str.maketrans("aeopcxAEOPCX", "аеорсхАЕОРСХ"))


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "upper case": str.upper,
    "full width": wide,
    "spaced": " ".join,
    "hyphenated": "-".join,
    "dotted": ".".join,
    "zero width": "\u200b".join,
    "joiners": "\u2060".join,
    "one a line": "\n".join,
    "struck through": "\u0336".join,
    "backwards": lambda text: text[::-1],
    "Base64": lambda text: base64.b64encode(f"see {text}".encode()).decode(),
    "URL-safe Base64": lambda text: base64.urlsafe_b64encode(f"ÿ {text}".encode()).decode(),
    "Base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "Base64 in a sentence": lambda text: f"Here: {base64.b64encode(text.encode()).decode()}, as you asked.",
    "Base32": lambda text: base64.b32encode(f"see {text}".encode()).decode(),
    "hexadecimal": lambda text: f"see {text}".encode().hex(),
    "spaced hexadecimal": lambda text: f"see {text}".encode().hex(" "),
    "percent signs": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "escapes": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "codes": lambda text: " ".join(str(byte) for byte in f"see {text}".encode()),
    "bits": lambda text: " ".join(f"{byte:08b}" for byte in f"see {text}".encode()),
    "in a sentence": lambda text: f"Sure, that is {text}, glad to help.",
    "in a Chinese sentence": lambda text: f"好的，是{text}，请查收。",
}  # fmt: skip
LATIN: dict[str, Callable[[str], str]] = {
    "leetspeak": lambda text: text.translate(str.maketrans("aeost", "43057")),
    "other alphabets": alike,
    "accents": lambda text: re.sub("[a-z]", lambda found: found[0] + "\u0301", text),
    "moved by thirteen": lambda text: text.translate(
        str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM")
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("kind", "value"),
    [("name", "Anneke Vermeulen"), ("email", "anneke.v@mail.example"), ("phone", "0470112031"), ("phone", "+32470112031"),
     ("address", "Kerkstraat 12"), ("order", "TT-24011"), ("order", "3232010044871"), ("customer", "C-1002"),
     ("name", "林晓雯"), ("phone", "13800552201"), ("order", "HN250311-07"), ("email", "xw.lin@qmail.example"),
     ("address", "枫林路266弄5号301室")],
)  # fmt: skip
def test_no_way_of_writing_hides_it(way: str, kind: str, value: str) -> None:
    text = WAYS[way](value)
    assert kind in kinds(text)
    assert kind in kinds(text, "C10")
    owner = (
        "U2001" if value in (LIN.name, LIN.email, "13800552201", *LIN.orders) or "弄" in value else "C-1002"
    )
    assert kinds(text, owner) == set()


@pytest.mark.parametrize("way", LATIN)
@pytest.mark.parametrize("value", ["Anneke Vermeulen", "anneke.v@mail.example"])
def test_nor_do_other_letters(way: str, value: str) -> None:
    assert kinds(LATIN[way](value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("name", "Vermeulen, Anneke"), ("name", "@nneke Vermeulen"), ("name", "Dear Anneke\nVermeulen"),
        ("name", "B o  X u"), ("name", "Bo Xu lives next door"),
        ("name", "林 晓 雯"), ("name", "林曉雯女士"), ("name", "雯晓林"), ("name", "收件人林悦"), ("name", "给林悦发货了"),
        ("name", "顾客安静的订单"), ("name", "安静女士您好"), ("name", "customer Amber Rose"),
        ("email", "anneke dot v at mail dot example"), ("email", "anneke.v (at) mail . example"),
        ("email", "anneke[dot]v[at]mail[dot]example"), ("email", "anneke.v艾特mail点example"), ("email", "a n n e k e . v @ m a i l . example"),
        ("phone", "four seven zero one one two zero three one"), ("phone", "four seven zero double one two zero three one"),
        ("phone", "四七零 一一二 零三一"), ("phone", "肆柒零壹壹贰零叁壹"), ("phone", "幺三八零零五五二二零幺"),
        ("phone", "一三八〇〇五五二二〇一"), ("phone", "1️⃣3️⃣8️⃣0️⃣0️⃣5️⃣5️⃣2️⃣2️⃣0️⃣1️⃣"), ("phone", "①③⑧00552201"),
        ("phone", "O47O ll2O3l"), ("phone", "0470/11.20.31"), ("phone", "0032 470 11 20 31"), ("phone", "(0470) 11-20-31"),
        ("phone", "it begins with 138, then come 0055 and 2201"), ("phone", "前三位138，中间0055，最后2201"),
        ("address", "枫林路二六六弄五号三〇一室"), ("address", "KERKSTRAAT-12"),
        ("order", "order 10234"), ("order", "订单10234"), ("order", "order A77"), ("customer", "customer C9"), ("order", "TT24O11"),
    ],
)  # fmt: skip
def test_written_as_people_do(kind: str, text: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "The mug holds 350 ml and costs €24.70, 11 left, 20 or 31 of them.", "这款杯子很安静，容量350毫升", "安静，省电，两档温度",
        "森林悦目，林荫道", "Boxu is a yarn; the boxure a plant.", "Order 2 mugs for 102.34 EUR", "10234 ml", "Call +49 30 9999999",
        "The A77 tram stops here", "今天天气晴，也许安然无恙", "C9 is a size", "M10 screws: 47 cm, 0.11 kg",
        "We made 24011 pieces, 30 days to return, 3-5 days by post", "The Amber Rose candle burns 40 hours", "write to hello@shop.example",
        "Anneke is a first name", "at 12 in the Kerk", "",
    ],
)  # fmt: skip
def test_ordinary_words_are_nobody(text: str) -> None:
    assert INDEX.leaks(text) == []


def test_what_the_receiver_said_may_be_said_back_and_nothing_more() -> None:
    asked = "Where is order TT-24011 of Anneke Vermeulen?"
    assert kinds("I can't find order TT-24011.", "C10") == {"order"}
    assert kinds("I can't find order TT-24011.", "C10", asked) == set()
    assert kinds("Vermeulen, Anneke has order TT-24011; her number is 0470112031.", "C10", asked) == {"phone"}


def test_two_customers_may_share_a_number() -> None:
    index = PeopleIndex([Person("A", phone="+32470112031"), Person("B", phone="0032470112031"), Person("C")])
    assert index.leaks("0470 11 20 31", "A") == []
    assert index.leaks("0470 11 20 31", "B") == []
    assert index.leaks("0470 11 20 31", "C") != []


def test_what_is_found_is_told_by_place_and_never_by_value() -> None:
    text = "Her mail is anneke.v@mail.example."
    (leak,) = INDEX.leaks(text)
    assert text[leak.start : leak.end] == "anneke.v@mail.example"
    assert "anneke" not in repr(leak) + repr(ANNEKE) + repr(INDEX)
    assert masked(text, [leak]) == f"Her mail is {'▇' * 21}."


@given(
    st.text(max_size=80),
    st.sampled_from(["anneke.v@mail.example", "13800552201", "林晓雯女士"]),
    st.text(max_size=80),
)
def test_any_text_can_be_read_and_places_index_it(before: str, value: str, after: str) -> None:
    text = f"{before}\n{value}\n{after}"
    for leak in INDEX.leaks(text):
        assert 0 <= leak.start < leak.end <= len(text)
    assert len(masked(text, [Leak(0, 3, "name")])) == len(text)


def test_a_message_takes_as_long_for_ten_thousand_as_for_ten() -> None:
    """Compared with itself, so that a slow machine says the same."""
    rng = random.Random(1)
    people = [
        Person(f"C{n}", "".join(rng.choices("林陈王赵李周吴郑孙徐马朱胡郭何高罗梁宋唐", k=3)), f"customer{n}@mail{n % 7}.example",
               f"+4917{rng.randrange(10**7, 10**8)}", (f"Musterstrasse {n}, Berlin",), (f"OR-{n:06d}", str(rng.randrange(10**11, 10**12))))
        for n in range(10_000)
    ]  # fmt: skip
    message = (
        "The kettle holds 1.7 l and costs €89.00; 12 left. Order OR-999999 of 3 May is on its way. 这款壶容量1.7升，目前有货。"
        * 3
    )
    few, many = PeopleIndex(people[:10]), PeopleIndex(people)

    def best(index: PeopleIndex) -> float:
        index.leaks(message)
        times = []
        for _ in range(7):
            started = time.perf_counter()
            assert index.leaks(message) == []
            times.append(time.perf_counter() - started)
        return min(times)

    assert best(many) < 5 * best(few)
    assert many.leaks("write to customer9999@mail3.example")


def test_numbers_and_addresses_nobody_gave_are_strange() -> None:
    shop = ["Call +49 30 23125 014 or write to hello@shop.example"]
    assert strange("Call 030 23125014", shop, ("DE",)) == []
    assert strange("Write to HELLO@shop.example.", shop) == []
    text = "Ask Jan: +49 170 1234567, jan@web.de"
    assert {text[start:end] for start, end, _ in strange(text, shop, ("DE",))} == {
        "+49 170 1234567",
        "jan@web.de",
    }
    assert strange("Order 2026-11-23, 48 x 350 ml, 3232010044871", shop, ("DE",)) == []


def test_a_private_contact_is_told_from_a_shops() -> None:
    assert is_private("+86 138 1234 5678", "phone", ())
    assert is_private("13812345678", "phone", ("CN",))
    assert not is_private("+49 30 23125014", "phone", ())
    assert is_private("jan@web.de", "email", ())
    assert not is_private("hello@plumandkettle.example", "email", ())
