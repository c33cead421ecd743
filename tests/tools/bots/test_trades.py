from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from tests.tools.bots.fakes import AT, closed, entering, order, trade
from tools.bot import BotSpec, Mode
from tools.bots.registry import Bot, Registry
from tools.bots.trades import Totals, Trades
from tools.freqtrade.answers import Trade
from tools.store.database import Store
from tools.store.tables import DepartedRow, now

LATER = AT + timedelta(hours=1)


@pytest.fixture
def registry(store: Store) -> Registry:
    return Registry(store)


@pytest.fixture
def bot(registry: Registry) -> Bot:
    spec = BotSpec(name="alpha", pairs=("BTC/USDT",), stake="50", max_open_trades=2)
    return registry.add(spec, "demo", None)


@pytest.fixture
def trades(store: Store) -> Trades:
    return Trades(store)


def live(registry: Registry, bot: Bot) -> Bot:
    return registry.write_spec(bot.id, bot.spec.model_copy(update={"mode": Mode.REAL_MARKET_SPOT}))


def test_write_when_a_trade_opens_and_closes_then_each_is_told_once(trades: Trades, bot: Bot) -> None:
    told = [trade(1), trade(1, profit_abs=Decimal("0.2")), closed(1, "0.3"), closed(1, "0.3")]
    turned = [[row.is_open for row in trades.write(bot, [one])] for one in told]
    assert turned == [[True], [], [False], []]


def test_write_when_prices_move_then_the_newest_word_is_kept(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [trade(1)])
    trades.write(bot, [trade(1, profit_abs=Decimal("-0.123456789"))])
    (row,) = trades.read(bot.id)
    assert row.profit == Decimal("-0.123456789")
    assert row.opened_at == AT


def test_write_when_no_price_is_told_then_the_last_profit_stays(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [trade(1, current_rate=Decimal(50100))])
    trades.write(bot, [trade(1, profit_abs=None, profit_ratio=None)])
    (row,) = trades.read(bot.id)
    assert (row.profit, row.current_rate) == (Decimal("0.1"), Decimal(50100))


def test_write_when_an_entry_was_withdrawn_then_it_is_forgotten_and_told_as_closed(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [entering(1), trade(2)])
    (row,) = trades.write(bot, [trade(2)])
    assert (row.trade_id, row.is_open, row.profit, row.exit_reason) == (1, False, 0, "entry_cancelled")
    assert [kept.trade_id for kept in trades.read(bot.id)] == [2]
    assert trades.read_totals()[bot.id].open_trades == 1


def test_write_when_a_withdrawn_number_is_given_again_then_the_new_trade_is_told(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [entering(1)])
    (row,) = trades.write(bot, [trade(1, "ETH/USDT", open_timestamp=LATER)])
    assert (row.pair, row.is_open) == ("ETH/USDT", True)
    assert trades.read_totals()[bot.id].held_by_pair == {"ETH/USDT": Decimal("49.99")}


def losing(number: int, **changes: Any) -> Trade:
    told = {"profit_abs": Decimal(-7), "profit_ratio": Decimal("-0.14"), "current_rate": Decimal(43000)}
    return trade(number, **{**told, **changes})


def test_write_when_a_trade_that_held_something_is_deleted_then_what_it_lost_is_lost(
    trades: Trades, bot: Bot, store: Store
) -> None:
    trades.write(bot, [losing(1), trade(2)])
    (row,) = trades.write(bot, [trade(2)])
    assert (row.trade_id, row.is_open, row.exit_reason, row.pending) == (1, False, "deleted", 0)
    assert (row.profit, row.profit_pct, row.exit_rate) == (-7, -14, 43000)
    assert row.closed_at is not None
    assert trades.write(bot, [trade(2)]) == []
    for one in (trades, Trades(store)):
        totals = one.read_totals()[bot.id]
        assert (totals.open_trades, totals.closed_trades, totals.realised_profit) == (1, 1, -7)
        assert (one.read_profit_since(bot.id, row.closed_at), one.read_loss_streak(bot.id, None)) == (-7, 1)
        assert one.read_last_close(bot.id, "BTC/USDT") == row.closed_at
    assert [(kept.trade_id, kept.is_open) for kept in trades.read(bot.id)] == [(2, True), (1, False)]


@pytest.mark.parametrize("restarts", [False, True])
def test_write_when_an_order_that_was_filled_in_part_is_gone_then_it_was_deleted_and_not_withdrawn(
    trades: Trades, bot: Bot, store: Store, restarts: bool
) -> None:
    partly = trade(1, amount=Decimal(0), orders=[order("entry-1", filled="0.0004")])
    trades.write(bot, [partly])
    (row,) = (Trades(store) if restarts else trades).write(bot, [])
    assert (row.amount, row.exit_reason) == (Decimal("0.0004"), "deleted")


