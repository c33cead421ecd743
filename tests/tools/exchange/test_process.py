"""The exchange as a process of its own: its arguments, and what ccxt makes of it over HTTP."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ccxt
import httpx
import pandas as pd
import pytest

COMMAND = [sys.executable, "-m", "tools.exchange"]
START_TIMEOUT_S = 20


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_until_it_answers(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{url}/api/v3/ping").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"the exchange did not answer; exit status {process.poll()}")


@pytest.fixture
def start() -> Iterator[Callable[..., str]]:
    """Starts an exchange with arguments on a free port and gives its address; all are ended afterwards."""
    processes: list[subprocess.Popen[bytes]] = []

    def begin(*words: str) -> str:
        port = free_port()
        processes.append(subprocess.Popen([*COMMAND, "--port", str(port), *words]))
        url = f"http://127.0.0.1:{port}"
        wait_until_it_answers(processes[-1], url)
        return url

    yield begin
    for process in processes:
        process.terminate()
        process.wait(START_TIMEOUT_S)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], check=False, capture_output=True, text=True, timeout=START_TIMEOUT_S)


def client(url: str) -> Any:
    urls = dict.fromkeys(("public", "private"), f"{url}/api/v3")
    urls |= {"v1": f"{url}/api/v1", "sapi": f"{url}/sapi/v1", "sapiV2": f"{url}/sapi/v2", "sapiV3": f"{url}/sapi/v3"}
    return ccxt.binance({"urls": {"api": urls}, "options": {"fetchMarkets": {"types": ["spot"]}}})


@pytest.mark.integration
def test_exchange_when_ccxt_reads_it_then_as_binance(start: Callable[..., str]) -> None:
    binance = client(start())
    markets = binance.load_markets()
    assert len(markets) >= 14
    assert (markets["BTC/USDT"]["active"], markets["BTC/USDT"]["spot"]) == (True, True)
    assert markets["BTC/USDT"]["precision"]["price"] == 0.01
    assert markets["BTC/USDT"]["limits"]["cost"]["min"] == 5
    candles = binance.fetch_ohlcv("BTC/USDT", "1m", limit=1_000)
    assert len(candles) == 1_000
    assert 0 <= binance.milliseconds() - candles[-1][0] < 65_000
    assert binance.fetch_ohlcv("BTC/USDT", "1m", since=candles[0][0], limit=10) == candles[:10]
    assert binance.fetch_ticker("ETH/USDT")["last"] > 0
    assert set(binance.fetch_tickers()) == set(markets)
    assert binance.fetch_bids_asks(["BTC/USDT"])["BTC/USDT"]["bid"] > 0
    book = binance.fetch_order_book("BTC/USDT", 20)
    assert len(book["bids"]) == 20
    assert book["bids"][0][0] < book["asks"][0][0]
    assert binance.fetch_trades("BTC/USDT", limit=10)[-1]["price"] > 0
    assert len(binance.fetch_trades("BTC/USDT", since=candles[0][0], limit=100)) == 100
    with pytest.raises(ccxt.BadSymbol):
        binance.publicGetKlines({"symbol": "NOPE", "interval": "1m"})


@pytest.mark.integration
def test_exchange_when_started_twice_then_one_market(start: Callable[..., str]) -> None:
    first, second = (start("--seed", "11") for _ in range(2))
    path = f"/api/v3/klines?symbol=SOLUSDT&interval=5m&limit=1000&endTime={int(time.time() * 1_000) - 600_000}"
    answers = [httpx.get(url + path).json() for url in (first, second)]
    assert answers[0] == answers[1]
    assert len(answers[0]) == 1_000


@pytest.mark.integration
def test_exchange_when_replaying_then_it_says_so(start: Callable[..., str], tmp_path: Path, frame: Any) -> None:
    candles: pd.DataFrame = frame([100, 101, 102])
    candles.to_feather(tmp_path / "BTC_USDT-1m.feather")
    at = ["--at", "2024-08-01T00:01:00Z", "--since", "2026-01-01T00:00:00Z"]
    url = start("--source", "replay", "--data", str(tmp_path), *at)
    status = httpx.get(f"{url}/demo/status").json()
    assert (status["source"], status["synthetic"], status["pairs"]) == ("replay", False, ["BTC/USDT"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--port", "eighty"], "'eighty' is not a whole number"),
        (["--port", "70000"], "0 to 65535"),
        (["--seed", "-3"], "--seed"),
        (["--host", "256.1.1.1"], "--host 256.1.1.1"),
        (["--source", "live"], "invalid choice: 'live'"),
        (["--colour"], "--colour"),
        (["--source", "replay"], "needs --data PATH"),
        (["--data", "somewhere"], "belong to --source replay"),
        (["--source", "replay", "--data", "nowhere"], "nowhere"),
        (["--source", "replay", "--data", ".", "--at", "soon"], "--at 'soon' is not a time"),
        (["--source", "replay", "--data", ".", "--at", "2024-08-05T06:00:00"], "is not a time"),
        (["--source", "replay", "--data", ".", "--since", "2024-08-05T06:00:00Z"], "needs --at"),
    ],
)
def test_exchange_when_an_argument_is_wrong_then_one_sentence_and_status_78(words: list[str], says: str) -> None:
    ended = run(*words)
    assert ended.returncode == 78
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_exchange_when_the_port_is_taken_then_status_78() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = run("--port", str(listener.getsockname()[1]))
    assert ended.returncode == 78
    assert "cannot listen there" in ended.stderr
