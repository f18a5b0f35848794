"""Questions typed carelessly are questions; words of thanks, complaint and leave-taking are none."""

import numpy as np
import pytest

from chains.heads import train
from tests.chains.conftest import Ask


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["thanks", "stop"])
def test_no_question_stays_none(ask: Ask, kind: str, language: str) -> None:
    text = {
        ("thanks", "en"): "lovely helmet, my daughter adores it, ta",
        ("thanks", "zh"): "头盔很好看，女儿喜欢得不得了，多谢",
        ("stop", "en"): "please take me off your mailing list",
        ("stop", "zh"): "别再给我发广告了",
    }[kind, language]
    answer = ask(text)
    assert answer.intent != "opt_out" if kind == "thanks" else answer.intent == "opt_out"
    assert answer.verdict == "allow"


@pytest.mark.parametrize(
    "text",
    [
        "卡里的钱不想要了，能退出来不",
        "买多了想退掉一个，退不退哦",
        "can i get off with a refund on the voucher",
        "want out of the workshop, money back?",
    ],
)
def test_money_back_is_no_opt_out(ask: Ask, text: str) -> None:
    assert ask(text).intent != "opt_out"


@pytest.mark.parametrize(
    "text",
    [
        "can you stop texting me?",
        "how do i unsubscribe?",
        "is there a way to opt out",
        "no more emails please, and i returned the kettle",
        "leave me alone, i returned it already",
        "能不能别再给我发消息了",
        "能把我移出群发吗",
        "退订怎么弄啊",
        "我已经退货了，别再联系我",
    ],
)
def test_an_opt_out_may_be_a_question_or_come_with_a_return(ask: Ask, text: str) -> None:
    assert ask(text).intent == "opt_out"


@pytest.mark.parametrize(
    "text",
    [
        "can you text me when it arrives",
        "do i get an email when it ships",
        "how do i cancel my coffee subscription",
        "can i take the strap off",
        "能不能把那件从订单里删掉",
        "不要发顺丰可以吗",
        "我订的房间想退订，能退多少",
        "how do i unsubscribe from the coffee box",
    ],
)
def test_what_sounds_like_an_opt_out_and_is_none(ask: Ask, text: str) -> None:
    assert ask(text).intent != "opt_out"


@pytest.mark.parametrize(
    "text",
    [
        "头盔还有没得",
        "大号头盔好多钱",
        "wats the damage for a helmet",
        "r there any helmets for ppl with big heads",
    ],
)
def test_a_question_is_not_thanked_for(ask: Ask, text: str) -> None:
    assert ask(text).verdict != "allow"


def test_a_head_of_two_labels_says_both() -> None:
    points = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]], np.float32)
    head = train(points, ["a", "a", "b", "b"], strength=100.0)
    assert head.of(points[0])["a"] > 0.9
    assert head.of(points[3])["b"] > 0.9
    assert sum(head.of(points[1]).values()) == pytest.approx(1.0, abs=1e-5)
