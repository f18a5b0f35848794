"""Runs a GGUF file for the engine with llama.cpp, through the package llama-cpp-python, which is optional.

The engine's queue, priorities, forms and streams stay; llama.cpp reads the tokens and keeps what it made of them, a
sequence a text. Beginnings that come again are not kept: they lie in llama.cpp's memory, not in ours.
"""

from __future__ import annotations

import ctypes
import importlib.util
import weakref
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chains.llm.attention import Span, Strip
from chains.llm.device import cpu_threads
from chains.llm.engine import Limits
from chains.llm.errors import Busy, LlmError, ModelUnavailable

if TYPE_CHECKING:
    import torch

    from chains.llm.convert import Report
    from chains.llm.engine import Engine

PACKAGE = "llama-cpp-python"
CELLS = 8192  # tokens that all texts together may have: 0.15 GB with the bundled model
TEXTS = 64
LIMITS = Limits(strips=CELLS, prefixes=0, texts=TEXTS)
AT_ONCE = 1024  # tokens in a step; the engine reads 512 at most, and guesses


def require_llama(kind: str = "bundled", spec: str = "bundled") -> None:
    """See that the package is there and runs models of this kind, without loading either.

    Raises:
        ModelUnavailable: with what to do.
    """
    if importlib.util.find_spec("llama_cpp") is None:
        raise ModelUnavailable(
            f"MARKETEER_ENGINE is llama, and {PACKAGE} is not installed: run `pip install -e '.[llama]'` (it needs a "
            f"C++ compiler), or set MARKETEER_ENGINE to own."
        )
    if kind not in ("bundled", "gguf"):
        raise ModelUnavailable(
            f"MARKETEER_ENGINE is llama, which runs the bundled model and .gguf files, and {spec} is neither: set "
            f"MARKETEER_ENGINE to own."
        )


class LlamaStrip(Strip):
    """A sequence in llama.cpp's memory; it is freed when nobody holds the strip any more."""

    def __init__(self, room: int, runner: LlamaRunner) -> None:
        super().__init__(room)
        self.sequence = runner.take()
        self._runner = runner
        weakref.finalize(self, runner.left.append, self.sequence)

    def branch(self, read: int) -> Strip:
        """A strip that shares the first `read` tokens with this one."""
        other = LlamaStrip(self.room, self._runner)
        self._runner.share(self.sequence, other.sequence, read)
        return other


class LlamaRunner:
    """A runner over a GGUF file: see `Runner`.

    Raises:
        ModelUnavailable: the package is missing, or llama.cpp cannot load the file.
    """

    device = "cpu"

    def __init__(self, path: Path) -> None:
        require_llama()
        import llama_cpp

        self._lib: Any = llama_cpp
        self._quiet = llama_cpp.llama_log_callback(lambda *_: None)  # kept: llama.cpp holds no reference
        llama_cpp.llama_log_set(self._quiet, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        self._model = llama_cpp.llama_model_load_from_file(
            str(path).encode(), llama_cpp.llama_model_default_params()
        )
        if not self._model:
            raise ModelUnavailable(f"llama.cpp cannot load {path}: delete it, and it is written again.")
        asked = llama_cpp.llama_context_default_params()
        asked.n_ctx, asked.n_seq_max, asked.n_batch, asked.kv_unified = CELLS, TEXTS, AT_ONCE, True
        asked.n_threads = asked.n_threads_batch = cpu_threads()
        asked.swa_full = True  # a text may lose its end and go on from any place
        self._context = llama_cpp.llama_init_from_model(self._model, asked)
        if not self._context:
            raise ModelUnavailable(f"llama.cpp has no memory for {path}: close other programs and try again.")
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._words = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self._model))
        self._batch = llama_cpp.llama_batch_init(AT_ONCE, 0, 1)
        self._free = list(range(TEXTS))
        self.left: deque[int] = deque()  # sequences whose strips are gone; any thread may add to it
        self.window = min(CELLS, llama_cpp.llama_model_n_ctx_train(self._model))
        self.token_bytes = 1  # strips are counted in tokens: llama.cpp takes all of their memory at the start
        self.why = how_llama_runs()

    def strip(self, room: int) -> Strip:
        """A sequence for a text of up to `room` tokens. Raises: Busy where all are taken."""
        return LlamaStrip(room, self)

    def take(self) -> int:
        """A sequence that nobody has. Raises: Busy."""
        while self.left:
            sequence = self.left.popleft()
            self._lib.llama_memory_seq_rm(self._memory, sequence, -1, -1)
            self._free.append(sequence)
        if not self._free:
            raise Busy(f"llama.cpp serves {TEXTS} texts at once and all are taken: try again later.")
        return self._free.pop()

    def share(self, source: int, target: int, read: int) -> None:
        """Let `target` begin with the first `read` tokens of `source`."""
        self._lib.llama_memory_seq_cp(self._memory, source, target, 0, read)

    def step(self, spans: Sequence[Span]) -> torch.Tensor:
        """Scores after the wanted tokens of each span, in their order: (rows, vocabulary) float32."""
        import numpy as np
        import torch

        batch, place, rows = self._batch, 0, []
        for span in spans:
            assert isinstance(span.strip, LlamaStrip)
            sequence = span.strip.sequence
            self._lib.llama_memory_seq_rm(self._memory, sequence, span.start, -1)  # what is read over
            for number, token in enumerate(span.tokens):
                batch.token[place], batch.pos[place] = token, span.start + number
                batch.n_seq_id[place], batch.seq_id[place][0] = 1, sequence
                wanted = number >= len(span.tokens) - span.wanted
                batch.logits[place] = wanted
                rows += [place] if wanted else []
                place += 1
        batch.n_tokens = place
        if status := self._lib.llama_decode(self._context, batch):
            raise LlmError(f"llama.cpp could not read on (status {status}): ask for less at once.")
        scores = torch.empty(len(rows), self._words)
        for number, row in enumerate(rows):
            found = self._lib.llama_get_logits_ith(self._context, row)
            scores[number] = torch.from_numpy(np.ctypeslib.as_array(found, (self._words,)))
        return scores


def open_llama(spec: str, cache: Path, adapter: Path | None = None, report: Report | None = None) -> Engine:
    """The engine over llama.cpp, on the weights of `spec` packed for it.

    Raises:
        ModelUnavailable: with one sentence that says what is missing and what to do.
    """
    from chains.llm.engine import Engine
    from chains.llm.export import packed_of
    from chains.llm.opening import weights_of
    from chains.llm.tokens import end_tokens, open_tokenizer

    require_llama()
    source, _ = weights_of(spec, cache, report, adapter)
    runner = LlamaRunner(packed_of(spec, cache, report, adapter))
    tokenizer = open_tokenizer(source, local=True)
    return Engine(runner, tokenizer, end_tokens(source, local=True), LIMITS)


def how_llama_runs() -> str:
    """Which llama.cpp runs, as a sentence."""
    from importlib.metadata import version

    return f"cpu with {cpu_threads()} threads, llama.cpp ({PACKAGE} {version(PACKAGE)}), because MARKETEER_ENGINE asks for it."
