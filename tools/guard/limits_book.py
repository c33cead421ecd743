"""The owner's limits as they are kept: every version stays, the newest is in force."""

from datetime import datetime

from sqlmodel import col, select

from tools.guard.limits import Limits
from tools.store.database import Store
from tools.store.tables import LimitsRow


class LimitsBook:
    """Reads the limits in force and adds versions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self) -> Limits:
        return Limits.model_validate(self._newest().content)

    def read_changed_at(self) -> datetime:
        return self._newest().at

    def write(self, limits: Limits) -> None:
        with self._store.session() as session:
            session.add(LimitsRow(content=limits.model_dump(mode="json")))
            session.commit()

    def _newest(self) -> LimitsRow:
        with self._store.session() as session:
            row = session.exec(select(LimitsRow).order_by(col(LimitsRow.version).desc()).limit(1)).first()
        if row is None:
            self.write(Limits())
            return self._newest()
        return row
