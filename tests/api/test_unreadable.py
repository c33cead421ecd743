"""What cannot be read changes nothing, is answered in the reader's language, and leaves a line in the audit."""

import json
import re
from typing import Any

import httpx
import pytest

from tests.api.inside import SPEC, Inside

JSON = {"content-type": "application/json"}
AMOUNTS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e308",
    "-0",
    "-0.0",
    "0",
    "0." + "0" * 39 + "1",
    "50." + "0" * 39 + "1",
    "5" * 5000,
]
"""As they stand in a JSON text: NaN and Infinity are none, but Python's reader takes them."""
PAIRS = [
    "btcusdt",
    "BTC-USDT",
    "BTCUSDT",
    "btc/usdt",
    "BTC/usdt",
    "ＢＴＣ/ＵＳＤＴ",
    "BTC／USDT",
    "ВТС/USDT",
    "BTC/USDT ",
    "BTC/USDT\\n",
    "",
    "*/USDT",
]
ENGLISH = re.compile(r"\b(It|must|cannot|Write|Invalid|valid|should|Input)\b")


def write(amount: str, pair: str) -> list[tuple[str, str, str]]:
    """Requests that hold an amount or a pair, as JSON texts."""
    bot = '"name": "a", "max_open_trades": 1'
    return [
        ("POST", "/api/bots", f'{{{bot}, "pairs": ["{pair}"], "stake": {amount}}}'),
        ("PATCH", "/api/bots/{id}", f'{{"stake": {amount}}}' if pair == "BTC/USDT" else f'{{"pairs": ["{pair}"]}}'),
        ("PUT", "/api/limits", f'{{"max_trade": {amount}, "blocked_pairs": ["{pair}"]}}'),
        ("PUT", "/api/bots/{id}/limits", f'{{"max_trade": {amount}, "blocked_pairs": ["{pair}"]}}'),
        ("POST", "/api/bots/{id}/entry", f'{{"pair": "{pair}", "stake": {amount}}}'),
        ("POST", "/api/bots/{id}/entry", f'{{"pair": "{pair}", "price": {amount}}}'),
    ]


ONLY_AMOUNT = [("POST", "/api/bots/{id}/exit", '{{"trade_id": 1, "amount": {}}}')]
ONLY_PAIR = [
    ("POST", "/api/bots/{id}/lock", '{{"pair": "{}"}}'),
    ("POST", "/api/bots/{id}/unlock", '{{"pair": "{}"}}'),
    ("POST", "/api/limits/block", '{{"pair": "{}"}}'),
    ("POST", "/api/limits/unblock", '{{"pair": "{}"}}'),
]


async def refuse(inside: Inside, method: str, path: str, body: str | bytes, status: int = 422) -> httpx.Response:
    """Sends it in Portuguese; it must be refused in words, and leave one line and nothing else."""
    before, newest = await inside.read_state(), (await inside.read_audit(limit=1))[0]["id"]
    content = body.encode() if isinstance(body, str) else body
    answer = await inside.http.request(method, path, content=content, headers={**JSON, "accept-language": "pt-BR"})
    assert answer.status_code == status, (path, body[:80], answer.text)
    told = answer.json()
    assert told["detail"]
    words = re.sub("“.*”", "", told["detail"])
    assert not re.search(r"\[[a-z_]+\]|\b[a-z]+_[a-z_]+\b(?!:)", words), told["detail"]
    assert not ENGLISH.search(told["detail"]), told["detail"]
    assert await inside.read_state() == before
    added = [line for line in await inside.read_audit(limit=5) if line["id"] > newest]
    assert [(line["phase"], line["verdict"], line["rule"]) for line in added] == [("invalid", "invalid", told["error"])]
    assert added[0]["numbers"] == told["numbers"]
    return answer


@pytest.mark.parametrize("as_text", [False, True])
async def test_write_when_an_amount_cannot_be_one_then_422_a_line_and_nothing_changes(
    inside: Inside, as_text: bool
) -> None:
    bot_id = await inside.create_bot()
    for amount in AMOUNTS:
        written = f'"{amount}"' if as_text else amount
        only = [(method, path, body.format(written)) for method, path, body in ONLY_AMOUNT]
        for method, path, body in (*write(written, "BTC/USDT"), *only):
            answer = await refuse(inside, method, path.replace("{id}", bot_id), body)
            assert answer.json()["numbers"]["field"] in ("stake", "max_trade", "price", "amount")


