"""Charges each request before it is handled, and refuses what is too much without handling it."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.exchange.clock import Clock, wall_clock
from tools.exchange.weights.meter import Exceeded, Meter, Used
from tools.exchange.weights.refusals import refusal, refuse_socket
from tools.exchange.weights.table import CONTROL, Cost, cost

AccountOf = Callable[[Scope], str]
"""Names the account of a request, for the limits that are an account's."""


def key_or_address(scope: Scope) -> str:
    """The API key that was sent, or the client's address where none was."""
    return Headers(scope=scope).get("x-mbx-apikey") or _address(scope)


class WeightsMiddleware:
    """Pure ASGI. WebSockets are counted when they connect; what they carry is not."""

    def __init__(
        self, app: ASGIApp, *, meter: Meter, clock: Clock = wall_clock, account_of: AccountOf = key_or_address
    ) -> None:
        self._app = app
        self._meter = meter
        self._clock = clock
        self._account_of = account_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Charges, and hands on what may pass."""
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http" and not scope["path"].startswith(CONTROL):
            await self._request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        now_ms = self._clock()
        exceeded = self._meter.connect(_address(scope), now_ms)
        if exceeded is None:
            await self._app(scope, receive, send)
        else:
            await refuse_socket(scope, receive, send, refusal(exceeded, now_ms))

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        now_ms = self._clock()
        price = cost(scope["method"], scope["path"], QueryParams(scope["query_string"]))
        outcome = self._charge(scope, price, now_ms)
        send = partial(self._with_weight, send, price, outcome.weight)
        if isinstance(outcome, Used) and price.orders:
            await self._order(scope, receive, send, price, now_ms)
        elif isinstance(outcome, Used):
            await self._app(scope, receive, send)
        else:
            await refusal(outcome, now_ms)(scope, receive, send)

    def _charge(self, scope: Scope, price: Cost, now_ms: int) -> Used | Exceeded:
        if price.by == "ip":
            return self._meter.charge(_address(scope), price.weight, now_ms)
        by: Literal["ip", "uid"] = "ip" if price.by == "sapi_ip" else "uid"
        who = _address(scope) if by == "ip" else self._account_of(scope)
        return self._meter.charge_sapi(by, f"{who} {scope['method']} {scope['path']}", price.weight, now_ms)

    async def _order(self, scope: Scope, receive: Receive, send: Send, price: Cost, now_ms: int) -> None:
        account = self._account_of(scope)
        exceeded = self._meter.place(account, price.orders, now_ms)
        if exceeded is None:
            await self._app(scope, receive, partial(self._with_orders, send, account, price))
        else:
            await refusal(exceeded, now_ms)(scope, receive, send)

    async def _with_weight(self, send: Send, price: Cost, weight: int, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in self._names(price):
                headers[name] = str(weight)
        await send(message)

    def _names(self, price: Cost) -> tuple[str, ...]:
        match price.by:
            case "ip":
                return "X-MBX-USED-WEIGHT", f"X-MBX-USED-WEIGHT-{self._meter.limits.weight.short}"
            case "sapi_ip":
                return (f"X-SAPI-USED-IP-WEIGHT-{self._meter.limits.sapi_ip.short}",)
            case "sapi_uid":
                return (f"X-SAPI-USED-UID-WEIGHT-{self._meter.limits.sapi_uid.short}",)

    async def _with_orders(self, send: Send, account: str, price: Cost, message: Message) -> None:
        if message["type"] == "http.response.start":
            accepted = message["status"] < 300
            if not accepted and not price.always_counts:
                self._meter.unplace(account, price.orders, self._clock())
            if accepted:
                self._show_orders(account, MutableHeaders(scope=message))
        await send(message)

    def _show_orders(self, account: str, headers: MutableHeaders) -> None:
        counts = self._meter.orders(account, self._clock())
        for limit, count in zip(self._meter.limits.orders, counts, strict=True):
            headers[f"X-MBX-ORDER-COUNT-{limit.short}"] = str(count)


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else "unknown"
