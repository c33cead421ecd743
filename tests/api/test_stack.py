"""The commands of a person: up, chat, down, and up again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import httpx
import psutil
import pytest

from tests.stack import PASSWORD, REPOSITORY, free_port, wait_until

pytestmark = pytest.mark.integration

Run = Callable[..., subprocess.CompletedProcess[str]]
CANARY = {"BINANCE_API_KEY": "canaryKeyOfTheExchange", "BINANCE_API_SECRET": "canarySecretOfTheExchange"}


@pytest.fixture
def ports() -> tuple[int, int]:
    return free_port(), free_port()


@pytest.fixture
def tradehelm(tmp_path: Path, ports: tuple[int, int]) -> Iterator[Run]:
    environment = {
        **os.environ,
        "TRADEHELM_DATA_DIR": str(tmp_path / "data"),
        "TRADEHELM_PORT": str(ports[0]),
        "TRADEHELM_GATEWAY_PORT": str(free_port()),
        "TRADEHELM_EXCHANGE_PORT": str(ports[1]),
        "TRADEHELM_VENUE": "demo",
        "TRADEHELM_OWNER_PASSWORD": PASSWORD,
    }

    def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        command, changed = [sys.executable, "-m", "api.cli", *words], {**environment, **changes}
        return subprocess.run(
            command, cwd=REPOSITORY, env=changed, capture_output=True, text=True, timeout=120, check=False
        )

    yield run
    run("down")


def mine(folder: Path) -> list[psutil.Process]:
    """The processes that work in a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(str(folder) in word for word in process.cmdline()) or str(folder) in process.cwd():
                found.append(process)
        except psutil.Error:
            continue
    return found


