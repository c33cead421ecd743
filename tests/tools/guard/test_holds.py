import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy.exc import OperationalError

from tests.tools.guard.samples import ID, OTHER
from tests.tools.guard.steps import unwritable
from tools.guard.holds import PANIC, Holds
from tools.guard.limits import Limits
from tools.guard.limits_book import LimitsBook
from tools.guard.peaks import Peaks
from tools.store.database import Store


def break_down(store: Store, table: str) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {table}")


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """While somebody else writes."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def hasty(store: Store) -> Iterator[Store]:
    opened = Store(store.path, busy_ms=1)
    yield opened
    opened.close()


def test_hold_when_held_twice_then_the_first_reason_stays(store: Store) -> None:
    holds = Holds(store)
    first = holds.hold(ID, "drawdown", {"max": "10"})
    assert holds.hold(ID, "loss_streak") is first
    found = Holds(store).find(ID)
    assert found is not None
    assert (found.rule, found.numbers) == ("drawdown", {"max": "10"})
    assert holds.find(OTHER) is None
    assert not holds.is_panic()


def test_panic_when_pressed_then_it_outlives_a_restart_and_is_lifted_by_name(store: Store) -> None:
    holds = Holds(store)
    holds.hold(None, PANIC, details={"exit": True})
    holds.note(None, entries_off_ms=12)
    holds.note(ID, lost="nothing")
    after = Holds(store)
    assert after.is_panic()
    found = after.find(None)
    assert found is not None
    assert found.details == {"exit": True, "entries_off_ms": 12}
    released = after.release(None, "telegram")
    assert released is not None
    assert (released.released_by, after.is_panic(), Holds(store).is_panic()) == ("telegram", False, False)
    assert after.release(None, "web") is None


@pytest.mark.parametrize("held", [None, ID])
def test_release_when_it_cannot_be_written_then_it_still_holds(
    store: Store, held: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds = Holds(store)
    holds.hold(held, PANIC)

    monkeypatch.setattr(holds, "_save", unwritable)
    with pytest.raises(OperationalError):
        holds.release(held, "web")
    assert holds.find(held) is not None
    assert holds.is_panic() is (held is None)


def test_panic_when_another_process_has_pressed_or_lifted_it_then_it_is_seen_at_once(store: Store) -> None:
    product, command = Holds(store), Holds(store)
    command.hold(None, PANIC)
    assert product.is_panic()
    command.release(None, "cli")
    assert not product.is_panic()


def test_read_last_release_when_released_for_several_rules_then_the_newest_of_that_rule(store: Store) -> None:
    holds = Holds(store)
    assert holds.read_last_release(ID, "loss_streak") is None
    for rule in ("loss_streak", "drawdown"):
        holds.hold(ID, rule)
        holds.release(ID, "web")
    first = holds.read_last_release(ID, "loss_streak")
    assert first is not None
    assert first.tzinfo == UTC
    assert first <= datetime.now(UTC)
    holds.hold(ID, "loss_streak")
    assert holds.read_last_release(ID, "loss_streak") == first
    holds.forget(ID)
    again = holds.read_last_release(ID, "loss_streak")
    assert again is not None
    assert again > first


def test_peaks_when_profit_rises_and_falls_then_the_fall_is_measured_from_the_top(store: Store) -> None:
    peaks = Peaks(store)
    assert (peaks.drawdown("a", Decimal(5)), peaks.drawdown("a", Decimal(-5))) == (0, 5)
    for profit in ("10.5", "-3", "10"):
        peaks.note("a", Decimal(profit))
    assert Peaks(store).drawdown("a", Decimal(-1)) == Decimal("11.5")
    assert peaks.drawdown("b", Decimal(-1)) == 1
    peaks.rebase("a", Decimal(-2))
    assert Peaks(store).drawdown("a", Decimal(-3)) == 1


def test_rebase_when_it_cannot_be_written_then_the_drawdown_stays(store: Store) -> None:
    peaks = Peaks(store)
    peaks.note("a", Decimal(10))
    break_down(store, "peak")
    with pytest.raises(OperationalError):
        peaks.rebase("a", Decimal(0))
    assert peaks.drawdown("a", Decimal(0)) == 10


def test_book_when_limits_are_written_then_the_newest_are_in_force_and_none_is_lost(store: Store) -> None:
    book = LimitsBook(store)
    assert book.read() == Limits()
    newer = Limits.model_validate({"max_trade": "50", "bots": {ID: {"max_trade": "5"}}, "blocked_pairs": ["A/USDT"]})
    book.write(newer)
    assert LimitsBook(store).read() == newer
    assert LimitsBook(store).read_changed_at() == book.read_changed_at()
    break_down(store, "limits")
    with pytest.raises(OperationalError):
        book.write(Limits(live_enabled=True))
    assert book.read() == newer


def test_is_panic_when_another_process_has_pressed_then_it_is_seen_and_one_release_ends_it(store: Store) -> None:
    holds = Holds(store)
    assert not holds.is_panic()
    Holds(store).hold(None, PANIC)
    assert holds.is_panic()
    assert holds.hold(None, PANIC).id == holds.find(None).id
    holds.release(None, "web")
    assert not Holds(store).is_panic()


def test_press_when_another_process_has_pressed_then_each_sees_what_both_asked(store: Store) -> None:
    product, command = Holds(store), Holds(store)
    product.press(exits=False, door="web")
    product.note(None, entries_off_ms=3)
    press = command.press(exits=True, door="cli")
    product.note(None, ended_bots=["one"])
    product.press(exits=False, door="rest")
    found = Holds(store).find(None)
    assert found is not None
    told = {name: found.details[name] for name in ("exit", "door", "entries_off_ms", "ended_bots")}
    assert told == {"exit": True, "door": "web", "entries_off_ms": 3, "ended_bots": ["one"]}
    assert found.details["pressed"] != press


def test_find_not_carried_out_when_it_is_under_way_or_done_then_nothing(store: Store) -> None:
    holds = Holds(store)
    assert holds.find_not_carried_out() is None
    press = holds.press(exits=True, door="web")
    assert holds.find_not_carried_out() is not None
    with holds.carrying_out(press):
        assert holds.find_not_carried_out() is None
        assert Holds(store).find_not_carried_out() is not None
    assert holds.find_not_carried_out() is None
    assert Holds(store).find_not_carried_out() is None


def test_find_not_carried_out_when_it_was_cut_off_or_written_before_presses_had_names_then_it_is_found(
    store: Store,
) -> None:
    holds = Holds(store)
    holds.hold(None, PANIC, details={"exit": False, "door": "web"})
    assert holds.find_not_carried_out() is not None
    with pytest.raises(ValueError, match="x"), holds.carrying_out(holds.press(exits=False, door="web")):
        raise ValueError("x")
    assert holds.find_not_carried_out() is not None


def test_carrying_out_when_it_is_pressed_again_meanwhile_then_that_press_is_not_carried_out(store: Store) -> None:
    product, command = Holds(store), Holds(store)
    with product.carrying_out(product.press(exits=False, door="web")):
        command.press(exits=True, door="cli")
    row = product.find_not_carried_out()
    assert row is not None
    assert row.details["exit"] is True
    with product.carrying_out(product.press(exits=True, door="guard")):
        product.release(None, "web")
    assert product.find_not_carried_out() is None
    assert not product.is_panic()


def test_press_when_nothing_can_be_written_then_it_holds_at_once_and_is_written_later(
    store: Store, hasty: Store
) -> None:
    holds = Holds(hasty)
    with locked(store):
        holds.press(exits=True, door="web")
        holds.note(None, entries_off_ms=4)
        assert holds.is_panic()
        assert not Holds(store).is_panic()
        holds.write_again()
        assert holds.find_not_carried_out() is not None
    assert holds.is_panic()
    holds.write_again()
    found = Holds(store).find(None)
    assert found is not None
    assert (found.details["exit"], found.details["door"], found.details["entries_off_ms"]) == (True, "web", 4)
    holds.release(None, "web")
    holds.write_again()
    assert not Holds(store).is_panic()


def test_press_when_another_process_has_written_one_meanwhile_then_there_is_one_and_neither_is_forgotten(
    store: Store, hasty: Store
) -> None:
    holds = Holds(hasty)
    with locked(store), holds.carrying_out(holds.press(exits=False, door="web")):
        pass
    assert holds.find_not_carried_out() is None
    Holds(store).press(exits=True, door="cli")
    holds.write_again()
    row = holds.find_not_carried_out()
    assert row is not None
    assert row.details["exit"] is True
    holds.release(None, "web")
    assert not Holds(store).is_panic()


def test_release_when_it_was_never_written_and_still_cannot_be_then_it_holds(store: Store, hasty: Store) -> None:
    holds = Holds(hasty)
    with locked(store):
        holds.press(exits=False, door="web")
        with pytest.raises(OperationalError):
            holds.release(None, "web")
        assert holds.is_panic()
    holds.write_again()
    assert Holds(store).is_panic()
    assert holds.release(None, "web") is not None
    assert not holds.is_panic()


def test_write_again_when_somebody_else_writes_then_it_waits_for_nobody(store: Store) -> None:
    slow = Store(store.path, busy_ms=60_000)
    holds = Holds(slow)
    holds._unwritten = holds.hold(None, PANIC)
    with locked(store):
        began = time.monotonic()
        holds.write_again()
        assert time.monotonic() - began < 30
    with slow.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 60_000
    slow.close()


def test_carrying_out_when_something_is_left_then_the_press_is_not_carried_out(store: Store) -> None:
    holds = Holds(store)
    with holds.carrying_out(holds.press(exits=True, door="web")) as left:
        left.append("sale")
    assert holds.find_not_carried_out() is not None
    assert Holds(store).find_not_carried_out() is not None


def test_note_sale_when_tried_again_then_tells_what_the_newest_press_could_not_sell(store: Store) -> None:
    holds = Holds(store)
    holds.note_sale("none", failed=True)
    assert (holds.is_panic(), holds.is_sale_on()) == (False, False)
    holds.press(exits=False, door="web")
    assert not holds.is_sale_on()
    holds.press(exits=True, door="web")
    assert holds.is_sale_on()
    for bot_id, failed in (("b", True), ("a", True), ("c", False), ("b", False)):
        holds.note_sale(bot_id, failed=failed)
    found = Holds(store).find(None)
    assert found is not None
    assert found.details["unsold"] == ["a"]
    holds.press(exits=False, door="web")
    found = Holds(store).find(None)
    assert found is not None
    assert "unsold" not in found.details
    assert holds.is_sale_on()
