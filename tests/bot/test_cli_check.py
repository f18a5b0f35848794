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


@pytest.mark.parametrize(
    ("text", "status", "results", "rules"),
    [
        ("It holds 650 ml.", 0, ["supported"], []),
        ("It holds 750 ml.", 4, ["contradicted"], ["claim.contradicted"]),
        ("It holds 650 ml and is vegan.", 4, ["supported", "unsupported"], ["claim.unsupported"]),
        ("一把58元，容量650毫升。", 4, ["unsupported", "supported"], ["claim.unsupported"]),
    ],
)
def test_claims_are_held_to_the_facts_given(
    run: CommandLine, tmp_path: Path, text: str, status: int, results: list[str], rules: list[str]
):
    """A claim with its result and its fact; what no fact bears blocks, and says which fact is against it."""
    facts = tmp_path / "facts.jsonl"
    facts.write_text('{"id": "f1", "text": "Rowan Jug - capacity: 650 ml"}\n')
    ran = run("check", "--facts", str(facts), "--json", stdin=text)
    assert ran.status == status
    assert [claim["result"] for claim in ran.json["claims"]] == results
    assert [one["rule"] for one in ran.json["findings"]] == rules
    assert all(text[one["start"] : one["end"]] for one in (*ran.json["claims"], *ran.json["findings"]))
    if "claim.contradicted" in rules:
        assert "650 ml" in ran.json["findings"][0]["why"]
        assert "[750 ml]" in run("check", "--facts", str(facts), stdin=text).out


def test_the_report_says_where_why_and_what_to_do(run: CommandLine):
    """In the language of the text; each place by line and column; lengths with what forced an SMS to UCS-2."""
    ran = run("check", "--jurisdiction", "us", "--channel", "sms", stdin="Hello\nFDA approved mug – 5 left\n")
    assert ran.status == 3
    assert "verdict: warn (1 warn)" in ran.out
    assert "[FDA approved]" in ran.out
    assert "1. WARN  health.claim  “FDA approved”, line 2, 1-12" in ran.out
    for label in ("why: ", "do: ", "source: "):
        assert label in ran.out
    assert "'–' (U+2013)" in ran.out
    ran = run("check", "--jurisdiction", "cn", stdin="国家级品质\n")
    assert "第1行 1-3" in ran.out
    assert "建议: " in ran.out
    assert "Nothing to change." in run("check", stdin="A mug of 350 ml.").out


def test_a_report_of_many_findings_stays_readable(run: CommandLine):
    ran = run("check", "--jurisdiction", "cn", stdin="最佳，" * 20_000)
    assert ran.status == 4
    assert "另有 19950 处" in ran.out
    assert len(ran.out) < 60_000


def test_a_sector_and_a_shop_file(run: CommandLine, tmp_path: Path):
    """A shop's voice and laws come along; its own number is nobody's secret."""
    assert run("check", "--sector", "finance", "--jurisdiction", "cn", stdin="签约保过班").status == 0
    assert run("check", "--sector", "education", "--jurisdiction", "cn", stdin="签约保过班").status == 3
    shop = tmp_path / "shop.yaml"
    shop.write_text(
        "name: Pot\njurisdictions: [us]\ncontact: {phone: 138 1234 5678}\nbrand_voice: {avoid: cheap -> affordable}\n",
        "utf-8",
    )
    text = "A cheap pot, 最佳, call +86 138 1234 5678"
    found = run("check", "--shop", str(shop), "--json", stdin=text).json["findings"]
    assert [(one["rule"], text[one["start"] : one["end"]]) for one in found] == [("voice.avoid", "cheap")]
    assert "affordable" in found[0]["suggestion"]
    plain = run("check", "--jurisdiction", "us", "--json", stdin=text).json["findings"]
    assert [one["rule"] for one in plain] == ["personal.phone"]
    assert run("check", "--shop", str(tmp_path / "none.toml"), stdin="x").status == 1
