"""Speaks with the gateway in the name of the product: signs as Binance has it signed."""

import hashlib
import hmac
import time
from collections.abc import Callable
from urllib.parse import urlencode

import httpx

from tools.credentials import Credentials

TIMEOUT_S = 9.0
KEY_HEADER = "X-MBX-APIKEY"


class Wire:
    """With credentials that are worth nothing outside of the gateway."""

    def __init__(self, gateway_url: str, read_credentials: Callable[[], Credentials]) -> None:
        self._url = gateway_url.rstrip("/")
        self._read_credentials = read_credentials

    async def ask(self, method: str, path: str, *, timeout_s: float = TIMEOUT_S, **params: str) -> httpx.Response:
        """Whatever the answer. Raises `httpx.HTTPError`, and what reading the credentials does."""
        credentials = self._read_credentials()
        query = urlencode({**params, "timestamp": time.time_ns() // 1_000_000})
        signature = hmac.new(credentials.secret.encode(), query.encode(), hashlib.sha256).hexdigest()
        async with httpx.AsyncClient(trust_env=False, timeout=timeout_s) as client:
            return await client.request(
                method, f"{self._url}{path}?{query}&signature={signature}", headers={KEY_HEADER: credentials.key}
            )
