from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.tools.guard.samples import any_limits, any_order, order, order_facts
from tools.guard.limits import Limits
from tools.guard.order import Order, OrderFacts
from tools.guard.order_checks import judge_order
from tools.guard.preview import SHOWN, preview
from tools.guard.verdict import Allow
from tools.store.tables import PermitRow


def row(asked: Order, facts: OrderFacts, number: int = 0) -> PermitRow:
    return PermitRow(
        id=str(number), bot_id=asked.bot_id, bot_name="alpha", mode=facts.mode, pair=asked.pair,
        stake=asked.cost_at(facts.price or asked.rate), order=asked.model_dump(mode="json"),
        facts=facts.model_dump(mode="json"), status="refused",
    )  # fmt: skip


def test_preview_when_a_larger_trade_would_be_allowed_then_says_what_it_would_have_let_in() -> None:
    rows = [row(order(amount=amount), order_facts(), number) for number, amount in enumerate(("0.5", "1", "1.5", "9"))]
    view = preview(rows, Limits(), Limits(max_trade=Decimal(200)))
    assert (view.orders, view.allowed_before, view.allowed_after) == (4, 2, 3)
    assert (view.stake_before, view.stake_after) == (150, 300)
    assert (view.largest_before, view.largest_after) == (100, 150)
    (newly,) = view.newly_allowed
    assert (newly.rule, newly.stake, newly.numbers["max"], newly.order_type) == ("trade_size", 150, "100", "limit")


def test_preview_when_nothing_was_asked_then_all_is_zero() -> None:
    view = preview([], Limits(), Limits())
    assert (view.orders, view.stake_after, view.newly_allowed) == (0, 0, ())


def test_preview_when_many_would_be_let_in_then_the_newest_are_shown_first() -> None:
    rows = [row(order(amount="2"), order_facts(), number) for number in range(50)]
    view = preview(rows, Limits(), Limits(max_trade=Decimal(200)))
    assert [one.id for one in view.newly_allowed] == [str(number) for number in range(49, 49 - SHOWN, -1)]
    assert view.allowed_after == 50


@given(st.lists(any_order(), max_size=8), any_limits(), any_limits())
def test_preview_when_judged_again_then_it_is_the_same_judgement(
    asked: list[Any], before: Limits, after: Limits
) -> None:
    view = preview([row(*one) for one in asked], before, after)
    for count, limits in ((view.allowed_before, before), (view.allowed_after, after)):
        assert count == sum(judge_order(*one, limits) == Allow() for one in asked)
    assert len(view.newly_allowed) == min(
        SHOWN, sum(judge_order(*one, before) != Allow() == judge_order(*one, after) for one in asked)
    )
