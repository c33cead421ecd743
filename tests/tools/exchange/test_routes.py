"""The other endpoints: shapes, filters, and Binance's codes."""

import json
from typing import Any

import pytest

from tools.exchange.clock import HOUR_MS, SECOND_MS

DAY_FULL = {
    "symbol", "priceChange", "priceChangePercent", "weightedAvgPrice", "prevClosePrice", "lastPrice", "lastQty",
    "bidPrice", "bidQty", "askPrice", "askQty", "openPrice", "highPrice", "lowPrice", "volume", "quoteVolume",
    "openTime", "closeTime", "firstId", "lastId", "count",
}  # fmt: skip
DAY_ONLY_IN_FULL = {
    "priceChange", "priceChangePercent", "weightedAvgPrice", "prevClosePrice", "lastQty", "bidPrice", "bidQty",
    "askPrice", "askQty",
}  # fmt: skip


def test_ping_and_time_when_read_then_binances_bodies(exchange: Any, now_ms: int) -> None:
    assert exchange.read("/api/v3/ping") == {}
    assert exchange.read("/api/v3/time") == {"serverTime": now_ms}


def test_exchange_info_when_read_then_all_pairs_with_their_rules(exchange: Any) -> None:
    info = exchange.read("/api/v3/exchangeInfo")
    assert len(info["symbols"]) >= 14
    assert {limit["rateLimitType"] for limit in info["rateLimits"]} == {"REQUEST_WEIGHT", "ORDERS", "RAW_REQUESTS"}
    bitcoin = info["symbols"][0]
    filters = {entry["filterType"]: entry for entry in bitcoin["filters"]}
    assert (bitcoin["symbol"], bitcoin["status"], bitcoin["permissionSets"]) == ("BTCUSDT", "TRADING", [["SPOT"]])
    assert filters["PRICE_FILTER"]["tickSize"] == "0.01000000"
    assert filters["LOT_SIZE"]["stepSize"] == filters["LOT_SIZE"]["minQty"] == "0.00001000"
    assert filters["NOTIONAL"]["minNotional"] == "5.00000000"
    assert {"PERCENT_PRICE_BY_SIDE", "MARKET_LOT_SIZE"} <= set(filters)


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"symbol": "ETHUSDT"}, ["ETHUSDT"]),
        ({"symbols": '["ETHUSDT","BTCUSDT"]'}, ["ETHUSDT", "BTCUSDT"]),
        ({"permissions": "MARGIN"}, []),
        ({"permissions": '["MARGIN","LEVERAGED"]'}, []),
        ({"symbolStatus": "HALT"}, []),
    ],
)
def test_exchange_info_when_narrowed_then_only_those(exchange: Any, params: dict[str, str], names: list[str]) -> None:
    assert [entry["symbol"] for entry in exchange.read("/api/v3/exchangeInfo", **params)["symbols"]] == names


@pytest.mark.parametrize("permissions", ["SPOT", '["SPOT","MARGIN"]'])
def test_exchange_info_when_spot_is_permitted_then_all(exchange: Any, permissions: str) -> None:
    assert len(exchange.read("/api/v3/exchangeInfo", permissions=permissions)["symbols"]) >= 14


@pytest.mark.parametrize("path", ["price", "bookTicker", "24hr"])
def test_ticker_when_one_some_or_all_then_object_or_list(exchange: Any, path: str) -> None:
    ticker = f"/api/v3/ticker/{path}"
    assert exchange.read(ticker, symbol="BTCUSDT")["symbol"] == "BTCUSDT"
    some = exchange.read(ticker, symbols=json.dumps(["XRPUSDT", "BTCUSDT"]))
    assert [entry["symbol"] for entry in some] == ["XRPUSDT", "BTCUSDT"]
    assert len(exchange.read(ticker)) >= 14


def test_day_ticker_when_read_then_the_last_1440_minutes(exchange: Any) -> None:
    day = exchange.read("/api/v3/ticker/24hr", symbol="BTCUSDT")
    klines = exchange.read("/api/v3/klines", symbol="BTCUSDT", interval="1m", limit=1_000)
    older = exchange.read("/api/v3/klines", symbol="BTCUSDT", interval="1m", limit=440, endTime=klines[0][0] - 1)
    klines = older + klines
    assert set(day) == DAY_FULL
    assert day["openPrice"] == klines[0][1]
    assert day["highPrice"] == max((kline[2] for kline in klines), key=float)
    assert day["lowPrice"] == min((kline[3] for kline in klines), key=float)
    assert float(day["volume"]) == pytest.approx(sum(float(kline[5]) for kline in klines))
    assert day["count"] == sum(kline[8] for kline in klines)
    assert float(day["lowPrice"]) < float(day["weightedAvgPrice"]) < float(day["highPrice"])


def test_day_ticker_when_mini_then_fewer_fields(exchange: Any) -> None:
    mini = exchange.read("/api/v3/ticker/24hr", symbol="BTCUSDT", type="MINI")
    assert set(mini) == DAY_FULL - DAY_ONLY_IN_FULL


