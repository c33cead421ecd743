"""Making and funding accounts, with and without a token."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.tools.exchange.spot.trader import Trader
from tools.exchange.app import build_app
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.state import open_state


def test_account_when_made_then_its_own_keys_and_balances(exchange: Any) -> None:
    made = exchange.client.post("/demo/accounts", json={"balances": {"USDT": "12.5", "BTC": 1}}).json()
    assert set(made) == {"uid", "apiKey", "secretKey"}
    assert all(len(made[name]) == 64 and made[name].isalnum() for name in ("apiKey", "secretKey"))
    other = exchange.client.post("/demo/accounts", json={}).json()
    assert other["uid"] == made["uid"] + 1
    assert other["apiKey"] != made["apiKey"]
    balances = exchange.read("/demo/ledger")["balances"][str(made["uid"])]
    assert {asset: one["free"] for asset, one in balances.items()} == {"BTC": "1.00000000", "USDT": "12.50000000"}


def test_funding_when_deposited_or_withdrawn_then_told(trader: Trader, exchange: Any) -> None:
    told: list[dict[str, Any]] = []
    trader.desk.listeners.append(lambda _, event: told.append(event))
    path = f"/demo/accounts/{trader.uid}/funding"
    deposited = exchange.client.post(path, json={"asset": "USDT", "amount": "0.5"}).json()
    assert deposited == {"asset": "USDT", "free": "100000.50000000", "locked": "0.00000000"}
    withdrawn = exchange.client.post(path, json={"asset": "USDT", "amount": -100000})
    assert withdrawn.json()["free"] == "0.50000000"
    assert [(event["e"], event.get("d")) for event in told] == [
        ("balanceUpdate", "0.50000000"),
        ("outboundAccountPosition", None),
        ("balanceUpdate", "-100000.00000000"),
        ("outboundAccountPosition", None),
    ]
    assert exchange.client.post(path, json={"asset": "USDT", "amount": "-1"}).json()["code"] == -2010


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("POST", "/demo/accounts", "{", "The body is not JSON."),
        ("POST", "/demo/accounts", "[]", "The body is not an object."),
        ("POST", "/demo/accounts", '{"balance": {}}', "There is no field 'balance'"),
        ("POST", "/demo/accounts", '{"balances": {"EUR": "1"}}', "'EUR' is not an asset that is traded here."),
        ("POST", "/demo/accounts", '{"balances": {"USDT": "1e3"}}', "balances.USDT is not a decimal number"),
        ("POST", "/demo/accounts", '{"balances": {"USDT": NaN}}', "balances.USDT is not a decimal number"),
        ("POST", "/demo/accounts", '{"balances": {"USDT": "1000000001"}}', "is not between 0 and 1000000000."),
        ("POST", "/demo/accounts", '{"balances": {"USDT": 0}}', "is not between 0 and 1000000000."),
        ("POST", "/demo/accounts", '{"permissions": {"canFly": true}}', "There is no field 'canFly'"),
        ("POST", "/demo/accounts", '{"permissions": {"canTrade": 1}}', "canTrade is neither true nor false."),
        ("PATCH", "/demo/accounts/{uid}", '{"canTrade": "yes"}', "canTrade is neither true nor false."),
        ("POST", "/demo/accounts/{uid}/funding", '{"asset": "USDT"}', "amount is not a decimal number"),
        (
            "POST",
            "/demo/accounts/{uid}/funding",
            '{"asset": "USDT", "amount": "--1"}',
            "amount is not a decimal number",
        ),
        ("POST", "/demo/accounts/{uid}/funding", '{"asset": null, "amount": "1"}', "None is not an asset"),
    ],
)
def test_control_when_the_request_is_wrong_then_one_sentence(
    trader: Trader, exchange: Any, method: str, path: str, body: str, says: str
) -> None:
    before = exchange.read("/demo/ledger")
    answer = exchange.client.request(method, path.format(uid=trader.uid), content=body)
    assert answer.status_code == 400
    assert says in answer.json()["msg"]
    assert exchange.read("/demo/ledger") == before


def test_control_when_the_account_is_unknown_then_404(exchange: Any) -> None:
    assert exchange.client.patch("/demo/accounts/5", json={}).status_code == 404


def test_control_when_there_is_state_then_only_with_its_token(exchange: Any, tmp_path: Path) -> None:
    state = open_state(tmp_path)
    desk = Desk(exchange.market, state.store, exchange.now_ms)
    client = TestClient(build_app(exchange.market, lambda: exchange.now_ms, desk, state.control_token))
    assert client.post("/demo/accounts", json={}).status_code == 401
    assert client.post("/demo/accounts", json={}, headers={"X-Demo-Token": "guess"}).status_code == 401
    token = (tmp_path / "control-token").read_text().strip()
    assert client.post("/demo/accounts", json={}, headers={"X-Demo-Token": token}).status_code == 200
    assert client.get("/demo/ledger").status_code == 200
    state.store.close()


def test_clock_when_the_application_runs_then_it_ticks(exchange: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.exchange.app.TICK_S", 0.001)
    advanced: list[int] = []
    monkeypatch.setattr(exchange.app.state.desk, "advance", advanced.append)
    with TestClient(exchange.app) as client:
        client.get("/api/v3/ping")
        while not advanced:
            client.get("/api/v3/ping")
    assert set(advanced) == {exchange.now_ms}
