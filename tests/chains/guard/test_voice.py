"""Brand voice: however owners word it, what it asks for is found in texts, mended, and kept to by copy and drafts."""

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platformdirs import user_cache_path

from chains.assistant import ShopAssistant, build_assistant
from chains.guard.channels import load_channels
from chains.guard.check import check_fields
from chains.guard.disclosure import Label, label_for, labelled
from chains.guard.voice import Emoji, Voice, kind_of, read_voice, vocabulary
from chains.guard.voice_check import addressed_as, find_voice, mended
from chains.turn import CopyRequest
from knowledge.folder import Knowledge, open_knowledge

DEMO = read_voice(
    tomllib.loads((Path(__file__).parents[3] / "knowledge/demo/shop.toml").read_text("utf-8"))["brand_voice"]
)
CHANNELS = load_channels()


def found(text: str, voice: Voice, kind: str = "post") -> list[tuple[str, str]]:
    return [(one.rule, text[one.start : one.end]) for one in find_voice(text, voice, kind)]


@pytest.mark.parametrize(
    ("said", "place", "policy"),
    [
        ("none", "post", Emoji(0)), ("No emoji, please", "ad", Emoji(0)), ("不用表情", "email", Emoji(0)),
        ("sparingly", "post", Emoji(2)), ("at most one", "post", Emoji(1)), ("最多三个", "post", Emoji(3)),
        ("free", "post", Emoji()), ("随意", "chat", Emoji()), ("", "post", Emoji()),
        ("none in email; at most one in chat, and only 🍵", "email", Emoji(0)),
        ("none in email; at most one in chat, and only 🍵", "chat", Emoji(1, ("🍵",))),
        ("none in email; at most one in chat, and only 🍵", "post", Emoji()),
        ("微博随意，邮件不用", "email", Emoji(0)), ("微博随意，邮件不用", "post", Emoji()),
        ({"zh": "不用", "en": "none"}, "post", Emoji(0)),
    ],
)  # fmt: skip
def test_emoji_policies(said: object, place: str, policy: Emoji) -> None:
    assert read_voice({"emoji": said}).emoji_in(place) == policy


@pytest.mark.parametrize(
    ("said", "kind", "form"),
    [
        ("您", "post", "您"), ("你", "email", "你"), ("formal", "post", "您"), ("informal", "post", "你"), ("敬称", "sms", "您"),
        ("first names and 'you' in English; 您 in Chinese for service, 你 in social posts", "follow_up", "您"),
        ("first names and 'you' in English; 您 in Chinese for service, 你 in social posts", "reply", "您"),
        ("first names and 'you' in English; 您 in Chinese for service, 你 in social posts", "post", "你"),
        ("客服用您，小红书用你", "post", "你"), ("first names in English", "post", None), ("", "post", None),
    ],
)  # fmt: skip
def test_forms_of_address(said: str, kind: str, form: str | None) -> None:
    assert read_voice({"formality": said}).form_in(kind) == form


def test_other_names_and_shapes_of_the_settings() -> None:
    voice = read_voice(
        {"禁用词": "秒杀，亲", "Banned words": ["cheap -> affordable"], "落款": "小店 敬上", "style": "dry"}
    )
    assert {("秒杀", ""), ("亲", ""), ("cheap", "affordable")} == set(voice.avoid)
    assert voice.sign_off == {"zh": "小店 敬上"}
    assert voice.tone == {"en": "dry"}
    assert read_voice({"words_to_avoid": {"cheap": "affordable"}}).avoid == (("cheap", "affordable"),)
    assert read_voice("温和、实在").tone == {"zh": "温和、实在"}
    assert read_voice(None) == Voice()
    assert read_voice("No hype, no exclamation marks.").marks == {"exclamation"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("全国第一的茶", ["第一"]), ("亲，看这里", ["亲"]), ("最好的杯子", ["最好"]), ("限时秒 杀", ["秒 杀"]), ("頂級茶具", ["頂級"]),
        ("The BEST tea, cheaper than ever", ["BEST", "cheaper"]), ("a must have", ["must have"]), ("mir\u200bacles", ["mir\u200bacles"]),
        ("第一次点燃请等蜡面融化", []), ("第一泡十秒", []), ("师傅亲手拉坯", []), ("亲切的服务", []), ("最好手洗", []), ("父亲节", []),
        ("Best before May", []), ("Bestway pool", []), ("steep it by hand", []),
    ],
)  # fmt: skip
def test_words_to_avoid_are_words(text: str, words: list[str]) -> None:
    assert found(text, DEMO) == [("voice.avoid", word) for word in words]


