"""Splitting and measuring messages as Telegram does."""

from hypothesis import given
from hypothesis import strategies as st

from bot.replies import LIMIT, escape, plain, split, units
from tests.bot.fake_telegram import _parse_html


def test_length_counts_utf16_units():
    """A tea pot is two units, a Chinese character one."""
    assert units("🫖茶a") == 4


def test_cuts_after_a_sentence_and_never_within_a_character():
    """A family of emoji joined into one character stays whole."""
    family = "👨‍👩‍👧‍👦"
    assert split("One two. Three four. Five", 21) == ["One two. Three four.", "Five"]
    assert split("茶壶很好。价格也好。欢迎再来", 8) == ["茶壶很好。", "价格也好。", "欢迎再来"]
    assert split(family * 3, units(family) + 3) == [family] * 3


def test_paragraphs_before_lines_before_sentences():
    """But not where the part would be nearly empty."""
    assert split("Aa.\n\nBb bb. Cc cc cc", 16) == ["Aa.\n\nBb bb.", "Cc cc cc"]
    assert split("Aa aa aa aa.\n\nBb bb. Cc cc", 22) == ["Aa aa aa aa.", "Bb bb. Cc cc"]


def test_a_span_moves_on_whole_or_is_closed_and_opened_again():
    """Bold words are not torn; bold walls are."""
    assert split("Some words <b>and bold ones</b>", 20) == ["Some words", "<b>and bold ones</b>"]
    assert split("<b>abcdef</b>", 4) == ["<b>abcd</b>", "<b>ef</b>"]
    assert split("&lt;&lt;&lt;&lt;", 3) == ["&lt;&lt;&lt;", "&lt;"]


def test_nothing_to_say_is_no_message():
    """Telegram refuses an empty text."""
    assert split("  \n ") == []
    assert split("<b> </b>") == []


WORDS = st.text(st.sampled_from("ab .。\n<>&🫖茶\u0301 👨\u200d"), max_size=300)


@given(WORDS, st.integers(8, 60))
def test_parts_are_valid_fit_and_lose_nothing(text: str, limit: int):
    """Whatever the words: every part parses, fits, and together they say the same."""
    parts = split(escape(text), limit)
    assert all(0 < units(_parse_html(part)) <= limit for part in parts)
    assert "".join("".join(map(plain, parts)).split()) == "".join(text.split())


@given(st.lists(st.tuples(st.sampled_from(["b", "i", ""]), WORDS), max_size=6), st.integers(8, 60))
def test_marked_up_parts_are_valid_too(pieces: list[tuple[str, str]], limit: int):
    """Tags are balanced in every part."""
    html = "".join(f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text) for tag, text in pieces)
    parts = split(html, limit)
    assert all(units(_parse_html(part)) <= limit for part in parts)
    assert "".join("".join(map(plain, parts)).split()) == "".join(plain(html).split())


def test_the_limit_is_telegrams():
    """4,096 units go in one message, one more in two."""
    assert len(split("茶" * LIMIT)) == 1
    assert len(split("茶" * (LIMIT + 1))) == 2
