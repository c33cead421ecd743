"""Every bad request gets the JSON error that says what is wrong, over real HTTP."""

import re
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from tests.stack import Browserless, Stack

pytestmark = pytest.mark.integration

GOOD = {"name": "beta", "pairs": ["BTC/USDT"], "stake": "50", "max_open_trades": 1}


def error(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["detail"], body
    assert not re.search(r"\[[a-z_]+\]", body["detail"]), f"a blank was not filled: {body['detail']}"
    return answer.status_code, body["error"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"pairs": ["FOO/USDT"]}, (422, "unknown_pair")),
        ({"pairs": ["ETH/BTC"]}, (422, "wrong_quote")),
        ({"pairs": ["btcusdt"]}, (422, "invalid")),
        ({"pairs": []}, (422, "invalid")),
        ({"pairs": ["BTC/USDT", "BTC/USDT"]}, (422, "invalid")),
        ({"stake": "5"}, (422, "below_minimum")),
        ({"stake": "-50"}, (422, "invalid")),
        ({"stake": "NaN"}, (422, "invalid")),
        ({"stake": "1e308"}, (422, "invalid")),
        ({"strategy": "Nonsense"}, (422, "unknown_strategy")),
        ({"strategy": "../../etc/passwd"}, (422, "invalid")),
        ({"parameters": {"nope": 1}}, (422, "unknown_parameter")),
        ({"timeframe": "7m"}, (422, "invalid")),
        ({"name": " "}, (422, "invalid")),
        ({"withdraw_to": "me"}, (422, "invalid")),
    ],
)
def test_create_when_the_request_is_bad_then_says_what_and_leaves_nothing(
    api: Browserless, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    before = api.read_bots()
    assert error(api.http.post("/api/bots", json={**GOOD, **changes})) == expected
    assert api.read_bots() == before


@pytest.mark.parametrize(
    ("changes", "rule", "numbers"),
    [
        ({"stake": "100.5"}, "trade_size", {"asked": "100.5", "max": "100"}),
        ({"stake": "100", "max_open_trades": 6}, "bot_exposure", {"asked": "600", "max": "500"}),
        ({"mode": "REAL_MARKET_SPOT"}, "live_disabled", {"mode": "REAL_MARKET_SPOT"}),
    ],
)
def test_create_when_a_limit_is_passed_then_403_with_rule_and_numbers(
    api: Browserless, changes: dict[str, Any], rule: str, numbers: dict[str, str]
) -> None:
    answer = api.http.post("/api/bots", json={**GOOD, **changes})
    assert error(answer) == (403, "refused")
    assert answer.json()["rule"] == rule
    assert numbers.items() <= answer.json()["numbers"].items()


def test_bot_when_the_state_does_not_allow_it_or_the_name_is_taken_then_409(api: Browserless) -> None:
    bot = api.http.post("/api/bots", json={**GOOD, "name": "Gamma"}).json()["bot"]
    path = f"/api/bots/{bot['id']}"
    try:
        assert error(api.http.post("/api/bots", json={**GOOD, "name": "gamma"})) == (409, "name_taken")
        assert error(api.http.post(f"{path}/pause")) == (409, "wrong_state")
        assert error(api.http.post(f"{path}/stop")) == (409, "wrong_state")
        assert error(api.http.patch(path, json={})) == (422, "nothing_to_change")
        assert error(api.http.patch(path, json={"stake": "101"})) == (403, "refused")
    finally:
        assert api.http.delete(path).status_code == 200
    assert error(api.http.delete(path)) == (404, "unknown_bot")


@pytest.mark.parametrize("path", ["/api/nothing", "/api/bots/nope/trades", "/api/conversations/no"])
def test_read_when_it_is_not_there_then_404(api: Browserless, path: str) -> None:
    assert error(api.http.get(path))[0] == 404


def test_post_when_the_json_is_malformed_then_400(api: Browserless) -> None:
    answer = api.http.post("/api/bots", content=b'{"name": ', headers={"content-type": "application/json"})
    assert error(answer) == (400, "malformed_json")


def test_message_when_it_is_a_megabyte_then_413_with_or_without_a_declared_length(api: Browserless) -> None:
    path = f"/api/conversations/{api.converse()}/messages"
    assert error(api.http.post(path, json={"text": "a" * 1_000_000})) == (413, "too_large")
    parts = (b"a" * 10_000 for _ in range(100))
    assert error(api.http.post(path, content=parts, headers={"content-type": "application/json"})) == (413, "too_large")


@pytest.mark.parametrize("path", ["/%00", "/" + "a" * 300, "/..%2f..%2fetc/passwd", "/assets/..%2f..%2fpackage.json"])
def test_page_when_the_path_is_no_file_then_it_is_the_page_and_never_an_error(stack: Stack, path: str) -> None:
    answer = httpx.get(stack.url + path, trust_env=False)
    assert answer.status_code in (200, 503)
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/bots", b'{"name": "\\ud800", "pairs": ["BTC/USDT"], "stake": "50", "max_open_trades": 1}'),
        ("POST", "/api/bots", b'{"name": "a", "pairs": ["\\ud800"], "stake": "50", "max_open_trades": 1}'),
        ("POST", "/api/bots", b'{"name": "a\\u001b[2J", "pairs": ["BTC/USDT"], "stake": "50", "max_open_trades": 1}'),
        (
            "POST",
            "/api/bots",
            '{"name": "a\u202e", "pairs": ["BTC/USDT"], "stake": "50", "max_open_trades": 1}'.encode(),
        ),
        ("GET", "/api/audit?before=99999999999999999999", None),
        ("PUT", "/api/limits", b"{}"),
    ],
)
def test_request_when_it_holds_what_cannot_be_kept_then_422_and_never_500(
    api: Browserless, method: str, path: str, body: bytes | None
) -> None:
    headers = {"content-type": "application/json"}
    assert error(api.http.request(method, path, content=body, headers=headers))[0] == 422


