"""Where clients of the market streams come in: raw at `/ws`, combined at `/stream`."""

from starlette.responses import JSONResponse
from starlette.websockets import WebSocket

from tools.exchange.clock import Clock
from tools.exchange.errors import ApiError
from tools.exchange.market import Market
from tools.exchange.streams.connection import Connection
from tools.exchange.streams.control import answer, subscribe
from tools.exchange.streams.conversation import converse
from tools.exchange.streams.errors import AGAINST_THE_RULES, ControlError, bad_time_unit
from tools.exchange.streams.names import WELL_FORMED
from tools.exchange.streams.pace import Pace
from tools.exchange.streams.publisher import Publisher, write

UNITS = {"MILLISECOND": 1, "millisecond": 1, "MICROSECOND": 1_000, "microsecond": 1_000}
"""The spellings of `timeUnit`, and how many of the unit make a millisecond."""


async def serve_raw(websocket: WebSocket) -> None:
    """Streams named in the path, one or several between slashes, or none; events are sent as they are."""
    await _serve(websocket, websocket.path_params.get("names", ""), combined=False)


async def serve_combined(websocket: WebSocket) -> None:
    """Streams named in the parameter `streams`; events are wrapped with the name of their stream."""
    # A plus sign in a query means a space, and names hold none: `@+08:00` is meant.
    await _serve(websocket, websocket.query_params.get("streams", "").replace(" ", "+"), combined=True)


async def _serve(websocket: WebSocket, names: str, *, combined: bool) -> None:
    publisher: Publisher = websocket.app.state.publisher
    try:
        connection = _open(websocket, combined=combined)
    except ApiError as error:
        await websocket.send_denial_response(JSONResponse(error.body(), error.status))
        return
    await websocket.accept()
    _begin(connection, names, websocket.app.state.market)
    with publisher.serving(connection):
        await converse(websocket, connection.outbox, _Listener(websocket, connection).hear)


def _open(websocket: WebSocket, *, combined: bool) -> Connection:
    clock: Clock = websocket.app.state.clock
    per_ms = UNITS.get(websocket.query_params.get("timeUnit", "MILLISECOND"))
    if per_ms is None:
        raise bad_time_unit()
    return Connection(clock(), per_ms, combined)


def _begin(connection: Connection, names: str, market: Market) -> None:
    """Subscribes what the address names; words that cannot be names are passed over: ccxt numbers its connections."""
    wanted = [name for name in names.split("/") if WELL_FORMED.fullmatch(name)]
    try:
        subscribe(wanted, connection, market.symbols)
    except ControlError as error:
        connection.outbox.end(AGAINST_THE_RULES, error.message)


class _Listener:
    """Answers the control messages of one connection, as long as they are not too many."""

    def __init__(self, websocket: WebSocket, connection: Connection) -> None:
        self._market: Market = websocket.app.state.market
        self._clock: Clock = websocket.app.state.clock
        self._connection = connection
        self._pace = Pace()

    def hear(self, text: str) -> None:
        """Answers a message, or ends the connection where it is one too many."""
        outbox = self._connection.outbox
        if self._pace.allows(self._clock()):
            outbox.put(write(answer(text, self._connection, self._market.symbols)))
        else:
            outbox.end(AGAINST_THE_RULES, "Too many requests")
