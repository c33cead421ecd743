"""What our own API asks and says of differences; of everybody else it is no business."""

import asyncio
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tools.gateway.orders import errors
from tools.gateway.orders.answers import Unreadable
from tools.gateway.orders.reading import as_told
from tools.gateway.orders.signed import SignedRequest
from tools.gateway.orders.upstream import NotSent, Refused, Unknown
from tools.gateway.orders.wire_order import check_known
from tools.gateway.reconciliation.compare import Statement
from tools.gateway.reconciliation.finding import SETTLED_BY_BOT
from tools.gateway.reconciliation.reconciler import Reconciler
from tools.gateway.reconciliation.settling import Settling

AGAIN_S = 1.0
"""What is on its way has that long to arrive."""


class Differences:
    """For the desk."""

    def __init__(self, reconciler: Reconciler, settling: Settling) -> None:
        self._reconciler = reconciler
        self._settling = settling

    async def read(self, request: SignedRequest) -> dict[str, Any]:
        """All findings that are sure, and when both sides were last looked at."""
        check_known(request.params, frozenset())
        return self._read()

    async def look(self, request: SignedRequest) -> dict[str, Any]:
        """The same, after a look at this moment; a second one where the first saw something new."""
        check_known(request.params, frozenset())
        try:
            if await self._reconciler.look(whole=True):
                await asyncio.sleep(AGAIN_S)
                await self._reconciler.look()
        except (Refused, Unknown, NotSent, Unreadable) as error:
            raise as_told(error) from None
        return self._read()

    async def hear(self, request: SignedRequest) -> dict[str, Any]:
        """What a bot says of itself: `again` where it should be asked once more."""
        check_known(request.params, frozenset({"statement"}))
        return {"again": self._reconciler.hear(read_statement(request.params))}

    async def settle(self, request: SignedRequest) -> dict[str, Any]:
        """`by_bot` where it is the bot that has to do it."""
        check_known(request.params, frozenset({"finding"}))
        finding = self._reconciler.find(request.params.get("finding", ""))
        if finding is None:
            raise errors.no_such_order()
        if finding.kind in SETTLED_BY_BOT:
            return {"by_bot": True}
        try:
            await self._settling.settle(finding)
        except (Refused, Unknown, NotSent, Unreadable) as error:
            raise as_told(error, changes=True) from None
        return {"by_bot": False}

    def _read(self) -> dict[str, Any]:
        found = [
            {
                "id": one.id,
                "kind": one.kind,
                "bot_id": one.bot_id,
                "pair": one.pair,
                "numbers": dict(one.numbers),
                "uncertain": one.is_uncertain,
                "settles": one.can_settle,
                "since_ms": since_ms,
            }
            for one, since_ms in self._reconciler.read()
        ]
        return {"looked_ms": self._reconciler.looked_ms, "findings": found}


def read_statement(params: Mapping[str, str]) -> Statement:
    """Written as JSON: `bot`, `held` with an amount by pair, and `orders` with a pair by number. Raises `Denied`."""
    try:
        told = json.loads(params["statement"])
        held = {str(pair): Decimal(amount) for pair, amount in told["held"].items()}
        orders = {int(number): str(pair) for number, pair in told["orders"].items()}
        statement = Statement(str(told["bot"]), held, orders)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, RecursionError):
        raise errors.invalid("statement") from None
    if not all(amount.is_finite() and amount >= 0 for amount in held.values()):
        raise errors.invalid("statement")
    return statement
