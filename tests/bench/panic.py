"""The panic stop over real bots: from the press until none of them can enter any more."""

import time

from tests.stack import Browserless, Stack

BOTS = 20


def measure(stack: Stack) -> None:
    """Starts the bots, presses, prints; leaves nothing running."""
    api = Browserless(stack)
    bots = [make(api, number) for number in range(BOTS)]
    begun = time.perf_counter()
    for bot_id in bots:
        api.http.post(f"/api/bots/{bot_id}/start").raise_for_status()
    print(f"{BOTS} bots started one after the other in {time.perf_counter() - begun:.1f} s")
    begun = time.perf_counter()
    pressed = api.http.post("/api/panic", json={"exit": True}, timeout=120)
    seconds = time.perf_counter() - begun
    panic = pressed.json()["guard"]["panic"]
    ended = f", {len(panic['ended_bots'])} ended" if panic["ended_bots"] else ""
    print(f"panic with {BOTS} bots: the last closed for entries after {panic['entries_off_ms']} ms{ended}")
    print(f"panic with {BOTS} bots: pressed, swept, exits placed, answered after {seconds:.2f} s")
    for bot_id in bots:
        api.http.post(f"/api/bots/{bot_id}/stop", timeout=60)
    api.close()


def make(api: Browserless, number: int) -> str:
    spec = {
        "name": f"panic {number}",
        "pairs": ["BTC/USDT", "ETH/USDT"],
        "stake": "20",
        "max_open_trades": 2,
        "parameters": {"buy_rsi": 50, "buy_cooldown": 0},
    }
    answer = api.http.post("/api/bots", json=spec)
    bot_id: str = answer.json()["bot"]["id"]
    return bot_id
