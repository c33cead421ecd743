"""What deleted bots had won or lost: deleting a bot does not undo a loss."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete
from sqlmodel import col, select

from tools.store.database import Store
from tools.store.tables import BotRow, DepartedRow

ZERO = Decimal(0)


class Departed:
    """Kept in the database and in memory, since every order asks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._all: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._by_day: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        with store.session() as session:
            session.execute(delete(DepartedRow).where(col(DepartedRow.bot_id).in_(select(BotRow.id))))
            session.commit()
            for row in session.exec(select(DepartedRow)):
                self._count(row)

    def write(self, bot_id: str, mode: str, at: datetime, *, today: Decimal, profit: Decimal) -> None:
        """For a bot that is deleted next; one that is still there after a crash is seen not to have departed."""
        row = DepartedRow(bot_id=bot_id, mode=mode, day=f"{at:%Y-%m-%d}", profit_today=today, profit=profit)
        with self._store.session() as session:
            session.add(row)
            session.commit()
        self._count(row)

    def read(self, mode: str, day_begin: datetime) -> tuple[Decimal, Decimal]:
        """Profit of the UTC day that begins then, and of all time, in the stake currency."""
        return self._by_day.get((mode, f"{day_begin:%Y-%m-%d}"), ZERO), self._all.get(mode, ZERO)

    def _count(self, row: DepartedRow) -> None:
        self._all[row.mode] += row.profit
        self._by_day[row.mode, row.day] += row.profit_today
