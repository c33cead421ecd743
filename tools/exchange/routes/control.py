"""Making accounts, permitting and funding them, and looking at the ledger. Not part of Binance's interface."""

import hmac
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tools.exchange import errors
from tools.exchange.call import read_body
from tools.exchange.market import Market
from tools.exchange.spot.accounts import Account, Permissions
from tools.exchange.spot.amounts import UNIT, parse_amount, write_amount
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.ledger import BOOKS

PERMISSIONS = {
    "canTrade": "can_trade",
    "enableReading": "enable_reading",
    "enableWithdrawals": "enable_withdrawals",
    "ipRestrict": "ip_restrict",
}
TOKEN_HEADER = "X-Demo-Token"  # noqa: S105
MOST_FUNDED = 1_000_000_000 * UNIT
"""The largest amount of one deposit or withdrawal."""

Json = dict[str, Any]
Control = Callable[[Request, Json], Json]


def create_account(request: Request, body: Json) -> Json:
    """A new account with its keys, which are shown this once."""
    _require_known(body, ("balances", "permissions"))
    permissions = _permissions(Permissions(), body.get("permissions", {}))
    given = _object(body.get("balances", {}), "balances")
    balances = {_asset(request, asset): _positive(text, f"balances.{asset}") for asset, text in given.items()}
    account = _desk(request).open_account(permissions, balances, request.app.state.clock())
    return {"uid": account.uid, "apiKey": account.api_key, "secretKey": account.secret_key}


def change_account(request: Request, body: Json) -> Json:
    """Changes what an account's key may do; answers what it may do now."""
    account = _account(request)
    permissions = _permissions(account.permissions, body)
    _desk(request).permit(account, permissions, request.app.state.clock())
    return {"uid": account.uid, **_shown(permissions)}


def fund_account(request: Request, body: Json) -> Json:
    """Deposits, or withdraws where the amount is negative; answers the balance after it."""
    _require_known(body, ("asset", "amount"))
    account, asset = _account(request), _asset(request, body.get("asset"))
    text = str(body.get("amount", ""))
    amount = _positive(text.removeprefix("-"), "amount") * (-1 if text.startswith("-") else 1)
    desk = _desk(request)
    desk.fund(account.uid, asset, amount, request.app.state.clock())
    balance = desk.ledger.balance(account.uid, asset)
    return {"asset": asset, "free": write_amount(balance.free), "locked": write_amount(balance.locked)}


def read_ledger(desk: Desk) -> Json:
    """What each asset sums to over all books and accounts, which is zero, and every balance."""
    owners = {**{name: uid for uid, name in BOOKS.items()}, **{str(uid): uid for uid in desk.accounts.numbers()}}
    totals: dict[str, int] = defaultdict(int)
    shown = {}
    for name, uid in owners.items():
        balances = desk.ledger.balances(uid)
        for one in balances:
            totals[one.asset] += one.free + one.locked
        shown[name] = {
            one.asset: {"free": write_amount(one.free), "locked": write_amount(one.locked)} for one in balances
        }
    return {"totals": {asset: write_amount(total) for asset, total in sorted(totals.items())}, "balances": shown}


async def _ledger(request: Request) -> JSONResponse:
    return JSONResponse(read_ledger(_desk(request)))


def _control(method: str, path: str, control: Control) -> Route:
    """A route with a JSON body that needs the token of the state folder, where there is one."""

    async def endpoint(request: Request) -> JSONResponse:
        _check_token(request.app.state.control_token, request.headers.get(TOKEN_HEADER, ""))
        return JSONResponse(control(request, _read_json(await read_body(request))))

    return Route(path, endpoint, methods=[method])


def _check_token(expected: str | None, sent: str) -> None:
    if expected is not None and not hmac.compare_digest(expected.encode(), sent.encode()):
        raise errors.unauthorized(f"Send the content of the file control-token as the header {TOKEN_HEADER}.")


def _read_json(body: bytes) -> Json:
    try:
        read = json.loads(body or b"{}", parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise errors.bad_control("The body is not JSON.") from error
    return _object(read, "The body")


def _object(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise errors.bad_control(f"{name} is not an object.")
    return value


def _require_known(body: Json, known: tuple[str, ...]) -> None:
    if unknown := next((name for name in body if name not in known), None):
        raise errors.bad_control(f"There is no field {unknown!r}; there are {', '.join(known)}.")


def _permissions(before: Permissions, given: object) -> Permissions:
    changes = _object(given, "permissions")
    _require_known(changes, tuple(PERMISSIONS))
    for name, value in changes.items():
        if not isinstance(value, bool):
            raise errors.bad_control(f"{name} is neither true nor false.")
    return replace(before, **{PERMISSIONS[name]: value for name, value in changes.items()})


def _shown(permissions: Permissions) -> dict[str, bool]:
    return {name: getattr(permissions, field) for name, field in PERMISSIONS.items()}


def _asset(request: Request, asset: object) -> str:
    market: Market = request.app.state.market
    if not any(asset in {symbol.base, symbol.quote} for symbol in market.symbols.values()):
        raise errors.bad_control(f"{asset!r} is not an asset that is traded here.")
    return str(asset)


def _positive(text: object, name: str) -> int:
    try:
        amount = parse_amount(name, str(text))
    except errors.ApiError as error:
        raise errors.bad_control(f"{name} is not a decimal number with eight decimals at most.") from error
    if not 0 < amount <= MOST_FUNDED:
        raise errors.bad_control(f"{name} is not between 0 and {MOST_FUNDED // UNIT}.")
    return amount


def _account(request: Request) -> Account:
    account = _desk(request).accounts.get(request.path_params["uid"])
    if account is None:
        raise errors.ApiError(-1130, f"There is no account {request.path_params['uid']}.", 404)
    return account


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


ROUTES = [
    _control("POST", "/demo/accounts", create_account),
    _control("PATCH", "/demo/accounts/{uid:int}", change_account),
    _control("POST", "/demo/accounts/{uid:int}/funding", fund_account),
    Route("/demo/ledger", _ledger, methods=["GET"]),
]
