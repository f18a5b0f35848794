"""Asks the test shops' questions through the real path and counts what is right, by kind and language.

`python -m bench.acceptance [SHOP...] [--no-model] [--show]`: a shop is a folder of tests/shops. What is right
is written beside each question (`expect`) by people who did not build the answers. Knows no answer itself.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from platformdirs import user_cache_path

from bench.report import Result, Table
from chains.assistant import ShopAssistant, build_assistant
from chains.llm.adapters import shipped_adapter, writes
from chains.llm.opening import open_model
from chains.turn import Answer, Question
from knowledge.folder import open_knowledge

TALK = ("copy", "follow_up", "angry", "happy", "human", "opt_out", "attack", "other_people", "other_person")
"""Kinds of rows that ask the rows nothing: copy, moods, attacks, other people's data."""
VERDICTS = ("allow", "rewrite", "extractive", "unknown", "handoff", "refused")
HELD = {"unknown", "refused", "handoff"}

SHOPS = Path(__file__).parents[1] / "tests" / "shops"


def faults(expect: dict[str, Any], answer: Answer) -> list[str]:
    """What is wrong with an answer; empty when it is right."""
    said = "\n".join([answer.reply, *(variant.text for variant in answer.variants)]).lower()
    found = []
    if expect.get("verdict") and answer.verdict not in expect["verdict"]:
        found.append(f"verdict {answer.verdict}")
    for wanted in expect.get("contains") or []:
        options = wanted if isinstance(wanted, list) else [wanted]
        if not any(option.lower() in said for option in options):
            found.append(f"lacks {options[:3]}")
    found += [f"says {bad!r}" for bad in expect.get("absent") or [] if bad.lower() in said]
    source = expect.get("source")
    if source and not any(fact.source.startswith(source) for fact in answer.facts):
        found.append(f"cites {[fact.source for fact in answer.facts][:3]}, not {source}")
    if expect.get("language") and answer.language != expect["language"]:
        found.append(f"language {answer.language}")
    if expect.get("variants") and len(answer.variants) < expect["variants"]:
        found.append(f"{len(answer.variants)} variants")
    return found


def answerable(row: dict[str, Any]) -> bool:
    """Whether a row asks for what the shop's rows say: of no kind that asks nothing, and right only with an answer."""
    wanted = set(row["expect"].get("verdict") or ())
    return row["kind"] not in (*TALK, "unknown") and not wanted & HELD


async def ask(assistant: ShopAssistant, row: dict[str, Any]) -> Answer:
    """One question of a file, answered."""
    asked = Question.model_validate({k: row.get(k) for k in ("id", "text", "as", "customer")} | {
        "history": row.get("history") or ()})  # fmt: skip
    async for step in assistant.answer(asked):
        if isinstance(step, Answer):
            return step
    raise RuntimeError("no answer")


def shipped_model() -> BaseChatModel:
    """The bundled model with the shipped adapter, to be opened once for all shops."""
    return open_model("bundled", cache=user_cache_path("marketeer"), adapter=shipped_adapter())


