"""Every stream's events at set moments: the shape that is documented, and exactly what REST says of the same moment."""

from pathlib import Path
from typing import Any

import pytest

from tools.exchange.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tools.exchange.recording import read_recordings
from tools.exchange.replay import Replay

SYMBOL = "BTCUSDT"


def test_kline_when_forming_then_rests_last_kline_every_two_seconds(floor: Any, exchange: Any) -> None:
    assert floor.events("btcusdt@kline_5m")[0]["k"]["x"] is False
    assert floor.events("btcusdt@kline_5m") == []
    event = floor.events("btcusdt@kline_5m")[0]
    rest = exchange.read("/api/v3/klines", symbol=SYMBOL, interval="5m", limit=1)[0]
    kline = event["k"]
    assert (event["e"], event["E"], event["s"], kline["s"], kline["i"]) == (
        "kline", exchange.now_ms, SYMBOL, SYMBOL, "5m",
    )  # fmt: skip
    assert [kline[name] for name in ("t", "o", "h", "l", "c", "v", "T", "q", "n", "V", "Q", "B")] == rest
    assert (kline["f"], kline["L"]) == (rest[0] // SECOND_MS, exchange.now_ms // SECOND_MS)


def test_kline_when_several_intervals_end_together_then_each_closes_once(floor: Any, exchange: Any) -> None:
    midnight = (exchange.now_ms // DAY_MS + 1) * DAY_MS
    names = [f"btcusdt@kline_{interval}" for interval in ("1m", "3m", "1h", "1d", "3d", "1w")]
    floor.step_to(midnight)
    connection = floor.connect(*names)
    floor.step()
    events = floor.received(connection)
    closed = [event["k"] for event in events if event["k"]["x"]]
    assert [kline["i"] for kline in closed[:4]] == ["1m", "3m", "1h", "1d"]
    assert len(closed) == len({kline["i"] for kline in closed})
    for kline in closed:
        rest = exchange.read("/api/v3/klines", symbol=SYMBOL, interval=kline["i"], limit=1, startTime=kline["t"])[0]
        assert [kline[name] for name in ("t", "o", "h", "l", "c", "v", "T", "q", "n", "V", "Q")] == rest[:11]
        assert kline["T"] == midnight - 1
    formed = [event["k"]["t"] for event in events if not event["k"]["x"] and event["k"]["i"] == "1d"]
    assert formed == [midnight]
    floor.step()
    floor.step()
    assert not any(event["k"]["x"] for event in floor.received(connection))


def test_kline_when_the_process_was_held_up_then_each_closed_minute_is_told(floor: Any, exchange: Any) -> None:
    turn = (exchange.now_ms // MINUTE_MS + 1) * MINUTE_MS
    floor.step_to(turn - 10 * SECOND_MS)
    events = floor.events("btcusdt@kline_1m", 59)
    assert [(event["k"]["t"], event["k"]["x"], event["E"]) for event in events] == [
        (turn - MINUTE_MS, True, turn),
        (turn, False, exchange.now_ms),
    ]


def test_events_when_nothing_was_traded_then_no_trades_and_no_numbers(
    open_floor: Any, open_exchange: Any, frame: Any, tmp_path: Path
) -> None:
    frame([100, 101, 102], volume=0.0).to_feather(tmp_path / "BTC_USDT-1m.feather")
    floor = open_floor(open_exchange(Replay(read_recordings(tmp_path))))
    kline = floor.events("btcusdt@kline_1m", 2)[-1]["k"]
    assert (kline["f"], kline["L"], kline["n"], float(kline["v"])) == (-1, -1, 0, 0)
    assert floor.events("btcusdt@aggTrade", 30) == []
    assert len(floor.events("btcusdt@ticker")) == 1


def test_kline_when_at_another_offset_then_its_days_begin_there(floor: Any, exchange: Any) -> None:
    event = floor.events("btcusdt@kline_1d@+08:00")[0]
    rest = exchange.read("/api/v3/klines", symbol=SYMBOL, interval="1d", limit=1, timeZone="8")[0]
    assert (event["k"]["t"], event["k"]["c"], event["k"]["i"]) == (rest[0], rest[4], "1d")
    assert (event["k"]["t"] + 8 * HOUR_MS) % DAY_MS == 0


def test_tickers_when_read_then_rests_numbers(floor: Any, exchange: Any) -> None:
    full = floor.events("btcusdt@ticker")[0]
    day = exchange.read("/api/v3/ticker/24hr", symbol=SYMBOL)
    long = {
        "p": "priceChange", "P": "priceChangePercent", "w": "weightedAvgPrice", "x": "prevClosePrice", "c": "lastPrice",
        "Q": "lastQty", "b": "bidPrice", "B": "bidQty", "a": "askPrice", "A": "askQty", "o": "openPrice",
        "h": "highPrice", "l": "lowPrice", "v": "volume", "q": "quoteVolume", "O": "openTime", "C": "closeTime",
        "F": "firstId", "L": "lastId", "n": "count", "s": "symbol",
    }  # fmt: skip
    assert full == {"e": "24hrTicker", "E": exchange.now_ms, **{short: day[name] for short, name in long.items()}}
    mini = floor.events("btcusdt@miniTicker")[0]
    day = exchange.read("/api/v3/ticker/24hr", symbol=SYMBOL, type="MINI")
    expected = {short: day[long[short]] for short in ("s", "c", "o", "h", "l", "v", "q")}
    assert mini == {"e": "24hrMiniTicker", "E": exchange.now_ms, **expected}


def test_all_mini_tickers_when_read_then_one_event_with_every_symbol(floor: Any, exchange: Any) -> None:
    (tickers,) = floor.events("!miniTicker@arr")
    days = exchange.read("/api/v3/ticker/24hr", type="MINI")
    assert [(each["s"], each["c"]) for each in tickers] == [(day["symbol"], day["lastPrice"]) for day in days]


def test_best_prices_and_average_when_read_then_rests_numbers(floor: Any, exchange: Any) -> None:
    best = floor.events("btcusdt@bookTicker")[0]
    rest = exchange.read("/api/v3/ticker/bookTicker", symbol=SYMBOL)
    update_id = exchange.read("/api/v3/depth", symbol=SYMBOL, limit=5)["lastUpdateId"]
    assert best == {
        "u": update_id, "s": SYMBOL, "b": rest["bidPrice"], "B": rest["bidQty"], "a": rest["askPrice"],
        "A": rest["askQty"],
    }  # fmt: skip
    average = floor.events("btcusdt@avgPrice")[0]
    rest = exchange.read("/api/v3/avgPrice", symbol=SYMBOL)
    assert (average["e"], average["i"], average["w"], average["T"]) == (
        "avgPrice",
        "5m",
        rest["price"],
        exchange.now_ms,
    )


def test_trades_when_stepped_by_one_and_by_many_then_no_gap_and_no_double(floor: Any, exchange: Any) -> None:
    connection = floor.connect("btcusdt@aggTrade")
    for seconds in (1, 1, 30, 1, 59, 2):
        floor.step(seconds)
    floor.publisher.step(exchange.now_ms)
    events = floor.received(connection)
    rest = exchange.read("/api/v3/aggTrades", symbol=SYMBOL, limit=94)
    assert [{name: event[name] for name in "apqflTmM"} for event in events] == rest
    assert [event["a"] for event in events] == list(range(events[0]["a"], events[0]["a"] + 94))


def test_single_trades_when_read_then_rests_trades(floor: Any, exchange: Any) -> None:
    (event,) = floor.events("ethusdt@trade")
    rest = exchange.read("/api/v3/trades", symbol="ETHUSDT", limit=1)[0]
    assert event == {
        "e": "trade", "E": rest["time"], "s": "ETHUSDT", "t": rest["id"], "p": rest["price"], "q": rest["qty"],
        "T": rest["time"], "m": rest["isBuyerMaker"], "M": True,
    }  # fmt: skip


@pytest.mark.parametrize("levels", [5, 10, 20])
@pytest.mark.parametrize("rate", ["", "@100ms"])
def test_partial_depth_when_read_then_rests_depth(floor: Any, exchange: Any, levels: int, rate: str) -> None:
    (event,) = floor.events(f"btcusdt@depth{levels}{rate}")
    assert event == exchange.read("/api/v3/depth", symbol=SYMBOL, limit=levels)


@pytest.mark.parametrize("seconds", [1, 7])
def test_depth_changes_when_applied_to_rests_book_then_rests_next_book(floor: Any, exchange: Any, seconds: int) -> None:
    floor.step()
    book = exchange.read("/api/v3/depth", symbol=SYMBOL, limit=5000)
    (event,) = floor.events("btcusdt@depth@100ms", seconds)
    after = exchange.read("/api/v3/depth", symbol=SYMBOL, limit=5000)
    assert (event["U"], event["u"]) == (book["lastUpdateId"] + 1, after["lastUpdateId"])
    for short, side in (("b", "bids"), ("a", "asks")):
        levels = dict(book[side]) | dict(event[short])
        kept = {price: quantity for price, quantity in levels.items() if float(quantity)}
        assert kept == dict(after[side])


def test_time_when_microseconds_were_asked_for_then_all_times_are(floor: Any, exchange: Any) -> None:
    kline = floor.events("btcusdt@kline_1m", per_ms=1_000)[0]
    now_us = exchange.now_ms * 1_000
    assert kline["E"] == now_us
    assert kline["k"]["T"] == kline["k"]["t"] + 60_000_000 - 1
    trade = floor.events("btcusdt@trade", per_ms=1_000)[0]
    assert (trade["T"], trade["t"]) == (now_us + 1_000_000, exchange.now_ms // SECOND_MS)
    ticker = floor.events("btcusdt@ticker", per_ms=1_000)[0]
    assert ticker["C"] - ticker["O"] == DAY_MS * 1_000
