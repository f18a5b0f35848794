"""Prints an answer in the terminal while it is being written. Knows no assistant and no chat."""

from rich.console import Console
from rich.status import Status
from rich.text import Text


class Stream:
    """Prints words as they grow. Until the first of them a terminal shows that something is happening."""

    def __init__(self, out: Console) -> None:
        self._out, self._shown = out, ""
        self._busy: Status | None = None
        self._spin()

    def show(self, text: str) -> None:
        """All the words so far."""
        if not text.startswith(self._shown):
            return  # `finish` prints the whole answer then
        self.pause()
        self._print(text[len(self._shown) :])
        self._shown = text

    def wait(self, text: str) -> None:
        """A line of its own before the answer, and the spinner again."""
        self.pause()
        self._out.print(Text(text, style="dim"), soft_wrap=True)
        self._spin()

    def _spin(self) -> None:
        if self._out.is_terminal:
            self._busy = self._out.status("...", spinner="dots")
            self._busy.start()

    def pause(self) -> None:
        """No more spinner."""
        if self._busy is not None:
            self._busy.stop()
            self._busy = None

    def finish(self, text: str) -> None:
        """The final words: the rest of them, or all again where they are not what was shown."""
        self.pause()
        if text.startswith(self._shown):
            self._print(text[len(self._shown) :])
        else:
            self._print(f"\n{text}")
        self._print("\n")

    def _print(self, text: str) -> None:
        self._out.print(text, end="", markup=False, highlight=False, soft_wrap=True)
        self._out.file.flush()
