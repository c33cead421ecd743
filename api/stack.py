"""The processes of the product, brought up and down together by supervisord."""

import asyncio
import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from api.settings import Settings
from tools.freqtrade.host import Host

CONFIG = Path(__file__).with_name("supervisord.conf")
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 45.0
RUN_DIR = "TRADEHELM_RUN_DIR"
SUPERVISOR, GATEWAY = "supervisor.supervisord", "tools.gateway"
PROGRAMS = frozenset((SUPERVISOR, "api.cli", GATEWAY, "tools.exchange"))


class StackError(Exception):
    """The stack could not be brought up or down; the message says why and how to mend it."""


@dataclass(frozen=True)
class Stack:
    """The processes of one data folder."""

    settings: Settings

    @property
    def run_dir(self) -> Path:
        return self.settings.data_dir.resolve() / "run"

    def up(self, *, foreground: bool = False) -> bool:
        """Starts what the venue needs and waits until the API answers; False where it ran already.

        What is left of a stack whose supervisor is gone is ended first. Raises `StackError`.
        """
        with self._alone():
            is_new = self.pid() is None
            if is_new:
                _end(self._find_processes())
                self._check_ports()
                self._start(foreground)
            _wait(self.answers, START_TIMEOUT_S, f"the API did not answer on {self.address()}; {self._hint('api')}")
            if is_new:
                told = f"the gateway did not answer on {self.settings.gateway_url}; {self._hint('gateway')}"
                _wait(lambda: _succeeds(f"{self.settings.gateway_url}/gateway/health"), START_TIMEOUT_S, told)
            return is_new

    def down(self) -> None:
        """Ends everything, the bots too; those that were running come back with the next `up`. Raises `StackError`."""
        with self._alone():
            _end(self._find_processes(SUPERVISOR))
            _end(self._find_processes())
            asyncio.run(_end_bots(self.settings.data_dir))
            if self.answers():
                raise StackError(
                    f"{self.address()} still answers, and what answers there was not started by `tradehelm up` "
                    f"in {self.settings.data_dir}: end it yourself, or set TRADEHELM_DATA_DIR to its folder"
                )
            self._address_file.unlink(missing_ok=True)

    def pid(self) -> int | None:
        """The supervisor's, where it lives."""
        return next((process.pid for process in self._find_processes(SUPERVISOR)), None)

    def address(self) -> str:
        """Where it was brought up, or where the settings would have it."""
        with suppress(OSError):
            return self._address_file.read_text().strip() or self.settings.url
        return self.settings.url

    def answers(self) -> bool:
        return _succeeds(f"{self.address()}/health")

    def _start(self, foreground: bool) -> None:
        self._address_file.write_text(self.settings.url)
        command = [sys.executable, "-m", SUPERVISOR, "-c", str(CONFIG)]
        environment = {**os.environ, **asyncio.run(self._environment(foreground))}
        if foreground:
            os.execve(command[0], command, environment)  # noqa: S606  this process becomes the supervisor
        try:
            subprocess.run(command, env=environment, cwd=Path.cwd(), check=True)  # noqa: S603  our own configuration
        except subprocess.CalledProcessError as error:
            raise StackError(f"supervisord ended with {error.returncode}; {self._hint('supervisord')}") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Waits for another `up` or `down` of this folder. The lock ends with the process and is not inherited."""
        self.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.run_dir / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _find_processes(self, program: str | None = None) -> list[psutil.Process]:
        """Those that live and whose environment names this folder, whoever is their parent by now."""
        return [
            process
            for process in psutil.process_iter()
            if process.pid != os.getpid() and self._is_ours(process, {program} if program else PROGRAMS)
        ]

    def _is_ours(self, process: psutil.Process, programs: Set[str]) -> bool:
        """The gateway shows its environment to nobody, and names the folder in its arguments."""
        try:
            words = process.cmdline()
            if programs.isdisjoint(words):
                return False
            if GATEWAY in words and str(self.settings.data_dir.resolve()) in words:
                return True
            return bool(process.environ().get(RUN_DIR) == str(self.run_dir))
        except (psutil.Error, OSError):
            return False

    @property
    def _address_file(self) -> Path:
        return self.run_dir / "address"

    async def _environment(self, foreground: bool) -> dict[str, str]:
        venue = await self.settings.choose_venue()
        return {
            "TRADEHELM_VENUE": venue.name,
            "TRADEHELM_VENUE_CHOSEN": venue.chosen,
            "TRADEHELM_PORT": str(self.settings.port),
            "TRADEHELM_GATEWAY_PORT": str(self.settings.gateway_port),
            "TRADEHELM_EXCHANGE_PORT": str(self.settings.exchange_port),
            "TRADEHELM_MODEL": self.settings.model,
            "TRADEHELM_DATA_DIR": str(self.settings.data_dir.resolve()),
            RUN_DIR: str(self.run_dir),
            "TRADEHELM_PYTHON": sys.executable,
            "TRADEHELM_WITH_EXCHANGE": str(venue.name == "demo").lower(),
            "TRADEHELM_FOREGROUND": str(foreground).lower(),
        }

    def _check_ports(self) -> None:
        asked = {"TRADEHELM_PORT": self.settings.port, "TRADEHELM_GATEWAY_PORT": self.settings.gateway_port}
        if self.settings.venue in ("demo", "auto"):
            asked["TRADEHELM_EXCHANGE_PORT"] = self.settings.exchange_port
        for name, port in asked.items():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError as error:
                    raise StackError(f"port {port} is taken: free it, or set {name} to another") from error

    def _hint(self, program: str) -> str:
        return f"see {self.run_dir / f'{program}.log'}"


def _succeeds(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


async def _end_bots(data_dir: Path) -> None:
    host = Host(data_dir)
    await host.open(warm=False)
    await host.shutdown()


def _end(processes: Sequence[psutil.Process]) -> None:
    """Asks them to end, and kills those that have not in time."""
    for process in processes:
        with suppress(psutil.Error):
            process.terminate()
    _, stubborn = psutil.wait_procs(processes, STOP_TIMEOUT_S)
    for process in stubborn:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, 5)


def _wait(done: Callable[[], bool], timeout_s: float, failure: str) -> None:
    deadline = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > deadline:
            raise StackError(failure)
        time.sleep(0.1)
