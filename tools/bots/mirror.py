"""Brings what a Freqtrade knows of its trades into our database, and tells of those that opened or closed."""

import asyncio
import logging
import sqlite3
from datetime import UTC, datetime

from tools.bots.audience import Audience
from tools.bots.desk import view_trade
from tools.bots.registry import Bot
from tools.bots.trades import Trades
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import BotUnreachable, Client
from tools.freqtrade.host import Host

log = logging.getLogger(__name__)

PAGE = 50
ROUND_TIMEOUT_S = 20.0
ROUND_POLL_S = 0.25


class Mirror:
    """Reads one bot's trades, from its REST server or from its own database."""

    def __init__(self, trades: Trades, host: Host, audience: Audience) -> None:
        self._trades = trades
        self._host = host
        self._audience = audience

    async def ask(self, bot: Bot, client: Client) -> None:
        """From a bot that runs. Raises `BotUnreachable`."""
        known = self._trades.read_closed_ids(bot.id)
        page = told = await client.trades(PAGE)
        while len(page) == PAGE and not any(trade.trade_id in known for trade in page):
            page = await client.trades(PAGE, len(told))
            told = told + page
        self._keep(bot, told)

    async def ask_after_a_round(self, bot: Bot, client: Client) -> None:
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
        await self.ask(bot, client)

    def read(self, bot: Bot) -> None:
        """From the database of a bot whose process is gone: what it did in its last moments is there."""
        try:
            self._keep(bot, self._host.read_trades(bot.id))
        except sqlite3.Error as error:
            log.warning("the trades of bot %s cannot be read: %s", bot.id, error)

    def _keep(self, bot: Bot, told: list[Trade]) -> None:
        for row in self._trades.write(bot.id, told):
            self._audience.trade_turned(view_trade(bot, row), bot.conversation_id)
