"""Channels as data: every row at its limit and one past it; names, mentions, overrides, fields and SMS parts."""

from pathlib import Path

import pytest

from chains.guard.channels import load_channels
from chains.guard.check import check_fields, check_text
from chains.guard.counting import count, sms
from chains.guard.errors import BadRules, UnknownChannel
from chains.guard.limits import check_fields as lengths
from chains.guard.limits import find_in_fields

CHANNELS = load_channels()

# channel, field, limit, recommended, how it counts
ROWS = [
    ("google_ads", "headline", 30, None, "double_width"),
    ("google_ads", "description", 90, None, "double_width"),
    ("google_ads", "path", 15, None, "double_width"),
    ("google_merchant", "title", 150, None, "characters"),
    ("google_merchant", "description", 5000, None, "characters"),
    ("meta", "primary_text", 2200, 125, "characters"),
    ("meta", "headline", 255, 40, "characters"),
    ("meta", "description", 255, 30, "characters"),
    ("linkedin_ad", "intro", 600, 150, "characters"),
    ("linkedin_ad", "headline", 200, 70, "characters"),
    ("linkedin_ad", "description", 300, 100, "characters"),
    ("tiktok_ad", "body", 100, 80, "characters"),
    ("x", "body", 280, None, "weighted"),
    ("instagram", "body", 2200, None, "characters"),
    ("instagram", "hashtags", None, None, "characters"),
    ("linkedin", "body", 3000, None, "characters"),
    ("threads", "body", 500, None, "characters"),
    ("pinterest", "body", 500, None, "characters"),
    ("facebook", "body", 63206, None, "characters"),
    ("tiktok", "body", 2000, None, "characters"),
    ("tiktok", "hashtags", None, None, "characters"),
    ("youtube", "body", 5000, None, "characters"),
    ("xiaohongshu", "title", 20, None, "characters"),
    ("xiaohongshu", "body", 1000, None, "characters"),
    ("xiaohongshu", "hashtags", None, None, "characters"),
    ("weibo", "body", 2000, 140, "characters"),
    ("wechat", "title", 64, None, "characters"),
    ("wechat", "digest", 120, None, "characters"),
    ("wechat", "body", None, None, "characters"),
    ("douyin", "body", None, None, "characters"),
    ("douyin", "hashtags", None, None, "characters"),
    ("sms", "body", 160, None, "sms"),
    ("email", "subject", None, 60, "characters"),
    ("email", "body", None, None, "characters"),
    ("telegram", "body", 4096, None, "utf16"),
    ("telegram", "caption", 1024, None, "utf16"),
]


def rules(channel: str, field: str, text: str) -> set[str]:
    return {found.rule for found in find_in_fields(CHANNELS.find(channel), {field: [text]})}


@pytest.mark.parametrize(("channel", "field", "limit", "recommended", "how"), ROWS)
def test_at_the_limit_and_one_past_it(
    channel: str, field: str, limit: int | None, recommended: int | None, how: str
) -> None:
    entry = CHANNELS.find(channel).field(field)
    assert entry is not None
    assert entry.counts == how
    over = "sms.parts" if how == "sms" else "limit.over"
    assert (entry.limit and entry.limit.value) == limit
    assert (entry.recommended and entry.recommended.value) == recommended
    if limit is not None:
        assert over not in rules(channel, field, "a" * limit)
        assert over in rules(channel, field, "a" * (limit + 1))
    if recommended is not None:
        assert "limit.recommended" not in rules(channel, field, "a" * recommended)
        assert "limit.recommended" in rules(channel, field, "a" * (recommended + 1))
    if limit is None and recommended is None:
        assert not rules(channel, field, "a" * 5000) & {over, "limit.recommended"}


def test_every_field_of_every_channel_has_a_row() -> None:
    assert {(channel.name, field.name) for channel in CHANNELS for field in channel.fields} == {
        r[:2] for r in ROWS
    }


def test_every_number_says_where_it_comes_from() -> None:
    for channel in CHANNELS:
        assert set(channel.title) == set(channel.style.hint) == {"en", "zh"}
        for field in channel.fields:
            for figure in (field.limit, field.recommended, field.min_count, field.max_count):
                assert figure is None or (figure.date and " " in figure.source), (channel.name, field.name)


