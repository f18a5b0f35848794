"""What may be shown of a text while it is written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chains.llm.text_stream import TextStream


class Bytes:
    """A tokenizer whose tokens are the bytes of UTF-8."""

    def decode(self, token_ids: list[int], /, *, skip_special_tokens: bool) -> str:
        return bytes(token_ids).decode("utf-8", "replace")


def run(text: str, *stop: str) -> tuple[list[str], TextStream]:
    stream = TextStream(Bytes(), stop)
    pieces = []
    for byte in text.encode():
        pieces.append(stream.push(byte))
        if stream.stopped:
            break
    pieces.append(stream.finish())
    return [piece for piece in pieces if piece], stream


@given(st.text(max_size=60))
def test_the_pieces_make_up_the_text_without_outer_white_space(text: str) -> None:
    pieces, stream = run(text)
    assert "".join(pieces) == stream.shown == text.strip()


@given(st.text("ab \n顾", max_size=30), st.lists(st.text("ab\n顾", min_size=1, max_size=4), max_size=3))
def test_no_stop_string_is_ever_shown(text: str, stop: list[str]) -> None:
    pieces, stream = run(text, *stop)
    assert "".join(pieces) == stream.shown
    assert not any(word in stream.shown for word in stop)
    assert text.strip().startswith(stream.shown)


def test_the_beginning_of_a_stop_string_is_shown_once_it_is_none() -> None:
    pieces, _ = run("one\nCustoms", "\nCustomer:")
    assert pieces[-1].endswith("\nCustoms")


def test_a_turn_of_the_other_side_as_first_words_gives_nothing() -> None:
    assert run(" \nCustomer: hello", "\nCustomer:")[0] == []


def test_a_chinese_character_comes_whole() -> None:
    assert run("保修")[0] == ["保", "修"]
