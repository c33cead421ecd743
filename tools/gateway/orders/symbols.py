"""What the exchange lists, as an order needs it; read from exchangeInfo by whoever can."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

from tools.gateway.orders.market import Symbol

TTL_S, AGAIN_S = 600.0, 30.0
"""How long the list is kept, and how soon it is read again for a symbol that is not in it."""
NOTIONAL = ("NOTIONAL", "MIN_NOTIONAL")


class Listing:
    """Keeps the list; what cannot be read now is what was read before."""

    def __init__(
        self, read: Callable[[], Awaitable[Mapping[str, Any]]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._clock = clock
        self._known: dict[str, Symbol] = {}
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, name: str) -> Symbol | None:
        """Raises what `read` does, where nothing was ever read."""
        async with self._lock:
            if self._clock() - self._read_at > (TTL_S if name in self._known else AGAIN_S):
                await self._refresh()
        return self._known.get(name)

    async def _refresh(self) -> None:
        try:
            content = await self._read()
            self._known = {one["symbol"]: read_listed(one) for one in content["symbols"] if one["status"] == "TRADING"}
        except Exception:
            if not self._known:
                raise
        self._read_at = self._clock()


def read_listed(content: Mapping[str, Any]) -> Symbol:
    """One symbol of exchangeInfo."""
    filters = {one["filterType"]: one for one in content["filters"]}
    smallest = [Decimal(filters[name]["minNotional"]) for name in NOTIONAL if name in filters]
    return Symbol(
        name=content["symbol"],
        pair=f"{content['baseAsset']}/{content['quoteAsset']}",
        tick=Decimal(filters["PRICE_FILTER"]["tickSize"]).normalize(),
        min_notional=max(smallest, default=Decimal(0)),
    )
