"""Commands that read no message don't wait for torch, and help waits for nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "chromadb", "sklearn", "langchain_core", "telegram", "numpy")
SCRIPT = """
import json, sys
from bot.cli import main
found = {}
for words in json.loads(sys.argv[1]):
    try:
        status = main(words)
    except SystemExit as ended:
        status = ended.code
    found[" ".join(words)] = [status, [name for name in json.loads(sys.argv[2]) if name in sys.modules]]
print("\\n" + json.dumps(found))
"""


def imported(folder: Path, *commands: list[str]) -> dict[str, tuple[int, list[str]]]:
    """The status of each command, run one after another, and what of HEAVY had been imported after it."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("MARKETEER_")}
    env = given | {"MARKETEER_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", SCRIPT, json.dumps(commands), json.dumps(HEAVY)]
    done = subprocess.run(
        words,
        cwd=folder,
        env=env,
        input="A clay pot.",
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: dict[str, tuple[int, list[str]]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_help_and_the_version_import_nothing_heavy(tmp_path: Path):
    for words, (status, heavy) in imported(tmp_path, ["--help"], ["ingest", "--help"], ["--version"]).items():
        assert (status, heavy) == (0, []), words


def test_commands_that_need_no_model_do_not_import_torch(tmp_path: Path):
    (tmp_path / "faq.csv").write_text("question,answer\nDo you ship?,Yes.\n", encoding="utf-8")
    commands = [
        ["check", "--channel", "sms"], ["ingest", "faq.csv"], ["search", "shipping"], ["reindex"],
    ]  # fmt: skip
    found = imported(tmp_path, *commands)
    assert len(found) == len(commands)
    for words, (status, heavy) in found.items():
        assert status == 0, words
        assert not {"torch", "transformers", "sklearn", "telegram"} & set(heavy), (words, heavy)


def test_what_the_console_needs_to_greet_does_not_import_langchain():
    code = "import sys, bot.console, chains.assistant, knowledge.folder; print({'langchain_core', 'torch'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
