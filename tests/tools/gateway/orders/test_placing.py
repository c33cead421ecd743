"""An order from the wire to the exchange and back, over real HTTP."""

import asyncio
from decimal import Decimal

import httpx
import pytest
from sqlalchemy import text

from tests.tools.gateway.orders.gate import LIMITS, ONE, OTHER, Gate, limit, spec
from tools.bot import State
from tools.gateway.orders.entry import Status, upstream_id
from tools.gateway.orders.facts import read_held
from tools.guard.audit import Audit
from tools.store.tables import HoldRow

ORDER = "/api/v3/order"


async def test_place_when_all_is_well_then_it_is_made_once_and_answered_by_the_bots_own_id(gate: Gate) -> None:
    answer = await gate.buy(newClientOrderId="mine-1")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["clientOrderId"], told["status"], told["fills"][0]["commissionAsset"]) == ("mine-1", "FILLED", "BTC")
    assert [sent["newClientOrderId"] for sent in gate.venue.seen] == [upstream_id(ONE, "mine-1")]
    position, _ = gate.orders.ledger.holdings.read_positions()[ONE, "BTC/USDT"]
    assert (position.quantity, position.cost) == (Decimal("0.999"), Decimal(100))
    line = Audit(gate.store).read_newest(1)[0]
    assert (line.action_kind, line.verdict, line.risk, line.submission) == (
        "wire_order", "allow", "live", upstream_id(ONE, "mine-1"),
    )  # fmt: skip


async def test_place_when_a_client_id_was_used_then_it_is_a_duplicate_for_that_bot_alone(gate: Gate) -> None:
    assert (await gate.buy(newClientOrderId="same")).status_code == 200
    again = await gate.buy(newClientOrderId="same", quantity="0.5")
    assert (again.status_code, again.json()) == (400, {"code": -2010, "msg": "Duplicate order sent."})
    assert (await gate.buy(OTHER, newClientOrderId="same")).status_code == 200
    assert len(gate.venue.seen) == 2


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"quantity": "2.1"}, "trade_size"),
        ({"price": "106"}, "price_band"),
        ({"symbol": "XRPUSDT"}, None),
    ],
)
async def test_place_when_a_rule_is_against_it_then_nothing_is_sent(
    gate: Gate, changed: dict[str, str], rule: str | None
) -> None:
    answer = await gate.send(ONE, "POST", ORDER, limit("BUY", 1, 100) | changed)
    assert answer.status_code == 400
    assert answer.json()["code"] == (-2010 if rule else -1121)
    assert gate.venue.seen == []
    assert gate.orders.ledger.read_all() == []
    refusal = gate.orders.ledger.read_refusals()[0]
    assert refusal["rule"] == (rule or "wire_unreadable")
    assert Audit(gate.store).read_newest(1)[0].rule == refusal["rule"]


async def test_place_when_the_pair_is_not_of_the_bot_then_it_is_refused(gate: Gate) -> None:
    wanted = spec(pairs=["ETH/USDT"])
    gate.write_bot(ONE, wanted)
    gate.confirm(ONE, wanted)
    assert "pair_not_of_bot" in (await gate.buy()).text


async def test_place_when_two_bots_want_the_last_of_a_limit_then_one_gets_it(gate: Gate) -> None:
    answers = [await gate.buy(bot, 2, 99, symbol="BTCUSDT") for bot in (ONE, OTHER)]
    answers += [await gate.buy(bot, "19", "9.9", symbol="ETHUSDT") for bot in (ONE, OTHER)]
    assert [answer.status_code for answer in answers] == [200, 200, 400, 400]
    assert "bot_exposure" in answers[2].text
    gate.write_limits(LIMITS.model_copy(update={"max_total_exposure": Decimal(500)}))
    answers = [await gate.buy(bot, "10", "9.9", symbol="ETHUSDT") for bot in (ONE, OTHER)]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert "total_exposure" in answers[1].text


async def test_place_when_many_come_at_once_then_no_more_pass_than_fit(gate: Gate) -> None:
    # The exchange has time: what is asked here is who passes, not how soon a busy machine answers.
    gate.forwarder._timeout, gate.forwarder._recv_window_ms = httpx.Timeout(10).as_dict(), 10_000
    orders = [gate.buy(bot, "1", price) for price in range(90, 100) for bot in (ONE, OTHER)]
    answers = await asyncio.gather(*orders)
    passed = sum(answer.status_code == 200 for answer in answers)
    costs = [entry.due_cost for entry in gate.orders.ledger.read_unsettled()]
    assert passed == len(gate.venue.open()) == len(costs) == 4
    assert max(sum(costs[:2]), sum(costs[2:])) <= 200


