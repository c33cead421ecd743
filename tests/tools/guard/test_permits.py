import asyncio
import random
import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from tests.tools.guard.samples import ID, OTHER, order, order_facts
from tests.tools.guard.steps import unwritable
from tools.guard import permits as permits_module
from tools.guard import reservations as reservations_module
from tools.guard.audit import Audit
from tools.guard.holds import Holds
from tools.guard.limits import Limits
from tools.guard.order import Order, OrderFacts
from tools.guard.permits import Permits
from tools.guard.reservations import Reservations
from tools.guard.verdict import Allow, Refuse, Rule
from tools.store.database import Store
from tools.store.tables import PermitRow, now

ROOMY = Limits(max_total_exposure=1000, max_entries_per_minute=10_000, max_entries_per_hour=10_000)  # type: ignore[arg-type]


class World:
    """Two bots, of which a test says what they hold; what is reserved comes from the real reservations."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.limits = ROOMY
        self.changes: dict[str, Any] = {}
        self.traded: dict[str, Decimal] = {ID: Decimal(0), OTHER: Decimal(0)}
        self.fresh: list[str] = []
        self.refused: list[PermitRow] = []
        self.restart()

    def restart(self) -> None:
        self.audit = Audit(self.store)
        self.reservations = Reservations(self.store)
        self.permits = Permits(
            self.store, self.audit, self.reservations, self, lambda: self.limits, self.refused.append
        )

    async def freshen(self, pair: str) -> None:
        self.fresh.append(pair)
        await asyncio.sleep(0)

    def held(self, bot_id: str) -> Decimal:
        return self.traded[bot_id] + sum(self.reservations.held(bot_id).values(), Decimal(0))

    def of_order(self, asked: Order) -> tuple[str, OrderFacts] | None:
        if asked.bot_id not in self.traded:
            return None
        held = self.held(asked.bot_id)
        facts = order_facts(
            trade_held=held,
            bot_held=held,
            total_held=self.held(ID) + self.held(OTHER),
            bot_trades=1,
            total_trades=1,
            bot_entries_minute=self.reservations.count_entries(asked.bot_id, timedelta(minutes=1)),
            bot_entries_hour=self.reservations.count_entries(asked.bot_id, timedelta(hours=1)),
            total_entries_minute=self.reservations.count_entries("SIMULATED", timedelta(minutes=1)),
        )
        return "alpha", facts.model_copy(update=self.changes)

    def rows(self) -> list[PermitRow]:
        with self.store.session() as session:
            return list(session.exec(select(PermitRow).order_by("at")))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


class Clock:
    """Every time that the guard reads, and what it has been moved by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.late = timedelta(0)
        monkeypatch.setattr(reservations_module, "now", self.now)

    def now(self) -> Any:
        return now() + self.late


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def permitted(world: World, **changes: Any) -> str:
    permit = await world.permits.ask(order(**changes))
    assert permit.verdict == Allow()
    assert permit.id is not None
    return permit.id


async def test_ask_when_an_entry_fits_then_its_stake_is_held_and_written_with_its_line(world: World) -> None:
    permit_id = await permitted(world)
    assert world.reservations.held(ID) == {"BTC/USDT": Decimal("50.0")}
    (row,) = world.rows()
    assert (row.id, row.status, row.stake, row.bot_name) == (permit_id, "reserved", Decimal(50), "alpha")
    (line,) = world.audit.read_newest(10)
    assert (line.phase, line.verdict, line.door, line.action["pair"], line.risk) == (
        "order", "allow", "bot", "BTC/USDT", "simulated",
    )  # fmt: skip
    assert world.fresh == ["BTC/USDT"]


async def test_ask_when_an_entry_does_not_fit_then_nothing_is_held_and_it_is_told_with_its_numbers(
    world: World,
) -> None:
    permit = await world.permits.ask(order(amount="2"))
    assert permit.id is None
    assert isinstance(permit.verdict, Refuse)
    assert world.reservations.held(ID) == {}
    (row,) = world.refused
    assert (row.status, row.rule, row.numbers["asked"], row.stake) == ("refused", "trade_size", "200", Decimal(200))
    assert world.audit.read_newest(1)[0].rule == "trade_size"
    assert [one.id for one in world.reservations.read_refused(5)] == [row.id]


