"""One connection of the WebSocket API, and what it has asked for so far."""

from dataclasses import dataclass, field
from typing import Any

from tools.exchange.clock import Clock
from tools.exchange.errors import ApiError
from tools.exchange.market import Market
from tools.exchange.spot.desk import Desk
from tools.exchange.streams.connection import Connection
from tools.exchange.streams.user_data import UserData
from tools.exchange.weights.meter import Meter, Used
from tools.exchange.weights.refusals import too_much

CONNECTING_WEIGHT = 2


@dataclass
class Session:
    """A connection with its market and time; `shows_limits` is whether responses tell the used weight by default.

    What its `address` uses is counted by the `meter` together with what it uses over REST. `desk` keeps the accounts
    and `user_data` those that are heard; both are None on a server without accounts.
    """

    market: Market
    clock: Clock
    connection: Connection
    desk: Desk | None
    meter: Meter
    address: str
    shows_limits: bool = True
    used: int = field(init=False)
    """The weight that the address had used when it was last charged."""
    user_data: UserData | None = field(init=False)

    def __post_init__(self) -> None:
        self.charge(CONNECTING_WEIGHT)
        self.user_data = None if self.desk is None else UserData(self.desk, self.connection.outbox)

    def charge(self, weight: int) -> ApiError | None:
        """Counts a request; what to answer where it may not pass."""
        outcome = self.meter.charge(self.address, weight, self.clock())
        self.used = outcome.weight
        return None if isinstance(outcome, Used) else too_much(outcome)

    def describe(self) -> dict[str, Any]:
        """The state of the session. Nobody is ever logged on: that takes an Ed25519 key."""
        return {
            "apiKey": None,
            "authorizedSince": None,
            "connectedSince": self.connection.connected_ms,
            "returnRateLimits": self.shows_limits,
            "serverTime": self.clock(),
            "userDataStream": None if self.user_data is None else bool(self.user_data.subscriptions),
        }

    def close(self) -> None:
        """Hears no account any more."""
        if self.user_data is not None:
            self.user_data.close()
