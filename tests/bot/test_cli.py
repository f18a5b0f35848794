"""The commands as other programs call them: options, JSON, exit statuses, one sentence for every error."""

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.cli import build_parser, main
from chains.turn import Answer, Question, Shown
from knowledge.crm.consent import latest_consent
from knowledge.crm.conversations import Conversation, Message
from knowledge.crm.database import Database
from knowledge.crm.sources import UnansweredQuestion
from knowledge.folder import owning
from tests.bot.command_line import CommandAssistant, CommandLine
from tests.bot.scripted import answer

ROOT = Path(__file__).parents[2]
CONTRACT = """\
chat
bot
ingest a b --kind faq --sync --json
ask hello --as marketer --customer C1 --json
ask --batch f.jsonl
search hello --as customer --customer C1 -k 7 --json
search --batch f.jsonl
sentiment hello --json
sentiment --batch f.jsonl
copy --product TP-1 --channel instagram --variants 4 --language zh --audience students --tone dry --json
check --channel sms --jurisdiction uk --facts f.jsonl --json
reindex
prepare
doctor --json"""


@pytest.fixture
def run(tmp_path: Path, capsys, monkeypatch) -> CommandLine:
    return CommandLine(tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize("line", CONTRACT.splitlines())
def test_the_contract_is_understood_with_the_folder_before_or_after(line: str):
    """Every command of the formats page, and `--data` in both places."""
    words = line.split()
    assert build_parser().parse_args(["--data", "/d", *words]).data == Path("/d")
    assert build_parser().parse_args([*words, "--data", "/d"]).data == Path("/d")
    assert build_parser().parse_args(words).data is None


def test_what_the_readme_says_can_be_typed():
    """Every `marketeer` line is understood, every `make` target is there, every file of the tree too."""
    text = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(r"^marketeer (.*?)(?:  +#.*)?$", text, re.M)
    assert len(commands) >= 12
    for command in commands:
        build_parser().parse_args(shlex.split(command))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"`?make (chat|bot|test|check|bench|setup|lock)\b", text)) <= targets
    room = ""
    for line in ("bot/\n" + text.partition("\nbot/\n")[2].partition("```")[0]).splitlines():
        name = line.split()[0] if line.split() else ""
        if not line.startswith("  "):
            room = name
        assert (ROOT / (name if name == room else room + name)).exists(), line


def test_help_loads_nothing_heavy():
    """`--help` is instant because what takes seconds is loaded where it is used."""
    code = (
        "import sys\nfrom bot.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('torch', 'transformers', 'chromadb', 'telegram', 'sqlmodel') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.endswith("[]\n")


def test_ask_prints_the_reply_or_the_whole_turn(run: CommandLine):
    """Words for people; the contract's keys for programs."""
    assert run("ask", "Is it blue?").out == "You said: Is it blue?\n"
    found = run("ask", "--json", "Is it blue?").json
    assert found["reply"] == "You said: Is it blue?"
    assert {
        "id",
        "language",
        "intent",
        "sentiment",
        "facts",
        "claims",
        "verdict",
        "variants",
        "timings_ms",
        "tokens",
    } < set(found)


def test_asking_counts(run: CommandLine, tmp_path: Path):
    """An opt-out holds from that moment on, a gap is kept, and the turn is on record."""

    async def script(question: Question) -> AsyncGenerator[Shown | Answer, None]:
        stop = "stop" in question.text
        yield answer("…", intent="opt_out" if stop else "other", verdict="allow" if stop else "unknown")

    run.assistant = CommandAssistant(script)
    customers = tmp_path / "customers.csv"
    customers.write_text("customer_id,marketing_consent,consent_at\nC1,yes,2026-01-01\n")
    assert run("ingest", str(customers)).status == 0
    assert run("ask", "stop writing to me", "--customer", "C1").status == 0
    assert run("ask", "do you sell whales?").status == 0
    with Database.in_folder(run.data).session() as session:
        consent = latest_consent(session, "C1")
        assert consent is not None
        assert not consent.granted
        assert [gap.text for gap in session.exec(select(UnansweredQuestion))] == ["do you sell whales?"]
        assert {talk.place for talk in session.exec(select(Conversation))} == {"ask"}
        assert len(session.exec(select(Message)).all()) == 4


def test_a_batch_answers_each_line_in_order_and_goes_on_after_bad_ones(run: CommandLine, tmp_path: Path):
    """Every line gets a line; errors have the id where one could be read; the status is 0."""
    good = {
        "id": "a",
        "text": "hi",
        "as": "marketer",
        "customer": "C1",
        "history": [["customer", "yo"], ["bot", "hey"]],
    }
    batch = tmp_path / "lines.jsonl"
    batch.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(good).encode() + b"\n\n{broken\n[1]\n\xff\xfe\n"
        b'{"id": 7, "text": "  "}\n{"id": "x", "text": "hi", "as": "owner"}\n'
        b'{"id": "h", "text": "hi", "history": [["bot"]]}\n' + '{"id": 9, "text": "你好"}'.encode()
    )
    ran = run("ask", "--batch", str(batch))
    assert ran.status == 0
    assert [line["id"] for line in ran.lines] == ["a", None, None, None, 7, "x", "h", 9]
    assert [line.get("error", {}).get("kind") for line in ran.lines] == [None, *["bad_request"] * 6, None]
    assert "你好" in ran.out
    first = run.assistant.questions[0]
    assert (first.role, first.customer_id) == ("marketer", "C1")
    assert first.history == (("customer", "yo"), ("bot", "hey"))
    assert run.assistant.warmed == 1


