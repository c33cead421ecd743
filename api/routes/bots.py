"""Bots."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.auth import Operator, Reader
from api.errors import answer_outcome
from api.routes import Deps
from tools.actions import Action, BotChanges, CreateBot, DeleteBot, EditBot, PauseBot, StartBot, StopBot
from tools.bot import BotSpec
from tools.bots.strategies import view_strategies
from tools.cards import ReceiptCard
from tools.views import BotView, StrategyView, TradeView

router = APIRouter(prefix="/api", tags=["bots"])

Limit = Annotated[int, Query(ge=1, le=500)]


class LogView(BaseModel):
    lines: list[str]


@router.get("/bots")
async def read_bots(_: Reader, services: Deps) -> list[BotView]:
    return services.desk.read_bots()


@router.post("/bots", status_code=201, response_model=ReceiptCard)
async def create_bot(spec: BotSpec, caller: Operator, services: Deps, request: Request) -> Response:
    outcome = await services.gate.submit(CreateBot(spec=spec), caller.actor())
    return answer_outcome(request, outcome, 201)


@router.get("/bots/{bot_id}")
async def read_bot(bot_id: str, _: Reader, services: Deps) -> BotView:
    return services.desk.read_bot(bot_id)


@router.patch("/bots/{bot_id}", response_model=ReceiptCard)
async def edit_bot(bot_id: str, changes: BotChanges, caller: Operator, services: Deps, request: Request) -> Response:
    return await _submit(EditBot(bot_id=_known(bot_id, services), changes=changes), caller, services, request)


@router.delete("/bots/{bot_id}", response_model=ReceiptCard)
async def delete_bot(bot_id: str, caller: Operator, services: Deps, request: Request) -> Response:
    return await _submit(DeleteBot(bot_id=_known(bot_id, services)), caller, services, request)


@router.post("/bots/{bot_id}/start", response_model=ReceiptCard)
async def start_bot(bot_id: str, caller: Operator, services: Deps, request: Request) -> Response:
    return await _submit(StartBot(bot_id=_known(bot_id, services)), caller, services, request)


@router.post("/bots/{bot_id}/pause", response_model=ReceiptCard)
async def pause_bot(bot_id: str, caller: Operator, services: Deps, request: Request) -> Response:
    return await _submit(PauseBot(bot_id=_known(bot_id, services)), caller, services, request)


@router.post("/bots/{bot_id}/stop", response_model=ReceiptCard)
async def stop_bot(bot_id: str, caller: Operator, services: Deps, request: Request) -> Response:
    return await _submit(StopBot(bot_id=_known(bot_id, services)), caller, services, request)


@router.get("/bots/{bot_id}/trades")
async def read_bot_trades(bot_id: str, _: Reader, services: Deps, limit: Limit = 100) -> list[TradeView]:
    return services.desk.read_trades(bot_id, limit=limit)


@router.get("/bots/{bot_id}/logs")
async def read_bot_log(bot_id: str, _: Reader, services: Deps, lines: Limit = 100) -> LogView:
    return LogView(lines=services.host.read_log(_known(bot_id, services), lines))


@router.get("/strategies")
async def read_strategies(_: Reader, services: Deps) -> tuple[StrategyView, ...]:
    return view_strategies(services.read_catalogue())


def _known(bot_id: str, services: Deps) -> str:
    """Raises `Problem("unknown_bot")`, before the id becomes part of an action."""
    return services.desk.registry.read(bot_id).id


async def _submit(action: Action, caller: Operator, services: Deps, request: Request) -> Response:
    return answer_outcome(request, await services.gate.submit(action, caller.actor()))
