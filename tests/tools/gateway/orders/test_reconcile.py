"""The ledger beside the exchange: each difference is found, and where there is none nothing is."""

from decimal import Decimal

from tests.tools.gateway.orders.gate import ONE, Gate, limit
from tools.gateway.orders.entry import upstream_id
from tools.gateway.orders.reconcile import Finding, read_sides, reconcile


async def found(gate: Gate) -> dict[str, Finding]:
    return {one.kind: one for one in reconcile(await read_sides(gate.orders.ledger, gate.forwarder))}


async def test_reconcile_when_both_agree_then_nothing_is_found(gate: Gate) -> None:
    await gate.buy()
    await gate.buy(price=90)
    await gate.sell(quantity="0.5", price=150)
    assert await found(gate) == {}


async def test_reconcile_when_they_differ_then_each_difference_is_named(gate: Gate) -> None:
    await gate.buy()
    told = (await gate.buy(price=90)).json()
    gate.venue.make({**limit("BUY", 1, 50), "newClientOrderId": "owners"})
    lost = upstream_id(ONE, "lost")
    gate.venue.make({**limit("BUY", 1, 50), "newClientOrderId": lost})
    gate.venue.orders[told["orderId"]].status = "CANCELED"
    gate.venue.balances["BTC"] = Decimal("0.9")
    findings = await found(gate)
    assert set(findings) == {"foreign_order", "order_not_in_ledger", "order_not_at_exchange", "balance_short"}
    assert (findings["order_not_in_ledger"].bot_id, findings["order_not_in_ledger"].numbers["order"]) == (ONE, lost)
    assert findings["balance_short"].numbers == {"asset": "BTC", "ledger": "0.999", "account": "0.9"}


async def test_reconcile_when_fills_are_missing_then_it_is_said(gate: Gate) -> None:
    await gate.buy(price=90)
    gate.venue.fill(gate.venue.open()[0], Decimal("0.4"))
    gate.venue.fault("GET", "/api/v3/myTrades", "before_500")
    await gate.orders.follower.go_round()
    assert (await found(gate))["fills_missing"].numbers["missing"] == "0.4"
    await gate.orders.follower.go_round()
    assert await found(gate) == {}