def test_average_price_when_read_then_within_the_last_five_minutes(exchange: Any) -> None:
    average = exchange.read("/api/v3/avgPrice", symbol="BTCUSDT")
    klines = exchange.read("/api/v3/klines", symbol="BTCUSDT", interval="1m", limit=5)
    assert average["mins"] == 5
    assert min(float(k[3]) for k in klines) <= float(average["price"]) <= max(float(k[2]) for k in klines)


@pytest.mark.parametrize("name", ["BTCUSDT", "DOGEUSDT", "TRXUSDT"])
def test_depth_when_read_then_sorted_uncrossed_and_stable(exchange: Any, name: str) -> None:
    depth = exchange.read("/api/v3/depth", symbol=name, limit=500)
    bids, asks = ([float(price) for price, _ in depth[side]] for side in ("bids", "asks"))
    assert len(bids) == len(asks) == 500
    assert bids == sorted(set(bids), reverse=True)
    assert asks == sorted(set(asks))
    assert bids[0] < asks[0]
    assert all(float(quantity) > 0 for side in ("bids", "asks") for _, quantity in depth[side])
    assert exchange.read("/api/v3/depth", symbol=name, limit=5)["bids"] == depth["bids"][:5]
    assert len(exchange.read("/api/v3/depth", symbol=name)["asks"]) == 100


def test_trades_when_read_then_the_latest_and_never_the_future(exchange: Any, now_ms: int) -> None:
    trades = exchange.read("/api/v3/trades", symbol="BTCUSDT")
    assert len(trades) == 500
    assert [trade["id"] for trade in trades] == sorted({trade["id"] for trade in trades})
    assert now_ms - SECOND_MS < trades[-1]["time"] <= now_ms


def test_aggregate_trades_when_bounded_then_binances_meaning(exchange: Any, now_ms: int) -> None:
    path, start = "/api/v3/aggTrades", now_ms // HOUR_MS * HOUR_MS - HOUR_MS
    first = exchange.read(path, symbol="BTCUSDT", startTime=start, endTime=start + HOUR_MS, limit=70)
    assert [trade["T"] for trade in first] == [start + n * SECOND_MS for n in range(70)]
    again = exchange.read(path, symbol="BTCUSDT", fromId=first[10]["a"], limit=5)
    assert again == first[10:15]
    before = exchange.read(path, symbol="BTCUSDT", endTime=first[9]["T"], limit=10)
    assert before == first[:10]
    assert exchange.read(path, symbol="BTCUSDT", startTime=now_ms + HOUR_MS) == []
    assert exchange.read(path, symbol="BTCUSDT", fromId=2**62) == []


def test_status_when_synthetic_then_it_says_so(exchange: Any) -> None:
    status = exchange.read("/demo/status")
    assert (status["source"], status["synthetic"], status["seed"]) == ("synthetic", True, 7)
    assert len(status["pairs"]) >= 14
    assert status["pairs"][0] == "BTC/USDT"
    assert status["now"] == status["data_to"] == "2026-11-22T07:47:05.400Z"


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("/api/v3/ping", {"a": "1"}, -1104),
        ("/api/v3/depth", {}, -1102),
        ("/api/v3/depth", {"symbol": "BTCUSDT", "limit": "0"}, -1130),
        ("/api/v3/trades", {"symbol": "BTCEUR"}, -1121),
        ("/api/v3/avgPrice", {}, -1102),
        ("/api/v3/aggTrades", {"symbol": "BTCUSDT", "fromId": "1", "startTime": "1"}, -1128),
        ("/api/v3/exchangeInfo", {"symbol": "NOPE"}, -1121),
        ("/api/v3/exchangeInfo", {"symbol": "BTCUSDT", "permissions": "SPOT"}, -1128),
        ("/api/v3/exchangeInfo", {"symbolStatus": "ASLEEP"}, -1122),
        ("/api/v3/exchangeInfo", {"permissions": "["}, -1100),
        ("/api/v3/ticker/price", {"symbol": "BTCUSDT", "symbols": '["ETHUSDT"]'}, -1128),
        ("/api/v3/ticker/price", {"symbols": "BTCUSDT"}, -1100),
        ("/api/v3/ticker/price", {"symbols": '["BTCUSDT",]'}, -1100),
        ("/api/v3/ticker/price", {"symbols": "[]"}, -1105),
        ("/api/v3/ticker/price", {"symbols": '["BTCUSDT","NOPE"]'}, -1121),
        ("/api/v3/ticker/price", {"symbols": '["BTCUSDT","BTCUSDT"]'}, -1151),
        ("/api/v3/ticker/24hr", {"type": "HUGE"}, -1139),
    ],
)
def test_request_when_wrong_then_binances_code(exchange: Any, path: str, params: dict[str, str], code: int) -> None:
    assert exchange.refused(path, **params) == (400, code)


def test_request_when_no_such_path_then_404_and_when_not_read_then_405(exchange: Any) -> None:
    assert exchange.refused("/api/v3/sor/order") == (404, -1020)
    assert exchange.client.post("/api/v3/ping").status_code == 405


def test_request_when_the_exchange_fails_then_a_body_without_a_trace(
    exchange: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.market, "candles", lambda *_: 1 / 0)
    assert exchange.refused("/api/v3/klines", symbol="BTCUSDT", interval="1m") == (500, -1000)
