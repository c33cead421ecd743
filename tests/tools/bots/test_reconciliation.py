"""What bots say is passed on to the gateway, and what it finds is kept, told and put right."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.tools.bots.fakes import World, order, trade
from tools.actions import SettleFinding
from tools.bot import Mode, State
from tools.bots.reconciliation import READ_UP_LOOKS
from tools.bots.registry import Bot
from tools.bots.requests import describe_finding
from tools.errors import Problem
from tools.freqtrade.client import BotUnreachable
from tools.guard.actor import Actor
from tools.store.database import Store

DIFFERENCES, STATEMENT, SETTLE = "/gateway/differences", "/gateway/statement", "/gateway/settle"
PERSON = Actor(door="web", scopes=frozenset({"read", "operate", "confirm"}))


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    made = World(store, tmp_path)
    made.wire.answers[("POST", STATEMENT)] = httpx.Response(200, json={"again": False})
    answer(made)
    return made


@pytest.fixture
def bot(world: World) -> Bot:
    return world.add("real", State.RUNNING, mode=Mode.REAL_MARKET_SPOT)


def finding(bot: Bot, kind: str = "bot_holds_more", **changes: Any) -> dict[str, Any]:
    numbers = {"bot": "1.5", "ledger": "1"}
    told = {"id": "0123456789abcdef", "kind": kind, "bot_id": bot.id, "pair": "BTC/USDT", "numbers": numbers}
    return {**told, "uncertain": True, "settles": True, "since_ms": 1_800_000_000_000, **changes}


def answer(world: World, *findings: dict[str, Any], looked_ms: int | None = 1_800_000_060_000) -> None:
    content = {"looked_ms": looked_ms, "findings": list(findings), "holdings": []}
    for method in ("GET", "POST"):
        world.wire.answers[(method, DIFFERENCES)] = httpx.Response(200, json=content)


async def settle(world: World, **changes: Any) -> Any:
    content = describe_finding(world.reconciliation.read(), "0123456789abcdef")
    action = SettleFinding.model_validate({**content, **changes})
    await world.executor.prepare(action)
    return await world.executor.execute(action, PERSON)


async def test_look_when_bots_run_then_what_those_with_real_money_say_is_passed_on(world: World, bot: Bot) -> None:
    simulated = world.add("simulated", State.RUNNING)
    world.client(simulated).told.append(trade(1))
    world.client(bot).told.append(trade(1))
    assert (await world.reconciliation.look()).agrees is True
    ((_, _, told),) = [asked for asked in world.wire.asked if asked[1] == STATEMENT]
    said = json.loads(told["statement"])
    assert said["bot"] == bot.id
    assert {pair: Decimal(amount) for pair, amount in said["held"].items()} == {"BTC/USDT": trade(1).amount}


async def test_look_when_the_gateway_sees_something_new_then_the_bot_is_asked_once_more(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.bots.reconciliation.AGAIN_S", 0.01)
    world.wire.answers[("POST", STATEMENT)] = httpx.Response(200, json={"again": True})
    await world.reconciliation.look()
    assert sum(path == STATEMENT for _, path, _ in world.wire.asked) == 2


async def test_look_when_something_differs_then_it_is_kept_told_once_and_named_after_its_bot(
    world: World, bot: Bot
) -> None:
    answer(world, finding(bot))
    for _ in range(2):
        view = await world.reconciliation.look()
    assert view.agrees is False
    assert (view.findings[0].bot_name, view.findings[0].uncertain) == ("real", True)
    assert [told.agrees for told in world.audience.reconciliations] == [False]
    answer(world)
    await world.reconciliation.look()
    assert [told.agrees for told in world.audience.reconciliations] == [False, True]


@pytest.mark.parametrize("kind", ["bot_holds_more", "bot_holds_less", "order_not_in_bot", "order_only_in_bot"])
async def test_look_when_the_bot_may_have_missed_something_then_it_reads_up_at_once_and_later_again(
    world: World, bot: Bot, kind: str
) -> None:
    world.client(bot).told.append(trade(7))
    answer(world, finding(bot, kind))
    for times in (1, 1, 1, *[1] * (READ_UP_LOOKS - 2), 2):
        await world.reconciliation.look()
        assert world.client(bot).names().count("reload_trade") == times


async def test_look_when_reading_up_fails_then_the_next_look_has_it_done(world: World, bot: Bot) -> None:
    world.client(bot).told.append(trade(7))
    world.client(bot).fails["reload_trade"] = [BotUnreachable("busy")]
    answer(world, finding(bot))
    await world.reconciliation.look()
    world.client(bot).fails.clear()
    for _ in range(2):
        await world.reconciliation.look()
    assert world.client(bot).names().count("reload_trade") == 2


async def test_look_when_there_is_only_something_to_know_then_all_agree(world: World, bot: Bot) -> None:
    answer(world, finding(bot, "left_over", uncertain=False))
    view = await world.reconciliation.look()
    assert (view.agrees, [one.kind for one in view.findings]) == (True, ["left_over"])


async def test_look_when_a_trade_holds_nothing_and_waits_for_nothing_then_the_bot_reads_up_on_it_the_second_time(
    world: World, bot: Bot
) -> None:
    world.client(bot).told += [
        trade(1, orders=[], amount=Decimal(0)),
        trade(2, "ETH/USDT", amount=Decimal(0), orders=[order("e", is_open=True)]),
        trade(3, "SOL/USDT"),
    ]
    await world.reconciliation.look()
    assert "reload_trade" not in world.client(bot).names()
    await world.reconciliation.look()
    assert [call for call in world.client(bot).calls if call[0] == "reload_trade"] == [("reload_trade", 1)]


@pytest.mark.parametrize(
    "said",
    [httpx.ConnectError("no"), httpx.Response(503, json={"code": -1001, "msg": "no"}), httpx.Response(200, text="x")],
)
async def test_look_when_the_gateway_does_not_answer_then_nobody_says_that_all_agree(
    world: World, bot: Bot, said: Any
) -> None:
    answer(world, finding(bot))
    await world.reconciliation.look()
    for method in ("GET", "POST"):
        world.wire.answers[(method, DIFFERENCES)] = said
    view = await world.reconciliation.look()
    assert view.agrees is None
    assert len(view.findings) == 1, "what was known is not forgotten"


async def test_look_when_nobody_has_looked_yet_then_it_is_not_known(world: World, bot: Bot) -> None:
    answer(world, looked_ms=None)
    assert (await world.reconciliation.look()).agrees is None


async def test_look_when_a_bot_does_not_answer_then_it_is_named(world: World, bot: Bot) -> None:
    world.client(bot).fails["status"] = [BotUnreachable("silent")]
    assert (await world.reconciliation.look()).unasked == ("real",)


async def test_look_when_the_gateway_cannot_read_what_a_bot_says_then_the_others_are_compared(
    world: World, bot: Bot
) -> None:
    world.wire.answers[("POST", STATEMENT)] = httpx.Response(400, json={"code": -1130, "msg": "no"})
    view = await world.reconciliation.look()
    assert (view.agrees, view.unasked) == (True, ("real",))


async def test_settle_when_the_gateway_does_it_then_all_is_looked_at_again(world: World, bot: Bot) -> None:
    answer(world, finding(bot, "bot_holds_less"))
    await world.reconciliation.look()
    world.wire.answers[("POST", SETTLE)] = httpx.Response(200, json={"by_bot": False})
    answer(world)
    assert (await settle(world)).agrees is True
    assert ("POST", SETTLE, {"finding": "0123456789abcdef"}) in world.wire.asked


async def test_settle_when_it_is_the_bots_to_do_then_it_forgets_the_trade(world: World, bot: Bot) -> None:
    world.client(bot).told.append(trade(7, amount=Decimal("1.5")))
    answer(world, finding(bot))
    await world.reconciliation.look()
    world.wire.answers[("POST", SETTLE)] = httpx.Response(200, json={"by_bot": True})
    await settle(world)
    assert "delete_trade" in world.client(bot).names()


async def test_settle_when_the_bot_agrees_after_reading_anew_then_it_keeps_its_trade(world: World, bot: Bot) -> None:
    world.client(bot).told.append(trade(7, amount=Decimal("1.00000000001")))
    answer(world, finding(bot))
    await world.reconciliation.look()
    world.wire.answers[("POST", SETTLE)] = httpx.Response(200, json={"by_bot": True})
    await settle(world)
    assert "delete_trade" not in world.client(bot).names()


@pytest.mark.parametrize("changes", [{"numbers": {"bot": "9"}}, {"difference": "balance_short"}, {"pair": "ETH/USDT"}])
async def test_settle_when_it_is_not_what_was_shown_then_nothing_is_done(
    world: World, bot: Bot, changes: dict[str, Any]
) -> None:
    answer(world, finding(bot))
    await world.reconciliation.look()
    with pytest.raises(Problem, match="unknown_finding"):
        await settle(world, **changes)
    assert not [path for _, path, _ in world.wire.asked if path == SETTLE]


async def test_settle_when_it_is_gone_or_stays_then_it_is_said(world: World, bot: Bot) -> None:
    with pytest.raises(Problem, match="unknown_finding"):
        await settle(world)
    answer(world, finding(bot, "fills_missing", settles=False))
    await world.reconciliation.look()
    with pytest.raises(Problem, match="finding_stays"):
        await settle(world)


async def test_settle_when_the_gateway_does_not_know_it_any_more_then_it_is_said(world: World, bot: Bot) -> None:
    answer(world, finding(bot))
    await world.reconciliation.look()
    world.wire.answers[("POST", SETTLE)] = httpx.Response(400, json={"code": -2013, "msg": "no"})
    with pytest.raises(Problem, match="unknown_finding"):
        await settle(world)
