"""What the app answers while another process writes to its database, and where it is broken."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.api.inside import Inside, open_inside


@pytest.fixture
async def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inside:
    monkeypatch.setattr("tools.store.database.Store.__init__.__defaults__", (1,))
    async with open_inside(tmp_path, monkeypatch) as opened:
        yield opened


async def test_write_when_another_process_writes_then_it_says_so_and_nothing_was_done(hasty: Inside) -> None:
    with closing(sqlite3.connect(hasty.services.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        before = await hasty.read_state()
        answer = await hasty.http.put("/api/limits", json={"max_trade": "40"})
        assert (answer.status_code, answer.json()["error"]) == (503, "database_busy")
        assert await hasty.read_state() == before
        other.execute("ROLLBACK")
    assert (await hasty.http.put("/api/limits", json={"max_trade": "40"})).status_code == 200


async def test_write_when_the_database_is_broken_then_it_is_our_fault(hasty: Inside) -> None:
    hasty.change("DROP TABLE audit_head")
    answer = await hasty.http.put("/api/limits", json={"max_trade": "40"})
    assert (answer.status_code, answer.json()["error"]) == (500, "internal")
