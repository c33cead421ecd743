"""Where prices come from: the one place that knows addresses."""

from dataclasses import dataclass
from typing import Literal

import httpx

VenueName = Literal["demo", "binance", "binance-testnet"]

BINANCE_URL = "https://api.binance.com"
TESTNET_URL = "https://testnet.binance.vision"


@dataclass(frozen=True)
class Venue:
    """An exchange with Binance Spot's REST API."""

    name: VenueName
    url: str
    chosen: Literal["set", "auto"] = "set"

    @property
    def api_url(self) -> str | None:
        """The address for ccxt; None for the one that it knows itself."""
        return None if self.name == "binance" else self.url


async def choose_venue(setting: str, demo_url: str, chosen: Literal["set", "auto"] = "set") -> Venue:
    """The venue of a setting; `auto` is Binance where it answers within three seconds, otherwise the demo exchange."""
    if setting == "auto":
        chosen = "auto"
        setting = "binance" if await _answers(BINANCE_URL) else "demo"
    match setting:
        case "binance":
            return Venue("binance", BINANCE_URL, chosen)
        case "binance-testnet":
            return Venue("binance-testnet", TESTNET_URL, chosen)
        case _:
            return Venue("demo", demo_url, chosen)


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=3) as client:
            return (await client.get(f"{url}/api/v3/ping")).is_success
    except httpx.HTTPError:
        return False
