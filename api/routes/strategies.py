"""Strategies that a bot can run."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from api.auth import Reader
from api.routes import Deps
from api.writes import MAY_WAIT, WriteRoute, Writes
from tools.actions import StoreStrategy
from tools.bot import Frozen
from tools.bots.strategies import view_strategies
from tools.cards import ReceiptCard
from tools.views import StrategyView

router = APIRouter(prefix="/api/strategies", tags=["strategies"], route_class=WriteRoute)


class NewStrategy(Frozen):
    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
    source: Annotated[str, Field(min_length=1, max_length=50_000)]


@router.get("")
async def read_strategies(_: Reader, services: Deps) -> tuple[StrategyView, ...]:
    return view_strategies(services.read_catalogue())


@router.post("", status_code=201, response_model=ReceiptCard, responses=MAY_WAIT)
async def store_strategy(body: NewStrategy, writes: Writes) -> Response:
    """Keeps a strategy's source so that bots can run it: code that will run on this machine."""
    return await writes.submit(StoreStrategy(name=body.name, source=body.source), 201)
