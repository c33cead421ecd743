"""The drip: thousands of small orders, each allowed by itself, from several bots at once."""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.proofs.freqtrade import BotProcess, Flight
from tests.proofs.siege import Arena
from tests.proofs.tally import TALLY, Tally
from tests.proofs.world import World
from tools.bot import BotSpec, State
from tools.freqtrade.permit_client import PermitClient, Refused, Wanted
from tools.freqtrade.permit_door import PermitDoor
from tools.freqtrade.permit_protocol import PASS_FILE, Pass
from tools.freqtrade.records import write_private
from tools.guard.limits import Limits
from tools.guard.order import Order
from tools.guard.permits import Permit

pytestmark = pytest.mark.proof

BOTS, ORDERS, AT_THE_DOOR = 6, 6000, 1500
PAIRS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
NEAR = Decimal("0.7")
"""What nobody has reported on is held to be there, so that a limit is never quite reached."""
LIMITS = Limits.model_validate(
    {
        "max_trade": "40", "max_bot_exposure": "60", "max_total_exposure": "240", "max_entries_per_minute": 100_000,
        "max_entries_per_hour": 100_000, "max_drawdown": "100000", "max_daily_loss": "100000", "max_loss_streak": 1000,
    }
)  # fmt: skip
"""All bots' slots filled, 360 USDT, are more than all bots may hold."""


@pytest.fixture
def world(arena: Arena) -> Iterator[World]:
    made = World(arena.base, arena.empty, Tally())
    made.api.book.write(LIMITS)
    for number in range(BOTS):
        spec = BotSpec(name=f"bot {number}", pairs=PAIRS, stake=Decimal(30), max_open_trades=3)
        bot = made.add_bot(spec)
        made.api.registry.write_state(bot.id, State.RUNNING)
        made.processes[bot.id].is_up = True
    made.watch()
    yield made
    made.close()


class Highest:
    """The most that was ever truly held: by a trade, by a bot, by all."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.trade = self.bot = self.total = Decimal(0)

    def look(self) -> None:
        by_pair = [process.held_by_pair() for process in self._world.processes.values()]
        bots = [sum(held.values(), Decimal(0)) for held in by_pair]
        self.trade = max(self.trade, *(stake for held in by_pair for stake in held.values()), Decimal(0))
        self.bot, self.total = max(self.bot, *bots), max(self.total, sum(bots, Decimal(0)))

    def check(self, what: str) -> None:
        """Within every limit, and so near to each that it was put to the test."""
        assert self.trade <= 40
        assert self.bot <= 60
        assert self.total <= 240
        assert min(self.trade / 40, self.bot / 60, self.total / 240) > NEAR, vars(self)
        TALLY.notes.append(
            f"{what}: at most {self.trade:.2f} of 40 in a trade, {self.bot:.2f} of 60 in a bot, "
            f"{self.total:.2f} of 240 in all"
        )


def some_order(bot_id: str, chance: random.Random) -> Order:
    kind = chance.choice(("limit", "market"))
    amount = Decimal(chance.randint(1, 6000)) / 100_000
    return Order.model_validate(
        {"bot_id": bot_id, "pair": chance.choice(PAIRS), "side": "buy", "type": kind, "amount": amount, "rate": 100}
    )


def go_on(process: BotProcess, chance: random.Random) -> None:
    """What happens in a bot and at the exchange while nobody looks."""
    for deal in process.open_deals():
        match chance.randrange(50):
            case 0:
                process.close(deal, Decimal(chance.choice(("-0.01", "0.01"))))
            case 1:
                process.cancel(deal)
            case number if number < 20:
                process.fill(deal, Decimal(chance.choice(("0.3", "1"))))
    if chance.random() < 0.3:
        process.end_round()


def land(world: World, process: BotProcess, flight: Flight, chance: random.Random, tell: bool = True) -> None:
    """What becomes of an order that was let in; of one in three nothing is reported."""
    told = tell and chance.random() < 0.67
    if chance.random() < 0.2:
        process.flights.remove(flight)
        if told:
            world.api.permits.failed(process.id, flight.permit)
        return
    process.place(flight)
    if told:
        world.api.permits.placed(process.id, flight.permit, flight.order_id)
    if chance.random() < 0.7:
        process.commit(flight)


async def drip(world: World, process: BotProcess, orders: int, chance: random.Random, highest: Highest) -> None:
    for _ in range(orders):
        flight = await world.ask(some_order(process.id, chance))
        highest.look()
        if flight is not None:
            await asyncio.sleep(0)
            if flight in process.flights:
                land(world, process, flight, chance)
        go_on(process, chance)
        if chance.random() < 0.05:
            bot = world.api.registry.read(process.id)
            await world.api.mirror.ask(bot, process)  # type: ignore[arg-type]
            world.clock.pass_by(chance.choice((2, 5, 20)))


def test_drip_when_bots_ask_at_once_then_no_limit_is_passed(world: World) -> None:
    chance, highest = random.Random(7), Highest(world)
    bots = [
        drip(world, process, ORDERS // BOTS, random.Random(number), highest)
        for number, process in enumerate(world.processes.values())
    ]

    async def all_of_them() -> None:
        await asyncio.gather(*bots, watch(world, chance))

    world.loop.run_until_complete(all_of_them())
    given, refused = world.tally.counts["permits given"], world.tally.counts["entries refused"]
    assert given > 500
    assert refused > 500
    highest.check(f"the drip, {given:,} orders let in and {refused:,} refused")


async def watch(world: World, chance: random.Random) -> None:
    """The product's own look, again and again, while orders come."""
    for _ in range(200):
        await asyncio.sleep(0)
        await watch_once(world, chance)


