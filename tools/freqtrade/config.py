"""A bot as Freqtrade's configuration: base, overlays, then the bot itself."""

import json
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from tools.bot import BotSpec, Mode
from tools.credentials import Credentials
from tools.errors import Problem

LAYERS = Path(__file__).resolve().parents[2] / "freqtrade_config"
OVERLAYS = {Mode.SIMULATED: "dry-run", Mode.REAL_MARKET_SPOT: "live"}
DATABASES = {Mode.SIMULATED: "trades.sqlite", Mode.REAL_MARKET_SPOT: "trades-live.sqlite"}
"""Where a bot's Freqtrade keeps its trades: what was made up is never mixed with what was paid for."""
OWN = "own"
"""The one folder in a bot's folder that the bot itself may write to: Freqtrade's user folder, with its databases."""

Config = dict[str, Any]


class Venue(Protocol):
    """Where prices and orders come from and go."""

    @property
    def api_url(self) -> str:
        """Base of a Binance Spot REST API: the gateway's."""


@dataclass(frozen=True)
class RestAccess:
    """How to reach one bot's REST server on loopback."""

    port: int
    username: str
    password: str = field(repr=False)
    jwt_secret: str = field(repr=False)
    ws_token: str = field(repr=False)

    @classmethod
    def random(cls, port: int) -> "RestAccess":
        """Credentials that nothing else has."""
        return cls(port, "tradehelm", *(secrets.token_urlsafe(32) for _ in range(3)))


def translate(  # noqa: PLR0913  what a bot needs beside its spec
    spec: BotSpec,
    *,
    api_url: str,
    folder: Path,
    rest: RestAccess,
    paused: bool,
    losses: Decimal = Decimal(0),
    credentials: Credentials | None = None,
) -> Config:
    """Freqtrade's whole configuration for `spec`; holds credentials, so it belongs in a 0600 file.

    `folder` is the bot's; what is `OWN` in it becomes Freqtrade's user folder. `losses` (stake currency, zero or more)
    is what the bot has lost already in simulation: the virtual balance makes it up, so that a start always has the full
    exposure.
    With real money `credentials` are what the bot signs with at the gateway, and what was lost is missing.
    Raises `Problem` for real money without credentials and for pairs with different quotes.
    """
    if (spec.mode is Mode.SIMULATED) is not (credentials is None):
        raise Problem("live_disabled", 403, mode=spec.mode)
    if {pair.split("/")[1] for pair in spec.pairs} != {spec.stake_currency}:
        raise Problem("mixed_quotes", 422, pairs=", ".join(spec.pairs))
    layers = (_layer("base"), _layer(OVERLAYS[spec.mode]), _addresses(api_url))
    money = _exposure(spec, losses) if credentials is None else _real_exposure(spec, credentials)
    return merge(*layers, _bot(spec, folder, paused), money, _exits(spec), _rest(rest))


def merge(*layers: Mapping[str, Any]) -> Config:
    """Layers as one, the later over the earlier, nested mappings key by key."""
    merged: Config = {}
    for layer in layers:
        for key, value in layer.items():
            below = merged.get(key)
            merged[key] = merge(below or {}, value) if isinstance(value, dict) else value
    return merged


def number(value: Decimal) -> float:
    """The JSON number for `value`: the nearest that, as it is written, is not above it."""
    nearest = float(value)
    return nearest if Decimal(repr(nearest)) <= value else math.nextafter(nearest, -math.inf)


def _layer(name: str) -> Config:
    loaded: Config = json.loads((LAYERS / f"{name}.json").read_text())
    return loaded


def _addresses(api_url: str) -> Config:
    """The exchange at `api_url` in ccxt's words, and nowhere else."""
    base = api_url.rstrip("/")
    versions = {"public": "api/v3", "private": "api/v3", "v1": "api/v1", "sapi": "sapi/v1"}
    versions |= {f"sapiV{version}": f"sapi/v{version}" for version in (2, 3, 4)}
    urls = {"api": {name: f"{base}/{path}" for name, path in versions.items()}}
    return {"exchange": {"ccxt_config": {"urls": urls}}}


def _bot(spec: BotSpec, folder: Path, paused: bool) -> Config:
    return {
        "bot_name": spec.name,
        "initial_state": "paused" if paused else "running",
        "strategy": spec.strategy,
        "strategy_path": str(folder / "strategies"),
        "user_data_dir": str(folder / OWN),
        "db_url": f"sqlite:///{folder / OWN / DATABASES[spec.mode]}",
        "timeframe": spec.timeframe,
        "stake_currency": spec.stake_currency,
        "exchange": {"pair_whitelist": list(spec.pairs)},
    }


def _exposure(spec: BotSpec, losses: Decimal) -> Config:
    """Three bounds that hold whatever the strategy asks: size and number of trades, and the money that there is.

    A stake may shrink to what is left of the balance (`amend_last_stake_amount` in the base layer) and never grows:
    without that, a bot whose balance is its exposure could not enter again after its first loss.
    """
    balance = number(spec.exposure + losses)
    return {**_sizes(spec), "available_capital": balance, "dry_run_wallet": balance}


def _real_exposure(spec: BotSpec, credentials: Credentials) -> Config:
    """The same bounds with real money, which lies behind the gateway."""
    exchange = {"key": credentials.key, "secret": credentials.secret}
    return {**_sizes(spec), "available_capital": number(spec.exposure), "exchange": exchange}


def _sizes(spec: BotSpec) -> Config:
    return {"stake_amount": number(spec.stake), "max_open_trades": spec.max_open_trades}


def _exits(spec: BotSpec) -> Config:
    """What the owner set of them; Freqtrade lets the configuration win over the strategy and its parameter file."""
    exits: Config = {}
    if spec.stoploss_pct is not None:
        exits["stoploss"] = -float(spec.stoploss_pct / 100)
    if spec.take_profit_pct is not None:
        exits["minimal_roi"] = {"0": float(spec.take_profit_pct / 100)}
        exits["ignore_roi_if_entry_signal"] = False
    return exits


def _rest(rest: RestAccess) -> Config:
    return {
        "api_server": {
            "listen_port": rest.port,
            "username": rest.username,
            "password": rest.password,
            "jwt_secret_key": rest.jwt_secret,
            "ws_token": rest.ws_token,
        }
    }
