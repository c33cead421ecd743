from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from tests.tools.bots.fakes import World, closed, entering, order, trade
from tests.tools.bots.test_shelf import SOURCE
from tools.actions import (
    Action,
    BlockPair,
    BotChanges,
    CancelOrder,
    ChangeMode,
    CreateBot,
    DeleteBot,
    EditBot,
    ForceEntry,
    ForceExit,
    LockPair,
    Panic,
    PauseBot,
    ReleasePanic,
    ResumeBot,
    SetBotLimits,
    SetLimits,
    StartBot,
    StopBot,
    StoreStrategy,
    UnblockPair,
    UnlockPair,
)
from tools.bot import BotSpec, Mode, State
from tools.guard.actor import Actor
from tools.guard.limits import BotLimitsChange, LimitsChange
from tools.store.tables import now
from tools.views import BotView, GuardView, LimitsView, StrategyView

ACTOR = Actor(door="web")
STORE = StoreStrategy(name="Mine", source=SOURCE)
Making = Callable[[str], Any]


def spec(**changes: Any) -> BotSpec:
    given = {"name": "beta", "pairs": ("BTC/USDT",), "stake": "50", "max_open_trades": 1}
    return BotSpec.model_validate({**given, **changes})


def test_rooms_when_an_action_is_declared_then_one_does_it(world: World) -> None:
    assert set(world.executor._rooms) == set(get_args(get_args(Action)[0]))


async def test_fingerprint_when_asked_for_then_names_what_matters_for_the_action(world: World) -> None:
    bot = world.add()
    await world.prices.refresh("BTC/USDT")
    names = {
        StartBot(bot_id=bot.id): {"settings", "strategy"},
        ResumeBot(bot_id=bot.id): {"settings", "strategy"},
        ChangeMode(bot_id=bot.id, mode=Mode.REAL_MARKET_SPOT): {"settings", "strategy"},
        ForceEntry(bot_id=bot.id, pair="BTC/USDT"): {"settings", "strategy", "price"},
        ForceExit(bot_id=bot.id): {"settings"},
        BlockPair(pair="BTC/USDT"): set(),
        STORE: {"strategy"},
    }
    assert {action: set(world.executor.fingerprint(action)) for action in names} == names
    assert set(world.executor.fingerprint(CreateBot(spec=spec()))) == {"strategy"}
    assert world.executor.fingerprint(ForceEntry(bot_id=bot.id, pair="BTC/USDT"))["price"] == "50000"
    assert world.executor.fingerprint(ForceEntry(bot_id=bot.id, pair="ETH/USDT"))["price"] == "-"


@pytest.mark.parametrize(
    ("what", "changed"), [("settings", {"stake": Decimal(51)}), ("strategy", {"strategy": "EmaCross"})]
)
async def test_fingerprint_when_the_bot_changes_then_so_does_it(
    world: World, what: str, changed: dict[str, Any]
) -> None:
    bot = world.add()
    before = world.executor.fingerprint(StartBot(bot_id=bot.id))
    assert world.executor.fingerprint(StartBot(bot_id=bot.id)) == before
    world.registry.write_spec(bot.id, bot.spec.model_copy(update=changed))
    assert world.executor.fingerprint(StartBot(bot_id=bot.id))[what] != before[what]


async def test_fingerprint_when_a_strategys_source_changes_then_so_does_it(world: World) -> None:
    assert world.executor.fingerprint(STORE) == {"strategy": "-"}
    world.shelf.write("Mine", SOURCE)
    bot = world.add(strategy="Mine")
    before = world.executor.fingerprint(StartBot(bot_id=bot.id))
    world.shelf.write("Mine", SOURCE + "\n")
    assert world.executor.fingerprint(StartBot(bot_id=bot.id))["strategy"] != before["strategy"]


async def test_fingerprint_when_an_edit_names_a_strategy_then_it_is_that_one(world: World) -> None:
    bot = world.add()
    edit = EditBot(bot_id=bot.id, changes=BotChanges(strategy="EmaCross"))
    assert world.executor.fingerprint(edit)["strategy"] == world.shelf.read().strategies["EmaCross"].sha256


async def test_fingerprint_when_the_bot_is_gone_then_that_shows(world: World) -> None:
    assert world.executor.fingerprint(StartBot(bot_id="0" * 12)) == {"settings": "-"}


CASES: list[tuple[State, Making]] = [
    (State.STOPPED, lambda key: StartBot(bot_id=key)),
    (State.STOPPED, lambda key: StartBot(bot_id=key, paused=True)),
    (State.PAUSED, lambda key: ResumeBot(bot_id=key)),
    (State.RUNNING, lambda key: PauseBot(bot_id=key)),
    (State.RUNNING, lambda key: StopBot(bot_id=key)),
    (State.STOPPED, lambda key: ChangeMode(bot_id=key, mode=Mode.REAL_MARKET_SPOT)),
    (State.STOPPED, lambda key: EditBot(bot_id=key, changes=BotChanges(stake="20"))),
    (State.RUNNING, lambda key: EditBot(bot_id=key, changes=BotChanges(description="mine"))),
    (State.RUNNING, lambda key: ForceEntry(bot_id=key, pair="ETH/USDT")),
    (State.STOPPED, lambda _: CreateBot(spec=spec())),
    (State.STOPPED, lambda _: SetLimits(changes=LimitsChange(max_trade="40"))),
    (State.STOPPED, lambda key: SetBotLimits(bot_id=key, changes=BotLimitsChange(max_trade="40"))),
    (State.STOPPED, lambda _: BlockPair(pair="BTC/USDT")),
    (State.STOPPED, lambda _: Panic(exit=True)),
    (State.STOPPED, lambda _: STORE),
    (State.STOPPED, lambda key: DeleteBot(bot_id=key)),
]


