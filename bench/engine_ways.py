"""One way to run the bundled weights, measured: `python -m bench.engine_ways WAY 1 4 8` prints a line of JSON.

A way takes prompts and gives, for each, the times of its tokens. Everything is greedy. See `bench/engine.py`.
"""

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chains.llm.engine import Engine
    from chains.llm.export import Packing
    from chains.llm.job import Result
    from chains.llm.linear import Form

NEW = 32  # tokens to write
WHILE_ALL = 64  # tokens that this engine writes of each text, past its end, once every prompt has been read
MOST = {"llama-f16": 1, "llama-q8": 1, "llama-q4": 1, "torchao": 1, "continuous": 4, "generate": 8}
# chats up to which a way is measured
FLOAT_MB = 1072  # the weights in float32, all of which a token needs
Prompts = list[str]
Times = list[list[float]]  # seconds since the start at which each token of each text was there
Way = Callable[[Prompts], tuple[Times, Times]]  # from asking on; and where every prompt has been read before


def main(way: str, chats: Sequence[int]) -> None:
    """Measure the way with so many chats at once, after a round that warms it up."""
    started = time.perf_counter()
    with WAYS[way]() as (write, extra):
        found: dict[str, Any] = {"start_s": round(time.perf_counter() - started, 1), "chats": {}} | extra
        asked = prompts(max(chats))
        write([asked[-1][:200]])
        for n in (n for n in chats if n <= MOST.get(way, n)):
            found["chats"][str(n)] = figures(*write(asked[:n]))
        found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        found["read_gbs"] = read_speed()
    print(json.dumps(found))


def prompts(n: int) -> Prompts:
    """Prompts as the shop's answers are asked for, none of them trained on."""
    from chains.llm.chat_format import ChatFormat
    from chains.tuning.dataset import parts
    from chains.tuning.evaluate import sample

    rows = [row for row in sample(parts().test, None) if row.task == "answer"][:n]
    tasks = [row.as_task() for row in rows]
    return [ChatFormat().render(task.messages(), speakers=task.speakers).text for task in tasks]


def figures(asked: Times, read: Times) -> dict[str, float]:
    """Tokens a second from when all write until the first has ended, 0 where they never all do; tokens a second from
    asking to the last word, reading included; and the median wait for the first token."""
    begun, ended = max(one[0] for one in read), min(one[-1] for one in read)
    written = sum(begun < at <= ended for one in read for at in one)
    return {
        "rate": written / (ended - begun) if begun < ended else 0.0,
        "whole": sum(map(len, asked)) / max(one[-1] for one in asked),
        "first": statistics.median(one[0] for one in asked),
    }


def twice(times: Times) -> tuple[Times, Times]:
    """The same for both, where all texts begin at once or there is only one."""
    return times, times


def read_speed() -> float:
    """GB a second that all cores together read from memory, the best of ten times 400 MB."""
    import torch

    numbers = torch.zeros(50_000_000, dtype=torch.int64)
    fastest = min(_timed(numbers.amax) for _ in range(10))
    return 0.4 / fastest


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _cache() -> Path:
    import platformdirs

    return Path(os.environ.get("MARKETEER_CACHE", platformdirs.user_cache_dir("marketeer")))


def _folder() -> Path:
    """The weights that are served: base and shipped adapter."""
    from chains.llm.adapters import shipped_adapter
    from chains.llm.opening import weights_of

    return Path(weights_of("bundled", _cache(), adapter=shipped_adapter())[0])


def _packed(packing: "Packing") -> Path:
    """The same in one GGUF file, written into the cache the first time."""
    from chains.llm.adapters import shipped_adapter
    from chains.llm.export import packed_of

    return packed_of("bundled", _cache(), adapter=shipped_adapter(), packing=packing)


def _tokenizer() -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(_folder())


def _model() -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    model: Any = AutoModelForCausalLM.from_pretrained(_folder(), dtype=torch.float32)
    return model.eval()


