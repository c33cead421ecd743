"""The numbered log that viewers follow: an event is stored before anyone sees it, so who drops out misses nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from tools.store.database import Store
from tools.store.tables import EventRow, now

PAGE = 500


@dataclass(frozen=True)
class Event:
    """One event of a stream; `seq` is None for a flash, which is not stored."""

    seq: int | None
    stream: str
    run_id: str | None
    name: str
    data: Mapping[str, Any]
    at: datetime


@dataclass(eq=False)
class _Follower:
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    flashes: dict[str, Event] = field(default_factory=dict)
    """The newest flash of each name: a slow viewer skips old ones instead of piling them up."""


class EventLog:
    """Appends events and lets any number of viewers follow a stream from any point of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._followers: dict[str, set[_Follower]] = {}
        self._closed = False

    def append(self, stream: str, name: str, data: Mapping[str, Any], run_id: str | None = None) -> Event:
        """Stores an event, then wakes those who follow its stream."""
        row = EventRow(stream=stream, name=name, data=dict(data), run_id=run_id)
        with self._store.session() as session:
            session.add(row)
            session.commit()
        for follower in self._followers.get(stream, ()):
            follower.woken.set()
        return _event(row)

    def flash(self, stream: str, name: str, data: Mapping[str, Any]) -> None:
        """Shows something to those who look right now, without keeping it."""
        event = Event(None, stream, None, name, data, now())
        for follower in self._followers.get(stream, ()):
            follower.flashes[name] = event
            follower.woken.set()

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> list[Event]:
        """Stored events of a stream with a higher number than `after`, in order."""
        query = select(EventRow).where(EventRow.stream == stream, col(EventRow.seq) > after)
        with self._store.session() as session:
            return [_event(row) for row in session.exec(query.order_by(col(EventRow.seq)).limit(limit))]

    def read_last_seq(self, stream: str) -> int:
        with self._store.session() as session:
            return session.exec(select(func.max(EventRow.seq)).where(EventRow.stream == stream)).one() or 0

    def has_run(self, stream: str, run_id: str) -> bool:
        """Whether a run has said anything in a stream."""
        query = select(EventRow.seq).where(EventRow.stream == stream, EventRow.run_id == run_id).limit(1)
        with self._store.session() as session:
            return session.exec(query).first() is not None

    def has_followers(self, stream: str) -> bool:
        return bool(self._followers.get(stream))

    async def follow(self, stream: str, after: int) -> AsyncIterator[Event]:
        """All events after a number: first the stored ones, then each as it comes, until the log is closed."""
        follower = _Follower()
        self._followers.setdefault(stream, set()).add(follower)
        try:
            while not self._closed:
                follower.woken.clear()
                for event in (events := self.read(stream, after)):
                    after = event.seq or after
                    yield event
                flashes, follower.flashes = follower.flashes, {}
                for event in flashes.values():
                    yield event
                if not events and not flashes:
                    await follower.woken.wait()
        finally:
            self._followers[stream].discard(follower)

    def close(self) -> None:
        """Lets everyone who follows come to an end."""
        self._closed = True
        for follower in {one for group in self._followers.values() for one in group}:
            follower.woken.set()


def _event(row: EventRow) -> Event:
    return Event(row.seq, row.stream, row.run_id, row.name, row.data, row.at)
