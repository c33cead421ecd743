"""Follows running bots: mirrors their trades, notices crashes, and tells the audience."""

import asyncio
import logging
from contextlib import suppress

from tools.bot import Health, State
from tools.bots.audience import Audience
from tools.bots.desk import Desk
from tools.bots.healths import Healths
from tools.bots.mirror import Mirror
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.freqtrade.client import BotUnreachable
from tools.freqtrade.host import Host
from tools.freqtrade.running import BotHealth

log = logging.getLogger(__name__)


class Watcher:
    """Asks every running bot each `interval_s` seconds."""

    def __init__(  # noqa: PLR0913  what it follows and whom it tells
        self,
        desk: Desk,
        mirror: Mirror,
        host: Host,
        healths: Healths,
        audience: Audience,
        interval_s: float = 2.0,
    ) -> None:
        self._desk = desk
        self._mirror = mirror
        self._host = host
        self._healths = healths
        self._audience = audience
        self._interval_s = interval_s

    async def run(self) -> None:
        """Until cancelled. A round that fails is logged, and the next one is made all the same."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._host.watch(self._note_health))
            group.create_task(self._look_again_and_again())

    async def _look_again_and_again(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("a look at the bots failed")
            await asyncio.sleep(self._interval_s)

    async def look(self) -> None:
        """One round over all bots that should be running."""
        bots = [bot for bot in self._desk.registry.read_all() if bot.state in (State.RUNNING, State.PAUSED)]
        await asyncio.gather(*(self._follow(bot) for bot in bots))
        if bots and self._audience.is_watching():
            self._audience.ticked(self._desk.read_bots(), self._desk.read_trades(is_open=True))

    async def _note_health(self, bot_id: str, health: BotHealth) -> None:
        self._healths.note(bot_id, health)
        with suppress(Problem):
            view = self._desk.read_bot(bot_id)
            if view.health is Health.CRASHED:
                self._mirror.read(self._desk.registry.read(bot_id))
                view = self._desk.read_bot(bot_id)
                log.warning("bot %s crashed: %s", bot_id, health.reason)
                self._audience.bot_crashed(view)
            else:
                self._audience.bot_changed(view)

    async def _follow(self, bot: Bot) -> None:
        client = self._host.client(bot.id)
        if client is None:
            return
        try:
            await self._mirror.ask(bot, client)
        except BotUnreachable as error:
            log.info("bot %s did not answer: %s", bot.id, error)
