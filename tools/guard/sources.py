"""What a bot's strategy is made of, as it stands on the disk at this moment: the same for whoever compares it."""

import os
import stat
from pathlib import Path

from tools.guard.mandates import source_hash

Stamp = tuple[int, ...]
"""When it was changed, also by the clock that nobody can set back, how long it is, and where it lies."""


class SourceFiles:
    """Hashes files where they stand; each is read again when its time, size or place has changed."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Stamp, str]] = {}

    def read_both(self, bots: Path, own: Path, bot_id: str, strategy: str) -> tuple[str | None, str | None]:
        """The bot's copy, and what is stored under its name; the copy twice where nothing is."""
        copy = self.read(copy_of(bots, bot_id, strategy))
        stored = own / f"{strategy}.py"
        return copy, self.read(stored) if os.path.lexists(stored) else copy

    def read(self, path: Path) -> str | None:
        """None for what is no plain file, or changes while it is read."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            return self._read(path, descriptor)
        except OSError:
            return None
        finally:
            os.close(descriptor)

    def read_changed(self, path: Path) -> float | None:
        """When a file was last changed, by the clock that nobody can set back: seconds since 1970; None without one."""
        try:
            return path.lstat().st_ctime
        except OSError:
            return None

    def _read(self, path: Path, descriptor: int) -> str | None:
        stamp = _stamp(os.fstat(descriptor))
        if stamp is None:
            return None
        known = self._known.get(path)
        if known and known[0] == stamp:
            return known[1]
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            found = source_hash(file.read())
        if _stamp(os.fstat(descriptor)) != stamp:
            return None
        self._known[path] = stamp, found
        return found


def copy_of(bots: Path, bot_id: str, strategy: str) -> Path:
    """Where a bot has the source that it was started with."""
    return bots / bot_id / "strategies" / f"{strategy}.py"


def together(copy: str | None, stored: str | None) -> str | None:
    """One hash for a bot's copy and for what is stored, where they differ; None where either cannot be read."""
    if copy is None or stored is None or copy == stored:
        return copy if stored else None
    return source_hash(f"{copy} {stored}".encode())


def _stamp(told: os.stat_result) -> Stamp | None:
    if not stat.S_ISREG(told.st_mode):
        return None
    return told.st_mtime_ns, told.st_ctime_ns, told.st_size, told.st_ino, told.st_dev
