"""Brings what a Freqtrade knows of its trades into our database, and tells of those that opened or closed."""

import asyncio
import logging
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Protocol

from tools.bots.audience import Audience
from tools.bots.desk import view_trade
from tools.bots.registry import Bot
from tools.bots.trades import Trades
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import BotUnreachable, Client
from tools.freqtrade.host import Host
from tools.store.tables import now

log = logging.getLogger(__name__)

PAGE = 50
ROUND_TIMEOUT_S = 20.0
ROUND_POLL_S = 0.25


class Permits(Protocol):
    """What bots were allowed to enter, held until their trades show it."""

    def settle(self, bot_id: str, seen: set[str], round_ended: datetime | None) -> None:
        """`seen` are the orders of the stored trades, `round_ended` the last round that ended before they were read."""

    def settle_all(self, bot_id: str) -> None:
        """The process is gone, and its database was read."""


class Mirror:
    """Reads one bot's trades, from its REST server or from its own database."""

    def __init__(self, trades: Trades, host: Host, audience: Audience, permits: Permits) -> None:
        self._trades = trades
        self._host = host
        self._audience = audience
        self._permits = permits
        self._tickets = count(1)
        self._kept: defaultdict[str, int] = defaultdict(int)

    async def ask(self, bot: Bot, client: Client) -> Sequence[Trade]:
        """From a bot that runs: all its open trades and the newest closed ones. Raises `BotUnreachable`."""
        ticket, asked_at = next(self._tickets), now()
        round_ended = await client.last_round()
        told = await self._read_pages(bot, client)
        if self._keep(bot, told, ticket, asked_at):
            self._permits.settle(bot.id, {order.order_id for trade in told for order in trade.orders}, round_ended)
        return told

    async def ask_after_a_round(self, bot: Bot, client: Client) -> Sequence[Trade]:
        """From a bot that was told to enter no more, once it has finished the round in which it may not know of it yet.

        Raises `BotUnreachable` where it finishes none.
        """
        asked_at = datetime.now(UTC)
        try:
            async with asyncio.timeout(ROUND_TIMEOUT_S):
                while ((ended := await client.last_round()) is None) or ended <= asked_at:  # noqa: ASYNC110  not our loop
                    await asyncio.sleep(ROUND_POLL_S)
        except TimeoutError:
            raise BotUnreachable(f"no round ended within {ROUND_TIMEOUT_S:.0f} s") from None
        return await self.ask(bot, client)

    def read(self, bot: Bot) -> None:
        """From the database of a bot that does not tell any more: what it did in its last moments is there.

        Where its process is gone nothing can follow, and what it was allowed and did not use is given back.
        """
        ticket, asked_at = next(self._tickets), now()
        try:
            told = self._host.read_trades(bot.id, bot.spec.mode)
        except sqlite3.Error as error:
            log.warning("the trades of bot %s cannot be read: %s", bot.id, error)
            return
        self._keep(bot, told, ticket, asked_at)
        if self._host.client(bot.id) is None:
            self._permits.settle_all(bot.id)

    async def _read_pages(self, bot: Bot, client: Client) -> list[Trade]:
        known = self._trades.read_closed_ids(bot)
        page = told = await client.trades(PAGE)
        while len(page) == PAGE and not any(trade.trade_id in known for trade in page):
            page = await client.trades(PAGE, len(told))
            told = told + page
        return told

    def _keep(self, bot: Bot, told: Sequence[Trade], ticket: int, asked_at: datetime) -> bool:
        """Stores what was told, unless what was asked later is stored already: two may ask the same bot at once."""
        if ticket < self._kept[bot.id]:
            return False
        self._kept[bot.id] = ticket
        for row in self._trades.write(bot, told, asked_at):
            try:
                self._audience.trade_turned(view_trade(bot, row), bot.conversation_id)
            except Exception:
                log.exception("nobody was told of trade %s of bot %s", row.trade_id, bot.id)
        return True
