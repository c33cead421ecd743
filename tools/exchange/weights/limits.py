"""How much Binance Spot allows, and for how long it bans who does not stop.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md (LIMITS) and web-socket-streams.md; for
`/sapi` https://developers.binance.com/docs/products/caas/basics/4.rate-limits
"""

from dataclasses import dataclass
from typing import Literal

from tools.exchange.clock import DAY_MS, MINUTE_MS, SECOND_MS

Unit = Literal["SECOND", "MINUTE", "DAY"]
UNITS_MS: dict[Unit, int] = {"SECOND": SECOND_MS, "MINUTE": MINUTE_MS, "DAY": DAY_MS}


@dataclass(frozen=True)
class Limit:
    """At most `amount` in each interval of `every` units. Intervals begin on the clock: at 12:34:10, at 12:34:20."""

    amount: int
    every: int
    unit: Unit

    @property
    def interval_ms(self) -> int:
        """The length of the interval."""
        return self.every * UNITS_MS[self.unit]

    @property
    def short(self) -> str:
        """The interval as header names write it: `1M`, `10S`."""
        return f"{self.every}{self.unit[0]}"

    @property
    def long(self) -> str:
        """The interval as sentences write it: `1 MINUTE`."""
        return f"{self.every} {self.unit}"

    def announce(self, kind: str) -> dict[str, str | int]:
        """The limit as `exchangeInfo` writes it."""
        return {"rateLimitType": kind, "interval": self.unit, "intervalNum": self.every, "limit": self.amount}


@dataclass(frozen=True)
class Limits:
    """Everything that is limited. The defaults are Binance's, apart from what is marked as this exchange's own."""

    weight: Limit = Limit(6_000, 1, "MINUTE")
    """Request weight of an address, over all of `/api`."""
    raw_requests: Limit = Limit(61_000, 5, "MINUTE")
    """Requests of an address, whatever they weigh."""
    orders: tuple[Limit, ...] = (Limit(100, 10, "SECOND"), Limit(200_000, 1, "DAY"))
    """Unfilled orders of an account."""
    sapi_ip: Limit = Limit(12_000, 1, "MINUTE")
    """Weight of an address at one endpoint of `/sapi`."""
    sapi_uid: Limit = Limit(180_000, 1, "MINUTE")
    """Weight of an account at one endpoint of `/sapi`."""
    connections: Limit = Limit(300, 5, "MINUTE")
    """WebSocket connections that an address opens."""
    warnings: Limit = Limit(10, 1, "MINUTE")
    """How many times an address is answered 429 before it is banned. This exchange's own: Binance does not say."""
    first_ban_ms: int = 2 * MINUTE_MS
    longest_ban_ms: int = 3 * DAY_MS
    forgiven_after_ms: int = DAY_MS
    """How long after a ban its offence counts for the length of the next. This exchange's own."""

    def announce(self) -> list[dict[str, str | int]]:
        """The field `rateLimits` of `exchangeInfo`."""
        orders = [limit.announce("ORDERS") for limit in self.orders]
        return [self.weight.announce("REQUEST_WEIGHT"), *orders, self.raw_requests.announce("RAW_REQUESTS")]
