"""What the exchange lists, as an order needs it: from the list that market data is answered from."""

import json
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

from tools.gateway.orders.market import Symbol

NOTIONAL = ("NOTIONAL", "MIN_NOTIONAL")


class Listed:
    """Reads one symbol where it is asked for; `find` gives its text, or None where it is not listed."""

    def __init__(self, find: Callable[[str], Awaitable[str | None]]) -> None:
        self._find = find

    async def find(self, name: str) -> Symbol | None:
        """None for a symbol that is not listed; raises what the list does where it cannot be had."""
        text = await self._find(name)
        return read_listed(json.loads(text)) if text else None


def read_listed(content: Mapping[str, Any]) -> Symbol:
    """One symbol of exchangeInfo."""
    filters = {one["filterType"]: one for one in content["filters"]}
    smallest = [Decimal(filters[name]["minNotional"]) for name in NOTIONAL if name in filters]
    return Symbol(
        name=content["symbol"],
        pair=f"{content['baseAsset']}/{content['quoteAsset']}",
        tick=Decimal(filters["PRICE_FILTER"]["tickSize"]).normalize(),
        min_notional=max(smallest, default=Decimal(0)),
        is_traded=content.get("status") == "TRADING",
    )
