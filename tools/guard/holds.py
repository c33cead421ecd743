"""What the guard keeps from entering until a person lets it: single bots, and with the panic stop all of them."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from tools.store.database import Store
from tools.store.tables import HoldRow, now

PANIC = "panic"
PRESSED, CARRIED_OUT = "pressed", "carried_out"
"""Of a panic stop's details: its newest press, and the newest of which all was done that it asks."""
UNSOLD = "unsold"
"""Of a panic stop's details: the ids of the bots that the newest press could not have sell all that they hold."""

log = logging.getLogger(__name__)


class Holds:
    """Kept in the database and in memory, since every order asks.

    The panic stop may be pressed by another process, past this one that hangs, or while nothing can be written: it is
    read anew whenever it is asked for, and what could not be written holds all the same and is written later.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.session() as session:
            active = list(session.exec(select(HoldRow).where(col(HoldRow.released_at).is_(None))))
            released = select(HoldRow).where(col(HoldRow.released_at).is_not(None)).order_by(col(HoldRow.released_at))
            ended = list(session.exec(released))
        self._active: dict[str | None, HoldRow] = {row.bot_id: row for row in active}
        self._released = {(row.bot_id, row.rule): row.released_at for row in ended}
        self._unwritten: HoldRow | None = None
        self._under_way: set[str] = set()

    def find(self, bot_id: str | None) -> HoldRow | None:
        """What holds a bot, or with None the panic stop."""
        if bot_id is None:
            self._refresh_panic()
        return self._active.get(bot_id)

    def is_panic(self) -> bool:
        """Asked of the database: the command may have written it while this process was hung."""
        return self.find(None) is not None

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
        if bot_id is None:
            return self._write_panic(row, row.details)
        self._save(row)
        self._active[bot_id] = row
        return row

    def note(self, bot_id: str | None, **details: Any) -> None:
        """Adds to what is known of a hold; does nothing where there is none."""
        row = self.find(bot_id)
        if row is not None and bot_id is None:
            self._write_panic(row, details)
        elif row is not None:
            row.details = {**row.details, **details}
            self._save(row)

    def press(self, *, exits: bool, door: str) -> str:
        """The panic stop: nothing enters from now on. Returns this press, of which the rest is still to be done."""
        press = uuid4().hex
        row = self.hold(None, PANIC, details={"exit": exits, "door": door, PRESSED: press})
        if row.details.get(PRESSED) != press:
            self.note(None, **{PRESSED: press}, **({"exit": True} if exits else {}))
        return press

    @contextmanager
    def carrying_out(self, press: str) -> Iterator[list[str]]:
        """While this process does what a press asks; when it has come to its end, that is noted.

        What is put into the list is left for later, and then the press is not carried out yet.
        """
        self._under_way.add(press)
        left: list[str] = []
        try:
            yield left
            row = self.find(None)
            if not left and row is not None and row.details.get(PRESSED) == press:
                self.note(None, **{CARRIED_OUT: press})
        finally:
            self._under_way.discard(press)

    def note_sale(self, bot_id: str, *, failed: bool) -> None:
        """Of a bot that the panic stop has tried to have sell all that it holds."""
        row = self.find(None)
        before = set(row.details.get(UNSOLD, ())) if row else set()
        after = before | {bot_id} if failed else before - {bot_id}
        if after != before:
            self.note(None, **{UNSOLD: sorted(after)})

    def is_sale_on(self) -> bool:
        """Whether the panic stop is on, and all that the bots hold is to be sold."""
        row = self.find(None)
        return row is not None and bool(row.details.get("exit"))

    def find_not_carried_out(self) -> HoldRow | None:
        """The panic stop, where nobody does what its newest press asks, and nobody has done it."""
        row = self.find(None)
        if row is None:
            return None
        return None if _newest_press(row) in self._under_way or is_carried_out(row) else row

    def write_again(self) -> None:
        """Writes the panic stop that could not be written, if there is one; waits for nobody."""
        if (row := self._unwritten) is not None:
            self._write_panic(row, row.details, patient=False)

    def release(self, bot_id: str | None, by: str) -> HoldRow | None:
        """Lets a bot, or with None all of them, enter again; `by` is the door of the person who says so."""
        released = None
        while (row := self.find(bot_id)) is not None:
            row.released_at, row.released_by = now(), by
            try:
                self._save(row)
            except BaseException:
                row.released_at = row.released_by = None
                raise
            self._released[bot_id, row.rule] = row.released_at
            del self._active[bot_id]
            if bot_id is None:
                self._unwritten = None
            released = row
        return released

    def read_last_release(self, bot_id: str, rule: str) -> datetime | None:
        """When a person last let a bot go that was held for `rule`."""
        return self._released.get((bot_id, rule))

    def forget(self, bot_id: str) -> None:
        """For a bot that was deleted."""
        self.release(bot_id, "deleted")

    def _refresh_panic(self) -> None:
        if self._unwritten is not None:
            return
        try:
            with self._store.session() as session:
                row = _read_panic(session)
        except SQLAlchemyError:
            log.exception("whether the panic stop is on cannot be read anew")
            return
        if row is None:
            self._active.pop(None, None)
        else:
            self._active[None] = row

    def _write_panic(self, row: HoldRow, added: Mapping[str, Any], *, patient: bool = True) -> HoldRow:
        """Adds to what anybody has written of it; where that fails, it holds all the same and is known here alone."""
        self._active[None] = row
        try:
            with self._store.writing() if patient else self._store.writing_at_once() as session:
                kept = _read_panic(session) or HoldRow(**row.model_dump())
                kept.details = _merged(kept.details, added)
                session.add(kept)
        except SQLAlchemyError:
            if self._unwritten is None:
                log.exception("the panic stop cannot be written down now; it holds, and is written when it can be")
            row.details = _merged(row.details, added)
            self._unwritten = row
            return row
        self._active[None], self._unwritten = kept, None
        return kept

    def _save(self, row: HoldRow) -> None:
        with self._store.session() as session:
            session.add(row)
            session.commit()


def is_carried_out(row: HoldRow) -> bool:
    """Whether all was done that the newest press of a panic stop asks, or was tried and noted."""
    return bool(_newest_press(row) == row.details.get(CARRIED_OUT))


def _newest_press(row: HoldRow) -> str:
    return str(row.details.get(PRESSED, row.id))


def _read_panic(session: Session) -> HoldRow | None:
    """The oldest that stands, if there are several."""
    pressed = select(HoldRow).where(col(HoldRow.bot_id).is_(None), col(HoldRow.released_at).is_(None))
    return session.exec(pressed.order_by(col(HoldRow.at)).limit(1)).first()


def _merged(kept: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever asks for a sale is not undone by who asks for none; each press is carried out by itself."""
    merged = {**kept, **added}
    if kept.get(PRESSED) != added.get(PRESSED, kept.get(PRESSED)):
        merged.pop(CARRIED_OUT, None)
        merged.pop(UNSOLD, None)
    if kept.get("exit"):
        merged["exit"] = True
    return merged
