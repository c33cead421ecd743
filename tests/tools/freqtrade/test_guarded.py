"""Real bots with hostile strategies, and the guard at the door: what it refuses is never ordered, whatever the way."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from tests.tools.freqtrade.bots import AVenue, Office, Permit, spec, until
from tools.bot import Health, Mode
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import BotUnreachable, Client, OrderRefused
from tools.freqtrade.config import RestAccess
from tools.freqtrade.host import Host
from tools.freqtrade.link import Link
from tools.freqtrade.permit_door import PermitDoor
from tools.freqtrade.permit_protocol import ENTRY_BOUND_S, PASS_FILE, door_socket
from tools.freqtrade.processes import free_port
from tools.freqtrade.records import BotFolder
from tools.guard.order import Order, OrderFacts
from tools.guard.reservations import Reservations
from tools.guard.verdict import Allow, Refuse, Rule, Verdict
from tools.store.database import Store

pytestmark = pytest.mark.integration

HOSTILE = Path(__file__).parent / "hostile"
BOT = "0123456789ab"
BTC, ETH, SOL = "BTC/USDT", "ETH/USDT", "SOL/USDT"
NO = Refuse(Rule.TRADE_SIZE, {"asked": "200", "max": "100"})
SAID = "trade_size (asked 200, max 100)"


@pytest.fixture
def start(host: Host, venue: AVenue, door: PermitDoor) -> Callable[..., object]:
    async def begin(strategy: str, **changes: object) -> Client:
        bot = spec(strategy=strategy, **changes)
        await host.start(BOT, bot, venue=venue, strategy_path=HOSTILE / f"{strategy}.py")
        client = host.client(BOT)
        assert client is not None
        return client

    return begin


def up_to(**most: int) -> Callable[[Order], Verdict]:
    """Allows so many entries of a base currency, and none of the others."""
    seen: dict[str, int] = {}

    def judge(order: Order) -> Verdict:
        base = order.pair.split("/")[0]
        seen[base] = seen.get(base, 0) + (order.side == "buy")
        return Allow() if order.side == "sell" or seen[base] <= most.get(base, 0) else NO

    return judge


def filled(trades: list[Trade], pair: str) -> list[str]:
    """The ids of the entry orders of a pair that were filled."""
    orders = [order for trade in trades if trade.pair == pair for order in trade.orders]
    return [order.order_id for order in orders if order.is_entry and order.filled > 0 and not order.is_open]


async def refused_and_filled(host: Host, office: Office, refused: str, fills: str) -> None:
    """Waits until one pair was refused and the other filled, then proves it from the bot's log and its own database."""
    await until(lambda: said_in_log(host, "The guard refused") and bool(filled(host.read_trades(BOT), fills)))
    lines = [line for line in host.read_log(BOT, 5000) if "The guard refused to buy" in line]
    assert lines
    assert all(f" of {refused} at " in line and SAID in line and " - WARNING - " in line for line in lines)
    await proven(host, office)


async def proven(host: Host, office: Office) -> None:
    """Every entry order that the bot has was asked for, allowed, and told of by its id."""
    await host.stop(BOT)
    entries = {o.order_id: o for trade in host.read_trades(BOT) for o in trade.orders if o.is_entry}
    placed = {order_id: office.allowed[permit] for permit, order_id in office.told.items() if order_id}
    assert entries.keys() <= placed.keys()
    assert all(order.cost <= placed[i].amount * placed[i].rate * Decimal("1.0000001") for i, order in entries.items())


def said_in_log(host: Host, words: str) -> bool:
    return any(words in line for line in host.read_log(BOT, 5000))


async def test_entry_when_confirming_fails_then_the_guard_still_decides(host, start, office):
    office.judge = up_to(ETH=1)
    await start("Unconfirmed")
    await refused_and_filled(host, office, BTC, ETH)
    assert said_in_log(host, "no opinion")
    assert [trade.pair for trade in host.read_trades(BOT)] == [ETH]
    assert office.of(BTC)


async def test_entry_when_the_stake_is_beyond_all_bounds_then_the_guard_sees_it_as_it_is(host, start, office):
    office.judge = lambda order: NO if order.amount * order.rate > 100 else Allow()
    await start("Greedy")
    await refused_and_filled(host, office, BTC, ETH)
    asked = office.of(BTC)[0]
    assert 4990 < asked.amount * asked.rate < 5010
    [trade] = host.read_trades(BOT)
    assert (trade.pair, 89 < trade.stake_amount < 91) == (ETH, True)


