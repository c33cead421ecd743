"""Ledger and exchange: each difference is found, holds back the bot it is about, and goes once it is put right."""

import asyncio
import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from tests.tools.gateway.orders.gate import ONE, OTHER, SYMBOLS, Gate, limit
from tests.tools.gateway.orders.venue import No
from tools.gateway.orders.entry import Status, upstream_id
from tools.gateway.orders.facts import read_held
from tools.guard.audit import Audit

DIFFERENCES, SETTLE = "/gateway/differences", "/gateway/settle"


async def look(gate: Gate, times: int = 2) -> dict[str, dict[str, Any]]:
    """Findings by kind, after so many looks."""
    for _ in range(times):
        await gate.orders.reconciler.look()
    told = (await gate.send("desk", "GET", DIFFERENCES)).json()
    return {one["kind"]: one for one in told["findings"]}


async def settle(gate: Gate, finding: dict[str, Any]) -> Any:
    answer = await gate.send("desk", "POST", SETTLE, {"finding": finding["id"]})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_look_when_both_agree_then_nothing_is_found(gate: Gate) -> None:
    await gate.buy()
    await gate.buy(price=90)
    await gate.sell(quantity="0.5", price=150)
    gate.venue.fill(gate.venue.open()[0], Decimal("0.4"))
    assert await look(gate) == {}


async def test_look_when_trades_have_left_over_what_comes_to_an_order_then_it_can_be_handed_over(gate: Gate) -> None:
    """Each sale leaves 3.90 that cannot be sold, where the smallest order is 5: two of them come to one."""
    for _ in range(2):
        assert "left_over" not in await look(gate)
        await gate.buy()
        await gate.sell(quantity="0.96")
    held = read_held(gate.orders.ledger).of(ONE)
    found = (await look(gate))["left_over"]
    assert (found["bot_id"], found["pair"], found["uncertain"], found["settles"]) == (ONE, "BTC/USDT", False, True)
    assert found["numbers"] == {"quantity": "0.078", "cost": str(held.quantize(Decimal("1e-8")))}
    assert (await gate.buy()).status_code == 200, "it is told, and holds nobody back"
    await gate.sell(quantity="0.999")
    assert await settle(gate, found) == {"by_bot": False}
    assert read_held(gate.orders.ledger).of(ONE) == 0
    assert await look(gate) == {}


async def test_look_when_something_is_on_its_way_then_one_look_does_not_make_a_finding(gate: Gate) -> None:
    gate.venue.balances["BTC"] = Decimal(0)
    await gate.buy()
    gate.venue.balances["BTC"] = Decimal(0)
    assert await look(gate, times=1) == {}
    gate.venue.balances["BTC"] = Decimal("50.999")
    assert await look(gate) == {}


async def test_buy_when_nobody_has_looked_yet_then_it_is_refused_and_a_sale_goes(gate: Gate) -> None:
    await gate.buy()
    gate.orders.reconciler.looked_ms = None
    refused = (await gate.buy(price=90)).json()
    assert refused["code"] == -2010
    assert "unreconciled finding=not_looked" in refused["msg"]
    assert (await gate.sell(quantity="0.5", price=100)).status_code == 200


async def test_look_when_a_bots_order_is_open_that_is_not_in_the_ledger_then_it_is_taken_in(gate: Gate) -> None:
    lost = upstream_id(ONE, "lost")
    gate.venue.make({**limit("BUY", 1, 50), "newClientOrderId": lost})
    assert await look(gate) == {}
    entry = gate.orders.ledger.find(lost)
    assert entry is not None
    assert (entry.status, entry.bot_id, entry.due_cost, entry.told) == (Status.OPEN, ONE, Decimal(50), True)


async def test_look_when_the_owner_has_an_order_then_it_is_told_and_holds_nobody_back(gate: Gate) -> None:
    gate.venue.make({**limit("BUY", 1, 50), "newClientOrderId": "owners"})
    found = (await look(gate))["foreign_order"]
    assert (found["bot_id"], found["uncertain"], found["settles"]) == (None, False, False)
    assert found["numbers"] == {"order": "owners", "symbol": "BTCUSDT", "quantity": "1.00000000", "number": "1"}
    assert (await gate.buy()).status_code == 200


async def lose_ledger(gate: Gate) -> None:
    """Ends the gateway too."""
    await gate.stop()
    for file in (gate.data / "gateway").glob("demo.sqlite*"):
        file.unlink()


