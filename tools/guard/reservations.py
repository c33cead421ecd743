"""What bots were allowed to enter and no trade shows yet: it counts against the limits until one does."""

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from sqlmodel import Session, col, delete, select

from tools.guard.order import Order, OrderFacts
from tools.guard.verdict import Allow, Refuse, Rule, Verdict
from tools.store.database import Store
from tools.store.tables import HoldRow, PermitRow, now

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
KEPT = timedelta(days=40)
"""Longer than any preview looks back."""
HOLDING = ("reserved", "placed", "failed")
AFTER_ROUND = timedelta(seconds=2)
"""An order that came to something is in a bot's database by then, at the latest."""
UNTOLD = timedelta(seconds=90)
"""A permit of which nothing was told is over by then: its order was made, and shows, or was not."""
ZERO = Decimal(0)


@dataclass
class Reservation:
    """The stake of one permit, held until a trade shows it or nothing came of it."""

    id: str
    bot_id: str
    pair: str
    stake: Decimal
    at: datetime
    status: str = "reserved"
    order_id: str | None = None
    told_at: datetime | None = None
    """When the bot said what came of it."""

    def is_over(self, round_ended: datetime) -> bool:
        """Whether a bot that finished a round then would show its order, if there were one.

        An order that the exchange took is there, whether its bot's trades ever show it or not.
        """
        if self.status == "placed":
            return False
        known = self.told_at + AFTER_ROUND if self.told_at else self.at + UNTOLD
        return round_ended > known


