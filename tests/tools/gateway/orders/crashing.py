"""A gateway that dies at a named point of an order; its arguments are data folder, exchange, point and price."""

import asyncio
import os
import sys
from pathlib import Path

from tests.tools.gateway.orders.gate import Gate
from tests.tools.gateway.orders.venue import Venue
from tools.store.database import Store

DIED = 9


async def die(data: Path, url: str, point: str, price: str) -> None:
    """Places one order, and does not live to answer it."""

    def step(name: str) -> None:
        if name == point:
            os._exit(DIED)

    gate = Gate(data, Store(data / "tradehelm.sqlite"), Venue(), url, step=step)
    await gate.open()
    await gate.buy(price=price, newClientOrderId="mine")


if __name__ == "__main__":
    asyncio.run(die(Path(sys.argv[1]), *sys.argv[2:]))
