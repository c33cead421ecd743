"""The meter: what everyone has used of every limit, and whether a request may pass.

It reads no clock and waits for nothing: each answer is a function of the calls so far and their moments (ms UTC).
"""

from dataclasses import dataclass
from typing import Literal

from tools.exchange.weights.bans import Bans
from tools.exchange.weights.counts import Counts
from tools.exchange.weights.limits import Limit, Limits

Rule = Literal["weight", "raw_requests", "orders", "sapi", "connections", "banned"]

TAKER_FILL, MAKER_FILL = 1, 5
"""How many orders an order's first fill takes off the count (faqs/order_count_decrement.md, its examples)."""


@dataclass(frozen=True)
class Used:
    """The request may pass; the weight that its address, or its account, has used with it."""

    weight: int


@dataclass(frozen=True)
class Exceeded:
    """The request may not pass before `until_ms`; `weight` is what has been used, `limit` what was passed."""

    rule: Rule
    limit: Limit
    weight: int
    until_ms: int


class Meter:
    """Counts for all addresses and accounts. A refused request's weight is counted too, so a passed limit stays so."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._bans = Bans(self.limits)
        self._weight = Counts(self.limits.weight)
        self._raw = Counts(self.limits.raw_requests)
        self._orders = tuple(Counts(limit) for limit in self.limits.orders)
        self._sapi = {"ip": Counts(self.limits.sapi_ip), "uid": Counts(self.limits.sapi_uid)}
        self._connections = Counts(self.limits.connections)

    def charge(self, ip: str, weight: int, now_ms: int) -> Used | Exceeded:
        """Counts one request of an address to `/api`. A banned address is refused and nothing is counted."""
        until_ms = self._bans.until_ms(ip, now_ms)
        if until_ms is not None:
            return self._banned(ip, until_ms, now_ms)
        self._raw.add(ip, 1, now_ms)
        used = self._weight.add(ip, weight, now_ms)
        if self._weight.passed(ip, now_ms):
            return self._refuse("weight", self._weight, ip, now_ms)
        return self._refuse("raw_requests", self._raw, ip, now_ms) if self._raw.passed(ip, now_ms) else Used(used)

    def charge_sapi(self, by: Literal["ip", "uid"], key: str, weight: int, now_ms: int) -> Used | Exceeded:
        """Counts one request to `/sapi`; the key names who asks and which endpoint. It never leads to a ban."""
        counts = self._sapi[by]
        used = counts.add(key, weight, now_ms)
        passed = counts.passed(key, now_ms)
        return Exceeded("sapi", counts.limit, used, counts.ends_ms(now_ms)) if passed else Used(used)

    def place(self, account: str, orders: int, now_ms: int) -> Exceeded | None:
        """Counts new orders of an account, or refuses them all and counts none."""
        full = next((counts for counts in self._orders if counts.passed(account, now_ms, orders)), None)
        if full is not None:
            return Exceeded("orders", full.limit, full.used(account, now_ms), full.ends_ms(now_ms))
        self._count(account, orders, now_ms)
        return None

    def unplace(self, account: str, orders: int, now_ms: int) -> None:
        """Takes orders off the count that were not accepted after all."""
        self._count(account, -orders, now_ms)

    def first_fill(self, account: str, now_ms: int, *, maker: bool) -> None:
        """Takes off the count what an order's first fill earns, however long ago it was placed."""
        self._count(account, -MAKER_FILL if maker else -TAKER_FILL, now_ms)

    def orders(self, account: str, now_ms: int) -> tuple[int, ...]:
        """An account's unfilled orders, one number for each of `limits.orders`."""
        return tuple(counts.used(account, now_ms) for counts in self._orders)

    def connect(self, ip: str, now_ms: int) -> Exceeded | None:
        """Counts a new WebSocket connection of an address, or refuses it."""
        until_ms = self._bans.until_ms(ip, now_ms)
        if until_ms is not None:
            return self._banned(ip, until_ms, now_ms)
        counts = self._connections
        used = counts.add(ip, 1, now_ms)
        passed = counts.passed(ip, now_ms)
        return Exceeded("connections", counts.limit, used, counts.ends_ms(now_ms)) if passed else None

    def _count(self, account: str, orders: int, now_ms: int) -> None:
        for counts in self._orders:
            counts.add(account, orders, now_ms)

    def _refuse(self, rule: Rule, counts: Counts, ip: str, now_ms: int) -> Exceeded:
        until_ms = self._bans.warn(ip, now_ms)
        if until_ms is not None:
            return self._banned(ip, until_ms, now_ms)
        return Exceeded(rule, counts.limit, self._weight.used(ip, now_ms), counts.ends_ms(now_ms))

    def _banned(self, ip: str, until_ms: int, now_ms: int) -> Exceeded:
        return Exceeded("banned", self.limits.weight, self._weight.used(ip, now_ms), until_ms)
