"""Schedules: the same seed gives the same faults, at the rate that was asked for."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.exchange.faults.kinds import KINDS, BadFault
from tools.exchange.faults.schedule import DRAWS, make_schedule, read_schedule

seeds = st.integers(0, 2**32 - 1)
some_kinds = st.lists(st.sampled_from(sorted(KINDS)), min_size=1, unique=True)


@settings(max_examples=50, deadline=None)
@given(seeds, st.floats(1, 1_800), st.floats(0.1, 20), some_kinds)
def test_schedule_when_drawn_twice_then_the_same_and_within_what_was_asked(
    seed: int, duration_s: float, rate: float, kinds: list[str]
) -> None:
    faults = make_schedule(seed, duration_s, rate, kinds)
    assert faults == make_schedule(seed, duration_s, rate, kinds)
    starts = [fault.start_in_s for fault in faults]
    assert starts == sorted(starts)
    assert all(0 <= start <= duration_s + 0.001 for start in starts)
    assert {fault.action.kind for fault in faults} <= set(kinds)


def test_schedule_when_long_then_all_kinds_at_the_rate() -> None:
    faults = make_schedule(7, 3_600, 10)
    assert 500 < len(faults) < 700
    assert {fault.action.kind for fault in faults} == set(KINDS)
    assert make_schedule(8, 3_600, 10) != faults


def test_schedule_when_there_is_a_kind_then_it_can_be_drawn() -> None:
    assert set(DRAWS) == set(KINDS.values())


GOOD = {"seed": 7, "duration_s": 60, "rate_per_min": 6}


def test_schedule_when_read_then_all_kinds_by_default() -> None:
    asked = read_schedule({**GOOD, "kinds": ["reset"]})
    assert (asked.seed, asked.duration_s, asked.rate_per_min, asked.kinds) == (7, 60, 6, ("reset",))
    assert read_schedule(GOOD).kinds == tuple(KINDS)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (7, "body"),
        ({"seed": 7}, "body"),
        ({**GOOD, "seed": -1}, "seed"),
        ({**GOOD, "seed": True}, "seed"),
        ({**GOOD, "duration_s": 0}, "duration_s"),
        ({**GOOD, "duration_s": "long"}, "duration_s"),
        ({**GOOD, "rate_per_min": 61}, "rate_per_min"),
        ({**GOOD, "duration_s": 86_400}, "rate_per_min: that makes more than 1000 faults"),
        ({**GOOD, "kinds": []}, "kinds"),
        ({**GOOD, "kinds": "reset"}, "kinds"),
        ({**GOOD, "kinds": [["reset"]]}, "kind"),
        ({**GOOD, "kinds": ["flood"]}, "kind: 'flood'"),
        ({**GOOD, "colour": "red"}, "colour: a schedule has no such field"),
    ],
)
def test_schedule_when_wrong_then_one_sentence_that_names_the_field(body: Any, says: str) -> None:
    with pytest.raises(BadFault) as refused:
        read_schedule(body)
    assert str(refused.value).startswith(says)
