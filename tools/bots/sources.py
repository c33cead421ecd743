"""What a bot's strategy is made of, as it stands on the disk at this moment."""

from collections.abc import Callable
from pathlib import Path

from tools.bots.shelf import Shelf
from tools.guard.sources import SourceFiles, together


class Sources:
    """Of the shelf, and of the bots that run what they copied from it."""

    def __init__(self, shelf: Shelf, bots: Path, own: Path, has_process: Callable[[str], bool]) -> None:
        self._shelf = shelf
        self._bots = bots
        self._own = own
        self._has_process = has_process
        self._files = SourceFiles()

    def read(self, bot_id: str, strategy: str) -> str | None:
        """Of a bot that runs its copy, together with what was stored under its name since; else as a start copies it.

        None where it cannot be read.
        """
        if not self._has_process(bot_id):
            return self.read_shelf(strategy)
        return together(*self._read_both(bot_id, strategy))

    def read_shelf(self, strategy: str) -> str | None:
        """What a start would copy."""
        found = self._shelf.read().strategies.get(strategy)
        return self._files.read(found.path) if found else None

    def is_outdated(self, bot_id: str, strategy: str) -> bool:
        """Whether another source was stored since the bot was started."""
        copy, stored = self._read_both(bot_id, strategy)
        return self._has_process(bot_id) and copy != stored

    def _read_both(self, bot_id: str, strategy: str) -> tuple[str | None, str | None]:
        return self._files.read_both(self._bots, self._own, bot_id, strategy)