@contextmanager
def generate() -> Iterator[tuple[Way, dict[str, Any]]]:
    """Plain generate: one padded batch."""
    model, tokenizer = _model(), _tokenizer()
    yield lambda asked: twice(_generated(model, _ids(tokenizer, asked))), {"weight_mb": FLOAT_MB}


@contextmanager
def torchao() -> Iterator[tuple[Way, dict[str, Any]]]:
    """The same over weights that torchao has brought to 8 bits."""
    from torchao.quantization import Int8WeightOnlyConfig, quantize_  # type: ignore[import-not-found]

    model, tokenizer = _model(), _tokenizer()
    quantize_(model, Int8WeightOnlyConfig())
    yield lambda asked: twice(_generated(model, _ids(tokenizer, asked))), {}


def _ids(tokenizer: Any, asked: Prompts) -> list[list[int]]:
    return [tokenizer(text)["input_ids"] for text in asked]


def _generated(model: Any, asked: list[list[int]]) -> Times:
    import torch
    from transformers import StoppingCriteria

    at: list[float] = []

    class Clock(StoppingCriteria):
        def __call__(self, ids: Any, scores: Any, **_: Any) -> Any:
            at.append(time.perf_counter())
            return torch.zeros(len(ids), dtype=torch.bool)

    longest = max(map(len, asked))
    ids = torch.tensor([[0] * (longest - len(one)) + one for one in asked])
    mask = torch.tensor([[0] * (longest - len(one)) + [1] * len(one) for one in asked])
    started = time.perf_counter()
    with torch.inference_mode():
        model.generate(
            input_ids=ids, attention_mask=mask, max_new_tokens=NEW, min_new_tokens=NEW, do_sample=False,
            stopping_criteria=[Clock()],
        )  # fmt: skip
    return [[when - started for when in at] for _ in asked]


@contextmanager
def continuous() -> Iterator[tuple[Way, dict[str, Any]]]:
    """The continuous batching that transformers brings."""
    from transformers import GenerationConfig
    from transformers.generation.configuration_utils import ContinuousBatchingConfig

    model, tokenizer = _model(), _tokenizer()
    settings: Any = GenerationConfig(  # type: ignore[no-untyped-call]
        max_new_tokens=NEW, do_sample=False, eos_token_id=-1, pad_token_id=0
    )
    room = ContinuousBatchingConfig(
        num_blocks=64, max_batch_tokens=512
    )  # by default it takes all free memory
    manager = model.init_continuous_batching(settings, room)
    manager.start()

    def write(asked: Prompts) -> tuple[Times, Times]:
        started = time.perf_counter()
        names = [
            manager.add_request(one, max_new_tokens=NEW, streaming=True) for one in _ids(tokenizer, asked)
        ]
        times: dict[str, list[float]] = {name: [] for name in names}
        open_ = set(names)
        while open_:
            output = manager.get_result(timeout=120)
            if output is None:
                raise RuntimeError("no token for two minutes")
            seen = times[output.request_id]
            seen += [time.perf_counter() - started] * (len(output.generated_tokens) - len(seen))
            if output.is_finished():
                open_.discard(output.request_id)
        return twice(list(times.values()))

    yield write, {"weight_mb": FLOAT_MB}
    manager.stop(block=True)