def test_a_finding_says_what_to_write_instead() -> None:
    (one,) = find_voice("a cheap mug", read_voice({"avoid": "cheap -> affordable"}), "post")
    assert (one.severity, "affordable" in one.suggestion) == ("warn", True)
    (one,) = find_voice("你的订单", DEMO, "email")
    assert (one.rule, one.suggestion) == ("voice.formality", "改为“您”。")


@pytest.mark.parametrize(
    ("text", "kind", "after"),
    [
        ("你好，你的订单到了", "email", "您好，您的订单到了"), ("您的茶", "post", "你的茶"), ("迷你壶送给你", "email", "迷你壶送给您"),
        ("你们几点开门", "email", "你们几点开门"), ("写着「你好」的杯子给你", "email", "写着「你好」的杯子给您"),
        ("Hi 🎉 there 👨‍👩‍👧", "email", "Hi there"), ("🍵🍵 hi 🎉", "chat", "🍵 hi"), ("Hi 🎉", "post", "Hi 🎉"),
    ],
)  # fmt: skip
def test_what_can_be_mended_is(text: str, kind: str, after: str) -> None:
    assert mended(text, DEMO, kind) == after
    assert [one for one in find_voice(after, DEMO, kind) if one.rule != "voice.avoid"] == []


def test_marks_that_a_voice_rules_out() -> None:
    voice = read_voice("Calm. No exclamation marks.")
    assert found("Mugs! 快来！！", voice) == [("voice.exclamation", "!"), ("voice.exclamation", "！！")]
    assert mended("Mugs! 快来！！", voice, "post") == "Mugs. 快来。"


@given(st.text(max_size=120), st.sampled_from(["email", "chat", "post", ""]))
def test_any_text_can_be_judged_and_mended(text: str, kind: str) -> None:
    for one in find_voice(text, DEMO, kind):
        assert 0 <= one.start < one.end <= len(text)
    after = mended(text, DEMO, kind)
    assert mended(after, DEMO, kind) == after
    assert len(addressed_as(text, "您")) == len(text)


@given(
    st.dictionaries(
        st.sampled_from(sorted(vocabulary()["keys"])),
        st.text(max_size=40) | st.lists(st.text(max_size=5)) | st.none(),
    )
)
def test_any_settings_are_a_voice(settings: dict[str, object]) -> None:
    read_voice(settings)


def test_a_variant_carries_its_voice_findings_by_field() -> None:
    report = check_fields(
        {"subject": ["A mug"], "body": ["The best mug 🎉"]},
        channel="email",
        jurisdictions=["mars"],
        voice=DEMO,
    )
    assert [(one.field, one.rule) for one in report.findings] == [
        ("body", "voice.avoid"),
        ("body", "voice.emoji"),
    ]


@pytest.mark.parametrize(
    ("channel", "jurisdictions", "language", "needed"),
    [("xiaohongshu", ["eu"], "en", True), ("instagram", ["cn"], "en", True), ("instagram", ["eu", "cn"], "zh", True),
     ("instagram", ["eu", "cn"], "en", False), ("instagram", ["us"], "zh", False), ("email", ["eu"], "en", False)],
)  # fmt: skip
def test_where_a_label_is_asked_for(
    channel: str, jurisdictions: list[str], language: str, needed: bool
) -> None:
    assert (label_for(CHANNELS.find(channel), jurisdictions, language, Voice()) is not None) == needed


