"""The processes of the product, brought up and down together by supervisord."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from api.settings import Settings
from tools.freqtrade.host import Host
from tools.market.venues import choose_venue

CONFIG = Path(__file__).with_name("supervisord.conf")
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 45.0


class StackError(Exception):
    """The stack could not be brought up or down; the message says why and how to mend it."""


@dataclass(frozen=True)
class Stack:
    """The processes of one data folder."""

    settings: Settings

    @property
    def run_dir(self) -> Path:
        return self.settings.data_dir.resolve() / "run"

    def up(self, *, foreground: bool = False) -> None:
        """Starts what the venue needs and waits until the API answers. Raises `StackError`."""
        if self.pid() is not None:
            return
        self._check_ports()
        self.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(CONFIG)]
        environment = {**os.environ, **asyncio.run(self._environment(foreground))}
        if foreground:
            os.execve(command[0], command, environment)  # noqa: S606  this process becomes the supervisor
        subprocess.run(command, env=environment, cwd=Path.cwd(), check=True)  # noqa: S603  our own configuration
        _wait(self.answers, START_TIMEOUT_S, f"the API did not answer on {self.settings.url}; {self._hint()}")

    def down(self) -> None:
        """Ends everything, the bots too; those that were running come back with the next `up`."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            _wait(lambda: not psutil.pid_exists(pid), STOP_TIMEOUT_S, f"supervisord {pid} does not end; {self._hint()}")
        asyncio.run(_end_bots(self.settings.data_dir))

    def pid(self) -> int | None:
        """The supervisor's, where it lives."""
        try:
            pid = int((self.run_dir / "supervisord.pid").read_text())
            return pid if "supervisord" in " ".join(psutil.Process(pid).cmdline()) else None
        except (OSError, ValueError, psutil.Error):
            return None

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.settings.url}/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    async def _environment(self, foreground: bool) -> dict[str, str]:
        venue = await choose_venue(self.settings.venue, self.settings.exchange_url, self.settings.venue_chosen)
        return {
            "TRADEHELM_VENUE": venue.name,
            "TRADEHELM_VENUE_CHOSEN": venue.chosen,
            "TRADEHELM_PORT": str(self.settings.port),
            "TRADEHELM_EXCHANGE_PORT": str(self.settings.exchange_port),
            "TRADEHELM_MODEL": self.settings.model,
            "TRADEHELM_DATA_DIR": str(self.settings.data_dir.resolve()),
            "TRADEHELM_RUN_DIR": str(self.run_dir),
            "TRADEHELM_PYTHON": sys.executable,
            "TRADEHELM_WITH_EXCHANGE": str(venue.name == "demo").lower(),
            "TRADEHELM_FOREGROUND": str(foreground).lower(),
        }

    def _check_ports(self) -> None:
        asked = {"TRADEHELM_PORT": self.settings.port}
        if self.settings.venue in ("demo", "auto"):
            asked["TRADEHELM_EXCHANGE_PORT"] = self.settings.exchange_port
        for name, port in asked.items():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError as error:
                    raise StackError(f"port {port} is taken: free it, or set {name} to another") from error

    def _hint(self) -> str:
        return f"see {self.run_dir / 'api.log'}"


async def _end_bots(data_dir: Path) -> None:
    host = Host(data_dir)
    await host.open()
    await host.shutdown()


def _wait(done: Callable[[], bool], timeout_s: float, failure: str) -> None:
    deadline = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > deadline:
            raise StackError(failure)
        time.sleep(0.1)
