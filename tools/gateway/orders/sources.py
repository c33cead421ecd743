"""What the strategies are made of, as it stands on the disk at this moment."""

import os
import stat
from pathlib import Path

from tools.guard.mandates import source_hash

Stamp = tuple[int, int, int]


class Sources:
    """Hashes a strategy wherever it stands; read again when the file's time, size or place has changed."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._known: dict[Path, tuple[Stamp, str]] = {}

    def read(self, bot_id: str, strategy: str) -> str | None:
        """The hash of the bot's copy, or of both where the shelf holds another under its name; None if unreadable."""
        copy = self._hash(self._data / "bots" / bot_id / "strategies" / f"{strategy}.py")
        path = self._data / "strategies" / f"{strategy}.py"
        shelf = self._hash(path) if os.path.lexists(path) else copy
        if copy is None or shelf is None or copy == shelf:
            return copy if shelf else None
        return source_hash(f"{copy} {shelf}".encode())

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
        self._known[path] = (stamp, found)
        return found


def _stamp(told: os.stat_result) -> Stamp | None:
    return (told.st_mtime_ns, told.st_size, told.st_ino) if stat.S_ISREG(told.st_mode) else None
