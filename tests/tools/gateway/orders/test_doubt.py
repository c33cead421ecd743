"""What becomes of an order when the exchange is not heard: never twice, never lost, and the bot is not told wrong."""

import asyncio
import socket
import time
from decimal import Decimal

import httpx
import pytest
import uvicorn

from tests.tools.gateway.orders.gate import ONE, OTHER, Gate, limit, signed
from tools.gateway.orders.entry import Status, upstream_id
from tools.guard.audit import Audit

ORDER = "/api/v3/order"


@pytest.mark.parametrize("how", ["reset", "silence", "500", "503", "garbage"])
async def test_place_when_made_and_not_answered_then_it_is_found_and_answered(gate: Gate, how: str) -> None:
    gate.venue.fault("POST", ORDER, f"after_{how}")
    told = (await gate.buy(newClientOrderId="mine")).json()
    assert (told["status"], told["clientOrderId"], len(told["fills"])) == ("FILLED", "mine", 1)
    assert len(gate.venue.orders) == len(gate.venue.seen) == 1


@pytest.mark.parametrize("how", ["reset", "silence", "500", "503", "garbage"])
async def test_place_when_not_made_and_not_answered_then_that_is_made_sure_and_said(gate: Gate, how: str) -> None:
    gate.venue.fault("POST", ORDER, f"before_{how}")
    answer = await gate.buy()
    assert (answer.status_code, answer.json()["code"]) == (503, -1006)
    entry = gate.orders.ledger.read_all()[0]
    assert (entry.status, entry.due_cost) == (Status.REFUSED, 0)
    assert entry.sent_ms is not None
    assert gate.venue.seen == []
    assert (await gate.buy(quantity=2)).status_code == 200


async def test_place_when_nothing_is_heard_at_all_then_it_is_unknown_counts_and_bars_entries(gate: Gate) -> None:
    gate.venue.fault("POST", ORDER, "after_silence")
    for _ in range(20):
        gate.venue.fault("GET", ORDER, "before_reset")
    answer = await gate.buy(quantity=2, price=90)
    assert (answer.status_code, answer.json()["code"]) == (504, -1007)
    entry = gate.orders.ledger.read_all()[0]
    assert (entry.status, entry.due_cost) == (Status.UNKNOWN, Decimal(180))
    assert "order_in_doubt" in (await gate.buy(price=99)).text
    assert (await gate.buy(OTHER, price=99)).status_code == 200
    gate.venue.faults.clear()
    await gate.orders.follower.go_round()
    assert gate.orders.ledger.read_all()[0].status is Status.CANCELED
    assert [order.status for order in gate.venue.orders.values()] == ["CANCELED", "NEW"]
    assert Audit(gate.store).read_newest(1)[0].rule == "taken_back"
    assert (await gate.buy(price=99)).status_code == 200


async def test_place_when_it_appears_after_the_bot_was_told_no_then_it_is_taken_back(gate: Gate) -> None:
    gate.venue.fault("POST", ORDER, "after_silence")
    entry_id = "th-" + ONE + "-"
    gate.venue.hidden |= {upstream_id(ONE, "late")}
    answer = await gate.buy(quantity=2, price=90, newClientOrderId="late")
    assert answer.json()["code"] == -1006
    gate.venue.fill(gate.venue.open()[0], Decimal("0.5"))
    gate.venue.hidden.clear()
    await gate.orders.follower.go_round()
    entry = gate.orders.ledger.read_all()[0]
    assert entry.id.startswith(entry_id)
    assert (entry.status, entry.executed, entry.filled) == (Status.CANCELED, Decimal("0.5"), Decimal("0.5"))
    rules = [line.rule for line in Audit(gate.store).read_newest(3)]
    assert {"appeared", "taken_back"} <= set(rules)
    assert (await gate.sell(quantity="0.4995")).status_code == 200


async def test_place_when_nobody_listens_then_nothing_was_sent_and_it_is_over(gate: Gate) -> None:
    await gate.forwarder.close()
    gate.forwarder._url = "http://127.0.0.1:9"
    assert (await gate.buy()).json()["code"] == -1001
    assert gate.orders.ledger.read_all()[0].status is Status.REFUSED


async def test_place_when_the_exchange_says_no_then_that_is_passed_on(gate: Gate) -> None:
    gate.venue.fault("POST", ORDER, "before_429")
    answer = await gate.buy()
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (429, "7", -1003)
    again = await gate.buy()
    assert again.status_code == 429
    assert gate.venue.calls["POST", ORDER] == 0
    assert [entry.status for entry in gate.orders.ledger.read_all()] == [Status.REFUSED, Status.REFUSED]


async def test_place_when_the_client_goes_away_then_the_order_is_followed_all_the_same(gate: Gate) -> None:
    gate.venue.fault("POST", ORDER, "after_silence")
    task = asyncio.create_task(gate.buy(price=90))
    while not gate.venue.seen:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await gate.restart()
    await gate.orders.follower.go_round()
    assert gate.orders.ledger.read_all()[0].status is Status.CANCELED


