"""The owner's limits as they are kept: every version stays, the newest is in force."""

from datetime import datetime

from sqlmodel import col, select

from tools.guard.limits import Limits
from tools.store.database import Store
from tools.store.tables import LimitsRow


class LimitsBook:
    """Reads the limits in force, which every order asks for, and adds versions; nobody else writes them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._limits, self._row = self._read_newest()

    def read(self) -> Limits:
        return self._limits

    def read_changed_at(self) -> datetime:
        return self._row.at

    def write(self, limits: Limits) -> None:
        row = LimitsRow(content=limits.model_dump(mode="json"))
        with self._store.session() as session:
            session.add(row)
            session.commit()
        self._limits, self._row = limits, row

    def _read_newest(self) -> tuple[Limits, LimitsRow]:
        with self._store.session() as session:
            row = session.exec(select(LimitsRow).order_by(col(LimitsRow.version).desc()).limit(1)).first()
        if row is None:
            self.write(Limits())
            return self._limits, self._row
        return Limits.model_validate(row.content), row
