"""The streams: server-sent events, numbered, taken up again by Last-Event-ID."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from agent.events import DESK
from api.auth import Reader
from api.routes import Deps
from api.routes.conversations import find_conversation
from tools.cards import Card
from tools.guard.actor import Door
from tools.store.events import Event
from tools.views import BotView, GuardView, LimitsView, OrderRefusalView, ProposalView, ReconciliationView, TradeView

router = APIRouter(prefix="/api", tags=["events"])

LastSeen = Annotated[int | None, Header(alias="Last-Event-ID", ge=0, le=2**63 - 1)]
After = Annotated[int | None, Query(ge=0, le=2**63 - 1)]
"""For a viewer that opens its stream anew: browsers send Last-Event-ID only when they reconnect by themselves."""
PING_S = 15


class PersonSaid(BaseModel):
    text: str
    door: Door


class PersonSaidChunk(BaseModel):
    type: Literal["data-user"]
    id: str
    data: PersonSaid


class CardChunk(BaseModel):
    """A card; one with an id that was seen before takes its place."""

    type: Literal["data-card"]
    id: str
    data: Card


class ConversationEvent(BaseModel):
    """The data of each event: a chunk of AI SDK's UI message stream, or one of ours."""

    seq: int
    run_id: str
    at: datetime
    chunk: PersonSaidChunk | CardChunk | dict[str, Any]


class Tick(BaseModel):
    bots: list[BotView]
    trades: list[TradeView]


class DeskEvent(BaseModel):
    """The data of each event under its name; `tick` has no number."""

    bot: BotView
    bot_deleted: dict[str, str]
    trade: TradeView
    limits: LimitsView
    proposal: ProposalView
    guard: GuardView
    order_refused: OrderRefusalView
    reconciliation: ReconciliationView
    tick: Tick


def _describe(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model, "description": "Server-sent events with this as their data, in JSON"}}


@router.get("/conversations/{conversation_id}/events", responses=_describe(ConversationEvent))
async def follow_conversation(
    conversation_id: str, _: Reader, services: Deps, last_seen: LastSeen = None, after: After = None
) -> EventSourceResponse:
    """The whole conversation, or what came after Last-Event-ID or `after`, and then each event as it comes."""
    find_conversation(conversation_id, services)
    events = services.events.follow(conversation_id, last_seen or after or 0)
    return EventSourceResponse(_in_envelopes(events), ping=PING_S)


@router.get("/events", responses=_describe(DeskEvent))
async def follow_desk(
    _: Reader, services: Deps, last_seen: LastSeen = None, after: After = None
) -> EventSourceResponse:
    """What happens to bots, trades, limits and proposals from now on, or after Last-Event-ID or `after`."""
    known = last_seen if last_seen is not None else after
    begin = services.events.read_last_seq(DESK) if known is None else known
    return EventSourceResponse(_by_name(services.events.follow(DESK, begin)), ping=PING_S)


async def _in_envelopes(events: AsyncIterator[Event]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        envelope = {"seq": event.seq, "run_id": event.run_id, "at": event.at.isoformat(), "chunk": event.data}
        yield ServerSentEvent(json.dumps(envelope, ensure_ascii=False), id=str(event.seq))


async def _by_name(events: AsyncIterator[Event]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        number = None if event.seq is None else str(event.seq)
        yield ServerSentEvent(json.dumps(event.data, ensure_ascii=False), event=event.name, id=number)