async def test_addition_when_it_is_turned_on_at_run_time_then_each_one_needs_leave(host, start, office):
    office.judge = up_to(BTC=1, ETH=2)
    await start("Adder")
    await until(lambda: said_in_log(host, "Unable to adjust position of trade for BTC/USDT: The guard refused"))
    await until(lambda: said_in_log(host, "Unable to adjust position of trade for ETH/USDT: The guard refused"))
    await proven(host, office)
    trades = {trade.pair: trade for trade in host.read_trades(BOT)}
    assert (len(filled([trades[BTC]], BTC)), len(filled([trades[ETH]], ETH))) == (1, 2)
    assert trades[BTC].stake_amount < 51 < trades[ETH].stake_amount < 71


async def test_replacement_when_the_price_is_raised_then_it_needs_leave_anew(host, start, office):
    office.judge = up_to(BTC=1, ETH=2)
    await start("Replacer")
    await refused_and_filled(host, office, BTC, ETH)
    first, second = office.of(ETH)[:2]
    assert second.rate > first.rate
    assert office.of(BTC)[1].rate > office.of(BTC)[0].rate
    assert [trade.pair for trade in host.read_trades(BOT)] == [ETH]
    assert said_in_log(host, "Unable to replace order for BTC/USDT: The guard refused")


async def test_forced_entry_when_it_is_sent_straight_to_the_bot_then_the_guard_decides(host, start, office, tmp_path):
    office.judge = up_to(BTC=1)
    client = await start("Quiet")
    rest = json.loads((tmp_path / "bots" / BOT / "rest.json").read_text())
    url = f"http://127.0.0.1:{rest['port']}/api/v1/forceenter"
    async with httpx.AsyncClient(auth=(rest["username"], rest["password"]), timeout=30) as stranger:
        answers = [
            await stranger.post(url, json={"pair": pair, "stakeamount": stake, "ordertype": kind})
            for pair, stake, kind in (
                (ETH, 100, "limit"),
                (SOL, 50, "market"),
                (BTC, 100, "market"),
                (BTC, 100, "limit"),
            )
        ]
    assert [answer.status_code for answer in answers] == [502, 502, 200, 502]
    assert all(SAID in answer.json()["error"] for answer in answers[:2])
    assert [order.type for order in office.asked] == ["limit", "market", "market"]
    with pytest.raises(OrderRefused, match="The guard refused to buy") as refused:
        await client.force_entry(ETH, Decimal(100))
    assert refused.value.kind == "order_refused_by_bot"
    assert SAID in refused.value.reason
    await proven(host, office)
    [trade] = host.read_trades(BOT)
    assert (trade.pair, len(filled([trade], BTC))) == (BTC, 1)


async def test_forced_entry_when_the_bot_has_reloaded_then_the_guard_still_decides(host, start, office):
    office.judge = up_to()
    client = await start("Quiet")
    await client._json("POST", "/reload_config")
    await until(lambda: sum("Using resolved exchange class" in line for line in host.read_log(BOT, 5000)) == 2)
    await until(lambda: is_running(client))
    with pytest.raises(OrderRefused, match="trade_size"):
        await client.force_entry(BTC)
    assert host.read_trades(BOT) == []


async def test_strategy_when_it_tampers_with_the_exchange_then_nothing_gets_past_the_guard(host, start, office):
    office.judge = up_to(ETH=1)
    await start("Tamperer")
    await until(lambda: bool(filled(host.read_trades(BOT), ETH)))
    await proven(host, office)
    assert [trade.pair for trade in host.read_trades(BOT)] == [ETH]
    assert said_in_log(host, "ORDERS MADE: 0")
    done = [line for line in host.read_log(BOT, 5000) if "DONE: " in line or "PAST THE GUARD" in line]
    assert done == []
    failed = {line.partition("FAILED: ")[2] for line in host.read_log(BOT, 5000) if "FAILED: " in line}
    assert len(failed) == 14
    assert {name for name in failed if name.endswith("EntryRefused")} == {
        f"{name}: EntryRefused"
        for name in ("order past the class", "two-faced order", "simulated order", "stop order that buys")
    }