@pytest.mark.parametrize("between", [True, False])
def test_write_when_a_deleted_number_is_given_again_then_both_trades_are_kept(
    trades: Trades, bot: Bot, store: Store, between: bool
) -> None:
    trades.write(bot, [losing(1)])
    turned = trades.write(bot, []) if between else []
    again = trade(1, "ETH/USDT", open_timestamp=LATER)
    turned += trades.write(bot, [again])
    assert [(row.trade_id, row.pair, row.is_open) for row in turned] == [
        (1, "BTC/USDT", False), (1, "ETH/USDT", True),
    ]  # fmt: skip
    assert trades.write(bot, [again]) == []
    (row,) = trades.write(bot, [closed(1, "-3", LATER, "ETH/USDT").model_copy(update={"open_date": LATER})])
    assert (row.trade_id, row.profit, row.is_open) == (1, -3, False)
    for one in (trades, Trades(store)):
        totals = one.read_totals()[bot.id]
        assert (totals.open_trades, totals.closed_trades, totals.realised_profit) == (0, 2, -10)
        assert one.read_profit_since(bot.id, AT) == -10
        assert sorted(row.trade_id for row in one.read(bot.id)) == [-1, 1]


def test_write_when_closed_numbers_are_given_again_then_their_losses_stay(
    trades: Trades, bot: Bot, store: Store
) -> None:
    trades.write(bot, [closed(1, "-5"), closed(2, "-4")])
    for hour, loss in enumerate(("-3", "-2"), start=1):
        at = AT + timedelta(hours=hour)
        told = [closed(key, loss, at).model_copy(update={"open_date": at}) for key in (1, 2)]
        assert [row.profit for row in trades.write(bot, told)] == [Decimal(loss)] * 2
    for one in (trades, Trades(store)):
        assert one.read_totals()[bot.id].realised_profit == -19
        assert sorted(row.trade_id for row in one.read(bot.id)) == [-4, -3, -2, -1, 1, 2]


def test_write_when_the_same_trade_is_told_with_other_digits_then_nothing_has_turned(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [trade(1), closed(2, "1")])
    finer = AT + timedelta(microseconds=999)
    told = [one.model_copy(update={"open_date": finer}) for one in (trade(1), closed(2, "1"))]
    assert trades.write(bot, told) == []
    assert sorted(row.trade_id for row in trades.read(bot.id)) == [1, 2]


def test_write_when_a_trade_comes_back_that_was_missing_then_it_is_open_again(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [losing(1)])
    trades.write(bot, [])
    (row,) = trades.write(bot, [losing(1)])
    assert row.is_open
    totals = trades.read_totals()[bot.id]
    assert (totals.open_trades, totals.closed_trades, totals.realised_profit) == (1, 0, 0)


def test_write_when_a_number_is_given_again_without_a_price_then_the_profit_is_not_that_of_the_other(
    trades: Trades, bot: Bot
) -> None:
    trades.write(bot, [losing(1)])
    trades.write(bot, [trade(1, open_timestamp=LATER, profit_abs=None, profit_ratio=None)])
    totals = trades.read_totals()[bot.id]
    assert (totals.unrealised_profit, totals.realised_profit) == (0, -7)


def test_totals_when_open_and_closed_then_added_exactly(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [closed(1, "0.1"), closed(2, "0.2"), closed(3, "-0.05"), trade(4)])
    assert trades.read_totals()[bot.id] == Totals(
        open_trades=1,
        closed_trades=3,
        open_exposure=Decimal("49.99"),
        realised_profit=Decimal("0.25"),
        unrealised_profit=Decimal("0.1"),
        wins=2,
        held_by_pair={"BTC/USDT": Decimal("49.99")},
    )


def test_totals_when_an_entry_order_is_open_then_what_it_may_take_counts(trades: Trades, bot: Bot) -> None:
    filled = order("entry-1", is_open=False, filled="0.001")
    added = order("entry-2", amount="0.0004", remaining="0.0004")
    trades.write(bot, [trade(1, orders=[filled, added]), trade(2, "ETH/USDT")])
    totals = trades.read_totals()[bot.id]
    assert totals.open_exposure == Decimal("119.98")
    assert totals.held_by_pair == {"BTC/USDT": Decimal("69.99"), "ETH/USDT": Decimal("49.99")}
    assert [row.pending for row in trades.read(bot.id)] == [0, 20]


def test_totals_when_read_by_another_process_then_the_same(trades: Trades, bot: Bot, store: Store) -> None:
    trades.write(bot, [closed(1, "0.1"), closed(2, "-0.2", LATER), entering(3), trade(4)])
    other = Trades(store)
    assert other.read_totals() == trades.read_totals()
    assert other.read_closed_ids(bot) == {1, 2}
    assert other.read_synced_at(bot.id) is None


def test_totals_when_a_closed_trade_is_corrected_then_only_the_newest_word_counts(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [closed(1, "0.3"), closed(2, "0.1")])
    trades.write(bot, [closed(1, "-0.4"), closed(2, "0.1")])
    totals = trades.read_totals()[bot.id]
    assert (totals.realised_profit, totals.wins, totals.closed_trades) == (Decimal("-0.3"), 1, 2)


