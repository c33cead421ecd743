"""Bots: what there is to see of them, and what is done with the bot itself."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.auth import Reader
from api.routes import Deps
from api.writes import MAY_WAIT, KnownBot, WriteRoute, Writes
from tools.actions import (
    BotChanges,
    ChangeMode,
    CreateBot,
    DeleteBot,
    EditBot,
    PauseBot,
    ResumeBot,
    SetBotLimits,
    StartBot,
    StopBot,
)
from tools.bot import BotSpec, Frozen, Mode
from tools.cards import ReceiptCard
from tools.guard.limits import BotLimitsChange
from tools.views import BotView, TradeView

router = APIRouter(prefix="/api/bots", tags=["bots"], route_class=WriteRoute)

Limit = Annotated[int, Query(ge=1, le=500)]


class LogView(BaseModel):
    lines: list[str]


class NewMode(Frozen):
    mode: Mode


@router.get("")
async def read_bots(_: Reader, services: Deps) -> list[BotView]:
    return services.desk.read_bots()


@router.post("", status_code=201, response_model=ReceiptCard, responses=MAY_WAIT)
async def create_bot(spec: BotSpec, writes: Writes) -> Response:
    return await writes.submit(CreateBot(spec=spec), 201)


@router.get("/{bot_id}")
async def read_bot(bot_id: str, _: Reader, services: Deps) -> BotView:
    return services.desk.read_bot(bot_id)


@router.patch("/{bot_id}", response_model=ReceiptCard, responses=MAY_WAIT)
async def edit_bot(bot_id: KnownBot, changes: BotChanges, writes: Writes) -> Response:
    return await writes.submit(EditBot(bot_id=bot_id, changes=changes))


@router.delete("/{bot_id}", response_model=ReceiptCard, responses=MAY_WAIT)
async def delete_bot(bot_id: KnownBot, writes: Writes) -> Response:
    return await writes.submit(DeleteBot(bot_id=bot_id))


@router.post("/{bot_id}/start", response_model=ReceiptCard, responses=MAY_WAIT)
async def start_bot(bot_id: KnownBot, writes: Writes) -> Response:
    """Starts a bot that is off, and lets a paused one enter again."""
    return await writes.submit(StartBot(bot_id=bot_id))


@router.post("/{bot_id}/resume", response_model=ReceiptCard, responses=MAY_WAIT)
async def resume_bot(bot_id: KnownBot, writes: Writes) -> Response:
    """Lets a paused bot enter again; one that is off stays off."""
    return await writes.submit(ResumeBot(bot_id=bot_id))


@router.post("/{bot_id}/pause", response_model=ReceiptCard, responses=MAY_WAIT)
async def pause_bot(bot_id: KnownBot, writes: Writes) -> Response:
    """No new entries; open trades are still managed."""
    return await writes.submit(PauseBot(bot_id=bot_id))


@router.post("/{bot_id}/stop", response_model=ReceiptCard, responses=MAY_WAIT)
async def stop_bot(bot_id: KnownBot, writes: Writes) -> Response:
    return await writes.submit(StopBot(bot_id=bot_id))


@router.post("/{bot_id}/mode", response_model=ReceiptCard, responses=MAY_WAIT)
async def change_mode(bot_id: KnownBot, body: NewMode, writes: Writes) -> Response:
    """Turns a bot that is off, and holds nothing, from simulated to real money or back."""
    return await writes.submit(ChangeMode(bot_id=bot_id, mode=body.mode))


@router.put("/{bot_id}/limits", response_model=ReceiptCard, responses=MAY_WAIT)
async def set_bot_limits(bot_id: KnownBot, changes: BotLimitsChange, writes: Writes) -> Response:
    """A limit that is not named stays; null leaves it to the limits of all again."""
    return await writes.submit(SetBotLimits(bot_id=bot_id, changes=changes))


@router.get("/{bot_id}/trades")
async def read_bot_trades(bot_id: str, _: Reader, services: Deps, limit: Limit = 100) -> list[TradeView]:
    return services.desk.read_trades(bot_id, limit=limit)


@router.get("/{bot_id}/logs")
async def read_bot_log(bot_id: str, _: Reader, services: Deps, lines: Limit = 100) -> LogView:
    return LogView(lines=services.read_log(services.desk.registry.read(bot_id).id, lines))