def lives(process: psutil.Process) -> bool:
    """Whether it still runs: one that ended and whose parent has not yet asked for its exit code does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def read_pending(folder: Path, bot_id: str) -> list[Decimal]:
    """Of each open trade of a bot, what its entry orders may still take."""
    with closing(sqlite3.connect(folder / "data" / "tradehelm.sqlite", timeout=10)) as database:
        rows = database.execute("SELECT pending FROM trade WHERE bot_id = ? AND is_open", (bot_id,))
        return [Decimal(pending) for (pending,) in rows]


def test_stack_when_down_and_up_again_then_what_was_running_runs_and_nothing_is_left_behind(
    tradehelm: Run, tmp_path: Path, ports: tuple[int, int]
) -> None:
    assert tradehelm("up", **CANARY).returncode == 0
    told = tradehelm("chat", "--say", "create a bot called ada trading BTC/USDT with 20 USDT per trade and start it")
    assert (told.returncode, "running" in told.stdout) == (0, True), told.stderr
    told = tradehelm("chat", "--say", "create a bot called bia trading ETH/USDT with 20 USDT per trade, start it")
    told = tradehelm("chat", "--language", "pt-BR", "--say", "pause o bia")
    assert told.returncode == 0, told.stderr

    others = [each for name in ("serve", "tools.exchange") for each in running(tmp_path, name)]
    bots = [each for each in mine(tmp_path / "data") if "tools.freqtrade.forkserver" in each.cmdline()]
    assert (len(others), len(bots)) == (2, 3)
    assert [each.cmdline() for each in (*others, *bots) if CANARY.items() & each.environ().items()] == []

    assert tradehelm("down").returncode == 0
    assert mine(tmp_path / "data") == []

    assert tradehelm("up").returncode == 0
    with httpx.Client(base_url=f"http://127.0.0.1:{ports[0]}/api", trust_env=False) as http:
        http.post("/session", json={"password": PASSWORD}).raise_for_status()

        def come_back() -> dict[str, tuple[str, str]]:
            bots = {bot["spec"]["name"]: (bot["state"], bot["health"]) for bot in http.get("/bots").json()}
            return bots if {health for _, health in bots.values()} == {"healthy"} else {}

        assert wait_until(come_back, 60, "the bots to come back") == {
            "ada": ("RUNNING", "healthy"),
            "bia": ("PAUSED", "healthy"),
        }
        doors = {line["door"] for line in http.get("/audit").json()}
        assert doors >= {"cli", "recovery"}

        (ada,) = [bot["id"] for bot in http.get("/bots").json() if bot["spec"]["name"] == "ada"]
        (api,) = [one for one in running(tmp_path, "api.cli") if one.cmdline()[-1] == "serve"]
        api.suspend()
        told = tradehelm("panic")
        assert (told.returncode, "from the next start" in told.stdout) == (0, True), told.stderr
        api.resume()
        wait_until(lambda: {bot["state"] for bot in http.get("/bots").json()} == {"PAUSED"}, 60, "the panic stop")
        wait_until(lambda: "guard" in {line["door"] for line in http.get("/audit").json()}, 60, "its end")

        told = tradehelm("panic")
        assert (told.returncode, "No bot could enter any more after" in told.stdout) == (0, True), told.stderr
        assert {bot["state"] for bot in http.get("/bots").json()} == {"PAUSED"}
        assert http.post(f"/bots/{ada}/resume").json()["rule"] == "panic"

        lift = http.post("/panic/release").json()["proposal"]
        http.post(f"/proposals/{lift['id']}/confirm", json={"hash": lift["hash"]}).raise_for_status()
        http.post(f"/bots/{ada}/resume").raise_for_status()

        def holds_a_trade() -> bool:
            held = read_pending(tmp_path, ada)
            if not held:
                http.post(f"/bots/{ada}/entry", json={"pair": "BTC/USDT"})
            return held == [0]

        wait_until(holds_a_trade, 60, "a trade that is filled")
        hung = psutil.Process(json.loads((tmp_path / "data" / "bots" / ada / "process.json").read_text())["pid"])
        hung.suspend()
        assert http.get(f"/bots/{ada}").json()["open_trades"] == 1
        told = tradehelm("panic", "--exit")
        assert (told.returncode, "so their processes were ended: ada" in told.stdout) == (0, True), told.stderr
        assert not lives(hung)
        wait_until(lambda: not http.get(f"/bots/{ada}").json()["open_trades"], 90, "the sale by a bot that came up")
        assert http.get(f"/bots/{ada}").json()["state"] == "PAUSED"
        assert http.get("/audit/verify").json()["ok"] is True
        assert tradehelm("audit", "verify").returncode == 0


def test_up_when_a_port_is_taken_then_one_message_names_the_setting(tradehelm: Run, ports: tuple[int, int]) -> None:
    taker = subprocess.Popen([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(ports[0])])
    try:
        wait_until(lambda: _listens(ports[0]), 10, "the taker")
        told = tradehelm("up")
    finally:
        taker.terminate()
        taker.wait()
    assert told.returncode == 1
    assert told.stderr.strip() == f"tradehelm: port {ports[0]} is taken: free it, or set TRADEHELM_PORT to another"


def test_chat_when_nothing_runs_then_says_how_to_start(tradehelm: Run) -> None:
    told = tradehelm("chat", "--say", "hello")
    assert told.returncode == 1
    assert "tradehelm up" in told.stderr


def test_stack_when_its_supervisor_was_killed_then_up_and_down_still_manage_it(
    tradehelm: Run, tmp_path: Path, ports: tuple[int, int]
) -> None:
    assert tradehelm("up", OPENAI_API_KEY="a key", ANTHROPIC_API_KEY="a key").returncode == 0
    (exchange,) = running(tmp_path, "tools.exchange")
    seen = exchange.environ()
    assert [name for name in seen if name.startswith(("OPENAI_", "ANTHROPIC_")) or "PASSWORD" in name] == []

    _kill_supervisor(tmp_path)
    told = tradehelm("up")
    assert (told.returncode, told.stderr) == (0, "")
    assert not lives(exchange)
    programs = ("api.cli", "tools.gateway", "tools.exchange")
    assert [len(running(tmp_path, program)) for program in programs] == [1, 1, 1]

    _kill_supervisor(tmp_path)
    told = tradehelm("down")
    assert (told.returncode, told.stderr) == (0, "")
    assert mine(tmp_path / "data") == []
    assert not any(_listens(port) for port in ports)


def test_up_when_two_come_at_once_then_one_stack_runs_and_both_tell_where(
    tradehelm: Run, tmp_path: Path, ports: tuple[int, int]
) -> None:
    with ThreadPoolExecutor() as pool:
        told = list(pool.map(lambda _: tradehelm("up"), range(2)))
    assert [one.returncode for one in told] == [0, 0], [one.stderr for one in told]
    assert sorted("already runs at" in one.stdout for one in told) == [False, True]
    assert len(running(tmp_path, "supervisor.supervisord")) == 1

    elsewhere = {f"TRADEHELM_{name}PORT": str(free_port()) for name in ("", "GATEWAY_", "EXCHANGE_")}
    again = tradehelm("up", **elsewhere, PATH="/usr/bin:/bin")
    assert f"already runs at  http://127.0.0.1:{ports[0]}\n" in again.stdout
    assert again.stdout.rstrip().endswith(" make down")
    again = tradehelm("up", PATH=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    assert again.stdout.rstrip().endswith(" tradehelm down")
    told = [tradehelm("down", **elsewhere)]
    assert (told[0].returncode, running(tmp_path, "api.cli")) == (0, [])


def test_down_when_something_still_answers_then_fails_with_its_address(
    tradehelm: Run, tmp_path: Path, ports: tuple[int, int]
) -> None:
    (tmp_path / "health").write_text("{}")
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(ports[0])]
    other = subprocess.Popen(command, cwd=tmp_path)
    try:
        wait_until(lambda: _listens(ports[0]), 10, "the other")
        told = tradehelm("down")
    finally:
        other.terminate()
        other.wait()
    assert told.returncode == 1
    assert f"http://127.0.0.1:{ports[0]} still answers" in told.stderr


@pytest.mark.parametrize("command", ["up", "down", "serve", "chat", "demo"])
def test_command_when_the_data_folder_cannot_be_written_then_one_message_names_the_setting(
    tradehelm: Run, command: str
) -> None:
    told = tradehelm(command, TRADEHELM_DATA_DIR="/proc/x")
    assert (told.returncode, told.stderr.count("\n")) == (78, 1), told.stderr
    assert told.stderr.startswith("tradehelm: TRADEHELM_DATA_DIR is '/proc/x': ")


def test_chat_when_the_kept_password_cannot_be_read_then_one_message_names_the_setting(
    tradehelm: Run, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secrets").write_text("a file where a folder should be")
    told = tradehelm("chat", TRADEHELM_OWNER_PASSWORD="")
    assert (told.returncode, told.stderr.count("\n")) == (78, 1), told.stderr
    assert "TRADEHELM_DATA_DIR" in told.stderr


def running(folder: Path, module: str) -> list[psutil.Process]:
    """The processes of a stack's folder that run a module."""
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            if module not in words:
                continue
            hidden = module == "tools.gateway" and str(folder / "data") in words
            if hidden or process.environ().get("TRADEHELM_RUN_DIR") == str(folder / "data/run"):
                found.append(process)
        except psutil.Error:
            continue
    return found


def _kill_supervisor(folder: Path) -> None:
    (supervisor,) = running(folder, "supervisor.supervisord")
    os.kill(supervisor.pid, signal.SIGKILL)
    wait_until(lambda: not running(folder, "supervisor.supervisord"), 5, "its end")


def _listens(port: int) -> bool:
    return any(one.laddr.port == port for one in psutil.net_connections("tcp4") if one.status == "LISTEN")
