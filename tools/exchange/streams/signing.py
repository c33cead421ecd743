"""Who signed a request of the WebSocket API.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-api.md, "SIGNED request security"
"""

from typing import Any

from tools.exchange.spot.accounts import Account
from tools.exchange.spot.signing import KeepsAccounts, check_signature, check_timestamp, identify
from tools.exchange.streams.requests import write_value


def identify_signer(accounts: KeepsAccounts, params: dict[str, Any], now_ms: int) -> Account:
    """The account whose key these parameters name and whose secret signed them at about `now_ms`; raises ApiError."""
    account = identify(accounts, _text(params, "apiKey"))
    check_signature(account, payload(params), _text(params, "signature"))
    check_timestamp(_text(params, "timestamp"), _text(params, "recvWindow"), now_ms)
    return account


def payload(params: dict[str, Any]) -> bytes:
    """What is signed: every parameter but the signature, by name in alphabetical order, as `k=v` joined by `&`."""
    return "&".join(f"{name}={write_value(params[name])}" for name in sorted(params) if name != "signature").encode()


def _text(params: dict[str, Any], name: str) -> str | None:
    value = params.get(name)
    return None if value is None else write_value(value)
