"""What is known of each bot's process, without asking it."""

from tools.freqtrade.host import Host
from tools.freqtrade.running import OFF, BotHealth


class Healths:
    """The last health of each bot, kept current by the watcher and by whoever has just changed one."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._known: dict[str, BotHealth] = {}

    def read(self, bot_id: str) -> BotHealth:
        return self._known.get(bot_id, OFF)

    def note(self, bot_id: str, health: BotHealth) -> None:
        self._known[bot_id] = health

    async def refresh(self, bot_id: str) -> None:
        """Asks the host, and the bot."""
        self.note(bot_id, await self._host.health(bot_id))
