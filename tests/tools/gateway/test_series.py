"""What is kept of one symbol's candles, and when the newest may be shown."""

from typing import Any

import pytest

from tools.gateway.blocks import Blocks
from tools.gateway.intervals import INTERVALS, MINUTE_MS
from tools.gateway.series import Candle, Found, Newer, Present, Series, Tail, Unknown
from tools.gateway.wanted import Wanted, read_wanted

MINUTE = INTERVALS["1m"]
N = 29_922_227
OPEN_MS = MINUTE.open_ms(N)
"""When candle N opens."""


def candle(number: int, text: str = "") -> Candle:
    return Candle(MINUTE.open_ms(number), MINUTE.close_ms(number), text or str(number))


def series(*numbers: int, at_ms: int = OPEN_MS + 10_000) -> Series:
    made = Series(MINUTE, Blocks(), "s")
    if numbers:
        assert made.learn([candle(number) for number in numbers], at_ms, reaches_now=True)
    return made


def present(now_ms: int, margin_ms: int = 0, ttl_ms: int = 1_500) -> Present:
    return Present(now_ms, margin_ms, now_ms, ttl_ms)


def last(limit: int, end_ms: int | None = None) -> Wanted:
    return Wanted(MINUTE, None, end_ms, limit)


@pytest.mark.parametrize(("later_ms", "shown"), [(1_500, True), (1_501, False), (50_000, False)])
def test_look_when_the_tail_grows_old_then_newer_is_needed(later_ms: int, *, shown: bool) -> None:
    found = series(N - 1, N).look(last(2), present(OPEN_MS + 10_000 + later_ms))
    assert isinstance(found, Found) is shown


@pytest.mark.parametrize(("margin_ms", "shown"), [(0, True), (99, True), (100, False)])
def test_look_when_the_close_may_have_passed_by_the_exchanges_clock_then_newer(margin_ms: int, *, shown: bool) -> None:
    read = series(N - 1, N, at_ms=OPEN_MS + MINUTE_MS - 500)
    found = read.look(last(2), present(OPEN_MS + MINUTE_MS - 100, margin_ms))
    assert isinstance(found, Found) is shown


def test_look_when_nothing_is_known_then_unknown_and_when_a_prefix_lacks_too() -> None:
    now = present(OPEN_MS + 10_000)
    assert isinstance(series().look(last(2), now), Unknown)
    assert isinstance(series(N - 1, N).look(last(5), now), Unknown)
    assert series(N - 2, N - 1, N).look(last(2, OPEN_MS - 1), now) == Found([str(N - 2), str(N - 1)], 0)


def test_look_when_candles_closed_meanwhile_then_newer_from_the_first_that_is_not_final() -> None:
    found = series(N - 1, N).look(last(3), present(OPEN_MS + 3 * MINUTE_MS))
    assert isinstance(found, Unknown | Newer)
    read = series(N - 4, N - 3, N - 2, N - 1, N)
    assert read.look(last(5), present(OPEN_MS + 2 * MINUTE_MS)) == Newer(N)


def test_learn_when_the_last_is_shown_alone_then_it_is_not_final() -> None:
    read = series(N - 1, N)
    later = present(OPEN_MS + MINUTE_MS + 10)
    assert read.look(last(1, OPEN_MS), later) != Found([str(N)], 0)


def test_learn_when_the_last_was_over_for_five_seconds_then_it_is_final() -> None:
    read = series()
    read.learn([candle(N - 1), candle(N)], OPEN_MS + MINUTE_MS + 5_000, reaches_now=False)
    assert read.look(last(2, OPEN_MS), present(OPEN_MS + 2 * MINUTE_MS)) == Found([str(N - 1), str(N)], 0)


@pytest.mark.parametrize("candles", [
    [], [candle(N - 3), candle(N - 1)], [candle(N - 1), candle(N - 1)], [candle(N), candle(N - 1)],
    [Candle(OPEN_MS + 1, OPEN_MS + MINUTE_MS - 1, "x")], [Candle(OPEN_MS, OPEN_MS + MINUTE_MS, "x")],
])  # fmt: skip
def test_learn_when_there_are_holes_then_nothing_is_kept(candles: list[Candle]) -> None:
    read = series()
    assert not read.learn(candles, OPEN_MS + 10 * MINUTE_MS, reaches_now=True)
    assert (read.tail, isinstance(read.look(last(1, OPEN_MS), present(OPEN_MS + 20 * MINUTE_MS)), Unknown)) == (
        None,
        True,
    )


def test_show_when_older_than_what_is_known_then_left_out() -> None:
    read = series(N - 1, N)
    read.show(Tail(N, "old", OPEN_MS + 9_999))
    assert read.tail is not None
    assert read.tail.text == str(N)
    read.show(Tail(N, "new", OPEN_MS + 10_001, live=True))
    assert read.tail.text == "new"


def test_look_when_streamed_then_two_and_a_half_seconds_and_never_past_the_close() -> None:
    read = series(N - 1, N)
    read.show(Tail(N, "live", OPEN_MS + 20_000, live=True))
    assert read.look(last(1), present(OPEN_MS + 22_500)) == Found(["live"], 2_500)
    assert not isinstance(read.look(last(1), present(OPEN_MS + 22_501)), Found)
    read.show(Tail(N, "late", OPEN_MS + MINUTE_MS + 5, live=True))
    assert not isinstance(read.look(last(1), present(OPEN_MS + MINUTE_MS + 10)), Found)


def test_look_when_the_exchange_opens_late_then_the_old_one_is_the_newest_for_a_moment() -> None:
    read = series(N - 1, N, at_ms=OPEN_MS + MINUTE_MS + 50)
    assert isinstance(read.look(last(1), present(OPEN_MS + MINUTE_MS + 350)), Found)
    assert not isinstance(read.look(last(1), present(OPEN_MS + MINUTE_MS + 351)), Found)


def test_look_when_the_symbol_is_halted_then_its_last_candle_is_asked_for_as_seldom_as_any() -> None:
    read = series(N - 1, N, at_ms=OPEN_MS + MINUTE_MS + 30_000)
    assert isinstance(read.look(last(1), present(OPEN_MS + MINUTE_MS + 31_500)), Found)


def test_close_when_it_contradicts_what_is_known_then_all_of_the_series_is_dropped() -> None:
    read = series(N - 3, N - 2, N - 1, N)
    read.begins = N - 3
    read.close(N - 1, "other")
    assert read.begins is None
    assert isinstance(read.look(last(2, OPEN_MS - 1), present(OPEN_MS + 10_000)), Unknown)


@pytest.mark.parametrize("params", [
    {"timeZone": "8"}, {"interval": "1s"}, {"limit": "0"}, {"startTime": str(10**15)},
    {"startTime": "2", "endTime": "1"},
])  # fmt: skip
def test_wanted_when_only_the_exchange_can_tell_then_none(params: dict[str, Any]) -> None:
    assert read_wanted({"symbol": "A", "interval": "1m", **params}) is None


def test_wanted_when_the_start_is_before_all_history_then_from_its_beginning() -> None:
    wanted = Wanted(MINUTE, 0, None, 3)
    assert wanted.since(N).span(N + 9, N) == (N, N + 2)
    assert wanted.since(None) == wanted
    assert last(9).span(N + 2, N) == (N, N + 2)
