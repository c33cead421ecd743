"""The meter: what is counted, when a limit is passed, and how long a ban lasts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tools.exchange.clock import DAY_MS, MINUTE_MS, SECOND_MS
from tools.exchange.weights.limits import Limit, Limits
from tools.exchange.weights.meter import Exceeded, Meter, Used

START_MS = 1_795_333_620_000
"""The first moment of a minute."""
SMALL = Limits(
    weight=Limit(100, 1, "MINUTE"),
    raw_requests=Limit(20, 5, "MINUTE"),
    orders=(Limit(5, 10, "SECOND"), Limit(8, 1, "DAY")),
    connections=Limit(2, 5, "MINUTE"),
    warnings=Limit(2, 1, "MINUTE"),
)


def exceeded(outcome: Used | Exceeded | None) -> Exceeded:
    assert isinstance(outcome, Exceeded)
    return outcome


def spend(meter: Meter, now_ms: int) -> Exceeded:
    """Passes the weight's limit and goes on until the ban."""
    while True:
        outcome = meter.charge("a", 60, now_ms)
        if isinstance(outcome, Exceeded) and outcome.rule == "banned":
            return outcome


def test_limits_when_announced_then_as_binance_does() -> None:
    announced = [(each["rateLimitType"], each["intervalNum"], each["limit"]) for each in Limits().announce()]
    assert announced == [
        ("REQUEST_WEIGHT", 1, 6_000), ("ORDERS", 10, 100), ("ORDERS", 1, 200_000), ("RAW_REQUESTS", 5, 61_000),
    ]  # fmt: skip


def test_charge_when_up_to_the_limit_then_used_and_beyond_it_then_exceeded() -> None:
    meter = Meter(SMALL)
    assert meter.charge("a", 40, START_MS) == Used(40)
    assert meter.charge("a", 60, START_MS + 30_000) == Used(100)
    refused = exceeded(meter.charge("a", 1, START_MS + 59_999))
    assert (refused.rule, refused.weight, refused.until_ms) == ("weight", 101, START_MS + MINUTE_MS)
    assert meter.charge("b", 1, START_MS + 59_999) == Used(1)


def test_charge_when_the_clocks_minute_is_over_then_anew() -> None:
    meter = Meter(SMALL)
    meter.charge("a", 100, START_MS + 59_999)
    assert meter.charge("a", 100, START_MS + MINUTE_MS) == Used(100)


def test_charge_when_a_heavy_request_was_refused_then_a_light_one_is_too() -> None:
    meter = Meter(SMALL)
    meter.charge("a", 90, START_MS)
    assert exceeded(meter.charge("a", 50, START_MS)).rule == "weight"
    assert exceeded(meter.charge("a", 1, START_MS)).rule == "weight"


def test_charge_when_too_many_requests_then_the_raw_limit_over_five_minutes() -> None:
    meter = Meter(SMALL)
    block = START_MS // (5 * MINUTE_MS) * 5 * MINUTE_MS
    for n in range(20):
        assert isinstance(meter.charge("a", 1, block + n * 10 * SECOND_MS), Used)
    refused = exceeded(meter.charge("a", 1, block + 299_999))
    assert (refused.rule, refused.until_ms) == ("raw_requests", block + 5 * MINUTE_MS)


def test_charge_when_going_on_then_banned_for_two_minutes_and_nothing_counts() -> None:
    meter = Meter(SMALL)
    assert spend(meter, START_MS).until_ms == START_MS + 2 * MINUTE_MS
    later = START_MS + 2 * MINUTE_MS - 1
    banned = exceeded(meter.charge("a", 1, later))
    assert (banned.rule, banned.until_ms, banned.weight) == ("banned", later + 1, 0)
    assert meter.charge("a", 1, later + 1) == Used(1)


def test_charge_when_banned_again_then_twice_as_long_up_to_three_days() -> None:
    meter, now_ms, lengths = Meter(SMALL), START_MS, []
    for _ in range(14):
        until_ms = spend(meter, now_ms).until_ms
        lengths.append(until_ms - now_ms)
        now_ms = until_ms + MINUTE_MS
    assert lengths[:4] == [2 * MINUTE_MS, 4 * MINUTE_MS, 8 * MINUTE_MS, 16 * MINUTE_MS]
    assert lengths[-1] == 3 * DAY_MS
    assert spend(meter, now_ms + DAY_MS).until_ms == now_ms + DAY_MS + 2 * MINUTE_MS


def test_place_when_too_many_in_ten_seconds_then_refused_until_the_next() -> None:
    meter = Meter(SMALL)
    assert [meter.place("x", 1, START_MS) for _ in range(5)] == [None] * 5
    refused = exceeded(meter.place("x", 1, START_MS + 9_999))
    assert (refused.rule, refused.limit.short, refused.until_ms) == ("orders", "10S", START_MS + 10_000)
    assert meter.orders("x", START_MS) == (5, 5)
    assert meter.place("y", 5, START_MS) is None
    assert meter.place("x", 3, START_MS + 10_000) is None
    assert exceeded(meter.place("x", 1, START_MS + 10_000)).limit.short == "1D"


def test_first_fill_when_taker_then_one_less_and_when_maker_then_five_but_never_below_none() -> None:
    meter = Meter(SMALL)
    meter.place("x", 4, START_MS)
    meter.first_fill("x", START_MS, maker=False)
    assert meter.orders("x", START_MS) == (3, 3)
    meter.first_fill("x", START_MS + 10_000, maker=True)
    assert meter.orders("x", START_MS + 10_000) == (0, 0)
    meter.place("x", 1, START_MS + 10_000)
    assert meter.orders("x", START_MS + 10_000) == (1, 1)


def test_charge_sapi_when_passed_then_that_endpoint_only_and_no_ban() -> None:
    meter = Meter(Limits(sapi_ip=Limit(10, 1, "MINUTE"), warnings=Limit(0, 1, "MINUTE")))
    assert meter.charge_sapi("ip", "a getall", 10, START_MS) == Used(10)
    assert exceeded(meter.charge_sapi("ip", "a getall", 10, START_MS)).rule == "sapi"
    assert meter.charge_sapi("ip", "a status", 1, START_MS) == Used(1)
    assert meter.charge_sapi("uid", "a getall", 1, START_MS) == Used(1)


def test_connect_when_too_many_then_refused() -> None:
    meter = Meter(SMALL)
    assert [meter.connect("a", START_MS) for _ in range(2)] == [None, None]
    assert exceeded(meter.connect("a", START_MS)).rule == "connections"
    assert meter.connect("a", START_MS + 5 * MINUTE_MS) is None


charges = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 60), st.integers(0, 20_000)), max_size=60)


@settings(deadline=None)
@given(charges)
def test_charge_when_any_requests_then_no_minute_lets_pass_more_than_its_limit(
    steps: list[tuple[str, int, int]],
) -> None:
    meter, now_ms, passed = Meter(SMALL), START_MS, dict[tuple[str, int], int]()
    for ip, weight, wait_ms in steps:
        now_ms += wait_ms
        if isinstance(meter.charge(ip, weight, now_ms), Used):
            minute = (ip, now_ms // MINUTE_MS)
            passed[minute] = passed.get(minute, 0) + weight
    assert all(weight <= SMALL.weight.amount for weight in passed.values())
