"""The trades that bots made, kept so that they can be read when the bot is off."""

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import col, select

from tools.freqtrade.answers import Trade
from tools.store.database import Store
from tools.store.tables import TradeRow

ZERO = Decimal(0)


@dataclass(frozen=True)
class Totals:
    """What a bot's trades add up to, in the stake currency."""

    open_trades: int = 0
    closed_trades: int = 0
    open_exposure: Decimal = ZERO
    realised_profit: Decimal = ZERO
    unrealised_profit: Decimal = ZERO
    wins: int = 0


class Trades:
    """Mirrors what each Freqtrade tells of its trades."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, bot_id: str, trades: list[Trade]) -> list[TradeRow]:
        """Keeps the newest word on each trade; returns those that opened or closed with it."""
        changed: list[TradeRow] = []
        with self._store.session() as session:
            for trade in trades:
                before = session.get(TradeRow, (bot_id, trade.trade_id))
                turned = before is None or before.is_open != trade.is_open
                row = session.merge(_row(bot_id, trade, before))
                if turned:
                    changed.append(row)
            session.commit()
        return changed

    def read(self, bot_id: str | None = None, *, is_open: bool | None = None, limit: int = 100) -> list[TradeRow]:
        """Trades, the newest first; of all bots where no bot is named."""
        query = select(TradeRow).order_by(col(TradeRow.opened_at).desc(), col(TradeRow.trade_id).desc()).limit(limit)
        if bot_id is not None:
            query = query.where(TradeRow.bot_id == bot_id)
        if is_open is not None:
            query = query.where(TradeRow.is_open == is_open)
        with self._store.session() as session:
            return list(session.exec(query))

    def read_closed_ids(self, bot_id: str) -> set[int]:
        query = select(TradeRow.trade_id).where(TradeRow.bot_id == bot_id, col(TradeRow.is_open).is_(False))
        with self._store.session() as session:
            return set(session.exec(query))

    def read_totals(self) -> dict[str, Totals]:
        """Totals by bot; decimals are added here since SQLite would add floats."""
        totals: dict[str, Totals] = {}
        with self._store.session() as session:
            for row in session.exec(select(TradeRow)):
                totals[row.bot_id] = _add(totals.get(row.bot_id, Totals()), row)
        return totals


def _add(totals: Totals, row: TradeRow) -> Totals:
    return Totals(
        open_trades=totals.open_trades + row.is_open,
        closed_trades=totals.closed_trades + (not row.is_open),
        open_exposure=totals.open_exposure + (row.stake if row.is_open else ZERO),
        realised_profit=totals.realised_profit + (ZERO if row.is_open else row.profit),
        unrealised_profit=totals.unrealised_profit + (row.profit if row.is_open else ZERO),
        wins=totals.wins + (not row.is_open and row.profit > 0),
    )


def _row(bot_id: str, trade: Trade, before: TradeRow | None) -> TradeRow:
    """A trade as told; where no price was told, profit and rate stay as they were last known."""
    profit, percent, rate = trade.profit_abs, (trade.profit_ratio or ZERO) * 100, trade.current_rate
    if profit is None and before is not None:
        profit, percent, rate = before.profit, before.profit_pct, before.current_rate
    return TradeRow(
        bot_id=bot_id,
        trade_id=trade.trade_id,
        pair=trade.pair,
        is_open=trade.is_open,
        amount=trade.amount,
        stake=trade.stake_amount,
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
