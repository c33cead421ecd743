"""Reads a database that a bot writes, as what it is: a file that its strategy can make into anything.

SQLite follows links and waits at pipes, and a table may be a view that never ends. So the files are read as plain ones,
a copy of them is opened, and no question takes longer or answers more than a bot's real trades would.
"""

import contextlib
import errno
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools.freqtrade.plain import read_plain

MOST_BYTES = 128 * 1024 * 1024
MOST_ROWS = 200_000
MOST_OF_ONE_VALUE = 1_000_000
READ_BOUND_S = 2.0
STEPS = 10_000
"""How much SQLite does between two looks at the clock."""
TRIES = 20
WAL_HEADER = 32
LOGS = ("-wal", "-journal")


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the database as it stands, whoever writes to it. Raises `sqlite3.Error` where it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="tradehelm-") as folder:
        copy = Path(folder) / "copy.sqlite"
        try:
            for ending, content in _read_whole(path).items():
                copy.with_name(copy.name + ending).write_bytes(content)
        except OSError as error:
            raise sqlite3.OperationalError(f"{path} cannot be read: {error}") from error
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            _bound(connection)
            yield connection


def fetch(connection: sqlite3.Connection, query: str) -> list[sqlite3.Row]:
    """All rows. Raises `sqlite3.Error`, also where there are more than any bot has."""
    rows = connection.execute(query).fetchmany(MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise sqlite3.DataError(f"more than {MOST_ROWS} rows")
    return rows


def _bound(connection: sqlite3.Connection) -> None:
    deadline = time.monotonic() + READ_BOUND_S
    connection.row_factory = sqlite3.Row
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_OF_ONE_VALUE)
    connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
    connection.execute("PRAGMA trusted_schema = OFF")


def _read_whole(path: Path) -> dict[str, bytes]:
    """The file and its logs, by their endings, with nothing moved from a log into the file meanwhile.

    Frames that are added to a log while it is read do no harm: what was not committed does not count.
    """
    before = read_plain(path, MOST_BYTES)
    for _ in range(TRIES):
        logs = {ending: _read_log(path, ending) for ending in LOGS}
        after = read_plain(path, MOST_BYTES)
        if before == after and _read_log(path, "-wal")[:WAL_HEADER] == logs["-wal"][:WAL_HEADER]:
            return {"": before} | {ending: content for ending, content in logs.items() if content}
        before = after
    raise OSError(errno.EBUSY, "it is written to all the time", os.fspath(path))


def _read_log(path: Path, ending: str) -> bytes:
    """Empty where there is none."""
    try:
        return read_plain(path.with_name(path.name + ending), MOST_BYTES)
    except FileNotFoundError:
        return b""
