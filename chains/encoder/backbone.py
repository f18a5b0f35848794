"""The part of the encoder that tasks share: the weights file and the texts it has read, opened at the first need.

A message that is judged and felt is read once. Knows no task; imports torch only when it opens.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from chains.llm.device import cpu_precision
from chains.llm.linear import Form, smallest_form
from chains.llm.threads import in_passing

if TYPE_CHECKING:
    from chains.encoder.e5 import E5File
    from chains.encoder.layers import Upper
    from chains.encoder.texts import Texts

T = TypeVar("T")

_KEPT = 1024  # texts remembered, about 15 kB each


@dataclass(frozen=True)
class Opened:
    """The weights file, what has been read, and the forms of weights this machine multiplies fastest by few tokens and
    by hundreds of them, where 8 bits gain nothing."""

    file: E5File
    texts: Texts
    few: Form
    many: Form

    def ready(self, task: Upper, form: Form | None = None) -> None:
        """Makes a task's loaded layers fit to serve: merged, in this form (`few`), not learning."""
        from chains.encoder.serving import serve

        serve(task, form or self.few)


class Backbone:
    """Opens once; whoever reads texts does so `alone`."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._lock = threading.RLock()
        self._kept = kept
        self._opened: Opened | None = None

    def alone(self, work: Callable[[], T]) -> T:
        """Do some reading while nobody else reads, in a thread that ends with it (see `chains.llm.threads`)."""

        def read() -> T:
            with self._lock:
                return work()

        return in_passing(read)

    def open(self) -> Opened:
        """About a second the first time."""
        with self._lock:
            if self._opened is None:
                from chains.encoder.e5 import E5File
                from chains.encoder.layers import Reader
                from chains.encoder.serving import serve
                from chains.encoder.texts import Texts

                file, (few, _) = E5File(), smallest_form()
                many: Form = "bfloat16" if cpu_precision()[0] == "bfloat16" else "float32"
                reader = Reader(file)
                serve(reader, few)
                self._opened = Opened(file, Texts(file, reader, self._kept), few, many)
            return self._opened