async def test_place_when_the_ledger_cannot_be_written_then_nothing_leaves(gate: Gate) -> None:
    await gate.buy()
    gate.orders.ledger._connection.execute("PRAGMA query_only=ON")
    for answer in (await gate.buy(price=99), await gate.sell(quantity="0.5")):
        assert (answer.status_code, answer.json()["code"]) == (500, -1000)
    assert len(gate.venue.seen) == 1
    gate.orders.ledger._connection.execute("PRAGMA query_only=OFF")
    assert (await gate.sell(quantity="0.5")).status_code == 200


async def test_place_when_the_bot_is_held_or_panic_is_on_then_sales_pass_and_entries_do_not(gate: Gate) -> None:
    assert (await gate.buy()).status_code == 200
    holds = {"state=daily_loss": HoldRow(id="1", bot_id=ONE, rule="daily_loss"), "panic": HoldRow(id="2", rule="panic")}
    for told, hold in holds.items():
        with gate.store.session() as session:
            session.add(hold)
            session.commit()
        assert told in (await gate.buy(price=99)).text
    assert "panic" in (await gate.buy(OTHER, price=99)).text
    gate.write_bot(ONE, spec(), State.STOPPED)
    assert (await gate.sell(quantity="0.5")).status_code == 200
    gate.store.path.rename(gate.store.path.with_suffix(".gone"))
    gate.store.close()
    assert (await gate.sell(quantity="0.2")).status_code == 200
    assert "unrecordable" in (await gate.buy()).text
    assert len(gate.venue.seen) == 3


async def test_place_when_more_is_sold_than_the_bot_holds_then_the_owners_own_is_safe(gate: Gate) -> None:
    assert (await gate.sell()).json()["code"] == -2010
    await gate.buy()
    answers = [await gate.sell(quantity=quantity, price=200) for quantity in ("1", "0.999", "0.001")]
    assert [answer.status_code for answer in answers] == [400, 200, 400]
    assert "insufficient balance" in answers[0].json()["msg"]
    assert (await gate.sell(OTHER, "0.001")).status_code == 400


async def test_place_when_at_market_then_it_leaves_with_a_bound_and_comes_back_as_it_was(gate: Gate) -> None:
    words = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "1.5"}
    told = (await gate.send(ONE, "POST", ORDER, words)).json()
    sent = gate.venue.seen[0]
    assert (sent["type"], sent["timeInForce"], sent["price"]) == ("LIMIT", "IOC", "101")
    assert (told["type"], told["price"], told["status"]) == ("MARKET", "0.00000000", "FILLED")
    gate.venue.prices["BTCUSDT"] = Decimal(130)
    gate.prices.known = False
    assert "unknown_price" in (await gate.send(ONE, "POST", ORDER, words)).text
    assert (await gate.send(ONE, "POST", ORDER, {**words, "side": "SELL", "quantity": "0.4"})).status_code == 200
    assert gate.venue.seen[1]["type"] == "MARKET"
    asked = (await gate.send(ONE, "GET", ORDER, {"symbol": "BTCUSDT", "orderId": told["orderId"]})).json()
    assert (asked["type"], asked["clientOrderId"]) == ("MARKET", told["clientOrderId"])


async def test_place_when_the_price_is_old_then_no_entry_passes(gate: Gate) -> None:
    gate.prices.age_s = 31
    assert "stale_snapshot" in (await gate.buy()).text


async def test_place_when_the_audit_cannot_be_written_then_entries_do_not_pass_and_sales_do(gate: Gate) -> None:
    await gate.buy()
    with gate.store.engine.begin() as connection:
        connection.execute(text("CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END"))
    assert "unrecordable" in (await gate.buy(price=99)).text
    assert (await gate.sell(quantity="0.5")).status_code == 200
    statuses = [entry.status for entry in gate.orders.ledger.read_all()]
    assert sorted(statuses) == [Status.FILLED, Status.FILLED, Status.REFUSED]