async def test_write_when_a_pair_is_spelt_in_another_way_then_422_a_line_and_nothing_changes(inside: Inside) -> None:
    bot_id = await inside.create_bot()
    for pair in PAIRS:
        only = [(method, path, body.format(pair)) for method, path, body in ONLY_PAIR]
        for method, path, body in (*write("50", pair), *only):
            answer = await refuse(inside, method, path.replace("{id}", bot_id), body)
            assert "pair" in answer.json()["numbers"]["field"]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PUT", "/api/limits", {"max_trade": "900"}, "request"),
        ("PUT", "/api/limits", {"max_entries_per_minute": 400}, "request"),
        ("PUT", "/api/limits", {"max_open_trades": 0}, "max_open_trades"),
        ("PUT", "/api/limits", {"max_open_trades": 1.5}, "max_open_trades"),
        ("PUT", "/api/limits", {"allowed_pairs": ["BTC"]}, "allowed_pairs"),
        ("PUT", "/api/limits", {"blocked_pairs": "BTC/USDT"}, "blocked_pairs"),
        ("PUT", "/api/limits", {"live_enabled": "perhaps"}, "live_enabled"),
        ("PUT", "/api/limits", {"withdrawals": True}, "withdrawals"),
        ("PUT", "/api/limits", [], "request"),
        ("PUT", "/api/limits", "all", "request"),
        ("PUT", "/api/bots/{id}/limits", {"max_trade": "101"}, "request"),
        ("PUT", "/api/bots/{id}/limits", {"max_total_exposure": "10"}, "max_total_exposure"),
        ("PUT", "/api/bots/{id}/limits", {"allowed_pairs": ["BTC"]}, "allowed_pairs"),
        ("POST", "/api/bots", {"name": "a"}, "pairs"),
        ("POST", "/api/bots", {**SPEC, "pairs": {"BTC": "USDT"}}, "pairs"),
        ("POST", "/api/bots", {**SPEC, "parameters": ["x"]}, "parameters"),
        ("POST", "/api/bots/{id}/mode", {"mode": "LIVE"}, "mode"),
        ("POST", "/api/bots/{id}/cancel-order", {}, "trade_id"),
        ("POST", "/api/bots/{id}/cancel-order", {"trade_id": 2**70}, "trade_id"),
        ("POST", "/api/bots/{id}/exit", {"trade_id": -1}, "trade_id"),
        ("POST", "/api/bots/{id}/lock", {"pair": "BTC/USDT", "minutes": 10**9}, "minutes"),
        ("POST", "/api/panic", {"exit": "everything"}, "exit"),
        ("POST", "/api/strategies", {"name": "../x", "source": "pass"}, "name"),
        ("POST", "/api/strategies", {"name": "X", "source": ""}, "source"),
        ("POST", "/api/strategies", {"name": "X", "source": "a" * 50_001}, "source"),
    ],
)
async def test_write_when_a_field_cannot_be_read_then_the_line_names_it(
    inside: Inside, method: str, path: str, body: Any, field: str
) -> None:
    bot_id = await inside.create_bot()
    answer = await refuse(inside, method, path.replace("{id}", bot_id), json.dumps(body))
    if field != "request":
        assert answer.json()["numbers"]["field"] == field


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b'{"name": ', 400, "malformed_json"),
        (b'{"stake": 1e}', 400, "malformed_json"),
        (b'{"name": "\xff"}', 400, "malformed_json"),
        (b"[" * 60_000, 400, "malformed_json"),
        (b'{"name": "' + b"a" * 70_000 + b'"}', 413, "too_large"),
    ],
)
async def test_write_when_it_is_no_json_or_too_much_then_it_leaves_a_line_as_well(
    inside: Inside, body: bytes, status: int, kind: str
) -> None:
    answer = await inside.http.post("/api/bots", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (status, kind), answer.text
    (line,) = await inside.read_audit()
    assert (line["action_kind"], line["phase"], line["rule"]) == ("create_bot", "invalid", kind)


@pytest.mark.parametrize("bot_id", ["0" * 12, "nope", "a" * 61, "%00", "0' OR 1=1"])
async def test_write_when_there_is_no_such_bot_then_it_leaves_a_line(inside: Inside, bot_id: str) -> None:
    answer = await inside.http.post(f"/api/bots/{bot_id}/stop")
    assert answer.json()["error"] in ("unknown_bot", "invalid")
    (line,) = await inside.read_audit()
    assert (line["action_kind"], line["phase"]) == ("stop_bot", "invalid")


@pytest.mark.parametrize(
    "body",
    [
        {"password": "hunter2"},
        {"name": "x", "api_key": "hunter2"},
        {"name": {"password": "hunter2"}},
        {**SPEC, "parameters": {"token": ["hunter2"]}},
        {**SPEC, "stake": {"secret": "hunter2"}},
        ["hunter2"],
        "hunter2",
    ],
)
async def test_write_when_a_secret_is_among_what_cannot_be_read_then_it_is_nowhere_kept_or_shown(
    inside: Inside, body: Any
) -> None:
    answer = await inside.http.post("/api/bots", json=body)
    assert answer.status_code == 422
    assert "hunter2" not in answer.text
    (line,) = await inside.read_audit()
    assert "hunter2" not in json.dumps(line)


async def test_write_when_a_stranger_sends_what_cannot_be_read_then_401_and_no_line_but_for_whom_we_know(
    inside: Inside,
) -> None:
    stranger, reader = await inside.stranger(), await inside.with_token("read")
    for content in (b'{"name": ', b"{}", b"a" * 70_000):
        answer = await stranger.post("/api/bots", content=content, headers=JSON)
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
        answer = await reader.post("/api/bots", content=content, headers=JSON)
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden_scope")
    lines = await inside.read_audit()
    assert {(line["door"], line["rule"], line["action_kind"]) for line in lines} == {
        ("rest", "forbidden_scope", "create_bot")
    }
    assert len(lines) == 3


@pytest.mark.parametrize("word", ["confirm", "deny"])
async def test_decide_when_it_cannot_be_read_then_422_and_a_line(inside: Inside, word: str) -> None:
    proposal = await inside.propose()
    asked = (
        (proposal["id"], b"{}"), (proposal["id"], b""), ("x" * 100, b'{"hash": "x"}'),
        (proposal["id"], b'{"hash": "x", "hash": "y"}'),
    )  # fmt: skip
    for number, (wanted, content) in enumerate(asked, 1):
        answer = await inside.http.post(f"/api/proposals/{wanted}/{word}", content=content, headers=JSON)
        assert answer.status_code in (400, 422)
        lines = [line for line in await inside.read_audit() if line["phase"] == "invalid"]
        assert (len(lines), lines[0]["action_kind"]) == (number, "decide")


async def test_write_when_a_setting_is_named_twice_then_400_and_nothing_is_done(inside: Inside) -> None:
    content = b'{"max_trade": "90", "max_trade": "500"}'
    answer = await inside.http.put("/api/limits", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed_json")
    assert (await inside.http.get("/api/limits")).json()["limits"]["max_trade"] == "100"


async def test_write_when_a_whole_number_is_zero_below_zero_then_422(inside: Inside) -> None:
    answer = await inside.http.put("/api/limits", content=b'{"reentry_cooldown_s": -0}', headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")


@pytest.mark.parametrize("exit_", ["yes", 1, "no", "true"])
async def test_panic_when_it_is_not_plain_whether_to_sell_then_422(inside: Inside, exit_: object) -> None:
    assert (await inside.http.post("/api/panic", json={"exit": exit_})).status_code == 422


async def test_read_when_a_number_cannot_be_read_then_422_and_no_line(inside: Inside) -> None:
    for query in ("before=0", "before=x", "limit=0", "limit=501", f"before={2**64}", "kind=" + "a" * 61):
        assert (await inside.http.get(f"/api/audit?{query}")).status_code == 422
    assert await inside.read_audit() == []
