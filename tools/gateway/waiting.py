"""Waiting for what other processes do first, in whichever order they were started."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TypeVar

from alembic.script import ScriptDirectory

from tools.gateway.clock import ticks
from tools.gateway.complaints import Complaints
from tools.store.database import MIGRATIONS

AGAIN_S = 0.5
Found = TypeVar("Found")

log = logging.getLogger(__name__)
complaints = Complaints(log, ticks)


class NotYet(Exception):
    """What was tried cannot be done now; its text says what is missing."""


async def until(attempt: Callable[[], Awaitable[Found]]) -> Found:
    """What `attempt` gives when it does not raise `NotYet` any more."""
    while True:
        try:
            return await attempt()
        except NotYet as missing:
            complaints.say("orders are not taken yet: %s", missing)
            await asyncio.sleep(AGAIN_S)


def check_migrated(path: Path) -> None:
    """Raises `NotYet` where the product's database is not at the schema that this program knows."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        found = None
    if found is None or found[0] != _newest():
        raise NotYet(f"{path} is not at the newest schema; the API brings it there")


@cache
def _newest() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
