"""Serves the gateway on a socket until it is told to stop."""

import logging
import socket

import uvicorn

from tools.gateway.app import build_app
from tools.gateway.arguments import Arguments
from tools.gateway.clock import VenueClock, ticks
from tools.gateway.complaints import Complaints
from tools.gateway.door import OnRefused
from tools.gateway.errors import ConfigurationError
from tools.gateway.gateway import Gateway
from tools.gateway.reading import Refusal
from tools.gateway.streams import Streams
from tools.gateway.upstream import Upstream

log = logging.getLogger("tools.gateway")
complaints = Complaints(log, ticks)


def listen(arguments: Arguments) -> socket.socket:
    """Raises ConfigurationError where the address cannot be had."""
    try:
        return socket.create_server((arguments.host, arguments.port))
    except OSError as error:
        where = f"--host {arguments.host} --port {arguments.port}"
        raise ConfigurationError(f"{where}: cannot listen there ({error.strerror}). Name another.") from error


def log_refusal(refusal: Refusal) -> None:
    """Writes a line, but not one for each of many."""
    complaints.say("refused %s %s: %d %s", refusal.method, refusal.path, refusal.code, refusal.reason)


def _build(arguments: Arguments) -> Gateway:
    upstream = Upstream(arguments.upstream, trust_env=arguments.trust_env)
    streams = Streams(arguments.stream_url, trust_env=arguments.trust_env)
    return Gateway(upstream, streams, VenueClock())


def serve(arguments: Arguments, listener: socket.socket, on_refused: OnRefused = log_refusal) -> None:
    """Returns when the process is told to stop."""
    host, port = listener.getsockname()[:2]
    log.info("%s on http://%s:%d", arguments.upstream, host, port)
    app = build_app(_build(arguments), on_refused)
    config = uvicorn.Config(
        app, log_config=None, log_level="warning", access_log=False, server_header=False, date_header=False,
        timeout_graceful_shutdown=5,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        log.info("stopped")
