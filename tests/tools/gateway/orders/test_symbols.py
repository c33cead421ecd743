"""The list of symbols: read seldom, and kept where it cannot be read."""

from decimal import Decimal
from typing import Any

import pytest

from tools.gateway.orders.market import Symbol
from tools.gateway.orders.symbols import Listing

INFO: dict[str, Any] = {
    "symbols": [
        {
            "symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", "quoteAsset": "USDT",
            "filters": [
                {"filterType": "PRICE_FILTER", "tickSize": "0.01000000"},
                {"filterType": "NOTIONAL", "minNotional": "5.00000000"},
            ],
        },
        {"symbol": "OLDUSDT", "status": "BREAK", "baseAsset": "OLD", "quoteAsset": "USDT", "filters": []},
    ]
}  # fmt: skip


async def test_find_when_listed_then_it_is_read_once_and_kept_where_reading_fails() -> None:
    reads, moment = [0], [0.0]

    async def read() -> dict[str, Any]:
        reads[0] += 1
        if reads[0] > 2:
            raise OSError
        return INFO

    listing = Listing(read, lambda: moment[0])
    assert await listing.find("BTCUSDT") == Symbol("BTCUSDT", "BTC/USDT", Decimal("0.01"), Decimal(5))
    assert await listing.find("OLDUSDT") is None
    assert reads[0] == 1
    moment[0] = 31
    assert await listing.find("NEWUSDT") is None
    assert reads[0] == 2
    moment[0] = 1000
    assert await listing.find("BTCUSDT") is not None
    assert reads[0] == 3


async def test_find_when_nothing_was_ever_read_then_it_raises() -> None:
    async def read() -> dict[str, Any]:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await Listing(read).find("BTCUSDT")


def test_on_tick_when_between_two_then_it_is_the_lower() -> None:
    assert Symbol("X", "X/Y", Decimal("0.05"), Decimal(1)).on_tick(Decimal("1.09")) == Decimal("1.05")