def test_sign_in_when_the_password_is_half_a_character_then_it_is_only_wrong(stack: Stack) -> None:
    headers = {"content-type": "application/json"}
    answer = httpx.post(
        f"{stack.url}/api/session", content=b'{"password": "\\ud800"}', headers=headers, trust_env=False
    )
    assert error(answer) == (401, "wrong_password")


def test_follow_when_the_number_is_too_large_then_422(api: Browserless) -> None:
    path = f"/api/conversations/{api.converse()}/events"
    assert error(api.http.get(path, headers={"Last-Event-ID": "9223372036854775808"})) == (422, "invalid")


def test_invalid_when_the_reader_is_brazilian_then_no_english_is_left(api: Browserless) -> None:
    answer = api.http.post("/api/bots", json={**GOOD, "stake": "-50"}, headers={"accept-language": "pt-BR"})
    assert answer.json()["detail"] == "valor por operação: não consegui ler “-50”. Precisa ser maior que 0."


@pytest.mark.parametrize("text", ["", "   ", "a" * 8001])
def test_message_when_empty_or_too_long_then_422(api: Browserless, text: str) -> None:
    assert error(api.http.post(f"/api/conversations/{api.converse()}/messages", json={"text": text})) == (
        422,
        "invalid",
    )


def test_limits_when_they_contradict_then_422_and_nothing_changes(api: Browserless) -> None:
    before = api.get("/limits")["limits"]
    assert error(api.http.put("/api/limits", json={"max_trade": "900"})) == (422, "invalid")
    assert api.get("/limits")["limits"] == before


def test_error_when_the_reader_is_brazilian_then_it_is_in_portuguese(api: Browserless) -> None:
    answer = api.http.post("/api/bots", json={**GOOD, "stake": "500"}, headers={"accept-language": "pt-BR"})
    assert "limite" in answer.json()["detail"]


def test_any_route_when_nobody_is_signed_in_then_401_but_for_health_and_sign_in(stack: Stack) -> None:
    with httpx.Client(base_url=stack.url, trust_env=False) as stranger:
        assert stranger.get("/health").json()["status"] == "ok"
        for method, path in _routes():
            if (method, path) != ("POST", "/api/session") and path.startswith("/api/"):
                answer = stranger.request(method, path.replace("{", "").replace("}", ""), json={})
                assert error(answer) == (401, "unauthorized"), (method, path)


def _routes() -> list[tuple[str, str]]:
    paths = create_app(Settings(_env_file=None)).openapi()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]
