"""The trades that bots made, kept so that they can be read when the bot is off."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

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
NOTHING = Tally()


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

        `told` holds all open trades of the bot, as of `asked_at` or later: one that is missing was withdrawn before
        anything was bought, is forgotten, and is returned as closed.
        """
        mode = bot.spec.mode.value
        tally, known = self._tallies[bot.id, mode], self._told.get(bot.id, {})
        rows = [_row(bot, trade, tally) for trade in told if known.get(trade.trade_id) != trade]
        gone = [row for key in tally.open_ids() - {trade.trade_id for trade in told} if (row := tally.find_open(key))]
        turned = [row for row in rows if _is_news(row, tally)]
        self._save(bot.id, mode, rows, gone)
        for row in rows:
            tally.put(row)
        for row in gone:
            tally.drop(row.trade_id)
        self._modes[bot.id], self._told[bot.id] = mode, {trade.trade_id: trade for trade in told}
        self._synced[bot.id], self._totals = asked_at or now(), None
        return turned + [_withdrawn(row) for row in gone]

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

    def _save(self, bot_id: str, mode: str, rows: list[TradeRow], gone: list[TradeRow]) -> None:
        if not rows and not gone:
            return
        ended = [row.trade_id for row in gone]
        with self._store.session() as session:
            session.execute(
                delete(TradeRow).where(
                    col(TradeRow.bot_id) == bot_id, col(TradeRow.mode) == mode, col(TradeRow.trade_id).in_(ended)
                )
            )
            for row in rows:
                session.merge(row)
            session.commit()


def _is_news(row: TradeRow, tally: Tally) -> bool:
    """Whether a trade opened or closed; a number whose trade was withdrawn may be given again."""
    before = tally.find_open(row.trade_id)
    if row.is_open:
        return before is None or before.opened_at != row.opened_at
    return row.trade_id not in tally.closed_ids()


def _withdrawn(row: TradeRow) -> TradeRow:
    """As it is told when a trade ends before anything was bought."""
    ended = {"is_open": False, "closed_at": now(), "profit": ZERO, "profit_pct": ZERO, "exit_reason": WITHDRAWN}
    return TradeRow(**{**row.model_dump(), **ended})


def _row(bot: Bot, trade: Trade, tally: Tally) -> TradeRow:
    """A trade as told; where no price was told, profit and rate stay as they were last known."""
    profit, percent, rate = trade.profit_abs, (trade.profit_ratio or ZERO) * 100, trade.current_rate
    before = tally.find_open(trade.trade_id)
    if profit is None and before is not None:
        profit, percent, rate = before.profit, before.profit_pct, before.current_rate
    return TradeRow(
        bot_id=bot.id,
        trade_id=trade.trade_id,
        mode=bot.spec.mode.value,
        pair=trade.pair,
        is_open=trade.is_open,
        amount=trade.amount,
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
