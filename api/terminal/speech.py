"""The assistant's text on a console, as it comes."""

from rich.console import Console
from rich.text import Text

from api.terminal.plain import Unmarked


class Speech:
    """Prints text in pieces as they come, or by whole lines where a prompt is redrawn below what is printed."""

    def __init__(self, console: Console, *, by_line: bool = False) -> None:
        self._console = console
        self._by_line = by_line
        self._unmarked = Unmarked()
        self._run_id = ""
        self._held = ""
        self._is_open = False

    def feed(self, run_id: str, delta: str) -> None:
        self._run_id = run_id
        self._print(self._unmarked.feed(delta))

    def end(self, run_id: str) -> None:
        """Prints what was held back, if that run was speaking."""
        if run_id == self._run_id:
            self._print(self._unmarked.end())
            if self._held or self._is_open:
                self._print("\n")
            self._run_id = ""

    def make_way(self, run_id: str) -> None:
        """Begins a new line for something else; another run's text goes on afterwards."""
        self.end(run_id)
        if self._is_open:
            self._print("\n")

    def _print(self, text: str) -> None:
        if self._by_line:
            *lines, self._held = (self._held + text).split("\n")
            for line in lines:
                self._console.print(Text(line))
        elif text:
            self._console.print(Text(text), end="", soft_wrap=True)
            self._is_open = not text.endswith("\n")