async def watch_once(world: World, chance: random.Random) -> None:
    bot = chance.choice(list(world.bots().values()))
    await world.api.mirror.ask(bot, world.processes[bot.id])  # type: ignore[arg-type]


class Office:
    """Stands behind the real door, and has each permit seen by the witness before it is answered."""

    def __init__(self, world: World, highest: Highest) -> None:
        self._world = world
        self._highest = highest
        self.placed = world.api.permits.placed
        self.failed = world.api.permits.failed
        self.cancelled = world.api.permits.cancelled
        self.missed = world.api.permits.missed

    async def ask(self, order: Order) -> Permit:
        permit = await self._world.api.permits.ask(order)
        self._world.see_permit(order, permit)
        self._highest.look()
        return permit


class Strategy:
    """A bot's own thread, which asks at the door as a real bot does."""

    def __init__(self, world: World, process: BotProcess, client: PermitClient, chance: random.Random) -> None:
        self._world = world
        self._process = process
        self._client = client
        self._chance = chance

    def run(self, orders: int) -> int:
        """How many entries it was allowed."""
        return sum(self._enter() for _ in range(orders))

    def _enter(self) -> bool:
        order = some_order(self._process.id, self._chance)
        try:
            permit = self._client.ask_entry(Wanted(order.pair, "buy", order.type, float(order.amount), 100.0))
        except Refused:
            self._on_the_loop(lambda: go_on(self._process, self._chance))
            return False
        told, made = self._chance.random() < 0.67, self._chance.random() < 0.8
        flight = self._on_the_loop(lambda: self._make(permit, made))
        if told and made:
            self._client.tell_placed(permit, flight.order_id)
        elif told:
            self._client.tell_failed(permit)
        self._on_the_loop(lambda: self._goes_on(flight))
        return True

    def _make(self, permit: str, made: bool) -> Flight:
        """The exchange takes the order, or something else goes wrong; a round may have ended meanwhile."""
        flights = {flight.permit: flight for flight in self._process.flights}
        flight = flights.get(permit) or self._gone(permit)
        if permit in flights and made:
            self._process.place(flight)
        elif permit in flights:
            self._process.flights.remove(flight)
        return flight

    def _gone(self, permit: str) -> Flight:
        """A round ended meanwhile, with which the order was made."""
        order = some_order(self._process.id, self._chance)
        return Flight(permit, order, Decimal(0), self._process.mode, 0, order_id="made with the round")

    def _goes_on(self, flight: Flight) -> None:
        if flight in self._process.flights:
            self._process.commit(flight)
        go_on(self._process, self._chance)
        self._world.clock.pass_by(self._chance.choice((0, 0.2, 1, 3)))

    def _on_the_loop(self, do: Callable[[], Any]) -> Any:
        async def done() -> Any:
            return do()

        return asyncio.run_coroutine_threadsafe(done(), self._world.loop).result(30)


def test_drip_when_bots_ask_at_the_real_door_from_threads_then_no_limit_is_passed(world: World, arena: Arena) -> None:
    highest, given = Highest(world), 0
    folder = arena.folder / "door"

    async def all_of_them() -> int:
        door = PermitDoor(folder, Office(world, highest))
        await door.open()
        strategies = [
            Strategy(world, process, open_line(folder / "bots" / bot_id), random.Random(number))
            for number, (bot_id, process) in enumerate(world.processes.items())
        ]
        running = [world.loop.run_in_executor(None, one.run, AT_THE_DOOR // BOTS) for one in strategies]
        looking = asyncio.create_task(look_on(world))
        allowed = sum(await asyncio.gather(*running))
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
        await door.close()
        return allowed

    given = world.loop.run_until_complete(all_of_them())
    assert given > 100
    highest.check(f"the drip at the door from {BOTS} threads, {given:,} orders let in")


def open_line(folder: Path) -> PermitClient:
    folder.mkdir(parents=True)
    shown = Pass.issue(folder)
    write_private(folder / PASS_FILE, shown.model_dump_json())
    return PermitClient(shown)


async def look_on(world: World) -> None:
    """The product reads what bots hold, one after the other."""
    chance = random.Random(3)
    while True:
        await watch_once(world, chance)
        await asyncio.sleep(0.005)