async def test_place_when_the_client_stops_waiting_then_the_order_is_taken_back(gate: Gate) -> None:
    app = gate.client._transport.app  # type: ignore[attr-defined]
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    serving = asyncio.create_task(server.serve([listening]))
    gate.venue.fault("POST", ORDER, "after_silence")
    method, path, content, headers = signed(ONE, "POST", ORDER, limit("BUY", 1, 90), gate.clock_ms())
    url = f"http://127.0.0.1:{listening.getsockname()[1]}{path}"
    async with httpx.AsyncClient(timeout=0.2) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.request(method, url, content=content, headers=headers)
    await asyncio.sleep(0.5)
    entry = gate.orders.ledger.read_all()[0]
    assert (entry.status, entry.told) == (Status.OPEN, False)
    await gate.orders.follower.go_round()
    assert gate.orders.ledger.read_all()[0].status is Status.CANCELED
    server.should_exit = True
    await serving


async def test_place_when_it_arrives_twice_then_the_bot_hears_of_the_one_order_that_there_is(gate: Gate) -> None:
    gate.venue.fault("POST", "/api/v3/order", "twice")
    told = await gate.buy(price=90, newClientOrderId="mine")
    assert (told.status_code, told.json()["clientOrderId"], told.json()["status"]) == (200, "mine", "NEW")
    await gate.orders.follower.go_round()
    (order,) = gate.venue.open()
    assert order.number == told.json()["orderId"]


async def test_place_when_another_one_has_the_id_there_then_it_is_adopted_and_the_bot_hears_duplicate(
    gate: Gate,
) -> None:
    await gate.buy(quantity=1, price=90, newClientOrderId="mine")
    path = gate.data / "gateway" / "demo.sqlite"
    await gate.stop()
    for file in path.parent.glob("demo.sqlite*"):
        file.unlink()
    await gate.open()
    assert "Duplicate" in (await gate.buy(quantity=1, price=90, newClientOrderId="mine")).text
    entry = gate.orders.ledger.read_all()[0]
    assert (entry.status, entry.due_cost) == (Status.OPEN, Decimal(90))
    await gate.orders.follower.go_round()
    assert len(gate.venue.open()) == 1


async def test_follow_when_an_order_is_about_to_be_answered_then_it_is_left_alone(gate: Gate) -> None:
    await gate.buy(price=90)
    entry, resolver = gate.orders.ledger.read_all()[0], gate.orders.follower._resolver
    gate.orders.ledger.mark_told(entry.id, told=False)
    resolver.in_hand.add(entry.id)
    await gate.orders.follower.go_round()
    assert len(gate.venue.open()) == 1
    resolver.in_hand.clear()
    await gate.orders.follower.go_round()
    assert gate.venue.open() == []


async def test_cancel_when_not_answered_then_the_follower_learns_of_it(gate: Gate) -> None:
    told = (await gate.buy(price=90)).json()
    gate.venue.fault("DELETE", ORDER, "after_silence")
    named = {"symbol": "BTCUSDT", "orderId": told["orderId"]}
    assert (await gate.send(ONE, "DELETE", ORDER, named)).json()["code"] == -1007
    await gate.orders.follower.go_round()
    assert gate.orders.ledger.read_all()[0].status is Status.CANCELED


async def test_follow_when_fills_cannot_be_read_then_they_are_read_later_and_none_counts_twice(gate: Gate) -> None:
    await gate.buy(price=90)
    gate.venue.fill(gate.venue.open()[0], Decimal("0.4"))
    gate.venue.fault("GET", "/api/v3/myTrades", "before_500")
    await gate.orders.follower.go_round()
    entry = gate.orders.ledger.read_all()[0]
    assert (entry.executed, entry.filled, entry.due_cost) == (Decimal("0.4"), 0, Decimal(90))
    gate.venue.fill(gate.venue.open()[0], Decimal("0.6"))
    for _ in range(3):
        await gate.orders.follower.go_round()
    entry = gate.orders.ledger.read_all()[0]
    assert (entry.status, entry.filled, entry.is_settled) == (Status.FILLED, 1, True)
    position, _ = gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"]
    assert (position.quantity, position.cost) == (Decimal("0.999"), Decimal(90))


async def test_follow_when_the_exchange_is_not_heard_for_long_then_the_bot_does_not_enter(gate: Gate) -> None:
    await gate.buy(price=90)
    gate.late_ms = 61_000
    assert "stale_snapshot" in (await gate.buy(price=91)).text
    assert (await gate.buy(OTHER, price=91)).status_code == 200


async def test_read_when_the_venue_does_not_answer_then_it_is_said_in_the_exchanges_words(gate: Gate) -> None:
    gate.venue.fault("GET", "/api/v3/account", "before_silence")
    started = time.monotonic()
    answer = await gate.send(ONE, "GET", "/api/v3/account")
    assert (answer.status_code, answer.json()["code"]) == (503, -1001)
    assert time.monotonic() - started < 2


async def test_follower_when_an_order_was_heard_of_lately_then_it_is_left_alone(gate: Gate) -> None:
    await gate.buy(price=50)
    follower = gate.orders.follower
    follower._rest_ms = 10_000
    asked = gate.venue.calls["GET", "/api/v3/order"]
    await follower.go_round()
    assert gate.venue.calls["GET", "/api/v3/order"] == asked
    gate.late_ms = 10_001
    await follower.go_round()
    assert gate.venue.calls["GET", "/api/v3/order"] == asked + 1
    assert follower.last_round_s is not None