def test_mode_when_it_changes_then_each_mode_has_its_own_numbers(
    trades: Trades, bot: Bot, registry: Registry, store: Store
) -> None:
    trades.write(bot, [closed(1, "-9", LATER)])
    turned = live(registry, bot)
    trades.set_mode(bot.id, turned.spec.mode)
    assert trades.read_totals()[bot.id] == Totals()
    assert trades.read_loss_streak(bot.id, None) == 0
    trades.write(turned, [closed(1, "3", LATER)])
    assert [(row.mode, row.profit) for row in sorted(trades.read(bot.id), key=lambda row: row.mode)] == [
        ("REAL_MARKET_SPOT", 3),
        ("SIMULATED", -9),
    ]
    for one in (trades, Trades(store)):
        assert one.read_totals()[bot.id].realised_profit == 3
        assert one.read_last_close(bot.id, "BTC/USDT") == LATER


@pytest.mark.parametrize(("since", "expected"), [(AT, "0.5"), (LATER, "-0.5"), (LATER + timedelta(seconds=1), "0")])
def test_profit_since_when_trades_closed_at_it_or_later_then_they_count(
    trades: Trades, bot: Bot, since: datetime, expected: str
) -> None:
    trades.write(bot, [closed(1, "1"), closed(2, "-0.5", LATER), trade(3)])
    assert trades.read_profit_since(bot.id, since) == Decimal(expected)


@pytest.mark.parametrize(
    ("profits", "since", "expected"),
    [
        (["-1", "-1", "-1"], None, 3),
        (["-1", "1", "-1"], None, 1),
        (["-1", "-1", "0"], None, 0),
        (["-1", "-1", "-1"], AT, 2),
        (["-1", "-1", "-1"], AT + timedelta(minutes=2), 0),
        ([], None, 0),
    ],
)
def test_loss_streak_when_trades_closed_in_this_order_then(
    trades: Trades, bot: Bot, profits: list[str], since: datetime | None, expected: int
) -> None:
    told = [closed(number, profit, AT + timedelta(minutes=number)) for number, profit in enumerate(profits)]
    trades.write(bot, list(reversed(told)))
    assert trades.read_loss_streak(bot.id, since) == expected


def test_last_close_when_trades_closed_then_the_newest_of_the_pair(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [closed(1, "1", LATER), closed(2, "1", AT), closed(3, "1", AT, "ETH/USDT"), trade(4, "SOL/USDT")])
    assert trades.read_last_close(bot.id, "BTC/USDT") == LATER
    assert trades.read_last_close(bot.id, "ETH/USDT") == AT
    assert trades.read_last_close(bot.id, "SOL/USDT") is None


def test_synced_at_when_written_then_is_when_it_was_asked(trades: Trades, bot: Bot) -> None:
    trades.write(bot, [], LATER)
    assert trades.read_synced_at(bot.id) == LATER


def test_departed_when_a_bot_is_deleted_then_its_losses_stay(
    trades: Trades, bot: Bot, registry: Registry, store: Store
) -> None:
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    trades.write(bot, [closed(1, "5"), closed(2, "-20", now()), trade(3, profit_abs=Decimal(-4))])
    trades.write_departed(bot)
    registry.remove(bot.id)
    assert bot.id not in trades.read_totals()
    for one in (trades, Trades(store)):
        assert one.read_departed(Mode.SIMULATED, today) == (-24, -19)
        assert one.read_departed(Mode.SIMULATED, today - timedelta(days=1)) == (0, -19)
        assert one.read_departed(Mode.REAL_MARKET_SPOT, today) == (0, 0)


def test_departed_when_an_open_trade_was_winning_then_it_does_not_make_up_for_todays_loss(
    trades: Trades, bot: Bot
) -> None:
    trades.write(bot, [closed(1, "-20", now()), trade(2, profit_abs=Decimal(30))])
    trades.write_departed(bot)
    assert trades.read_departed(Mode.SIMULATED, now()) == (-20, 10)


def test_departed_when_the_bot_is_still_there_after_a_crash_then_it_counts_once(
    trades: Trades, bot: Bot, store: Store
) -> None:
    trades.write(bot, [closed(1, "-20", now())])
    trades.write_departed(bot)
    after = Trades(store)
    assert after.read_departed(Mode.SIMULATED, now()) == (0, 0)
    assert after.read_totals()[bot.id].realised_profit == -20
    with store.session() as session:
        assert session.exec(select(DepartedRow)).all() == []


def test_remove_when_a_bot_has_trades_then_they_go_with_it(trades: Trades, bot: Bot, registry: Registry) -> None:
    trades.write(bot, [trade(1)])
    registry.remove(bot.id)
    assert trades.read() == []


def test_totals_when_there_are_many_trades_then_they_are_not_read_again(trades: Trades, bot: Bot, store: Store) -> None:
    trades.write(bot, [closed(number, "0.1", AT + timedelta(seconds=number)) for number in range(500)])
    store.close()
    store.path.unlink()
    assert trades.read_totals()[bot.id].realised_profit == Decimal("50.0")
    assert trades.read_profit_since(bot.id, datetime(2025, 1, 1, tzinfo=UTC)) == Decimal("50.0")
