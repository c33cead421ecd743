from datetime import timedelta
from decimal import Decimal

from tests.tools.bots.fakes import World, closed, trade
from tools.bot import Mode, State
from tools.bots.registry import Bot
from tools.guard.limits import BotLimitsChange
from tools.guard.order import Order, OrderFacts
from tools.guard.verdict import Refuse, Rule
from tools.store.tables import now


def refuse(world: World, bot: Bot, pair: str) -> None:
    wanted = Order(bot_id=bot.id, pair=pair, side="buy", type="limit", amount="0.001", rate="50000")
    facts = OrderFacts(
        stake_currency="USDT", mode=bot.spec.mode, enters=True, pairs=bot.spec.pairs, exposure_cap=bot.spec.exposure
    )
    with world.store.writing() as session:
        world.reservations.add(session, wanted, facts, Refuse(Rule.PAIR_BLOCKED, {"pair": pair}), bot.spec.name)


async def test_read_bot_when_the_guard_holds_it_then_tells_why(world: World) -> None:
    bot = world.add(state=State.PAUSED)
    assert world.desk.read_bot(bot.id).hold is None
    world.holds.hold(bot.id, "drawdown", {"max": "250"})
    hold = world.desk.read_bot(bot.id).hold
    assert hold is not None
    assert (hold.rule, hold.numbers) == ("drawdown", {"max": "250"})


async def test_read_bot_when_its_mode_changed_then_shows_the_present_mode_and_lists_show_both(world: World) -> None:
    bot = world.add()
    world.trades.write(bot, [closed(1, "-9")])
    live = world.registry.write_spec(bot.id, bot.spec.model_copy(update={"mode": Mode.REAL_MARKET_SPOT}))
    world.trades.set_mode(bot.id, live.spec.mode)
    world.trades.write(live, [closed(1, "4")])
    assert world.desk.read_bot(bot.id).realised_profit == 4
    assert sorted((one.mode, one.profit) for one in world.desk.read_trades(bot.id)) == [
        ("REAL_MARKET_SPOT", Decimal(4)),
        ("SIMULATED", Decimal(-9)),
    ]
    (portfolio,) = world.desk.read_portfolio()
    assert (portfolio.mode, portfolio.realised_profit) == ("REAL_MARKET_SPOT", 4)


async def test_read_limits_when_bots_have_lost_then_each_mode_tells_what_it_used(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.trades.write(bot, [trade(1), closed(2, "-7", now())])
    world.reserve(bot, "ETH/USDT")
    limits = world.desk.read_limits()
    (mode,) = limits.modes
    assert (mode.mode, mode.open_trades, mode.lost_today, mode.entries_minute) == ("SIMULATED", 1, 7, 1)
    assert mode.drawdown == Decimal("6.9")
    assert limits.total_exposure.used == limits.bots[0].used == Decimal("99.99")


async def test_read_limits_when_a_bot_has_its_own_then_that_is_its_limit(world: World) -> None:
    own, _ = world.add("own"), world.add("other")
    world.book.write(BotLimitsChange(max_bot_exposure="120").applied_to(world.book.read(), own.id))
    assert [usage.limit for usage in world.desk.read_limits().bots] == [120, 500]


async def test_read_guard_when_nothing_happened_then_nothing_is_kept_from_happening(world: World) -> None:
    guard = world.desk.read_guard()
    assert (guard.panic, guard.refused_orders) == (None, ())


async def test_read_guard_when_orders_were_refused_then_the_newest_fifty_are_told(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    for number in range(60):
        refuse(world, bot, f"C{number}/USDT")
    refused = world.desk.read_guard().refused_orders
    assert [one.pair for one in refused] == [f"C{number}/USDT" for number in range(59, 9, -1)]
    assert (refused[0].bot_name, refused[0].rule, refused[0].stake) == ("alpha", "pair_blocked", 50)


async def test_read_guard_when_the_panic_stop_is_on_then_tells_what_it_did(world: World) -> None:
    bot = world.add(state=State.PAUSED)
    world.trades.write(bot, [trade(1), trade(2), closed(3, "1")])
    world.holds.hold(None, "panic", details={"exit": True, "door": "web"})
    world.holds.note(None, entries_off_ms=12, ended_bots=["beta"])
    panic = world.desk.read_guard().panic
    assert panic is not None
    assert (panic.door, panic.exit, panic.exits_open) == ("web", True, 2)
    assert (panic.entries_off_ms, panic.ended_bots) == (12, ("beta",))
    assert now() - panic.at < timedelta(minutes=1)


async def test_read_guard_when_nothing_sells_what_a_bot_holds_then_it_is_named_and_not_among_the_exits(
    world: World,
) -> None:
    names = {"sells": State.PAUSED, "refused": State.PAUSED, "off": State.STOPPED, "empty": State.STOPPED}
    bots = {name: world.add(name, state) for name, state in names.items()}
    for name, numbers in (("sells", (1,)), ("refused", (1,)), ("off", (1, 2))):
        world.trades.write(bots[name], [trade(number) for number in numbers])
    with world.holds.carrying_out(world.holds.press(exits=True, door="web")):
        for name in ("refused", "empty"):
            world.holds.note_sale(bots[name].id, failed=True)
        before = world.desk.read_guard().panic
    after = world.desk.read_guard().panic
    assert before is not None
    assert after is not None
    assert (before.unsold, before.unsold_trades, before.exits_open) == (("refused",), 1, 3)
    assert (set(after.unsold), after.unsold_trades, after.exits_open) == ({"refused", "off"}, 3, 1)


async def test_read_guard_when_nothing_is_to_be_sold_then_no_exit_is_open(world: World) -> None:
    world.trades.write(world.add(state=State.PAUSED), [trade(1)])
    world.holds.hold(None, "panic", details={"exit": False, "door": "web"})
    panic = world.desk.read_guard().panic
    assert panic is not None
    assert (panic.exits_open, panic.unsold, panic.unsold_trades) == (0, (), 0)
