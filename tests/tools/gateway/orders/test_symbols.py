"""Symbols from the list that market data is answered from."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tools.gateway.orders.market import Symbol
from tools.gateway.orders.symbols import Listed

SYMBOLS: dict[str, dict[str, Any]] = {
    "BTCUSDT": {
        "symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", "quoteAsset": "USDT",
        "filters": [
            {"filterType": "PRICE_FILTER", "tickSize": "0.01000000"},
            {"filterType": "NOTIONAL", "minNotional": "5.00000000"},
        ],
    },
    "OLDUSDT": {"symbol": "OLDUSDT", "status": "BREAK", "baseAsset": "OLD", "quoteAsset": "USDT",
        "filters": [{"filterType": "PRICE_FILTER", "tickSize": "0.01000000"}],
    },
}  # fmt: skip


async def test_find_when_asked_then_what_is_listed_is_found_and_whether_it_is_traded() -> None:
    async def find(name: str) -> str | None:
        return json.dumps(SYMBOLS[name]) if name in SYMBOLS else None

    listed = Listed(find)
    assert await listed.find("BTCUSDT") == Symbol("BTCUSDT", "BTC/USDT", Decimal("0.01"), Decimal(5))
    assert await listed.find("OLDUSDT") == Symbol("OLDUSDT", "OLD/USDT", Decimal("0.01"), Decimal(0), is_traded=False)
    assert await listed.find("NEWUSDT") is None


async def test_find_when_the_list_cannot_be_had_then_it_raises() -> None:
    async def find(name: str) -> str | None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await Listed(find).find("BTCUSDT")


def test_on_tick_when_between_two_then_it_is_the_lower() -> None:
    assert Symbol("X", "X/Y", Decimal("0.05"), Decimal(1)).on_tick(Decimal("1.09")) == Decimal("1.05")
