"""What the desk is told as it happens."""

import json
import threading
from typing import Any

import pytest
from httpx_sse import connect_sse

from tests.stack import Browserless, Stack

pytestmark = pytest.mark.integration


def test_desk_when_a_bot_lives_its_life_then_each_step_is_an_event_and_can_be_resumed(
    stack: Stack, api: Browserless
) -> None:
    follower, seen, ready = Browserless(stack), [], threading.Event()

    def follow() -> None:
        with connect_sse(follower.http, "GET", "/api/events") as source:
            ready.set()
            for event in source.iter_sse():
                seen.append((event.id, event.event, json.loads(event.data)))
                if event.event == "bot_deleted":
                    return

    following = threading.Thread(target=follow)
    following.start()
    assert ready.wait(10)
    spec = {"name": "event", "pairs": ["BTC/USDT"], "stake": "20", "max_open_trades": 1}
    bot_id = api.http.post("/api/bots", json=spec).json()["bot"]["id"]
    api.http.patch(f"/api/bots/{bot_id}", json={"description": "watched"}).raise_for_status()
    api.http.delete(f"/api/bots/{bot_id}").raise_for_status()
    following.join(timeout=15)
    follower.close()

    steps = [(number, name, data) for number, name, data in seen if bot_id in json.dumps(data) and name != "tick"]
    assert [name for _, name, _ in steps] == ["bot", "bot", "bot_deleted"]
    assert steps[1][2]["spec"]["description"] == "watched"
    assert _resume(stack, int(steps[0][0]))[:2] == [(number, name) for number, name, _ in steps[1:]]


def _resume(stack: Stack, after: int) -> list[Any]:
    viewer, found = Browserless(stack), []
    with connect_sse(viewer.http, "GET", "/api/events", params={"after": after}) as source:
        for event in source.iter_sse():
            if event.id:
                found.append((event.id, event.event))
            if len(found) >= 2:
                break
    viewer.close()
    return found
