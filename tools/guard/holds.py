"""What the guard keeps from entering until a person lets it: single bots, and with the panic stop all of them."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from tools.store.database import Store
from tools.store.tables import HoldRow, now

PANIC = "panic"

log = logging.getLogger(__name__)


class Holds:
    """Kept in the database and in memory, since every order asks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.session() as session:
            active = list(session.exec(select(HoldRow).where(col(HoldRow.released_at).is_(None))))
            released = select(HoldRow).where(col(HoldRow.released_at).is_not(None)).order_by(col(HoldRow.released_at))
            ended = list(session.exec(released))
        self._active: dict[str | None, HoldRow] = {row.bot_id: row for row in active}
        self._released = {(row.bot_id, row.rule): row.released_at for row in ended}

    def find(self, bot_id: str | None) -> HoldRow | None:
        """What holds a bot, or with None the panic stop."""
        if bot_id is None:
            self._refresh_panic()
        return self._active.get(bot_id)

    def is_panic(self) -> bool:
        """Asked of the database: the command may have written it while this process was hung."""
        self._refresh_panic()
        return None in self._active

    def hold(
        self,
        bot_id: str | None,
        rule: str,
        numbers: Mapping[str, str] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> HoldRow:
        """Holds a bot, or with None all of them; what is held already stays as it is."""
        if (row := self.find(bot_id)) is not None:
            return row
        row = HoldRow(
            id=uuid4().hex, bot_id=bot_id, rule=rule, numbers=dict(numbers or {}), details=dict(details or {})
        )
        self._save(row)
        self._active[bot_id] = row
        return row

    def note(self, bot_id: str | None, **details: Any) -> None:
        """Adds to what is known of a hold; does nothing where there is none."""
        if row := self._active.get(bot_id):
            row.details = {**row.details, **details}
            self._save(row)

    def release(self, bot_id: str | None, by: str) -> HoldRow | None:
        """Lets a bot, or with None all of them, enter again; `by` is the door of the person who says so."""
        released = None
        while (row := self.find(bot_id)) is not None:
            row.released_at, row.released_by = now(), by
            self._save(row)
            self._released[bot_id, row.rule] = row.released_at
            del self._active[bot_id]
            released = row
        return released

    def read_last_release(self, bot_id: str, rule: str) -> datetime | None:
        """When a person last let a bot go that was held for `rule`."""
        return self._released.get((bot_id, rule))

    def forget(self, bot_id: str) -> None:
        """For a bot that was deleted."""
        self.release(bot_id, "deleted")

    def _refresh_panic(self) -> None:
        pressed = select(HoldRow).where(col(HoldRow.bot_id).is_(None), col(HoldRow.released_at).is_(None)).limit(1)
        try:
            with self._store.session() as session:
                row = session.exec(pressed).first()
        except SQLAlchemyError:
            log.exception("whether the panic stop is on cannot be read anew")
            return
        if row is None:
            self._active.pop(None, None)
        elif (known := self._active.get(None)) is None or known.id != row.id:
            self._active[None] = row

    def _save(self, row: HoldRow) -> None:
        with self._store.session() as session:
            session.add(row)
            session.commit()
