"""Orders, fills, faults of every kind and restarts in any order: what the ledger says is what the exchange did."""

import asyncio
import os
import random
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.tools.gateway.orders.gate import LIMITS, ONE, OTHER, Gate, spec
from tests.tools.gateway.orders.venue import Made
from tools.gateway.orders.entry import LIVE, bot_of
from tools.gateway.orders.facts import read_free

ORDER, TRADES = "/api/v3/order", "/api/v3/myTrades"
SEEDS = range(int(os.environ.get("SIEGE_SEEDS", "4")))
STEPS = int(os.environ.get("SIEGE_STEPS", "60"))
OWNERS_BTC = Decimal(50)
FAULTS = [f"{when}_{how}" for when in ("before", "after") for how in ("reset", "500", "503", "garbage", "silence")]


class Siege:
    def __init__(self, gate: Gate, seed: int) -> None:
        self.gate = gate
        self.dice = random.Random(seed)
        self.answered: set[int] = set()
        """Orders that their bot knows of, by the exchange's number."""
        self.taken_back: set[int] = set()

    async def step(self) -> None:
        dice, bot = self.dice, self.dice.choice((ONE, OTHER))
        quantity = f"{dice.uniform(0.06, 1.6):.2f}"
        match dice.randrange(9):
            case 0 | 1 | 2:
                self.hear(await self.gate.buy(bot, quantity, dice.choice((90, 99, 100, 104))))
            case 3 | 4:
                self.hear(await self.gate.sell(bot, quantity, dice.choice((80, 100, 120))))
            case 5:
                self.fill()
            case 6:
                await self.cancel(bot)
            case 7:
                method, path = dice.choice((("POST", ORDER), ("GET", ORDER), ("DELETE", ORDER), ("GET", TRADES)))
                self.gate.venue.fault(method, path, dice.choice(FAULTS))
            case 8:
                await self.gate.orders.follower.go_round()

    def hear(self, answer: httpx.Response) -> None:
        if answer.status_code == 200:
            self.answered.add(answer.json()["orderId"])

    def fill(self) -> None:
        if orders := self.gate.venue.open():
            order = self.dice.choice(orders)
            part = ((order.quantity - order.executed) * Decimal(self.dice.choice(("0.5", "1")))).quantize(
                Decimal("0.01")
            )
            if part:
                self.gate.venue.fill(order, part)

    async def cancel(self, bot: str) -> None:
        mine = [order for order in self.gate.venue.open() if bot_of(order.client_id) == bot]
        if mine:
            named: dict[str, Any] = {"symbol": "BTCUSDT", "orderId": self.dice.choice(mine).number}
            self.taken_back.add(named["orderId"])
            await self.gate.send(bot, "DELETE", ORDER, named)

    def of(self, bot: str) -> list[Made]:
        return [order for order in self.gate.venue.orders.values() if bot_of(order.client_id) == bot]

    def held(self, bot: str) -> Decimal:
        """What the exchange itself says that a bot bought and has not sold, less its fees."""
        held = Decimal(0)
        for order in self.of(bot):
            fees = (Decimal(one["commission"]) for one in order.fills if one["commissionAsset"] == "BTC")
            held += (order.executed if order.side == "BUY" else -order.executed) - sum(fees)
        return held

    def check(self) -> None:
        """At every moment, by what the exchange did and whatever the ledger knows of it."""
        ids = [order.client_id for order in self.gate.venue.orders.values()]
        assert len(ids) == len(set(ids))
        assert self.gate.venue.balances["BTC"] >= OWNERS_BTC
        for number in self.answered - self.taken_back:
            assert self.gate.venue.orders[number].status != "CANCELED"
        for bot in (ONE, OTHER):
            offered = sum(order.quantity - order.executed for order in self.of(bot) if self.sells(order))
            assert self.held(bot) >= offered
            at_risk = sum((order.quantity - order.executed) * order.price for order in self.of(bot) if self.buys(order))
            assert at_risk + self.held(bot) * 80 <= LIMITS.max_trade * Decimal("1.05")

    def sells(self, order: Made) -> bool:
        return order.side == "SELL" and order in self.gate.venue.open()

    def buys(self, order: Made) -> bool:
        return order.side == "BUY" and order in self.gate.venue.open()

    async def end(self) -> None:
        self.gate.venue.faults.clear()
        await asyncio.sleep(0.35)
        for _ in range(3):
            await self.gate.orders.follower.go_round()
        live = {entry.id for entry in self.gate.orders.ledger.read_all() if entry.status in LIVE}
        assert live == {order.client_id for order in self.gate.venue.open()}
        for bot in (ONE, OTHER):
            assert sum(read_free(self.gate.orders.ledger, bot, "BTC/USDT")) == self.held(bot)


@pytest.mark.parametrize("seed", SEEDS)
async def test_trade_when_everything_fails_in_turn_then_the_ledger_and_the_exchange_agree(
    gate: Gate, seed: int
) -> None:
    wide = LIMITS.model_copy(update={"max_loss_streak": 1000, "max_daily_loss": Decimal(100_000)})
    gate.write_limits(wide)
    for bot in (ONE, OTHER):
        gate.confirm(bot, spec(name=bot), wide)
    siege = Siege(gate, seed)
    for _ in range(STEPS):
        await asyncio.gather(*(siege.step() for _ in range(siege.dice.choice((1, 1, 4)))))
        if siege.dice.random() < 0.04:
            await gate.restart()
        siege.check()
    await siege.end()
    assert len(gate.venue.orders) > STEPS // 10
