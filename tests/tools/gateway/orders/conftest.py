"""A gate for each test, on an exchange of its own."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.tools.gateway.orders.gate import LIMITS, ONE, OTHER, Gate
from tests.tools.gateway.orders.venue import Server, Venue
from tools.store.database import Store


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once, and copied."""
    path = tmp_path_factory.mktemp("orders") / "empty.sqlite"
    made = Store(path)
    made.migrate()
    made.close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Iterator[Store]:
    shutil.copy(empty_database, tmp_path / "tradehelm.sqlite")
    opened = Store(tmp_path / "tradehelm.sqlite", busy_ms=200)
    yield opened
    opened.close()


@pytest.fixture
def venue() -> Venue:
    return Venue()


@pytest.fixture
def server(venue: Venue) -> Iterator[Server]:
    running = Server(venue)
    yield running
    running.close()


@pytest.fixture
async def gate(tmp_path: Path, store: Store, venue: Venue, server: Server) -> AsyncIterator[Gate]:
    """Two bots of 100 USDT in three slots with a mandate each, on an exchange where a BTC costs 100 USDT."""
    made = Gate(tmp_path, store, venue, server.url)
    made.write_limits(LIMITS)
    made.add_bot(ONE)
    made.add_bot(OTHER)
    await made.open()
    yield made
    await made.stop()
