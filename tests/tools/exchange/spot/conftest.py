"""Traders with accounts on the exchange in this process, and a desk over a market that a test sets."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.exchange.spot.fakes import Script
from tests.tools.exchange.spot.trader import Trader
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.store import Store


@pytest.fixture
def trader(exchange: Any) -> Trader:
    return Trader(exchange, USDT="100000", BTC="2")


@pytest.fixture
def open_trader(exchange: Any) -> Callable[..., Trader]:
    return lambda **balances: Trader(exchange, **balances)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def desk(script: Script) -> Desk:
    return Desk(None, Store.in_memory(), 0, script)  # type: ignore[arg-type]
