"""What is done once a person has said that a difference is to be put right the way the exchange has it."""

from decimal import Decimal

from tools.gateway.orders import errors
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.paths import ORDER
from tools.gateway.orders.record import Record
from tools.gateway.orders.upstream import Exchange, Refused
from tools.gateway.reconciliation.finding import SETTLED_HERE, Finding
from tools.gateway.reconciliation.reconciler import Reconciler

NOTHING_TO_CANCEL = -2011


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
                missing = Decimal(finding.numbers["ledger"]) - Decimal(finding.numbers["account"])
                self._write_off(finding, missing)
            case "bot_holds_less":
                self._write_off(finding, Decimal(finding.numbers["ledger"]) - Decimal(finding.numbers["bot"]))
            case "left_over":
                self._hand_over(finding)
            case "order_not_at_exchange":
                await self._forget(finding)
            case _:
                await self._take_back(finding)
        self._reconciler.drop(finding)
        self._record.find_difference(finding, settled=True)

    def _write_off(self, finding: Finding, missing: Decimal) -> None:
        with self._ledger.writing():
            self._ledger.holdings.write_off(finding.bot_id or "", finding.pair or "", missing)

    def _hand_over(self, finding: Finding) -> None:
        with self._ledger.writing():
            self._ledger.holdings.hand_over(finding.bot_id or "", finding.pair or "")

    async def _forget(self, finding: Finding) -> None:
        """Unless the exchange knows it after all."""
        entry = self._ledger.find(finding.numbers["order"])
        if entry is None:
            return
        await self._fills.refresh(entry)
        now = self._ledger.find(entry.id)
        if now is not None and now.is_live:
            self._ledger.forget(entry.id)

    async def _take_back(self, finding: Finding) -> None:
        """An order at the exchange that its bot does not know; one that is gone already is no harm."""
        client_id = finding.numbers["order"]
        entry = self._ledger.find(client_id)
        symbol = entry.symbol if entry else finding.numbers["symbol"]
        try:
            answer = await self._exchange.signed("DELETE", ORDER, {"symbol": symbol, "origClientOrderId": client_id})
        except Refused as refused:
            if refused.code != NOTHING_TO_CANCEL:
                raise
            if entry is not None:
                await self._fills.refresh(entry)
            return
        if entry is not None:
            await self._fills.note(entry.id, answer)
