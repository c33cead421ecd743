"""What the exchange's key may do, where the exchange tells and where it does not."""

from dataclasses import dataclass
from typing import Any

import pytest

from tools.gateway.orders.bot_keys import Caller
from tools.gateway.orders.check import Check, Venue
from tools.gateway.orders.signed import SignedRequest
from tools.gateway.orders.upstream import Answer, Refused


@dataclass
class Exchange:
    """Tells of the account, and of the key's restrictions where it has such a thing."""

    restrictions: dict[str, Any] | None

    async def signed(self, _method: str, path: str, _params: Any) -> Answer:
        if "Restrictions" not in path:
            return Answer(200, {"canTrade": True, "balances": []})
        if self.restrictions is None:
            raise Refused(-1000, "Path not found", 404)
        return Answer(200, self.restrictions)


@pytest.mark.parametrize(
    ("venue", "restrictions", "can_withdraw"),
    [
        ("binance", {"enableWithdrawals": True}, True),
        ("binance", {"enableWithdrawals": False}, False),
        ("binance", {"enableWithdrawals": "false"}, None),
        ("binance", None, None),
        ("demo", None, None),
        ("binance-testnet", None, False),
    ],
)
async def test_read_when_the_exchange_does_not_tell_then_only_one_that_pays_nothing_out_is_trusted(
    venue: str, restrictions: dict[str, Any] | None, can_withdraw: bool | None
) -> None:
    request = SignedRequest(Caller("desk"), "GET", "/gateway/check", {}, "")
    told = await Check(Exchange(restrictions), Venue(venue, lambda: 0)).read(request)
    assert (told["can_withdraw"], told["can_trade"]) == (can_withdraw, True)
