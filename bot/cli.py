"""The `marketeer` command: reads arguments, runs one command, turns any error into one sentence.

Imports nothing heavy: `--help` is instant, and each command is loaded when it is asked for.
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from bot.commands.output import print_json, speak_utf8, tell

KINDS = ("shop", "products", "faq", "documents", "customers", "orders", "events", "reviews")
INTERRUPTED = 130
QUIET = {
    "TRANSFORMERS_VERBOSITY": "error",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    # A thread that waits spins for about as long as a step's operations lie apart, and then sleeps. Asleep at once, it is
    # woken a hundred times a step, which then takes 35 ms instead of 24; by default it spins for milliseconds and takes
    # the cores from whatever else this machine does. While others use them, a step has one thread and nobody waits
    # (chains/llm/threads.py).
    "GOMP_SPINCOUNT": "10000",
    # numpy's products here are short: a second thread is waited for longer than it helps where the cores are shared
    "OPENBLAS_NUM_THREADS": "1",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    speak_utf8()
    args = build_parser().parse_args(argv)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    try:
        return _run(args)
    except KeyboardInterrupt:
        tell("\nStopped.")
        return INTERRUPTED
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  the one place where any error becomes a sentence
        from bot.commands.errors import explain

        kind, message = explain(error)
        if args.json or getattr(args, "batch", None):
            print_json({"id": None, "error": {"kind": kind, "message": message}})
        else:
            tell(message)
        return 1


def _run(args: argparse.Namespace) -> int:
    from bot.logs import configure_logging
    from bot.settings import read_settings

    if args.command == "doctor":  # reports settings that cannot be read, rather than failing on them
        from bot.commands.doctor import run

        return run(args)
    settings = read_settings(args.data)
    configure_logging(settings.log_level)
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:  # ours; bm25s sets its own loggers to DEBUG
            handler.setLevel(settings.log_level)
    status: int = import_module(f"bot.commands.{args.command}").run(args, settings)
    return status


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options: the contract with other programs."""
    anywhere = argparse.ArgumentParser(add_help=False)
    anywhere.add_argument(
        "--data", type=Path, metavar="DIR", default=argparse.SUPPRESS, help="the shop's data folder"
    )
    parser = argparse.ArgumentParser(
        prog="marketeer", description="A shop's own chat assistant.", epilog="Settings: see .env.example."
    )
    parser.add_argument("--version", action="version", version=f"marketeer {version('marketeer')}")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the shop's data folder (MARKETEER_DATA)")
    parser.set_defaults(json=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, says: str, *, json: bool = True, batch: bool = False) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=says, description=says, parents=[anywhere])
        if json:
            made.add_argument("--json", action="store_true", help="one JSON object on standard output")
        if batch:
            made.add_argument("text", nargs="?", metavar="TEXT")
            made.add_argument(
                "--batch", metavar="FILE.jsonl", help="answer each line in order; - is standard input"
            )
        return made

    def whose(made: argparse.ArgumentParser) -> None:
        made.add_argument(
            "--as", dest="role", choices=("customer", "marketer"), default="customer", help="who asks"
        )
        made.add_argument("--customer", metavar="CUSTOMER_ID", help="which customer asks")

    add("chat", "Talk to the shop here; an empty data folder gets the demo shop.", json=False)
    add("bot", "Answer on Telegram until Ctrl-C.", json=False)
    ingest = add("ingest", "Import files or folders of them.")
    ingest.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    ingest.add_argument("--kind", choices=KINDS, help="where a file's name does not tell")
    ingest.add_argument("--sync", action="store_true", help="also remove the rows a file no longer holds")
    whose(add("ask", "Ask one question.", batch=True))
    search = add("search", "List the facts nearest to a text.", batch=True)
    whose(search)
    search.add_argument("-k", type=_count(50), default=5, metavar="N", help="how many (default 5)")
    add("sentiment", "Tell the feeling in a text.", batch=True)
    copy = add("copy", "Write ad copy for a product.")
    copy.add_argument("--product", required=True, metavar="SKU", help="SKU or name")
    copy.add_argument(
        "--channel", required=True, metavar="NAME", help="such as instagram, google_ads, xiaohongshu"
    )
    copy.add_argument("--variants", type=_count(8), default=3, metavar="N", help="1 to 8 (default 3)")
    copy.add_argument("--language", metavar="LANG", help="en or zh")
    copy.add_argument("--audience", metavar="TEXT")
    copy.add_argument("--tone", metavar="TEXT")
    check = add("check", "Check copy on standard input; exit 0 allow, 3 warn, 4 block.")
    check.add_argument("--channel", metavar="NAME")
    check.add_argument("--jurisdiction", choices=("cn", "us", "eu", "uk"), help="default: all of them")
    check.add_argument(
        "--sector",
        choices=("health", "finance", "education", "alcohol"),
        help="default: the rules of all of them",
    )
    check.add_argument(
        "--shop", type=Path, metavar="FILE", help="a shop file: its brand voice and jurisdictions"
    )
    check.add_argument("--facts", type=Path, metavar="FILE.jsonl", help='one {"id", "text"} a line')
    train = add("train", "Train an adapter; the served one stays until another has passed.")
    train.add_argument(
        "--rows", type=Path, metavar="FILE.jsonl", help="your own examples, mixed with the shipped ones"
    )
    train.add_argument(
        "--measured", type=Path, nargs="+", default=[], metavar="FILE",
        help="text files of evaluation sets: examples that share a run of words with them are left out",
    )  # fmt: skip
    train.add_argument("--base", metavar="MODEL", help="any causal model (default: bundled)")
    train.add_argument(
        "--method", metavar="NAME", help="lora, dora, rslora or another peft type (default: lora)"
    )
    for name, kind, says in (
        ("rank", int, "of the adapter (default 32)"), ("alpha", int, "its scale (default 64)"),
        ("learning-rate", float, "default 7e-4"), ("epochs", float, "default 1"),
        ("pack", int, "tokens at a time on one device (default 512)"),
        ("accumulate", int, "packs before a step (default 5)"), ("steps", int, "stop after so many"),
        ("seed", int, "of order, weights and what is drawn for training"),
        ("minutes", float, "stop then, the learning rate falling by the clock: for a busy machine"),
        ("rehearsed", float, "share of the rows that earlier adapters learnt from (default 1)"),
        ("drawn", int, "examples drawn from the catalogue (default 6000)"),
        ("first", float, "how much the first tokens and the numbers of an answer count (default 1)"),
    ):  # fmt: skip
        train.add_argument(f"--{name}", type=kind, metavar="N", help=says)
    train.add_argument("--targets", metavar="NAMES", help="layers, with commas (default: all-linear)")
    train.add_argument("--start", type=Path, metavar="DIR", help="go on from this adapter, of the same rank")
    train.add_argument("--device", metavar="NAME", help="auto, cpu, cuda or mps")
    train.add_argument("--dtype", metavar="NAME", help="auto, float32 or bfloat16")
    train.add_argument("--name", metavar="NAME", help="of the run (default: the date and the method)")
    train.add_argument(
        "--out", type=Path, metavar="DIR", help="where runs are kept (default: training in the data folder)"
    )
    train.add_argument("--sweep", action="store_true", help="a small grid of short runs, as a table")
    train.add_argument(
        "--dry-run", action="store_true", help="read and clean the examples only, and say what came of it"
    )
    evaluate = add("evaluate", "Measure an adapter on shops it was not trained on.")
    evaluate.add_argument("--adapter", metavar="DIR", help="served (default), none, or an adapter's folder")
    evaluate.add_argument(
        "--base", metavar="MODEL", help="the model it was made for (default: MARKETEER_MODEL)"
    )
    evaluate.add_argument(
        "--systems", default="tuned", metavar="NAMES", help="zero, few, tuned, served, with commas"
    )
    evaluate.add_argument(
        "--rows", type=int, metavar="N", help="only so many; adapters are compared on the same rows"
    )
    evaluate.add_argument(
        "--replies", type=Path, metavar="FILE.jsonl", help="keep what was written, for reading"
    )
    evaluate.add_argument("--report", type=Path, metavar="FILE.md", help="keep the table")
    promote = add("promote", "Serve an adapter from the next start on, if it passes the gate.")
    promote.add_argument("adapter", type=Path, metavar="DIR", help="an evaluated adapter's folder")
    promote.add_argument(
        "--name", metavar="NAME", help="what to call it (default: its folder's or run's name)"
    )
    add("rollback", "Serve the adapter before the present one again.")
    add("reindex", "Embed every fact again, after the embedding model was changed.")
    export = add("export", "Write the served weights to a file for other programs.")
    export.add_argument("format", choices=("gguf",), help="gguf: for llama.cpp and what is built on it")
    export.add_argument(
        "target", type=Path, metavar="DIR|FILE", help="a .gguf file, or a folder to put one in"
    )
    export.add_argument(
        "--packing", choices=("q8_0", "f16"), default="q8_0", help="8 bits (0.3 GB, default) or 16 (0.5 GB)"
    )
    add("prepare", "Prepare the model's weights in the cache, once.", json=False)
    add("doctor", "Say what is installed, from where, and what is missing.")
    return parser


def _count(most: int) -> "type[int]":
    def number(given: str) -> int:
        if not given.isdecimal() or not 1 <= int(given) <= most:
            raise argparse.ArgumentTypeError(f"give a number from 1 to {most}")
        return int(given)

    return number  # type: ignore[return-value]


def entry() -> None:
    """The `marketeer` command."""
    status = main()
    from bot.leaving import leave

    leave(status)


if __name__ == "__main__":
    entry()