def test_each_character_counts_as_its_channel_counts_it() -> None:
    assert count("杯子ab", "double_width") == 6
    assert count("ａｂ", "double_width") == 4
    assert count("杯子ab", "weighted") == 6
    assert count("see https://shop.example/a/very/long/path?x=1 now", "weighted") == 4 + 23 + 4
    assert count("see shop.com.", "weighted") == 4 + 23 + 1
    assert count("me@shop.com", "weighted") == 11
    assert count("👨‍👩‍👧 🇩🇪 ❤️ 1️⃣", "weighted") == 2 * 4 + 3
    assert count("😀a", "utf16") == 3
    assert count("👨‍👩‍👧é", "graphemes") == 2


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 152 + "€" * 5, "GSM-7", 162, 2),
        ("€" * 153, "GSM-7", 306, 3),  # an escape and its character stay together: 76 a part
        ("短" * 70, "UCS-2", 70, 1),
        ("短" * 71, "UCS-2", 71, 2),
        ("短" * 134, "UCS-2", 134, 2),
        ("短" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
    ],
)
def test_sms_parts(text: str, encoding: str, units: int, parts: int) -> None:
    way = sms(text)
    assert (way.encoding, way.units, way.parts) == (encoding, units, parts)


def test_sms_names_the_character_that_forced_ucs2() -> None:
    report = check_text(
        "Caf" + "é" + " sale, 20% off " + "’" + "til Friday" + "." * 60, channel="SMS", jurisdictions=["uk"]
    )
    (length,) = report.to_json()["lengths"]
    assert (length["limit"], length["parts"], length["forced_by"]) == (70, 2, "’")
    assert "U+2019" in length["detail"]
    assert report.verdict == "warn"


@pytest.mark.parametrize(
    ("name", "channel"),
    [("Google Ads", "google_ads"), ("google-ads", "google_ads"), ("X", "x"), ("Twitter", "x"), ("x (Twitter)", "x"),
     ("小红书", "xiaohongshu"), ("RedNote", "xiaohongshu"), ("微博", "weibo"), ("公众号", "wechat"), ("抖音", "douyin"),
     ("短信", "sms"), ("ＳＭＳ", "sms"), ("e-mail", "email"), ("邮件", "email"), ("Facebook", "facebook"), ("Meta", "meta")],
)  # fmt: skip
def test_names(name: str, channel: str) -> None:
    assert CHANNELS.find(name).name == channel


def test_no_two_channels_share_a_name() -> None:
    from chains.guard.channels import key

    names = [k for c in CHANNELS for k in {key(n) for n in (c.name, *c.aliases, *c.title.values())}]
    assert len(names) == len(set(names))


def test_an_unknown_name_lists_the_near_ones() -> None:
    with pytest.raises(UnknownChannel, match="did you mean instagram") as caught:
        CHANNELS.find("instagran")
    assert "xiaohongshu" in caught.value.known
    with pytest.raises(UnknownChannel):
        CHANNELS.find("")


@pytest.mark.parametrize(
    ("text", "channel"),
    [("3 Instagram posts for the kettle", "instagram"), ("写两条小红书文案", "xiaohongshu"), ("an SMS about mugs", "sms"),
     ("write an X post", "x"), ("something to post on X", "x"), ("给我写个微博", "weibo"), ("a tweet", "x"),
     ("抖音视频文案", "douyin"), ("Google ads for the mug", "google_ads"), ("an Instagram ad", "meta"),
     ("LinkedIn ads", "linkedin_ad"), ("LinkedIn", "linkedin"), ("公众号推文", "wechat"), ("发一条ins", "instagram"),
     ("写email通知老顾客", "email"), ("a newsletter", "email"), ("发条短信", "sms"), ("TikTok ad", "tiktok_ad"),
     ("a Threads post", "threads"), ("a Telegram message", "telegram"), ("写一个X帖子", "x"),
     ("copy for the kettle", None), ("size x large, 3 x 4 mugs", None), ("for X people", None), ("cotton threads", None),
     ("my email address", None), ("the red mug", None), ("写一段文案", None)],
)  # fmt: skip
def test_a_channel_named_in_a_free_text(text: str, channel: str | None) -> None:
    found = CHANNELS.mentioned(text)
    assert (found and found.name) == channel


