"""Starts the demo exchange: `python -m tools.exchange`."""

import logging
import socket
import sys
from collections.abc import Sequence

import uvicorn

from tools.exchange.app import build_app
from tools.exchange.arguments import Arguments, parse_arguments
from tools.exchange.clock import wall_clock
from tools.exchange.errors import ConfigurationError
from tools.exchange.faults.connection import ResettableHTTP
from tools.exchange.market import Market
from tools.exchange.source import Source
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.state import State, open_state
from tools.exchange.synthetic import Synthetic

EX_CONFIG = 78
"""The exit status for a mistake in the configuration (sysexits.h)."""

PONG_S = 60
"""How long a WebSocket client may take to answer a ping; they are sent every 20 seconds."""
LARGEST_MESSAGE = 262_144
SHUTDOWN_S = 3
"""How long requests that a fault holds back are waited for."""

log = logging.getLogger("tools.exchange")


def main(words: Sequence[str]) -> int:
    """Serves until it is told to stop; gives the exit status."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    log.setLevel(logging.INFO)
    try:
        arguments = parse_arguments(words)
        source = _source(arguments)
        listener = _listen(arguments)
        state = open_state(arguments.state)
    except ConfigurationError as error:
        sys.stderr.write(f"demo exchange: {error}\n")
        return EX_CONFIG
    _serve(source, listener, state)
    return 0


def _source(arguments: Arguments) -> Source:
    if arguments.data is None:
        return Synthetic(arguments.seed)
    # pandas takes a second and 60 MB, which synthetic prices do not need.
    from tools.exchange.recording import read_recordings  # noqa: PLC0415
    from tools.exchange.replay import Anchor, Replay  # noqa: PLC0415

    since_ms = wall_clock() if arguments.since_ms is None else arguments.since_ms
    anchor = None if arguments.at_ms is None else Anchor(arguments.at_ms, since_ms)
    return Replay(read_recordings(arguments.data), anchor)


def _listen(arguments: Arguments) -> socket.socket:
    try:
        return socket.create_server((arguments.host, arguments.port))
    except OSError as error:
        where = f"--host {arguments.host} --port {arguments.port}"
        raise ConfigurationError(f"{where}: cannot listen there ({error.strerror}). Name another.") from error


def _serve(source: Source, listener: socket.socket, state: State) -> None:
    host, port = listener.getsockname()[:2]
    log.info("%s prices for %d pairs on http://%s:%d", source.name, len(source.symbols), host, port)
    market = Market(source)
    app = build_app(market, wall_clock, Desk(market, state.store, wall_clock()), state.control_token)
    config = uvicorn.Config(
        app,
        http=ResettableHTTP,
        ws_ping_timeout=PONG_S,
        ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=SHUTDOWN_S,
        log_config=None,
        log_level="warning",
        access_log=False,
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        log.info("stopped")
    finally:
        state.store.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
