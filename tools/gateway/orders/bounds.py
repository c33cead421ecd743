"""How much one bot may have the gateway do at the exchange: none of them uses up what the others need to get out.

Every number is far above what Freqtrade needs with twenty open trades, whose stops it places anew once a minute, and so
far below what the exchange allows that ten bots at their bounds leave an eleventh room to sell.
"""

from collections import Counter
from collections.abc import Callable

from tools.gateway.orders import errors
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.paths import CHANGE, ORDER, READS, TRADES
from tools.gateway.orders.window import Window

MINUTE_MS, TEN_SECONDS_MS = 60_000, 10_000
CHANGES = 120
"""Sales and cancels of a bot in a minute: twenty trades take back a stop and sell, three times each."""
CATCHING_UP = 40
"""Weight a minute of what is asked of a bot's orders before it sells, where the ledger may be behind."""
ONE_ANSWER = READS[ORDER] + READS[TRADES]
"""The most that is asked of one order."""
ORDERS_OF_BOT, ORDERS_OF_ALL, ORDERS_OF_EACH = 25, 55, 5
"""In ten seconds, of which the exchange takes 100 of the account. Once all bots together have placed so many, each has
no more than a few sales. With eleven bots that is 95 at the most: two use up theirs, one places the last five of
the 55, and eight place five each."""
OPEN_SALES_OF_PAIR, OPEN_SALES_OF_BOT = 20, 100
"""The exchange takes 200 open orders of the account in a pair. Each that is open is followed, which has its weight."""
AGAIN_S = 10
"""When to come again where too many orders are open: they have to end first."""


class Bounds:
    """Of orders and cancels, by bot. It knows nothing of panic, holds or limits: ways out are as wide at all times."""

    def __init__(self, ledger: Ledger, clock_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._clock_ms = clock_ms
        self._changes: dict[str, Window] = {}
        self._orders: dict[str, Window] = {}
        self._catching_up: dict[str, Window] = {}
        self._all = Window(clock_ms, TEN_SECONDS_MS, ORDERS_OF_ALL)
        self._open: dict[str, Counter[str]] = {}
        """By bot and pair: no more sales than these are open. The ledger is read where that comes to the bound."""

    def take_cancel(self, bot_id: str) -> None:
        """Counts a cancel that is about to be sent. Raises `Denied` for one too many."""
        changes = self._changes_of(bot_id)
        _pass(changes.wait_ms(CHANGE))
        changes.spend(CHANGE)

    def check_order(self, bot_id: str, side: str, pair: str) -> None:
        """Raises `Denied` for an order too many; counts nothing."""
        orders = self._orders_of(bot_id)
        _pass(orders.wait_ms(1))
        if side == "BUY":
            _pass(self._all.wait_ms(1))
            return
        if orders.used >= ORDERS_OF_EACH:
            _pass(self._all.wait_ms(1))
        _pass(self._changes_of(bot_id).wait_ms(CHANGE))
        if self._is_full(self._open.get(bot_id), pair) and self._is_full(self._count_open(bot_id), pair):
            raise errors.too_many_requests(AGAIN_S)

    def count_order(self, bot_id: str, side: str, pair: str) -> None:
        """Counts an order that is about to be sent."""
        self._orders_of(bot_id).spend(1)
        self._all.spend(1)
        if side == "SELL":
            self._changes_of(bot_id).spend(CHANGE)
            if bot_id in self._open:
                self._open[bot_id][pair] += 1

    def catching_up(self, bot_id: str) -> Window:
        """What is left to the bot of the weight for looking after its orders before it places one."""
        return _of(self._catching_up, bot_id, lambda: Window(self._clock_ms, MINUTE_MS, CATCHING_UP))

    def take_catching_up(self, bot_id: str, weight: int) -> None:
        """Counts what is about to be asked. Raises `Denied` where that is too much."""
        window = self.catching_up(bot_id)
        _pass(window.wait_ms(min(weight, CATCHING_UP)))
        window.spend(weight)

    def _changes_of(self, bot_id: str) -> Window:
        return _of(self._changes, bot_id, lambda: Window(self._clock_ms, MINUTE_MS, CHANGES))

    def _orders_of(self, bot_id: str) -> Window:
        return _of(self._orders, bot_id, lambda: Window(self._clock_ms, TEN_SECONDS_MS, ORDERS_OF_BOT))

    def _count_open(self, bot_id: str) -> Counter[str]:
        sales = (one for one in self._ledger.read_unsettled(bot_id) if one.side == "SELL" and one.is_live)
        self._open[bot_id] = Counter(one.pair for one in sales)
        return self._open[bot_id]

    def _is_full(self, found: Counter[str] | None, pair: str) -> bool:
        """Also where it was not counted yet."""
        return found is None or found[pair] >= OPEN_SALES_OF_PAIR or found.total() >= OPEN_SALES_OF_BOT


def _of(windows: dict[str, Window], bot_id: str, make: Callable[[], Window]) -> Window:
    found = windows.get(bot_id)
    if found is None:
        found = windows[bot_id] = make()
    return found


def _pass(wait_ms: int) -> None:
    if wait_ms:
        raise errors.too_many_requests(-(-wait_ms // 1000))