@pytest.mark.parametrize(("state", "making"), CASES)
async def test_read_back_when_it_was_done_then_is_there_and_before_it_is_not(
    world: World, state: State, making: Making
) -> None:
    bot, since = world.add(state=state), now()
    action = making(bot.id)
    assert world.executor.read_back(action, since) is None
    seen = await world.executor.execute(action, ACTOR)
    if isinstance(action, ForceEntry):
        taken = order("new", is_open=False, filled="0.001", order_timestamp=now())
        world.client(bot).told = [trade(1, "ETH/USDT", orders=[taken])]
    found = world.executor.read_back(action, since)
    assert found is not None
    if not isinstance(action, DeleteBot):
        assert type(found) is type(seen)


async def test_read_back_when_limits_were_so_before_then_nothing_is_claimed(world: World) -> None:
    await world.executor.execute(BlockPair(pair="BTC/USDT"), ACTOR)
    after = now() + timedelta(seconds=1)
    assert world.executor.read_back(BlockPair(pair="BTC/USDT"), after) is None
    assert world.executor.read_back(UnblockPair(pair="BTC/USDT"), after) is None


async def test_read_back_when_panic_was_lifted_then_the_guard_is_shown(world: World) -> None:
    since = now()
    await world.executor.execute(Panic(), ACTOR)
    assert world.executor.read_back(ReleasePanic(), since) is None
    world.holds.release(None, "web")
    assert isinstance(world.executor.read_back(ReleasePanic(), since), GuardView)


@pytest.mark.parametrize(("began_later", "done"), [(True, True), (False, False)])
async def test_read_back_when_a_running_bot_was_edited_then_only_a_new_process_shows_it(
    world: World, began_later: bool, done: bool
) -> None:
    bot, since = world.add(state=State.RUNNING, stake="20"), now()
    world.host.began[bot.id] = since.timestamp() + (1 if began_later else -1)
    found = world.executor.read_back(EditBot(bot_id=bot.id, changes=BotChanges(stake="20")), since)
    assert (found is not None) is done


async def test_read_back_when_a_start_was_cut_off_then_nothing_is_claimed(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.host.clients.clear()
    assert world.executor.read_back(StartBot(bot_id=bot.id), now()) is None


def exit_order(at: datetime) -> dict[str, Any]:
    return order("exit", ft_order_side="sell", is_open=False, filled="0.001", order_timestamp=at)


@pytest.mark.parametrize("one", [True, False])
async def test_read_back_when_an_exit_was_made_then_its_order_shows_it(world: World, one: bool) -> None:
    bot, since = world.add(state=State.RUNNING), now()
    action = ForceExit(bot_id=bot.id, trade_id=1 if one else None)

    def told(*trades: Any) -> bool:
        world.client(bot).told = list(trades)
        return world.executor.read_back(action, since) is not None

    sold = closed(1, "1", now()).model_copy(update={"orders": trade(1, orders=[exit_order(now())]).orders})
    before = closed(1, "1").model_copy(
        update={"orders": trade(1, orders=[exit_order(since - timedelta(hours=1))]).orders}
    )
    assert not told()
    assert not told(trade(1))
    assert not told(before)
    assert told(sold)
    assert told(sold, trade(2)) is one


async def test_read_back_when_an_order_was_taken_back_then_none_is_open(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    action = CancelOrder(bot_id=bot.id, trade_id=1)
    world.client(bot).told = [entering(1)]
    assert world.executor.read_back(action, now()) is None
    world.client(bot).told = []
    assert isinstance(world.executor.read_back(action, now()), BotView)


async def test_read_back_when_only_the_bot_knows_then_nothing_is_claimed(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    for action in (LockPair(bot_id=bot.id, pair="BTC/USDT"), UnlockPair(bot_id=bot.id, pair="BTC/USDT")):
        await world.executor.execute(action, ACTOR)
        assert world.executor.read_back(action, now()) is None


async def test_read_back_when_the_bot_is_gone_then_only_its_deletion_shows(world: World) -> None:
    gone = "0" * 12
    assert world.executor.read_back(StartBot(bot_id=gone), now()) is None
    assert isinstance(world.executor.read_back(DeleteBot(bot_id=gone), now()), LimitsView)


async def test_read_back_when_a_strategy_was_stored_then_it_is_shown(world: World) -> None:
    world.shelf.write("Mine", SOURCE + "\n")
    assert world.executor.read_back(STORE, now()) is None
    world.shelf.write("Mine", SOURCE)
    assert isinstance(world.executor.read_back(STORE, now()), StrategyView)


async def test_read_back_when_the_limits_would_contradict_now_then_nothing_is_claimed(world: World) -> None:
    assert world.executor.read_back(SetLimits(changes=LimitsChange(max_trade=Decimal(5000))), now()) is None