def make_lost(gate: Gate, symbol: str, own_id: str, quantity: str = "1", price: str = "80") -> int:
    """An order with a bot's mark that the ledger knows nothing of; its number at the exchange."""
    words = {"symbol": symbol, "side": "BUY", "type": "LIMIT", "quantity": quantity, "price": price}
    number: int = gate.venue.make({**words, "timeInForce": "GTC", "newClientOrderId": upstream_id(ONE, own_id)})[
        "orderId"
    ]
    return number


async def test_look_when_an_order_cannot_be_taken_in_then_it_is_found_and_all_else_goes_on(gate: Gate) -> None:
    """Its symbol is not listed any more, so that nobody can say what its amounts are of."""
    gate.venue.prices["DOGEUSDT"] = Decimal(100)
    number = make_lost(gate, "DOGEUSDT", "lost")
    await gate.restart()
    found = (await look(gate))["order_not_in_ledger"]
    assert (found["bot_id"], found["uncertain"], found["settles"]) == (ONE, True, True)
    assert (found["numbers"]["symbol"], found["numbers"]["number"]) == ("DOGEUSDT", str(number))
    assert "unreconciled finding=order_not_in_ledger" in (await gate.buy(price=90)).json()["msg"]
    assert (await gate.buy(OTHER, price=90)).status_code == 200
    assert await settle(gate, found) == {"by_bot": False}
    assert gate.venue.orders[number].status == "CANCELED"
    assert await look(gate) == {}
    assert (await gate.buy(price=90)).status_code == 200


