"""What mutation testing found unheld in holds: presses that add up, several writers, and what could not be written."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from tests.tools.guard.samples import ID, OTHER
from tests.tools.guard.steps import unwritable
from tests.tools.guard.test_holds import locked
from tools.guard.holds import PANIC, Holds
from tools.store.database import Store
from tools.store.tables import HoldRow, now


@pytest.fixture
def hasty(store: Store) -> Iterator[Store]:
    opened = Store(store.path, busy_ms=1)
    yield opened
    opened.close()


@contextmanager
def busy_for_a_moment(store: Store) -> Iterator[None]:
    """Somebody else writes, and is done soon after."""
    with closing(sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = threading.Timer(0.2, other.execute, ("ROLLBACK",))
        done.start()
        yield
        done.join()


@pytest.mark.parametrize(("presses", "exits"), [((False, False), False), ((False, True), True), ((True, False), True)])
def test_press_when_pressed_twice_then_all_is_sold_only_if_one_of_them_asks_for_it(
    store: Store, presses: tuple[bool, bool], exits: bool
) -> None:
    holds = Holds(store)
    made = [holds.press(exits=one, door="web") for one in presses]
    found = Holds(store).find(None)
    assert found is not None
    assert (found.details["exit"], found.details["pressed"]) == (exits, made[1])


@pytest.mark.parametrize("held", [None, ID])
def test_release_when_it_could_not_be_written_then_what_is_noted_later_does_not_let_go_either(
    store: Store, held: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds = Holds(store)
    holds.hold(held, PANIC)

    with monkeypatch.context() as patched:
        patched.setattr(holds, "_save", unwritable)
        with pytest.raises(OperationalError):
            holds.release(held, "web")
    found = holds.find(held)
    assert found is not None
    assert (found.released_at, found.released_by) == (None, None)
    holds.note(held, late=1)
    after = Holds(store).find(held)
    assert after is not None
    assert (after.details, after.released_at, after.released_by) == ({"late": 1}, None, None)


def test_release_when_the_panic_stop_was_never_written_then_nothing_of_it_comes_back(
    store: Store, hasty: Store
) -> None:
    holds = Holds(hasty)
    with locked(store):
        holds.press(exits=False, door="web")
    assert holds.release(None, "web") is not None
    holds.write_again()
    assert not holds.is_panic()
    assert not Holds(store).is_panic()


def test_release_when_a_bot_is_let_go_then_a_panic_stop_that_is_not_written_yet_is_not_forgotten(
    store: Store, hasty: Store
) -> None:
    holds = Holds(hasty)
    holds.hold(ID, "drawdown")
    with locked(store):
        holds.press(exits=False, door="web")
    assert holds.release(ID, "web") is not None
    holds.write_again()
    assert Holds(store).is_panic()


def test_press_when_somebody_else_writes_just_then_it_waits_its_turn_and_is_written(store: Store) -> None:
    patient = Store(store.path, busy_ms=30_000)
    with busy_for_a_moment(store):
        Holds(patient).press(exits=False, door="web")
        assert Holds(store).is_panic()
    patient.close()


def test_find_when_several_panic_stops_stand_then_it_is_the_oldest(store: Store) -> None:
    at = now()
    for number, late in enumerate((2, 0, 1)):
        with store.writing() as session:
            session.add(HoldRow(id=str(number), rule=PANIC, at=at + timedelta(seconds=late)))
    found = Holds(store).find(None)
    assert found is not None
    assert found.id == "1"


def test_find_not_carried_out_when_a_stop_from_before_presses_had_names_is_being_carried_out_then_nothing(
    store: Store,
) -> None:
    holds = Holds(store)
    row = holds.hold(None, PANIC)
    with holds.carrying_out(row.id):
        assert holds.find_not_carried_out() is None
    found = holds.find_not_carried_out()
    assert found is not None
    assert found.id == row.id


def test_note_sale_when_several_bots_could_not_sell_then_all_of_them_are_told(store: Store) -> None:
    holds = Holds(store)
    holds.press(exits=True, door="web")
    for bot_id in (OTHER, ID, OTHER):
        holds.note_sale(bot_id, failed=True)
    found = Holds(store).find(None)
    assert found is not None
    assert found.details["unsold"] == [ID, OTHER]
    for bot_id, left in ((ID, [OTHER]), (OTHER, [])):
        holds.note_sale(bot_id, failed=False)
        found = Holds(store).find(None)
        assert found is not None
        assert found.details["unsold"] == left
