"""The forming minute: it grows into the stored candle, and everything agrees with it on the way."""

from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.exchange import minute, tape
from tools.exchange.clock import MINUTE_MS, SECOND_MS
from tools.exchange.market import Market
from tools.exchange.synthetic import COINS, Synthetic

MARKET = Market(Synthetic(7))
START_MS = 1_795_300_000_000 // MINUTE_MS * MINUTE_MS
symbols = st.sampled_from([coin.symbol for coin in COINS])
minutes = st.integers(0, 20_000).map(lambda number: START_MS + number * MINUTE_MS)


@settings(max_examples=50, deadline=None)
@given(symbols, minutes)
def test_so_far_when_the_last_second_then_the_stored_candle(symbol: Any, open_ms: int) -> None:
    row = MARKET.whole_minute(symbol, open_ms)
    (formed,) = minute.so_far(row, 59, symbol)
    assert formed.tolist() == row.tolist()


@settings(max_examples=50, deadline=None)
@given(symbols, minutes, st.integers(1, 59))
def test_so_far_when_a_second_passes_then_it_only_grows(symbol: Any, open_ms: int, second: int) -> None:
    row = MARKET.whole_minute(symbol, open_ms)
    (before,), (after,) = (minute.so_far(row, moment, symbol) for moment in (second - 1, second))
    assert after["open"] == before["open"] == row["open"]
    assert before["high"] <= after["high"] <= row["high"]
    assert before["low"] >= after["low"] >= row["low"]
    assert before["volume"] <= after["volume"] <= row["volume"]
    assert after["low"] <= after["close"] <= after["high"]


@settings(max_examples=30, deadline=None)
@given(symbols, minutes)
def test_trades_when_of_a_whole_minute_then_they_make_its_candle(symbol: Any, open_ms: int) -> None:
    row = MARKET.whole_minute(symbol, open_ms)
    trades = tape.forward(MARKET, symbol, open_ms, open_ms + MINUTE_MS - 1, 1_000)
    prices = [trade.price for trade in trades]
    assert len(trades) == row["trades"]
    assert (prices[0], max(prices), min(prices), prices[-1]) == tuple(row[["open", "high", "low", "close"]].tolist())
    assert symbol.quantity(sum(trade.quantity for trade in trades)) == symbol.quantity(row["volume"])


@given(st.integers(0, 200), st.integers(0, 10**6))
def test_quantities_when_any_number_of_lots_then_none_is_lost(lots: int, number: int) -> None:
    symbol = COINS[0].symbol
    row = MARKET.whole_minute(symbol, START_MS).copy()
    row["volume"], row["open_ms"] = lots * symbol.lot, number * MINUTE_MS
    traded = minute.quantities(row, symbol)
    assert (traded >= 0).all()
    assert round(traded.sum() / symbol.lot) == lots
    assert np.count_nonzero(traded) == min(lots, 60)


def test_answers_when_taken_at_one_moment_then_they_agree(exchange: Any) -> None:
    for step in range(5):
        exchange.now_ms += 13 * SECOND_MS
        for coin in COINS:
            name = coin.symbol.name
            last = exchange.read("/api/v3/ticker/price", symbol=name)["price"]
            day = exchange.read("/api/v3/ticker/24hr", symbol=name)
            best = exchange.read("/api/v3/ticker/bookTicker", symbol=name)
            depth = exchange.read("/api/v3/depth", symbol=name, limit=5)
            kline = exchange.read("/api/v3/klines", symbol=name, interval="1h", limit=1)[0]
            trade = exchange.read("/api/v3/trades", symbol=name, limit=1)[0]
            assert last == day["lastPrice"] == kline[4] == trade["price"], (name, step)
            assert last in {best["bidPrice"], best["askPrice"]}
            assert depth["bids"][0] == [best["bidPrice"], best["bidQty"]] == [day["bidPrice"], day["bidQty"]]
            assert depth["asks"][0] == [best["askPrice"], best["askQty"]] == [day["askPrice"], day["askQty"]]
            assert Decimal(best["bidPrice"]) < Decimal(best["askPrice"])
