"""One connection's subscriptions to the events of accounts."""

from typing import Any

from tools.exchange.spot.desk import Desk
from tools.exchange.streams import errors
from tools.exchange.streams.outbox import Outbox
from tools.exchange.streams.publisher import write

MOST_AT_A_TIME = 1_000
MOST_EVER = 65_535

Event = dict[str, Any]


class UserData:
    """The accounts that a connection hears, by the number of their subscription; it listens only while it hears any."""

    def __init__(self, desk: Desk, outbox: Outbox) -> None:
        self._desk = desk
        self._outbox = outbox
        self._accounts: dict[int, int] = {}
        self._had = 0

    @property
    def subscriptions(self) -> list[int]:
        """The numbers of the subscriptions, oldest first."""
        return list(self._accounts)

    def subscribe(self, uid: int) -> int:
        """Hears an account from now on; gives the subscription's number, or raises ApiError."""
        if uid in self._accounts.values():
            raise errors.subscription_active()
        if len(self._accounts) >= MOST_AT_A_TIME:
            raise errors.too_many_subscriptions(MOST_AT_A_TIME)
        if self._had >= MOST_EVER:
            raise errors.no_more_subscription_ids()
        if not self._accounts:
            self._desk.listeners.append(self._hear)
        number, self._had = self._had, self._had + 1
        self._accounts[number] = uid
        return number

    def unsubscribe(self, number: int | None) -> list[int]:
        """Ends one subscription, or all for None; gives those that ended, or raises ApiError."""
        ended = [each for each in self._accounts if number in (None, each)]
        if not ended:
            raise errors.subscription_inactive()
        for each in ended:
            del self._accounts[each]
        if not self._accounts:
            self._desk.listeners.remove(self._hear)
        return ended

    def close(self) -> None:
        """Hears nothing any more."""
        if self._accounts:
            self.unsubscribe(None)

    def tell(self, number: int, event: Event) -> None:
        """Sends an event under a subscription's number."""
        self._outbox.put(write({"subscriptionId": number, "event": event}))

    def _hear(self, uid: int, event: Event) -> None:
        for number, account in self._accounts.items():
            if account == uid:
                self.tell(number, event)
