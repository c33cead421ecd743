"""What a bot may ask: its own orders, fills and balances, taken from the exchange and cut down to what is its own."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tools.gateway.orders import errors
from tools.gateway.orders.answers import Unreadable, as_bot_knows
from tools.gateway.orders.bounds import Bounds
from tools.gateway.orders.entry import Entry, Status
from tools.gateway.orders.facts import read_free, read_held
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.paths import ACCOUNT, ALL, COINS, FEES, OPEN, ORDER, TRADES
from tools.gateway.orders.placing import as_denied
from tools.gateway.orders.signed import SignedRequest
from tools.gateway.orders.standing import Standings
from tools.gateway.orders.upstream import Exchange, NotSent, Refused, Unknown
from tools.gateway.orders.views import Balance, account_of, coins_of
from tools.gateway.orders.wire_order import check_known, read_own_id, read_symbol, read_whole

PAGE = 1000
NAMED = frozenset({"symbol", "orderId", "origClientOrderId"})
SPAN = frozenset({"symbol", "orderId", "startTime", "endTime", "limit"})


log = logging.getLogger(__name__)


class Reading:
    """For bots; every answer is about the bot that asks."""

    def __init__(  # noqa: PLR0913  the rooms that know something
        self,
        ledger: Ledger,
        standings: Standings,
        exchange: Exchange,
        fills: Fills,
        bounds: Bounds,
        clock_ms: Callable[[], int],
    ) -> None:
        self._ledger = ledger
        self._standings = standings
        self._exchange = exchange
        self._fills = fills
        self._bounds = bounds
        self._clock_ms = clock_ms

    async def read_account(self, request: SignedRequest) -> dict[str, Any]:
        check_known(request.params, frozenset({"omitZeroBalances"}))
        bot_id = request.caller.bot_id
        real = await self._ask(ACCOUNT, {"omitZeroBalances": "true"})
        return account_of(real, self._own(bot_id), self._left(bot_id))

    async def read_order(self, request: SignedRequest) -> dict[str, Any]:
        check_known(request.params, NAMED)
        entry = find_order(self._ledger, request)
        if entry is None or entry.status is Status.REFUSED:
            raise errors.no_such_order()
        try:
            entry, answer = await self._fills.ask(entry)
        except (Refused, Unknown, NotSent, Unreadable) as error:
            raise as_told(error) from None
        self._ledger.mark_told(entry.id)
        return as_bot_knows(answer.content, entry)

    async def read_open(self, request: SignedRequest) -> list[dict[str, Any]]:
        check_known(request.params, frozenset({"symbol"}))
        params = {"symbol": read_symbol(request.params)} if "symbol" in request.params else {}
        return self._mine(request, await self._ask(OPEN, params))

    async def read_all(self, request: SignedRequest) -> list[dict[str, Any]]:
        """As many as are asked for, of a thousand of the account."""
        check_known(request.params, SPAN)
        found = self._mine(request, await self._ask(ALL, _span(request.params, "orderId")))
        return _cut(found, request.params)

    async def read_trades(self, request: SignedRequest) -> list[dict[str, Any]]:
        """The same of its fills."""
        check_known(request.params, SPAN | {"fromId"})
        symbol, order_id = read_symbol(request.params), read_whole(request.params, "orderId")
        if order_id is not None and not self._is_mine(request, symbol, order_id):
            return []
        rows = await self._ask(TRADES, _span(request.params, "orderId", "fromId"))
        found = [row for row in rows if self._is_mine(request, symbol, row["orderId"])]
        return _cut(found, request.params)

    async def read_coins(self, request: SignedRequest) -> list[dict[str, Any]]:
        """A venue for tests has no such list."""
        check_known(request.params, frozenset())
        try:
            return coins_of(await self._ask(COINS, {}))
        except errors.Denied as denied:
            if denied.status == 404:
                return []
            raise

    async def read_fees(self, request: SignedRequest) -> Any:
        check_known(request.params, frozenset({"symbol"}))
        return await self._ask(FEES, {"symbol": read_symbol(request.params)} if request.params else {})

    async def cancel(self, request: SignedRequest) -> dict[str, Any]:
        """Takes back an order of the bot. Raises `Denied`."""
        check_known(request.params, NAMED | {"newClientOrderId", "cancelRestrictions"})
        entry = find_order(self._ledger, request)
        if entry is None or entry.status is Status.REFUSED:
            raise errors.nothing_to_cancel()
        params = {**entry.name, **_restrictions(request.params)}
        if not entry.is_live:
            raise errors.nothing_to_cancel()  # What is over stays over: the exchange would say the same.
        self._bounds.take_cancel(entry.bot_id)
        try:
            answer = await self._exchange.signed("DELETE", ORDER, params)
            entry = await self._fills.note(entry.id, answer)
        except (Refused, Unknown, NotSent, Unreadable) as error:
            raise as_told(error, changes=True) from None
        return as_bot_knows(answer.content, entry)

    def _left(self, bot_id: str) -> dict[str, Decimal]:
        """What its exposure leaves; nothing where that cannot be known, and what it holds is told all the same."""
        try:
            standing = self._standings.read(bot_id, enters=False)
        except Exception:
            log.exception("what the owner of bot %s allows cannot be read", bot_id)
            return {}
        if standing is None:
            return {}
        most = min(standing.spec.exposure, standing.limits.of(bot_id).max_bot_exposure)
        return {standing.spec.stake_currency: most - read_held(self._ledger).of(bot_id)}

    def _own(self, bot_id: str) -> dict[str, Balance]:
        """By currency: what it holds and has not offered, and what it has."""
        free: defaultdict[str, Decimal] = defaultdict(Decimal)
        locked: defaultdict[str, Decimal] = defaultdict(Decimal)
        for _, pair in self._ledger.holdings.read_positions(bot_id):
            own = read_free(self._ledger, bot_id, pair)
            free[pair.split("/")[0]] += own[0]
            locked[pair.split("/")[0]] += own[1]
        for entry in self._ledger.read_unsettled(bot_id):
            locked[entry.quote] += entry.due_cost
        return {asset: Balance(free[asset], locked[asset]) for asset in {*free, *locked}}

    def _mine(self, request: SignedRequest, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found = ((row, self._entry(row["symbol"], row["orderId"], row["clientOrderId"])) for row in rows)
        mine = ((row, entry) for row, entry in found if entry and entry.bot_id == request.caller.bot_id)
        return [as_bot_knows(row, entry) for row, entry in mine]

    def _entry(self, symbol: str, exchange_id: int, client_id: str) -> Entry | None:
        return self._ledger.find_at_exchange(symbol, exchange_id) or self._ledger.find(client_id)

    def _is_mine(self, request: SignedRequest, symbol: str, exchange_id: int) -> bool:
        entry = self._ledger.find_at_exchange(symbol, exchange_id)
        return entry is not None and entry.bot_id == request.caller.bot_id

    async def _ask(self, path: str, params: Mapping[str, str]) -> Any:
        try:
            return (await self._exchange.signed("GET", path, params)).content
        except (Refused, Unknown, NotSent) as error:
            raise as_told(error) from None


def find_order(ledger: Ledger, request: SignedRequest) -> Entry | None:
    """The bot's own order that a request names, by the exchange's number or the bot's own id. Raises `Denied`."""
    symbol = read_symbol(request.params)
    exchange_id, own_id = read_whole(request.params, "orderId"), read_own_id(request.params, "origClientOrderId")
    if exchange_id is None and own_id is None:
        raise errors.neither("origClientOrderId", "orderId")
    if exchange_id is not None:
        found = ledger.find_at_exchange(symbol, exchange_id)
    else:
        found = ledger.find_own(request.caller.bot_id, own_id or "")
    if found is None or found.symbol != symbol or found.bot_id != request.caller.bot_id:
        return None
    return found if own_id in (None, found.own_id) else None


