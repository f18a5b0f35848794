"""`marketeer check`: exit statuses, spans in the bytes that were given, facts files."""

from pathlib import Path

import pytest

from tests.bot.command_line import CommandLine


@pytest.fixture
def run(tmp_path: Path, capsys, monkeypatch) -> CommandLine:
    return CommandLine(tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize(
    ("text", "more", "status"),
    [
        ("A teapot of 650 ml.", (), 0),
        ("这是国家级品质", ("--jurisdiction", "cn"), 4),
        ("字" * 1200, ("--channel", "xiaohongshu"), 4),
    ],
)
def test_the_status_is_the_verdict(run: CommandLine, text: str, more: tuple[str, ...], status: int):
    """0 allow, 4 block, in both forms."""
    assert run("check", *more, stdin=text).status == status
    ran = run("check", *more, "--json", stdin=text)
    assert ran.status == status
    assert ran.json["verdict"] == {0: "allow", 4: "block"}[status]
    assert set(ran.json) == {"verdict", "findings", "claims", "lengths"}


def test_a_warning_is_status_3(run: CommandLine):
    """Over what is recommended, within what is taken."""
    ran = run("check", "--channel", "sms", "--json", stdin="x" * 161)
    assert ran.json["verdict"] == "warn"
    assert ran.status == 3


def test_spans_index_what_was_given(run: CommandLine):
    """Line ends stay as they came; a byte order mark is no text."""
    text = "一行\r\n二行\r\n国家级品质\r\n"
    found = run("check", "--jurisdiction", "cn", "--json", stdin=b"\xef\xbb\xbf" + text.encode()).json
    (finding,) = found["findings"]
    assert text[finding["start"] : finding["end"]] == "国家级"


def test_the_text_is_shown_with_its_spans_and_reasons(run: CommandLine):
    """Brackets where there are no colours; markup in the text is text."""
    ran = run("check", "--jurisdiction", "cn", stdin="[red]国家级[/red]\n")
    assert "[red][国家级][/red]" in ran.out
    assert "cn.superlative.statute" in ran.out


def test_what_cannot_be_used_is_one_sentence(run: CommandLine, tmp_path: Path):
    """An unknown channel, a text or a facts file that cannot be read: exit 1."""
    facts = tmp_path / "facts.jsonl"
    facts.write_text('{"id": "f1", "text": "650 ml"}\n{"id": "f2"}\n')
    for words, stdin, says in (
        (("--channel", "telepathy"), "hello", "telepathy"),
        ((), b"\xff\xfe\xff", "not UTF-8"),
        (("--facts", str(facts)), "hello", "facts.jsonl:2"),
        (("--facts", "nowhere.jsonl"), "hello", "nowhere.jsonl"),
    ):
        ran = run("check", *words, stdin=stdin)
        assert ran.status == 1
        assert ran.out == ""
        assert says in ran.err
        assert ran.err.count("\n") == 1
    facts.write_text('{"id": "f1", "text": "650 ml"}\n')
    assert run("check", "--facts", str(facts), stdin="It holds 650 ml.").status == 0
