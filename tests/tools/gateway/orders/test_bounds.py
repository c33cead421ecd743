"""A bot with one key that wants to use up what all share: it is held to its bounds, and the others get out."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.tools.gateway.orders.gate import ONE, OTHER, Gate
from tools.gateway.budget import CEILINGS, WEIGHT_A_MINUTE, Priority
from tools.gateway.orders.bounds import (
    CATCHING_UP,
    CHANGES,
    MINUTE_MS,
    OPEN_SALES_OF_PAIR,
    ORDERS_OF_BOT,
    ORDERS_OF_EACH,
    Bounds,
)
from tools.gateway.orders.errors import Denied
from tools.gateway.orders.paths import READS
from tools.gateway.orders.window import Window
from tools.store.tables import HoldRow

ORDER, TRADES, OPEN = "/api/v3/order", "/api/v3/myTrades", "/api/v3/openOrders"


async def cancel(gate: Gate, bot_id: str, number: int, name: str = "n") -> httpx.Response:
    named = {"symbol": "BTCUSDT", "orderId": number, "newClientOrderId": name}
    return await gate.send(bot_id, "DELETE", ORDER, named)


async def sell_far_off(gate: Gate, quantity: str = "0.06", price: int = 1000) -> httpx.Response:
    """With an id: what is the same to the letter, in the same millisecond, is a replay."""
    return await gate.sell(quantity=quantity, price=price, newClientOrderId=uuid4().hex)


def is_put_off(answer: httpx.Response) -> bool:
    """As Binance says it, with the time to come again."""
    return (answer.status_code, answer.json().get("code")) == (429, -1003) and int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("how", ["filled", "canceled"])
async def test_cancel_when_the_order_is_over_then_the_exchange_is_not_asked(gate: Gate, how: str) -> None:
    number = (await gate.buy(price=100 if how == "filled" else 90)).json()["orderId"]
    if how == "canceled":
        assert (await cancel(gate, ONE, number)).status_code == 200
    before = dict(gate.venue.calls)
    answers = [await cancel(gate, ONE, number, f"n{i}") for i in range(CHANGES + 5)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(400, -2011)}
    assert gate.venue.calls == before


async def test_cancel_when_there_are_too_many_then_they_are_put_off_and_others_get_out(gate: Gate) -> None:
    await gate.buy(OTHER)
    for _ in range(CHANGES - 5):
        gate.orders.bounds.take_cancel(ONE)
    number = (await gate.buy(price=90)).json()["orderId"]
    gate.venue.orders[number].status = "EXPIRED"  # The ledger has not heard of it.
    answers = [await cancel(gate, ONE, number, f"n{i}") for i in range(20)]
    assert gate.venue.calls["DELETE", ORDER] == 5
    assert [is_put_off(answer) for answer in answers] == [False] * 5 + [True] * 15
    assert gate.orders.ledger.read_refusals()[0]["rule"] == "wire_1003"
    assert (await gate.sell(OTHER, quantity="0.999")).status_code == 200
    assert (await gate.send("desk", "GET", OPEN)).status_code == 200
    gate.late_ms += MINUTE_MS
    assert (await cancel(gate, ONE, number)).json()["code"] == -2011
    assert gate.venue.calls["DELETE", ORDER] == 6


async def test_place_when_sales_are_beyond_what_it_holds_then_the_exchange_is_hardly_asked(gate: Gate) -> None:
    await gate.buy()
    for _ in range(5):
        await sell_far_off(gate, "0.1")
    gate.venue.calls.clear()
    answers = [await sell_far_off(gate, "1.1") for _ in range(40)]
    weight = sum(READS[path] * times for (_, path), times in gate.venue.calls.items())
    assert weight <= CATCHING_UP
    assert gate.venue.calls["POST", ORDER] == 0
    assert is_put_off(answers[-1])
    assert (await gate.sell(quantity="0.4")).status_code == 200


async def test_place_when_the_ledger_is_behind_and_may_not_ask_then_the_sale_is_put_off_until_it_may(
    gate: Gate,
) -> None:
    number = (await gate.buy(price=90)).json()["orderId"]
    gate.orders.bounds.catching_up(ONE).spend(CATCHING_UP)
    gate.venue.fill(gate.venue.orders[number], gate.venue.orders[number].quantity)
    assert is_put_off(await gate.sell(quantity="0.999"))
    gate.late_ms += MINUTE_MS
    assert (await gate.sell(quantity="0.999")).status_code == 200


async def test_place_when_there_are_too_many_in_ten_seconds_then_they_are_put_off(gate: Gate) -> None:
    await gate.buy()
    gate.late_ms += 10_000
    for _ in range(ORDERS_OF_BOT - 3):
        gate.orders.bounds.count_order(ONE, "SELL", "ETH/USDT")
    answers = [await sell_far_off(gate) for _ in range(8)]
    assert [is_put_off(answer) for answer in answers] == [False] * 3 + [True] * 5
    assert gate.venue.calls["POST", ORDER] == 1 + 3
    gate.late_ms += 10_000
    assert (await sell_far_off(gate)).status_code == 200


async def test_place_when_many_come_at_once_then_no_more_are_sent_than_may(gate: Gate) -> None:
    await gate.buy()
    gate.late_ms += 10_000
    for _ in range(ORDERS_OF_BOT - 3):
        gate.orders.bounds.count_order(ONE, "SELL", "ETH/USDT")
    answers = await asyncio.gather(*(sell_far_off(gate) for _ in range(8)))
    assert sum(is_put_off(answer) for answer in answers) == 5
    assert gate.venue.calls["POST", ORDER] == 1 + 3


@pytest.mark.parametrize("restarted", [False, True])
async def test_place_when_many_sales_of_a_pair_are_open_then_another_is_put_off(gate: Gate, restarted: bool) -> None:
    await gate.buy()
    gate.late_ms += 10_000
    numbers = [(await sell_far_off(gate, "0.01")).json()["orderId"] for _ in range(OPEN_SALES_OF_PAIR)]
    if restarted:
        await gate.restart()
    gate.late_ms += 10_000
    assert is_put_off(await sell_far_off(gate, "0.01"))
    assert len(gate.venue.open()) == OPEN_SALES_OF_PAIR
    assert (await cancel(gate, ONE, numbers[0])).status_code == 200
    assert (await sell_far_off(gate, "0.01")).status_code == 200


async def test_place_when_an_entry_is_tried_again_and_again_in_doubt_then_the_exchange_is_hardly_asked(
    gate: Gate,
) -> None:
    gate.venue.fault("POST", ORDER, "after_503")
    for _ in range(100):
        gate.venue.fault("GET", ORDER, "before_503")
    assert (await gate.buy(price=90)).status_code == 504
    left = len(gate.venue.faults)
    gate.late_ms += MINUTE_MS
    answers = [await gate.buy(price=91, newClientOrderId=uuid4().hex) for _ in range(20)]
    assert (left - len(gate.venue.faults)) * READS[ORDER] <= CATCHING_UP
    assert is_put_off(answers[-1])


async def test_place_when_bots_have_read_all_they_may_then_sales_go_and_entries_wait(gate: Gate) -> None:
    await gate.buy()
    gate.forwarder._meter.spend(int(CEILINGS[Priority.READS] * WEIGHT_A_MINUTE))
    assert is_put_off(await gate.send(ONE, "GET", "/api/v3/account"))
    assert is_put_off(await gate.buy(OTHER))
    number = (await sell_far_off(gate)).json()["orderId"]
    assert (await cancel(gate, ONE, number)).status_code == 200


async def test_desk_when_sales_have_used_up_theirs_then_it_still_cancels_and_compares(gate: Gate) -> None:
    number = (await gate.buy(price=90)).json()["orderId"]
    gate.forwarder._meter.spend(int(CEILINGS[Priority.ORDERS] * WEIGHT_A_MINUTE))
    assert is_put_off(await cancel(gate, ONE, number))
    named = {"symbol": "BTCUSDT", "orderId": number}
    assert (await gate.send("desk", "DELETE", ORDER, named)).status_code == 200
    gate.venue.calls.clear()
    await gate.orders.reconciler.look()
    assert gate.venue.calls["GET", OPEN] == 1


async def test_place_when_all_is_stopped_in_panic_then_twenty_stops_make_way_for_twenty_sales(gate: Gate) -> None:
    await gate.buy()
    with gate.store.session() as session:
        session.add(HoldRow(id="1", rule="panic"))
        session.commit()
    gate.late_ms += 10_000
    for _ in range(20):
        answer = await sell_far_off(gate, "0.04")
        assert (await cancel(gate, ONE, answer.json()["orderId"])).status_code == 200
    gate.late_ms += 10_000
    assert [(await gate.sell(quantity="0.04")).status_code for _ in range(20)] == [200] * 20


class NoOrders:
    """A ledger without any."""

    def read_unsettled(self, bot_id: str) -> list[Any]:
        return []


class Clock:
    now_ms = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bounds(clock: Clock) -> Bounds:
    return Bounds(NoOrders(), clock)  # type: ignore[arg-type]


def sale(bounds: Bounds, bot_id: str, side: str = "SELL", pair: str = "BTC/USDT") -> Callable[[], None]:
    def place() -> None:
        bounds.check_order(bot_id, side, pair)
        bounds.count_order(bot_id, side, pair)

    return place


def count(act: Callable[[], None], most: int = 1_000) -> int:
    """How often it goes before it is denied."""
    for done in range(most):
        try:
            act()
        except Denied:
            return done
    return most


@pytest.mark.parametrize("greedy_by_turns", [False, True])
def test_bounds_when_ten_bots_place_all_they_can_then_an_eleventh_sells_and_the_account_has_not_too_many(
    bounds: Bounds, greedy_by_turns: bool
) -> None:
    bots = [f"bot{i}" for i in range(10)]
    placed = 0
    for _ in range(ORDERS_OF_BOT if greedy_by_turns else 1):
        placed += sum(count(sale(bounds, bot), 1 if greedy_by_turns else 1_000) for bot in bots)
    assert count(sale(bounds, "late", "BUY")) == 0
    own = count(sale(bounds, "late"))
    assert own >= ORDERS_OF_EACH
    assert placed + own <= 100


def test_bounds_when_eleven_bots_use_up_all_of_theirs_then_it_fits_between_reads_and_the_desk() -> None:
    room = (CEILINGS[Priority.ORDERS] - CEILINGS[Priority.READS]) * WEIGHT_A_MINUTE
    assert room >= 11 * (CHANGES + CATCHING_UP)


def test_bounds_when_twenty_trades_place_their_stops_anew_every_half_minute_then_none_is_put_off(
    bounds: Bounds, clock: Clock
) -> None:
    for _ in range(6):
        for trade in range(20):
            bounds.take_cancel(ONE)
            sale(bounds, ONE, pair=f"C{trade}/USDT")()
            clock.now_ms += 1_500


def test_bounds_when_an_order_is_refused_after_all_then_it_was_not_counted(bounds: Bounds) -> None:
    for _ in range(1_000):
        bounds.check_order(ONE, "SELL", "BTC/USDT")
    assert count(sale(bounds, ONE)) > 0


def test_window_when_its_time_has_passed_then_there_is_room_again(clock: Clock) -> None:
    window = Window(clock, 1_000, 10)
    window.spend(6)
    clock.now_ms += 400
    window.spend(4)
    assert (window.wait_ms(1), window.wait_ms(7), window.wait_ms(11)) == (600, 1_000, 1_000)
    clock.now_ms += 599
    assert window.wait_ms(1) == 1
    clock.now_ms += 1
    assert (window.wait_ms(6), window.used) == (0, 4)


def test_window_when_the_clock_was_set_back_then_nobody_waits_for_it(clock: Clock) -> None:
    window = Window(clock, 1_000, 10)
    window.spend(10)
    clock.now_ms -= 3_600_000
    assert window.wait_ms(10) == 0
