"""Ways to the exchange that know how much what is asked there matters."""

from collections.abc import Mapping

from tools.gateway.budget import Priority
from tools.gateway.orders.paths import address_weight
from tools.gateway.orders.upstream import Answer, Exchange, Refused
from tools.gateway.orders.window import Window


class Lane:
    """All that goes through it has one priority."""

    def __init__(self, exchange: Exchange, priority: Priority) -> None:
        self._exchange = exchange
        self._priority = priority

    async def signed(
        self, method: str, path: str, params: Mapping[str, str], priority: Priority | None = None
    ) -> Answer:
        return await self._exchange.signed(method, path, params, self._priority if priority is None else priority)


class Sparing:
    """Refuses by itself what goes beyond a window of weight."""

    def __init__(self, exchange: Exchange, window: Window) -> None:
        self._exchange = exchange
        self._window = window

    async def signed(
        self, method: str, path: str, params: Mapping[str, str], priority: Priority | None = None
    ) -> Answer:
        weight = address_weight(method, path, params)
        if wait_ms := self._window.wait_ms(weight):
            raise Refused(-1003, "Too many requests.", 429, -(-wait_ms // 1000))
        self._window.spend(weight)
        return await self._exchange.signed(method, path, params, priority)