@contextmanager
def llama(path: Path) -> Iterator[tuple[Way, dict[str, Any]]]:
    """llama.cpp through llama-cpp-python, one text after the other."""
    from llama_cpp import Llama

    from chains.llm.device import cpu_threads

    model = Llama(
        str(path), n_ctx=2048, n_threads=cpu_threads(), n_threads_batch=cpu_threads(), verbose=False
    )

    def write(asked: Prompts) -> tuple[Times, Times]:
        started = time.perf_counter()
        model.reset()
        at = []
        for _ in model.generate(model.tokenize(asked[0].encode()), temp=0.0, reset=True):
            at.append(time.perf_counter() - started)
            if len(at) == NEW:
                break
        return twice([at])

    yield write, {"weight_mb": path.stat().st_size // 1_000_000}


@contextmanager
def llama_f16() -> Iterator[tuple[Way, dict[str, Any]]]:
    """On the exported weights, 16 bits."""
    with llama(_packed("f16")) as opened:
        yield opened


@contextmanager
def llama_q8() -> Iterator[tuple[Way, dict[str, Any]]]:
    """On the exported weights, 8 bits."""
    with llama(_packed("q8_0")) as opened:
        yield opened


@contextmanager
def llama_q4() -> Iterator[tuple[Way, dict[str, Any]]]:
    """On the file that the base comes from."""
    from chains.llm.weights import assemble_bundled

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.gguf"
        assemble_bundled(path)
        with llama(path) as opened:
            yield opened


@contextmanager
def engine_llama() -> Iterator[tuple[Way, dict[str, Any]]]:
    """llama.cpp below this engine, as MARKETEER_ENGINE=llama serves; it keeps no beginnings anyway."""
    from chains.llm.adapters import shipped_adapter
    from chains.llm.llama import open_llama

    with open_llama("bundled", _cache(), shipped_adapter()) as opened:
        yield (
            lambda asked: twice(_asked(opened, asked)),
            {"weight_mb": _packed("q8_0").stat().st_size // 1_000_000},
        )


@contextmanager
def engine(form: "Form | None" = None, *, guess: bool = False) -> Iterator[tuple[Way, dict[str, Any]]]:
    """This engine. It knows no prompt when it is first asked, and all of them when it is asked again.

    Without guesses a text goes on past its end then, as those of the other ways do; what comes after the end repeats
    itself, so that guesses would be flattered.
    """
    from chains.llm.engine import Engine
    from chains.llm.gemma3 import open_gemma3
    from chains.llm.linear import smallest_form
    from chains.llm.threads import in_passing

    tokenizer, endless, runner = _tokenizer(), _tokenizer(), in_passing(lambda: open_gemma3(_folder(), form))
    endless.eos_token = None

    def write(asked: Prompts) -> tuple[Times, Times]:
        with Engine(runner, tokenizer, guess=guess) as fresh:
            found = _asked(fresh, asked)
            if guess:
                return found, _asked(fresh, asked)
        with Engine(runner, endless, guess=False) as fresh:
            _asked(fresh, asked, new=1)
            return found, _asked(fresh, asked, new=WHILE_ALL)

    parts_of_float = {"int8": 4, "bfloat16": 2, "float32": 1}[form or smallest_form()[0]]
    yield write, {"weight_mb": FLOAT_MB // parts_of_float}


def _asked(opened: "Engine", asked: Prompts, new: int = NEW) -> Times:
    jobs = [opened.submit(text, max_new_tokens=new, temperature=0) for text in asked]
    return [_times(job.result()) for job in jobs]


def _times(result: "Result") -> list[float]:
    """When its tokens were there: the first and the last are known, those between came evenly."""
    assert result.first_token_seconds is not None
    count = max(len(result.tokens[0]), 2)
    between = (result.seconds - result.first_token_seconds) / (count - 1)
    return [result.first_token_seconds + number * between for number in range(count)]


@contextmanager
def engine_guessing() -> Iterator[tuple[Way, dict[str, Any]]]:
    """As served: guessing ahead."""
    with engine(guess=True) as opened:
        yield opened


@contextmanager
def engine_float32() -> Iterator[tuple[Way, dict[str, Any]]]:
    """This engine over the weights that generate has."""
    with engine("float32") as opened:
        yield opened


WAYS = {
    "generate": generate,
    "continuous": continuous,
    "torchao": torchao,
    "llama-f16": llama_f16,
    "llama-q8": llama_q8,
    "llama-q4": llama_q4,
    "engine-llama": engine_llama,
    "engine": engine,
    "engine-guessing": engine_guessing,
    "engine-float32": engine_float32,
}

if __name__ == "__main__":
    main(sys.argv[1], [int(n) for n in sys.argv[2:]])
