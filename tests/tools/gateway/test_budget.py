"""How much may be asked, and when."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.gateway.budget import CEILINGS, MINUTE_MS, Budget, Priority

T0 = 1_000_000


def spent(weight: int, at_ms: int = T0) -> Budget:
    budget = Budget()
    budget.spend(weight, at_ms)
    return budget


def test_budget_when_nothing_is_spent_then_nobody_waits() -> None:
    assert all(Budget().wait_ms(80, priority, T0) == 0 for priority in Priority)


@pytest.mark.parametrize(("used", "may"), [
    (2_690, {0, 1, 2, 3, 4, 5}), (2_691, {0, 1, 2, 3, 4}), (2_991, {0, 1, 2, 3}), (3_291, {0, 1, 2}), (3_891, {0, 1}),
    (5_690, {0, 1}), (5_691, {0}), (5_990, {0}), (5_991, set()),
])  # fmt: skip
def test_budget_when_it_runs_short_then_who_comes_first_still_asks(used: int, may: set[int]) -> None:
    budget = spent(used)
    assert {priority.value for priority in Priority if budget.wait_ms(10, priority, T0 + 1) == 0} == may


def test_budget_when_full_then_the_wait_is_until_enough_is_a_minute_old() -> None:
    budget = spent(3_000)
    budget.spend(3_000, T0 + 10_000)
    assert budget.wait_ms(10, Priority.PRICES, T0 + 20_000) == 40_000
    assert budget.wait_ms(2_700, Priority.SCANS, T0 + 20_000) == 50_000


def test_budget_when_a_minute_has_passed_then_it_is_whole_again() -> None:
    assert spent(6_000).used(T0 + MINUTE_MS) == 0


def test_budget_when_the_exchange_counts_more_then_its_count_is_taken() -> None:
    budget = spent(10)
    budget.report(5_000, 5, T0 + 1)
    assert budget.used(T0 + 2) == 5_005
    budget.spend(20, T0 + 3)
    assert budget.used(T0 + 3) == 5_025
    assert budget.wait_ms(10, Priority.SCANS, T0 + 3) == MINUTE_MS - 2
    budget.report(40, 0, T0 + 4)
    assert budget.used(T0 + 4) == 40


def test_budget_when_the_exchange_counts_less_then_ours_is_kept() -> None:
    budget = spent(100)
    budget.report(3, 0, T0 + 1)
    assert budget.used(T0 + 1) == 100


def test_budget_when_paused_then_nobody_asks_and_a_shorter_pause_changes_nothing() -> None:
    budget = Budget()
    budget.pause(30_000, T0)
    budget.pause(1_000, T0)
    assert {budget.wait_ms(1, priority, T0 + 10_000) for priority in Priority} == {20_000}
    assert budget.wait_ms(1, Priority.SCANS, T0 + 30_000) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 250), st.sampled_from(Priority)), max_size=120))
def test_budget_when_it_is_kept_then_no_minute_holds_more_than_the_limit(
    steps: list[tuple[int, int, Priority]],
) -> None:
    budget, now_ms, sent = Budget(1_000), T0, []
    for pause_ms, weight, priority in steps:
        now_ms += pause_ms
        if budget.wait_ms(weight, priority, now_ms) == 0:
            budget.spend(weight, now_ms)
            sent.append((now_ms, weight))
            within = sum(each for at, each in sent if at > now_ms - MINUTE_MS)
            assert within <= CEILINGS[priority] * 1_000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9_000), st.integers(1, 400)), min_size=1, max_size=60), st.integers(1, 450))
def test_budget_when_the_wait_is_over_then_there_is_room(spendings: list[tuple[int, int]], weight: int) -> None:
    budget, now_ms = Budget(1_000), T0
    for pause_ms, each in spendings:
        now_ms += pause_ms
        budget.spend(each, now_ms)
    wait_ms = budget.wait_ms(weight, Priority.SCANS, now_ms)
    assert wait_ms == 0 or budget.wait_ms(weight, Priority.SCANS, now_ms + wait_ms - 1) > 0
    assert budget.wait_ms(weight, Priority.SCANS, now_ms + wait_ms) == 0
