"""The API process's end of the forkserver: finds it, starts it, asks it."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from pydantic import ValidationError

from tools.freqtrade.protocol import (
    LINE_BYTES,
    LOCK_LOST,
    VERSION,
    Child,
    Reply,
    Start,
    Status,
    lock_holder,
    minimal_environment,
    open_key,
    private_folder,
    socket_path,
)

MODULE = "tools.freqtrade.forkserver"
POLL_S = 0.05


class ForkserverError(Exception):
    """The forkserver did not start, did not answer, or could not do what it was asked."""


class Link:
    """Reaches the forkserver of one folder; it outlives this object and the process that it is in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._spawned: subprocess.Popen[bytes] | None = None

    async def ready(self, timeout_s: float) -> Reply:
        """Waits until it has its imports, starting one if none of our version lives. Raises `ForkserverError`."""
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    with contextlib.suppress(ConnectionError, FileNotFoundError):
                        if (reply := await self._exchange(Status())).version == VERSION:
                            return _agreed(reply)
                        # SIGTERM would have it end its bots.
                        os.kill(reply.pid, signal.SIGKILL)
                    self._spawn_if_none_lives()
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise ForkserverError("not ready in time") from None

    def lives(self) -> bool:
        """Whether a forkserver serves this folder, with its imports or still without."""
        return lock_holder(self._folder) is not None

    async def start(self, folder: Path, port: int) -> Child:
        """Forks the bot whose folder that is. Raises `ForkserverError`."""
        return (await self._ask(Start(folder=str(folder), port=port))).children[0]

    async def exit_code(self, pid: int) -> int | None:
        """How the bot with that pid ended; None if it was not forked by this forkserver or if none answers."""
        try:
            children = (await self._ask(Status(), timeout_s=2)).children
        except ForkserverError:
            return None
        return next((child.exit_code for child in children if child.pid == pid), None)

    async def end(self, timeout_s: float) -> None:
        """Ends the forkserver, which ends its bots first; kills it if it has not ended after `timeout_s`."""
        for number, bound_s in ((signal.SIGTERM, timeout_s), (signal.SIGKILL, 5.0)):
            if (pid := self._pid()) is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
                await self._gone_within(bound_s)

    def _pid(self) -> int | None:
        if self._spawned is not None and self._spawned.poll() is None:
            return self._spawned.pid
        return lock_holder(self._folder)

    async def _gone_within(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while self._pid() is not None:
            if time.monotonic() > deadline:
                return
            await asyncio.sleep(POLL_S)

    def _spawn_if_none_lives(self) -> None:
        if self._spawned is not None:
            code = self._spawned.poll()
            if code is None:
                return
            if code > 0 and code != LOCK_LOST:
                raise ForkserverError(f"it ended with {code}; see {self._folder / 'forkserver.log'}")
        if lock_holder(self._folder) is None:
            self._spawned = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        private_folder(self._folder)
        log = os.open(self._folder / "forkserver.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            return subprocess.Popen(  # noqa: S603  our own module, our own folder
                [sys.executable, "-m", MODULE, "--folder", str(self._folder)],
                cwd=Path(__file__).resolve().parents[2],
                env=minimal_environment(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        finally:
            os.close(log)

    async def _ask(self, request: Start | Status, timeout_s: float = 10) -> Reply:
        try:
            async with asyncio.timeout(timeout_s):
                reply = await self._exchange(request)
        except (OSError, TimeoutError) as error:
            raise ForkserverError(f"no answer: {type(error).__name__}") from None
        return _agreed(reply)

    async def _exchange(self, request: Start | Status) -> Reply:
        """One request on a connection of its own; raises `OSError`."""
        path = socket_path(self._folder)
        if path.parent.stat().st_uid != os.getuid():
            raise PermissionError(f"{path.parent} does not belong to this user")
        with socket.socket(socket.AF_UNIX) as caller:
            caller.setblocking(False)
            await asyncio.get_running_loop().sock_connect(caller, str(path))
            key = open_key(self._folder)
            try:
                socket.send_fds(caller, [request.model_dump_json().encode() + b"\n"], [key])
            finally:
                os.close(key)
            line = await _read_line(caller)
        try:
            return Reply.model_validate_json(line)
        except ValidationError:
            raise ConnectionResetError("an answer was cut short") from None


async def _read_line(caller: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n") and len(line) <= LINE_BYTES * 16:
        if not (chunk := await asyncio.get_running_loop().sock_recv(caller, LINE_BYTES)):
            break
        line += chunk
    return line


def _agreed(reply: Reply) -> Reply:
    if not reply.ok:
        raise ForkserverError(reply.error)
    return reply