def test_missed_when_nobody_judged_an_entry_then_it_stands_in_the_audit_as_refused_and_holds_nothing(
    world: World,
) -> None:
    world.permits.missed(order(), "no_verdict", 3)
    (row,) = world.refused
    told = {"pair": "BTC/USDT", "reason": "no_verdict", "times": "3"}
    assert (row.status, row.rule, row.numbers, row.bot_name) == ("refused", "no_answer", told, "alpha")
    (line,) = world.audit.read_newest(10)
    assert (line.phase, line.verdict, line.rule, line.door, line.action["pair"], line.numbers) == (
        "order", "refuse", "no_answer", "bot", "BTC/USDT", told,
    )  # fmt: skip
    assert (world.reservations.held(ID), world.reservations.count_entries(ID, timedelta(hours=1))) == ({}, 0)


def test_missed_when_told_again_within_a_minute_or_of_no_bot_or_of_a_sale_then_nothing_more_is_written(
    world: World,
) -> None:
    world.permits.missed(order(), "no_answer", 1)
    world.permits.missed(order(), "no_answer", 2)
    world.permits.missed(order(bot_id="f" * 12), "no_answer", 1)
    world.permits.missed(order(side="sell"), "no_answer", 1)
    assert (len(world.rows()), len(world.audit.read_newest(10))) == (1, 1)


async def test_ask_when_it_exits_then_it_passes_is_written_down_and_holds_nothing(world: World) -> None:
    world.changes = {"panic": True, "enters": False, "price": None}
    permit = await world.permits.ask(order(side="sell"))
    assert (permit.id, permit.verdict) == (None, Allow())
    assert world.rows() == []
    assert world.audit.read_newest(1)[0].action["side"] == "sell"
    assert world.fresh == []


@pytest.mark.parametrize(("side", "verdict"), [("buy", Refuse(Rule.NOT_ENTERING, {"state": "?"})), ("sell", Allow())])
async def test_ask_when_there_is_no_such_bot_then_only_exits_pass(world: World, side: str, verdict: object) -> None:
    assert (await world.permits.ask(order(bot_id="f" * 12, side=side))).verdict == verdict


@pytest.mark.parametrize("table", ["audit", "permit"])
async def test_ask_when_it_cannot_be_written_down_then_entries_are_refused_and_exits_pass(
    world: World, table: str
) -> None:
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {table}")
    permit = await world.permits.ask(order())
    assert permit.id is None
    assert isinstance(permit.verdict, Refuse)
    assert permit.verdict.rule is Rule.UNRECORDABLE
    assert world.reservations.held(ID) == {}
    assert world.reservations.count_entries(ID, timedelta(minutes=1)) == 0
    assert (await world.permits.ask(order(side="sell"))).verdict == Allow()


async def test_ask_when_the_world_cannot_be_looked_at_then_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "of_order", lambda _: 1 / 0)
    permit = await world.permits.ask(order())
    assert isinstance(permit.verdict, Refuse)
    assert permit.verdict.rule is Rule.UNRECORDABLE


