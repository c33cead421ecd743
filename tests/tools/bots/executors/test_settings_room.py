import asyncio
from decimal import Decimal

import pytest

from tests.tools.bots.fakes import World, closed, trade
from tools.actions import BotChanges, ChangeMode, CreateBot, DeleteBot, EditBot
from tools.bot import BotSpec, Mode, State
from tools.errors import Problem
from tools.freqtrade.launch import StartFailed
from tools.guard.actor import Actor
from tools.guard.limits import BotLimitsChange
from tools.store.tables import now
from tools.views import BotView

ACTOR = Actor(door="web", conversation_id="c7")
LIVE = Mode.REAL_MARKET_SPOT


def spec(**changes: object) -> BotSpec:
    given = {"name": "beta", "pairs": ("BTC/USDT",), "stake": "50", "max_open_trades": 1}
    return BotSpec.model_validate({**given, **changes})


async def test_create_when_it_makes_sense_then_the_bot_is_there(world: World) -> None:
    action = CreateBot(spec=spec())
    await world.executor.prepare(action)
    seen = await world.executor.execute(action, ACTOR)
    assert isinstance(seen, BotView)
    assert (seen.spec, seen.state, seen.venue) == (action.spec, State.CREATED, "demo")
    assert world.registry.read(seen.id).conversation_id == "c7"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"name": "ALPHA"}, "name_taken"),
        ({"pairs": ["DOGE/USDT"]}, "unknown_pair"),
        ({"pairs": ["BTC/EUR"]}, "wrong_quote"),
        ({"stake": "5"}, "below_minimum"),
        ({"strategy": "Nothing"}, "unknown_strategy"),
    ],
)
async def test_create_when_it_makes_no_sense_then_says_so(world: World, changes: dict[str, object], kind: str) -> None:
    world.add("alpha")
    with pytest.raises(Problem, match=kind):
        await world.executor.prepare(CreateBot(spec=spec(**changes)))


async def test_edit_when_off_then_only_the_settings_change(world: World) -> None:
    bot = world.add()
    await world.executor.execute(EditBot(bot_id=bot.id, changes=BotChanges(stake="60")), ACTOR)
    assert (world.registry.read(bot.id).spec.stake, world.host.starts) == (60, [])


async def test_edit_when_running_then_started_again_with_the_larger_exposure_claimed(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.host.start_gate = asyncio.Event()
    editing = asyncio.create_task(world.executor.execute(EditBot(bot_id=bot.id, changes=BotChanges(stake="20")), ACTOR))
    await world.host.starting.wait()
    assert world.facts.claims == {bot.id: 100}
    world.host.start_gate.set()
    await editing
    assert world.facts.claims == {}
    assert (world.registry.read(bot.id).spec.stake, world.registry.read(bot.id).state) == (20, State.RUNNING)


async def test_edit_when_the_new_start_fails_then_the_old_settings_are_back(world: World) -> None:
    bot = world.add(state=State.PAUSED)
    world.host.start_error = StartFailed("strategy_broken", [])
    with pytest.raises(Problem, match="start_failed"):
        await world.executor.execute(EditBot(bot_id=bot.id, changes=BotChanges(stake="20")), ACTOR)
    assert world.registry.read(bot.id).spec.stake == 50
    assert [paused for _, _, paused in world.host.starts] == [True, True]


@pytest.mark.parametrize("mode", [LIVE, Mode.SIMULATED])
async def test_change_mode_when_off_and_empty_then_turns(world: World, mode: Mode) -> None:
    bot = world.add(mode=Mode.SIMULATED if mode is LIVE else LIVE)
    world.trades.write(bot, [closed(1, "-9")])
    action = ChangeMode(bot_id=bot.id, mode=mode)
    await world.executor.prepare(action)
    seen = await world.executor.execute(action, ACTOR)
    assert isinstance(seen, BotView)
    assert (seen.spec.mode, seen.realised_profit) == (mode, 0)


@pytest.mark.parametrize(
    ("state", "mode", "kind"),
    [
        (State.RUNNING, LIVE, "wrong_state"),
        (State.PAUSED, LIVE, "wrong_state"),
        (State.STOPPED, Mode.SIMULATED, "nothing_to_change"),
    ],
)
async def test_change_mode_when_it_makes_no_sense_then_says_so(
    world: World, state: State, mode: Mode, kind: str
) -> None:
    bot = world.add(state=state)
    with pytest.raises(Problem, match=kind):
        await world.executor.prepare(ChangeMode(bot_id=bot.id, mode=mode))


@pytest.mark.parametrize("reserved", [False, True])
async def test_change_mode_when_something_is_open_then_says_so(world: World, reserved: bool) -> None:
    bot = world.add(state=State.STOPPED)
    if reserved:
        world.reserve(bot)
    else:
        world.trades.write(bot, [trade(1)])
    with pytest.raises(Problem, match="trades_open"):
        await world.executor.prepare(ChangeMode(bot_id=bot.id, mode=LIVE))


async def test_delete_when_off_then_its_limits_and_holds_go_and_its_loss_stays(world: World) -> None:
    bot, other = world.add(state=State.STOPPED), world.add("other")
    world.trades.write(bot, [closed(1, "-30", now())])
    for one in (bot, other):
        world.book.write(BotLimitsChange(max_trade="60").applied_to(world.book.read(), one.id))
    world.holds.hold(bot.id, "drawdown")
    seen = await world.executor.execute(DeleteBot(bot_id=bot.id), ACTOR)
    assert isinstance(seen, BotView)
    assert (seen.id, world.audience.removed, world.host.forgotten) == (bot.id, [bot.id], [bot.id])
    assert list(world.book.read().bots) == [other.id]
    assert world.holds.find(bot.id) is None
    assert world.facts.look().of_mode(Mode.SIMULATED).lost_today == Decimal(30)
    with pytest.raises(Problem, match="unknown_bot"):
        world.registry.read(bot.id)


async def test_delete_when_it_has_no_limits_of_its_own_then_the_book_is_as_it_was(world: World) -> None:
    bot, changed_at = world.add(), world.book.read_changed_at()
    await world.executor.execute(DeleteBot(bot_id=bot.id), ACTOR)
    assert world.book.read_changed_at() == changed_at
    assert world.audience.limits == []


async def test_delete_when_running_then_makes_no_sense(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    with pytest.raises(Problem, match="wrong_state"):
        await world.executor.prepare(DeleteBot(bot_id=bot.id))
