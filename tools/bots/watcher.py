"""Follows running bots: mirrors their trades, notices crashes, has the guard look, and tells the audience."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from tools.bot import Health, State
from tools.bots.audience import Audience
from tools.bots.desk import Desk
from tools.bots.healths import Healths
from tools.bots.mirror import Mirror
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.freqtrade.client import BotUnreachable, Client
from tools.freqtrade.host import Host
from tools.freqtrade.running import BotHealth

GUARDIAN = "guardian"

log = logging.getLogger(__name__)


class Guardian(Protocol):
    """Looks whether bots must be kept from entering, and sees to it."""

    async def look(self) -> None: ...


class Watcher:
    """Asks every running bot each `interval_s` seconds; one that is slow to answer holds up nobody else."""

    def __init__(  # noqa: PLR0913  what it follows and whom it tells
        self,
        desk: Desk,
        mirror: Mirror,
        host: Host,
        healths: Healths,
        audience: Audience,
        guardian: Guardian,
        interval_s: float = 2.0,
    ) -> None:
        self._desk = desk
        self._mirror = mirror
        self._host = host
        self._healths = healths
        self._audience = audience
        self._guardian = guardian
        self._interval_s = interval_s
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled. A round that fails is logged, and the next one is made all the same."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._host.watch(self._note_health))
                group.create_task(self._look_again_and_again())
        finally:
            left = list(self._under_way.values())
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _look_again_and_again(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("a look at the bots failed")
            await asyncio.sleep(self._interval_s)

    async def look(self) -> None:
        """One round over all bots that should be running; then the guard looks, whoever else does."""
        bots = [bot for bot in self._desk.registry.read_all() if bot.state in (State.RUNNING, State.PAUSED)]
        await self._under_way_for_a_while({bot.id: partial(self._follow, bot) for bot in bots})
        await self._under_way_for_a_while({GUARDIAN: self._guardian.look})
        if bots and self._audience.is_watching():
            self._audience.ticked(self._desk.read_bots(), self._desk.read_trades(is_open=True))

    async def _under_way_for_a_while(self, works: dict[str, Callable[[], Awaitable[None]]]) -> None:
        """Begins what is not under way still, and waits until all of it is done, though no longer than a round."""
        for key, work in works.items():
            if key not in self._under_way:
                task = self._under_way[key] = asyncio.create_task(_logged(key, work))
                task.add_done_callback(lambda _, key=key: self._under_way.pop(key, None))  # type: ignore[misc]
        if tasks := [self._under_way[key] for key in works]:
            await asyncio.wait(tasks, timeout=self._interval_s)

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
            if bot.state is State.PAUSED:
                await self._keep_paused(bot.id, client)
        except BotUnreachable as error:
            log.info("bot %s did not answer: %s", bot.id, error)

    async def _keep_paused(self, bot_id: str, client: Client) -> None:
        """Somebody may have told a bot to enter past us: it would get no permit, and look as if it could."""
        if (await client.show_config()).state != "running" or not self._is(bot_id, State.PAUSED):
            return
        log.warning("bot %s was started by somebody else, and is paused again", bot_id)
        await client.pause()
        if self._is(bot_id, State.RUNNING):
            # Its owner has resumed it meanwhile.
            await client.start()

    def _is(self, bot_id: str, state: State) -> bool:
        with suppress(Problem):
            return self._desk.registry.read(bot_id).state is state
        return False


async def _logged(key: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception:
        log.exception("%s could not be followed", key)