def test_a_shop_overrides_a_number_and_adds_a_channel(tmp_path: Path) -> None:
    mine = tmp_path / "limits.yaml"
    mine.write_text(
        "channels:\n  douyin: {fields: {body: {limit: 55}}}\n  weibo: {fields: {body: {limit: {value: 5000}}}}\n"
        "  kiosk: {title: {en: Kiosk, zh: 亭}, primary: body, style: {kind: ad, order: [body]}, fields: {body: {limit: 9}}}\n",
        "utf-8",
    )
    channels = load_channels(mine)
    assert {n: channels.find(n).fields[0].limit.value for n in ("douyin", "weibo", "kiosk")} == {  # type: ignore[union-attr]
        "douyin": 55, "weibo": 5000, "kiosk": 9,
    }  # fmt: skip
    assert channels.find("x") == CHANNELS.find("x")


@pytest.mark.parametrize(
    "text",
    [
        "channels: [",
        "- a",
        "channels: {x: {primary: nope}}",
        "channels: {x: 3}",
        "channels: {x: {colour: red}}",
    ],
)
def test_a_bad_override_is_one_error(tmp_path: Path, text: str) -> None:
    (mine := tmp_path / "limits.yaml").write_text(text, "utf-8")
    with pytest.raises(BadRules):
        load_channels(mine)
    with pytest.raises(BadRules):
        load_channels(tmp_path / "none.yaml")


def test_google_headlines_and_their_house_rules() -> None:
    assert "google_ads.headline.exclamation" in rules("google_ads", "headline", "Mugs!")
    assert "google_ads.headline.exclamation" not in rules("google_ads", "description", "Mugs!")
    assert "google_ads.punctuation.repeated" in rules("google_ads", "description", "Mugs!!")
    assert "google_ads.emoji" in rules("google_ads", "headline", "Mugs 🎉")
    ad = {"headline": ["One", "Two", "Three"], "description": ["A mug.", "A kettle."]}
    assert check_fields(ad, channel="google_ads", jurisdictions=["uk"]).verdict == "allow"
    assert check_fields({**ad, "headline": ["One"]}, channel="google_ads").verdict == "warn"
    assert check_fields({**ad, "headline": ["H"] * 16}, channel="google_ads").verdict == "block"
    assert check_fields({**ad, "slogan": ["H"]}, channel="google_ads").verdict == "warn"


def test_hashtags_are_sent_within_the_caption() -> None:
    instagram = CHANNELS.find("instagram")
    body, *tags = lengths(instagram, {"body": ["a" * 2190], "hashtags": ["#mugs", "#tea"]})
    assert body.length == 2190 + len("\n\n#mugs #tea")
    assert [tag.length for tag in tags] == [5, 4]
    found = find_in_fields(instagram, {"body": ["a" * 2190], "hashtags": ["#mugs", "#tea"]})
    assert [one.rule for one in found] == ["limit.over"]


def test_labelled_lines_are_fields_and_spans_index_the_whole_text() -> None:
    text = "标题：春天的杯子\n正文：手工拉坯。\n注意：可以进洗碗机。\n"
    report = check_text(text, channel="小红书", jurisdictions=["cn"])
    assert [(one.field, one.length) for one in report.lengths] == [("title", 5), ("body", 16)]
    assert report.verdict == "allow"
    text = "Headline 1: Hand-thrown mugs\nHeadline 2: Mugs!\nDescription: For tea."
    report = check_text(text, channel="google_ads", jurisdictions=["us"])
    (found,) = [one for one in report.findings if one.severity == "block"]
    assert text[found.start : found.end] == "!"
    assert [one.field for one in report.lengths] == ["headline", "headline", "description"]


def test_one_text_is_the_primary_field() -> None:
    report = check_text("A mug.\nNote: dishwasher safe.\n", channel="email", jurisdictions=["us"])
    assert [(one.field, one.length) for one in report.lengths] == [("body", 29)]
    assert report.findings == ()
    text = "x" * 300
    (found,) = check_text(text, channel="x").findings
    assert (found.start, found.end, found.rule) == (280, 300, "limit.over")
