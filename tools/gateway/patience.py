"""Connections that say nothing, or half of something, or do not listen: how long they are kept.

Uvicorn keeps a connection for good that has not said a whole request, and a process has only so many. All come from
this machine, and nothing tells whose they are: those that have owed a request for the longest are closed first.
"""

import asyncio
import logging
import resource

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SAID_WITHIN_S = 10.0
"""From the connection's beginning, or the end of the answer before, to the last byte of a request."""
HEARD_WITHIN_S = 30.0
"""An answer of which nothing could be handed over for so long is not waited for."""
MOST_SILENT = 512
"""Connections that owe a request; beyond that the oldest of them is closed."""
MOST_FILES = 65_536

log = logging.getLogger(__name__)


class Owing:
    """Connections from which a request is due, in the order in which they began to owe it."""

    def __init__(self, within_s: float = SAID_WITHIN_S, most: int = MOST_SILENT) -> None:
        self._within_s = within_s
        self._most = most
        self._since: dict[Patient, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, one: "Patient") -> None:
        """Those that owe already go on owing from when they began."""
        if one in self._since:
            return
        self._since[one] = one.loop.time()
        if len(self._since) > self._most:
            self._close(next(iter(self._since)))
        if self._timer is None:
            self._timer = one.loop.call_later(self._within_s, self._look, one.loop)

    def drop(self, one: "Patient") -> None:
        self._since.pop(one, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        while self._since:
            oldest, since = next(iter(self._since.items()))
            if now - since < self._within_s:
                self._timer = loop.call_later(since + self._within_s - now, self._look, loop)
                return
            self._close(oldest)

    def _close(self, one: "Patient") -> None:
        self.drop(one)
        one.transport.abort()


class Patient(H11Protocol):
    """Uvicorn's own, which sees to it that requests are said and answers are heard."""

    owing: Owing
    _deaf: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # Writing pauses as soon as the other end takes no more.
        self.owing.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.owing.drop(self)
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait_for_a_listener()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._deaf is not None:
            self._deaf.cancel()
            self._deaf = None

    def _wait_for_a_listener(self, before: int | None = None) -> None:
        """Looks again and again how much is left, until all is handed over or nothing of it is taken any more."""
        left = self.transport.get_write_buffer_size()
        if left == before:
            self.transport.abort()
            return
        if self._deaf is not None:
            self._deaf.cancel()
        self._deaf = self.loop.call_later(HEARD_WITHIN_S, self._wait_for_a_listener, left)

    def _look(self) -> None:
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and not self.transport.is_closing():
            self.owing.add(self)
        else:
            self.owing.drop(self)


def patient(owing: Owing) -> type[Patient]:
    """A protocol for one server."""
    return type("PatientOfOne", (Patient,), {"owing": owing})


def raise_open_files(most: int = MOST_FILES) -> None:
    """As many files and connections as the process may have; shells and service managers start it with fewer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(hard, most)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as error:
        log.warning("no more than %d files can be open: %s", soft, error)
