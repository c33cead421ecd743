from typing import Any

import pytest

from tests.tools.bots.fakes import World
from tools.actions import Panic, StartBot
from tools.bot import Health, Mode, State
from tools.bots.recovery import RECOVERY, bring_back
from tools.bots.registry import Bot
from tools.cards import RefusalCard
from tools.errors import Problem
from tools.freqtrade.launch import StartFailed
from tools.guard.actor import GUARD, Actor
from tools.guard.audit import Audit
from tools.guard.gate import Gate as WholeGate
from tools.guard.guardian import Guardian
from tools.guard.limits import Limits
from tools.guard.proposals import Proposals
from tools.guard.submissions import Submissions
from tools.store.tables import now


class Gate:
    """Has every action done, unless told otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.submitted: list[Any] = []
        self.answer: Any = None

    async def submit(self, action: Any, actor: Actor) -> Any:
        self.submitted.append(action)
        assert actor == (GUARD if isinstance(action, Panic) else RECOVERY)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or await self.world.executor.execute(action, actor)


@pytest.fixture
def gate(world: World) -> Gate:
    return Gate(world)


class Watched:
    """What a guardian looks at."""

    def __init__(self, world: World) -> None:
        self.look = world.facts.look
        self.note_peaks = world.facts.note_peaks


async def recover(world: World, gate: Any) -> None:
    host: Any = world.host
    guardian = Guardian(gate, world.holds, Watched(world))
    await bring_back(
        world.desk, host, world.healths, gate, world.audience, guardian.carry_out_panic, world.checks.refresh
    )


async def test_bring_back_when_bots_should_run_then_those_without_a_process_are_started(
    world: World, gate: Gate
) -> None:
    running, paused = world.add("one", State.RUNNING), world.add("two", State.PAUSED)
    world.host.clients.clear()
    world.add("lives", State.RUNNING)
    world.add("off", State.STOPPED)
    await recover(world, gate)
    assert gate.submitted == [StartBot(bot_id=running.id), StartBot(bot_id=paused.id, paused=True)]


@pytest.mark.parametrize("exits", [False, True])
async def test_bring_back_when_a_panic_stop_was_cut_off_then_it_is_carried_out_and_bots_come_back_paused(
    world: World, gate: Gate, exits: bool
) -> None:
    gone = world.add("gone", State.RUNNING)
    world.host.clients.clear()
    lives = world.add("lives", State.RUNNING)
    world.holds.hold(None, "panic", details={"exit": exits, "door": "web"})
    await recover(world, gate)
    assert gate.submitted == [Panic(exit=exits), StartBot(bot_id=gone.id, paused=True)]
    assert world.client(lives).state == "paused"
    assert world.host.starts == [(gone.id, "gone", True)]


async def test_bring_back_when_the_panic_stop_was_carried_out_then_it_is_not_pressed_again(
    world: World, gate: Gate
) -> None:
    gone = world.add("gone", State.PAUSED)
    world.host.clients.clear()
    with world.holds.carrying_out(world.holds.press(exits=True, door="web")):
        pass
    await recover(world, gate)
    assert gate.submitted == [StartBot(bot_id=gone.id, paused=True)]


@pytest.mark.parametrize("answer", [Problem("start_failed", 502, reason="port_taken"), "refused"])
async def test_bring_back_when_a_bot_does_not_come_then_it_is_told(world: World, gate: Gate, answer: Any) -> None:
    world.add(state=State.RUNNING)
    world.host.clients.clear()
    refusal = RefusalCard(audit_id=1, action="start_bot", at=now(), rule="drawdown", numbers={})
    gate.answer = refusal if answer == "refused" else answer
    await recover(world, gate)
    (told,) = world.audience.crashed
    assert told.health is Health.CRASHED
    assert told.health_reason == ("refused" if answer == "refused" else "port_taken")


async def test_bring_back_when_the_panic_stop_cannot_be_pressed_again_then_the_rest_is_tried(
    world: World, gate: Gate
) -> None:
    world.add(state=State.PAUSED)
    world.host.clients.clear()
    world.holds.hold(None, "panic", details={})
    gate.answer = Problem("internal")
    await recover(world, gate)
    assert [action.kind for action in gate.submitted] == ["panic", "start_bot"]


LIVE = Mode.REAL_MARKET_SPOT


class Whole:
    """The real gate, over bots without processes."""

    def __init__(self, world: World) -> None:
        world.book.write(Limits(live_enabled=True))
        self.world = world
        self.gate = WholeGate(
            world.facts.look, world.executor, Audit(world.store), Proposals(world.store, lambda _: None),
            world.mandates, Submissions(world.store), world.reservations, lambda _: None,
        )  # fmt: skip

    def left(self, state: State = State.RUNNING, *, confirmed: bool = True) -> Bot:
        """A bot with real money whose process went with the product."""
        bot = self.world.add(state=state, mode=LIVE)
        self.world.host.clients.clear()
        if confirmed:
            with self.world.store.writing() as session:
                self.world.mandates.grant(session, bot.id, self.world.bindings.find(bot), by="web", proposal_id="p")
        return bot

    async def recover(self) -> None:
        await recover(self.world, self.gate)

    def state(self, bot: Bot) -> tuple[State, list[bool]]:
        return self.world.registry.read(bot.id).state, [paused for _, _, paused in self.world.host.starts]


@pytest.fixture
def whole(world: World) -> Whole:
    return Whole(world)


async def test_bring_back_when_the_mandate_of_a_real_bot_holds_then_it_enters_again_and_nobody_is_asked(
    whole: Whole,
) -> None:
    bot = whole.left()
    await whole.recover()
    assert whole.state(bot) == (State.RUNNING, [False])
    assert (whole.world.audience.kept, whole.world.audience.crashed) == ([], [])
    row = whole.world.mandates.read(bot.id)
    assert row is not None
    assert (row.proposal_id, row.voided_at) == ("p", None)


async def test_bring_back_when_there_is_no_mandate_that_holds_then_a_real_bot_comes_back_paused_and_why_is_told(
    whole: Whole,
) -> None:
    bot = whole.left(confirmed=False)
    await whole.recover()
    assert whole.state(bot) == (State.PAUSED, [True])
    ((told, card),) = whole.world.audience.kept
    assert (told, card.rule, card.numbers) == (bot.id, "mandate_void", {"bot": "alpha", "reason": "none"})
    assert whole.world.mandates.read(bot.id) is None


@pytest.mark.parametrize("changed", ["stake", "limits.max_trade"])
async def test_bring_back_when_a_real_bot_or_its_limits_changed_then_it_comes_back_paused(
    whole: Whole, changed: str
) -> None:
    bot = whole.left()
    if changed == "stake":
        whole.world.registry.write_spec(bot.id, bot.spec.model_copy(update={"stake": bot.spec.stake - 1}))
    else:
        whole.world.book.write(Limits.model_validate({"live_enabled": True, "max_trade": "101"}))
    await whole.recover()
    assert whole.state(bot) == (State.PAUSED, [True])
    assert [card.numbers["reason"] for _, card in whole.world.audience.kept] == [changed]


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ({"can_withdraw": True}, "key_can_withdraw"),
        ({"can_withdraw": None}, "key_can_withdraw"),
        ({"configured": False}, "no_exchange_key"),
        ({"clock_skew_ms": 1001}, "clock_skew"),
    ],
)
async def test_bring_back_when_the_key_may_not_be_used_then_a_real_bot_comes_back_paused(
    whole: Whole, key: dict[str, Any], rule: str
) -> None:
    bot = whole.left()
    whole.world.key.told |= key
    await whole.recover()
    assert whole.state(bot) == (State.PAUSED, [True])
    assert [card.rule for _, card in whole.world.audience.kept] == [rule]


async def test_bring_back_when_real_money_is_off_then_what_was_paused_still_looks_after_what_it_holds(
    whole: Whole,
) -> None:
    bot = whole.left(State.PAUSED)
    whole.world.book.write(Limits())
    await whole.recover()
    assert whole.state(bot) == (State.PAUSED, [True])
    assert (whole.world.audience.kept, whole.world.key.asked) == ([], 0)


async def test_bring_back_when_a_real_bot_cannot_even_be_held_then_it_is_told_as_crashed(whole: Whole) -> None:
    whole.left(confirmed=False)
    whole.world.host.start_error = StartFailed("port_taken", [])
    await whole.recover()
    assert [view.health_reason for view in whole.world.audience.crashed] == ["port_taken"]
