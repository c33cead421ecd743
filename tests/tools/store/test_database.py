from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from tools.store.database import Store


def test_migrate_when_done_then_the_schema_is_that_of_the_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_open_when_migrated_then_it_is_in_wal_mode_and_private(store: Store) -> None:
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    assert store.path.stat().st_mode & 0o077 == 0


def test_migrate_when_done_twice_then_nothing_is_lost(tmp_path: Path) -> None:
    for _ in range(2):
        store = Store(tmp_path / "deep" / "tradehelm.sqlite")
        store.migrate()
        with store.engine.begin() as connection:
            connection.execute(text("INSERT INTO limits (content, at) VALUES ('{}', '2026-01-01 00:00:00')"))
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM limits")).scalar() == 2
    store.close()
