"""What a yes binds, and what a bot is now, by the files and settings as they are."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.tools.bots.fakes import STRATEGIES, World
from tools.actions import ChangeMode, CreateBot, EditBot, ForceEntry, PauseBot, ResumeBot, SetLimits, StartBot, StopBot
from tools.bot import BotSpec, Mode, State
from tools.bots.registry import Bot
from tools.guard.limits import Limits, LimitsChange
from tools.guard.mandates import Binding, source_hash

LIVE = Mode.REAL_MARKET_SPOT
ENABLED = Limits(live_enabled=True)
BUNDLED = source_hash((STRATEGIES / "RsiMeanReversion.py").read_bytes())
MINE = (STRATEGIES / "EmaCross.py").read_text().replace("EmaCross", "Mine")


@pytest.fixture
def world(world: World) -> World:
    world.book.write(ENABLED)
    world.shelf.write("Mine", MINE)
    return world


def bind(world: World, action: Any) -> Binding | None:
    return world.executor.bind(action)


def grant(world: World, bot: Bot) -> None:
    with world.store.writing() as session:
        world.mandates.grant(session, bot.id, world.bindings.find(bot), by="web", proposal_id="p")


def edit(bot: Bot, **changes: Any) -> EditBot:
    return EditBot.model_validate({"bot_id": bot.id, "changes": changes})


def test_bind_when_a_bot_is_off_then_a_start_binds_what_it_would_copy(world: World) -> None:
    bot = world.add(state=State.STOPPED, mode=LIVE, strategy="Mine")
    found = bind(world, StartBot(bot_id=bot.id))
    assert found is not None
    assert (found.bot_id, found.venue, found.enters) == (bot.id, "demo", True)
    assert (found.facts.source, found.facts.limits) == (source_hash(MINE.encode()), ENABLED)
    assert found.facts.terms["stake"] == "50"
    held = bind(world, StartBot(bot_id=bot.id, paused=True))
    assert held is not None
    assert held.enters is False


def test_bind_when_a_bot_runs_then_a_resume_binds_its_copy_and_an_edit_what_it_would_copy_next(
    world: World, tmp_path: Path
) -> None:
    bot = world.add(state=State.PAUSED, mode=LIVE, strategy="Mine")
    resumed = bind(world, ResumeBot(bot_id=bot.id))
    assert resumed is not None
    assert (resumed.facts.source, resumed.enters) == (source_hash(MINE.encode()), True)
    world.shelf.write("Mine", MINE + "\n# other\n")
    changed = bind(world, edit(bot, stake="40"))
    assert changed is not None
    assert (changed.facts.source, changed.enters) == (source_hash((MINE + "\n# other\n").encode()), False)
    running = world.registry.write_state(bot.id, State.RUNNING)
    changed = bind(world, edit(running, stake="40"))
    assert changed is not None
    assert (changed.facts.terms["stake"], changed.enters) == ("40", True)
    for action, enters in ((edit(running, name="other"), False), (ForceEntry(bot_id=bot.id, pair="BTC/USDT"), False)):
        found = bind(world, action)
        assert found is not None
        assert found.enters is enters


@pytest.mark.parametrize("mode", Mode)
def test_bind_when_a_bot_is_made_or_turned_then_only_real_money_binds_and_nothing_enters(
    world: World, mode: Mode
) -> None:
    bot = world.add(state=State.STOPPED)
    spec = BotSpec.model_validate({**dict(bot.spec), "name": "new", "mode": mode})
    for found in (bind(world, CreateBot(spec=spec)), bind(world, ChangeMode(bot_id=bot.id, mode=mode))):
        assert (found is None) is (mode is Mode.SIMULATED)
        if found is not None:
            assert (found.facts.source, found.enters) == (BUNDLED, False)


def test_bind_when_no_real_money_comes_of_it_then_there_is_none(world: World) -> None:
    simulated, live = world.add(state=State.STOPPED), world.add("live", State.RUNNING, mode=LIVE)
    assert bind(world, StartBot(bot_id=simulated.id)) is None
    assert bind(world, edit(simulated, stake="40")) is None
    for action in (PauseBot(bot_id=live.id), StopBot(bot_id=live.id), StartBot(bot_id="f" * 12)):
        assert bind(world, action) is None
    assert bind(world, SetLimits(changes=LimitsChange(live_enabled=True))) is None


def test_view_when_a_mandate_is_none_valid_or_void_then_says_so_with_its_reason(world: World) -> None:
    bot, simulated = world.add(state=State.STOPPED, mode=LIVE), world.add("sim")

    def view() -> tuple[str, str | None]:
        seen = world.desk.read_bot(bot.id).mandate
        assert seen is not None
        return seen.status, seen.reason

    assert world.desk.read_bot(simulated.id).mandate is None
    assert view() == ("none", None)
    grant(world, bot)
    assert view() == ("valid", None)
    assert world.facts.look().bots[bot.id].mandate_void is None
    world.registry.write_spec(bot.id, bot.spec.model_copy(update={"stake": bot.spec.stake + 1}))
    assert view() == ("void", "stake")
    world.registry.write_spec(bot.id, bot.spec)
    world.mandates.void(bot.id, "stopped")
    assert view() == ("void", "stopped")
    assert world.facts.look().bots[bot.id].mandate_void == "stopped"
    grant(world, bot)
    assert view() == ("valid", None)


@pytest.mark.parametrize("runs", [False, True])
def test_find_void_when_the_source_changes_then_it_is_found_wherever_it_changed(world: World, runs: bool) -> None:
    bot = world.add(state=State.RUNNING if runs else State.STOPPED, mode=LIVE, strategy="Mine")
    grant(world, bot)
    world.shelf.write("Mine", MINE + "\n# other\n")
    assert world.bindings.find_void(bot) == "source"
    world.shelf.write("Mine", MINE.replace("\n", "\r\n"))
    assert world.bindings.find_void(bot) is None
    assert world.bindings.is_outdated(bot) is False


def test_is_outdated_when_the_copy_was_changed_since_the_start_then_it_is(world: World, tmp_path: Path) -> None:
    """Nothing else is stored under its name, so that a yes to resuming it would bind what does not run."""
    bot = world.add(state=State.PAUSED, mode=LIVE, strategy="EmaCross")
    copy = tmp_path / "bots" / bot.id / "strategies" / "EmaCross.py"
    world.host.began[bot.id] = copy.stat().st_ctime
    assert world.bindings.is_outdated(bot) is False
    copy.write_text(copy.read_text() + "\n# other\n")
    os.utime(copy, (0, 0))
    assert world.bindings.is_outdated(bot) is True
    copy.unlink()
    assert world.bindings.is_outdated(bot) is True


def test_find_void_when_a_running_bots_copy_is_changed_or_gone_then_it_holds_no_more(
    world: World, tmp_path: Path
) -> None:
    bot = world.add(state=State.RUNNING, mode=LIVE, strategy="Mine")
    grant(world, bot)
    copy = tmp_path / "bots" / bot.id / "strategies" / "Mine.py"
    copy.write_text(MINE + "\n# other\n")
    assert world.bindings.find_void(bot) == "source"
    copy.unlink()
    assert world.bindings.find_void(bot) == "source_unreadable"
    (tmp_path / "elsewhere").write_text(MINE)
    copy.symlink_to(tmp_path / "elsewhere")
    assert world.bindings.find_void(bot) == "source_unreadable"
    copy.unlink()
    os.mkfifo(copy)
    assert world.bindings.find_void(bot) == "source_unreadable"
    copy.unlink()
    copy.write_text(MINE)
    assert world.bindings.find_void(bot) is None


def test_find_live_when_something_is_being_done_with_a_bot_then_it_is_left_alone(world: World) -> None:
    one, two = world.add("one", State.RUNNING, mode=LIVE), world.add("two", State.PAUSED, mode=LIVE)
    world.add("off", State.STOPPED, mode=LIVE)
    world.add("simulated", State.RUNNING)
    found = list(world.bindings.find_live())
    assert [(bot.bot_id, bot.name, bot.enters) for bot in found] == [(one.id, "one", True), (two.id, "two", False)]
    assert [bot.bot_id for bot in world.bindings.find_live({one.id: 1})] == [two.id]


def test_of_order_when_a_real_bot_asks_then_its_mandate_is_among_the_facts(world: World) -> None:
    bot, simulated = world.add("one", State.RUNNING, mode=LIVE), world.add("two", State.RUNNING)

    def void(asks: Bot) -> str | None:
        found = world.facts.look(ForceEntry(bot_id=asks.id, pair="BTC/USDT")).order
        assert found is not None
        return found.mandate_void

    assert (void(bot), void(simulated)) == ("none", None)
    grant(world, bot)
    assert void(bot) is None
