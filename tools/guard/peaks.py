"""The highest profit of each bot and of all bots of a mode, from which drawdown is measured."""

from decimal import Decimal

from sqlmodel import select

from tools.store.database import Store
from tools.store.tables import PeakRow, now

ZERO = Decimal(0)


class Peaks:
    """Kept in the database and in memory, since every order asks. Profit is in the stake currency, from zero."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.session() as session:
            self._peaks = {row.scope: row.profit for row in session.exec(select(PeakRow))}

    def drawdown(self, scope: str, profit: Decimal) -> Decimal:
        """How far `profit` is below the peak of a bot's id or a mode; zero or more."""
        return max(self._peaks.get(scope, ZERO) - profit, ZERO)

    def note(self, scope: str, profit: Decimal) -> None:
        """Raises the peak where profit has passed it."""
        if profit > self._peaks.get(scope, ZERO):
            self.rebase(scope, profit)

    def rebase(self, scope: str, profit: Decimal) -> None:
        """Measures from `profit` on: a person has seen the drawdown and goes on."""
        with self._store.session() as session:
            session.merge(PeakRow(scope=scope, profit=profit, at=now()))
            session.commit()
        self._peaks[scope] = profit
