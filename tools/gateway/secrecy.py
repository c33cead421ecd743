"""The exchange's key: where it comes from, and that no other process of the same user reads it here."""

import ctypes
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from dotenv import dotenv_values

from tools.gateway.errors import ConfigurationError
from tools.gateway.orders.keys import ExchangeKeys

KEY, SECRET = "BINANCE_API_KEY", "BINANCE_API_SECRET"
PR_SET_DUMPABLE = 4


def make_undumpable() -> None:
    """From now on the kernel shows memory and environment of this process to the administrator alone, on Linux.

    Source: https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def read_keys(environment: Mapping[str, str], dotenv: Path) -> ExchangeKeys | None:
    """From the environment or else from the file, as settings are; None where there is neither half.

    Raises `ConfigurationError` for one half without the other.
    """
    in_file = dotenv_values(dotenv)
    key, secret = ((environment.get(name) or in_file.get(name) or "").strip() for name in (KEY, SECRET))
    if bool(key) != bool(secret):
        given, missing = (KEY, SECRET) if key else (SECRET, KEY)
        raise ConfigurationError(f"{given} is set and {missing} is not. Set both, or neither.")
    return ExchangeKeys(key, secret) if key else None


def find_proxy(url: str) -> str | None:
    """The proxy that the environment names for an address."""
    address = urlsplit(url)
    if proxy_bypass(address.hostname or ""):
        return None
    proxies = getproxies()
    return proxies.get(address.scheme) or proxies.get("all")
