"""The market."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import Reader
from api.routes import Deps
from tools.bot import Pair, Timeframe
from tools.views import AnalysisView, CandleView

router = APIRouter(prefix="/api/market", tags=["market"])


@router.get("/analysis")
async def read_analysis(_: Reader, services: Deps, pair: Pair, timeframe: Timeframe = "5m") -> AnalysisView:
    return await services.analyst.analyse(pair, timeframe)


@router.get("/candles")
async def read_candles(
    _: Reader,
    services: Deps,
    pair: Pair,
    timeframe: Timeframe = "5m",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[CandleView]:
    """The newest candles, oldest first; the last one is still forming."""
    return await services.source.read_candles(pair, timeframe, limit)


@router.get("/pairs")
async def read_pairs(_: Reader, services: Deps) -> list[str]:
    return sorted(await services.source.read_rules())
