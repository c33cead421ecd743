"""Who asks, whether it is really they, and whether just now.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md, "Request security"
"""

import hashlib
import hmac
import re
from decimal import Decimal
from typing import Protocol

from tools.exchange import errors
from tools.exchange.clock import SECOND_MS
from tools.exchange.spot.accounts import KEY_LENGTH, Account

DEFAULT_WINDOW_MS, LONGEST_WINDOW_MS = 5_000, 60_000
AHEAD_MS = SECOND_MS
TIMESTAMP = "^[0-9]{1,20}$"
WINDOW = r"^[0-9]{1,20}(\.[0-9]{1,3})?$"
LEAST_MICROSECONDS = 10**14
"""Timestamps from here on are microseconds; as milliseconds they would lie beyond the year 5138."""


class KeepsAccounts(Protocol):
    """Whoever can find an account by its key."""

    def find_account(self, api_key: str) -> Account | None:
        """The account of a key."""


def identify(accounts: KeepsAccounts, api_key: str | None) -> Account:
    """The account of an API key; raises -2014 where it is none, -2015 where nobody has it."""
    if api_key is None or not re.fullmatch(rf"[A-Za-z0-9]{{{KEY_LENGTH}}}", api_key, re.ASCII):
        raise errors.bad_key_format()
    account = accounts.find_account(api_key)
    if account is None:
        raise errors.rejected_key()
    return account


def sign(secret_key: str, payload: bytes) -> str:
    """HMAC-SHA256 of a payload, in hexadecimal."""
    return hmac.new(secret_key.encode(), payload, hashlib.sha256).hexdigest()


def check_signature(account: Account, payload: bytes, signature: str | None) -> None:
    """Raises -1102 where there is no signature, -1022 where it is not this payload's. Its case does not matter."""
    if not signature:
        raise errors.missing("signature")
    expected = sign(account.secret_key, payload)
    if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        raise errors.bad_signature()


def check_timestamp(timestamp: str | int | None, recv_window: str | float | None, now_ms: int) -> None:
    """Raises -1021 where the request is too old or from the future, -1131 where its window is too long.

    Milliseconds, or microseconds where the number is that large.
    """
    if timestamp is None or timestamp == "":
        raise errors.missing("timestamp")
    sent = Decimal(_matching("timestamp", str(timestamp), TIMESTAMP))
    window = Decimal(_matching("recvWindow", str(DEFAULT_WINDOW_MS if recv_window is None else recv_window), WINDOW))
    if window > LONGEST_WINDOW_MS:
        raise errors.bad_window()
    sent_ms = sent / 1_000 if sent >= LEAST_MICROSECONDS else sent
    if sent_ms >= now_ms + AHEAD_MS:
        raise errors.ahead_of_time()
    if now_ms - sent_ms > window:
        raise errors.outside_window()


def without_signature(encoded: bytes) -> bytes:
    """A query string or a form body exactly as it was received, less its parameter `signature`."""
    return b"&".join(part for part in encoded.split(b"&") if not part.startswith(b"signature="))


def _matching(name: str, text: str, legal: str) -> str:
    if not re.fullmatch(legal, text, re.ASCII):
        raise errors.illegal_characters(name, legal)
    return text
