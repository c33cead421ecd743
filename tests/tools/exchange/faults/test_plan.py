"""The plan: when faults are active, whom they strike, and that the same requests are struck in the same way."""

import pytest

from tools.exchange.faults.fault import Fault
from tools.exchange.faults.kinds import BadFault, Latency, Reset, ServerError
from tools.exchange.faults.plan import LARGEST_PLAN, LONGEST_LOG, Faults

START_MS = 1_795_333_625_400


class Timed:
    """Faults at a moment that the test sets."""

    def __init__(self, seed: int = 0) -> None:
        self.now_ms = START_MS
        self.faults = Faults(lambda: self.now_ms, seed=seed)

    def strikes(self, times: int = 1, path: str = "/api/v3/order", method: str = "POST") -> list[bool]:
        return [bool(self.faults.strike("http", method, path)) for _ in range(times)]


def test_strike_when_outside_its_time_then_not() -> None:
    timed = Timed()
    timed.faults.add([Fault(Reset(), start_in_s=2, duration_s=3)])
    struck = []
    for second in range(7):
        timed.now_ms = START_MS + second * 1_000
        struck += timed.strikes()
    assert struck == [False, False, True, True, True, False, False]


def test_strike_when_counted_then_the_next_ones_only() -> None:
    timed = Timed()
    timed.faults.add([Fault(Reset(), path="/api/v3/order", method="POST", count=2)])
    assert timed.strikes(path="/api/v3/klines") + timed.strikes(method="GET") == [False, False]
    assert timed.strikes(3) == [True, True, False]
    assert (timed.faults.describe()[0]["state"], timed.faults.describe()[0]["strikes"]) == ("over", 2)


def test_strike_when_by_chance_then_by_seed() -> None:
    runs = []
    for seed in (1, 1, 2):
        timed = Timed(seed)
        timed.faults.add([Fault(Reset(), probability=0.3)])
        runs.append(timed.strikes(300))
    assert runs[0] == runs[1] != runs[2]
    assert 60 < sum(runs[0]) < 120


def test_strike_when_two_decide_then_the_first_only_and_others_beside() -> None:
    timed = Timed()
    timed.faults.add([Fault(Latency(5)), Fault(Reset(), count=1), Fault(ServerError()), Fault(Latency(7))])
    first, second = (timed.faults.strike("http", "GET", "/") for _ in range(2))
    assert [struck.action.kind for struck in first] == ["latency", "reset", "latency"]
    assert [struck.action.kind for struck in second] == ["latency", "server_error", "latency"]


def test_log_when_much_is_struck_then_bounded_and_numbers_go_on() -> None:
    timed = Timed()
    timed.faults.add([Fault(Reset())])
    timed.strikes(LONGEST_LOG + 5)
    assert (len(timed.faults.log), timed.faults.log[-1].number) == (LONGEST_LOG, LONGEST_LOG + 5)
    assert timed.faults.log[-1].describe() == {
        "number": LONGEST_LOG + 5, "at": "2026-11-22T07:47:05.400Z", "fault": "f1", "kind": "reset", "method": "POST",
        "path": "/api/v3/order",
    }  # fmt: skip


def test_add_when_the_plan_is_full_then_refused_and_what_is_over_makes_room() -> None:
    timed = Timed()
    timed.faults.add([Fault(Reset(), duration_s=1)] * LARGEST_PLAN)
    with pytest.raises(BadFault, match="DELETE /demo/faults"):
        timed.faults.add([Fault(Reset())])
    assert len(timed.faults.describe()) == LARGEST_PLAN
    timed.now_ms += 1_000
    timed.faults.add([Fault(Reset())])
    assert [each["state"] for each in timed.faults.describe()] == ["active"]


def test_remove_when_one_or_all_then_it_strikes_no_more() -> None:
    timed = Timed()
    first, *_ = timed.faults.add([Fault(Reset()), Fault(Reset()), Fault(Reset())])
    assert (timed.faults.remove(first.id), timed.faults.remove(first.id), timed.faults.remove()) == (1, 0, 2)
    assert timed.strikes() == [False]
