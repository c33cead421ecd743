"""The API dies while a bot trades: nothing that was sent is lost, and the bot is found again."""

import pytest

from tests.stack import Browserless, Stack, said, wait_until

pytestmark = pytest.mark.integration

SPEC = {"name": "survivor", "pairs": ["BTC/USDT"], "stake": "20", "max_open_trades": 1}


def test_api_when_killed_while_a_bot_runs_then_it_is_adopted_and_the_conversation_is_whole(
    stack: Stack, api: Browserless
) -> None:
    bot_id = api.http.post("/api/bots", json=SPEC).json()["bot"]["id"]
    api.http.post(f"/api/bots/{bot_id}/start").raise_for_status()
    pid = stack.bot_pid(bot_id)
    conversation_id = api.converse()
    api.say(conversation_id, "what are my limits?")
    api.post_message(conversation_id, "list my bots")
    before = stack.read_events(conversation_id)

    stack.kill_api()
    assert stack.start_api() < 15

    again = Browserless(stack)
    try:
        wait_until(lambda: again.get(f"/bots/{bot_id}")["health"] == "healthy", 10, "the bot to be adopted")
        assert stack.bot_pid(bot_id) == pid
        assert again.get(f"/bots/{bot_id}")["state"] == "RUNNING"
        after = stack.read_events(conversation_id)
        assert after[: len(before)] == before
        assert after[-1]["type"] == "finish"
        assert said(again.say(conversation_id, "what are my limits?"))
    finally:
        again.http.post(f"/api/bots/{bot_id}/stop").raise_for_status()
        again.http.delete(f"/api/bots/{bot_id}").raise_for_status()
        again.close()


def test_bot_when_its_process_is_killed_then_it_is_shown_as_crashed_with_its_log_and_can_be_started_again(
    stack: Stack, api: Browserless
) -> None:
    conversation_id = api.converse()
    api.say(conversation_id, "create a bot called phoenix trading BTC/USDT with 20 USDT per trade and start it")
    (bot,) = [bot for bot in api.get("/bots") if bot["spec"]["name"] == "phoenix"]
    path = f"/bots/{bot['id']}"

    stack.kill_bot(bot["id"])

    crashed = wait_until(lambda: api.get(path)["health"] == "crashed" and api.get(path), 10, "the crash to be seen")
    assert crashed["state"] == "RUNNING"
    assert crashed["health_reason"]
    assert crashed["log_tail"]
    chunks = api.follow(conversation_id, lambda chunk, _: chunk.get("data", {}).get("kind") == "health", timeout_s=10)
    assert list(chunks)[-1]["data"]["bot"]["health"] == "crashed"
    receipt = api.http.post(f"/api{path}/start")
    assert receipt.json()["bot"]["health"] == "healthy"
    api.http.post(f"/api{path}/stop").raise_for_status()
    assert api.get(path)["health"] == "off"
    api.http.delete(f"/api{path}").raise_for_status()


def test_bot_when_its_limits_are_tightened_below_it_then_the_guard_pauses_it_and_it_cannot_be_resumed(
    api: Browserless,
) -> None:
    bot_id = api.http.post("/api/bots", json={**SPEC, "name": "tall", "stake": "60"}).json()["bot"]["id"]
    path = f"/bots/{bot_id}"
    api.http.post(f"/api{path}/start").raise_for_status()
    try:
        api.http.put(f"/api{path}/limits", json={"max_trade": "55"}).raise_for_status()
        assert api.get(path)["state"] == "PAUSED"
        assert [(line["door"], line["action_kind"]) for line in api.get("/audit", limit=1)] == [("guard", "pause_bot")]
        assert api.http.post(f"/api{path}/start").json()["rule"] == "trade_size"
    finally:
        api.http.post(f"/api{path}/stop").raise_for_status()
        api.http.delete(f"/api{path}").raise_for_status()


def test_bot_when_the_guard_refuses_it_after_a_restart_then_it_is_shown_and_told_as_not_running(
    stack: Stack, api: Browserless
) -> None:
    conversation_id = api.converse()
    api.say(conversation_id, "create a bot called icarus trading BTC/USDT with 60 USDT per trade and start it")
    (bot,) = [bot for bot in api.get("/bots") if bot["spec"]["name"] == "icarus"]
    limits = {**api.get("/limits")["limits"], "bots": {bot["id"]: {"max_trade": "55"}}}
    stack.stop_api()
    stack.kill_bot(bot["id"])
    stack.write_limits(limits)
    stack.start_api()
    again = Browserless(stack)
    path = f"/bots/{bot['id']}"
    try:
        wait_until(lambda: again.get(path)["health_reason"] == "refused", 15, "the refusal to be seen")
        assert (again.get(path)["state"], again.get(path)["health"]) == ("RUNNING", "crashed")
        told = [chunk["data"] for chunk in stack.read_events(conversation_id) if chunk["type"] == "data-card"]
        assert (told[-1]["kind"], told[-1]["bot"]["health_reason"]) == ("health", "refused")
    finally:
        again.http.post(f"/api{path}/stop").raise_for_status()
        again.http.delete(f"/api{path}").raise_for_status()
        again.close()
