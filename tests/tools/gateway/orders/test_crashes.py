"""The gateway's process ends at each point of an order's way: none is made twice, lost, or left to nobody."""

import asyncio
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.tools.gateway.orders.crashing import DIED
from tests.tools.gateway.orders.gate import ONE, Gate
from tools.gateway.orders.entry import Status

ROOT = Path(__file__).resolve().parents[4]


async def crash(gate: Gate, point: str, price: int) -> None:
    await gate.stop()
    words = [str(gate.data), gate.url, point, str(price)]
    command = [sys.executable, "-m", "tests.tools.gateway.orders.crashing", *words]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=subprocess.DEVNULL)
    assert await process.wait() == DIED
    await gate.open()


@pytest.mark.parametrize(
    ("point", "made", "status"),
    [
        ("recorded", 0, Status.REFUSED),
        ("audited", 0, Status.REFUSED),
        ("sent", 0, Status.REFUSED),
        ("answered", 1, Status.CANCELED),
        ("noted", 1, Status.CANCELED),
    ],
)
async def test_start_when_it_died_over_an_order_that_rests_then_it_is_known_what_became_of_it(
    gate: Gate, point: str, made: int, status: Status
) -> None:
    await crash(gate, point, 90)
    assert len(gate.venue.orders) == made
    if point == "sent":
        assert "order_in_doubt" in (await gate.buy(price=91)).text
        await asyncio.sleep(0.35)
    assert (await gate.buy(price=90, newClientOrderId="mine")).json()["msg"] == "Duplicate order sent."
    await gate.orders.follower.go_round()
    assert gate.orders.ledger.read_all()[0].status is status
    assert gate.venue.open() == []
    assert (await gate.buy(price=91)).status_code == 200
    assert len(gate.venue.orders) == made + 1


@pytest.mark.parametrize("point", ["answered", "noted"])
async def test_start_when_it_died_over_an_order_that_was_filled_then_what_was_bought_is_the_bots(
    gate: Gate, point: str
) -> None:
    await crash(gate, point, 100)
    assert (await gate.buy(price=100)).status_code == 200
    position, _ = gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"]
    assert (position.quantity, position.cost) == (Decimal("1.998"), 200)
    assert "trade_size" in (await gate.buy(price=100, quantity="0.1")).text
    assert (await gate.sell(quantity="1.998")).status_code == 200
