"""What a bot sees of the account: its own, and nothing of what the owner holds besides; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from tools.gateway.orders.position import ZERO

OWN_MONEY = frozenset({"balances", "uid"})
COIN_AMOUNTS = ("free", "locked", "freeze", "withdrawing", "ipoing", "ipoable", "storage")
EIGHT = Decimal("1e-8")


@dataclass(frozen=True)
class Balance:
    free: Decimal
    locked: Decimal


def account_of(real: Mapping[str, Any], own: Mapping[str, Balance], left: Mapping[str, Decimal]) -> dict[str, Any]:
    """The account with a bot's own balances: of its stake currency no more than it may still spend.

    `own` is what it holds and has offered by currency, `left` what its exposure leaves of the stake currency.
    """
    balances = dict(own)
    for stake, amount in left.items():
        spendable = min(_free(real, stake), max(amount, ZERO))
        balances[stake] = Balance(spendable, own[stake].locked if stake in own else ZERO)
    told = {name: value for name, value in real.items() if name not in OWN_MONEY}
    return {**told, "balances": [_balance(asset, balances[asset]) for asset in sorted(balances)]}


def coins_of(real: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The exchange's list of coins, without how much of each the owner has."""
    return [{**coin, **{name: "0" for name in COIN_AMOUNTS if name in coin}} for coin in real]


def _free(real: Mapping[str, Any], asset: str) -> Decimal:
    found = (balance["free"] for balance in real.get("balances", ()) if balance.get("asset") == asset)
    return Decimal(next(found, "0"))


def _balance(asset: str, balance: Balance) -> dict[str, str]:
    """Downwards: nobody is told of more than there is."""
    free, locked = (format(value.quantize(EIGHT, ROUND_DOWN), "f") for value in (balance.free, balance.locked))
    return {"asset": asset, "free": free, "locked": locked}
