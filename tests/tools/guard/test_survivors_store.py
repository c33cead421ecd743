"""What mutation testing found unheld where the guard remembers: what a restart, an edge and a report must keep."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel
from sqlmodel import select

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, MODEL, OTHER, PERSON, bot, order, order_facts, snapshot, spec
from tests.tools.guard.test_guardian import World as Watched
from tests.tools.guard.test_permits import World
from tools.actions import CreateBot, PauseBot, SetBotLimits
from tools.bot import Mode
from tools.errors import Problem
from tools.guard import guardian as guardian_module
from tools.guard import permits as permits_module
from tools.guard import reservations as reservations_module
from tools.guard.audit import Audit
from tools.guard.guardian import Guardian
from tools.guard.holds import Holds
from tools.guard.limits import BotLimitsChange, Limits
from tools.guard.permits import AGAIN_S
from tools.guard.preview import view_refused
from tools.guard.proposals import Draft
from tools.guard.reservations import AFTER_ROUND, UNTOLD, Reservation, Reservations
from tools.guard.submissions import Submissions
from tools.guard.verdict import Allow, Refuse, Rule, Why
from tools.store.database import Store
from tools.store.seal import seal
from tools.store.tables import AuditHeadRow, AuditRow, HoldRow, PermitRow, SubmissionRow, now

LINES = 8
CREATE = CreateBot(spec=spec())


@pytest.fixture
def audit(store: Store) -> Audit:
    written = Audit(store)
    for number in range(LINES):
        written.write(f"s{number}", "judged", PauseBot(bot_id=ID), PERSON, verdict="allow", numbers={"n": str(number)})
    return written


def tamper(audit: Audit, *statements: str) -> None:
    with audit._store.engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_no_{verb}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def breaks(audit: Audit) -> list[tuple[int, str]]:
    return [(one.line, one.what) for one in audit.verify().breaks]


def move(*steps: tuple[int, int]) -> list[str]:
    return [f"UPDATE audit SET id = {to} WHERE id = {line}" for line, to in steps]


def test_verify_when_two_lines_change_places_then_they_are_told_as_moved_and_not_as_edited(audit: Audit) -> None:
    tamper(audit, *move((3, 999), (6, 3), (999, 6)))
    assert (6, "reordered") in breaks(audit)
    assert {line for line, _ in breaks(audit)} >= {3, 6}


def test_verify_when_a_line_is_taken_out_and_the_rest_moved_up_then_those_that_moved_are_told_as_moved(
    audit: Audit,
) -> None:
    tamper(audit, "DELETE FROM audit WHERE id = 3", *move(*((line, line - 1) for line in range(4, LINES + 1))))
    assert breaks(audit) == [(3, "edited"), *((line, "reordered") for line in range(4, LINES)), (LINES, "cut")]


def test_verify_when_lines_are_moved_down_for_one_more_then_those_that_moved_are_told_as_moved(audit: Audit) -> None:
    names = ", ".join(name for name in AuditRow.model_fields if name != "id")
    down = move(*((line, line + 1) for line in range(LINES, 2, -1)))
    tamper(audit, *down, f"INSERT INTO audit (id, {names}) SELECT 3, {names} FROM audit WHERE id = 1")
    found = breaks(audit)
    assert found[0][0] == 3
    assert {(line, "reordered") for line in range(5, LINES + 2)} <= set(found)


def test_verify_when_the_first_line_changes_places_then_it_is_told_as_moved(audit: Audit) -> None:
    tamper(audit, *move((1, 999), (LINES, 1), (999, LINES)))
    assert (LINES, "reordered") in breaks(audit)


def test_verify_when_two_lines_were_edited_and_sealed_again_then_both_are_named(audit: Audit) -> None:
    for line in (2, 6):
        tamper(audit, f"UPDATE audit SET verdict = 'refuse' WHERE id = {line}")
        row = next(row for row in audit._rows() if row["id"] == line)
        tamper(audit, f"UPDATE audit SET seal = '{seal(row)}' WHERE id = {line}")
    assert breaks(audit) == [(2, "edited"), (6, "edited")]


def test_verify_when_a_line_is_edited_then_it_is_not_told_as_moved(audit: Audit) -> None:
    tamper(audit, "UPDATE audit SET verdict = 'refuse' WHERE id = 4")
    assert breaks(audit) == [(4, "edited")]


@pytest.mark.parametrize("gone", [[2, 3], [1]])
def test_verify_when_lines_are_gone_then_each_is_named_once(audit: Audit, gone: list[int]) -> None:
    tamper(audit, *(f"DELETE FROM audit WHERE id = {line}" for line in gone))
    assert breaks(audit) == [(line, "removed") for line in gone]


def test_verify_when_the_note_of_the_newest_line_names_another_then_says_where(audit: Audit) -> None:
    tamper(audit, "UPDATE audit_head SET seal = '00'")
    assert breaks(audit) == [(LINES, "edited")]
    tamper(audit, "UPDATE audit_head SET line = 3")
    assert breaks(audit) == [(4, "cut")]
    tamper(audit, "DELETE FROM audit_head")
    assert breaks(audit) == [(1, "cut")]


def test_verify_when_nothing_was_ever_written_and_no_note_says_so_then_nothing_is_wrong(store: Store) -> None:
    audit = Audit(store)
    tamper(audit, "DELETE FROM audit_head")
    assert breaks(audit) == []


def test_verify_when_the_count_of_lines_given_was_set_back_then_says_from_where(audit: Audit) -> None:
    tamper(audit, "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'")
    assert breaks(audit) == [(4, "cut")]


def test_verify_when_that_there_is_no_receipt_is_said_in_another_way_then_the_line_is_the_same(audit: Audit) -> None:
    tamper(audit, "UPDATE audit SET receipt = NULL WHERE id IN (1, 4)")
    assert breaks(audit) == []
    assert {row["receipt"] for row in audit.read_all()} == {None}


@pytest.mark.parametrize("column", ["rule", "door", "submission"])
def test_verify_when_a_line_holds_what_no_line_can_then_it_is_named(audit: Audit, column: str) -> None:
    tamper(audit, f"UPDATE audit SET {column} = x'00' WHERE id = 4")
    assert breaks(audit) == [(4, "edited")]


def test_verify_when_a_long_gap_is_left_then_a_hundred_are_named_at_most(audit: Audit) -> None:
    tamper(audit, *move((LINES, 5000)))
    found = breaks(audit)
    assert [line for line, what in found if what == "removed"] == list(range(LINES, LINES + 99))
    assert (5000, "reordered") in found


def test_read_all_when_a_line_was_made_unreadable_then_it_is_still_exported_as_it_stands(audit: Audit) -> None:
    tamper(audit, "UPDATE audit SET at = 'never' WHERE id = 2", "UPDATE audit SET action = '{' WHERE id = 3")
    rows = list(audit.read_all())
    assert [rows[1]["at"], rows[2]["action"]] == ["never", "{"]
    assert rows[0]["at"].endswith("+00:00")
    assert len(rows[0]["at"]) == len("2026-01-01T00:00:00.000000+00:00")
    assert breaks(audit) == [(2, "edited"), (3, "edited")]


def test_write_when_all_is_told_then_all_of_it_stands_in_the_line(store: Store) -> None:
    audit = Audit(store)
    told = {"verdict": "refuse", "risk": "live", "rule": "panic", "numbers": {"a": "1"}, "receipt": {"b": 2}}
    actor = MODEL.model_copy(update={"conversation_id": "c1"})
    row = audit.write("s1", "judged", CREATE, actor, **told)
    (kept,) = audit.read_newest(5)
    assert kept.model_dump() == row.model_dump()
    assert {name: getattr(kept, name) for name in told} == told
    assert (kept.id, kept.submission, kept.phase, kept.door) == (1, "s1", "judged", "web")
    assert kept.action_kind == "create_bot"
    assert kept.actor == actor.model_dump(mode="json")
    assert kept.action["spec"]["pairs"] == ["BTC/USDT"]
    assert (kept.previous, len(kept.seal)) == ("", 64)
    bare = audit.write("s2", "invalid", {"asked": "?"}, PERSON, verdict="invalid")
    assert (bare.action_kind, bare.risk, bare.rule, bare.numbers, bare.receipt) == ("?", "", None, {}, None)
    assert bare.previous == kept.seal
    assert audit.write("s3", "done", {"kind": "k" * 99}, PERSON, verdict="allow", receipt={}).receipt == {}
    assert audit.read_newest(1)[0].action_kind == "k" * 60


def test_write_when_a_bots_limits_change_then_the_line_holds_what_was_given_and_nothing_else(store: Store) -> None:
    changes = {"max_trade": None, "blocked_pairs": ["SOL/USDT", "BTC/USDT", "ETH/USDT", "DOGE/USDT"]}
    action = SetBotLimits(bot_id=ID, changes=BotLimitsChange.model_validate(changes))
    row = Audit(store).write("s1", "judged", action, PERSON, verdict="allow")
    told = {"max_trade": None, "blocked_pairs": ["BTC/USDT", "DOGE/USDT", "ETH/USDT", "SOL/USDT"]}
    assert row.action == {"kind": "set_bot_limits", "bot_id": ID, "changes": told}


def test_write_when_what_was_asked_is_no_action_then_the_line_holds_it_as_it_is(store: Store) -> None:
    class Note(BaseModel):
        kind: str = "note"
        allowed_pairs: tuple[str, ...] = ("b", "a")

    row = Audit(store).write("s1", "judged", Note(), PERSON, verdict="allow")
    assert (row.action_kind, row.action) == ("note", {"kind": "note", "allowed_pairs": ["b", "a"]})


def test_write_when_the_note_of_the_newest_line_is_not_there_yet_then_the_chain_begins_with_it(store: Store) -> None:
    audit = Audit(store)
    tamper(audit, "DELETE FROM audit_head")
    rows = [audit.write(f"s{number}", "judged", CREATE, PERSON, verdict="allow") for number in range(2)]
    assert [(row.id, row.previous) for row in rows] == [(1, ""), (2, rows[0].seal)]
    with store.session() as session:
        (head,) = session.exec(select(AuditHeadRow))
    assert (head.id, head.line, head.seal) == (1, 2, rows[1].seal)
    assert breaks(audit) == []


def test_read_newest_when_narrowed_by_several_then_all_of_them_hold(audit: Audit) -> None:
    audit.write("s1", "done", CREATE, PERSON, verdict="allow")
    assert [row.id for row in audit.read_newest(9, submission="s1")] == [LINES + 1, 2]
    assert [row.id for row in audit.read_newest(9, submission="s1", phase="judged")] == [2]
    assert [row.id for row in audit.read_newest(1, before=LINES + 1, verdict="allow")] == [LINES]


def test_holds_when_started_again_then_the_last_release_of_each_rule_is_still_known(store: Store) -> None:
    holds = Holds(store)
    released = []
    for rule in ("drawdown", "loss_streak", "drawdown"):
        holds.hold(ID, rule)
        row = holds.release(ID, "web")
        assert row is not None
        released.append(row.released_at)
    after = Holds(store)
    assert after.read_last_release(ID, "drawdown") == released[2]
    assert after.read_last_release(ID, "loss_streak") == released[1]
    assert after.read_last_release(OTHER, "drawdown") is None
    assert after.find(ID) is None


def test_holds_when_rows_come_in_another_order_then_the_newest_release_still_counts(store: Store) -> None:
    late, early = now(), now() - timedelta(days=1)
    with store.session() as session:
        for number, at in enumerate((late, early)):
            session.add(HoldRow(id=str(number), bot_id=ID, rule="drawdown", released_at=at, released_by="web"))
        session.commit()
    assert Holds(store).read_last_release(ID, "drawdown") == late


def test_hold_when_made_then_all_of_it_is_kept_and_a_note_adds_to_it(store: Store) -> None:
    holds = Holds(store)
    holds.hold(ID, "drawdown", {"max": "20"}, {"exit": False})
    holds.note(ID, late=1)
    holds.note(ID, exit=True)
    found = Holds(store).find(ID)
    assert found is not None
    assert (found.bot_id, found.rule, found.numbers, found.details) == (
        ID, "drawdown", {"max": "20"}, {"exit": True, "late": 1},
    )  # fmt: skip
    holds.forget(ID)
    with store.session() as session:
        assert [row.released_by for row in session.exec(select(HoldRow))] == ["deleted"]


@pytest.mark.parametrize(("late", "tries"), [(59.999, 1), (60, 2)])
async def test_look_when_a_bot_could_not_be_paused_then_a_minute_later_to_the_moment_it_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, late: float, tries: int
) -> None:
    """Also on a machine that has only just started, whose clock is near zero."""
    at = 5.0
    monkeypatch.setattr(guardian_module.time, "monotonic", lambda: at)
    desk.facts = snapshot(Limits(), bot(lost_today=Decimal(100)))
    guardian = Guardian(desk.gate, Holds(desk.store), Watched(desk))
    desk.executor.problem = Problem("bot_unreachable", 502)
    await guardian.look()
    assert len(desk.executor.phases_before) == 1
    at += late
    await guardian.look()
    assert len(desk.executor.phases_before) == tries


async def test_look_when_a_bot_was_paused_and_trips_again_then_it_is_paused_again_at_once(desk: Desk) -> None:
    desk.facts = snapshot(Limits(), bot(lost_today=Decimal(100)))
    guardian = Guardian(desk.gate, Holds(desk.store), Watched(desk))
    for _ in range(2):
        await guardian.look()
    assert desk.executor.done == [PauseBot(bot_id=ID)] * 2
    assert {line.actor["door"] for line in desk.lines()} == {"guard"}


def permit_row(**changes: Any) -> PermitRow:
    asked = order()
    made: dict[str, Any] = {
        "id": "p1", "bot_id": ID, "bot_name": "alpha", "mode": "SIMULATED", "pair": "BTC/USDT", "stake": Decimal(50),
        "order": asked.model_dump(mode="json"), "facts": order_facts().model_dump(mode="json"), "status": "refused",
    }  # fmt: skip
    return PermitRow(**{**made, **changes})


def test_view_refused_when_told_by_what_was_so_then_all_of_it_and_by_another_rule_that_one() -> None:
    row = permit_row(rule="panic", numbers={"a": "1"})
    view = view_refused(row)
    assert (view.id, view.bot_id, view.bot_name, view.mode, view.pair) == ("p1", ID, "alpha", "SIMULATED", "BTC/USDT")
    assert (view.order_type, view.stake, view.rate, view.rule, view.numbers) == ("limit", 50, 100, "panic", {"a": "1"})
    assert view.at == row.at
    other = view_refused(row, Refuse(Rule.COOLDOWN, {"b": "2"}))
    assert (other.rule, other.numbers) == ("cooldown", {"b": "2"})
    assert view_refused(permit_row()).rule == ""


@pytest.mark.parametrize("told", [False, True])
def test_is_over_when_a_round_ends_then_only_beyond_the_moment_that_it_would_show(told: bool) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    later = at + timedelta(seconds=10)
    held = Reservation("p", ID, "BTC/USDT", Decimal(1), at, *(("failed", "o1", later) if told else ()))
    shows = later + timedelta(seconds=2) if told else at + timedelta(seconds=90)
    assert not held.is_over(shows)
    assert held.is_over(shows + timedelta(microseconds=1))
    assert (AFTER_ROUND.total_seconds(), UNTOLD.total_seconds()) == (2, 90)
    assert not Reservation("p", ID, "BTC/USDT", Decimal(1), at, "placed", "o1", at).is_over(at + timedelta(days=9))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


async def ask(world: World, **changes: Any) -> str:
    permit = await world.permits.ask(order(**changes))
    assert permit.id is not None
    return permit.id


@pytest.mark.parametrize("told", ["placed", "failed"])
async def test_restart_when_an_order_was_told_of_then_the_moment_of_it_is_still_known(
    world: World, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit_id = await ask(world)
    getattr(world.permits, told)(ID, permit_id, *(["o1"] if told == "placed" else []))
    world.restart()
    (row,) = world.rows()
    assert (row.status, row.order_id) == (told, "o1" if told == "placed" else None)
    assert row.placed_at is not None
    later = now() + timedelta(seconds=5)
    monkeypatch.setattr("tools.guard.reservations.now", lambda: later)
    world.permits.settle(ID, set(), later - timedelta(seconds=1))
    assert world.held(ID) == (50 if told == "placed" else 0)
    assert [row.status for row in world.rows()] == ["placed" if told == "placed" else "settled"]


async def test_cancelled_when_that_it_was_placed_was_not_heard_then_its_order_is_known_from_then_on(
    world: World,
) -> None:
    permit_id = await ask(world)
    world.permits.cancelled(ID, permit_id, "o1")
    (row,) = world.rows()
    assert (row.status, row.order_id) == ("failed", "o1")
    world.restart()
    world.permits.settle(ID, {"o1"}, None)
    assert world.held(ID) == 0


async def test_cancelled_when_it_is_said_again_then_only_the_first_time_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit_id = await ask(world)
    at = now()
    for late in (0, 60, 61):
        monkeypatch.setattr(reservations_module, "now", lambda late=late: at + timedelta(seconds=late))
        world.permits.cancelled(ID, permit_id, "o1")
    (row,) = world.rows()
    assert row.placed_at == at
    world.permits.settle(ID, set(), at + timedelta(seconds=30))
    assert world.held(ID) == 0


async def test_settle_when_a_round_ends_at_this_very_moment_then_it_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit_id = await ask(world)
    world.permits.failed(ID, permit_id)
    at = now() + timedelta(seconds=10)
    monkeypatch.setattr(reservations_module, "now", lambda: at)
    world.permits.settle(ID, set(), at + timedelta(microseconds=1))
    assert world.held(ID) == 50
    world.permits.settle(ID, set(), at)
    assert world.held(ID) == 0


async def test_ask_when_the_price_drifts_then_an_order_of_the_same_size_is_the_same_and_of_another_is_another(
    world: World,
) -> None:
    for amount, rate, told in (("2", "100", 1), ("2.06", "97", 1), ("2.4", "97", 2)):
        assert isinstance((await world.permits.ask(order(amount=amount, rate=rate))).verdict, Refuse)
        assert len(world.refused) == told


async def test_restart_when_a_month_has_passed_then_only_what_is_over_is_forgotten(store: Store) -> None:
    old = now() - timedelta(days=40, minutes=1)
    rows = {"a": "settled", "b": "refused", "c": "placed", "d": "settled"}
    with store.session() as session:
        for key, status in rows.items():
            session.add(permit_row(id=key, status=status, at=old if key != "d" else old + timedelta(minutes=5)))
        session.commit()
    Reservations(store)
    with store.session() as session:
        assert {row.id for row in session.exec(select(PermitRow))} == {"c", "d"}


async def test_restart_when_entries_were_allowed_and_refused_then_each_counts_where_it_belongs(store: Store) -> None:
    fast = {"rule": "order_rate", "numbers": {"of": "bot", "window_s": "60"}}
    rows: list[dict[str, Any]] = [
        {"id": "a", "status": "settled"},
        {"id": "b", "status": "reserved", "at": now() - timedelta(minutes=30)},
        {"id": "c", "status": "settled", "at": now() - timedelta(minutes=61)},
        {"id": "d", **fast},
        {"id": "e", "rule": "order_rate", "numbers": {"of": "all", "window_s": "60"}},
        {"id": "f", "rule": "panic", "numbers": {"of": "bot", "window_s": "60"}},
        {"id": "i", "rule": "order_rate", "numbers": {"of": "bot", "window_s": "3600"}},
        {"id": "g", **fast, "at": now() - timedelta(minutes=2)},
        {"id": "h", **fast, "bot_id": OTHER},
    ]
    with store.session() as session:
        for row in rows:
            session.add(permit_row(**row))
        session.commit()
    book = Reservations(store)
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    for scope in (ID, "SIMULATED"):
        assert (book.count_entries(scope, minute), book.count_entries(scope, hour)) == (1, 2)
    assert (book.count_entries(OTHER, hour), book.count_entries("REAL_MARKET_SPOT", hour)) == (0, 0)
    assert (book.count_too_fast(ID), book.count_too_fast(OTHER)) == (1, 1)
    book.forgive(ID)
    book.forgive("f" * 12)
    assert (book.count_too_fast(ID), book.count_too_fast(OTHER)) == (0, 1)
    assert book.held(ID) == {"BTC/USDT": 50}


def test_restart_when_a_bot_was_let_go_then_what_it_asked_for_too_fast_until_then_is_forgiven(store: Store) -> None:
    at = now()
    fast = {"rule": "order_rate", "numbers": {"of": "bot", "window_s": "60"}}
    with store.session() as session:
        for number, bot_id in enumerate((ID, OTHER)):
            for age in (45, 30, 10):
                row = permit_row(id=f"{number}-{age}", bot_id=bot_id, at=at - timedelta(seconds=age), **fast)
                session.add(row)
        held, released = at - timedelta(seconds=40), at - timedelta(seconds=20)
        session.add(HoldRow(id="h", bot_id=ID, rule="order_rate", at=held, released_at=released, released_by="web"))
        session.add(HoldRow(id="p", rule="panic", at=held, released_at=released, released_by="web"))
        session.commit()
    book = Reservations(store)
    assert (book.count_too_fast(ID), book.count_too_fast(OTHER)) == (1, 3)


def test_restart_when_a_permit_is_forty_days_old_to_the_moment_then_it_is_still_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now()
    with store.session() as session:
        for key, late in (("old", -1), ("kept", 0)):
            session.add(permit_row(id=key, at=at - timedelta(days=40) + timedelta(microseconds=late)))
        session.commit()
    monkeypatch.setattr(reservations_module, "now", lambda: at)
    Reservations(store)
    with store.session() as session:
        assert [row.id for row in session.exec(select(PermitRow))] == ["kept"]


async def test_read_refused_when_there_are_many_then_the_newest_first_and_no_more_than_asked_for(store: Store) -> None:
    at = now()
    with store.session() as session:
        for number in (2, 0, 3, 1):
            session.add(permit_row(id=str(number), at=at + timedelta(seconds=number)))
        session.add(permit_row(id="let", status="settled", at=at - timedelta(seconds=1)))
        session.commit()
    book = Reservations(store)
    assert [row.id for row in book.read_refused(3)] == ["3", "2", "1"]
    assert [row.id for row in book.read_asked(at, 2)] == ["2", "3"]
    assert [row.id for row in book.read_asked(at)] == ["0", "1", "2", "3"]


async def test_count_when_an_entry_is_a_minute_old_to_the_moment_then_it_counts_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(world)
    (row,) = world.rows()
    for late, count in ((timedelta(seconds=59, microseconds=999_999), 1), (timedelta(minutes=1), 0)):
        monkeypatch.setattr(reservations_module, "now", lambda late=late: row.at + late)
        assert world.reservations.count_entries(ID, timedelta(minutes=1)) == count


async def test_held_when_several_pairs_are_entered_then_each_has_its_own_sum(world: World) -> None:
    world.changes = {"pairs": ("BTC/USDT", "ETH/USDT"), "trade_held": Decimal(0)}
    for pair, amount in (("BTC/USDT", "0.1"), ("ETH/USDT", "0.2"), ("BTC/USDT", "0.3")):
        await ask(world, pair=pair, amount=amount)
    assert world.reservations.held(ID) == {"BTC/USDT": 40, "ETH/USDT": 20}


async def test_ask_when_written_down_then_the_line_and_the_row_say_all_of_it(world: World) -> None:
    world.changes = {"mode": Mode.REAL_MARKET_SPOT}
    asked = order(type="market", amount="0.2", rate="99")
    permit = await world.permits.ask(asked)
    assert permit.verdict == Refuse(Rule.LIVE_DISABLED, {"mode": "REAL_MARKET_SPOT"})
    (row,) = world.rows()
    (line,) = world.audit.read_newest(5)
    assert (row.mode, row.pair, row.stake, row.status, row.rule) == (
        "REAL_MARKET_SPOT", "BTC/USDT", 20, "refused", "live_disabled",
    )  # fmt: skip
    assert (row.order["type"], row.facts["mode"], row.numbers) == ("market", "REAL_MARKET_SPOT", line.numbers)
    assert (line.phase, line.action_kind, line.door, line.verdict, line.risk, line.rule, line.numbers) == (
        "order", "order", "bot", "refuse", "live", "live_disabled", {"mode": "REAL_MARKET_SPOT"},
    )  # fmt: skip
    assert line.action == {"kind": "order", **asked.model_dump(mode="json")}
    assert line.actor["scopes"] == []
    assert len(line.submission) == 32
    assert world.refused == [world.reservations.read_refused(1)[0]] or world.refused[0].id == row.id


@pytest.mark.parametrize(("late", "rows"), [(AGAIN_S - 0.001, 1), (AGAIN_S, 2)])
async def test_ask_when_refused_again_then_a_minute_later_to_the_moment_it_is_written_again(
    world: World, monkeypatch: pytest.MonkeyPatch, late: float, rows: int
) -> None:
    at = 5.0
    monkeypatch.setattr(permits_module.time, "monotonic", lambda: at)
    await world.permits.ask(order(amount="2"))
    assert len(world.rows()) == 1
    at += late
    await world.permits.ask(order(amount="2"))
    assert len(world.rows()) == rows


async def test_ask_when_another_order_is_refused_then_it_is_written_though_one_like_it_was(world: World) -> None:
    world.changes = {"pairs": ("BTC/USDT", "ETH/USDT"), "trade_held": Decimal(0)}
    await world.permits.ask(order(amount="2"))
    await world.permits.ask(order(amount="2", bot_id=OTHER))
    await world.permits.ask(order(amount="2", pair="ETH/USDT"))
    await world.permits.ask(order(amount="2", rate="200"))
    assert [(row.bot_id, row.pair, row.rule) for row in world.rows()] == [
        (ID, "BTC/USDT", "trade_size"), (OTHER, "BTC/USDT", "trade_size"), (ID, "ETH/USDT", "trade_size"),
        (ID, "BTC/USDT", "price_band"),
    ]  # fmt: skip
    assert (await world.permits.ask(order(bot_id=OTHER))).verdict == Allow()
    await world.permits.ask(order(amount="2"))
    await world.permits.ask(order(amount="2", pair="ETH/USDT"))
    assert len([row for row in world.rows() if row.status == "refused"]) == 4
    await world.permits.ask(order(amount="2", bot_id=OTHER))
    assert len([row for row in world.rows() if row.status == "refused"]) == 5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"kind": "withdraw", "to": 1}, {"to": 1, "kind": "withdraw"}, True),
        ({"kind": "withdraw", "to": 1}, {"kind": "withdraw", "to": 2}, False),
        ({"kind": "withdraw", "at": timedelta(1)}, {"kind": "withdraw", "at": timedelta(1)}, True),
        ({"kind": "withdraw", "to": "\ud800"}, {"kind": "withdraw", "to": "\ud800"}, True),
    ],
)
async def test_submit_when_what_was_asked_could_not_be_read_then_its_key_still_knows_it(
    desk: Desk, one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    first = await desk.gate.submit(one, PERSON, "web:k1")
    if same:
        assert await desk.gate.submit(other, PERSON, "web:k1") == first
        return
    with pytest.raises(Problem) as raised:
        await desk.gate.submit(other, PERSON, "web:k1")
    assert (raised.value.kind, raised.value.status, raised.value.numbers) == ("key_reused", 409, {"key": "k1"})


async def test_submit_when_the_first_one_was_cut_off_then_the_problem_names_the_key(desk: Desk) -> None:
    desk.executor.open.clear()
    first = asyncio.create_task(desk.gate.submit(CREATE, PERSON, "web:caller:k1"))
    async with asyncio.timeout(5):
        while not desk.executor.phases_before:
            await asyncio.sleep(0)
    with pytest.raises(Problem) as raised:
        Submissions(desk.store).find("web:caller:k1", CREATE)
    assert (raised.value.kind, raised.value.status, raised.value.numbers) == (
        "submission_interrupted", 409, {"key": "k1"},
    )  # fmt: skip
    with pytest.raises(Problem) as raised:
        Submissions(desk.store).find("web:caller:k1", PauseBot(bot_id=ID))
    assert raised.value.numbers == {"key": "k1"}
    first.cancel()


def test_restart_when_a_key_is_two_days_old_to_the_moment_then_it_is_still_known(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now()
    with desk.store.session() as session:
        for key, late in (("old", -1), ("kept", 0)):
            made = at - timedelta(days=2) + timedelta(microseconds=late)
            session.add(SubmissionRow(key=key, hash="00", at=made))
        session.commit()
    monkeypatch.setattr("tools.guard.submissions.now", lambda: at)
    Submissions(desk.store)
    with desk.store.session() as session:
        assert [row.key for row in session.exec(select(SubmissionRow))] == ["kept"]


def test_make_when_a_proposal_is_of_a_bot_then_it_carries_its_name_and_all_that_was_told(desk: Desk) -> None:
    actor = MODEL.model_copy(update={"conversation_id": "c1"})
    made = desk.proposals.make(PauseBot(bot_id=ID), actor, Draft("s1", Why.TAINTED, {"a": "1"}, {"b": "2"}))
    row = desk.proposals.find(made.id)
    assert (made.bot_id, made.bot_name, made.tainted, made.effect, made.preview) == (ID, "alpha", False, None, None)
    assert (row.submission, row.facts, row.numbers, row.bot_id) == ("s1", {"b": "2"}, {"a": "1"}, ID)
    assert row.actor == actor.model_dump(mode="json")
    assert len(made.id) == 12
    assert desk.proposals.make(CREATE, PERSON, Draft("s2", Why.LIVE)).bot_name is None


def test_move_when_somebody_was_faster_then_nothing_of_it_is_written(desk: Desk) -> None:
    shown = desk.proposals.make(CREATE, PERSON, Draft("s1", Why.LIVE))
    row = desk.proposals.find(shown.id)
    moved = desk.proposals.move(row, to="denied", decided_by="web")
    assert moved is not None
    assert (moved.status, moved.decided_by) == ("denied", "web")
    assert desk.proposals.move(row, to="executing", decided_by="cli") is None
    assert desk.proposals.find(shown.id).decided_by == "web"


def test_find_when_there_is_none_then_the_problem_names_it_as_far_as_it_fits(desk: Desk) -> None:
    with pytest.raises(Problem) as raised:
        desk.proposals.read("n" * 50)
    told = {"proposal": "n" * 40}
    assert (raised.value.kind, raised.value.status, raised.value.numbers) == ("unknown_proposal", 404, told)


@pytest.mark.parametrize("content", ["{", '{"kind": "panic", "exit": false}'])
def test_action_of_when_the_content_is_another_then_the_problem_names_the_proposal(desk: Desk, content: str) -> None:
    row = desk.proposals.find(desk.proposals.make(CREATE, PERSON, Draft("s1", Why.LIVE)).id)
    row.content = content
    with pytest.raises(Problem) as raised:
        desk.proposals.action_of(row)
    assert (raised.value.kind, raised.value.status, raised.value.numbers) == ("wrong_hash", 409, {"proposal": row.id})
