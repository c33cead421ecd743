"""The audit straight from the database file, which is only read: it can be checked whatever runs or does not."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from api.account import AuditCheck, write_jsonl
from tools.guard.audit import Audit
from tools.store.database import Store


class Unreadable(Exception):
    """The file is not there, or holds no audit."""


class _ReadOnly(Store):
    """A database file that cannot be changed through it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = create_engine(f"sqlite:///file:{quote(str(path.resolve()))}?mode=ro&uri=true")


def verify_file(path: Path) -> AuditCheck:
    """Whether every line is there as it was written. Raises `Unreadable`."""
    with _open(path) as audit:
        return AuditCheck.of(audit.verify())


def export_file(path: Path, to: TextIO) -> None:
    """Writes every line as one of JSON, with its seals. Raises `Unreadable` and `OSError`."""
    with _open(path) as audit:
        for lines in write_jsonl(audit.read_all()):
            to.write(lines)


@contextmanager
def _open(path: Path) -> Iterator[Audit]:
    if not path.is_file():
        raise Unreadable("no such file")
    store = _ReadOnly(path)
    try:
        yield Audit(store)
    except (SQLAlchemyError, sqlite3.Error, ValueError) as error:
        raise Unreadable(str(error).split("\n", maxsplit=1)[0]) from error
    finally:
        store.close()
