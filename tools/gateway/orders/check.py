"""Whether the exchange's key works and what it may do: asked anew each time, for whoever decides on real money."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.gateway.orders.errors import Denied
from tools.gateway.orders.paths import ACCOUNT, RESTRICTIONS
from tools.gateway.orders.reading import as_told
from tools.gateway.orders.signed import SignedRequest
from tools.gateway.orders.upstream import Exchange, NotSent, Refused, Unknown
from tools.gateway.orders.wire_order import check_known

PAYS_NOTHING = frozenset({"binance-testnet"})


@dataclass(frozen=True)
class Venue:
    """What is known of the exchange besides."""

    name: str
    skew_ms: Callable[[], int | None]
    """How far its clock is ahead of this machine's."""

    @property
    def pays_out(self) -> bool:
        """Whether there is anything that a key could withdraw: the testnet's money is made up, and stays there."""
        return self.name not in PAYS_NOTHING


class Check:
    """One answer of the account and one of the key's restrictions; what cannot be read is not assumed."""

    def __init__(self, exchange: Exchange, venue: Venue) -> None:
        self._exchange = exchange
        self._venue = venue

    async def read(self, request: SignedRequest) -> dict[str, Any]:
        """`can_withdraw` is None where it cannot be known; `error` is what the exchange says against the account."""
        check_known(request.params, frozenset())
        account, error = await self._ask(ACCOUNT, {"omitZeroBalances": "true"})
        restrictions, _ = await self._ask(RESTRICTIONS, {})
        return {
            "key_works": account is not None,
            "can_trade": _allows(account, "canTrade") is True
            and _allows(restrictions, "enableSpotAndMarginTrading") is not False,
            "can_withdraw": _allows(restrictions, "enableWithdrawals") if self._venue.pays_out else False,
            "ip_restricted": _allows(restrictions, "ipRestrict") is True,
            "clock_skew_ms": self._venue.skew_ms(),
            "balances": _balances(account or {}),
            "venue": self._venue.name,
            "error": None if error is None else {"code": error.code, "message": error.message},
        }

    async def _ask(self, path: str, params: Mapping[str, str]) -> tuple[Mapping[str, Any] | None, Denied | None]:
        try:
            content = (await self._exchange.signed("GET", path, params)).content
        except (Refused, Unknown, NotSent) as error:
            return None, as_told(error)
        return (content, None) if isinstance(content, dict) else ({}, None)


def _allows(told: Mapping[str, Any] | None, name: str) -> bool | None:
    """Yes or no in so many words; None for everything else."""
    value = None if told is None else told.get(name)
    return value if isinstance(value, bool) else None


def _balances(account: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """By currency, of which there is any."""
    rows = {str(row["asset"]): (str(row["free"]), str(row["locked"])) for row in account.get("balances", ())}
    return {
        asset: {"free": free, "locked": locked}
        for asset, (free, locked) in rows.items()
        if Decimal(free) or Decimal(locked)
    }
