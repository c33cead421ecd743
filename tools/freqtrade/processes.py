"""Operating system processes that may or may not be our children: whether they live, and how they are ended."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from secrets import randbelow
from socket import AF_INET, SOCK_STREAM, socket

PORTS = range(20100, 29900)
"""Below the range from which the operating system takes the ports of outgoing connections."""
POLL_S = 0.05


@dataclass(frozen=True)
class Process:
    """One bot's process; `birth` tells it from a later one with the same pid."""

    bot_id: str
    pid: int
    birth: float
    started: float = field(compare=False)
    """Seconds since 1970."""
    port: int

    def is_alive(self) -> bool:
        """False also for one that has ended and that nobody has reaped."""
        return birth_of(self.pid) == self.birth

    def _signal(self, number: signal.Signals) -> None:
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def end(self, timeout_s: float) -> None:
        """Asks it to end, and kills it if it has not after `timeout_s`; returns when it is gone."""
        self._signal(signal.SIGTERM)
        if not await self._gone_within(timeout_s):
            self._signal(signal.SIGKILL)
            await self._gone_within(5)

    async def _gone_within(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while self.is_alive():
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(POLL_S)
        return True


def birth_of(pid: int) -> float | None:
    """When a process began, in clock ticks since the machine did; None where it is gone or only waits to be reaped.

    Unlike the time of day, it stays the same when the system's clock is corrected. See proc_pid_stat(5).
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    # The name, in brackets, may hold anything.
    fields = status[status.rindex(b")") + 2 :].split()
    return None if fields[0] in b"ZX" else float(fields[19])


def free_port(taken: Iterable[int]) -> int:
    """A port on loopback that nothing listens on and that is not in `taken`; raises `OSError` if there is none."""
    excluded = set(taken)
    start = randbelow(len(PORTS))
    for offset in range(len(PORTS)):
        port = PORTS[(start + offset) % len(PORTS)]
        if port not in excluded and _is_free(port):
            return port
    raise OSError("no free port on loopback")


def _is_free(port: int) -> bool:
    with socket(AF_INET, SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
