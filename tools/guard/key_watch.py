"""Looks at the exchange key again while bots trade with real money: what it may do is changed at the exchange."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from tools.guard.keeper import LiveBot
from tools.guard.live_check import Checked
from tools.guard.mandates import Mandates

EVERY_S = 900.0
KEY_CAN_WITHDRAW = "key_can_withdraw"
"""Why a mandate ended: what a person confirmed was real money behind a key that takes none away."""

log = logging.getLogger(__name__)


class KeyWatch:
    """A key that can withdraw ends every mandate; the keeper tells and pauses, and nobody resumes with such a key.

    Only where the exchange says so in so many words: that it does not tell now stops no bot that runs.
    """

    def __init__(
        self,
        mandates: Mandates,
        find_bots: Callable[[], Iterable[LiveBot]],
        refresh: Callable[[], Awaitable[None]],
        read: Callable[[], Checked | None],
    ) -> None:
        self._mandates = mandates
        self._find_bots = find_bots
        self._refresh = refresh
        self._read = read

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except Exception:
                log.exception("the exchange key could not be looked at")

    async def look(self) -> None:
        """Asks the exchange where a bot may enter with real money, and nobody where none may."""
        if not any(bot.enters for bot in self._find_bots()):
            return
        await self._refresh()
        last = self._read()
        if last is None or not last.check.answered or last.check.can_withdraw is not True:
            return
        for bot in self._find_bots():
            self._mandates.void(bot.bot_id, KEY_CAN_WITHDRAW)
