"""The exchanges that there are: the one place that knows their addresses."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import httpx

VenueName = Literal["demo", "binance", "binance-testnet"]
Chosen = Literal["set", "auto"]


@dataclass(frozen=True)
class Venue:
    """An exchange that speaks Binance Spot's REST and WebSocket APIs, and the gateway that stands before it."""

    name: VenueName
    url: str
    stream_url: str
    chosen: Chosen = "set"
    via: str | None = None
    """The gateway's address; None for the gateway itself, which alone speaks with the exchange."""

    @property
    def api_url(self) -> str:
        """Whom to ask, for everybody but the gateway."""
        return self.via or self.url


BINANCE = Venue("binance", "https://api.binance.com", "wss://stream.binance.com:9443")
TESTNET = Venue("binance-testnet", "https://testnet.binance.vision", "wss://stream.testnet.binance.vision")


def demo_venue(url: str, chosen: Chosen = "set", via: str | None = None) -> Venue:
    """The demo exchange at `url`, which has its streams at the same port."""
    return Venue("demo", url, urlsplit(url)._replace(scheme="ws").geturl(), chosen, via)


async def choose_venue(setting: str, demo_url: str, chosen: Chosen = "set", via: str | None = None) -> Venue:
    """The venue of a setting; `auto` is Binance where it answers within three seconds, otherwise the demo exchange."""
    if setting == "auto":
        chosen = "auto"
        setting = "binance" if await _answers(BINANCE.url) else "demo"
    match setting:
        case "binance" | "binance-testnet":
            known = BINANCE if setting == "binance" else TESTNET
            return Venue(known.name, known.url, known.stream_url, chosen, via)
        case _:
            return demo_venue(demo_url, chosen, via)


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=3) as client:
            return (await client.get(f"{url}/api/v3/ping")).is_success
    except httpx.HTTPError:
        return False
