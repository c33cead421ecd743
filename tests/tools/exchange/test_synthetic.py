"""Synthetic prices: the same everywhere for one seed, always sound, and alive like a market."""

import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.exchange.clock import GENESIS_DAY
from tools.exchange.driver import HORIZON_DAYS
from tools.exchange.synthetic import COINS, Coin, Synthetic

SOURCE = Synthetic(7)
PRINT_DAY = """
from hashlib import sha256
from tools.exchange.synthetic import Synthetic
source = Synthetic(7)
print(sha256(b"".join(source.day(symbol, {day}).tobytes() for symbol in source.symbols)).hexdigest())
"""

days = st.integers(GENESIS_DAY, GENESIS_DAY + HORIZON_DAYS - 1)
coins = st.sampled_from(COINS)


def month_of(coin: Coin, last_day: int) -> np.ndarray:
    return np.concatenate([SOURCE.day(coin.symbol, day) for day in range(last_day - 30, last_day)])


def autocorrelation(values: np.ndarray, lag: int) -> float:
    return float(np.corrcoef(values[:-lag], values[lag:])[0, 1])


def test_day_when_two_sources_share_a_seed_then_they_agree(today: int) -> None:
    another = Synthetic(7)
    for coin in COINS:
        assert np.array_equal(another.day(coin.symbol, today), SOURCE.day(coin.symbol, today))


def test_day_when_asked_in_another_order_then_the_same(today: int) -> None:
    backwards, forwards = Synthetic(7), Synthetic(7)
    symbol = COINS[1].symbol
    expected = [forwards.day(symbol, day) for day in range(today - 3, today)]
    assert np.array_equal([backwards.day(symbol, day) for day in reversed(range(today - 3, today))][::-1], expected)


def test_day_when_another_process_computes_it_then_the_same(today: int) -> None:
    run = [sys.executable, "-c", PRINT_DAY.format(day=today)]
    elsewhere = subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()
    here = sha256(b"".join(SOURCE.day(coin.symbol, today).tobytes() for coin in COINS)).hexdigest()
    assert elsewhere == here


def test_day_when_the_seed_differs_then_another_market(today: int) -> None:
    symbol = COINS[0].symbol
    assert not np.array_equal(Synthetic(8).day(symbol, today), SOURCE.day(symbol, today))


@settings(max_examples=60, deadline=None)
@given(coins, days)
def test_day_when_any_then_candles_are_sound(coin: Coin, day: int) -> None:
    opens, high, low, closes, volume = SOURCE.day(coin.symbol, day).T
    assert (low > 0).all()
    assert (low <= np.minimum(opens, closes)).all()
    assert (high >= np.maximum(opens, closes)).all()
    assert (volume > 0).all()
    assert np.array_equal(opens[1:], closes[:-1])


@settings(max_examples=30, deadline=None)
@given(coins, st.integers(GENESIS_DAY, GENESIS_DAY + HORIZON_DAYS - 2))
def test_day_when_the_next_begins_then_it_opens_at_the_close(coin: Coin, day: int) -> None:
    assert SOURCE.day(coin.symbol, day)[-1, 3] == SOURCE.day(coin.symbol, day + 1)[0, 0]


@settings(max_examples=60, deadline=None)
@given(coins, days)
def test_day_when_any_then_prices_stay_in_a_sane_band(coin: Coin, day: int) -> None:
    prices = SOURCE.day(coin.symbol, day)[:, :4]
    assert coin.anchor / 8 < prices.min()
    assert prices.max() < coin.anchor * 8


@settings(max_examples=20, deadline=None)
@given(coins, days)
def test_day_when_any_then_numbers_are_on_their_steps(coin: Coin, day: int) -> None:
    candles = SOURCE.day(coin.symbol, day)
    assert np.array_equal(candles[:, :4], candles[:, :4].round(coin.symbol.price_decimals))
    assert np.array_equal(candles[:, 4], candles[:, 4].round(coin.symbol.quantity_decimals))


@pytest.mark.parametrize("coin", COINS, ids=lambda coin: coin.symbol.name)
def test_month_when_measured_then_it_looks_like_a_market(coin: Coin, today: int) -> None:
    candles = month_of(coin, today)
    returns = np.diff(np.log(candles[:, 3]))
    sizes = np.abs(returns)
    assert 0.0009 < returns.std() < 0.0019
    assert ((returns - returns.mean()) ** 4).mean() / returns.var() ** 2 > 4
    assert autocorrelation(sizes, 1) > 0.08
    assert autocorrelation(sizes, 30) > 0.03
    assert np.corrcoef(sizes, candles[1:, 4])[0, 1] > 0.4


def test_month_when_compared_with_bitcoin_then_coins_move_with_it(today: int) -> None:
    bitcoin, *others = (np.diff(np.log(month_of(coin, today)[:, 3])) for coin in COINS)
    for returns in others:
        assert 0.4 < np.corrcoef(bitcoin, returns)[0, 1] < 0.95


def test_month_when_split_by_hour_then_afternoons_are_busier(today: int) -> None:
    candles = month_of(COINS[0], today)
    volumes = candles[:, 4].reshape(-1, 24, 60).mean(axis=(0, 2))
    assert volumes[13:17].mean() > 1.2 * volumes[1:5].mean()


def test_coins_when_listed_then_fourteen_pairs_in_usdt() -> None:
    assert len({coin.symbol.name for coin in COINS}) >= 14
    assert {coin.symbol.quote for coin in COINS} == {"USDT"}
