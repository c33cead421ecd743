"""What a bot's strategy is made of, as it stands on the disk at this moment."""

from collections.abc import Callable
from pathlib import Path

from tools.bots.shelf import Shelf
from tools.guard.sources import SourceFiles, copy_of, together


class Sources:
    """Of the shelf, and of the bots that run what they copied from it."""

    def __init__(self, shelf: Shelf, bots: Path, own: Path, find_started: Callable[[str], float | None]) -> None:
        self._shelf = shelf
        self._bots = bots
        self._own = own
        self._find_started = find_started
        self._files = SourceFiles()

    def read(self, bot_id: str, strategy: str) -> str | None:
        """Of a bot that runs its copy, together with what was stored under its name since; else as a start copies it.

        None where it cannot be read.
        """
        if self._find_started(bot_id) is None:
            return self.read_shelf(strategy)
        return together(*self._read_both(bot_id, strategy))

    def read_shelf(self, strategy: str) -> str | None:
        """What a start would copy."""
        found = self._shelf.read().strategies.get(strategy)
        return self._files.read(found.path) if found else None

    def is_outdated(self, bot_id: str, strategy: str) -> bool:
        """Whether another source was stored, or put in the place of the bot's own copy, since the bot was started."""
        started = self._find_started(bot_id)
        if started is None:
            return False
        copy, stored = self._read_both(bot_id, strategy)
        changed = self._files.read_changed(copy_of(self._bots, bot_id, strategy))
        return copy != stored or changed is None or changed > started

    def _read_both(self, bot_id: str, strategy: str) -> tuple[str | None, str | None]:
        return self._files.read_both(self._bots, self._own, bot_id, strategy)
