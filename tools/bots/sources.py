"""What a bot's strategy is made of, as it stands on the disk at this moment."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from tools.bots.shelf import Shelf
from tools.guard.mandates import source_hash

Stamp = tuple[int, int, int]


class Sources:
    """Hashes strategies where they stand; each is read again when its file has changed."""

    def __init__(self, shelf: Shelf, bots: Path, own: Path, has_process: Callable[[str], bool]) -> None:
        self._shelf = shelf
        self._bots = bots
        self._own = own
        self._has_process = has_process
        self._known: dict[Path, tuple[Stamp, str]] = {}

    def read(self, bot_id: str, strategy: str) -> str | None:
        """Of a bot that runs its copy, together with what was stored under its name since; else as a start copies it.

        None where it cannot be read.
        """
        if not self._has_process(bot_id):
            return self.read_shelf(strategy)
        copy, stored = self._read_both(bot_id, strategy)
        if copy is None or stored is None or copy == stored:
            return copy if stored else None
        return source_hash(f"{copy} {stored}".encode())

    def read_shelf(self, strategy: str) -> str | None:
        """What a start would copy."""
        found = self._shelf.read().strategies.get(strategy)
        return self._hash(found.path) if found else None

    def is_outdated(self, bot_id: str, strategy: str) -> bool:
        """Whether another source was stored since the bot was started."""
        copy, stored = self._read_both(bot_id, strategy)
        return self._has_process(bot_id) and copy != stored

    def _read_both(self, bot_id: str, strategy: str) -> tuple[str | None, str | None]:
        """The bot's copy, and what is stored under its name; the copy twice where nothing is."""
        copy = self._hash(self._bots / bot_id / "strategies" / f"{strategy}.py")
        stored = self._own / f"{strategy}.py"
        return copy, self._hash(stored) if os.path.lexists(stored) else copy

    def _hash(self, path: Path) -> str | None:
        """None for what is no plain file, or changes while it is read."""
        try:
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                stamp = _stamp(os.fstat(file.fileno()))
                if stamp is None:
                    return None
                known = self._known.get(path)
                if known and known[0] == stamp:
                    return known[1]
                found = source_hash(file.read())
                if _stamp(os.fstat(file.fileno())) != stamp:
                    return None
        except OSError:
            return None
        self._known[path] = stamp, found
        return found


def _stamp(told: os.stat_result) -> Stamp | None:
    return (told.st_mtime_ns, told.st_size, told.st_ino) if stat.S_ISREG(told.st_mode) else None