def measure(
    shop: str, *, model: BaseChatModel | None, show: bool, keep: Path | None = None
) -> dict[str, Any]:
    """All questions of one shop: {"right", "asked", "kinds", "verdicts", "answerable", "median_ms"}."""
    folder = SHOPS / shop
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
    with (
        tempfile.TemporaryDirectory() as passing,
        open_knowledge(keep or Path(passing), purpose="bench") as known,
    ):
        # rejects go beside the copy
        known.ingest.files([Path(shutil.copytree(folder, known.data / "files", dirs_exist_ok=True))])
        assistant = build_assistant(
            index=known.index,
            model=(lambda: model) if model else None,
            cache=user_cache_path("marketeer"),
            drafts=writes(shipped_adapter(), "copy"),
        )
        kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        verdicts: dict[str, int] = defaultdict(int)
        drafts: dict[str, Counter[str]] = {"replies": Counter(), "copy": Counter()}
        worded: Counter[str] = Counter()
        times = []
        for row in rows:
            started = time.perf_counter()
            answer = asyncio.run(ask(assistant, row))
            times.append(1000 * (time.perf_counter() - started))
            wrong = faults(row["expect"], answer)
            kinds[row["kind"]][0] += not wrong
            kinds[row["kind"]][1] += 1
            verdicts[answer.verdict] += 1
            worded.update([answer.verdict] if answerable(row) else [])
            drafts["copy" if answer.variants else "replies"].update(answer.drafts)
            if show and wrong:
                print(
                    f"{row['id']} [{row['kind']}] {row['text']}  {row.get('history') or ''}", file=sys.stderr
                )
                print(
                    f"    {answer.intent}/{answer.verdict}: {answer.reply}\n    ! {'; '.join(wrong)}",
                    file=sys.stderr,
                )
    times.sort()
    return {
        "right": sum(k[0] for k in kinds.values()), "asked": len(rows), "kinds": dict(kinds),
        "verdicts": dict(verdicts), "answerable": dict(worded), "drafts": {kind: dict(count) for kind, count in drafts.items()},
        "median_ms": round(times[len(times) // 2]),
    }  # fmt: skip


def shares_of(verdicts: dict[str, int]) -> tuple[float, ...]:
    """(answerable, the share of each of `VERDICTS`, allow and rewrite together) of counted verdicts."""
    number = sum(verdicts.values())
    each = [verdicts.get(name, 0) / number if number else 0.0 for name in VERDICTS]
    return (number, *each, each[0] + each[1])


def run() -> Result:
    """Every test shop with the bundled model, for docs/bench.md."""
    result = Result("acceptance", "Answers")
    rows, kinds, verdicts = [], defaultdict[str, list[int]](lambda: [0, 0]), defaultdict[str, int](int)
    drafts: dict[str, Counter[str]] = {"replies": Counter(), "copy": Counter()}
    shares: list[tuple[Any, ...]] = []
    model = shipped_model()
    for shop in sorted(path.name for path in SHOPS.iterdir() if path.is_dir()):
        found = measure(shop, model=model, show=False)
        rows.append(
            (shop, found["right"], found["asked"], found["right"] / found["asked"], found["median_ms"])
        )
        shares.append((shop, *shares_of(found["answerable"])))
        for kind, (right, asked) in found["kinds"].items():
            kinds[kind][0] += right
            kinds[kind][1] += asked
        for verdict, number in found["verdicts"].items():
            verdicts[verdict] += number
        for kind, counted in found["drafts"].items():
            drafts[kind].update(counted)
    result.tables.append(Table("By shop, end to end", ("shop", "right", "asked", "share", "median ms"), rows))
    by_kind = [(kind, right, asked, right / asked) for kind, (right, asked) in sorted(kinds.items())]
    result.tables.append(Table("By kind of question", ("kind", "right", "asked", "share"), by_kind))
    result.tables.append(Table("Verdicts", ("verdict", "answers"), sorted(verdicts.items())))
    result.tables.append(
        Table("Whose words answer", ("shop", "answerable", *VERDICTS, "allow or rewrite"), shares)
    )
    result.notes.append(
        "Answerable is a question whose right reply is an answer from the rows: no copy, mood, attack, opt-out or question "
        "about others, and none that is right with unknown, refused or handoff. Verdicts as shares of these; `allow` and "
        "`rewrite` are wholly in the model's words, `extractive` holds a sentence of the rows."
    )
    columns = (
        "of",
        "texts written",
        "pass as written",
        "pass after rewriting",
        "share before",
        "share after",
    )
    result.tables.append(Table("The model's texts before the guard", columns, [
        (kind, c["written"], c["passed"], c["passes"], c["passed"] / c["written"], c["passes"] / c["written"])
        for kind, c in drafts.items() if c["written"]
    ]))  # fmt: skip
    result.notes.append(
        "Shops and questions were written by people who had not seen the answers being built. Seen for the first "
        "time, without the model, pharmacy_beauty stood at 63 of 76 and music_store at 51 of 60; what failed was then "
        "used to mend the general causes, so the figures here are those of development."
    )
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "shops", nargs="*", default=sorted(path.name for path in SHOPS.iterdir() if path.is_dir())
    )
    parser.add_argument(
        "--no-model", action="store_true", help="rows only: nothing is put in the model's words"
    )
    parser.add_argument("--show", action="store_true", help="print what was wrong")
    parser.add_argument("--keep", type=Path, help="a folder to ingest into, kept for the next run")
    options = parser.parse_args()
    model = None if options.no_model else shipped_model()
    for shop in options.shops:
        keep = options.keep / shop if options.keep else None
        found = measure(shop, model=model, show=options.show, keep=keep)
        print(json.dumps({shop: found}, ensure_ascii=False))


if __name__ == "__main__":
    main()
