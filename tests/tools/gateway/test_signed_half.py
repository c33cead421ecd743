"""The gateway with the product's data folder, as a process: when it takes orders, with which key, and what it tells."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.stack import wait_until
from tests.tools.gateway.live_world import ROOT, World, exchange_at, gateway_at, open_world, send
from tests.tools.gateway.processes import free_port, running, send_raw
from tools.credentials import bot_credentials, desk_credentials, read_master
from tools.store.database import Store

pytestmark = pytest.mark.integration
ACCOUNT, CHECK = "/api/v3/account", "/gateway/check"
BOT = "0123456789ab"


def migrate(data: Path) -> None:
    store = Store(data / "tradehelm.sqlite")
    store.migrate()
    store.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    data = tmp_path_factory.mktemp("data")
    migrate(data)
    with open_world(data) as opened:
        wait_until(opened.takes_orders, 20, "orders to be taken")
        yield opened


def as_desk(world: World, path: str, **params: str) -> httpx.Response:
    return send(world.gateway, desk_credentials(read_master(world.data)), "GET", path, params)


def read_key(data: Path) -> str:
    return (data / "secrets" / "demo-key.json").read_text()


def test_start_when_the_database_comes_last_then_market_data_is_served_meanwhile(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        assert httpx.get(f"{world.gateway}/api/v3/time").status_code == 200
        assert world.read_health()["orders"]["waits_for"] == "database"
        refused = as_desk(world, ACCOUNT)
        assert (refused.status_code, refused.json()["code"]) == (503, -1001)
        assert not (tmp_path / "tradehelm.sqlite").exists()
        migrate(tmp_path)
        wait_until(world.takes_orders, 20, "orders to be taken")
        assert world.ask(CHECK)["balances"] == {"USDT": {"free": "10000.00000000", "locked": "0.00000000"}}


def test_start_when_the_exchange_comes_last_then_orders_are_taken_all_the_same(tmp_path: Path) -> None:
    migrate(tmp_path)
    port = free_port()
    with gateway_at(tmp_path, f"http://127.0.0.1:{port}") as world:
        wait_until(lambda: world.read_health()["orders"]["waits_for"] == "exchange", 10, "its turn")
        with exchange_at(tmp_path, port):
            wait_until(world.takes_orders, 30, "orders to be taken")


def test_account_when_the_exchange_forgot_it_then_another_is_made_and_otherwise_it_stays(tmp_path: Path) -> None:
    migrate(tmp_path)
    keys = []
    for forgets in (False, False, True):
        if forgets:
            shutil.rmtree(tmp_path / "exchange")
        with open_world(tmp_path) as world:
            wait_until(world.takes_orders, 20, "orders to be taken")
            keys.append(read_key(tmp_path))
    assert keys[0] == keys[1] != keys[2]
    assert (tmp_path / "secrets" / "demo-key.json").stat().st_mode & 0o777 == 0o600
    log = (tmp_path / "gateway.log").read_text()
    assert log.count("was made at the demo exchange") == 2
    assert log.count("the orders of the account that is gone are in") == 1
    assert len(list((tmp_path / "gateway").glob("demo-*.sqlite"))) == 1


def test_check_when_the_desk_asks_then_told_what_the_key_may_do_at_this_moment(world: World) -> None:
    told: dict[str, Any] = world.ask(CHECK)
    assert abs(told.pop("clock_skew_ms")) < 1_000
    assert told == {
        "key_works": True, "can_trade": True, "can_withdraw": False, "ip_restricted": False, "venue": "demo",
        "balances": {"USDT": {"free": "10000.00000000", "locked": "0.00000000"}}, "error": None,
    }  # fmt: skip
    world.control("PATCH", "", {"enableWithdrawals": True, "ipRestrict": True, "canTrade": False})
    told = world.ask(CHECK)
    assert [told[name] for name in ("can_trade", "can_withdraw", "ip_restricted")] == [False, True, True]
    world.control("PATCH", "", {"enableReading": False})
    told = world.ask(CHECK)
    assert [told[name] for name in ("key_works", "can_trade", "can_withdraw", "balances")] == [False, False, None, {}]
    assert told["error"]["code"] == -2015
    world.control(
        "PATCH", "", {"enableReading": True, "enableWithdrawals": False, "ipRestrict": False, "canTrade": True}
    )
    answer = send(world.gateway, bot_credentials(read_master(world.data), BOT), "GET", CHECK, {})
    assert (answer.status_code, answer.json()["code"]) == (401, -2015)
    assert as_desk(world, CHECK, a="1").json()["code"] == -1103


def test_health_when_orders_are_taken_then_told_and_what_is_signed_counts_in_the_weight(world: World) -> None:
    before = world.read_health()
    assert {"waits_for": None, "in_doubt": 0, "open": 0}.items() <= before["orders"].items()
    wait_until(lambda: world.read_health()["orders"]["last_round_ms_ago"] is not None, 5, "a round")
    for _ in range(5):
        world.ask(ACCOUNT)
    assert world.read_health()["weight"]["used"] >= before["weight"]["used"] + 100


def test_door_when_orders_are_taken_then_market_data_is_public_and_what_is_unlisted_is_refused(world: World) -> None:
    assert httpx.get(f"{world.gateway}/api/v3/ticker/price", params={"symbol": "BTCUSDT"}).status_code == 200
    for path in ("/sapi/v1/capital/withdraw/apply", "/api/v3/order/cancelReplace", "/demo/ledger"):
        answers = (httpx.get(f"{world.gateway}{path}"), as_desk(world, path))
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, -1020)] * 2
    stranger = httpx.get(f"{world.gateway}{ACCOUNT}")
    assert (stranger.status_code, stranger.json()["code"]) == (401, -2014)
    with closing(sqlite3.connect(world.data / "tradehelm.sqlite")) as database:
        rules = [rule for (rule,) in database.execute("SELECT rule FROM audit WHERE risk = 'live'")]
    assert "wire_1020" in rules
    assert rules.count("unauthenticated") == 1


def read_lines(data: Path) -> list[dict[str, Any]]:
    """What the audit says of the wire, oldest first."""
    with closing(sqlite3.connect(data / "tradehelm.sqlite")) as database:
        rows = database.execute("SELECT action, rule, numbers FROM audit WHERE risk = 'live' ORDER BY id")
        return [{**json.loads(action), "rule": rule, "numbers": json.loads(numbers)} for action, rule, numbers in rows]


def count(lines: list[dict[str, Any]], rule: str, name: str) -> int:
    return sum(int(line["numbers"].get(name, "0")) for line in lines if line["rule"] == rule)


def test_end_when_the_exchange_was_silent_and_strangers_came_then_each_is_in_a_line(tmp_path: Path) -> None:
    migrate(tmp_path)
    port, prices = free_port(), "/api/v3/ticker/price?symbol="
    with exchange_at(tmp_path, port) as exchange, gateway_at(tmp_path, exchange) as world:
        wait_until(world.takes_orders, 20, "orders to be taken")
        token = {"X-Demo-Token": (tmp_path / "exchange" / "control-token").read_text().strip()}
        httpx.post(
            f"{exchange}/demo/faults", headers=token, json={"kind": "server_error", "status": 503}
        ).raise_for_status()
        bot = bot_credentials(read_master(tmp_path), BOT)
        asked = [httpx.get(f"{world.gateway}{prices}{symbol}") for symbol in ("BTCUSDT", "ETHUSDT")]
        asked += [send(world.gateway, bot, "GET", ACCOUNT, {}) for _ in range(3)]
        assert [(answer.status_code, answer.json()["code"]) for answer in asked] == [(503, -1001)] * 5
        for _ in range(3):
            assert b"-1100" in send_raw(world.gateway, b"GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n")
        for path in ("/a%0d%0ab", "/api/v3/%61ccount"):
            answer = send(world.gateway, bot, "GET", path, {})
            assert (answer.status_code, answer.json()["code"]) == (404, -1020)
            assert httpx.get(f"{world.gateway}{path}").json()["code"] == -1020
        before = read_lines(tmp_path)
        assert (count(before, "exchange_silent", "count"), count(before, "unauthenticated", "market_1100")) == (1, 1)
    after = read_lines(tmp_path)
    assert count(after, "exchange_silent", "count") == 5
    assert [count(after, "unauthenticated", name) for name in ("market_1100", "market_1020")] == [3, 2]
    mine = [(line["bot_id"], line["path"]) for line in after if line["rule"] == "wire_1020"]
    assert mine == [(BOT, "/a%0d%0ab"), (BOT, "/api/v3/%61ccount")]


def test_start_when_there_is_no_key_then_market_data_alone(world: World, tmp_path: Path) -> None:
    words = ("--upstream", world.exchange, "--data", str(tmp_path))
    with running("tools.gateway", "/gateway/health", *words) as gateway:
        assert httpx.get(f"{gateway}/gateway/health").json()["orders"] is None
        answer = httpx.get(f"{gateway}{ACCOUNT}", headers={"X-MBX-APIKEY": "k" * 64})
        assert (answer.status_code, answer.json()["code"]) == (404, -1020)
    assert list(tmp_path.iterdir()) == []


def test_start_when_half_of_a_key_is_in_the_file_then_78_and_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BINANCE_API_SECRET='a secret'\n")
    command = [sys.executable, "-m", "tools.gateway", "--upstream", "http://127.0.0.1:1", "--data", "data"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (
        78, "gateway: BINANCE_API_SECRET is set and BINANCE_API_KEY is not. Set both, or neither.\n",
    )  # fmt: skip
