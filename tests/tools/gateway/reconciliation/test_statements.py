"""What a bot believes beside the ledger."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.tools.gateway.orders.gate import ONE, OTHER, Gate
from tests.tools.gateway.reconciliation.test_reconciler import look, settle
from tools.store.tables import BotRow


async def state(gate: Gate, held: dict[str, str], orders: dict[int, str] | None = None, times: int = 2) -> Any:
    """The last answer, of so many statements of one bot."""
    told = {"statement": json.dumps({"bot": ONE, "held": held, "orders": orders or {}})}
    for _ in range(times):
        answer = await gate.send("desk", "POST", "/gateway/statement", told)
        assert answer.status_code == 200, answer.text
        gate.late_ms += 1  # The same words at the same moment have the same signature.
    return answer.json()


async def test_hear_when_the_bot_says_the_same_then_nothing_is_found(gate: Gate) -> None:
    await gate.buy()
    number = (await gate.buy(price=90)).json()["orderId"]
    assert await state(gate, {"BTC/USDT": "0.999"}, {number: "BTC/USDT"}) == {"again": False}
    assert await state(gate, {"BTC/USDT": "0.9985"}, {number: "BTC/USDT"}) == {"again": False}, "lots break off dust"
    assert await state(gate, {"BTC/USDT": "0.99900000000000011"}, {number: "BTC/USDT"}) == {"again": False}, (
        "a fraction"
    )
    assert await look(gate) == {}


async def test_hear_when_the_bot_did_not_learn_of_a_commission_then_it_is_told_however_little_that_is(
    gate: Gate,
) -> None:
    """Its stop-loss would be for coins that it does not have, and be refused each time."""
    await gate.buy()
    refused = await gate.sell(quantity="0.9995", price=50)
    assert "beyond_inventory" in gate.orders.ledger.read_refusals()[0]["rule"], refused.text
    await state(gate, {"BTC/USDT": "0.9995"})
    assert (await look(gate))["bot_holds_more"]["numbers"] == {"bot": "0.9995", "ledger": "0.999"}


@pytest.mark.parametrize(("said", "kind"), [("1.5", "bot_holds_more"), ("0.2", "bot_holds_less")])
async def test_hear_when_the_bot_says_another_amount_then_it_enters_nothing_and_the_other_does(
    gate: Gate, said: str, kind: str
) -> None:
    await gate.buy()
    assert await state(gate, {"BTC/USDT": said}, times=1) == {"again": True}
    assert await look(gate) == {}
    await state(gate, {"BTC/USDT": said}, times=1)
    found = (await look(gate))[kind]
    assert (found["bot_id"], found["pair"], found["numbers"]) == (ONE, "BTC/USDT", {"bot": said, "ledger": "0.999"})
    assert f"unreconciled finding={kind}" in (await gate.buy(price=90)).json()["msg"]
    assert (await gate.buy(OTHER, price=90)).status_code == 200
    await state(gate, {"BTC/USDT": "0.999"}, times=1)
    assert await look(gate) == {}


async def test_settle_when_the_bot_holds_less_then_the_ledger_follows_it(gate: Gate) -> None:
    await gate.buy()
    await state(gate, {})
    assert await settle(gate, (await look(gate))["bot_holds_less"]) == {"by_bot": False}
    assert gate.orders.ledger.holdings.read_positions(ONE)[ONE, "BTC/USDT"][0].quantity == Decimal(0)
    assert await state(gate, {}) == {"again": False}
    assert await look(gate) == {}


async def test_settle_when_it_is_the_bot_that_is_wrong_then_it_is_left_to_it(gate: Gate) -> None:
    await state(gate, {"ETH/USDT": "3"}, {99: "ETH/USDT"})
    found = await look(gate)
    assert set(found) == {"bot_holds_more", "order_only_in_bot"}
    for finding in found.values():
        assert await settle(gate, finding) == {"by_bot": True}
    assert set(await look(gate)) == set(found)


async def test_settle_when_the_bot_does_not_know_an_order_then_it_is_taken_back(gate: Gate) -> None:
    await gate.buy(price=90)
    await state(gate, {})
    await settle(gate, (await look(gate))["order_not_in_bot"])
    assert gate.venue.open() == []
    assert gate.orders.ledger.read_unsettled() == []
    assert await look(gate) == {}


async def test_hear_when_an_order_is_filled_in_part_then_its_pair_waits(gate: Gate) -> None:
    await gate.buy(price=90)
    gate.venue.fill(gate.venue.open()[0], Decimal("0.4"))
    await gate.orders.follower.go_round()
    assert await state(gate, {}, {1: "BTC/USDT"}) == {"again": False}


@pytest.mark.parametrize(
    "statement",
    ["", "[]", "{}", '{"bot":1,"held":[],"orders":{}}', '{"bot":"a","held":{"BTC/USDT":"NaN"},"orders":{}}',
     '{"bot":"a","held":{"BTC/USDT":"-1"},"orders":{}}', '{"bot":"a","held":{},"orders":{"x":"BTC/USDT"}}'],
)  # fmt: skip
async def test_hear_when_it_cannot_be_read_then_it_is_refused(gate: Gate, statement: str) -> None:
    answer = await gate.send("desk", "POST", "/gateway/statement", {"statement": statement})
    assert (answer.status_code, answer.json()["code"]) == (400, -1130)


async def test_settle_when_there_is_no_such_finding_then_it_is_said(gate: Gate) -> None:
    assert (await gate.send("desk", "POST", "/gateway/settle", {"finding": "0" * 16})).json()["code"] == -2013


async def test_look_when_the_bot_is_gone_then_what_it_said_is_gone_too(gate: Gate) -> None:
    await state(gate, {"ETH/USDT": "3"})
    assert set(await look(gate)) == {"bot_holds_more"}
    with gate.store.session() as session:
        session.delete(session.get_one(BotRow, ONE))
        session.commit()
    assert await look(gate) == {}
