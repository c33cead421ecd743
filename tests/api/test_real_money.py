"""Real money from a person's wish to the exchange's ledger and back: every yes, through real processes."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.stack import Browserless, Stack, wait_until

pytestmark = pytest.mark.integration

ENABLED = {"live_enabled": True}
SPEC = {
    "name": "real",
    "mode": "REAL_MARKET_SPOT",
    "pairs": ["BTC/USDT"],
    "stake": "50",
    "max_open_trades": 1,
    "stoploss_pct": "5",
    "parameters": {"buy_period": 30, "buy_rsi": 5, "sell_rsi": 95, "sell_candles": 200},
}
"""A bot that does not enter or leave by itself: an RSI over 30 candles stays far from 5 and 95."""


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """With real money on, as an owner has left it."""
    made = Stack(tmp_path, EXCHANGE_SOURCE="synthetic")
    made.start()
    made.stop_api()
    made.write_limits(ENABLED)
    made.start_api()
    yield made
    made.stop()


@pytest.fixture
def api(stack: Stack) -> Iterator[Browserless]:
    signed_in = Browserless(stack)
    yield signed_in
    signed_in.close()


def say_yes(api: Browserless, asked: httpx.Response) -> Any:
    """The receipt of what was put to a person."""
    assert asked.status_code == 202, asked.text
    assert asked.json()["proposal"]["why"] == "live"
    proposal = asked.json()["proposal"]
    done = api.http.post(f"/api/proposals/{proposal['id']}/confirm", json={"hash": proposal["hash"]})
    assert done.status_code == 200, f"{done.text}\n{api.read_logs()}"
    return done.json()


def read_account(stack: Stack) -> dict[str, Decimal]:
    """What the one account of the exchange has, by currency; nothing was made or lost."""
    ledger = httpx.get(f"http://127.0.0.1:{stack.exchange_port}/demo/ledger", trust_env=False).json()
    assert {Decimal(total) for total in ledger["totals"].values()} == {Decimal(0)}
    (account,) = [sums for book, sums in ledger["balances"].items() if book not in ("house", "fees", "deposits")]
    return {asset: Decimal(of["free"]) + Decimal(of["locked"]) for asset, of in account.items()}


def assert_key_is_nowhere(stack: Stack, api: Browserless, bot_id: str) -> None:
    """The exchange's key and secret, after all of this: in the one file that holds them, and in no other place."""
    conversation = api.converse()
    for said in ("how is real doing?", "can real money be traded?", "show me the log of real"):
        api.say(conversation, said)
    keys = json.loads((stack.folder / "secrets" / "demo-key.json").read_text())
    secrets = [keys["apiKey"].encode(), keys["secretKey"].encode()]
    told = [read_stream(api, "/api/events"), read_stream(api, f"/api/conversations/{conversation}/events")]
    paths = [path for path, of in api.get("/openapi.json")["paths"].items() if "get" in of and "events" not in path]
    for path in paths:
        words = {"bot_id": bot_id, "conversation_id": conversation, "proposal_id": "0" * 32, "name": "EmaCross"}
        told.append(api.http.get(path.format_map(words), params={"pair": "BTC/USDT"}).content)
    assert sum(map(len, told)) > 100_000, "enough was said to be looked through"
    assert not [text[:200] for text in told for secret in secrets if secret in text]

    files = [path for path in stack.folder.rglob("*") if path.is_file() and path.parent.name != "exchange"]
    assert {path.name for path in files} >= {"tradehelm.sqlite", "gateway.log", "serve.log", "bot.log", "config.json"}
    holding = {path.name for path in files if any(secret in path.read_bytes() for secret in secrets)}
    assert holding == {"demo-key.json"}
    for pid in (stack.bot_pid(bot_id), *stack.pids()):
        process = Path(f"/proc/{pid}")
        shown = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        assert not any(secret in shown for secret in secrets)


def read_stream(api: Browserless, path: str) -> bytes:
    """All that a viewer is sent who has seen nothing yet, until nothing more comes for a while."""
    sent = b""
    with suppress(httpx.ReadTimeout), api.http.stream("GET", path, headers={"Last-Event-ID": "0"}, timeout=1) as stream:
        for part in stream.iter_bytes():
            sent += part
            if len(sent) > 5_000_000:
                break
    return sent


