"""A bot sees its own and nothing else; the desk sees all and places nothing."""

import asyncio
from decimal import Decimal

import pytest

from tests.tools.gateway.orders.gate import ONE, OTHER, Gate, limit
from tools.store.tables import BotRow

ORDER, ACCOUNT = "/api/v3/order", "/api/v3/account"


def balances(told: dict[str, list[dict[str, str]]]) -> dict[str, tuple[str, str]]:
    return {one["asset"]: (one["free"], one["locked"]) for one in told["balances"]}


async def test_read_account_when_the_owner_holds_more_then_only_the_bots_own_is_told(gate: Gate) -> None:
    told = (await gate.send(ONE, "GET", ACCOUNT)).json()
    assert balances(told) == {"USDT": ("300.00000000", "0.00000000")}
    assert "uid" not in told
    assert told["canTrade"] is True
    await gate.buy()
    await gate.buy(price=90)
    await gate.sell(quantity="0.5", price=150)
    told = (await gate.send(ONE, "GET", ACCOUNT)).json()
    assert balances(told) == {"USDT": ("110.00000000", "90.00000000"), "BTC": ("0.49900000", "0.50000000")}
    assert balances((await gate.send(OTHER, "GET", ACCOUNT)).json()) == {"USDT": ("300.00000000", "0.00000000")}
    gate.venue.balances["USDT"] = Decimal(7)
    assert balances((await gate.send(OTHER, "GET", ACCOUNT)).json()) == {"USDT": ("7.00000000", "0.00000000")}


async def test_read_orders_when_another_bot_has_some_then_they_are_not_there(gate: Gate) -> None:
    mine = (await gate.buy(price=90, newClientOrderId="m")).json()
    await gate.buy(OTHER, price=91, newClientOrderId="o")
    gate.venue.make({**limit("BUY", 1, 50), "newClientOrderId": "owners"})
    for path in ("/api/v3/openOrders", "/api/v3/allOrders"):
        told = (await gate.send(ONE, "GET", path, {"symbol": "BTCUSDT"})).json()
        assert [(one["orderId"], one["clientOrderId"]) for one in told] == [(mine["orderId"], "m")]
        assert len((await gate.send("desk", "GET", path, {"symbol": "BTCUSDT"})).json()) == 3
    named = {"symbol": "BTCUSDT", "orderId": mine["orderId"]}
    assert (await gate.send(ONE, "GET", ORDER, named)).json()["clientOrderId"] == "m"
    for words in (named, {"symbol": "BTCUSDT", "origClientOrderId": "m"}, {"symbol": "BTCUSDT", "orderId": 3}):
        assert (await gate.send(OTHER, "GET", ORDER, words)).json()["code"] == -2013
        await asyncio.sleep(0.002)  # The same words at the same moment have the same signature.
        assert (await gate.send(OTHER, "DELETE", ORDER, words)).json()["code"] == -2011
    assert len(gate.venue.open()) == 3


async def test_read_trades_when_others_trade_too_then_only_the_bots_are_told(gate: Gate) -> None:
    mine = (await gate.buy()).json()["orderId"]
    other = (await gate.buy(OTHER)).json()["orderId"]
    told = (await gate.send(ONE, "GET", "/api/v3/myTrades", {"symbol": "BTCUSDT"})).json()
    assert [one["orderId"] for one in told] == [mine]
    words = {"symbol": "BTCUSDT", "orderId": other}
    assert (await gate.send(ONE, "GET", "/api/v3/myTrades", words)).json() == []
    assert len((await gate.send("desk", "GET", "/api/v3/myTrades", {"symbol": "BTCUSDT"})).json()) == 2


async def test_read_coins_when_the_owner_has_some_then_no_amount_is_told(gate: Gate) -> None:
    told = (await gate.send(ONE, "GET", "/sapi/v1/capital/config/getall")).json()
    assert (told[0]["free"], told[0]["locked"], told[0]["name"]) == ("0", "0", "Bitcoin")
    assert (await gate.send(ONE, "GET", "/sapi/v1/asset/tradeFee", {"symbol": "BTCUSDT"})).status_code == 200


@pytest.mark.parametrize("side", ["BUY", "SELL"])
async def test_place_when_the_desk_asks_then_it_may_not(gate: Gate, side: str) -> None:
    answer = await gate.send("desk", "POST", ORDER, limit(side, 1, 100))
    assert (answer.status_code, answer.json()["code"]) == (401, -2015)
    assert gate.venue.seen == []


async def test_cancel_when_the_desk_asks_then_any_order_goes_and_the_ledger_knows(gate: Gate) -> None:
    mine = (await gate.buy(price=90)).json()["orderId"]
    assert (await gate.send("desk", "DELETE", ORDER, {"symbol": "BTCUSDT", "orderId": mine})).status_code == 200
    assert gate.orders.ledger.read_unsettled() == []
    gate.venue.make({**limit("BUY", 1, 50), "newClientOrderId": "owners"})
    words = {"symbol": "BTCUSDT", "origClientOrderId": "owners"}
    assert (await gate.send("desk", "DELETE", ORDER, words)).status_code == 200
    assert gate.venue.open() == []


async def test_fill_when_the_fee_is_in_a_third_currency_then_inventory_is_what_was_bought(gate: Gate) -> None:
    gate.venue.fee_asset = "BNB"
    await gate.buy()
    assert (await gate.sell(quantity="1")).status_code == 200


async def test_buy_when_the_bot_was_made_on_another_exchange_then_nothing_of_it_is_sent(gate: Gate) -> None:
    with gate.store.session() as session:
        session.get_one(BotRow, ONE).venue = "binance"
        session.commit()
    refused = (await gate.buy()).json()
    assert (refused["code"], refused["msg"]) == (-2010, "Refused by Tradehelm: other_venue venue=binance now=demo")
    assert (await gate.buy(OTHER)).status_code == 200
    assert len(gate.venue.orders) == 1
