"""Keys, signatures and timestamps."""

import pytest

from tools.exchange.errors import ApiError
from tools.exchange.spot.accounts import Account, Permissions
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.signing import check_signature, check_timestamp, identify, sign, without_signature

NOW_MS = 1_795_333_625_400
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
PAYLOAD = (
    b"symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
)
SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
ACCOUNT = Account(1, "k" * 64, SECRET, Permissions(), 0)


def test_signature_when_of_binances_own_example_then_the_same() -> None:
    assert sign(SECRET, PAYLOAD) == SIGNATURE


@pytest.mark.parametrize("signature", [SIGNATURE, SIGNATURE.upper()])
def test_signature_when_right_then_its_case_does_not_matter(signature: str) -> None:
    check_signature(ACCOUNT, PAYLOAD, signature)


@pytest.mark.parametrize(
    ("payload", "signature", "code"),
    [(PAYLOAD, None, -1102), (PAYLOAD, "", -1102), (PAYLOAD + b" ", SIGNATURE, -1022), (PAYLOAD, "ß" * 64, -1022)],
)
def test_signature_when_wrong_or_missing_then_refused(payload: bytes, signature: str | None, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        check_signature(ACCOUNT, payload, signature)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("encoded", "left"),
    [
        (b"a=1&signature=ff", b"a=1"),
        (b"signature=ff", b""),
        (b"a=1&signature=f&b=%202", b"a=1&b=%202"),
        (b"a=&b", b"a=&b"),
    ],
)
def test_payload_when_the_signature_is_taken_out_then_the_rest_as_received(encoded: bytes, left: bytes) -> None:
    assert without_signature(encoded) == left


@pytest.mark.parametrize(
    ("timestamp", "window"),
    [
        (NOW_MS, None),
        (NOW_MS - 5_000, None),
        (NOW_MS + 999, None),
        (str(NOW_MS - 60_000), "60000"),
        (NOW_MS * 1_000 - 250, "0.25"),
        (NOW_MS, 1),
    ],
)
def test_timestamp_when_within_the_window_then_accepted(timestamp: str | int, window: str | float | None) -> None:
    check_timestamp(timestamp, window, NOW_MS)


@pytest.mark.parametrize(
    ("timestamp", "window", "code"),
    [
        (None, None, -1102),
        ("", None, -1102),
        ("now", None, -1100),
        ("-1", None, -1100),
        (NOW_MS - 5_001, None, -1021),
        (NOW_MS + 1_000, None, -1021),
        (NOW_MS * 1_000 - 251, "0.25", -1021),
        (NOW_MS, "60000.001", -1131),
        (NOW_MS, "60001", -1131),
        (NOW_MS, "1.2345", -1100),
        (NOW_MS, "-1", -1100),
    ],
)
def test_timestamp_when_outside_then_refused(timestamp: str | int | None, window: str | None, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        check_timestamp(timestamp, window, NOW_MS)
    assert refused.value.code == code


@pytest.mark.parametrize(("key", "code"), [(None, -2014), ("short", -2014), ("ü" * 64, -2014), ("a" * 64, -2015)])
def test_key_when_unknown_then_401(desk: Desk, key: str | None, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        identify(desk, key)
    assert (refused.value.code, refused.value.status) == (code, 401)


def test_key_when_of_an_account_then_that_account(desk: Desk) -> None:
    account = desk.open_account(Permissions(can_trade=False), {}, 5)
    assert identify(desk, account.api_key) == identify(desk.accounts, account.api_key) == account
    assert len(account.api_key) == len(account.secret_key) == 64
