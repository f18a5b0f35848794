"""A tiny random model is trained, killed, resumed, evaluated, promoted and rolled back."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from chains.llm.adapters import CARD, SHIPPED, WEIGHTS, shipped_adapter
from chains.llm.adapters.registry import Adapters, chosen
from chains.llm.errors import ModelUnavailable
from chains.llm.opening import open_engine
from chains.tuning.dataset import Parts
from chains.tuning.errors import TuningError
from chains.tuning.evaluate import EngineWriter, Evaluation, evaluate, shots_from, table
from chains.tuning.metrics import Figure
from chains.tuning.promotion import EVALUATION, promote
from chains.tuning.rows import Row
from chains.tuning.settings import TrainSettings
from chains.tuning.train import Progress, Trained, train


def rows(n: int, shop: str) -> tuple[Row, ...]:
    found = []
    for number in range(n):
        said = {"task": "answer", "language": "en", "shop": shop, "name": "Shop", "facts": [f"kettle: {number} months"],
                "question": "how long", "uses": [0], "reply": f"{number} months."}  # fmt: skip
        if number % 4 == 3:
            said |= {
                "task": "copy",
                "product": "kettle",
                "channel": "x",
                "reply": f"body: the kettle is {number} months",
            }
        found.append(Row.model_validate(said))
    return tuple(found)


DATA = Parts(rows(24, "a"), rows(4, "b"), rows(8, "c"))


def settings(folder: Path, **changes: Any) -> TrainSettings:
    return TrainSettings(
        **{"base": str(folder), "rank": 2, "alpha": 4, "pack": 300, "accumulate": 2, "epochs": 2.0, "evaluations": 3,
           "learning_rate": 1e-2, "device": "cpu", "dtype": "float32"} | changes
    )  # fmt: skip


def run(folder: Path, out: Path, report: Any = None, **changes: Any) -> Trained:
    return train(DATA.train, DATA.validation, out, settings(folder, **changes), out, report)


@pytest.fixture(scope="module")
def trained(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return run(tiny_folder, tmp_path_factory.mktemp("run"))


def weights(adapter: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(adapter / WEIGHTS)


def test_a_run_learns_and_keeps_a_record(trained: Trained) -> None:
    lines = [json.loads(line) for line in (trained.folder / "steps.jsonl").read_text().splitlines()]
    losses = [line["loss"] for line in lines if "loss" in line]
    assert len(losses) == trained.steps == 12
    assert sum(losses[-3:]) < sum(losses[:3])
    assert [line for line in lines if "eval_loss" in line]
    assert all(line["tokens_per_second"] > 0 for line in lines)
    assert (trained.folder / "loss.png").read_bytes().startswith(b"\x89PNG")


def test_a_killed_run_goes_on_exactly(trained: Trained, tiny_folder: Path, tmp_path: Path) -> None:
    class Killed(Exception):
        pass

    def kill(progress: Progress) -> None:
        if progress.step == 6:
            raise Killed

    with pytest.raises(Killed):
        run(tiny_folder, tmp_path, kill)
    seen: list[int] = []
    again = run(tiny_folder, tmp_path, lambda progress: seen.append(progress.step))
    assert min(seen) > 1, "it began again instead of going on"
    one, other = weights(trained.adapter), weights(again.adapter)
    assert one.keys() == other.keys()
    assert all((one[name] - other[name]).abs().max() < 1e-6 for name in one)


def test_a_folder_holds_one_run(trained: Trained, tiny_folder: Path) -> None:
    with pytest.raises(TuningError, match="other settings"):
        run(tiny_folder, trained.folder, rank=3)


def test_a_run_goes_on_from_an_adapter(trained: Trained, tiny_folder: Path, tmp_path: Path) -> None:
    fresh = run(tiny_folder, tmp_path / "fresh", steps=1)
    further = run(tiny_folder, tmp_path / "further", steps=1, start=trained.adapter)
    assert further.loss < fresh.loss
    assert weights(further.adapter).keys() == weights(trained.adapter).keys()
    with pytest.raises(TuningError, match="rank"):
        run(tiny_folder, tmp_path / "other", rank=3, start=trained.adapter)


def test_what_decides_an_answer_can_count_more(trained: Trained, tiny_folder: Path, tmp_path: Path) -> None:
    alike = run(tiny_folder, tmp_path / "alike", steps=2)
    more = run(tiny_folder, tmp_path / "more", steps=2, first=3.0)
    assert more.loss > alike.loss, "the same errors weigh more"
    one, other = weights(alike.adapter), weights(more.adapter)
    assert any((one[name] - other[name]).abs().max() > 1e-6 for name in one)


def test_a_run_by_the_clock_ends_and_keeps_what_it_has(tiny_folder: Path, tmp_path: Path) -> None:
    made = run(tiny_folder, tmp_path, epochs=10_000.0, evaluations=1, minutes=0.03)
    assert 0 < made.steps < 10_000
    assert made.adapter.is_dir()
    rates = [
        json.loads(line).get("learning_rate") for line in (tmp_path / "steps.jsonl").read_text().splitlines()
    ]
    told = [rate for rate in rates if rate is not None]
    assert told[-1] < 0.3 * max(told)


@pytest.mark.parametrize("method", ["dora", "rslora", "lokr"])
def test_other_methods_train_and_merge(method: str, tiny_folder: Path, tmp_path: Path) -> None:
    made = run(tiny_folder, tmp_path / "run", method=method, steps=2)
    with open_engine(str(tiny_folder), cache=tmp_path, device="cpu", adapter=made.adapter) as engine:
        assert engine.submit("kettle", max_new_tokens=2, seed=1).result().texts


def test_an_unknown_method_is_one_sentence(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TuningError, match="cannot be trained and merged"):
        run(tiny_folder, tmp_path, method="alchemy")


def test_the_adapter_changes_what_is_served(trained: Trained, tiny_folder: Path, tmp_path: Path) -> None:
    said = []
    for adapter in (None, trained.adapter):
        with open_engine(str(tiny_folder), cache=tmp_path, device="cpu", adapter=adapter) as engine:
            said.append(engine.submit("kettle", max_new_tokens=20, temperature=0).result().texts)
    assert said[0] != said[1]
    assert len(list(tmp_path.glob("*/manifest.json"))) == 1


def test_an_adapter_of_another_model_is_one_sentence(
    trained: Trained, tiny_folder: Path, tmp_path: Path
) -> None:
    broken = shutil.copytree(trained.adapter, tmp_path / "broken")
    config = json.loads((broken / "adapter_config.json").read_text())
    (broken / "adapter_config.json").write_text(json.dumps(config | {"r": 5}))
    with pytest.raises(ModelUnavailable, match="does not fit"):
        open_engine(str(tiny_folder), cache=tmp_path, device="cpu", adapter=broken)
    assert not list(tmp_path.glob("*/manifest.json"))


@pytest.fixture(scope="module")
def evaluated(trained: Trained, tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    cache = tmp_path_factory.mktemp("cache")
    with open_engine(str(tiny_folder), cache=cache, device="cpu", adapter=trained.adapter) as engine:
        writer = EngineWriter(engine)
        shots = shots_from(DATA.train)
        return evaluate(
            DATA, {"base few-shot": lambda some: writer.write(some, shots), "tuned": writer.write},
            replies=cache / "replies.jsonl",
        )  # fmt: skip


def test_an_evaluation_has_every_figure_and_survives_a_file(evaluated: Evaluation, tmp_path: Path) -> None:
    assert {"answer_accuracy_en", "unknown_recall", "limits_kept", "self_bleu", "tokens_per_second"} <= set(
        evaluated.systems["tuned"]
    )
    path = tmp_path / EVALUATION
    path.write_text(json.dumps(evaluated.to_json()))
    assert Evaluation.read(path).test == evaluated.test
    assert "| figure | base few-shot | tuned |" in table(evaluated)


def figures(accuracy: float, unknown: float, test: str = "t") -> Evaluation:
    def figure(value: float) -> Figure:
        return Figure(value, value - 0.02, value + 0.02, 100)

    return Evaluation(
        test, 8, {"tuned": {"answer_accuracy_en": figure(accuracy), "unknown_recall": figure(unknown)}}
    )


def adapter(folder: Path, source: Path, kept: Evaluation | None) -> Path:
    shutil.copytree(source, folder)
    (folder / CARD).write_text('{"base": "bundled"}')
    if kept is not None:
        (folder / EVALUATION).write_text(json.dumps(kept.to_json()))
    return folder


def test_only_a_better_adapter_is_served_and_the_one_before_comes_back(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chains.llm.adapters.registry.shipped_adapter", lambda: None)
    adapters = Adapters(tmp_path / "data")
    first = adapter(tmp_path / "first", trained.adapter, figures(0.7, 0.9))
    assert adapters.served() is None
    promote(adapters, first, "first")
    assert adapters.served() == tmp_path / "data" / "adapters" / "first"
    cases = {
        "same": figures(0.7, 0.9),
        "worse": figures(0.9, 0.8),
        "unknown": None,
        "elsewhere": figures(0.9, 0.9, "u"),
    }
    for name, kept in cases.items():
        with pytest.raises(TuningError):
            promote(adapters, adapter(tmp_path / name, trained.adapter, kept), name)
        assert adapters.records()[-1]["adapter"] == "first", name
    better = adapter(tmp_path / "better", trained.adapter, figures(0.8, 0.9))
    assert [one.metric for one in promote(adapters, better, "better") if one.won] == ["answer_accuracy_en"]
    assert chosen("served", tmp_path / "data") == tmp_path / "data" / "adapters" / "better"
    assert adapters.rollback() == "first"
    assert adapters.rollback() == SHIPPED
    assert adapters.rollback() is None
    assert [one["action"] for one in adapters.records()] == ["promote", "promote", "rollback", "rollback"]


def test_a_folder_that_holds_no_adapter_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="not a folder"):
        chosen(str(tmp_path), tmp_path)
    assert chosen("none", tmp_path) is None


def test_the_shipped_adapter_says_what_it_is() -> None:
    folder = shipped_adapter()
    assert folder is not None
    assert sum(path.stat().st_size for path in folder.glob("*.safetensors")) <= 16_000_000
    card = json.loads((folder / CARD).read_text("utf-8"))
    assert card["base"] == "bundled"
    assert "Gemma Terms of Use" in (folder / "NOTICE").read_text("utf-8")
    assert "tuned" in Evaluation.read(folder / EVALUATION).systems
