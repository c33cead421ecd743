"""The plan: which faults are planned, which requests they strike, and what they have struck."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

from tools.exchange.clock import SECOND_MS, Clock, format_time, wall_clock
from tools.exchange.faults.fault import WHICH_AND_WHEN, Fault
from tools.exchange.faults.kinds import Action, BadFault, Connection, StalePrices

Sleep = Callable[[float], Awaitable[object]]
"""Waits for so many seconds."""

A_co = TypeVar("A_co", bound=Action, covariant=True)

LARGEST_PLAN = 2_000
LONGEST_LOG = 1_000


@dataclass(frozen=True)
class Struck(Generic[A_co]):
    """What happens to one request: an action, and the moment when its fault began (ms UTC)."""

    action: A_co
    began_ms: int


@dataclass(frozen=True)
class Strike:
    """One entry of the log. Numbers begin at 1 and go on when old entries are forgotten."""

    number: int
    at_ms: int
    fault: str
    kind: str
    method: str
    path: str

    def describe(self) -> dict[str, Any]:
        """The entry as JSON shows it, its moment in RFC 3339."""
        entry = asdict(self)
        return {"number": entry.pop("number"), "at": format_time(entry.pop("at_ms")), **entry}


@dataclass
class Planned:
    """A fault with its place in time (ms UTC), its own random numbers, and how often it has struck."""

    id: str
    fault: Fault
    begins_ms: int
    rng: np.random.Generator
    strikes: int = field(default=0)

    def state(self, now_ms: int) -> str:
        """Whether it is `waiting`, `active` or `over`."""
        if now_ms < self.begins_ms:
            return "waiting"
        lasts_s, count = self.fault.duration_s, self.fault.count
        late = lasts_s is not None and now_ms >= self.begins_ms + lasts_s * SECOND_MS
        return "over" if late or (count is not None and self.strikes >= count) else "active"

    def draws(self) -> bool:
        """Whether chance lets it strike this time."""
        return self.fault.probability == 1 or bool(self.rng.random() < self.fault.probability)

    def describe(self, now_ms: int) -> dict[str, Any]:
        """The fault as JSON shows it, with what became of it."""
        which = {name: getattr(self.fault, name) for name in WHICH_AND_WHEN}
        begins = format_time(self.begins_ms)
        head = {"id": self.id, "kind": self.fault.action.kind, **asdict(self.fault.action), **which}
        return {**head, "begins": begins, "state": self.state(now_ms), "strikes": self.strikes}


class Faults:
    """All planned faults. The same faults and the same requests in the same order are struck in the same way."""

    def __init__(self, clock: Clock = wall_clock, sleep: Sleep = asyncio.sleep, seed: int = 0) -> None:
        self.clock = clock
        self.sleep = sleep
        self.log: deque[Strike] = deque(maxlen=LONGEST_LOG)
        self.on_ws_drop: list[Callable[[], None]] = []
        """Called after a `ws_drop` has reset open WebSockets."""
        self._seed = seed
        self._planned: dict[str, Planned] = {}
        self._added = 0
        self._struck = 0

    def add(self, faults: Iterable[Fault]) -> list[Planned]:
        """Plans faults from now on, all or none; raises BadFault where there are too many."""
        wanted, now_ms = list(faults), self.clock()
        if len(self._planned) + len(wanted) > LARGEST_PLAN:
            self._planned = {id_: planned for id_, planned in self._planned.items() if planned.state(now_ms) != "over"}
        if len(self._planned) + len(wanted) > LARGEST_PLAN:
            raise BadFault(f"faults: more than {LARGEST_PLAN} would be planned. Delete some: DELETE /demo/faults.")
        added = [self._place(fault, now_ms) for fault in wanted]
        self._planned |= {planned.id: planned for planned in added}
        return added

    def remove(self, id_: str | None = None) -> int:
        """Ends one fault, or all; gives how many."""
        ids = list(self._planned) if id_ is None else [id_] if id_ in self._planned else []
        for each in ids:
            del self._planned[each]
        return len(ids)

    def describe(self) -> list[dict[str, Any]]:
        """Every planned fault, in the order of planning."""
        now_ms = self.clock()
        return [planned.describe(now_ms) for planned in self._planned.values()]

    def active(self, connection: Connection) -> set[str]:
        """The ids of the faults that strike such connections now."""
        now_ms = self.clock()
        return {
            each.id
            for each in self._planned.values()
            if each.fault.action.on == connection and each.state(now_ms) == "active"
        }

    def frozen_ms(self, path: str) -> int | None:
        """The moment at which the prices of a stream at this path stand still (ms UTC), or None where they do not.

        A stream is no request: chance, method and count play no part, and no strike is written down.
        """
        now_ms = self.clock()
        begun = [
            each.begins_ms
            for each in self._planned.values()
            if isinstance(each.fault.action, StalePrices)
            and each.state(now_ms) == "active"
            and path.startswith(each.fault.path)
        ]
        return min(begun, default=None)

    def strike(
        self, connection: Connection, method: str, path: str, apart_from: Collection[str] = ()
    ) -> list[Struck[Action]]:
        """What happens to a request, drawn and written into the log."""
        now_ms, struck, decided = self.clock(), list[Struck[Action]](), False
        for planned in self._planned.values():
            action = planned.fault.action
            chosen = action.on == connection and planned.id not in apart_from and not (decided and action.decides)
            if chosen and self._strikes(planned, method, path, now_ms):
                decided = decided or action.decides
                struck.append(Struck(action, planned.begins_ms))
        return struck

    def _strikes(self, planned: Planned, method: str, path: str, now_ms: int) -> bool:
        if planned.state(now_ms) != "active" or not planned.fault.matches(method, path) or not planned.draws():
            return False
        planned.strikes += 1
        self._struck += 1
        self.log.append(Strike(self._struck, now_ms, planned.id, planned.fault.action.kind, method, path))
        return True

    def _place(self, fault: Fault, now_ms: int) -> Planned:
        self._added += 1
        begins_ms = now_ms + round(fault.start_in_s * SECOND_MS)
        return Planned(f"f{self._added}", fault, begins_ms, np.random.default_rng([self._seed, self._added]))