def as_told(error: Exception, *, changes: bool = False) -> errors.Denied:
    """A failure on the way to the exchange, for whoever asked."""
    if isinstance(error, Refused):
        return as_denied(error)
    return errors.outcome_unknown() if changes and not isinstance(error, NotSent) else errors.unreachable()


def _restrictions(params: Mapping[str, str]) -> dict[str, str]:
    if "cancelRestrictions" not in params:
        return {}
    if params["cancelRestrictions"] not in ("ONLY_NEW", "ONLY_PARTIALLY_FILLED"):
        raise errors.bad_value(-1145, "cancelRestrictions")
    return {"cancelRestrictions": params["cancelRestrictions"]}


def _span(params: Mapping[str, str], *more: str) -> dict[str, str]:
    """The part of a request that chooses rows, as numbers that were read."""
    names = ("startTime", "endTime", *more)
    numbers = {name: str(read_whole(params, name)) for name in names if name in params}
    return {"symbol": read_symbol(params), **numbers, "limit": str(PAGE)}


def _cut(rows: list[dict[str, Any]], params: Mapping[str, str]) -> list[dict[str, Any]]:
    """The newest, or from a beginning on the oldest, as many as were asked for."""
    limit = min(max(read_whole(params, "limit") or 500, 1), PAGE)
    begins = any(name in params for name in ("startTime", "orderId", "fromId"))
    return rows[:limit] if begins else rows[-limit:]