def test_a_label_stands_in_the_main_text_within_its_limit_and_once() -> None:
    weibo = CHANNELS.find("weibo")
    label = Label("（内容由AI生成）", "")
    fields, fits = labelled(weibo, {"body": ["一只杯子。"]}, label)
    assert (fields, fits) == ({"body": ["一只杯子。\n（内容由AI生成）"]}, True)
    assert labelled(weibo, fields, label) == (fields, True)
    assert labelled(weibo, {"body": ["字" * 139]}, label) == ({"body": ["字" * 139]}, False)
    own = label_for(weibo, ["cn"], "zh", read_voice({"disclosure": "本文由机器撰写"}))
    assert own is not None
    assert own.text == "本文由机器撰写"


def test_every_label_says_where_it_comes_from() -> None:
    for label in vocabulary()["labels"].values():
        assert label["certainty"] in ("S", "W", "M")
        assert label["date"]
        assert set(label["text"]) == set(label["why"]) == {"en", "zh"}


@pytest.fixture(scope="module")
def voiced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    folder = tmp_path_factory.mktemp("voiced")
    (folder / "shop.yaml").write_text(
        "name: Voiced\nname_zh: 有声\nlanguages: [zh, en]\njurisdictions: [cn]\n"
        "brand_voice:\n  formality: 客服用您，小红书用你\n  sign_off: Yours, Kim\n  sign_off_zh: 小金 敬上\n  emoji: none\n  words_to_avoid: [cosy]\n",
        "utf-8",
    )
    (folder / "customers.csv").write_text(
        "customer_id,name,language\nC-1,王小明,zh\nC-2,Bo Adams,en\n", "utf-8"
    )
    (folder / "products.csv").write_text(
        "sku,name,category,price,description,language\nMUG-1,港湾杯,杯子,9.00,容量350毫升，送给你自己。,zh\n"
        "MUG-1,Harbour mug,Mugs,9.00,A cosy mug 🎉 of 350 ml.,en\n",
        "utf-8",
    )
    with open_knowledge(folder / "data", purpose="test") as known:
        known.ingest.files([path for path in folder.iterdir() if path.is_file()])
        yield known


@pytest.fixture(scope="module")
def speaking(voiced: Knowledge) -> ShopAssistant:
    return build_assistant(index=voiced.index, model=None, cache=user_cache_path("marketeer"))


def written(assistant: ShopAssistant, channel: str, language: str) -> list[str]:
    request = CopyRequest(product="MUG-1", channel=channel, variants=8, language=language)
    return [one.text for one in asyncio.run(assistant.copy(request)).variants]


def test_copy_keeps_to_the_voice(speaking: ShopAssistant) -> None:
    notes, letters = written(speaking, "xiaohongshu", "zh"), written(speaking, "email", "zh")
    assert not [text for text in notes if "您" in text]
    assert not [text for text in letters if "你" in text.replace("你们", "")]
    assert any("你" in text for text in notes)
    assert all("（内容由AI生成）" in text for text in notes)
    assert all("小金 敬上" in text for text in letters)
    english = written(speaking, "email", "en")
    assert all("Yours, Kim" in text and "🎉" not in text for text in english)
    made = asyncio.run(
        speaking.copy(CopyRequest(product="MUG-1", channel="email", variants=2, language="en"))
    )
    assert {one.verdict for one in made.variants if "cosy" in one.text} == {"warn"}


def test_follow_ups_are_signed_and_address_their_reader(speaking: ShopAssistant) -> None:
    letter = asyncio.run(speaking.follow_up("C-1")).reply
    assert "王小明您好" in letter
    assert "小金 敬上" in letter
    assert asyncio.run(speaking.follow_up("C-2")).reply.split("\n\n")[0].endswith("Yours, Kim")


def test_every_channel_is_of_a_kind() -> None:
    assert {kind_of(channel) for channel in CHANNELS} <= set(vocabulary()["asks"])