async def test_place_when_the_bot_is_deleted_then_it_can_still_sell_what_it_holds(gate: Gate) -> None:
    await gate.buy()
    with gate.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM bot"))
    assert "bot_gone" in (await gate.buy(price=99)).text
    assert (await gate.sell(quantity="0.5")).status_code == 200


async def test_place_when_a_stop_is_on_the_exchange_then_it_locks_and_cancelling_frees(gate: Gate) -> None:
    await gate.buy()
    stop = {**limit("SELL", "0.999", 80, newClientOrderId="stop"), "type": "STOP_LOSS_LIMIT", "stopPrice": "81"}
    assert (await gate.send(ONE, "POST", ORDER, stop)).json()["status"] == "NEW"
    assert (await gate.sell(quantity="0.5")).status_code == 400
    named = {"symbol": "BTCUSDT", "origClientOrderId": "stop"}
    assert (await gate.send(OTHER, "DELETE", ORDER, named)).json()["code"] == -2011
    cancelled = (await gate.send(ONE, "DELETE", ORDER, named)).json()
    assert (cancelled["status"], cancelled["origClientOrderId"]) == ("CANCELED", "stop")
    assert (await gate.sell(quantity="0.999")).status_code == 200
    assert gate.orders.ledger.read_unsettled() == []


async def test_place_when_an_entry_was_filled_unseen_then_the_sale_is_judged_by_what_is_there(gate: Gate) -> None:
    await gate.buy(price=90)
    gate.venue.fill(gate.venue.open()[0], Decimal(1), Decimal(90))
    assert (await gate.sell(quantity="0.999")).status_code == 200


async def test_place_when_trades_lose_then_the_day_and_the_streak_count(gate: Gate) -> None:
    gate.write_limits(LIMITS.model_copy(update={"max_loss_streak": 2}))
    gate.confirm(ONE, spec(name=ONE), LIMITS.model_copy(update={"max_loss_streak": 2}))
    for _ in range(2):
        assert (await gate.buy()).status_code == 200
        assert (await gate.sell(quantity="0.999", price=100)).status_code == 200
    assert "loss_streak" in (await gate.buy()).text
    gate.write_limits(LIMITS.model_copy(update={"max_daily_loss": Decimal("0.1"), "max_loss_streak": 2}))
    assert "daily_loss" in (await gate.buy(OTHER)).text


async def test_place_when_dust_is_left_then_the_next_entry_is_a_trade_of_its_own(gate: Gate) -> None:
    gate.write_limits(LIMITS.model_copy(update={"max_open_trades": 1}))
    await gate.buy()
    assert (await gate.sell(quantity="0.95")).status_code == 200
    ether = (await gate.buy(quantity=5, price=9, symbol="ETHUSDT")).json()
    assert "open_trades" in (await gate.buy()).text
    await gate.send(ONE, "DELETE", ORDER, {"symbol": "ETHUSDT", "orderId": ether["orderId"]})
    assert (await gate.buy()).status_code == 200
    assert "open_trades" in (await gate.buy(quantity=5, price=9, symbol="ETHUSDT")).text


async def test_sell_when_what_is_left_cannot_be_sold_then_it_is_no_position_and_still_counts_as_exposure(
    gate: Gate,
) -> None:
    """Freqtrade sells whole lots of what one trade bought and forgets the rest, which adds up from trade to trade."""
    for times in (1, 2):
        await gate.buy(quantity=1)
        await gate.sell(quantity="0.96")
        holdings = gate.orders.ledger.holdings
        position, _ = holdings.read_positions(ONE)[ONE, "BTC/USDT"]
        assert (position.quantity, position.cost) == (0, 0)
        left, cost = holdings.read_released()[ONE, "BTC/USDT"]
        assert (left, cost.quantize(Decimal("0.0001"))) == (times * Decimal("0.039"), times * Decimal("3.9039"))
    await gate.buy(quantity=1)
    await gate.sell(quantity="0.5")
    assert gate.orders.ledger.holdings.read_positions(ONE)[ONE, "BTC/USDT"][0].quantity == Decimal("0.499")
    held = read_held(gate.orders.ledger)
    assert held.of(ONE) == gate.orders.ledger.holdings.read_positions(ONE)[ONE, "BTC/USDT"][0].cost + cost
    assert held.count(ONE) == 1
