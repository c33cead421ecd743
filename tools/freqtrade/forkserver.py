"""The process that holds Freqtrade's imports and forks bots from it: `python -m tools.freqtrade.forkserver`.

Importing Freqtrade takes some 24 CPU seconds and 150 MB; a fork of a process that has done it takes neither. Nothing
that is imported here may start a thread or an event loop: neither would survive the fork. Bots are sessions of their
own and live on when this process is killed; ended with SIGTERM it ends them first.
"""

import argparse
import contextlib
import fcntl
import gc
import importlib
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from pathlib import Path

from pydantic import ValidationError

from tools.freqtrade.child import ENDING, run_bot
from tools.freqtrade.plain import open_plain
from tools.freqtrade.processes import birth_of
from tools.freqtrade.protocol import (
    LINE_BYTES,
    LOCK,
    LOCK_LOST,
    REQUEST,
    VERSION,
    Child,
    Reply,
    Start,
    check_real,
    is_key,
    private_folder,
    socket_path,
)

PRELOADED = (
    "ccxt.async_support.binance",
    "ccxt.pro",
    "freqtrade.commands",
    "freqtrade.freqtradebot",
    "freqtrade.main",
    "freqtrade.plugins.pairlistmanager",
    "freqtrade.rpc.api_server.api_v1",
    "freqtrade.rpc.api_server.webserver",
    "freqtrade.rpc.rpc_manager",
    "freqtrade.worker",
    "pandas_ta",
    "talib",
    "technical.qtpylib",
    "tools.freqtrade.exchange",
)
REQUEST_TIMEOUT_S = 2
MOST_CALLERS = 64
STOP_TIMEOUT_S = 15
REMEMBERED = 500

logger = logging.getLogger(__name__)


def preload() -> None:
    """Imports all that a bot needs, and moves it out of the garbage collector's sight so that its pages stay shared."""
    for name in PRELOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


class Forkserver:
    """Forks bots, reaps them, remembers how they ended; one per folder."""

    def __init__(self, listener: socket.socket, lock: int) -> None:
        self._listener = listener
        self._lock = lock
        self._callers: dict[socket.socket, float] = {}
        """Those that have said nothing yet, the oldest first, and when they came."""
        self._children: dict[int, Child] = {}
        self._ending = False

    def run(self) -> None:
        """Serves until SIGTERM or SIGINT, then ends the bots."""
        for ending in ENDING:
            signal.signal(ending, self._on_signal)
        while not self._ending:
            ready, _, _ = select.select([self._listener, *self._callers], [], [], 0.5)
            self.reap()
            self._serve(ready)
        self._listener.close()
        self.end_children()

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._ending = True

    def _serve(self, ready: list[socket.socket]) -> None:
        """Whoever has spoken is answered; nobody who is silent holds up the others."""
        for caller in ready:
            try:
                if caller is self._listener:
                    self._callers[caller.accept()[0]] = time.monotonic()
                else:
                    del self._callers[caller]
                    with caller:
                        self._converse(caller)
            except OSError as error:
                logger.warning("a request was dropped: %s", error)
        for caller, came in list(self._callers.items()):
            if len(self._callers) > MOST_CALLERS or time.monotonic() - came > REQUEST_TIMEOUT_S:
                del self._callers[caller]
                caller.close()

    def _converse(self, caller: socket.socket) -> None:
        """A request comes in one piece, with what shows that it is one of ours."""
        caller.settimeout(REQUEST_TIMEOUT_S)
        line, shown, _, _ = socket.recv_fds(caller, LINE_BYTES, 1)
        try:
            known = any(is_key(key, self._lock) for key in shown)
        finally:
            for key in shown:
                os.close(key)
        reply = self.answer(line) if known else self._fail(f"not shown: a descriptor of the {LOCK} in our folder")
        caller.sendall(reply.model_dump_json().encode() + b"\n")

    def _fail(self, error: str) -> Reply:
        return Reply(ok=False, error=error, pid=os.getpid(), version=VERSION)

    def answer(self, line: bytes) -> Reply:
        """The reply to one request; never raises, whatever the line holds."""
        try:
            request = REQUEST.validate_json(line)
            self.reap()
            children = (self._start(request),) if isinstance(request, Start) else tuple(self._children.values())
        except ValidationError as error:
            return self._fail(f"bad request: {error.errors()[0]['msg']}")
        except (OSError, ValueError) as error:
            return self._fail(f"cannot fork: {error}")
        return Reply(ok=True, pid=os.getpid(), version=VERSION, children=children)

    def _start(self, request: Start) -> Child:
        check_real(Path(request.folder))
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            pid = os.fork()
            if pid == 0:
                run_bot(request)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        child = Child(pid=pid, folder=request.folder, birth=birth_of(pid) or 0, started=time.time())
        self._children[pid] = child
        logger.info("forked %s for %s", pid, request.folder)
        return child

    def reap(self) -> None:
        """Notes the exit codes of the bots that ended."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                code = os.waitstatus_to_exitcode(status)
                logger.info("%s ended with %s", pid, code)
                if child := self._children.pop(pid, None):
                    self._children[pid] = child.model_copy(update={"exit_code": code})
        self._forget_the_oldest()

    def _forget_the_oldest(self) -> None:
        ended = [pid for pid, child in self._children.items() if child.exit_code is not None]
        for pid in ended[:-REMEMBERED]:
            del self._children[pid]

    def _living(self) -> list[int]:
        return [pid for pid, child in self._children.items() if child.exit_code is None]

    def end_children(self) -> None:
        """Asks all bots to end, and kills those that have not after `STOP_TIMEOUT_S`."""
        for number, bound_s in ((signal.SIGTERM, STOP_TIMEOUT_S), (signal.SIGKILL, 5)):
            self.reap()
            for pid in self._living():
                os.kill(pid, number)
            deadline = time.monotonic() + bound_s
            while self._living() and time.monotonic() < deadline:
                time.sleep(0.05)
                self.reap()


def claim(folder: Path) -> int | None:
    """The descriptor of the folder's lock with our pid in it; None where another forkserver holds it."""
    lock = open_plain(folder / LOCK, os.O_CREAT | os.O_RDWR)
    deadline = time.monotonic() + 1
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > deadline:
                return None
            time.sleep(0.05)
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock


def listen(folder: Path) -> socket.socket:
    """A socket that only this user can connect to; callers may connect at once and wait."""
    path = socket_path(folder)
    private_folder(path.parent)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(64)
    return listener


def main(arguments: list[str] | None = None) -> int:
    """Serves one folder; returns the exit code."""
    parser = argparse.ArgumentParser(description="Holds Freqtrade's imports and forks bots.")
    parser.add_argument("--folder", type=Path, required=True)
    folder: Path = parser.parse_args(arguments).folder
    logging.basicConfig(level=logging.INFO, format="%(asctime)s - %(name)s - %(levelname)s - %(message)s")
    private_folder(folder)
    if (lock := claim(folder)) is None:
        logger.info("another forkserver serves %s", folder)
        return LOCK_LOST
    listener = listen(folder)
    started = time.monotonic()
    preload()
    logger.info("ready after %.1f s with %s thread", time.monotonic() - started, threading.active_count())
    Forkserver(listener, lock).run()
    socket_path(folder).unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
