from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.guard.samples import ID, LIVE, any_limits, any_order, order, order_facts, refused
from tools.guard.limits import Limits
from tools.guard.order import Order, OrderFacts
from tools.guard.order_checks import ORDER_CHECKS, judge_order
from tools.guard.verdict import Allow, Refuse, Rule

TIGHT = {
    "max_trade": 60, "max_bot_exposure": 200, "max_open_trades": 3, "max_daily_loss": 10, "max_drawdown": 20,
    "max_loss_streak": 4, "max_entries_per_minute": 2, "max_entries_per_hour": 5, "reentry_cooldown_s": 60,
    "blocked_pairs": ["DOGE/USDT"], "allowed_pairs": ["*/USDT"],
}  # fmt: skip
OF_ALL = Limits.model_validate({**TIGHT, "max_total_exposure": 300})
OF_BOT = Limits.model_validate({"bots": {ID: TIGHT}})

Edge = tuple[Rule, dict[str, Any], dict[str, Any]]
"""A rule, facts with which an entry of 50 USDT just passes, and facts with which it just does not."""

BOT_EDGES: list[Edge] = [
    (Rule.NOT_ENTERING, {}, {"enters": False}),
    (Rule.NOT_ENTERING, {}, {"paused_for": "drawdown"}),
    (Rule.PANIC, {}, {"panic": True}),
    (Rule.PAIR_NOT_OF_BOT, {}, {"pairs": ["ETH/USDT"]}),
    (Rule.STALE_SNAPSHOT, {"facts_age_s": 60}, {"facts_age_s": 60.001}),
    (Rule.STALE_SNAPSHOT, {"facts_age_s": 0}, {"facts_age_s": -1}),
    (Rule.STALE_SNAPSHOT, {"facts_age_s": 0}, {"facts_age_s": 1e12}),
    (Rule.STALE_SNAPSHOT, {"price_age_s": 30}, {"price_age_s": 30.001}),
    (Rule.STALE_SNAPSHOT, {"price_age_s": 0}, {"price_age_s": -1}),
    (Rule.STALE_SNAPSHOT, {}, {"price_age_s": None}),
    (Rule.UNKNOWN_PRICE, {}, {"price": None}),
    (Rule.UNKNOWN_PRICE, {}, {"price": 0}),
    (Rule.PRICE_BAND, {"price": Decimal(100) / Decimal("1.05") + Decimal("1e-20")}, {"price": "95.238"}),
    (Rule.TRADE_SIZE, {"trade_held": 10}, {"trade_held": "10.00000001"}),
    (Rule.BOT_EXPOSURE, {"bot_held": 150}, {"bot_held": "150.00000001"}),
    (Rule.BOT_EXPOSURE, {"exposure_cap": 50}, {"exposure_cap": "49.99999999"}),
    (Rule.OPEN_TRADES, {"bot_trades": 2}, {"bot_trades": 3}),
    (Rule.DAILY_LOSS, {"bot_lost_today": "9.99999999"}, {"bot_lost_today": 10}),
    (Rule.DRAWDOWN, {"bot_drawdown": "19.99999999"}, {"bot_drawdown": 20}),
    (Rule.LOSS_STREAK, {"loss_streak": 3}, {"loss_streak": 4}),
    (Rule.ORDER_RATE, {"bot_entries_minute": 1}, {"bot_entries_minute": 2}),
    (Rule.ORDER_RATE, {"bot_entries_hour": 4}, {"bot_entries_hour": 5}),
    (Rule.COOLDOWN, {"closed_ago_s": 60}, {"closed_ago_s": 59.999}),
    (Rule.COOLDOWN, {"closed_ago_s": None}, {"closed_ago_s": -5}),
]
TOTAL_EDGES: list[Edge] = [
    (Rule.TOTAL_EXPOSURE, {"total_held": 250}, {"total_held": "250.00000001"}),
    (Rule.OPEN_TRADES, {"total_trades": 2}, {"total_trades": 3}),
    (Rule.DAILY_LOSS, {"total_lost_today": "9.99999999"}, {"total_lost_today": 10}),
    (Rule.DRAWDOWN, {"total_drawdown": "19.99999999"}, {"total_drawdown": 20}),
    (Rule.ORDER_RATE, {"total_entries_minute": 1}, {"total_entries_minute": 2}),
    (Rule.ORDER_RATE, {"total_entries_hour": 4}, {"total_entries_hour": 5}),
    (Rule.LIVE_DISABLED, {}, {"mode": "REAL_MARKET_SPOT"}),
    (Rule.LIVE_DISABLED, {"mandate_void": "none"}, {"mode": "REAL_MARKET_SPOT", "mandate_void": "none"}),
]


