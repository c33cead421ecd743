"""The commands of a person: up, chat, down, and up again."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.stack import PASSWORD, REPOSITORY, free_port, wait_until

pytestmark = pytest.mark.integration

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def ports() -> tuple[int, int]:
    return free_port(), free_port()


@pytest.fixture
def tradehelm(tmp_path: Path, ports: tuple[int, int]) -> Iterator[Run]:
    environment = {
        **os.environ,
        "TRADEHELM_DATA_DIR": str(tmp_path / "data"),
        "TRADEHELM_PORT": str(ports[0]),
        "TRADEHELM_EXCHANGE_PORT": str(ports[1]),
        "TRADEHELM_VENUE": "demo",
        "TRADEHELM_OWNER_PASSWORD": PASSWORD,
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "api.cli", *words]
        return subprocess.run(
            command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    yield run
    run("down")


def mine(folder: Path) -> list[psutil.Process]:
    """The processes that work in a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(str(folder) in word for word in (*process.cmdline(), process.cwd())):
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_stack_when_down_and_up_again_then_what_was_running_runs_and_nothing_is_left_behind(
    tradehelm: Run, tmp_path: Path, ports: tuple[int, int]
) -> None:
    assert tradehelm("up").returncode == 0
    told = tradehelm("chat", "--say", "create a bot called ada trading BTC/USDT with 20 USDT per trade and start it")
    assert (told.returncode, "running" in told.stdout) == (0, True), told.stderr
    told = tradehelm("chat", "--say", "create a bot called bia trading ETH/USDT with 20 USDT per trade, start it")
    told = tradehelm("chat", "--language", "pt-BR", "--say", "pause o bia")
    assert told.returncode == 0, told.stderr

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
    assert doors == {"cli", "recovery"}


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


def _listens(port: int) -> bool:
    return any(one.laddr.port == port for one in psutil.net_connections("tcp4") if one.status == "LISTEN")
