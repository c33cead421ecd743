"""Brings one bot to rest for the panic stop, ends it where it does not answer, and has one without a process sell."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from tools.bot import State
from tools.bots.executors.bench import Bench
from tools.bots.executors.launcher import Launcher
from tools.bots.executors.orders import cancel_entries, exit_each
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import BotUnreachable, Client
from tools.guard.mandates import STOPPED

AGAIN_S = 0.25

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bounds:
    """How long a bot is waited for, in seconds, before it counts as one that hangs."""

    answer_s: float = 8.0
    """To hear that it is paused, and to tell its trades."""
    orders_s: float = 20.0
    """To take back its entry orders and to place its exits, which waits for the bot's round to end."""
    last_exits_s: float = 5.0
    """For the exits of a bot that did not answer."""
    end_s: float = 3.0
    """To end by itself when told to, before it is killed."""


class Halt:
    """Waits for no other action on the bot."""

    def __init__(
        self, bench: Bench, launcher: Launcher, bounds: Bounds, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bench = bench
        self.launcher = launcher
        self._bounds = bounds
        self.clock = clock

    async def halt(self, bot: Bot, exits: bool) -> float | None:
        """By `clock`, when the bot was known to be unable to enter; None where that is not known.

        Raises nothing but `SQLAlchemyError`, where something could not be kept: it is all to be done again.
        """
        try:
            return await self._halt(bot, exits)
        except SQLAlchemyError:
            log.warning("the panic stop could not keep what bot %s told", bot.id)
            raise
        except Exception:
            log.exception("the panic stop had trouble with bot %s", bot.id)
            if exits:
                self._bench.holds.note_sale(bot.id, failed=True)
            return None
        finally:
            with suppress(Problem):
                self._bench.show(bot.id)

    async def sell(self, bot: Bot) -> None:
        """Has a bot without a process come up unable to enter, sell all that it holds, and stay up until it is closed.

        What is not sold is noted. Raises nothing but `SQLAlchemyError`: it is all to be done again.
        """
        try:
            paused = self._bench.registry.write_state(bot.id, State.PAUSED)
            await self.launcher.launch(paused)
            if self._bench.holds.is_sale_on():
                client = self._bench.client(paused)
                await self._clear(paused, client, await self._quiet(paused, client), exits=True)
                await self._look_once_more(paused, client)
        except SQLAlchemyError:
            log.warning("the panic stop could not keep what bot %s sold", bot.id)
            raise
        except Exception as error:
            log.warning("bot %s could not sell what it holds: %s", bot.id, error, exc_info=not _is_expected(error))
            self._bench.holds.note_sale(bot.id, failed=True)
            self._take_back(bot)
        finally:
            with suppress(Problem):
                await self._bench.show_anew(bot.id)

    def _take_back(self, before: Bot) -> None:
        """Where it did not come up it is in the state that it had, unless somebody has given it another meanwhile."""
        with suppress(Problem):
            bot = self._bench.registry.read(before.id)
            if bot.state is State.PAUSED and self._bench.host.client(bot.id) is None:
                self._bench.registry.write_state(bot.id, before.state)

    async def _halt(self, bot: Bot, exits: bool) -> float | None:
        client = self._bench.host.client(bot.id)
        if bot.id in self.launcher.under_way:
            return await self._end(bot, None, exits)
        if client is None:
            return self.clock()
        was_allowed = bool(self._bench.reservations.held(bot.id))
        try:
            off: float | None = await self._clear(bot, client, await self._quiet(bot, client), exits)
            if was_allowed:
                off = await self._clear_late_comers(bot, client, exits)
        except TimeoutError:
            log.warning("bot %s does not answer to the panic stop", bot.id)
            return await self._end(bot, client if exits else None, exits)
        await self._look_once_more(bot, client)
        return off

    async def _quiet(self, bot: Bot, client: Client) -> Sequence[Trade]:
        """Has the bot enter no more, and tell its trades. Raises `TimeoutError`."""
        async with asyncio.timeout(self._bounds.answer_s):
            while True:
                try:
                    await client.pause()
                    return await self._bench.mirror.ask(bot, client)
                except BotUnreachable as error:
                    if self._bench.host.client(bot.id) is not client:
                        raise TimeoutError("its process is gone") from error
                    await asyncio.sleep(AGAIN_S)

    async def _clear(self, bot: Bot, client: Client, told: Sequence[Trade], exits: bool) -> float:
        """Takes back what is being entered, and sells what is open; returns when the first was done.

        Raises `TimeoutError`.
        """
        async with asyncio.timeout(self._bounds.orders_s):
            self._log(bot, await cancel_entries(client, told))
            off = self.clock()
            if exits:
                self._note_exits(bot, await exit_each(client, _find_unsold(told)))
        return off

    async def _clear_late_comers(self, bot: Bot, client: Client, exits: bool) -> float | None:
        """An entry whose permit is older than the stop may still be on its way: it shows when the round has ended.

        None where the bot, which is paused, ended no round in time. Raises `TimeoutError`.
        """
        try:
            told = await self._bench.mirror.ask_after_a_round(bot, client)
        except BotUnreachable as error:
            log.warning("bot %s may have an entry on its way: %s", bot.id, error)
            return None
        return await self._clear(bot, client, told, exits)

    async def _look_once_more(self, bot: Bot, client: Client) -> None:
        """So that what was sold and taken back is not shown as open."""
        with suppress(BotUnreachable, TimeoutError):
            async with asyncio.timeout(self._bounds.answer_s):
                await self._bench.mirror.ask(bot, client)

    async def _end(self, bot: Bot, client: Client | None, exits: bool) -> float | None:
        """Ends the process of a bot that hangs, after its exits where a client is given; returns when it was gone."""
        if client is not None:
            await self._try_last_exits(bot, client)
        within_s = self._bounds.end_s
        async with asyncio.timeout(within_s + self._bounds.answer_s):
            gone = await self._bench.host.end_at_once(bot.id, within_s)
        if not gone:
            log.error("the process of bot %s cannot be ended", bot.id)
            if exits:
                self._bench.holds.note_sale(bot.id, failed=True)
            return None
        off = self.clock()
        self._bench.registry.write_state(bot.id, State.STOPPED)
        self._bench.void_mandate(bot, STOPPED)
        self._note_ended(bot)
        self._bench.mirror.read(bot)
        return off

    async def _try_last_exits(self, bot: Bot, client: Client) -> None:
        opened = [row.trade_id for row in self._bench.trades.read(bot.id, is_open=True, limit=1000)]
        with suppress(TimeoutError):
            async with asyncio.timeout(self._bounds.last_exits_s):
                self._log(bot, await exit_each(client, opened))

    def _note_ended(self, bot: Bot) -> None:
        if held := self._bench.holds.find(None):
            ended = [*held.details.get("ended_bots", ()), bot.spec.name]
            self._bench.holds.note(None, ended_bots=sorted(set(ended)))

    def _note_exits(self, bot: Bot, problems: Sequence[Problem]) -> None:
        self._log(bot, problems)
        self._bench.holds.note_sale(bot.id, failed=bool(problems))

    def _log(self, bot: Bot, problems: Sequence[Problem]) -> None:
        for problem in problems:
            log.warning("the panic stop had trouble with an order of bot %s: %s", bot.id, problem)


def _is_expected(error: Exception) -> bool:
    return isinstance(error, Problem | TimeoutError)


def _find_unsold(trades: Sequence[Trade]) -> list[int]:
    """The open trades without an exit order that is open already."""
    return [
        trade.trade_id
        for trade in trades
        if trade.is_open and not any(order.is_open and not order.is_entry for order in trade.orders)
    ]
