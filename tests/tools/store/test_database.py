import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel, select

from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.store.database import BUSY_MS, MIGRATIONS, Store, is_busy
from tools.store.tables import TradeRow

AT = "2026-01-01 00:00:00.000000"
OLD_ROWS = (
    f"INSERT INTO bot VALUES ('0123456789ab', 'one', '{{}}', 'STOPPED', 'demo', NULL, '{AT}', NULL)",
    f"INSERT INTO trade VALUES ('0123456789ab', 1, 'BTC/USDT', 1, '1', '49.5', '49.5', NULL, NULL, '{AT}', NULL, '0', "
    "'0', NULL, NULL)",
    *(
        f"INSERT INTO audit VALUES ({line}, 's{line}', 'judged', 'start_bot', '{{}}', '{{}}', 'web', 'allow', NULL, "
        f"'{{}}', NULL, '{AT}')"
        for line in (1, 2)
    ),
)


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


def test_migrate_when_the_file_is_of_the_first_schema_then_trades_stay_and_the_audit_is_sealed(tmp_path: Path) -> None:
    store = Store(tmp_path / "old.sqlite")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in OLD_ROWS:
            connection.execute(text(statement))
    store.migrate()
    with store.session() as session:
        trade = session.exec(select(TradeRow)).one()
    assert (trade.mode, trade.pending, trade.stake) == ("SIMULATED", 0, Decimal("49.5"))
    report = Audit(store).verify()
    assert (report.lines, report.breaks) == (2, ())
    Audit(store).write("s3", "judged", {"kind": "pause_bot"}, Actor(door="web"), verdict="allow")
    assert Audit(store).verify().lines == 3
    assert Audit(store).verify().breaks == ()
    store.close()


def test_is_busy_when_another_process_writes_then_it_is_and_what_is_broken_is_not(store: Store) -> None:
    hasty = Store(store.path, busy_ms=1)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError) as busy, hasty.writing():
            pass
    with pytest.raises(OperationalError) as broken, hasty.session() as session:
        session.connection().exec_driver_sql("SELECT nothing FROM nowhere")
    assert (is_busy(busy.value), is_busy(broken.value)) == (True, False)
    assert not is_busy(OperationalError("locked", None, Exception()))
    with hasty.writing_at_once() as session:
        session.connection().exec_driver_sql("INSERT INTO limits (content, at) VALUES ('{}', '2026-01-01 00:00:00')")
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM limits")).scalar() == 1
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == BUSY_MS == 1000
    hasty.close()
