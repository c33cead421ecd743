"""What the trades of one bot in one mode come to, kept in memory since every order asks."""

from bisect import insort
from collections.abc import Iterable, KeysView, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from tools.store.tables import TradeRow

ZERO = Decimal(0)


@dataclass(frozen=True)
class Totals:
    """What a bot's trades add up to, in the stake currency."""

    open_trades: int = 0
    closed_trades: int = 0
    open_exposure: Decimal = ZERO
    """What its open trades hold, and what their open entry orders may still take."""
    realised_profit: Decimal = ZERO
    unrealised_profit: Decimal = ZERO
    wins: int = 0
    held_by_pair: Mapping[str, Decimal] = field(default_factory=dict)
    """The open exposure, by the pair of the trade."""


class Close(NamedTuple):
    """What is kept of a closed trade; in the order in which trades closed."""

    at: datetime
    trade_id: int
    pair: str
    profit: Decimal
    opened_at: datetime


class Tally:
    """Follows every change of a trade; decimals are added here since SQLite would add floats."""

    def __init__(self) -> None:
        self._open: dict[int, TradeRow] = {}
        self._closed: dict[int, Close] = {}
        self._closes: list[Close] = []
        self._last_closes: dict[str, datetime] = {}
        self._realised = ZERO
        self._wins = 0
        self._totals: Totals | None = Totals()

    def find_open(self, trade_id: int) -> TradeRow | None:
        return self._open.get(trade_id)

    def find_closed(self, trade_id: int) -> Close | None:
        return self._closed.get(trade_id)

    def open_ids(self) -> KeysView[int]:
        return self._open.keys()

    def closed_ids(self) -> KeysView[int]:
        return self._closed.keys()

    def put(self, row: TradeRow) -> None:
        """Takes the newest word on a trade."""
        closed_at = row.closed_at or row.opened_at
        close = None if row.is_open else Close(closed_at, row.trade_id, row.pair, row.profit, row.opened_at)
        if close is not None and self._closed.get(row.trade_id) == close:
            return
        self.drop(row.trade_id)
        if close is None:
            self._open[row.trade_id] = row
        else:
            self._close(close)

    def drop(self, trade_id: int) -> None:
        """Forgets a trade, if it is known."""
        self._totals = None
        self._open.pop(trade_id, None)
        if close := self._closed.pop(trade_id, None):
            self._closes.remove(close)
            self._realised -= close.profit
            self._wins -= close.profit > 0

    def totals(self) -> Totals:
        if self._totals is None:
            self._totals = self._work_out()
        return self._totals

    def profit_since(self, at: datetime) -> Decimal:
        """Of the trades that closed then or later."""
        total = ZERO
        for close in reversed(self._closes):
            if close.at < at:
                break
            total += close.profit
        return total

    def loss_streak(self, since: datetime | None) -> int:
        """How many of the last trades closed with a loss in a row, of those that closed after `since`."""
        streak = 0
        for close in reversed(self._closes):
            if close.profit >= 0 or (since is not None and close.at <= since):
                break
            streak += 1
        return streak

    def last_close(self, pair: str) -> datetime | None:
        return self._last_closes.get(pair)

    def _close(self, close: Close) -> None:
        self._closed[close.trade_id] = close
        insort(self._closes, close)
        self._last_closes[close.pair] = max(close.at, self._last_closes.get(close.pair, close.at))
        self._realised += close.profit
        self._wins += close.profit > 0

    def _work_out(self) -> Totals:
        held = _by_pair(self._open.values())
        return Totals(
            open_trades=len(self._open),
            closed_trades=len(self._closed),
            open_exposure=sum(held.values(), ZERO),
            realised_profit=self._realised,
            unrealised_profit=sum((row.profit for row in self._open.values()), ZERO),
            wins=self._wins,
            held_by_pair=held,
        )


def _by_pair(rows: Iterable[TradeRow]) -> dict[str, Decimal]:
    held: dict[str, Decimal] = {}
    for row in rows:
        held[row.pair] = held.get(row.pair, ZERO) + row.stake + row.pending
    return held
