"""Amounts as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.offline.numbers import Amount, read_amount, read_number
from agent.offline.tokens import read_text
from agent.words import Language


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("50", "en", 50),
        ("50.5", "en", 50.5),
        ("50,5", "en", 50.5),
        ("50,5", "pt-BR", 50.5),
        ("1,000.50", "en", 1000.5),
        ("1.000,50", "pt-BR", 1000.5),
        ("1.000,50", "en", 1000.5),
        ("1,000.50", "pt-BR", 1000.5),
        ("1,000", "en", 1000),
        ("1.000", "pt-BR", 1000),
        ("1.000", "en", 1),
        ("0.001", "pt-BR", 0.001),
        ("1.000.000", "en", 1_000_000),
        ("-50", "en", -50),
        ("+50", "en", 50),
        ("50.", "en", 50),
    ],
)
def test_read_number_when_written_in_a_language_then_reads_it(text: str, language: Language, number: float) -> None:
    assert read_number(text, language) == number


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("US$ 50", Amount(50, "USDT")),
        ("50 dollars", Amount(50, "USDT")),
        ("R$ 50,00", Amount(50, "BRL")),
        ("50usdt", Amount(50, "USDT")),
        ("$-5", Amount(-5, "USDT")),
        ("-$5", Amount(-5, "USDT")),
        ("minus 5", Amount(-5)),
        ("2k", Amount(2000)),
        ("2.5k usdt", Amount(2500, "USDT")),
        ("3%", Amount(3, percent=True)),
        ("3 por cento", Amount(3, percent=True)),
        ("15m", Amount(15, unit="m")),
        ("15-minute", Amount(15, unit="m")),
        ("1 hora", Amount(1, unit="h")),
        ("fifty five dollars", Amount(55, "USDT", spelled=True)),
        ("cinquenta e cinco reais", Amount(55, "BRL", spelled=True)),
        ("a hundred", None),
        ("cem", Amount(100, spelled=True)),
        ("mil", Amount(1000, spelled=True)),
        ("alpha", None),
    ],
)
def test_read_amount_when_something_stands_beside_it_then_reads_that_too(text: str, amount: Amount | None) -> None:
    found = read_amount(read_text(text).tokens, 0, "en")
    assert (found[1] if found else None) == amount


@pytest.mark.parametrize(
    ("text", "timeframe"), [("60m", "1h"), ("90 min", "90m"), ("24h", "1d"), ("7m", "7m"), ("1d", "1d")]
)
def test_timeframe_when_a_time_is_read_then_is_written_as_freqtrade_does(text: str, timeframe: str) -> None:
    found = read_amount(read_text(text).tokens, 0, "en")
    assert found is not None
    assert found[1].timeframe == timeframe


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False))
def test_read_number_when_a_number_is_written_as_either_language_does_then_both_read_it(number: object) -> None:
    english = f"{number:,.2f}"
    portuguese = english.translate(str.maketrans(",.", ".,"))
    assert read_number(english, "en") == read_number(portuguese, "pt-BR") == float(str(number))
