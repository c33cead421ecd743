"""What our own API may ask of the account: all of it, and cancelling; it places nothing."""

from collections.abc import Mapping
from typing import Any

from tools.gateway.orders import errors
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.paths import ACCOUNT, ALL, COINS, FEES, OPEN, ORDER, TRADES
from tools.gateway.orders.reading import NAMED, SPAN, as_told
from tools.gateway.orders.signed import SignedRequest
from tools.gateway.orders.upstream import Exchange, NotSent, Refused, Unknown
from tools.gateway.orders.wire_order import check_known, read_own_id, read_symbol, read_whole

KNOWN: Mapping[str, frozenset[str]] = {
    ACCOUNT: frozenset({"omitZeroBalances"}),
    ORDER: NAMED,
    OPEN: frozenset({"symbol"}),
    ALL: SPAN,
    TRADES: SPAN | {"fromId"},
    COINS: frozenset(),
    FEES: frozenset({"symbol"}),
}


class Desk:
    """The account as the exchange tells it."""

    def __init__(self, ledger: Ledger, exchange: Exchange, fills: Fills) -> None:
        self._ledger = ledger
        self._exchange = exchange
        self._fills = fills

    async def read(self, request: SignedRequest) -> Any:
        check_known(request.params, KNOWN[request.path])
        try:
            return (await self._exchange.signed("GET", request.path, _checked(request.params))).content
        except (Refused, Unknown, NotSent) as error:
            raise as_told(error) from None

    async def cancel(self, request: SignedRequest) -> Any:
        """Any order of the account; one of a bot is followed in the ledger."""
        check_known(request.params, NAMED)
        params = {"symbol": read_symbol(request.params), **_checked(request.params)}
        if len(params) < 2:
            raise errors.neither("origClientOrderId", "orderId")
        try:
            answer = await self._exchange.signed("DELETE", ORDER, params)
        except (Refused, Unknown, NotSent) as error:
            raise as_told(error, changes=True) from None
        await self._follow(params["symbol"], answer.content.get("orderId"))
        return answer.content

    async def _follow(self, symbol: str, exchange_id: int | None) -> None:
        entry = self._ledger.find_at_exchange(symbol, exchange_id) if exchange_id is not None else None
        if entry is not None:
            await self._fills.refresh(entry)


def _checked(params: Mapping[str, str]) -> dict[str, str]:
    """As they came, once each has been read as what it must be. Raises `Denied`."""
    for name in params:
        if name == "symbol":
            read_symbol(params)
        elif name == "origClientOrderId":
            read_own_id(params, name)
        elif name == "omitZeroBalances":
            if params[name] not in ("true", "false"):
                raise errors.illegal(name)
        else:
            read_whole(params, name)
    return dict(params)
