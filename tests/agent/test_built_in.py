"""The built-in interpreter in real turns: the real verbs, gate and executors behind its words."""

from collections.abc import AsyncIterator

import pytest

from tests.agent.conftest import Making
from tests.agent.world import World, cards, said
from tests.tools.bots.fakes import entering, trade
from tools.bot import State
from tools.freqtrade.client import OrderRefused
from tools.guard.actor import Actor
from tools.guard.limits import LimitsChange

OWNER = Actor(door="web")


@pytest.fixture
async def world(making: Making) -> AsyncIterator[World]:
    """Alpha runs and holds a trade in BTC; beta is paused."""
    async with making(lambda _: 500, model="offline") as (world, _):
        alpha = world.bots.add("alpha", State.RUNNING)
        world.bots.add("beta", State.PAUSED)
        world.bots.client(alpha).told.append(trade(1))
        await world.bots.mirror.ask(alpha, world.bots.client(alpha))
        yield world


@pytest.mark.parametrize(
    ("words", "kind", "told"),
    [
        ("panic", "panic", "The panic stop is on"),
        ("panic and sell everything", "panic", "is being sold"),
        ("daily loss at most 20", "set_limits", "daily loss 20"),
        ("limit alpha to 30 per trade", "set_bot_limits", "**alpha**: largest trade 30"),
        ("never trade DOGE", "block_pair", "Blocked DOGE"),
        ("close the BTC trade of alpha", "force_exit", "**alpha** is selling BTC"),
        ("sell everything alpha holds", "force_exit", "selling all that it holds"),
        ("keep alpha out of ETH for 2 hours", "lock_pair", "keeps out of ETH for 2 h"),
        ("buy ETH now with alpha for 20", "force_entry", "placed an order to buy ETH"),
        ("let beta trade again", "resume_bot", "**beta** may enter trades again"),
    ],
)
async def test_say_when_it_may_be_done_then_it_is_and_the_words_say_so(
    world: World, words: str, kind: str, told: str
) -> None:
    await world.bots.prices.refresh("ETH/USDT")
    answer = said(await world.say(words))
    assert told in answer
    assert world.done()[0] == kind


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("buy ETH with alpha for 20", "The bot did not do it. It said: position for ETH/USDT already open - id: 2"),
        ("compre ETH com o alpha por 20", "O bot não fez isso. Ele disse: position for ETH/USDT already open - id: 2"),
    ],
)
async def test_say_when_the_bot_refuses_an_order_then_only_its_text_is_said(
    world: World, words: str, told: str
) -> None:
    await world.bots.prices.refresh("ETH/USDT")
    client = world.bots.client(world.bots.registry.find("alpha"))
    client.fails["force_entry"] = [OrderRefused("position for ETH/USDT already open -\nid: 2")]
    answer = said(await world.say(words))
    assert told in answer
    assert "untrusted_text" not in answer


async def test_say_when_an_order_is_cancelled_then_it_is_taken_back(world: World) -> None:
    alpha = world.bots.registry.find("alpha")
    world.bots.client(alpha).told[:] = [entering(2)]
    await world.bots.mirror.ask(alpha, world.bots.client(alpha))
    assert "Cancelled the open order" in said(await world.say("cancel the order of alpha"))
    assert "cancel_open_order" in world.bots.client(alpha).names()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("set the daily loss to 500", "(daily loss: 100 → 500)"),
        ("raise the max trade size to 200", "(largest trade: 100 → 200)"),
        ("unblock DOGE", "(blocked pairs: DOGE/USDT → -)"),
        ("lift the panic stop", "panic stop: on → off"),
        ("enable live trading", "real money: off → on"),
        ("buy ETH with alpha for 5000", "above the limit of 100 USDT"),
    ],
)
async def test_say_when_it_is_not_the_assistants_to_do_then_the_guard_refuses_and_says_why(
    world: World, words: str, told: str
) -> None:
    await world.bots.prices.refresh("ETH/USDT")
    await world.gate.submit(
        {"kind": "panic"} if "panic" in words else {"kind": "block_pair", "pair": "DOGE/USDT"}, OWNER
    )
    before = world.desk.read_limits().limits
    answer = said(await world.say(words))
    assert told in answer
    assert "The guard refused" in answer
    assert world.desk.read_limits().limits == before


async def test_say_when_the_log_was_shown_then_what_follows_waits_and_yes_confirms_nothing(world: World) -> None:
    assert "text from outside" in said(await world.say("show the log of alpha"))
    assert "waits for your word" in said(await world.say("stop alpha"))
    for words in ("yes", "confirm", "yes do it"):
        answer = said(await world.say(words))
        assert "neither confirm nor deny" in answer
        assert "Stop bot" in answer
    assert world.done() == []
    assert [proposal.status for proposal in world.proposals.read_open()] == ["pending"]


async def test_say_when_live_is_enabled_then_a_live_bot_waits_for_the_person(world: World) -> None:
    world.bots.book.write(LimitsChange(live_enabled=True).applied_to(world.bots.book.read()))
    world.bots.add("gamma")
    chunks = await world.say("make gamma live")
    assert "This touches real money" in said(chunks)
    assert cards(chunks, "proposal")[0]["proposal"]["why"] == "live"
    assert "Change mode" in said(await world.say("what waits for me?"))


async def test_say_when_a_bot_has_to_be_off_then_stopping_it_is_offered(world: World) -> None:
    answer = said(await world.say("make alpha simulated"))
    assert "not possible now" in answer
    assert answer.endswith("Shall I stop **alpha** and turn it to simulated?")


async def test_say_when_the_guard_did_nothing_then_says_so(world: World) -> None:
    assert "refused no orders" in said(await world.say("what did the guard refuse?"))
    assert "paused none" in said(await world.say("which bots did the guard pause?"))
    assert "Nothing waits" in said(await world.say("open proposals"))
