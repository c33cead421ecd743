"""The analysis of a pair: worked out once a closed candle, and kept."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args

from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from tools.bot import Timeframe
from tools.errors import Problem
from tools.market.indicators import compute_indicators
from tools.market.source import MarketSource
from tools.store.database import Store
from tools.store.tables import AnalysisRow
from tools.views import AnalysisView, CandleView

CANDLES = 400
SHOWN = 60


class Analyst:
    """Analyses pairs on one venue."""

    def __init__(self, source: MarketSource, store: Store) -> None:
        self._source = source
        self._store = store

    async def analyse(self, pair: str, timeframe: str) -> AnalysisView:
        """Price and day now; indicators as of the last closed candle.

        Raises `Problem`: `unknown_pair`, `unknown_timeframe`, `no_candles`, `venue_unreachable`.
        """
        known = get_args(Timeframe)
        if timeframe not in known:
            raise Problem("unknown_timeframe", 422, timeframe=timeframe, known=", ".join(known))
        candles = await self._source.read_candles(pair, timeframe, CANDLES)
        closed = candles[:-1]
        if not closed:
            raise Problem("no_candles", 422, pair=pair, timeframe=timeframe)
        kept = self._recall(pair, timeframe, closed[-1].at)
        if kept is None:
            kept = await self._work_out(pair, timeframe, closed)
            self._remember(kept)
        return await self._with_the_day(kept)

    async def _work_out(self, pair: str, timeframe: str, closed: list[CandleView]) -> AnalysisView:
        found = await asyncio.to_thread(compute_indicators, closed)
        price = closed[-1].close
        return AnalysisView(
            venue=self._source.venue.name,
            synthetic=await self._source.is_synthetic(),
            pair=pair,
            timeframe=timeframe,
            price=price,
            change_24h_pct=Decimal(0),
            high_24h=price,
            low_24h=price,
            volume_24h=Decimal(0),
            rsi_14=found.rsi_14,
            ema_20=found.ema_20,
            ema_50=found.ema_50,
            ema_200=found.ema_200,
            atr_14_pct=round(found.atr_14 / price * 100, 3) if found.atr_14 is not None else None,
            trend=found.trend(price),
            candle_at=closed[-1].at,
            candles=tuple(closed[-SHOWN:]),
        )

    async def _with_the_day(self, analysis: AnalysisView) -> AnalysisView:
        day = await self._source.read_ticker(analysis.pair)
        return analysis.model_copy(
            update={
                "price": day.price,
                "change_24h_pct": day.change_pct,
                "high_24h": day.high,
                "low_24h": day.low,
                "volume_24h": round(day.volume, 2),
            }
        )

    def _recall(self, pair: str, timeframe: str, candle_at: datetime) -> AnalysisView | None:
        with self._store.session() as session:
            row = session.exec(self._row(pair, timeframe)).first()
        fresh = row is not None and row.candle_at == candle_at.astimezone(UTC)
        return AnalysisView.model_validate(row.content) if row is not None and fresh else None

    def _remember(self, analysis: AnalysisView) -> None:
        with self._store.session() as session:
            row = session.exec(self._row(analysis.pair, analysis.timeframe)).first() or AnalysisRow(
                venue=analysis.venue,
                pair=analysis.pair,
                timeframe=analysis.timeframe,
                candle_at=analysis.candle_at,
                content={},
            )
            row.candle_at = analysis.candle_at
            row.content = analysis.model_dump(mode="json")
            session.add(row)
            session.commit()

    def _row(self, pair: str, timeframe: str) -> SelectOfScalar[AnalysisRow]:
        return select(AnalysisRow).where(
            AnalysisRow.venue == self._source.venue.name, AnalysisRow.pair == pair, AnalysisRow.timeframe == timeframe
        )