def test_a_batch_line_is_out_before_the_next_is_read(tmp_path: Path):
    """A program may write a line, read the answer, and write the next."""
    code = (
        "import sys, bot.services\nfrom bot.cli import main\nfrom tests.bot.command_line import CommandAssistant\n"
        "bot.services._assistant = lambda *a: CommandAssistant()\nsys.exit(main(sys.argv[1:]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "ask", "--batch", "-", "--data", str(tmp_path / "data")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for word in ("one", "两"):
            process.stdin.write(json.dumps({"id": word, "text": word}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == word
        process.stdin.close()
        assert process.wait(30) == 0


def test_search_and_sentiment(run: CommandLine):
    """Their JSON, with and without a batch; a batch line may say k."""
    hit = {
        "id": "f1",
        "source": "products.csv:2",
        "text": "A [red] pot :smile:",
        "scope": "public",
        "score": 0.9,
    }
    assert run("search", "pot", "-k", "3", "--customer", "C1", "--json").json == {"id": None, "hits": [hit]}
    assert run.assistant.searched[0][1:] == (Question(text="x", customer_id="C1").principal, 3)
    assert "A [red] pot :smile:" in run("search", "pot").out
    lines = run("search", "--batch", "-", stdin='{"id":"q","text":"pot","k":9}\n{"text":"pot","k":0}').lines
    assert lines[0] == {"id": "q", "hits": [hit]}
    assert lines[1]["error"]["kind"] == "bad_request"
    assert run.assistant.searched[-1][2] == 9
    assert run("sentiment", "ok", "--json").json["scores"]["neutral"] == 0.8
    assert run("sentiment", "ok").out == "neutral 0.80\n"


def test_copy_shows_variants_and_names_what_it_does_not_know(run: CommandLine):
    """Unknown products are one sentence, or a JSON error, and exit 1."""
    found = run("copy", "--product", "TP-1", "--channel", "instagram", "--json").json
    assert (found["product"], found["channel"], len(found["variants"])) == ("TP-1", "instagram", 3)
    assert "国家级 is banned" in run("copy", "--product", "TP-1", "--channel", "instagram").out
    ran = run("copy", "--product", "NOPE", "--channel", "instagram")
    assert (ran.status, ran.out, ran.err) == (1, "", "There is no product NOPE.\n")
    ran = run("copy", "--product", "NOPE", "--channel", "instagram", "--json")
    assert ran.json == {"id": None, "error": {"kind": "not_found", "message": "There is no product NOPE."}}


@pytest.mark.parametrize("words", [("ask",), ("ask", " "), ("search",), ("sentiment", "")])
def test_no_text_is_an_error(run: CommandLine, words: tuple[str, ...]):
    """Nothing is loaded for it."""
    ran = run(*words, "--json")
    assert ran.status == 1
    assert ran.json["error"]["kind"] == "bad_request"
    assert not run.data.exists()


def test_a_fault_of_ours_is_one_sentence_without_anybodys_words(run: CommandLine):
    """No traceback and nothing of the message, which may quote a customer."""

    async def script(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        raise ValueError("Lin's address")
        yield answer("")

    run.assistant = CommandAssistant(script)
    ran = run("ask", "hello")
    assert (ran.status, ran.out) == (1, "")
    assert "(ValueError)" in ran.err
    assert "Traceback" not in ran.err
    assert "Lin" not in ran.err


def test_ctrl_c_is_one_quiet_line(run: CommandLine):
    """And the status that shells know."""

    async def script(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        raise KeyboardInterrupt
        yield answer("")

    run.assistant = CommandAssistant(script)
    ran = run("ask", "hello")
    assert (ran.status, ran.out, ran.err.strip()) == (130, "", "Stopped.")


def test_a_folder_in_use_is_refused_in_one_sentence(run: CommandLine):
    """The sentence names who has it; a second process would corrupt the vectors."""
    with owning(run.data, "bot"):
        ran = run("ask", "hello", "--json")
    assert ran.status == 1
    assert ran.json["error"]["kind"] == "folder_in_use"
    assert "`marketeer bot`" in ran.json["error"]["message"]


@pytest.mark.parametrize("model", ["./nowhere", "what is this", "openai:localhost"])
def test_a_model_that_cannot_be_is_one_sentence(run: CommandLine, monkeypatch, model: str):
    """Said before anything is loaded."""
    monkeypatch.setenv("MARKETEER_MODEL", model)
    ran = run("ask", "hello")
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert model in ran.err


def test_bot_without_a_token_says_what_to_do(run: CommandLine):
    """One sentence, exit 1."""
    ran = run("bot")
    assert ran.status == 1
    assert "@BotFather" in ran.err
    assert "Traceback" not in ran.err


def test_output_is_utf8_whatever_the_locale(tmp_path: Path):
    """A C locale and a pipe: Chinese goes in and comes out."""
    environment = {
        **os.environ,
        "LC_ALL": "C",
        "PYTHONIOENCODING": "ascii",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    ran = subprocess.run(
        [sys.executable, "-m", "bot.cli", "check"],
        input="国家级品质".encode(),
        capture_output=True,
        env=environment,
    )
    assert ran.returncode == 4
    assert "[国家级]品质" in ran.stdout.decode()


def test_usage_errors_are_argparses(capsys):
    """Exit 2 and the usage."""
    with pytest.raises(SystemExit) as caught:
        main(["search", "pot", "-k", "0"])
    assert caught.value.code == 2
    assert "from 1 to 50" in capsys.readouterr().err


def test_asyncio_is_left_as_it_was(run: CommandLine):
    """A command may run inside another program's process."""
    run("ask", "hello")
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