@pytest.fixture
def purse(office: Office, tmp_path: Path) -> Iterator[Reservations]:
    """The office lets in what is within 100 USDT, by what the guard itself holds to be reserved."""
    store = Store(tmp_path / "guard.sqlite")
    store.migrate()
    reservations = Reservations(store)
    ask = office.ask

    async def reserving(order: Order) -> Permit:
        fits = sum(reservations.held(BOT).values()) + order.cost_at(order.rate) <= 100
        office.judge = lambda _: Allow() if fits or order.side == "sell" else NO
        permit = await ask(order)
        if permit.id is not None:
            facts = OrderFacts(stake_currency="USDT", mode=Mode.SIMULATED, enters=True, pairs=(), exposure_cap=100)
            with store.writing() as session:
                row = reservations.add(session, order, facts, Allow(), "One")
                row.id = permit.id
            reservations.keep(row)
        return permit

    office.ask = reserving
    for name in ("placed", "failed", "cancelled"):
        setattr(office, name, both(getattr(office, name), getattr(reservations, name)))
    yield reservations
    store.close()


def both(one: Callable[..., None], other: Callable[..., None]) -> Callable[..., None]:
    def do(*words: str) -> None:
        one(*words)
        other(*words)

    return do


async def test_strategy_when_it_orders_past_the_books_of_its_bot_then_what_it_took_stays_held(
    host, start, office, purse
):
    client = await start("Dripper", stake="50")
    lines = lambda words: [line for line in host.read_log(BOT, 5000) if words in line]  # noqa: E731

    async def has_said(words: str, count: int) -> bool:
        round_ended = await client.last_round()
        seen = {order.order_id for trade in await client.status() for order in trade.orders}
        purse.settle(BOT, seen, round_ended)
        return len(lines(words)) >= count

    await until(lambda: has_said("BOUGHT: ", 2), within_s=40)
    refused = len(lines("NOT LET: EntryRefused"))
    await until(lambda: has_said("NOT LET: EntryRefused", refused + 2), within_s=40)
    assert (len(lines("BOUGHT: ")), len(lines("BID: ")), len(office.withdrawn)) == (2, 1, 1)
    kept = [order.cost_at(order.rate) for permit, order in office.allowed.items() if permit not in office.withdrawn]
    assert (len(kept), sum(purse.held(BOT).values())) == (2, sum(kept))
    await host.stop(BOT)
    assert host.read_trades(BOT) == []
    purse.settle_all(BOT)
    assert purse.held(BOT) == {}


async def test_stop_order_when_the_bot_places_one_then_it_is_made_known_and_goes_on(host, start, office):
    office.judge = lambda order: NO if order.side == "sell" else Allow()
    client = await start("Stopper")
    trade_id = await client.force_entry(BTC, Decimal(50))
    await until(lambda: any(not order.is_entry for trade in host.read_trades(BOT) for order in trade.orders))
    assert said_in_log(host, "The guard did not take note of a sale of BTC/USDT, which goes on: trade_size")
    [stop] = [order for trade in await client.status() for order in trade.orders if not order.is_entry]
    assert (stop.is_open, stop.price < office.of(BTC)[0].rate) == (True, True)
    await client.force_exit(trade_id)
    await until(lambda: [trade.is_open for trade in host.read_trades(BOT)] == [False])
    assert len(office.of(BTC, "sell")) == 2


async def test_guard_when_nobody_answers_then_nothing_enters_and_what_is_held_can_leave(
    host, start, office, door, tmp_path
):
    client = await start("Quiet")
    trade_id = await client.force_entry(BTC, Decimal(50))
    await door.close()
    with pytest.raises(OrderRefused, match="no_answer"):
        await client.force_entry(ETH, Decimal(50))
    await client.force_exit(trade_id)
    await until(lambda: [trade.is_open for trade in host.read_trades(BOT)] == [False])
    assert said_in_log(host, "The guard did not take note of a sale of BTC/USDT, which goes on: no_answer")
    again = PermitDoor(tmp_path, office)
    await again.open()
    assert await client.force_entry(ETH, Decimal(50))
    assert [(order.pair, reason, times) for order, reason, times in office.unheard] == [(ETH, "no_answer", 1)]
    await proven(host, office)
    await again.close()


