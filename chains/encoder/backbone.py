"""The part of the encoder that tasks share: the weights file and the texts it has read, opened at the first need.

A message that is judged and felt is read once. Knows no task; imports torch only when it opens.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.llm.device import cpu_precision

if TYPE_CHECKING:
    import torch

    from chains.encoder.e5 import E5File
    from chains.encoder.layers import Upper
    from chains.encoder.texts import Texts

_KEPT = 1024  # texts remembered, about 15 kB each


@dataclass(frozen=True)
class Opened:
    """The weights file, what has been read, and the kind of number this machine reckons fastest in."""

    file: E5File
    texts: Texts
    kind: torch.dtype

    def ready(self, task: Upper) -> None:
        """Makes a task's loaded layers fit to serve: merged, of the right kind, not learning."""
        task.merge()
        task.cast(self.kind)
        task.eval()


class Backbone:
    """Opens once; whoever reads texts holds `lock`."""

    def __init__(self, kept: int = _KEPT) -> None:
        self.lock = threading.RLock()
        self._kept = kept
        self._opened: Opened | None = None

    def open(self) -> Opened:
        """About a second the first time."""
        with self.lock:
            if self._opened is None:
                import torch

                from chains.encoder.e5 import E5File
                from chains.encoder.layers import Reader
                from chains.encoder.texts import Texts

                file = E5File()
                kind: torch.dtype = getattr(torch, cpu_precision()[0])
                self._opened = Opened(file, Texts(file, Reader(file).to(kind).eval(), self._kept), kind)
            return self._opened
