"""The second ring: every order of every bot asks here before it is made."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.guard.limits import Limits
from tools.guard.order import Order, OrderFacts
from tools.guard.order_checks import judge_order
from tools.guard.reservations import Reservations
from tools.guard.verdict import Allow, Refuse, Rule, Verdict
from tools.store.database import Store
from tools.store.tables import PermitRow

AGAIN_S = 60.0
"""A bot that asks for the same thing every few seconds is refused each time, and written down this often."""
BOT = Actor(door="bot", scopes=frozenset())

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Permit:
    """The answer to one order; `id` stands where an entry was allowed, and its stake is held until told otherwise."""

    id: str | None
    verdict: Verdict


class OrderWorld(Protocol):
    """What is true of the bot that asks."""

    async def freshen(self, pair: str) -> None:
        """Sees to it that the venue's price of a pair is young, if it can be had; never raises."""

    def of_order(self, order: Order) -> tuple[str, OrderFacts] | None:
        """The bot's name and the facts; None for a bot that there is not."""


class Permits:
    """Judges, reserves and writes down, all in one step: no two bots can both take the last of a limit."""

    def __init__(  # noqa: PLR0913  what a permit is made of
        self,
        store: Store,
        audit: Audit,
        reservations: Reservations,
        world: OrderWorld,
        read_limits: Callable[[], Limits],
        tell_refused: Callable[[PermitRow], None],
    ) -> None:
        self._store = store
        self._audit = audit
        self._reservations = reservations
        self._world = world
        self._read_limits = read_limits
        self._tell_refused = tell_refused
        self._told: dict[tuple[str, str, str, str], float] = {}

    async def ask(self, order: Order) -> Permit:
        """Never raises: what cannot be judged or written down is refused, and an exit passes all the same."""
        try:
            if order.side == "buy":
                await self._world.freshen(order.pair)
            return self._judge(order)
        except Exception:
            log.exception("the order of bot %s on %s could not be judged", order.bot_id, order.pair)
            exits = order.side == "sell"
            return Permit(None, Allow() if exits else Refuse(Rule.UNRECORDABLE, {"pair": order.pair}))

    def placed(self, bot_id: str, permit_id: str, order_id: str) -> None:
        """The exchange has taken the order."""
        self._reservations.placed(bot_id, permit_id, order_id)

    def failed(self, bot_id: str, permit_id: str) -> None:
        """No order was made of the permit."""
        self._reservations.failed(bot_id, permit_id)

    def cancelled(self, bot_id: str, permit_id: str, order_id: str) -> None:
        """The order was taken back with nothing bought."""
        self._reservations.cancelled(bot_id, permit_id, order_id)

    def missed(self, order: Order, reason: str, times: int) -> None:
        """An entry that the bot did not make since it could not be judged: written down as the refusal that it was."""
        found = self._world.of_order(order)
        refused = Refuse(Rule.NO_ANSWER, {"pair": order.pair, "reason": reason, "times": str(times)})
        if found is not None and order.side == "buy" and not self._was_told(order, refused):
            self._record(order, *found, refused)

    def settle(self, bot_id: str, seen: set[str], round_ended: datetime | None) -> None:
        """See `Reservations.settle`."""
        self._reservations.settle(bot_id, seen, round_ended)

    def settle_all(self, bot_id: str) -> None:
        """See `Reservations.settle_all`."""
        self._reservations.settle_all(bot_id)

    def _judge(self, order: Order) -> Permit:
        """Without a wait between the look and the reservation."""
        found = self._world.of_order(order)
        if found is None:
            return Permit(None, Allow() if order.side == "sell" else Refuse(Rule.NOT_ENTERING, {"state": "?"}))
        name, facts = found
        verdict = judge_order(order, facts, self._read_limits())
        if isinstance(verdict, Refuse) and self._was_told(order, verdict):
            return Permit(None, verdict)
        return self._record(order, name, facts, verdict)

    def _record(self, order: Order, name: str, facts: OrderFacts, verdict: Verdict) -> Permit:
        refused = verdict if isinstance(verdict, Refuse) else None
        row: PermitRow | None = None
        with self._store.writing() as session:
            self._audit.add(
                session,
                uuid4().hex,
                "order",
                {"kind": "order", **order.model_dump(mode="json")},
                BOT,
                verdict="refuse" if refused else "allow",
                risk="simulated" if facts.mode == "SIMULATED" else "live",
                rule=refused.rule if refused else None,
                numbers=refused.numbers if refused else None,
            )
            if order.side == "buy":
                row = self._reservations.add(session, order, facts, verdict, name)
        if row is None:
            return Permit(None, verdict)
        self._reservations.keep(row)
        if refused:
            self._tell_refused(row)
        else:
            self._told = {key: at for key, at in self._told.items() if key[:2] != (order.bot_id, order.pair)}
        return Permit(None if refused else row.id, verdict)

    def _was_told(self, order: Order, refused: Refuse) -> bool:
        """An order of another size is another order; a price that drifts makes none of it."""
        key = (order.bot_id, order.pair, order.side, f"{refused.rule} {order.type} {order.amount * order.rate:.1e}")
        at = time.monotonic()
        if at - self._told.get(key, -AGAIN_S) < AGAIN_S and refused.numbers.get("of") != "bot":
            return True
        self._told[key] = at
        return False
