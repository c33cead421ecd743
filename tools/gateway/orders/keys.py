"""The exchange's own key: in the gateway's process and nowhere else."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ExchangeKeys:
    """What the exchange knows the account by; neither half is ever shown."""

    key: str = field(repr=False)
    secret: str = field(repr=False)


def sign(secret: str, payload: bytes) -> str:
    """HMAC-SHA256 in hex, as Binance wants it.

    Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#signed-endpoint-security
    """
    return hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()
