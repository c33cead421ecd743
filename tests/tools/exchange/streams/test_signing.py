"""Who signed a request of the WebSocket API."""

import json
from typing import Any

import pytest

from tools.exchange.errors import ApiError
from tools.exchange.spot.accounts import Account, Permissions
from tools.exchange.spot.signing import sign
from tools.exchange.streams.requests import parse
from tools.exchange.streams.signing import identify_signer, payload

KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
"""The keys of Binance's own examples."""
ORDER = {
    "symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01000000",
    "price": "52000.00", "recvWindow": 100, "timestamp": 1645423376532, "apiKey": KEY,
}  # fmt: skip
SIGNATURE = "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24"
NOW_MS = 1645423376532


class Accounts:
    """Has one account."""

    def find_account(self, api_key: str) -> Account | None:
        return Account(17, KEY, SECRET, Permissions(), 0) if api_key == KEY else None


def signer(**changes: Any) -> int:
    params = {name: value for name, value in {**ORDER, "signature": SIGNATURE, **changes}.items() if value is not None}
    return identify_signer(Accounts(), parse(json.dumps(params)), NOW_MS).uid


def test_signature_when_it_is_binances_example_then_the_account() -> None:
    assert signer() == 17
    assert signer(signature=SIGNATURE.upper()) == 17


def test_payload_when_values_are_no_text_then_as_they_were_written() -> None:
    params = parse('{"b": 6000.340, "a": true, "c": "é", "signature": "x"}')
    assert payload(params) == "a=true&b=6000.340&c=é".encode()


def test_signature_when_return_rate_limits_is_sent_then_it_is_signed_too() -> None:
    params = {"apiKey": KEY, "timestamp": NOW_MS, "returnRateLimits": False}
    signature = sign(SECRET, f"apiKey={KEY}&returnRateLimits=false&timestamp={NOW_MS}".encode())
    assert identify_signer(Accounts(), {**params, "signature": signature}, NOW_MS).uid == 17


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signature": SIGNATURE[::-1]}, -1022),
        ({"price": "52000.01"}, -1022),
        ({"signature": None}, -1102),
        ({"apiKey": None}, -2014),
        ({"apiKey": "x" * 64}, -2015),
        ({"timestamp": None}, -1022),
        ({"timestamp": NOW_MS - 101}, -1022),
    ],
)
def test_signature_when_wrong_then_binances_code(changes: dict[str, Any], code: int) -> None:
    with pytest.raises(ApiError) as refused:
        signer(**changes)
    assert refused.value.code == code


@pytest.mark.parametrize(("sent", "code"), [(NOW_MS - 5_001, -1021), (NOW_MS + 1_000, -1021), ("soon", -1100)])
def test_signature_when_its_time_is_wrong_then_binances_code(sent: object, code: int) -> None:
    params = {"apiKey": KEY, "timestamp": sent}
    signed = {**params, "signature": sign(SECRET, payload(params))}
    with pytest.raises(ApiError) as refused:
        identify_signer(Accounts(), signed, NOW_MS)
    assert refused.value.code == code