class Reservations:
    """Kept in the database and in memory, since every order asks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: defaultdict[str, dict[str, Reservation]] = defaultdict(dict)
        self._entries: defaultdict[tuple[str, str], deque[datetime]] = defaultdict(deque)
        self._too_fast: defaultdict[str, deque[datetime]] = defaultdict(deque)
        with store.session() as session:
            old = delete(PermitRow).where(col(PermitRow.at) < now() - KEPT, col(PermitRow.status).not_in(HOLDING))
            session.exec(old)
            session.commit()
            for row in session.exec(select(PermitRow).where(col(PermitRow.status).in_(HOLDING))):
                self._take(row)
            recent = select(PermitRow).where(PermitRow.at > now() - HOUR).order_by(col(PermitRow.at))
            for row in session.exec(recent):
                self._count(row)
            let_go = select(HoldRow).where(col(HoldRow.bot_id).is_not(None), col(HoldRow.released_at) > now() - MINUTE)
            for hold in session.exec(let_go):
                _drop_until(self._too_fast[hold.bot_id or ""], hold.released_at or hold.at)

    def add(self, session: Session, order: Order, facts: OrderFacts, verdict: Verdict, bot_name: str) -> PermitRow:
        """Writes what was asked and answered into a transaction; `keep` it when that has been committed."""
        refused = verdict if isinstance(verdict, Refuse) else None
        row = PermitRow(
            id=uuid4().hex,
            bot_id=order.bot_id,
            bot_name=bot_name,
            mode=facts.mode,
            pair=order.pair,
            stake=order.cost_at(facts.price or order.rate),
            order=order.model_dump(mode="json"),
            facts=facts.model_dump(mode="json"),
            status="reserved" if isinstance(verdict, Allow) else "refused",
            rule=refused.rule if refused else None,
            numbers=dict(refused.numbers) if refused else {},
        )
        session.add(row)
        return row

    def keep(self, row: PermitRow) -> None:
        """Holds the stake of a permit that was written, and counts it."""
        self._count(row)
        if row.status in HOLDING:
            self._take(row)

    def placed(self, bot_id: str, permit_id: str, order_id: str) -> None:
        """The exchange has taken the order. Said once, it stays.

        Its stake is held until a trade shows it, it was taken back with nothing bought, or its process is gone: a
        strategy can order past its bot's books.
        """
        found = self._held[bot_id].get(permit_id)
        if found is not None and (found.order_id is None or (found.status, found.order_id) == ("placed", order_id)):
            found.status, found.order_id, found.told_at = "placed", order_id, now()
            self._write(permit_id, status="placed", order_id=order_id, placed_at=found.told_at)

    def failed(self, bot_id: str, permit_id: str) -> None:
        """No order was made, says the bot: its stake is given back when a round has ended that shows none."""
        found = self._held[bot_id].get(permit_id)
        if found is not None and found.told_at is None:
            self._end(found, None)

    def cancelled(self, bot_id: str, permit_id: str, order_id: str) -> None:
        """The order was taken back and nothing had been bought: as if none had been made."""
        found = self._held[bot_id].get(permit_id)
        if found is not None and found.order_id in (None, order_id) and found.status != "failed":
            self._end(found, order_id)

    def settle(self, bot_id: str, seen: set[str], round_ended: datetime | None) -> None:
        """Gives back what the bot's trades show by themselves now, and what came to nothing.

        `seen` are the ids of all orders of those trades; `round_ended` was read before the trades were. One that lies
        in the future ended before the clock was set back, and says nothing of what was allowed since.
        """
        ended = round_ended if round_ended is not None and round_ended <= now() else None
        for found in list(self._held[bot_id].values()):
            shown = found.order_id is not None and found.order_id in seen
            if shown or (ended is not None and found.is_over(ended)):
                self._give_back(found)

    def settle_all(self, bot_id: str) -> None:
        """For a bot whose process is gone and whose trades were read since."""
        for found in list(self._held[bot_id].values()):
            self._give_back(found)

    def held(self, bot_id: str) -> dict[str, Decimal]:
        """By pair, in the stake currency."""
        sums: dict[str, Decimal] = {}
        for found in self._held[bot_id].values():
            sums[found.pair] = sums.get(found.pair, ZERO) + found.stake
        return sums

    def count_entries(self, scope: str, window: timedelta) -> int:
        """How many entries of a bot, or of all bots of a mode, were allowed within the last minute or hour."""
        return _count_since(self._entries[scope, "1m" if window <= MINUTE else "1h"], now() - window)

    def count_too_fast(self, bot_id: str) -> int:
        """How many entries within the last minute were refused since the bot came too fast by its own measure."""
        return _count_since(self._too_fast[bot_id], now() - MINUTE)

    def forgive(self, bot_id: str) -> None:
        """A person has seen that the bot was too fast."""
        self._too_fast.pop(bot_id, None)

    def read_asked(self, since: datetime, most: int = 20_000) -> list[PermitRow]:
        """The newest entries that bots asked for since then, oldest first."""
        query = select(PermitRow).where(PermitRow.at >= since).order_by(col(PermitRow.at).desc()).limit(most)
        with self._store.session() as session:
            return list(session.exec(query))[::-1]

    def read_refused(self, limit: int) -> list[PermitRow]:
        """The newest refused entries, newest first."""
        query = select(PermitRow).where(PermitRow.status == "refused").order_by(col(PermitRow.at).desc()).limit(limit)
        with self._store.session() as session:
            return list(session.exec(query))

    def _take(self, row: PermitRow) -> None:
        self._held[row.bot_id][row.id] = Reservation(
            row.id, row.bot_id, row.pair, row.stake, row.at, row.status, row.order_id, row.placed_at
        )

    def _count(self, row: PermitRow) -> None:
        if row.status != "refused":
            for scope in (row.bot_id, row.mode):
                self._entries[scope, "1m"].append(row.at)
                self._entries[scope, "1h"].append(row.at)
        elif row.rule == Rule.ORDER_RATE and (row.numbers.get("of"), row.numbers.get("window_s")) == ("bot", "60"):
            self._too_fast[row.bot_id].append(row.at)

    def _end(self, found: Reservation, order_id: str | None) -> None:
        """Written first: what could not be written down is not given back."""
        at = now()
        self._write(found.id, status="failed", order_id=order_id, placed_at=at)
        found.status, found.order_id, found.told_at = "failed", order_id, at

    def _give_back(self, found: Reservation) -> None:
        del self._held[found.bot_id][found.id]
        self._write(found.id, status="settled")

    def _write(self, permit_id: str, **values: object) -> None:
        with self._store.session() as session:
            row = session.get_one(PermitRow, permit_id)
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
            session.commit()


def _count_since(times: deque[datetime], since: datetime) -> int:
    """Drops what is older; each deque is asked for one window only."""
    _drop_until(times, since)
    return len(times)


def _drop_until(times: deque[datetime], at: datetime) -> None:
    while times and times[0] <= at:
        times.popleft()
