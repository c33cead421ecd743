"""A new order: judged, written down, sent once, and followed to its answer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from tools.gateway.budget import Priority
from tools.gateway.orders import errors
from tools.gateway.orders.answers import Unreadable, as_new
from tools.gateway.orders.bar import Bar
from tools.gateway.orders.bounds import ONE_ANSWER, Bounds
from tools.gateway.orders.entry import Entry, Status
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.lanes import Lane, Sparing
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.market import Prices, Symbol, Symbols
from tools.gateway.orders.paths import ORDER
from tools.gateway.orders.record import Record
from tools.gateway.orders.resolver import NEVER_SENT, Resolver
from tools.gateway.orders.signed import SignedRequest
from tools.gateway.orders.upstream import Answer, Exchange, NotSent, Refused, Unknown
from tools.gateway.orders.wire_order import WireOrder, plain, read_order, read_own_id
from tools.guard.verdict import Rule

DUPLICATE = "Duplicate order sent."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Market:
    """What is known of pairs and prices."""

    symbols: Symbols
    prices: Prices


def no_step(_: str) -> None:
    """Where nobody wants to know how far an order has come."""


class Placing:
    """Nothing leaves that is not in the ledger as sent, and nothing that is in it as sent leaves again."""

    def __init__(  # noqa: PLR0913  the rooms that an order passes
        self,
        ledger: Ledger,
        bar: Bar,
        market: Market,
        exchange: Exchange,
        fills: Fills,
        resolver: Resolver,
        record: Record,
        bounds: Bounds,
        clock_ms: Callable[[], int],
        step: Callable[[str], None] = no_step,
    ) -> None:
        self._ledger = ledger
        self._bar = bar
        self._market = market
        self._exchange = exchange
        self._lane = Lane(exchange, Priority.ORDERS)
        self._fills = fills
        self._resolver = resolver
        self._record = record
        self._bounds = bounds
        self._clock_ms = clock_ms
        self._step = step

    async def place(self, request: SignedRequest) -> dict[str, Any]:
        """The exchange's answer as the bot knows it. Raises `Denied`."""
        bot_id = request.caller.bot_id
        wanted = read_order(request.params, fallback_id(request))
        symbol = await self._find(wanted.symbol)
        if self._ledger.find_own(bot_id, wanted.own_id) is not None:
            raise errors.duplicate_order()
        self._bounds.check_order(bot_id, wanted.side, symbol.pair)
        await self._prepare(bot_id, wanted, symbol)
        entry = self._admit(bot_id, wanted, symbol)
        self._resolver.in_hand.add(entry.id)
        try:
            self._step("recorded")
            self._write_down(entry)
            return await self._send(entry, wanted)
        finally:
            self._resolver.in_hand.discard(entry.id)

    def lose(self, request: SignedRequest) -> None:
        """The bot was gone when the answer came: the order is taken back as one that nobody knows of."""
        own_id = read_own_id(request.params, "newClientOrderId") or fallback_id(request)
        entry = self._ledger.find_own(request.caller.bot_id, own_id)
        if entry is not None:
            self._ledger.mark_told(entry.id, told=False)
            self._record.find(entry, "unheard", {"status": entry.status, "executed": plain(entry.executed)})

    async def _find(self, name: str) -> Symbol:
        try:
            found = await self._market.symbols.find(name)
        except Exception:
            log.exception("what %s is cannot be known now", name)
            raise errors.unreachable() from None
        if found is None or not found.is_traded:
            raise errors.bad_value(-1121, "symbol")
        return found

    async def _prepare(self, bot_id: str, wanted: WireOrder, symbol: Symbol) -> None:
        """What the judgement needs, as fresh as it can be had; the judgement itself waits for nothing."""
        if wanted.side == "BUY":
            await self._market.prices.refresh(symbol.pair)
            await self._resolver.settle_bot(bot_id, lambda weight: self._bounds.take_catching_up(bot_id, weight))
            return
        await self._catch_up(bot_id, wanted, symbol.pair)

    async def _catch_up(self, bot_id: str, wanted: WireOrder, pair: str) -> None:
        """As far as the bot's bounds allow; a sale of what the ledger already knows to be there waits for nothing.

        Raises `Denied` where it may be there, and that cannot be asked now.
        """
        window = self._bounds.catching_up(bot_id)
        fills = Fills(self._ledger, Sparing(self._lane, window), self._clock_ms)
        for whole in (False, True):
            if not window.wait_ms(ONE_ANSWER):
                await fills.catch_up(bot_id, pair, whole=whole)
            if self._bar.has(bot_id, wanted.quantity, pair):
                return
        wait_ms = window.wait_ms(ONE_ANSWER)
        if wait_ms and any(entry.pair == pair for entry in self._ledger.read_unsettled(bot_id)):
            raise errors.too_many_requests(-(-wait_ms // 1000))

    def _admit(self, bot_id: str, wanted: WireOrder, symbol: Symbol) -> Entry:
        """Nothing waits between the bounds and the ledger: many that come at once are counted one by one."""
        self._bounds.check_order(bot_id, wanted.side, symbol.pair)
        entry = self._bar.admit(bot_id, wanted, symbol)
        self._bounds.count_order(bot_id, wanted.side, symbol.pair)
        return entry

    def _write_down(self, entry: Entry) -> None:
        """A sale that cannot be written into the audit stands in the ledger."""
        try:
            self._record.allow(entry)
        except SQLAlchemyError:
            log.exception("order %s cannot be written into the audit", entry.id)
            if entry.side == "BUY":
                self._ledger.refuse(entry.id, errors.NEW_ORDER_REJECTED, Rule.UNRECORDABLE)
                raise errors.refused(Rule.UNRECORDABLE, {"pair": entry.pair}) from None
        self._step("audited")

    async def _send(self, entry: Entry, wanted: WireOrder) -> dict[str, Any]:
        self._ledger.mark_sent(entry.id, self._clock_ms())
        self._step("sent")
        answer = await self._forward(entry)
        self._step("answered")
        try:
            entry = await self._fills.note(entry.id, answer)
        except Unreadable:
            answer = await self._settle(entry)
            entry = self._ledger.find(entry.id) or entry
        self._step("noted")
        if entry.status is Status.REFUSED:
            raise errors.Denied(errors.NEW_ORDER_REJECTED, "The exchange rejected the order.", rule="rejected")
        self._ledger.mark_told(entry.id)
        return as_new(answer.content, entry, self._ledger.holdings.read_fills(entry.id), wanted.answer)

    async def _forward(self, entry: Entry) -> Answer:
        try:
            return await self._exchange.signed("POST", ORDER, as_params(entry))
        except NotSent:
            self._ledger.refuse(entry.id, -1001, NEVER_SENT)
            raise errors.unreachable() from None
        except Refused as refused:
            if refused.message == DUPLICATE:
                # It was sent once from here: what is there under its id is this very order.
                return await self._settle(entry)
            self._ledger.refuse(entry.id, refused.code, refused.message)
            raise as_denied(refused) from None
        except Unknown:
            return await self._settle(entry)

    async def _settle(self, entry: Entry) -> Answer:
        """Asks the exchange that was not heard. Raises `Denied` where it does not have the order, or stays silent."""
        answer = await self._resolver.settle(entry.id)
        if answer is not None:
            return answer
        found = self._ledger.find(entry.id)
        raise errors.not_made() if found and found.status is Status.REFUSED else errors.outcome_unknown()


def fallback_id(request: SignedRequest) -> str:
    """Of an order without a client id: the same when the same request comes again."""
    return request.signature[:32]


def as_params(entry: Entry) -> dict[str, str]:
    """The order for the exchange, made of what was judged and of nothing else.

    A purchase at market leaves as a limit order that is filled at once or not: it takes no more than was judged.
    """
    kind, in_force = entry.type, entry.time_in_force
    if kind == "MARKET" and entry.side == "BUY":
        kind, in_force = "LIMIT", "IOC"
    params = {
        "symbol": entry.symbol,
        "side": entry.side,
        "type": kind,
        "timeInForce": in_force,
        "quantity": plain(entry.quantity),
        "price": plain(entry.price) if entry.price is not None else None,
        "stopPrice": plain(entry.stop_price) if entry.stop_price is not None else None,
        "newClientOrderId": entry.id,
        "newOrderRespType": "FULL",
    }
    return {name: value for name, value in params.items() if value is not None}


def as_denied(refused: Refused) -> errors.Denied:
    """The exchange's no, passed on."""
    rule = "exchange_refused"
    return errors.Denied(refused.code, refused.message, refused.status, rule=rule, retry_after_s=refused.retry_after_s)
