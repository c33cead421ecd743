"""All bots together."""

from fastapi import APIRouter

from api.auth import Reader
from api.routes import Deps
from api.routes.bots import Limit
from tools.views import PortfolioView, TradeView

router = APIRouter(prefix="/api", tags=["desk"])


@router.get("/trades")
async def read_trades(_: Reader, services: Deps, open: bool | None = None, limit: Limit = 100) -> list[TradeView]:  # noqa: A002
    """Trades of all bots, the newest first."""
    return services.desk.read_trades(is_open=open, limit=limit)


@router.get("/portfolio")
async def read_portfolio(_: Reader, services: Deps) -> list[PortfolioView]:
    return services.desk.read_portfolio()