async def test_ask_when_refused_again_and_again_then_it_is_written_once_a_minute(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = 1000.0
    monkeypatch.setattr(permits_module.time, "monotonic", lambda: at)
    for _ in range(5):
        assert isinstance((await world.permits.ask(order(amount="2"))).verdict, Refuse)
    assert len(world.rows()) == len(world.refused) == 1
    at += 61
    await world.permits.ask(order(amount="2"))
    assert len(world.rows()) == 2
    await permitted(world)
    await world.permits.ask(order(amount="2"))
    assert len(world.rows()) == 4


async def test_ask_when_a_bot_is_too_fast_by_its_own_measure_then_each_time_counts(world: World) -> None:
    world.limits = Limits.model_validate({"bots": {ID: {"max_entries_per_minute": 1}}, "max_trade": 400})
    await permitted(world)
    for _ in range(3):
        permit = await world.permits.ask(order())
        assert isinstance(permit.verdict, Refuse)
        assert permit.verdict.numbers == {"count": "2", "max": "1", "window_s": "60", "of": "bot"}
    assert world.reservations.count_too_fast(ID) == 3
    world.restart()
    assert world.reservations.count_too_fast(ID) == 3
    world.reservations.forgive(ID)
    assert world.reservations.count_too_fast(ID) == 0


async def test_ask_when_a_bot_is_too_fast_for_an_hour_then_it_has_not_run_wild(world: World) -> None:
    world.limits = Limits.model_validate({"bots": {ID: {"max_entries_per_hour": 1}}, "max_trade": 400})
    await permitted(world)
    for _ in range(3):
        permit = await world.permits.ask(order())
        assert isinstance(permit.verdict, Refuse)
        assert permit.verdict.numbers["window_s"] == "3600"
    assert world.reservations.count_too_fast(ID) == 0
    world.restart()
    assert world.reservations.count_too_fast(ID) == 0


async def test_forgive_when_the_product_starts_again_then_it_stays_forgiven_and_what_came_later_counts(
    world: World,
) -> None:
    world.limits = Limits.model_validate({"bots": {ID: {"max_entries_per_minute": 1}}, "max_trade": 400})
    await permitted(world)
    await world.permits.ask(order())
    holds = Holds(world.store)
    for bot_id in (ID, OTHER):
        holds.hold(bot_id, Rule.ORDER_RATE)
    holds.release(ID, "web")
    await world.permits.ask(order())
    world.restart()
    assert world.reservations.count_too_fast(ID) == 1
    holds.release(OTHER, "web")
    world.restart()
    assert world.reservations.count_too_fast(ID) == 1


async def test_ask_when_hundreds_ask_at_once_then_the_last_of_a_limit_is_taken_once(world: World) -> None:
    world.limits = ROOMY.model_copy(update={"max_trade": Decimal(500)})
    asked = [order(bot_id=one, amount="0.07") for one in (ID, OTHER) * 150]
    random.Random(1).shuffle(asked)
    permits = await asyncio.gather(*(world.permits.ask(one) for one in asked))
    given = [permit.id for permit in permits if permit.id]
    assert len(set(given)) == len(given) == 142
    assert world.held(ID) <= 500
    assert world.held(ID) + world.held(OTHER) == 994
    assert world.audit.verify().breaks == ()


async def test_ask_when_permits_come_and_go_then_what_is_held_is_what_is_out(world: World, clock: Clock) -> None:
    one, other = await permitted(world), await permitted(world, bot_id=OTHER, amount="0.3")
    assert (world.held(ID), world.held(OTHER)) == (50, 30)
    world.permits.failed(OTHER, one)
    world.permits.failed(ID, "nothing")
    assert (world.held(ID), world.held(OTHER)) == (50, 30)
    world.permits.failed(ID, one)
    world.permits.failed(ID, one)
    world.permits.placed(OTHER, other, "o1")
    assert (world.held(ID), world.held(OTHER)) == (50, 30)
    assert [row.status for row in world.rows()] == ["failed", "placed"]
    clock.late = timedelta(seconds=5)
    world.permits.settle(ID, set(), now() + timedelta(seconds=4))
    assert (world.held(ID), world.held(OTHER)) == (0, 30)
    world.permits.placed(ID, one, "o2")
    assert [row.status for row in world.rows()] == ["settled", "placed"]


async def test_failed_when_it_was_a_lie_then_the_order_still_holds_its_stake(world: World) -> None:
    one, other = await permitted(world), await permitted(world, bot_id=OTHER, amount="0.3")
    world.permits.failed(ID, one)
    world.permits.placed(ID, one, "o1")
    world.permits.placed(OTHER, other, "o2")
    world.permits.failed(OTHER, other)
    assert [row.status for row in world.rows()] == ["placed", "placed"]
    assert (world.held(ID), world.held(OTHER)) == (50, 30)


async def test_settle_when_a_trade_shows_the_order_then_its_stake_is_held_by_that(world: World) -> None:
    one, other = await permitted(world, amount="0.1"), await permitted(world, amount="0.2")
    world.permits.placed(ID, one, "o1")
    world.permits.placed(ID, other, "o2")
    world.permits.settle(ID, {"o1", "o9"}, None)
    assert world.held(ID) == 20
    world.permits.settle(OTHER, {"o2"}, now() + timedelta(days=1))
    assert world.held(ID) == 20
    assert [row.status for row in world.rows()] == ["settled", "placed"]


@pytest.mark.parametrize(
    ("told", "round_s", "held"),
    [
        ("failed", None, 50), ("failed", 0, 50), ("failed", 1, 50), ("failed", 4, 0),
        ("cancelled", None, 50), ("cancelled", 1, 50), ("cancelled", 4, 0),
        ("placed", None, 50), ("placed", 4, 50), ("placed", 99, 50),
        ("", None, 50), ("", 4, 50), ("", 80, 50), ("", 91, 0),
    ],
)  # fmt: skip
async def test_settle_when_a_round_has_ended_without_it_then_what_came_to_nothing_is_given_back(
    world: World, told: str, round_s: float | None, held: int, clock: Clock
) -> None:
    permit_id = await permitted(world)
    if told in ("placed", "cancelled"):
        world.permits.placed(ID, permit_id, "o1")
    if told == "cancelled":
        world.permits.cancelled(ID, permit_id, "o1")
    if told == "failed":
        world.permits.failed(ID, permit_id)
    ended = None if round_s is None else now() + timedelta(seconds=round_s)
    clock.late = timedelta(seconds=100)
    world.permits.settle(ID, set(), ended)
    assert world.held(ID) == held


async def test_settle_when_the_clock_was_set_back_then_a_round_from_before_says_nothing(
    world: World, clock: Clock
) -> None:
    ended = now()
    clock.late = timedelta(hours=-1)
    permit_id = await permitted(world)
    world.permits.failed(ID, permit_id)
    world.permits.settle(ID, set(), ended)
    assert world.held(ID) == 50
    clock.late = timedelta(seconds=5)
    world.permits.settle(ID, set(), now() + timedelta(seconds=4))
    assert world.held(ID) == 0


async def test_settle_when_an_order_is_placed_and_never_shown_then_it_is_held_until_the_process_is_gone(
    world: World, clock: Clock
) -> None:
    for number in range(1, 4):
        world.permits.placed(ID, await permitted(world, amount="0.3"), f"o{number}")
        clock.late += timedelta(hours=1)
        world.permits.settle(ID, {"another"}, now() + clock.late)
    world.restart()
    world.permits.settle(ID, set(), now() + clock.late)
    assert world.held(ID) == 90
    assert isinstance((await world.permits.ask(order(amount="0.3"))).verdict, Refuse)
    world.permits.settle(ID, {"o2"}, None)
    assert world.held(ID) == 60
    world.permits.settle_all(ID)
    assert world.held(ID) == 0


async def test_cancelled_when_nothing_was_bought_then_it_is_given_back_after_a_round_or_when_it_shows_all_the_same(
    world: World, clock: Clock
) -> None:
    one, other = await permitted(world, amount="0.1"), await permitted(world, amount="0.2")
    for permit_id, order_id in ((one, "o1"), (other, "o2")):
        world.permits.placed(ID, permit_id, order_id)
    world.permits.cancelled(ID, one, "o2")
    world.permits.cancelled(OTHER, one, "o1")
    world.permits.cancelled(ID, "nothing", "o1")
    assert [row.status for row in world.rows()] == ["placed", "placed"]
    for permit_id, order_id in ((one, "o1"), (other, "o2")):
        world.permits.cancelled(ID, permit_id, order_id)
        world.permits.placed(ID, permit_id, order_id)
    assert [(row.status, row.order_id) for row in world.rows()] == [("failed", "o1"), ("failed", "o2")]
    world.restart()
    world.permits.settle(ID, {"o2"}, now())
    assert world.held(ID) == 10
    clock.late = timedelta(seconds=5)
    world.permits.settle(ID, set(), now() + timedelta(seconds=4))
    assert world.held(ID) == 0


async def test_cancelled_when_that_it_was_placed_was_not_heard_then_it_is_given_back_after_a_round(
    world: World, clock: Clock
) -> None:
    permit_id = await permitted(world)
    world.permits.cancelled(ID, permit_id, "o1")
    assert world.held(ID) == 50
    clock.late = timedelta(seconds=5)
    world.permits.settle(ID, set(), now() + timedelta(seconds=4))
    assert world.held(ID) == 0


async def test_placed_when_it_could_not_be_written_then_it_is_held_as_placed_and_written_when_told_again(
    world: World, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    permit_id = await permitted(world)

    with monkeypatch.context() as patch:
        patch.setattr(world.reservations, "_write", unwritable)
        with pytest.raises(OperationalError):
            world.permits.placed(ID, permit_id, "o1")
    clock.late = timedelta(hours=1)
    world.permits.settle(ID, set(), now() + timedelta(minutes=50))
    assert world.held(ID) == 50
    world.permits.placed(ID, permit_id, "o1")
    assert [(row.status, row.order_id) for row in world.rows()] == [("placed", "o1")]


async def test_failed_when_it_cannot_be_written_then_it_is_not_given_back(
    world: World, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    permit_id = await permitted(world)

    with monkeypatch.context() as patch:
        patch.setattr(world.reservations, "_write", unwritable)
        with pytest.raises(OperationalError):
            world.permits.failed(ID, permit_id)
    clock.late = timedelta(seconds=60)
    world.permits.settle(ID, set(), now() + timedelta(seconds=59))
    assert world.held(ID) == 50


async def test_settle_all_when_a_process_is_gone_then_only_its_own_is_given_back(world: World) -> None:
    await permitted(world)
    await permitted(world, bot_id=OTHER)
    world.permits.settle_all(ID)
    assert (world.held(ID), world.held(OTHER)) == (0, 50)


async def test_restart_when_permits_are_out_then_they_still_hold_and_count(world: World, clock: Clock) -> None:
    one, other = await permitted(world, amount="0.1"), await permitted(world, amount="0.2")
    gone = await permitted(world, amount="0.3")
    world.permits.placed(ID, one, "o1")
    world.permits.failed(ID, gone)
    world.restart()
    assert world.held(ID) == 60
    world.permits.settle(ID, set(), now() + timedelta(seconds=1))
    assert world.held(ID) == 60
    assert world.reservations.count_entries(ID, timedelta(minutes=1)) == 3
    assert world.reservations.count_entries("SIMULATED", timedelta(hours=1)) == 3
    world.permits.settle(ID, {"o1"}, None)
    world.permits.placed(ID, other, "o2")
    assert world.held(ID) == 50
    clock.late = timedelta(seconds=5)
    world.permits.settle(ID, set(), now() + timedelta(seconds=4))
    assert world.held(ID) == 20
    world.permits.settle(ID, {"o2"}, None)
    assert world.held(ID) == 0


async def test_count_when_time_passes_then_each_window_forgets_by_itself(world: World, clock: Clock) -> None:
    await permitted(world, amount="0.1")
    for late, minute, hour in ((59, 1, 1), (61, 0, 1), (3599, 0, 1), (3601, 0, 0)):
        clock.late = timedelta(seconds=late)
        assert world.reservations.count_entries(ID, timedelta(minutes=1)) == minute
        assert world.reservations.count_entries(ID, timedelta(hours=1)) == hour


async def test_read_asked_when_orders_were_asked_then_all_come_oldest_first(world: World) -> None:
    for amount in ("0.1", "2", "0.3"):
        await world.permits.ask(order(amount=amount))
    assert [row.stake for row in world.reservations.read_asked(now() - timedelta(days=30))] == [10, 200, 30]
    assert list(world.reservations.read_asked(now())) == []


async def test_failed_when_the_database_is_locked_then_it_raises_and_a_restart_still_holds_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit_id = await permitted(world)

    monkeypatch.setattr(world.reservations, "_write", unwritable)
    with pytest.raises(OperationalError):
        world.permits.failed(ID, permit_id)
    world.restart()
    assert world.held(ID) == 50


def test_ask_when_asked_from_several_threads_then_no_limit_is_passed(world: World) -> None:
    world.limits = ROOMY.model_copy(update={"max_trade": Decimal(500)})
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asked = [
        asyncio.run_coroutine_threadsafe(world.permits.ask(order(bot_id=one, amount="1")), loop)
        for one in (ID, OTHER) * 20
    ]
    given = [future.result(10).id for future in asked]
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
    assert len([one for one in given if one]) == 10
    assert world.held(ID) + world.held(OTHER) == 1000
