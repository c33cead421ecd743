from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tools.bot import BotSpec
from tools.bots.registry import Bot, Registry
from tools.bots.trades import Totals, Trades
from tools.freqtrade.answers import Trade
from tools.store.database import Store

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def bot(store: Store) -> Bot:
    spec = BotSpec(name="alpha", pairs=("BTC/USDT",), stake="50", max_open_trades=2)
    return Registry(store).add(spec, "demo", None)


@pytest.fixture
def trades(store: Store) -> Trades:
    return Trades(store)


def trade(number: int, **changes: Any) -> Trade:
    told = {
        "trade_id": number,
        "pair": "BTC/USDT",
        "is_open": True,
        "strategy": "RsiMeanReversion",
        "amount": Decimal("0.001"),
        "stake_amount": Decimal("49.99"),
        "open_rate": Decimal(50000),
        "open_timestamp": AT,
        "profit_abs": Decimal("0.1"),
        "profit_ratio": Decimal("0.002"),
    }
    return Trade.model_validate({**told, **changes})


def closed(number: int, profit: str) -> Trade:
    return trade(number, is_open=False, close_rate=Decimal(51000), close_timestamp=AT, profit_abs=Decimal(profit))


def test_write_when_a_trade_opens_and_closes_then_each_is_told_once(trades: Trades, bot: Bot) -> None:
    told = [trade(1), trade(1, profit_abs=Decimal("0.2")), closed(1, "0.3"), closed(1, "0.3")]
    turned = [[row.is_open for row in trades.write(bot.id, [one])] for one in told]
    assert turned == [[True], [], [False], []]


def test_write_when_prices_move_then_the_newest_word_is_kept(trades: Trades, bot: Bot) -> None:
    trades.write(bot.id, [trade(1)])
    trades.write(bot.id, [trade(1, profit_abs=Decimal("-0.123456789"))])
    (row,) = trades.read(bot.id)
    assert row.profit == Decimal("-0.123456789")
    assert row.opened_at == AT


def test_totals_when_open_and_closed_then_added_exactly(trades: Trades, bot: Bot) -> None:
    trades.write(bot.id, [closed(1, "0.1"), closed(2, "0.2"), closed(3, "-0.05"), trade(4)])
    assert trades.read_totals()[bot.id] == Totals(
        open_trades=1,
        closed_trades=3,
        open_exposure=Decimal("49.99"),
        realised_profit=Decimal("0.25"),
        unrealised_profit=Decimal("0.1"),
        wins=2,
    )


def test_remove_when_a_bot_has_trades_then_they_go_with_it(trades: Trades, bot: Bot, store: Store) -> None:
    trades.write(bot.id, [trade(1)])
    Registry(store).remove(bot.id)
    assert trades.read() == []
