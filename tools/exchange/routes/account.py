"""An account: its balances, its trades, its rates and how many orders it has placed."""

from typing import Any

from tools.exchange import errors
from tools.exchange.call import SignedCall, signed
from tools.exchange.routes.orders import read_span
from tools.exchange.spot import wire
from tools.exchange.spot.amounts import COMMISSION_DIVISOR, write_amount
from tools.exchange.spot.ledger import Balance

BASIS_POINTS = 10_000 // COMMISSION_DIVISOR


def read_account(call: SignedCall) -> dict[str, Any]:
    """Permissions, commissions and balances."""
    permissions, uid = call.account.permissions, call.account.uid
    balances = all_balances(call)
    if call.query.flag("omitZeroBalances"):
        balances = [one for one in balances if one.free or one.locked]
    return {
        "makerCommission": BASIS_POINTS,
        "takerCommission": BASIS_POINTS,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": wire.account_rates("")["standardCommission"],
        "canTrade": permissions.can_trade,
        "canWithdraw": permissions.enable_withdrawals,
        "canDeposit": True,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": max(call.desk.ledger.updated_ms(uid), call.account.created_ms),
        "accountType": "SPOT",
        "balances": [_written(one) for one in balances],
        "permissions": ["SPOT"],
        "uid": uid,
    }


def all_balances(call: SignedCall) -> list[Balance]:
    """A balance for every asset that is listed here, and for those that the account has besides."""
    listed = dict.fromkeys(asset for one in call.market.symbols.values() for asset in (one.base, one.quote))
    owned = {balance.asset: balance for balance in call.desk.ledger.balances(call.account.uid)}
    return [owned.get(asset, Balance(asset, 0, 0)) for asset in dict.fromkeys([*listed, *owned])]


def read_trades(call: SignedCall) -> list[dict[str, Any]]:
    """The account's trades on a symbol."""
    query, symbol = call.query, call.query.symbol(call.market.symbols)
    if query.has("orderId", "fromId") and query.has("startTime", "endTime"):
        raise errors.bad_combination()
    span, order = read_span(query, "fromId"), query.integer("orderId")
    return [wire.traded(trade) for trade in call.desk.trades.history(call.account.uid, symbol.name, span, order)]


def read_commission(call: SignedCall) -> dict[str, Any]:
    """The account's commission rates on a symbol."""
    return wire.account_rates(call.query.symbol(call.market.symbols).name)


def read_order_counts(call: SignedCall) -> list[dict[str, Any]]:
    """How many orders that have not traded were placed in the running intervals."""
    counts = call.meter.orders(str(call.account.uid), call.now_ms)
    limits = call.meter.limits.orders
    return [{**limit.announce("ORDERS"), "count": count} for limit, count in zip(limits, counts, strict=True)]


def _written(balance: Balance) -> dict[str, str]:
    return {"asset": balance.asset, "free": write_amount(balance.free), "locked": write_amount(balance.locked)}


ROUTES = [
    signed("GET", "/api/v3/account", read_account, "omitZeroBalances"),
    signed("GET", "/api/v3/myTrades", read_trades, "symbol", "orderId", "startTime", "endTime", "fromId", "limit"),
    signed("GET", "/api/v3/account/commission", read_commission, "symbol"),
    signed("GET", "/api/v3/rateLimit/order", read_order_counts),
]