@pytest.mark.parametrize(("rule", "at", "beyond"), BOT_EDGES)
@pytest.mark.parametrize("limits", [OF_ALL, OF_BOT], ids=["all", "bot"])
def test_judge_when_a_bound_is_passed_then_refuses_and_at_it_allows(
    rule: Rule, at: dict[str, Any], beyond: dict[str, Any], limits: Limits
) -> None:
    assert judge_order(order(), order_facts(**at), limits) == Allow()
    assert refused(judge_order(order(), order_facts(**beyond), limits))[0] is rule


@pytest.mark.parametrize(("rule", "at", "beyond"), TOTAL_EDGES)
def test_judge_when_a_bound_of_all_is_passed_then_refuses_and_at_it_allows(
    rule: Rule, at: dict[str, Any], beyond: dict[str, Any]
) -> None:
    assert judge_order(order(), order_facts(**at), OF_ALL) == Allow()
    assert refused(judge_order(order(), order_facts(**beyond), OF_ALL))[0] is rule


@pytest.mark.parametrize("limits", [OF_ALL, OF_BOT], ids=["all", "bot"])
@pytest.mark.parametrize(
    ("pair", "rule"), [("DOGE/USDT", Rule.PAIR_BLOCKED), ("SOL/BTC", Rule.PAIR_NOT_ALLOWED), ("BTC/USDT", None)]
)
def test_judge_when_a_pair_is_not_open_then_refuses(pair: str, rule: Rule | None, limits: Limits) -> None:
    verdict = judge_order(order(pair=pair), order_facts(pairs=[pair]), limits)
    assert verdict == Allow() if rule is None else refused(verdict)[0] is rule


def test_judge_when_the_owner_enabled_real_money_then_a_real_entry_is_allowed() -> None:
    assert judge_order(order(), order_facts(mode=LIVE), Limits(live_enabled=True)) == Allow()


@pytest.mark.parametrize("reason", ["none", "source", "limits.max_trade", "stopped"])
def test_judge_when_a_real_bot_has_no_mandate_that_holds_then_it_enters_nothing_and_sells_all(reason: str) -> None:
    enabled, facts = Limits(live_enabled=True), order_facts(mode=LIVE, mandate_void=reason)
    assert refused(judge_order(order(), facts, enabled)) == (Rule.MANDATE_VOID, {"reason": reason})
    assert judge_order(order(side="sell"), facts, enabled) == Allow()
    assert judge_order(order(), order_facts(mandate_void=reason), enabled) == Allow()


def test_judge_when_an_addition_is_asked_for_then_it_is_no_trade_of_its_own_but_its_size_counts() -> None:
    facts = order_facts(trade_held=5, bot_trades=3, total_trades=3)
    assert judge_order(order(), facts, OF_ALL) == Allow()
    assert refused(judge_order(order(amount="0.6"), facts, OF_ALL))[0] is Rule.TRADE_SIZE


@pytest.mark.parametrize("opened", [{"bot_trades": 4}, {"total_trades": 4}])
def test_judge_when_more_trades_are_open_than_may_be_by_now_then_nothing_is_added_to_any(
    opened: dict[str, int],
) -> None:
    assert refused(judge_order(order(), order_facts(trade_held=5, **opened), OF_ALL)) == (
        Rule.OPEN_TRADES, {"asked": "4", "max": "3"},
    )  # fmt: skip


