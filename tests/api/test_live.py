"""Trading with real money, from the outside: over REST, in a terminal, and told to the conversation."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.terminal.live import tell_live
from tests.api.inside import LIVE, PASSWORD, Inside, served
from tests.api.test_guard_cli import Run, tradehelm
from tests.api.test_proposals import allow_real_money, decide, wait_out
from tools.bot import State
from tools.freqtrade.launch import StartFailed
from tools.guard.guardian import Guardian
from tools.views import LiveView


@pytest.fixture
async def run(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Run]:
    async with served(inside) as address:
        monkeypatch.setenv("TRADEHELM_DATA_DIR", str(inside.services.settings.data_dir))
        monkeypatch.setenv("TRADEHELM_PORT", address.rpartition(":")[2])
        monkeypatch.setenv("TRADEHELM_OWNER_PASSWORD", PASSWORD)
        yield lambda *words, typed="": asyncio.to_thread(tradehelm, *words, typed=typed)


async def make_live_bot(inside: Inside) -> str:
    """Made and confirmed; off."""
    await allow_real_money(inside)
    proposal = (await inside.http.post("/api/bots", json=LIVE)).json()["proposal"]
    bot_id: str = (await decide(inside.http, proposal)).json()["bot"]["id"]
    return bot_id


async def read(inside: Inside) -> Any:
    return (await inside.http.get("/api/live")).json()


async def test_live_when_nobody_has_looked_then_it_says_so_and_a_check_looks(inside: Inside) -> None:
    before = await read(inside)
    assert (before["enabled"], before["passed"], before["check"], before["bots"]) == (False, False, None, [])
    assert before["rule"] == "stale_snapshot"
    inside.key.told |= {"balances": {"USDT": {"free": "1000.5", "locked": "0"}}, "clock_skew_ms": 12}
    after = (await inside.http.post("/api/live/check")).json()
    assert (after["passed"], after["rule"], after["numbers"]) == (True, None, {})
    check = after["check"]
    assert (check["key_works"], check["can_trade"], check["can_withdraw"]) == (True, True, False)
    assert (check["clock_skew_ms"], check["max_skew_ms"], check["venue"], check["age_s"]) == (12, 1000, "demo", 0)
    assert check["balances"] == {"USDT": {"free": "1000.5", "locked": "0"}}
    assert await read(inside) == {**after, "check": {**check, "age_s": (await read(inside))["check"]["age_s"]}}


async def test_on_when_typed_then_it_is_shown_asked_for_and_waits_and_off_holds_at_once(
    inside: Inside, run: Run
) -> None:
    code, told = await run("live", "on", typed="n\n")
    assert (code, "Nothing was decided" in told) == (1, True), told
    code, told = await run("live", "on", "--language", "pt-BR", typed="sim\n")
    assert code == 0, told
    (waiting,) = (await inside.http.get("/api/proposals")).json()
    assert (waiting["status"], waiting["action"]["changes"]["live_enabled"]) == ("waiting", True)
    await wait_out(inside)
    assert (await read(inside))["enabled"] is True
    code, told = await run("live", "off")
    assert (code, (await read(inside))["enabled"]) == (0, False), told


async def test_on_when_the_key_can_withdraw_then_it_is_refused_in_words(inside: Inside, run: Run) -> None:
    inside.key.told |= {"can_withdraw": True}
    code, told = await run("live", "on", typed="y\n")
    assert (code, "can withdraw" in told, "[y/N]" in told) == (1, True, False), told


async def test_live_when_the_machine_cannot_confine_bots_then_it_warns(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in (0, 1):
        monkeypatch.setattr("tools.freqtrade.confine.read_version", lambda version=version: version)
        told = await read(inside)
        assert told["confined"] is (version > 0)
        lines = "\n".join(tell_live(LiveView.model_validate(told), "en"))
        assert ("Landlock" in lines) is not told["confined"]


@pytest.mark.parametrize(("scopes", "status"), [(("read",), 403), (("read", "operate"), 200)])
async def test_check_when_a_program_may_not_operate_then_it_may_only_read(
    inside: Inside, scopes: Any, status: int
) -> None:
    program = await inside.with_token(*scopes)
    assert (await program.get("/api/live")).status_code == 200
    assert (await program.post("/api/live/check")).status_code == status
    assert inside.key.asked == int(status == 200)
    assert (await (await inside.stranger()).get("/api/live")).status_code == 401


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ({"can_withdraw": True}, "key_can_withdraw"),
        ({"can_withdraw": None}, "key_can_withdraw"),
        ({"configured": False}, "no_exchange_key"),
        ({"clock_skew_ms": 1500}, "clock_skew"),
        ({"answered": False}, "stale_snapshot"),
    ],
)
async def test_enable_when_the_key_may_not_be_used_then_403_with_the_rule_in_words(
    inside: Inside, key: dict[str, Any], rule: str
) -> None:
    inside.key.told |= key
    answer = await inside.http.put("/api/limits", json={"live_enabled": True})
    assert (answer.status_code, answer.json()["rule"]) == (403, rule)
    assert answer.json()["detail"]
    assert "[" not in answer.json()["detail"]
    assert (await inside.read_audit(limit=1))[0]["rule"] == rule


async def test_enable_when_the_key_can_withdraw_once_its_time_has_come_then_it_is_not_enabled(inside: Inside) -> None:
    proposal = await inside.propose(live_enabled=True)
    assert (await decide(inside.http, proposal)).status_code == 202
    inside.key.told["can_withdraw"] = True
    await wait_out(inside)
    told = (await inside.http.get(f"/api/proposals/{proposal['id']}")).json()
    assert (told["status"], told["rule"]) == ("refused", "key_can_withdraw")
    assert (await read(inside))["enabled"] is False


async def test_start_when_it_is_real_money_then_the_proposal_says_what_it_binds_and_a_failed_start_voids_it(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot_id = await make_live_bot(inside)
    assert (await read(inside))["bots"][0]["mandate"] == {"status": "none", "reason": None, "at": None}
    proposal = (await inside.http.post(f"/api/bots/{bot_id}/start")).json()["proposal"]
    numbers = proposal["numbers"]
    assert (numbers["venue"], numbers["strategy"], numbers["pairs"]) == ("demo", "RsiMeanReversion", "BTC/USDT")
    assert (numbers["stake"], len(numbers["source"]), proposal["why"]) == ("50", 64, "live")
    assert (proposal["effect"]["exposure_before"], proposal["effect"]["exposure_after"]) == ("0", "50")
    seen: list[Any] = []

    async def fail(*_: Any, **__: Any) -> None:
        seen.append((await read(inside))["bots"][0]["mandate"]["status"])
        raise StartFailed("timeout", [])

    monkeypatch.setattr("api.services.Host.start", fail)
    assert (await decide(inside.http, proposal)).status_code == 502
    assert seen == ["valid"]
    mandate = (await inside.http.get(f"/api/bots/{bot_id}")).json()["mandate"]
    assert (mandate["status"], mandate["reason"]) == ("void", "start_failed")


async def test_look_when_a_real_bot_is_not_what_was_confirmed_then_its_conversation_and_the_desk_are_told(
    inside: Inside,
) -> None:
    bot_id = await make_live_bot(inside)
    services, registry = inside.services, inside.services.desk.registry
    conversation = (await inside.http.post("/api/conversations", json={})).json()["id"]
    inside.change("UPDATE bot SET conversation_id = ?", conversation)
    guardian: Guardian = await _guardian(inside)
    bot = registry.write_state(bot_id, State.PAUSED)
    with services.store.writing() as session:
        mandates: Any = services.gate._decisions._mandates  # type: ignore[attr-defined]
        bindings: Any = services.desk._bindings
        mandates.grant(session, bot_id, bindings.find(bot), by="web", proposal_id="p")
    await guardian.look()
    assert (await read(inside))["bots"][0]["mandate"]["status"] == "valid"
    registry.write_spec(bot_id, bot.spec.model_copy(update={"stake": bot.spec.stake - 1}))
    await guardian.look()
    await guardian.look()
    mandate = (await read(inside))["bots"][0]["mandate"]
    assert (mandate["status"], mandate["reason"]) == ("void", "stake")
    told = [event for event in services.events.read("desk", 0) if event.name == "kept_out"]
    assert [(event.data["bot_id"], event.data["numbers"]["reason"]) for event in told] == [(bot_id, "stake")]
    cards = [
        event.data["data"] for event in services.events.read(conversation, 0) if event.data.get("type") == "data-card"
    ]
    assert [(card["kind"], card["rule"], card["numbers"]["reason"]) for card in cards] == [
        ("refusal", "mandate_void", "stake")
    ]


async def _guardian(inside: Inside) -> Guardian:
    """The one that looks after the bots of this app."""
    for task in asyncio.all_tasks():
        frame = getattr(task.get_coro(), "cr_frame", None)
        found = frame.f_locals.get("self") if frame else None
        if isinstance(found, Guardian):
            return found
    raise AssertionError("nobody looks after the bots")


async def test_command_when_all_passed_then_0_and_else_1_in_either_language(inside: Inside, run: Run) -> None:
    assert (await run("live", "status")) == (1, "Real money is off.\nNobody has looked at the exchange key yet: tradehelm live check\n")  # fmt: skip  # noqa: E501
    inside.key.told |= {"ip_restricted": False, "balances": {"USDT": {"free": "1000.5", "locked": "0"}}}
    code, told = await run("live", "check")
    assert (code, "passes" in told, "not bound to an IP" in told, "USDT: 1,000.5 free" in told) == (0, *[True] * 3)
    assert (await run("live", "status"))[0] == 0
    inside.key.told["can_withdraw"] = None
    code, told = await run("live", "check", "--language", "pt-BR")
    assert (code, "pode sacar" in told, "[" in told) == (1, True, False)
    inside.key.told |= {"answered": False}
    code, told = await run("live", "check")
    assert (code, "could not be looked at" in told) == (1, True)


async def test_command_when_a_real_bot_is_there_then_its_confirmation_is_told(inside: Inside, run: Run) -> None:
    await make_live_bot(inside)
    code, told = await run("live", "status")
    assert (code, "Real money is on." in told, "real: created, confirmation: it was never confirmed" in told) == (
        0, True, True,
    ), told  # fmt: skip
