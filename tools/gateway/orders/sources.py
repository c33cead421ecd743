"""What the strategies are made of, as it stands on the disk at this moment."""

from pathlib import Path

from tools.guard.sources import SourceFiles, together


class Sources:
    """Of one data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._files = SourceFiles()

    def read(self, bot_id: str, strategy: str) -> str | None:
        """The hash of the bot's copy, or of both where the shelf holds another under its name; None if unreadable."""
        return together(*self._files.read_both(self._data / "bots", self._data / "strategies", bot_id, strategy))
