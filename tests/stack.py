"""The product as it really runs, for tests: demo exchange, gateway, API and Freqtrade, each a process on free ports."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from httpx_sse import connect_sse

from tools.freqtrade.host import Host

REPOSITORY = Path(__file__).resolve().parent.parent
CANDLES = REPOSITORY.parent / "shared" / "data"
LIVELY = "2024-08-07T15:25:00Z"
"""A moment of the recording from which the default strategy enters, and leaves again, within minutes."""
PASSWORD = "a-password-for-tests"

Chunk = dict[str, Any]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(done: Callable[[], Any], timeout_s: float, what: str) -> Any:
    """The first truth that `done` tells; fails with `what` was waited for."""
    deadline = time.monotonic() + timeout_s
    while not (found := done()):
        assert time.monotonic() < deadline, f"waited {timeout_s} s for {what}"
        time.sleep(0.1)
    return found


class Stack:
    """One data folder with its processes."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port, self.gateway_port, self.exchange_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = settings
        self._exchange: subprocess.Popen[bytes] | None = None
        self._gateway: subprocess.Popen[bytes] | None = None
        self._api: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._exchange, self._gateway = self._spawn("exchange"), self._spawn("gateway")
        wait_until(lambda: _answers(f"http://127.0.0.1:{self.gateway_port}/api/v3/time"), 30, "exchange and gateway")
        self.start_api()

    def start_api(self) -> float:
        """Seconds until it answered."""
        started = time.monotonic()
        self._api = self._spawn("serve")
        wait_until(lambda: _answers(f"{self.url}/health"), 30, "the API")
        return time.monotonic() - started

    def kill_api(self) -> None:
        """As a crash does."""
        self._end(self._api, signal.SIGKILL)

    def kill_gateway(self) -> None:
        self._end(self._gateway, signal.SIGKILL)

    def kill_exchange(self) -> None:
        self._end(self._exchange, signal.SIGKILL)

    def start_gateway(self) -> None:
        """Returns at once: it comes up as a supervisor would have it."""
        self._gateway = self._spawn("gateway")

    def start_exchange(self) -> None:
        self._exchange = self._spawn("exchange")

    def stop_api(self) -> None:
        self._end(self._api, signal.SIGTERM)

    def stop(self) -> None:
        """Ends everything, the bots too."""
        self._end(self._api, signal.SIGTERM)
        asyncio.run(_end_bots(self.folder))
        self._end(self._gateway, signal.SIGTERM)
        self._end(self._exchange, signal.SIGTERM)

    def read_config(self, bot_id: str) -> dict[str, Any]:
        """The Freqtrade configuration that a bot runs with."""
        config: dict[str, Any] = json.loads((self.folder / "bots" / bot_id / "config.json").read_text())
        return config

    def read_logs(self, last: int = 40) -> str:
        """The last lines of each process' log, for a failure's message."""
        logs = sorted([*self.folder.glob("*.log"), *self.folder.glob("bots/*/bot.log")])
        return "\n".join(f"--- {path.name}\n" + "\n".join(path.read_text().splitlines()[-last:]) for path in logs)

    def bot_pid(self, bot_id: str) -> int:
        pid: int = json.loads((self.folder / "bots" / bot_id / "process.json").read_text())["pid"]
        return pid

    def pids(self) -> list[int]:
        """Those of exchange, gateway and API, as far as they are up."""
        return [one.pid for one in (self._exchange, self._gateway, self._api) if one is not None]

    def kill_bot(self, bot_id: str) -> None:
        os.kill(self.bot_pid(bot_id), signal.SIGKILL)

    def write_limits(self, limits: dict[str, Any]) -> None:
        """Puts limits in force behind the back of an API that is down."""
        with closing(sqlite3.connect(self.folder / "tradehelm.sqlite")) as database, database:
            at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
            database.execute("INSERT INTO limits (content, at) VALUES (?, ?)", (json.dumps(limits), at))

    def read_events(self, conversation_id: str) -> list[Chunk]:
        """A conversation's chunks as they are stored."""
        with closing(sqlite3.connect(self.folder / "tradehelm.sqlite")) as database:
            rows = database.execute("SELECT data FROM event WHERE stream = ? ORDER BY seq", (conversation_id,))
            return [json.loads(row[0]) for row in rows]

    def _spawn(self, command: str) -> subprocess.Popen[bytes]:
        source = {"EXCHANGE_SOURCE": "replay", "EXCHANGE_DATA": str(CANDLES), "EXCHANGE_AT": LIVELY}
        settings = {
            "PORT": str(self.port),
            "GATEWAY_PORT": str(self.gateway_port),
            "EXCHANGE_PORT": str(self.exchange_port),
            "DATA_DIR": str(self.folder),
            "VENUE": "demo",
            "OWNER_PASSWORD": PASSWORD,
            **(source if CANDLES.is_dir() and "EXCHANGE_SOURCE" not in self._settings else {}),
            **self._settings,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TRADEHELM_")}
        environment = {**kept, **{f"TRADEHELM_{name}": value for name, value in settings.items()}}
        with (self.folder / f"{command}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "api.cli", command], cwd=REPOSITORY, env=environment, stdout=log, stderr=log
            )

    def _end(self, process: subprocess.Popen[bytes] | None, number: int) -> None:
        if process is not None and process.poll() is None:
            process.send_signal(number)
            process.wait(timeout=30)


class Browserless:
    """A signed-in client of a stack."""

    def __init__(self, stack: Stack) -> None:
        self.read_logs = stack.read_logs
        self.http = httpx.Client(base_url=stack.url, timeout=120, trust_env=False)
        self.http.post("/api/session", json={"password": PASSWORD}).raise_for_status()

    def close(self) -> None:
        self.http.close()

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(f"/api{path}", params=query)
        answer.raise_for_status()
        return answer.json()

    def read_bots(self) -> list[tuple[str, Any, str]]:
        """Each bot with what its owner wants of it; what prices and processes do to it is left out."""
        return [(bot["id"], bot["spec"], bot["state"]) for bot in self.get("/bots")]

    def converse(self, language: str = "en") -> str:
        """A new conversation's id."""
        conversation_id: str = self.http.post("/api/conversations", json={"language": language}).json()["id"]
        return conversation_id

    def say(self, conversation_id: str, text: str) -> list[Chunk]:
        """Says something; the chunks of the turn."""
        run_id = self.post_message(conversation_id, text)
        return list(
            self.follow(
                conversation_id, until=lambda chunk, run: run == run_id and chunk["type"] == "finish", only=run_id
            )
        )

    def post_message(self, conversation_id: str, text: str) -> str:
        answer = self.http.post(f"/api/conversations/{conversation_id}/messages", json={"text": text})
        assert answer.status_code == 202, answer.text
        run_id: str = answer.json()["run_id"]
        return run_id

    def follow(
        self,
        conversation_id: str,
        until: Callable[[Chunk, str], bool],
        *,
        after: int = 0,
        timeout_s: float = 60,
        only: str | None = None,
    ) -> Iterator[Chunk]:
        """Chunks of a conversation, up to and with the first that `until` says yes to; each with its `seq`."""
        deadline = time.monotonic() + timeout_s
        path, headers = f"/api/conversations/{conversation_id}/events", {"Last-Event-ID": str(after)}
        with connect_sse(self.http, "GET", path, headers=headers) as source:
            for event in source.iter_sse():
                assert time.monotonic() < deadline, f"waited {timeout_s} s in a conversation"
                if not event.data:
                    continue
                envelope = json.loads(event.data)
                if only in (None, envelope["run_id"]):
                    yield {**envelope["chunk"], "seq": envelope["seq"], "run": envelope["run_id"]}
                if until(envelope["chunk"], envelope["run_id"]):
                    return


def cards(chunks: list[Chunk]) -> list[Any]:
    return [chunk["data"] for chunk in chunks if chunk["type"] == "data-card"]


def said(chunks: list[Chunk]) -> str:
    return "".join(chunk["delta"] for chunk in chunks if chunk["type"] == "text-delta")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


async def _end_bots(folder: Path) -> None:
    host = Host(folder)
    await host.open(warm=False)
    await host.shutdown()