async def test_guard_when_it_hangs_then_nothing_enters_and_what_is_held_can_leave(host, start, office, door, tmp_path):
    client = await start("Quiet")
    trade_id = await client.force_entry(BTC, Decimal(50))
    await door.close()
    with socket.socket(socket.AF_UNIX) as hangs:
        hangs.bind(str(door_socket(tmp_path)))
        hangs.listen()
        with pytest.raises(OrderRefused, match="no_answer"):
            await client.force_entry(ETH, Decimal(50))
        began = time.monotonic()
        await client.force_exit(trade_id)
        assert time.monotonic() - began < ENTRY_BOUND_S
    await until(lambda: [trade.is_open for trade in host.read_trades(BOT)] == [False])
    await proven(host, office)


async def test_guard_when_the_bot_has_no_pass_then_nothing_enters(host, venue, forkserver, office, door, tmp_path):
    folder, rest = BotFolder.of(tmp_path / "bots", BOT), RestAccess.random(free_port(()))
    folder.write(spec(strategy="Quiet"), venue=venue, strategy_path=HOSTILE / "Quiet.py", rest=rest, paused=False)
    (folder.path / PASS_FILE).unlink()
    await Link(forkserver).start(folder.path, rest.port)
    async with Client(rest) as client:
        await until(lambda: is_running(client))
        with pytest.raises(OrderRefused, match="no_pass"):
            await client.force_entry(BTC)
        assert await client.status() == []
    assert office.asked == []
    await host.stop(BOT)
    health = await host.health(BOT)
    assert (health.pid, host.processes()) == (None, {})


async def is_running(client: Client) -> bool:
    try:
        return (await client.show_config()).state == "running"
    except BotUnreachable:
        return False


async def test_client_when_it_orders_then_the_bot_does_it_and_its_orders_are_told(host, start, office):
    client = await start("Quiet")
    low = (await client.force_entry(ETH, Decimal(60), price=Decimal(3000)), Decimal(60))
    held = await client.force_entry(BTC)
    [btc, eth] = await client.status()
    assert (eth.trade_id, btc.trade_id) == (low[0], held)
    assert eth.orders[0].is_open
    assert eth.orders[0].is_entry
    assert (eth.amount, btc.amount > 0) == (0, True)
    assert abs(eth.stake_amount + eth.pending - low[1]) < Decimal("0.5")
    assert (btc.pending, btc.orders[0].is_open, btc.orders[0].remaining) == (0, False, 0)
    assert abs(btc.orders[0].cost - btc.stake_amount) < Decimal("0.01")
    assert [trade.orders for trade in host.read_trades(BOT)] == [btc.orders, eth.orders]
    await client.cancel_open_order(eth.trade_id)
    assert list(office.withdrawn.values()) == [eth.orders[0].order_id]
    with pytest.raises(OrderRefused, match="No open order"):
        await client.cancel_open_order(btc.trade_id)
    assert [trade.pair for trade in await client.status()] == [BTC]
    await client.force_exit(btc.trade_id, round(btc.amount / 2, 5))
    await until(lambda: len(office.of(BTC, "sell")) == 1)
    await client.force_exit(None)
    await until(lambda: [trade.is_open for trade in host.read_trades(BOT)] == [False])
    await proven(host, office)


async def test_locks_when_a_pair_is_locked_then_it_is_told_and_lifted(host, start, office):
    client = await start("Quiet")
    until_then = datetime.now(UTC) + timedelta(minutes=30)
    await client.lock_pair(ETH, until_then, "asked for")
    [lock] = await client.locks()
    assert (lock.pair, lock.active, lock.reason) == (ETH, True, "asked for")
    assert timedelta(0) <= lock.until - until_then <= timedelta(minutes=1)
    await client.unlock_pair(ETH)
    assert await client.locks() == []


async def test_end_at_once_when_the_bot_hangs_then_it_is_gone_within_its_bound(host, start, office):
    await start("Quiet")
    process = host.processes()[BOT]
    os.kill(process.pid, signal.SIGSTOP)
    began = time.monotonic()
    assert await host.end_at_once(BOT, 0.3)
    assert time.monotonic() - began < 3
    assert not process.is_alive()
    assert (host.processes(), (await host.health(BOT)).health) == ({}, Health.OFF)
    assert await host.end_at_once(BOT, 0.3)
