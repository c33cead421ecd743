"""The command line, checked before anything is started."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from tools.gateway.errors import ConfigurationError


@dataclass(frozen=True)
class Arguments:
    """What the gateway was started with. Without `stream_url` everything is asked for over HTTP.

    `data` is the product's data folder, resolved; without it no orders are taken.
    """

    upstream: str
    stream_url: str | None
    host: str
    port: int
    trust_env: bool
    data: Path | None = None
    venue: str = "binance"


VENUES = ("binance", "binance-testnet", "demo")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ConfigurationError(f"{message}. See python -m tools.gateway --help.")


def parse_arguments(words: Sequence[str]) -> Arguments:
    """Reads the command line; raises ConfigurationError."""
    given = _parser().parse_args(words)
    upstream = _address("--upstream", given.upstream, "http", "https")
    stream_url = given.stream_url and _address("--stream-url", given.stream_url, "ws", "wss")
    data = given.data and given.data.resolve()
    return Arguments(upstream, stream_url or None, given.host, given.port, given.trust_env, data, given.venue)


def _parser() -> _Parser:
    parser = _Parser(prog="python -m tools.gateway", description="Serves an exchange's market data to every bot.")
    parser.add_argument("--upstream", required=True, help="the exchange, such as https://api.binance.com")
    parser.add_argument("--stream-url", help="its streams, such as wss://stream.binance.com:9443 (default: none)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8082, help="port to listen on; 0 takes a free one (default 8082)")
    parser.add_argument("--trust-env", action="store_true", help="use the proxies that the environment names")
    parser.add_argument("--data", type=Path, help="the product's data folder (default: none, and no orders)")
    parser.add_argument("--venue", choices=VENUES, default="binance", help="which exchange it is (default binance)")
    return parser


def _address(name: str, text: str, *schemes: str) -> str:
    """An address without path, query and credentials."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in schemes or not parts.hostname or not bare:
        raise ConfigurationError(f"{name} {text!r} is not an address. Write it like {schemes[-1]}://host:port.")
    return f"{parts.scheme}://{parts.netloc}"


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 65535")
    return int(text)
