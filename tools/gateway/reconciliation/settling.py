"""What is done once a person has said that a difference is to be put right the way the exchange has it."""

from decimal import Decimal

from tools.gateway.orders import errors
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.paths import ORDER
from tools.gateway.orders.position import ZERO, Position
from tools.gateway.orders.record import Record
from tools.gateway.orders.upstream import Answer, Exchange, Refused
from tools.gateway.orders.wire_order import plain
from tools.gateway.reconciliation.compare import LAG, sum_inventory
from tools.gateway.reconciliation.finding import SETTLED_HERE, Finding
from tools.gateway.reconciliation.reconciler import Reconciler

NOTHING_TO_CANCEL = -2011
GONE = (-2013, -2026)
"""There is no such order; there was one, which is kept no longer, and of which nothing was filled."""


class Settling:
    """One finding at a time; nothing is bought or sold."""

    def __init__(
        self, ledger: Ledger, exchange: Exchange, fills: Fills, reconciler: Reconciler, record: Record
    ) -> None:
        self._ledger = ledger
        self._exchange = exchange
        self._fills = fills
        self._reconciler = reconciler
        self._record = record

    async def settle(self, finding: Finding) -> None:
        """Raises `Denied` for what is not settled here, and what `Exchange.signed` does."""
        if finding.kind not in SETTLED_HERE:
            raise errors.bad_value(-1130, "finding")
        match finding.kind:
            case "balance_changed":
                self._reconciler.money.settle(finding)
            case "balance_short":
                await self._write_off_missing(finding)
            case "bot_holds_less":
                self._write_off_unknown(finding)
            case "left_over":
                self._hand_over(finding)
            case "order_not_at_exchange":
                await self._forget(finding)
            case _:
                await self._take_back(finding)
        self._reconciler.drop(finding)
        self._record.find_difference(finding, settled=True)

    async def _write_off_missing(self, finding: Finding) -> None:
        """As much as is missing now: another bot's finding of the same coins may have been settled before."""
        sides = await self._reconciler.read_sides()
        if not sides.is_still:
            raise errors.unreachable()
        asset = finding.numbers["asset"]
        missing = sum_inventory(sides)[asset] - sides.balances.get(asset, ZERO)
        if missing > LAG:
            self._write_off(finding, missing)

    def _write_off_unknown(self, finding: Finding) -> None:
        """What the bot does not know of, as long as the ledger is what it was when that was found."""
        key = (finding.bot_id or "", finding.pair or "")
        position, _ = self._ledger.holdings.read_positions(key[0]).get(key, (Position(), ZERO))
        if plain(position.quantity) != finding.numbers["ledger"]:
            raise errors.no_such_order()
        self._write_off(finding, position.quantity - Decimal(finding.numbers["bot"]))

    def _write_off(self, finding: Finding, missing: Decimal) -> None:
        with self._ledger.writing():
            self._ledger.holdings.write_off(finding.bot_id or "", finding.pair or "", missing)

    def _hand_over(self, finding: Finding) -> None:
        """Exactly the coins that were shown: more may have been left over since."""
        with self._ledger.writing():
            quantity = Decimal(finding.numbers["quantity"])
            if not self._ledger.holdings.hand_over(finding.bot_id or "", finding.pair or "", quantity):
                raise errors.no_such_order()

    async def _forget(self, finding: Finding) -> None:
        """Only what the exchange itself says it does not have: the list of open orders may lag."""
        entry = self._ledger.find(finding.numbers["order"])
        if entry is None or not entry.is_live:
            return
        try:
            await self._fills.ask(entry)
        except Refused as refused:
            if refused.code not in GONE:
                raise
            self._ledger.forget(entry.id)

    async def _take_back(self, finding: Finding) -> None:
        """An order at the exchange that its bot does not know; one that is gone already is no harm."""
        entry = self._ledger.find(finding.numbers["order"])
        if entry is not None and finding.kind == "order_not_in_bot":
            name = entry.name
        else:
            name = {"symbol": finding.numbers["symbol"], "orderId": finding.numbers["number"]}
        try:
            answer: Answer | None = await self._exchange.signed("DELETE", ORDER, name)
        except Refused as refused:
            if refused.code != NOTHING_TO_CANCEL:
                raise
            if entry is not None:
                await self._fills.refresh(entry)
            answer = None
        if finding.kind == "order_not_in_ledger":
            self._reconciler.dismiss((name["symbol"], int(name["orderId"])))
        elif entry is not None and answer is not None:
            await self._fills.note(entry.id, answer)
