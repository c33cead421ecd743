"""A stop-loss order that rests at the exchange is filled there, and all three who keep books tell the same of it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.tools.freqtrade.bots import AVenue, Office, until
from tests.tools.gateway.live_world import World, gateway_at, process, write_bot, write_limits
from tests.tools.gateway.processes import free_port
from tools.bot import BotSpec
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import Client
from tools.freqtrade.host import Host
from tools.freqtrade.link import Link
from tools.freqtrade.permit_door import PermitDoor
from tools.store.database import Store

pytestmark = pytest.mark.integration

BOT = "0123456789ab"
PATIENT = Path(__file__).parent / "live" / "Patient.py"
SPEC = BotSpec.model_validate(
    {
        "name": "One", "mode": "REAL_MARKET_SPOT", "pairs": ["BTC/USDT"], "strategy": "Patient", "stake": "2000",
        "max_open_trades": 2, "stoploss_pct": "2",
    }
)  # fmt: skip
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
CALM_MIN, FALL_MIN, LOW_MIN = 240, 10, 240
HIGH, LOW = 100.0, 96.0
"""Minutes that stand still, minutes in which the price falls below the stop and not below its limit, and a rest."""
FEE = Decimal("0.001")


def write_market(folder: Path) -> Path:
    """A pair whose price is calm, falls, and is calm again."""
    folder.mkdir()
    step = (HIGH - LOW) / FALL_MIN
    closes = [HIGH] * CALM_MIN + [HIGH - step * (minute + 1) for minute in range(FALL_MIN)] + [LOW] * LOW_MIN
    lines = ["date,open,high,low,close,volume"]
    opened = HIGH
    for minute, closed in enumerate(closes):
        high, low = max(opened, closed) + 0.01, min(opened, closed) - 0.01
        at = (FIRST + timedelta(minutes=minute)).isoformat()
        lines += [f"{at},{opened:.2f},{high:.2f},{low:.2f},{closed:.2f},5000.00001"]
        opened = closed
    (folder / "BTC_USDT-1m.csv").write_text("\n".join(lines) + "\n")
    return folder


@dataclass
class Market:
    """The exchange, started at a minute of its data; the accounts outlast it."""

    data: Path
    candles: Path
    port: int
    running: ExitStack

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def show(self, minute: int) -> None:
        """Ends it and has it back at another moment."""
        self.running.close()
        at = (FIRST + timedelta(minutes=minute)).isoformat()
        words = ("--state", str(self.data / "exchange"), "--source", "replay", "--data", str(self.candles), "--at", at)
        log = self.data / "exchange.log"
        self.running.enter_context(process("tools.exchange", log, *words, port=self.port, ready="/api/v3/ping"))


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    with ExitStack() as running:
        opened = Market(data, write_market(tmp_path / "candles"), free_port(), running)
        opened.show(CALM_MIN - 120)
        yield opened


@pytest.fixture
def world(market: Market) -> Iterator[World]:
    with closing(Store(market.data / "tradehelm.sqlite")) as store:
        store.migrate()
        write_limits(store)
        write_bot(store, BOT, SPEC, PATIENT)
        with gateway_at(market.data, market.url) as opened:
            yield opened


@pytest.fixture
async def client(world: World, tmp_path: Path) -> AsyncIterator[Client]:
    """Of a bot that runs."""
    forkserver = tmp_path / "forkserver"
    host = Host(world.data, forkserver_folder=forkserver, start_timeout_s=120, stop_timeout_s=20)
    door = PermitDoor(world.data, Office())
    await door.open()
    await host.open()
    try:
        await host.wait_until_warm(120)
        await until(world.takes_orders)
        await host.start(BOT, SPEC, venue=AVenue("demo", world.gateway), strategy_path=PATIENT)
        found = host.client(BOT)
        assert found is not None
        yield found
    finally:
        await host.stop(BOT)
        await host.close()
        await door.close()
        await Link(forkserver).end(20)


def read_stops(world: World) -> list[dict[str, Any]]:
    """Of the pair alone: those of all pairs weigh more than a test may ask for in a minute."""
    return [one for one in world.ask("/api/v3/openOrders", symbol="BTCUSDT") if one["type"] == "STOP_LOSS_LIMIT"]


def read_ledger(world: World) -> tuple[list[tuple[str, str]], Decimal, Decimal, Decimal]:
    """By the gateway: each order with its status, what the sales won, and what is left at which cost and quantity."""
    with closing(sqlite3.connect(world.data / "gateway" / "demo.sqlite")) as ledger:
        orders = ledger.execute("SELECT type, status FROM orders ORDER BY created_ms").fetchall()
        won = sum((Decimal(profit) for (profit,) in ledger.execute("SELECT profit FROM sales")), Decimal(0))
        ((cost, quantity),) = ledger.execute("SELECT cost, quantity FROM released")
    return orders, won, Decimal(cost), Decimal(quantity)


async def read_closed(client: Client) -> Trade | None:
    return next((trade for trade in await client.trades() if not trade.is_open), None)


async def test_stop_when_the_price_falls_through_it_then_it_is_filled_at_the_exchange_and_all_books_agree(
    market: Market, world: World, client: Client
) -> None:
    before = world.read_balance("USDT")
    await client.force_entry("BTC/USDT")
    await until(lambda: bool(read_stops(world)), within_s=60)
    (trade,) = await client.status()
    (stop,) = read_stops(world)
    assert 0.979 < Decimal(stop["stopPrice"]) / trade.open_rate < 0.981

    await asyncio.to_thread(market.show, CALM_MIN + FALL_MIN // 2)

    async def is_closed() -> bool:
        return await read_closed(client) is not None

    await until(is_closed, within_s=60)
    closed = await read_closed(client)
    assert closed is not None
    assert closed.exit_reason == "stoploss_on_exchange"
    filled = world.ask("/api/v3/order", symbol="BTCUSDT", orderId=str(stop["orderId"]))
    assert (filled["status"], filled["executedQty"]) == ("FILLED", filled["origQty"])
    assert world.ask("/api/v3/openOrders") == []

    orders, won, left_cost, left = read_ledger(world)
    assert orders == [("LIMIT", "filled"), ("STOP_LOSS_LIMIT", "filled")]
    earned, dust = world.read_balance("USDT") - before, world.read_balance("BTC")
    assert (earned, dust) == (round(won - left_cost, 8), left)
    # Freqtrade does not count the fee on the coins that paid the entry's fee.
    blind = closed.amount * closed.open_rate * FEE**2 / (1 - FEE)
    assert closed.profit_abs is not None
    assert abs(closed.profit_abs - blind - won) < Decimal("0.01")
