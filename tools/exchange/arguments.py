"""The command line, checked before anything is started."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tools.exchange.clock import parse_time
from tools.exchange.errors import ConfigurationError
from tools.exchange.synthetic import DEFAULT_SEED


@dataclass(frozen=True)
class Arguments:
    """What the exchange was started with. Moments are in ms UTC; `data` is set where the source is replay.

    `state` is the folder where accounts and orders are kept; without one they end with the process.
    """

    host: str
    port: int
    seed: int
    data: Path | None
    at_ms: int | None
    since_ms: int | None
    state: Path | None = None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ConfigurationError(f"{message}. See python -m tools.exchange --help.")


def parse_arguments(words: Sequence[str]) -> Arguments:
    """Reads the command line; raises ConfigurationError."""
    given = _parser().parse_args(words)
    _check_source(given)
    at_ms, since_ms = _moment("--at", given.at), _moment("--since", given.since)
    return Arguments(given.host, given.port, given.seed, given.data, at_ms, since_ms, given.state)


def _check_source(given: argparse.Namespace) -> None:
    replay = given.source == "replay"
    if replay and given.data is None:
        raise ConfigurationError("--source replay needs --data PATH, a folder of candle files.")
    if not replay and (given.data or given.at or given.since):
        raise ConfigurationError("--data, --at and --since belong to --source replay. Add it, or leave them out.")
    if given.since and not given.at:
        raise ConfigurationError("--since says when --at was now, so it needs --at TIME. Add it, or leave --since out.")


def _parser() -> _Parser:
    parser = _Parser(prog="python -m tools.exchange", description="A demo exchange that answers like Binance Spot.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8081, help="port to listen on; 0 takes a free one (default 8081)")
    parser.add_argument("--source", choices=("synthetic", "replay"), default="synthetic", help="where prices come from")
    parser.add_argument("--seed", type=_seed, default=DEFAULT_SEED, help=f"synthetic: default {DEFAULT_SEED}")
    parser.add_argument("--data", type=Path, help="replay: folder with files like BTC_USDT-1m.feather or .csv")
    parser.add_argument("--at", metavar="TIME", help="replay: moment of the data that is shown at --since (RFC 3339)")
    parser.add_argument("--since", metavar="TIME", help="replay: wall-clock moment of --at (default: the start)")
    parser.add_argument("--state", type=Path, help="folder that keeps accounts and orders (default: nothing is kept)")
    return parser


def _port(text: str) -> int:
    return _whole_number(text, 65_535)


def _seed(text: str) -> int:
    return _whole_number(text, 2**32 - 1)


def _whole_number(text: str, largest: int) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= largest):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {largest}")
    return int(text)


def _moment(name: str, text: str | None) -> int | None:
    try:
        return None if text is None else parse_time(text)
    except (ValueError, OverflowError) as error:
        raise ConfigurationError(f"{name} {text!r} is not a time. Write it like 2024-08-05T06:00:00Z.") from error
