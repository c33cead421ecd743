"""Klines over HTTP: Binance's meaning of startTime, endTime, limit and timeZone."""

from itertools import pairwise
from typing import Any

import pytest

from tools.exchange.clock import DAY_MS, GENESIS_MS, HOUR_MS, MINUTE_MS
from tools.exchange.intervals import INTERVALS

PATH = "/api/v3/klines"


def opens(exchange: Any, **params: Any) -> list[int]:
    klines = exchange.read(PATH, **{"symbol": "ETHUSDT", "interval": "1m", **params})
    return [kline[0] for kline in klines]


def test_klines_when_no_bounds_then_the_last_five_hundred_up_to_the_forming_one(exchange: Any, now_ms: int) -> None:
    times = opens(exchange)
    assert len(times) == 500
    assert times[-1] == now_ms // MINUTE_MS * MINUTE_MS


@pytest.mark.parametrize(("asked", "given"), [(1, 1), (1_000, 1_000), (1_500, 1_000)])
def test_klines_when_limit_then_at_most_a_thousand(exchange: Any, asked: int, given: int) -> None:
    assert len(opens(exchange, limit=asked)) == given


def test_klines_when_start_then_the_first_from_it(exchange: Any, now_ms: int) -> None:
    start = now_ms // HOUR_MS * HOUR_MS - DAY_MS
    assert opens(exchange, startTime=start, limit=3) == [start + n * MINUTE_MS for n in range(3)]
    assert opens(exchange, startTime=start + 1, limit=1) == [start + MINUTE_MS]


def test_klines_when_end_then_the_last_that_open_by_it(exchange: Any, now_ms: int) -> None:
    end = now_ms // HOUR_MS * HOUR_MS - DAY_MS
    assert opens(exchange, endTime=end, limit=2) == [end - MINUTE_MS, end]
    assert opens(exchange, endTime=end - 1, limit=1) == [end - MINUTE_MS]


def test_klines_when_both_bounds_then_from_the_start_and_both_included(exchange: Any, now_ms: int) -> None:
    start = now_ms // HOUR_MS * HOUR_MS - DAY_MS
    bounds = {"startTime": start, "endTime": start + 5 * MINUTE_MS}
    assert opens(exchange, **bounds) == [start + n * MINUTE_MS for n in range(6)]
    assert opens(exchange, **bounds, limit=2) == [start, start + MINUTE_MS]


@pytest.mark.parametrize("start", [10**15, 2**63 - 1])
def test_klines_when_the_start_is_to_come_then_none(exchange: Any, start: int) -> None:
    assert opens(exchange, startTime=start) == []


def test_klines_when_bounds_are_crossed_or_before_all_history_then_none(exchange: Any, now_ms: int) -> None:
    assert opens(exchange, startTime=now_ms - MINUTE_MS, endTime=now_ms - HOUR_MS) == []
    assert opens(exchange, endTime=5) == []


def test_klines_when_the_start_is_zero_then_from_the_first_candle(exchange: Any) -> None:
    assert opens(exchange, startTime=0, limit=2, interval="1d") == [GENESIS_MS, GENESIS_MS + DAY_MS]


@pytest.mark.parametrize("interval", [name for name in INTERVALS if name not in {"3d", "1w", "1M"}])
def test_klines_when_up_to_a_day_long_then_a_thousand_are_there(exchange: Any, interval: str) -> None:
    times = opens(exchange, interval=interval, limit=1_000)
    size = INTERVALS[interval].size_ms
    assert len(times) == 1_000
    assert {later - earlier for earlier, later in pairwise(times)} == {size}


def test_klines_when_read_then_in_binances_shape(exchange: Any) -> None:
    (kline,) = exchange.read(PATH, symbol="BTCUSDT", interval="1M", limit=1)
    assert [type(field).__name__ for field in kline] == ["int"] + ["str"] * 5 + ["int", "str", "int"] + ["str"] * 3
    assert all(len(text.split(".")[1]) == 8 for text in kline[1:6])
    assert kline[6] == INTERVALS["1M"].open_ms(INTERVALS["1M"].number(kline[0]) + 1) - 1
    assert float(kline[9]) < float(kline[5])


def test_klines_when_the_minute_is_over_then_the_last_of_it_stays(exchange: Any, now_ms: int) -> None:
    exchange.now_ms = now_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS - 1
    forming = exchange.read(PATH, symbol="SOLUSDT", interval="1m", limit=1)[-1]
    exchange.now_ms += 1
    closed, fresh = exchange.read(PATH, symbol="SOLUSDT", interval="1m", limit=2)
    assert closed == forming
    assert fresh[1] == closed[4]


def test_klines_when_in_a_time_zone_then_days_open_there(exchange: Any) -> None:
    (day,) = opens(exchange, interval="1d", limit=1, timeZone="+05:30")
    assert (day + 330 * MINUTE_MS) % DAY_MS == 0
    assert opens(exchange, interval="1d", limit=1, timeZone="-3") == [day // DAY_MS * DAY_MS + DAY_MS + 3 * HOUR_MS]


def test_ui_klines_when_read_then_as_klines(exchange: Any) -> None:
    params = {"symbol": "BTCUSDT", "interval": "5m", "limit": 3}
    assert exchange.read("/api/v3/uiKlines", **params) == exchange.read(PATH, **params)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, -1102),
        ({"symbol": "BTCUSDT"}, -1102),
        ({"symbol": "", "interval": "1m"}, -1105),
        ({"symbol": "NOPEUSDT", "interval": "1m"}, -1121),
        ({"symbol": "btc/usdt", "interval": "1m"}, -1100),
        ({"symbol": "BTCUSDT", "interval": "7m"}, -1120),
        ({"symbol": "BTCUSDT", "interval": "2s"}, -1120),
        ({"symbol": "BTCUSDT", "interval": "1m", "limit": "many"}, -1100),
        ({"symbol": "BTCUSDT", "interval": "1m", "limit": "-1"}, -1100),
        ({"symbol": "BTCUSDT", "interval": "1m", "limit": "0"}, -1130),
        ({"symbol": "BTCUSDT", "interval": "1m", "startTime": "1.5"}, -1100),
        ({"symbol": "BTCUSDT", "interval": "1m", "startTime": "99999999999999999999"}, -1130),
        ({"symbol": "BTCUSDT", "interval": "1m", "timeZone": "15"}, -1130),
        ({"symbol": "BTCUSDT", "interval": "1m", "timeZone": "noon"}, -1130),
        ({"symbol": "BTCUSDT", "interval": "1m", "color": "red"}, -1104),
        ({"symbol": ["BTCUSDT", "ETHUSDT"], "interval": "1m"}, -1101),
    ],
)
def test_klines_when_the_request_is_wrong_then_binances_code(exchange: Any, params: dict[str, Any], code: int) -> None:
    assert exchange.refused(PATH, **params) == (400, code)
