"""Where clients of the WebSocket API come in: `/ws-api/v3`."""

from starlette.datastructures import State
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket

from tools.exchange.errors import ApiError, invalid
from tools.exchange.spot.desk import Desk
from tools.exchange.streams.answers import answer
from tools.exchange.streams.connection import Connection
from tools.exchange.streams.conversation import converse
from tools.exchange.streams.publisher import Publisher, write
from tools.exchange.streams.requests import SHOWS_LIMITS
from tools.exchange.streams.session import Session

SPELLINGS = {"true": True, "false": False}


async def serve_api(websocket: WebSocket) -> None:
    """Requests and their responses, and the events of the accounts that were subscribed to."""
    state = websocket.app.state
    publisher: Publisher = state.publisher
    try:
        session = _open(websocket, state)
    except ApiError as error:
        await websocket.send_denial_response(JSONResponse(error.body(), error.status))
        return
    await websocket.accept()
    outbox = session.connection.outbox
    try:
        with publisher.serving(session.connection):
            await converse(websocket, outbox, lambda text: outbox.put(write(answer(text, session))))
    finally:
        session.close()


def _open(websocket: WebSocket, state: State) -> Session:
    shows_limits = SPELLINGS.get(websocket.query_params.get(SHOWS_LIMITS, "true"))
    if shows_limits is None:
        raise invalid(SHOWS_LIMITS)
    desk: Desk | None = getattr(state, "desk", None)
    address = websocket.client.host if websocket.client else "unknown"
    return Session(state.market, state.clock, Connection(state.clock()), desk, state.meter, address, shows_limits)
