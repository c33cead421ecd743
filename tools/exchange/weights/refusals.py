"""What is answered where a limit is passed: 429 or 418, Binance's code and sentence, and `Retry-After`.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/errors.md (-1003, -1015, -1034)
"""

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose

from tools.exchange.clock import SECOND_MS
from tools.exchange.errors import ApiError
from tools.exchange.weights.limits import Limits
from tools.exchange.weights.meter import Exceeded

STREAMS = "Please use WebSocket Streams for live updates to avoid"
CODES = {"orders": -1015, "connections": -1034}


def too_much(exceeded: Exceeded) -> ApiError:
    """-1003, -1015 or -1034, with HTTP 429 or 418."""
    status = 418 if exceeded.rule == "banned" else 429
    return ApiError(CODES.get(exceeded.rule, -1003), _sentence(exceeded), status)


def refusal(exceeded: Exceeded, now_ms: int) -> JSONResponse:
    """The answer to a request that may not pass. `Retry-After` is in seconds, rounded up."""
    error = too_much(exceeded)
    wait_s = -((now_ms - exceeded.until_ms) // SECOND_MS)
    return JSONResponse(error.body(), error.status, {"Retry-After": str(max(wait_s, 1))})


def pretended(status: int, wait_s: int, now_ms: int) -> JSONResponse:
    """The same answer where no limit was passed: 418 as if banned, else 429 as if too much weight had been used."""
    until_ms = now_ms + wait_s * SECOND_MS
    limit = Limits().weight
    return refusal(Exceeded("banned" if status == 418 else "weight", limit, limit.amount, until_ms), now_ms)


async def refuse_socket(scope: Scope, receive: Receive, send: Send, answer: JSONResponse) -> None:
    """Refuses a WebSocket's handshake with this answer, or with 403 where the server cannot."""
    if "websocket.http.response" in scope.get("extensions", {}):
        await WebSocket(scope, receive, send).send_denial_response(answer)
    else:
        await WebSocketClose()(scope, receive, send)


def _sentence(exceeded: Exceeded) -> str:
    allowed, interval = exceeded.limit.amount, exceeded.limit.long
    match exceeded.rule:
        case "banned":
            return f"Way too much request weight used; IP banned until {exceeded.until_ms}. {STREAMS} bans."
        case "orders":
            return f"Too many new orders; current limit is {allowed} orders per {interval}."
        case "connections":
            return f"Too many connection attempts from IP; current limit is {allowed} per '{interval}'."
        case "raw_requests":
            return f"Too many requests; current limit is {allowed} requests per {interval}."
        case _:
            spent = f"Too much request weight used; current limit is {allowed} request weight per {interval}."
            return f"{spent} {STREAMS} polling the API."