def test_judge_when_a_market_order_may_get_a_worse_price_then_that_counts() -> None:
    facts = order_facts(price=120)
    assert judge_order(order(amount="0.6"), facts, OF_ALL) == Allow()
    assert refused(judge_order(order(amount="0.6", type="market"), facts, OF_ALL)) == (
        Rule.TRADE_SIZE,
        {"asked": "72", "max": "60", "currency": "USDT", "pair": "BTC/USDT"},
    )


def test_judge_when_no_cooldown_is_set_then_a_close_in_the_exchanges_future_does_not_matter() -> None:
    assert judge_order(order(), order_facts(closed_ago_s=-3), Limits()) == Allow()


@pytest.mark.parametrize("value", ["0", "-0", "-1", "-1e30"])
@pytest.mark.parametrize("field", ["amount", "rate"])
def test_judge_when_an_order_is_of_nothing_or_less_then_refuses(field: str, value: str) -> None:
    assert refused(judge_order(order(**{field: value}), order_facts(), Limits()))[0] is Rule.UNKNOWN_PRICE


@pytest.mark.parametrize("amount", ["1e20", "1e308", "9" * 60, "1." + "0" * 39 + "1"])
def test_judge_when_an_amount_is_huge_or_too_fine_then_it_is_still_judged_by_its_rule(amount: str) -> None:
    rule, numbers = refused(judge_order(order(amount=amount), order_facts(), OF_ALL))
    assert rule is Rule.TRADE_SIZE
    assert Decimal(numbers["asked"]) >= Decimal(100)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", float("nan"), float("inf"), True, None, "50,5", ""])
@pytest.mark.parametrize("field", ["amount", "rate"])
def test_read_when_an_amount_is_no_number_then_there_is_no_order(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        order(**{field: value})


@pytest.mark.parametrize("pair", ["btc/usdt", "BTC-USDT", "BTCUSDT", "ＢＴＣ/USDT", "BTC/USDT\n", "*/USDT", "ВTC/USDT"])
def test_read_when_a_pair_is_spelled_otherwise_then_there_is_no_order(pair: str) -> None:
    with pytest.raises(ValueError, match="pair"):
        order(pair=pair)


@given(any_order(), any_limits())
def test_judge_when_an_order_exits_then_always_allows(asked: tuple[Order, OrderFacts], limits: Limits) -> None:
    selling = asked[0].model_copy(update={"side": "sell"})
    worst = asked[1].model_copy(update={"panic": True, "enters": False, "price": None, "facts_age_s": 1e9})
    assert judge_order(selling, worst, limits) == Allow()


@given(any_order(), any_limits())
def test_judge_when_an_entry_is_allowed_then_every_single_rule_allows_it(
    asked: tuple[Order, OrderFacts], limits: Limits
) -> None:
    verdicts = [check(*asked, limits) for check in ORDER_CHECKS]
    first = next((verdict for verdict in verdicts if verdict != Allow()), Allow())
    assert judge_order(*asked, limits) == first


@given(any_order(), any_limits(), st.sampled_from(["trade_held", "bot_held", "total_held", "bot_lost_today"]))
def test_judge_when_more_is_held_or_lost_then_a_refused_entry_stays_refused(
    asked: tuple[Order, OrderFacts], limits: Limits, name: str
) -> None:
    one, facts = asked
    worse = facts.model_copy(update={name: getattr(facts, name) + 1})
    if isinstance(judge_order(one, facts, limits), Refuse) and not facts.opens_trade:
        assert isinstance(judge_order(one, worse, limits), Refuse)


@given(any_order(), any_limits())
def test_judge_when_judged_again_by_what_was_kept_then_says_the_same(
    asked: tuple[Order, OrderFacts], limits: Limits
) -> None:
    one, facts = asked
    kept = Order.model_validate(one.model_dump(mode="json")), OrderFacts.model_validate(facts.model_dump(mode="json"))
    assert judge_order(*kept, Limits.model_validate(limits.model_dump(mode="json"))) == judge_order(one, facts, limits)