async def test_open_when_the_ledger_was_lost_and_a_pair_is_listed_no_more_then_a_person_can_say_that_it_is_seen(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gate.buy(quantity=5, price=10, symbol="ETHUSDT")
    await gate.buy()
    await lose_ledger(gate)
    monkeypatch.delitem(SYMBOLS, "ETHUSDT")
    await gate.open()
    found = (await look(gate))["order_not_in_ledger"]
    assert (found["bot_id"], found["numbers"]["symbol"]) == (ONE, "ETHUSDT")
    assert gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"][0].quantity == Decimal("0.999")
    assert "unreconciled" in (await gate.buy(price=90)).json()["msg"]
    await settle(gate, found)
    assert await look(gate) == {}
    assert (await gate.buy(price=90)).status_code == 200


async def test_look_when_a_bot_took_the_name_of_an_order_that_is_taken_in_then_both_are(gate: Gate) -> None:
    """The ids that bots give are theirs to choose, also those that an older ledger will need."""
    name = upstream_id(ONE, "lost")
    await gate.buy(quantity="0.1", price=90, newClientOrderId=name)
    make_lost(gate, "BTCUSDT", "lost")
    assert await look(gate) == {}
    assert {entry.quantity for entry in gate.orders.ledger.read_unsettled(ONE)} == {Decimal("0.1"), Decimal(1)}


async def test_settle_when_the_list_of_open_orders_lagged_then_the_order_is_not_forgotten(gate: Gate) -> None:
    await gate.buy(price=90)
    lagging, gate.venue.listed = gate.venue.listed, lambda *_: []  # type: ignore[method-assign]
    found = (await look(gate))["order_not_at_exchange"]
    gate.venue.listed = lagging  # type: ignore[method-assign]
    await settle(gate, found)
    assert read_held(gate.orders.ledger).of(ONE) == 90
    assert await look(gate) == {}


async def test_settle_when_two_bots_lack_the_same_coins_then_they_are_written_off_once(gate: Gate) -> None:
    await gate.buy()
    await gate.buy(OTHER)
    await look(gate)
    gate.venue.balances["BTC"] = Decimal("0.999")
    for _ in range(2):
        await gate.orders.reconciler.look()
    told = (await gate.send("desk", "GET", DIFFERENCES)).json()["findings"]
    short = [one for one in told if one["kind"] == "balance_short"]
    assert {one["bot_id"] for one in short} == {ONE, OTHER}
    await asyncio.gather(*(settle(gate, one) for one in short))
    positions = gate.orders.ledger.holdings.read_positions()
    assert sum(position.quantity for position, _ in positions.values()) == Decimal("0.999")
    assert set(await look(gate)) == {"balance_changed"}


async def test_settle_when_the_exchange_is_silent_then_nothing_is_written_off(gate: Gate) -> None:
    await gate.buy()
    gate.venue.balances["BTC"] = Decimal("0.9")
    short = (await look(gate))["balance_short"]
    for _ in range(5):
        gate.venue.fault("GET", "/api/v3/account", "before_500")
    assert (await gate.send("desk", "POST", SETTLE, {"finding": short["id"]})).status_code >= 500
    assert gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"][0].quantity == Decimal("0.999")


async def test_settle_when_more_was_left_over_since_then_what_was_not_shown_stays(gate: Gate) -> None:
    for _ in range(2):
        await gate.buy()
        await gate.sell(quantity="0.96")
    found = (await look(gate))["left_over"]
    await gate.buy()
    await gate.sell(quantity="0.96")
    held = read_held(gate.orders.ledger).of(ONE)
    answer = await gate.send("desk", "POST", SETTLE, {"finding": found["id"]})
    assert answer.json()["code"] == -2013
    assert read_held(gate.orders.ledger).of(ONE) == held > 11


async def test_settle_when_the_bot_has_bought_since_then_what_was_not_shown_is_not_written_off(gate: Gate) -> None:
    await gate.buy()
    statement = {"statement": json.dumps({"bot": ONE, "held": {}, "orders": {}})}
    for _ in range(2):
        await gate.send("desk", "POST", "/gateway/statement", statement)
        gate.late_ms += 1
    found = (await look(gate))["bot_holds_less"]
    gate.venue.fill(gate.venue.orders[make_lost(gate, "BTCUSDT", "lost", price="90")], Decimal(1))
    await look(gate)
    answer = await gate.send("desk", "POST", SETTLE, {"finding": found["id"]})
    assert answer.json()["code"] == -2013
    assert gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"][0].quantity > 1


async def test_look_when_the_copy_of_a_request_rests_open_then_each_order_keeps_its_own_fills(gate: Gate) -> None:
    """What the exchange says of the copy is not said of the first, and no trade counts twice."""
    await gate.buy(newClientOrderId="mine")
    gate.venue.prices["BTCUSDT"] = Decimal("100.5")
    gate.venue.make(dict(gate.venue.seen[-1]))
    cancelled = await gate.send(ONE, "DELETE", "/api/v3/order", {"symbol": "BTCUSDT", "origClientOrderId": "mine"})
    assert cancelled.json()["code"] == -2011
    gate.venue.balances["USDT"] += 50
    await look(gate, times=4)
    entries = {entry.exchange_id: (str(entry.status), entry.filled) for entry in gate.orders.ledger.read_all()}
    assert entries == {1: ("filled", Decimal(1)), 2: ("open", Decimal(0))}
    assert gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"][0].quantity == Decimal("0.999")
    assert (await gate.sell(quantity="1.9", price=100)).json()["code"] == -2010


async def test_look_when_the_exchange_forgot_an_order_then_that_bot_enters_nothing_until_a_person_says_so(
    gate: Gate,
) -> None:
    told = (await gate.buy(price=90)).json()
    del gate.venue.orders[told["orderId"]]
    found = (await look(gate))["order_not_at_exchange"]
    assert (found["bot_id"], found["pair"], found["uncertain"], found["settles"]) == (ONE, "BTC/USDT", True, True)
    assert "unreconciled finding=order_not_at_exchange" in (await gate.buy(price=80)).json()["msg"]
    assert (await gate.buy(OTHER, price=80)).status_code == 200
    assert await settle(gate, found) == {"by_bot": False}
    assert (await gate.buy(price=80)).status_code == 200
    assert await look(gate) == {}


async def test_look_when_an_order_ended_there_unheard_then_it_is_asked_for_and_nothing_is_left(gate: Gate) -> None:
    told = (await gate.buy(price=90)).json()
    gate.venue.orders[told["orderId"]].status = "CANCELED"
    assert await look(gate) == {}
    assert gate.orders.ledger.read_unsettled() == []


async def test_look_when_fills_cannot_be_had_then_it_is_said_until_they_can(gate: Gate) -> None:
    await gate.buy(price=90)
    gate.venue.fill(gate.venue.open()[0], Decimal("0.4"))
    for _ in range(5):
        gate.venue.fault("GET", "/api/v3/myTrades", "before_500")
    await gate.orders.follower.go_round()
    found = (await look(gate))["fills_missing"]
    assert (found["numbers"]["missing"], found["uncertain"], found["settles"]) == ("0.4", True, False)
    gate.venue.faults.clear()
    assert await look(gate) == {}


async def test_look_when_coins_of_bots_are_gone_then_those_bots_enter_nothing_until_it_is_written_off(
    gate: Gate,
) -> None:
    await gate.buy()
    gate.venue.balances["BTC"] = Decimal("0.9")
    found = await look(gate)
    assert set(found) == {"balance_short", "balance_changed"}
    short = found["balance_short"]
    assert (short["bot_id"], short["pair"]) == (ONE, "BTC/USDT")
    assert short["numbers"] == {"asset": "BTC", "ledger": "0.999", "account": "0.9"}
    assert "unreconciled" in (await gate.buy(price=80)).json()["msg"]
    assert (await gate.buy(OTHER, quantity=1, price=80)).status_code == 200
    await settle(gate, short)
    await settle(gate, found["balance_changed"])
    assert await look(gate) == {}
    position = gate.orders.ledger.holdings.read_positions(ONE)[ONE, "BTC/USDT"][0]
    assert (position.quantity, position.realised) == (Decimal("0.9"), Decimal(0))
    assert (await gate.buy(price=80)).status_code == 200


@pytest.mark.parametrize("change", [Decimal(25), Decimal("-99000.5")])
async def test_look_when_money_comes_or_leaves_past_the_bots_then_it_is_told_once_and_holds_nobody_back(
    gate: Gate, change: Decimal
) -> None:
    await gate.buy()
    await look(gate)
    before = gate.venue.balances["USDT"]
    gate.venue.balances["USDT"] += change
    found = (await look(gate, times=3))["balance_changed"]
    assert found["uncertain"] is False
    numbers = {name: Decimal(found["numbers"][name]) for name in ("before", "now", "change")}
    assert numbers == {"before": before, "now": before + change, "change": change}
    await gate.restart()
    assert (await look(gate))["balance_changed"]["id"] == found["id"]
    await settle(gate, found)
    assert await look(gate) == {}


async def test_look_when_bots_trade_then_no_change_is_seen_with_a_commission_in_any_currency(gate: Gate) -> None:
    await look(gate)
    for asset in ("BTC", "USDT", "BNB"):
        gate.venue.fee_asset = asset
        await gate.buy(quantity="0.5")
        await gate.sell(quantity="0.2")
    gate.venue.fill(gate.venue.orders[(await gate.buy(price=90)).json()["orderId"]], Decimal("0.3"))
    assert await look(gate, times=3) == {}


async def test_open_when_the_ledger_was_lost_then_it_is_made_anew_from_the_exchange(gate: Gate) -> None:
    await gate.buy()
    await gate.sell(quantity="0.4", price=100)
    await gate.buy(price=90)
    await gate.buy(OTHER, quantity="0.5")
    gate.venue.make({**limit("BUY", 1, 50), "newClientOrderId": "owners"})
    books = gate.orders.ledger.holdings
    before, sales = books.read_positions(), books.read_sales(0)
    await lose_ledger(gate)
    await gate.open()
    assert gate.orders.ledger.holdings.read_positions() == before
    assert gate.orders.ledger.holdings.read_sales(0) == sales
    assert set(await look(gate)) == {"foreign_order"}
    assert (await gate.sell(quantity="0.5", price=100)).status_code == 200
    lines = Audit(gate.store).read_newest(20)
    assert [line.rule for line in lines].count("adopted") == 4


async def test_look_when_the_ledger_is_an_older_copy_then_what_it_lacks_is_taken_in(gate: Gate) -> None:
    await gate.buy()
    await look(gate)
    path = gate.data / "gateway" / "demo.sqlite"
    await gate.stop()
    kept = path.read_bytes()
    await gate.open()
    await gate.sell(quantity="0.9", price=100)
    before = gate.orders.ledger.holdings.read_positions()
    await gate.stop()
    path.write_bytes(kept)
    await gate.open()
    await look(gate, times=3)
    assert gate.orders.ledger.holdings.read_positions() == before
    assert await look(gate) == {}


async def test_differences_when_a_bot_asks_then_it_hears_that_this_is_not_for_it(gate: Gate) -> None:
    for method, path in (("GET", DIFFERENCES), ("POST", DIFFERENCES), ("POST", SETTLE), ("POST", "/gateway/statement")):
        assert (await gate.send(ONE, method, path)).json()["code"] == -2015
        gate.late_ms += 1  # The same words at the same moment have the same signature.


async def test_look_when_a_finding_comes_and_is_settled_then_both_stand_in_the_audit(gate: Gate) -> None:
    told = (await gate.buy(price=90)).json()
    del gate.venue.orders[told["orderId"]]
    await settle(gate, (await look(gate))["order_not_at_exchange"])
    lines = [line for line in Audit(gate.store).read_newest(10) if line.rule == "order_not_at_exchange"]
    assert [line.action["kind"] for line in lines] == ["wire_settled", "wire_difference"]


async def test_look_when_an_order_was_made_and_its_copy_refused_then_it_counts_as_what_it_is(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway hears the second answer: after the first there was nothing left to sell."""
    await gate.buy()
    await look(gate)
    make = gate.venue.make

    def make_twice(words: dict[str, str]) -> dict[str, Any]:
        make(words)
        raise No(-2010, "Account has insufficient balance for requested action.")

    monkeypatch.setattr(gate.venue, "make", make_twice)
    assert (await gate.sell(quantity="0.9", price=100)).json()["code"] == -2010
    monkeypatch.undo()
    assert await look(gate, times=3) == {}
    entry = gate.orders.ledger.find_at_exchange("BTCUSDT", 2)
    assert entry is not None
    assert (entry.status, entry.filled, entry.bot_id) == (Status.FILLED, Decimal("0.9"), ONE)
    assert gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"][0].quantity == Decimal("0.099")
    assert [line.rule for line in Audit(gate.store).read_newest(30)].count("appeared") == 1


async def test_look_when_a_person_asks_then_orders_that_nothing_points_at_are_taken_in_too(gate: Gate) -> None:
    """As one that was filled, and whose money was taken for the owner's."""
    await look(gate)
    gate.venue.fill(gate.venue.orders[make_lost(gate, "BTCUSDT", "lost")], Decimal(1))
    gate.venue.balances |= {"BTC": Decimal(50), "USDT": Decimal(100_000)}
    assert await look(gate, times=3) == {}
    assert gate.orders.ledger.holdings.read_positions() == {}
    gate.late_ms += 1  # The same words at the same moment have the same signature.
    assert (await gate.send("desk", "POST", DIFFERENCES)).status_code == 200
    assert gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"][0].quantity == Decimal("0.999")


async def test_look_when_the_cause_of_a_change_could_not_be_looked_for_then_it_is_not_taken_for_the_owners(
    gate: Gate,
) -> None:
    await gate.buy()
    await look(gate)
    twin = dict(gate.venue.seen[-1])
    gate.venue.make(twin)
    for _ in range(3):
        gate.venue.fault("GET", "/api/v3/allOrders", "before_500")
        with suppress(Exception):
            await gate.orders.reconciler.look()
    gate.venue.faults.clear()
    assert await look(gate, times=3) == {}
    assert gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"][0].quantity == Decimal("1.998")


@pytest.mark.parametrize("side", ["BUY", "SELL"])
async def test_look_when_one_order_came_to_two_at_the_exchange_then_both_are_counted_and_it_is_found(
    gate: Gate, side: str
) -> None:
    """The exchange knows a client id among open orders alone, and what is filled at once is not open."""
    await gate.buy()
    await gate.buy(OTHER)
    await look(gate)
    gate.venue.balances["BTC"] = Decimal("1.998")
    await look(gate, times=3)
    gate.venue.fault("POST", "/api/v3/order", "twice")
    await (gate.buy(quantity="0.5") if side == "BUY" else gate.sell(quantity="0.9"))
    twins = [order for order in gate.venue.orders.values() if len(gate.venue.by_client(order.client_id)) == 2]
    found = await look(gate, times=3)
    ledger = gate.orders.ledger
    assert {ledger.find_at_exchange("BTCUSDT", order.number) is not None for order in twins} == {True}
    positions = ledger.holdings.read_positions()
    if side == "BUY":
        assert positions[ONE, "BTC/USDT"][0].quantity == Decimal("1.998")
    else:
        assert positions[ONE, "BTC/USDT"][0].quantity == 0
        assert found["balance_short"]["bot_id"] == OTHER
    assert [line.rule for line in Audit(gate.store).read_newest(30)].count("adopted") == 1
