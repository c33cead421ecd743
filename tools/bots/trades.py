"""The trades that bots made, kept so that they can be read when the bot is off."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tools.bots.departed import Departed
from tools.bots.registry import Bot
from tools.bots.tally import ZERO, Tally, Totals
from tools.freqtrade.answers import Trade
from tools.store.database import Store
from tools.store.tables import BotRow, TradeRow, now

__all__ = ["ZERO", "Totals", "Trades"]

WITHDRAWN = "entry_cancelled"
"""Why a trade ended of which nothing was ever bought."""
DELETED = "deleted"
"""Why a trade ended that held something when its bot forgot it: somebody took it out of the bot's own books."""
SAME_TRADE = timedelta(seconds=1)
"""A bot's server and its database tell when a trade opened with different digits."""
NOTHING = Tally()


@dataclass(frozen=True)
class Ended:
    """What is in our books and no longer in the bot's."""

    withdrawn: list[TradeRow]
    """Nothing was bought."""
    deleted: list[TradeRow]
    """As they are kept: closed, with the profit that was last known."""
    moved: dict[int, int]
    """The numbers of closed trades that the bot has given to others, and the numbers they are kept by from now on."""


class Trades:
    """Mirrors what each Freqtrade tells of its trades. What is said of a bot is said of its present mode."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._departed = Departed(store)
        self._tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
        self._told: dict[str, dict[int, Trade]] = {}
        self._synced: dict[str, datetime] = {}
        self._totals: dict[str, Totals] | None = None
        with store.session() as session:
            self._modes = {row.id: str(row.spec["mode"]) for row in session.exec(select(BotRow))}
            self._load(session)

    def write(self, bot: Bot, told: Sequence[Trade], asked_at: datetime | None = None) -> list[TradeRow]:
        """Keeps the newest word on each trade; returns those that opened or closed with it.

        `told` holds all open trades of the bot, as of `asked_at` or later. One that is missing is returned as closed:
        it was withdrawn before anything was bought, and is forgotten, or was deleted, and what it lost stays lost.
        """
        mode = bot.spec.mode.value
        tally, known = self._tallies[bot.id, mode], self._told.get(bot.id, {})
        rows = [_row(bot, trade, tally) for trade in told if known.get(trade.trade_id) != trade]
        ended = _find_ended(told, tally)
        turned = [row for row in rows if _is_news(row, tally)]
        kept = self._save(bot.id, mode, rows, ended)
        for key in (*(row.trade_id for row in ended.withdrawn), *ended.moved):
            tally.drop(key)
        for row in (*kept, *rows):
            tally.put(row)
        self._modes[bot.id], self._told[bot.id] = mode, {trade.trade_id: trade for trade in told}
        self._synced[bot.id], self._totals = asked_at or now(), None
        return [*ended.deleted, *(_closed(row, WITHDRAWN) for row in ended.withdrawn), *turned]

    def set_mode(self, bot_id: str, mode: str) -> None:
        """From now on what is said of the bot is said of its trades in this mode."""
        self._modes[bot_id], self._totals = mode, None
        self._told.pop(bot_id, None)

    def read(self, bot_id: str | None = None, *, is_open: bool | None = None, limit: int = 100) -> list[TradeRow]:
        """Trades of all modes, the newest first; of all bots where no bot is named."""
        query = select(TradeRow).order_by(col(TradeRow.opened_at).desc(), col(TradeRow.trade_id).desc()).limit(limit)
        if bot_id is not None:
            query = query.where(TradeRow.bot_id == bot_id)
        if is_open is not None:
            query = query.where(TradeRow.is_open == is_open)
        with self._store.session() as session:
            return list(session.exec(query))

    def read_closed_ids(self, bot: Bot) -> Collection[int]:
        return self._tallies[bot.id, bot.spec.mode.value].closed_ids()

    def read_totals(self) -> Mapping[str, Totals]:
        """By bot; one that never had a trade may be missing."""
        if self._totals is None:
            self._totals = {bot_id: self._tally(bot_id).totals() for bot_id in self._modes}
        return self._totals

    def read_profit_since(self, bot_id: str, at: datetime) -> Decimal:
        """What its trades that closed then or later have won, or lost."""
        return self._tally(bot_id).profit_since(at)

    def read_loss_streak(self, bot_id: str, since: datetime | None) -> int:
        """How many of its last trades closed with a loss in a row, of those that closed after `since`."""
        return self._tally(bot_id).loss_streak(since)

    def read_last_close(self, bot_id: str, pair: str) -> datetime | None:
        """When a trade of its in this pair last closed."""
        return self._tally(bot_id).last_close(pair)

    def read_synced_at(self, bot_id: str) -> datetime | None:
        """When its trades were last taken whole; None where that was before this process began."""
        return self._synced.get(bot_id)

    def read_departed(self, mode: str, day_begin: datetime) -> tuple[Decimal, Decimal]:
        """What the bots of a mode that were deleted had won, or lost: on the UTC day that begins then, and ever."""
        return self._departed.read(mode, day_begin)

    def write_departed(self, bot: Bot) -> None:
        """For a bot that is deleted next. Its open trades end with it: what they are losing is lost today."""
        at = now()
        day_begin = at.replace(hour=0, minute=0, second=0, microsecond=0)
        for key in [key for key in self._tallies if key[0] == bot.id]:
            tally = self._tallies.pop(key)
            totals = tally.totals()
            today = tally.profit_since(day_begin) + min(totals.unrealised_profit, ZERO)
            profit = totals.realised_profit + totals.unrealised_profit
            self._departed.write(bot.id, key[1], at, today=today, profit=profit)
        for kept in (self._modes, self._told, self._synced):
            kept.pop(bot.id, None)
        self._totals = None

    def _tally(self, bot_id: str) -> Tally:
        return self._tallies.get((bot_id, self._modes.get(bot_id, "")), NOTHING)

    def _load(self, session: Session) -> None:
        for row in session.exec(select(TradeRow).order_by(col(TradeRow.closed_at)).execution_options(yield_per=1000)):
            self._tallies[row.bot_id, row.mode].put(row)

    def _save(self, bot_id: str, mode: str, rows: list[TradeRow], ended: Ended) -> list[TradeRow]:
        """Returns what is kept of those that ended, by the numbers that they are kept by."""
        if not (rows or ended.withdrawn or ended.deleted or ended.moved):
            return []
        mine = col(TradeRow.bot_id) == bot_id, col(TradeRow.mode) == mode
        forgotten = [*(row.trade_id for row in ended.withdrawn), *ended.moved]
        with self._store.session() as session:
            closed = session.exec(select(TradeRow).where(*mine, col(TradeRow.trade_id).in_(ended.moved)))
            olds = {row.trade_id: row for row in (*closed, *ended.deleted)}
            kept = [_renumbered(row, ended.moved.get(key, key)) for key, row in olds.items()]
            session.execute(delete(TradeRow).where(*mine, col(TradeRow.trade_id).in_(forgotten)))
            session.expunge_all()
            for row in (*kept, *rows):
                session.merge(row)
            session.commit()
        return kept


def _find_ended(told: Sequence[Trade], tally: Tally) -> Ended:
    """A number whose trade the bot has forgotten may be given to another: what it was is not overwritten."""
    opened = {trade.trade_id: trade.open_date for trade in told}
    rows = [row for key in list(tally.open_ids()) if (row := tally.find_open(key))]
    gone = [row for row in rows if not _is_same(opened.get(row.trade_id), row.opened_at)]
    deleted = [_closed(row, DELETED) for row in gone if row.amount > 0]
    closed = [(close.trade_id, close.opened_at) for key in opened if (close := tally.find_closed(key))]
    others = [key for key, at in closed if not _is_same(opened[key], at)]
    others += [row.trade_id for row in deleted if row.trade_id in opened]
    free = count(min((0, *tally.closed_ids())) - 1, -1)
    withdrawn = [row for row in gone if row.amount <= 0 and row.trade_id not in opened]
    return Ended(withdrawn, deleted, dict(zip(others, free, strict=False)))


def _is_same(opened_at: datetime | None, known: datetime) -> bool:
    return opened_at is not None and abs(opened_at - known) < SAME_TRADE


def _is_news(row: TradeRow, tally: Tally) -> bool:
    """Whether a trade opened or closed."""
    before = tally.find_open(row.trade_id) if row.is_open else tally.find_closed(row.trade_id)
    return before is None or not _is_same(row.opened_at, before.opened_at)


def _closed(row: TradeRow, reason: str) -> TradeRow:
    """As a trade ends that its bot does not tell of any more."""
    ended = {"is_open": False, "closed_at": now(), "pending": ZERO, "exit_reason": reason}
    if reason == WITHDRAWN:
        return TradeRow(**{**row.model_dump(), **ended, "profit": ZERO, "profit_pct": ZERO})
    return TradeRow(**{**row.model_dump(), **ended, "exit_rate": row.current_rate})


def _renumbered(row: TradeRow, trade_id: int) -> TradeRow:
    return TradeRow(**{**row.model_dump(), "trade_id": trade_id})


def _bought(trade: Trade) -> Decimal:
    """In the base currency; Freqtrade counts an order when it is no longer open."""
    return trade.amount or sum((order.filled for order in trade.orders if order.is_entry), ZERO)


def _row(bot: Bot, trade: Trade, tally: Tally) -> TradeRow:
    """A trade as told; where no price was told, profit and rate stay as they were last known."""
    profit, percent, rate = trade.profit_abs, (trade.profit_ratio or ZERO) * 100, trade.current_rate
    before = tally.find_open(trade.trade_id)
    if profit is None and before is not None and _is_same(trade.open_date, before.opened_at):
        profit, percent, rate = before.profit, before.profit_pct, before.current_rate
    return TradeRow(
        bot_id=bot.id,
        trade_id=trade.trade_id,
        mode=bot.spec.mode.value,
        pair=trade.pair,
        is_open=trade.is_open,
        amount=_bought(trade),
        stake=trade.stake_amount,
        pending=trade.pending if trade.is_open else ZERO,
        entry_rate=trade.open_rate,
        exit_rate=trade.close_rate,
        current_rate=rate,
        opened_at=trade.open_date,
        closed_at=trade.close_date,
        profit=profit or ZERO,
        profit_pct=round(percent, 3),
        enter_tag=trade.enter_tag,
        exit_reason=trade.exit_reason or None,
    )
