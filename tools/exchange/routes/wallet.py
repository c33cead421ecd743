"""What Binance's wallet says of coins, keys and fees, as far as this exchange has any.

Source: https://developers.binance.com/docs/wallet
"""

from typing import Any

from tools.exchange.call import Call, SignedCall, get, signed
from tools.exchange.routes.account import all_balances
from tools.exchange.spot.amounts import COMMISSION_DIVISOR, write_amount
from tools.exchange.spot.ledger import Balance


def read_coins(call: SignedCall) -> list[dict[str, Any]]:
    """Every coin with the account's balance of it. No network moves coins to or from here."""
    return [_coin(balance) for balance in all_balances(call)]


def read_restrictions(call: SignedCall) -> dict[str, Any]:
    """What the key may do."""
    permissions = call.account.permissions
    never = ("enableInternalTransfer", "enableMargin", "enableFutures", "enableVanillaOptions")
    return {
        "ipRestrict": permissions.ip_restrict,
        "createTime": call.account.created_ms,
        "enableReading": permissions.enable_reading,
        "enableSpotAndMarginTrading": permissions.can_trade,
        "enableWithdrawals": permissions.enable_withdrawals,
        **dict.fromkeys(never, False),
        "permitsUniversalTransfer": False,
        "enablePortfolioMarginTrading": False,
    }


def read_fees(call: SignedCall) -> list[dict[str, str]]:
    """The fees of one symbol or of all, as fractions."""
    rate = str(1 / COMMISSION_DIVISOR)
    fee = {"makerCommission": rate, "takerCommission": rate}
    return [{"symbol": symbol.name, **fee} for symbol in call.query.symbols(call.market.symbols)]


def read_delistings(_: SignedCall) -> list[Any]:
    """No symbol is ever delisted."""
    return []


def read_margin_pairs(_: SignedCall) -> list[Any]:
    """No symbol is traded on margin; ccxt asks."""
    return []


def read_status(_: SignedCall) -> dict[str, str]:
    """The account is in order."""
    return {"data": "Normal"}


def read_trading_status(call: SignedCall) -> dict[str, Any]:
    """Whether the account is locked out of trading."""
    status = {"isLocked": not call.account.permissions.can_trade, "plannedRecoverTime": 0, "updateTime": 0}
    return {"data": {**status, "triggerCondition": {"GCR": 150, "IFER": 150, "UFR": 300}}}


def read_system(_: Call) -> dict[str, Any]:
    """The system is up."""
    return {"status": 0, "msg": "normal"}


def _coin(balance: Balance) -> dict[str, Any]:
    none = dict.fromkeys(("freeze", "withdrawing", "ipoing", "ipoable", "storage"), write_amount(0))
    return {
        "coin": balance.asset,
        "name": balance.asset,
        "free": write_amount(balance.free),
        "locked": write_amount(balance.locked),
        **none,
        "depositAllEnable": False,
        "withdrawAllEnable": False,
        "isLegalMoney": False,
        "trading": True,
        "networkList": [],
    }


ROUTES = [
    signed("GET", "/sapi/v1/capital/config/getall", read_coins),
    signed("GET", "/sapi/v1/account/apiRestrictions", read_restrictions),
    signed("GET", "/sapi/v1/asset/tradeFee", read_fees, "symbol"),
    signed("GET", "/sapi/v1/spot/delist-schedule", read_delistings),
    signed("GET", "/sapi/v1/margin/allPairs", read_margin_pairs, "symbol"),
    signed("GET", "/sapi/v1/margin/isolated/allPairs", read_margin_pairs, "symbol"),
    signed("GET", "/sapi/v1/account/status", read_status),
    signed("GET", "/sapi/v1/account/apiTradingStatus", read_trading_status),
    get("/sapi/v1/system/status", read_system),
]