def owner_asks(stack: Stack, method: str, path: str, **params: str) -> Any:
    """What the owner does by hand at the exchange, past Tradehelm, with the account's own key."""
    keys = json.loads((stack.folder / "secrets" / "demo-key.json").read_text())
    payload = urlencode({**params, "timestamp": time.time_ns() // 1_000_000})
    signature = hmac.new(keys["secretKey"].encode(), payload.encode(), hashlib.sha256).hexdigest()
    url = f"http://127.0.0.1:{stack.exchange_port}{path}?{payload}&signature={signature}"
    answer = httpx.request(method, url, headers={"X-MBX-APIKEY": keys["apiKey"]}, trust_env=False)
    assert answer.is_success, answer.text
    return answer.json()


def has_stop(stack: Stack) -> bool:
    """Not the entry, which may rest for a moment too."""
    return any(order["side"] == "SELL" for order in owner_asks(stack, "GET", "/api/v3/openOrders"))


def reconcile(api: Browserless) -> dict[str, Any]:
    """What differs, by its kind, as far as it is sure; all sides could be compared."""
    told = api.http.post("/api/reconciliation").raise_for_status().json()
    assert (told["agrees"], told["unasked"]) == (not any(one["uncertain"] for one in told["findings"]), [])
    return {one["kind"]: one for one in told["findings"]}


def settle(api: Browserless, finding: dict[str, Any]) -> None:
    receipt = say_yes(api, api.http.post(f"/api/reconciliation/{finding['id']}/settle"))
    assert receipt["action"] == "settle_finding"
    assert finding["id"] not in {one["id"] for one in receipt["reconciliation"]["findings"]}


def test_reconcile_when_the_owner_sells_a_bots_coins_by_hand_then_it_enters_nothing_until_that_is_settled(
    stack: Stack, api: Browserless
) -> None:
    wanted = {**SPEC, "pairs": ["BTC/USDT", "ETH/USDT"], "max_open_trades": 2}
    api.http.post("/api/live/check")
    bot_id = say_yes(api, api.http.post("/api/bots", json=wanted))["bot"]["id"]
    say_yes(api, api.http.post(f"/api/bots/{bot_id}/start"))
    say_yes(api, api.http.post(f"/api/bots/{bot_id}/entry", json={"pair": "BTC/USDT"}))
    wait_until(lambda: has_stop(stack), 60, "the stop-loss order")
    assert reconcile(api) == {}

    api.http.post(f"/api/bots/{bot_id}/pause").raise_for_status()
    owner_asks(stack, "DELETE", "/api/v3/openOrders", symbol="BTCUSDT")
    amount = read_account(stack)["BTC"].quantize(Decimal("0.00001"), ROUND_DOWN)
    owner_asks(stack, "POST", "/api/v3/order", symbol="BTCUSDT", side="SELL", type="MARKET", quantity=f"{amount:f}")
    found = wait_until(lambda: (now := reconcile(api)).get("balance_short") and now, 60, "the finding")
    short = found["balance_short"]
    assert (short["bot_name"], short["uncertain"], short["settles"]) == ("real", True, True)
    assert api.get("/reconciliation")["agrees"] is False

    say_yes(api, api.http.post(f"/api/bots/{bot_id}/resume"))
    asked = api.http.post(f"/api/bots/{bot_id}/entry", json={"pair": "ETH/USDT"}).json()["proposal"]
    refused = api.http.post(f"/api/proposals/{asked['id']}/confirm", json={"hash": asked["hash"]})
    assert refused.status_code == 409, refused.text
    assert "unreconciled finding=balance_short" in refused.json()["numbers"]["reason"]

    settle(api, short)
    more = wait_until(lambda: reconcile(api).get("bot_holds_more"), 60, "what the bot still believes")
    settle(api, more)
    wait_until(lambda: not any(one["uncertain"] for one in reconcile(api).values()), 60, "nothing to be open")
    say_yes(api, api.http.post(f"/api/bots/{bot_id}/entry", json={"pair": "ETH/USDT"}))


def test_real_money_when_each_step_was_confirmed_then_a_trade_is_made_closed_and_agrees_with_the_exchange(
    stack: Stack, api: Browserless
) -> None:
    check = api.http.post("/api/live/check").json()
    assert (check["enabled"], check["passed"], check["check"]["can_withdraw"]) == (True, True, False)
    bot_id = say_yes(api, api.http.post("/api/bots", json=SPEC))["bot"]["id"]
    before = read_account(stack)["USDT"]

    refused = api.http.post(f"/api/bots/{bot_id}/entry", json={"pair": "BTC/USDT"})
    assert refused.status_code == 409, refused.text
    started = say_yes(api, api.http.post(f"/api/bots/{bot_id}/start"))["bot"]
    assert (started["state"], started["mandate"]["status"]) == ("RUNNING", "valid")
    say_yes(api, api.http.post(f"/api/bots/{bot_id}/entry", json={"pair": "BTC/USDT"}))

    def read_trade() -> Any:
        return next(iter(api.get(f"/bots/{bot_id}/trades")), None)

    wait_until(lambda: (trade := read_trade()) and Decimal(trade["amount"]) > 0, 60, "the trade")
    wait_until(lambda: read_account(stack).get("BTC", 0) > 0, 60, "what it bought")
    assert api.http.post(f"/api/bots/{bot_id}/exit", json={}).status_code == 200
    trade = wait_until(lambda: (told := read_trade()) and not told["is_open"] and told, 60, "the exit")

    after = read_account(stack)
    dust = after["BTC"] * Decimal(trade["exit_rate"])
    assert dust < Decimal(2), "less than a lot is left, which the commission broke off"
    assert abs(after["USDT"] + dust - before - Decimal(trade["profit"])) < Decimal("0.01")

    assert_key_is_nowhere(stack, api, bot_id)
    assert api.http.post(f"/api/bots/{bot_id}/stop").status_code == 200
    assert api.get(f"/bots/{bot_id}")["mandate"]["status"] == "void"
    lines = api.get("/audit", limit=500)
    assert {line["action_kind"] for line in lines} >= {"create_bot", "start_bot", "force_entry", "order", "wire_order"}
    assert api.get("/audit/verify")["ok"] is True
