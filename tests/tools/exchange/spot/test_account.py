"""An account's balances, trades, rates and rights, and what the wallet says of it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.exchange.spot.trader import ORDER, Trader

LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "90000",
}


def test_account_when_read_then_in_binances_shape(trader: Trader) -> None:
    account = trader.read("/api/v3/account")
    assert set(account) == {
        "makerCommission", "takerCommission", "buyerCommission", "sellerCommission", "commissionRates", "canTrade",
        "canWithdraw", "canDeposit", "brokered", "requireSelfTradePrevention", "preventSor", "updateTime",
        "accountType", "balances", "permissions", "uid",
    }  # fmt: skip
    assert (account["makerCommission"], account["commissionRates"]["taker"]) == (10, "0.00100000")
    assert (account["uid"], account["canTrade"], account["canWithdraw"]) == (trader.uid, True, False)
    assert len(account["balances"]) >= 15
    short = trader.read("/api/v3/account", omitZeroBalances="true")["balances"]
    assert {one["asset"]: one["free"] for one in short} == {"BTC": "2.00000000", "USDT": "100000.00000000"}


def test_trades_when_narrowed_then_those(trader: Trader, exchange: Any) -> None:
    orders = [trader.place("BUY", "MARKET", quantity="0.001") for _ in range(3)]
    numbers = [order["fills"][0]["tradeId"] for order in orders]

    def read(**params: Any) -> list[int]:
        return [trade["id"] for trade in trader.read("/api/v3/myTrades", symbol="BTCUSDT", **params)]

    assert read() == numbers
    assert read(limit=2) == numbers[1:]
    assert read(orderId=orders[1]["orderId"]) == numbers[1:2]
    assert read(fromId=numbers[1]) == numbers[1:]
    assert read(startTime=exchange.now_ms + 1) == []
    assert trader.refused("GET", "/api/v3/myTrades", symbol="BTCUSDT", fromId=1, startTime=1)[1] == -1128


def test_order_count_when_orders_are_placed_then_those_that_did_not_trade(trader: Trader, exchange: Any) -> None:
    trader.call("POST", ORDER, **LIMIT)
    trader.place("BUY", "MARKET", quantity="0.001")
    assert [limit["count"] for limit in trader.read("/api/v3/rateLimit/order")] == [1, 1]
    exchange.now_ms += 10_000
    assert [limit["count"] for limit in trader.read("/api/v3/rateLimit/order")] == [0, 1]


def test_wallet_when_read_then_what_there_is(trader: Trader) -> None:
    coins = {coin["coin"]: coin for coin in trader.read("/sapi/v1/capital/config/getall")}
    assert (coins["BTC"]["free"], coins["ETH"]["free"]) == ("2.00000000", "0.00000000")
    fees = trader.read("/sapi/v1/asset/tradeFee", symbol="BTCUSDT")
    assert fees == [{"symbol": "BTCUSDT", "makerCommission": "0.001", "takerCommission": "0.001"}]
    assert trader.read("/sapi/v1/spot/delist-schedule") == []
    assert trader.read("/sapi/v1/account/status") == {"data": "Normal"}
    assert trader.read("/api/v3/account/commission", symbol="BTCUSDT")["standardCommission"]["maker"] == "0.00100000"


def test_restrictions_when_changed_then_shown_and_held_to(trader: Trader, exchange: Any) -> None:
    path = "/sapi/v1/account/apiRestrictions"
    assert (trader.read(path)["enableSpotAndMarginTrading"], trader.read(path)["enableWithdrawals"]) == (True, False)
    changed = exchange.client.patch(f"/demo/accounts/{trader.uid}", json={"canTrade": False, "ipRestrict": True})
    assert changed.json() == {
        "uid": trader.uid, "canTrade": False, "enableReading": True, "enableWithdrawals": False, "ipRestrict": True,
    }  # fmt: skip
    assert (trader.read(path)["enableSpotAndMarginTrading"], trader.read(path)["ipRestrict"]) == (False, True)
    assert trader.read("/api/v3/account")["canTrade"] is False
    assert trader.refused("POST", ORDER, **LIMIT)[:2] == (401, -2015)
    exchange.client.patch(f"/demo/accounts/{trader.uid}", json={"enableReading": False})
    assert trader.refused("GET", path)[:2] == (401, -2015)


def test_orders_when_time_passes_then_they_fill_on_their_own(exchange: Any, open_trader: Callable[..., Trader]) -> None:
    trader = open_trader(USDT="1000000")
    book = exchange.read("/api/v3/depth", symbol="BTCUSDT", limit=5)
    order = trader.place("BUY", "LIMIT", timeInForce="GTC", quantity="1", price=book["bids"][0][0])
    assert order["status"] == "NEW"
    told: list[dict[str, Any]] = []
    trader.desk.listeners.append(lambda _, event: told.append(event))
    exchange.now_ms += 60_000
    trader.desk.advance(exchange.now_ms)
    after = trader.read(ORDER, symbol="BTCUSDT", orderId=order["orderId"])
    assert after["status"] in {"PARTIALLY_FILLED", "FILLED"}
    assert any(event.get("x") == "TRADE" and event["m"] for event in told)
    trades = trader.read("/api/v3/myTrades", symbol="BTCUSDT")
    assert {trade["price"] for trade in trades} == {order["price"]}
    assert sum(float(trade["qty"]) for trade in trades) == pytest.approx(float(after["executedQty"]))


def test_ledger_when_read_then_every_asset_sums_to_zero(trader: Trader, exchange: Any) -> None:
    trader.place("SELL", "MARKET", quantity="0.5")
    ledger = exchange.read("/demo/ledger")
    assert ledger["totals"] == {"BTC": "0.00000000", "USDT": "0.00000000"}
    assert ledger["balances"]["deposits"]["BTC"]["free"] == "-2.00000000"
    assert ledger["balances"]["house"]["BTC"]["free"] == "0.50000000"
    assert ledger["balances"][str(trader.uid)]["BTC"] == {"free": "1.50000000", "locked": "0.00000000"}
