"""What the guard counts is what each bot's Freqtrade holds, also in the moment after it was paused or stopped."""

import sqlite3
import time
from contextlib import closing
from decimal import Decimal

import pytest

from tests.stack import Browserless, Stack

pytestmark = pytest.mark.integration

EAGER = {
    "pairs": ["BTC/USDT", "ETH/USDT"],
    "stake": "30",
    "max_open_trades": 2,
    "parameters": {"buy_rsi": 50, "buy_cooldown": 0},
}


def held(stack: Stack, bot_id: str) -> Decimal:
    """What the bot's own database says that it holds."""
    with closing(sqlite3.connect(stack.folder / "bots" / bot_id / "own" / "trades.sqlite")) as database:
        rows = database.execute("SELECT stake_amount FROM trades WHERE is_open = 1").fetchall()
    return sum((Decimal(str(row[0])) for row in rows), Decimal(0))


@pytest.mark.parametrize("command", ["pause", "stop"])
@pytest.mark.parametrize("after_s", [0.0, 0.2, 0.5])
def test_exposure_when_a_bot_is_held_right_after_it_entered_then_all_that_it_holds_is_counted(
    stack: Stack, api: Browserless, command: str, after_s: float
) -> None:
    bot_id = api.http.post("/api/bots", json={**EAGER, "name": f"eager {command} {after_s}"}).json()["bot"]["id"]
    try:
        api.http.post(f"/api/bots/{bot_id}/start").raise_for_status()
        time.sleep(after_s)
        receipt = api.http.post(f"/api/bots/{bot_id}/{command}")
        assert receipt.status_code == 200, receipt.text
        assert Decimal(receipt.json()["bot"]["open_exposure"]) == held(stack, bot_id)
        (usage,) = [bot for bot in api.get("/limits")["bots"] if bot["bot_id"] == bot_id]
        assert Decimal(usage["committed"]) == held(stack, bot_id)
    finally:
        if command == "pause":
            api.http.post(f"/api/bots/{bot_id}/stop").raise_for_status()
        api.http.delete(f"/api/bots/{bot_id}").raise_for_status()
