"""The streams: server-sent events, numbered, taken up again by Last-Event-ID."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from sse_starlette import EventSourceResponse, ServerSentEvent

from agent.events import DESK
from api.auth import Reader
from api.routes import Deps
from api.routes.conversations import find_conversation
from tools.store.events import Event

router = APIRouter(prefix="/api", tags=["events"])

LastSeen = Annotated[int | None, Header(alias="Last-Event-ID", ge=0)]
PING_S = 15


@router.get("/conversations/{conversation_id}/events")
async def follow_conversation(
    conversation_id: str, _: Reader, services: Deps, last_seen: LastSeen = None
) -> EventSourceResponse:
    """The whole conversation from its first event, or from the one after Last-Event-ID, and then each as it comes."""
    find_conversation(conversation_id, services)
    events = services.events.follow(conversation_id, last_seen or 0)
    return EventSourceResponse(_in_envelopes(events), ping=PING_S)


@router.get("/events")
async def follow_desk(_: Reader, services: Deps, last_seen: LastSeen = None) -> EventSourceResponse:
    """What happens to bots, trades and limits from now on, or from the event after Last-Event-ID."""
    after = services.events.read_last_seq(DESK) if last_seen is None else last_seen
    return EventSourceResponse(_by_name(services.events.follow(DESK, after)), ping=PING_S)


async def _in_envelopes(events: AsyncIterator[Event]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        envelope = {"seq": event.seq, "run_id": event.run_id, "at": event.at.isoformat(), "chunk": event.data}
        yield ServerSentEvent(json.dumps(envelope, ensure_ascii=False), id=str(event.seq))


async def _by_name(events: AsyncIterator[Event]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        number = None if event.seq is None else str(event.seq)
        yield ServerSentEvent(json.dumps(event.data, ensure_ascii=False), event=event.name, id=number)
