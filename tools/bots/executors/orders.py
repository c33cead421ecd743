"""Has bots enter, exit and take back orders, and keeps them out of pairs."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta

from tools.actions import Action, CancelOrder, ForceEntry, ForceExit, LockPair, UnlockPair
from tools.bots.executors.bench import Bench, Seen
from tools.bots.registry import Bot
from tools.bots.requests import check_stake
from tools.errors import Problem
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import BotUnreachable, Client
from tools.guard.actor import Actor
from tools.store.tables import now

OrdersAction = ForceEntry | ForceExit | CancelOrder | LockPair | UnlockPair
LOCKED_BY = "tradehelm"
"""What a lock says in the bot of why it is there."""


async def exit_each(client: Client, trade_ids: Iterable[int]) -> list[Problem]:
    """Sells each at market, all at once: one that cannot be sold does not keep the others. Returns what went wrong."""
    answers = await asyncio.gather(*(client.force_exit(key) for key in trade_ids), return_exceptions=True)
    return _problems(answers)


async def cancel_entries(client: Client, trades: Iterable[Trade]) -> list[Problem]:
    """Takes back the orders of all trades that are still being entered. Returns what went wrong."""
    entering = [trade.trade_id for trade in trades if any(order.is_entry and order.is_open for order in trade.orders)]
    answers = await asyncio.gather(*(client.cancel_open_order(key) for key in entering), return_exceptions=True)
    return _problems(answers)


class OrdersRoom:
    """What the bots' processes are asked for. The guard has judged it; a bot still asks for its own permit to enter."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def prepare(self, action: Action) -> None:
        assert isinstance(action, OrdersAction)
        self._bench.next_state(action)
        bot = self._bench.registry.read(action.bot_id)
        client = self._bench.client(bot)
        match action:
            case ForceEntry():
                await self._prepare_entry(bot, client, action)
            case ForceExit():
                _check_exit(bot, action, await client.status())
            case CancelOrder():
                trade = _find(bot, action.trade_id, await client.status())
                if not trade.has_open_orders:
                    raise Problem("no_open_order", 409, name=bot.spec.name, trade=action.trade_id)
            case LockPair() if action.pair not in bot.spec.pairs:
                pairs = ", ".join(bot.spec.pairs)
                raise Problem("pair_not_of_bot", 422, name=bot.spec.name, pair=action.pair, pairs=pairs)
            case UnlockPair():
                if action.pair not in {lock.pair for lock in await client.locks()}:
                    raise Problem("not_locked", 409, name=bot.spec.name, pair=action.pair)

    async def execute(self, action: Action, _actor: Actor) -> Seen:
        assert isinstance(action, OrdersAction)
        bot = self._bench.registry.read(action.bot_id)
        client = self._bench.client(bot)
        try:
            await self._ask(client, action)
        finally:
            with suppress(BotUnreachable):
                await self._bench.mirror.ask(bot, client)
        return await self._bench.show_anew(bot.id)

    async def _prepare_entry(self, bot: Bot, client: Client, action: ForceEntry) -> None:
        """Whether the bot may enter the pair is for the guard to say; it needs a price for that.

        Raises `Problem("pair_locked")`: Freqtrade itself would let a forced entry past a lock.
        """
        locked = [lock.until for lock in await client.locks() if lock.pair in (action.pair, "*")]
        if locked:
            raise Problem("pair_locked", 409, pair=action.pair, until=f"{max(locked):%Y-%m-%d %H:%M}")
        stake, currency = action.stake or bot.spec.stake, self._bench.desk.stake_currency
        await check_stake(action.pair, stake, bot.spec.stoploss_pct, self._bench.source, currency)
        await self._bench.prices.refresh(action.pair)

    async def _ask(self, client: Client, action: OrdersAction) -> None:
        match action:
            case ForceEntry():
                await client.force_entry(action.pair, action.stake, action.price)
            case ForceExit(trade_id=None):
                await self._exit_all(client)
            case ForceExit():
                await client.force_exit(action.trade_id, action.amount)
            case CancelOrder():
                await client.cancel_open_order(action.trade_id)
            case LockPair():
                await client.lock_pair(action.pair, now() + timedelta(minutes=action.minutes), LOCKED_BY)
            case UnlockPair():
                await client.unlock_pair(action.pair)

    async def _exit_all(self, client: Client) -> None:
        """Raises the first `Problem`, after all were tried."""
        if problems := await exit_each(client, [trade.trade_id for trade in await client.status()]):
            raise problems[0]


def _check_exit(bot: Bot, action: ForceExit, opened: Sequence[Trade]) -> None:
    """Raises `Problem`: `amount_without_trade`, `nothing_open`, `trade_not_open`, `above_trade`."""
    if action.trade_id is None:
        if action.amount is not None:
            raise Problem("amount_without_trade", 422, amount=f"{action.amount:f}")
        if not opened:
            raise Problem("nothing_open", 409, name=bot.spec.name)
        return
    trade = _find(bot, action.trade_id, opened)
    if action.amount is not None and action.amount > trade.amount:
        raise Problem("above_trade", 422, amount=f"{action.amount:f}", max=f"{trade.amount:f}", pair=trade.pair)


def _find(bot: Bot, trade_id: int, opened: Sequence[Trade]) -> Trade:
    """Raises `Problem("trade_not_open")`."""
    trade = next((one for one in opened if one.trade_id == trade_id), None)
    if trade is None:
        known = ", ".join(str(one.trade_id) for one in opened) or "-"
        raise Problem("trade_not_open", 404, name=bot.spec.name, trade=trade_id, known=known)
    return trade


def _problems(answers: Iterable[object]) -> list[Problem]:
    """Of answers that may be exceptions; one that is no `Problem` is raised."""
    failed = [answer for answer in answers if isinstance(answer, BaseException)]
    for error in failed:
        if not isinstance(error, Problem):
            raise error
    return [error for error in failed if isinstance(error, Problem)]
