"""Serves the gateway on a socket until it is told to stop."""

import logging
import os
import socket
from collections.abc import Mapping
from pathlib import Path

import uvicorn

from tools.gateway.app import build_app
from tools.gateway.arguments import Arguments
from tools.gateway.clock import VenueClock, ticks
from tools.gateway.complaints import Complaints
from tools.gateway.demo_account import DemoAccount
from tools.gateway.errors import ConfigurationError
from tools.gateway.gateway import Gateway
from tools.gateway.no_http import answering
from tools.gateway.orders.keys import ExchangeKeys
from tools.gateway.patience import Owing, patient, raise_open_files
from tools.gateway.reading import Refusal
from tools.gateway.secrecy import find_proxy, read_keys
from tools.gateway.signed_half import FindKeys, Premises, SignedHalf
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


def choose_keys(arguments: Arguments, environment: Mapping[str, str] = os.environ) -> FindKeys | None:
    """How the exchange's key is found; None where there is none, and so no orders. Raises ConfigurationError.

    The demo exchange has keys of its own, and never sees those of another.
    """
    if arguments.data is None:
        return None
    if arguments.venue == "demo":
        return DemoAccount(arguments.data, arguments.upstream).find_keys
    keys = read_keys(environment, Path(".env"))
    if keys is None:
        log.info("there is no key for %s: market data alone", arguments.venue)
        return None

    async def find() -> ExchangeKeys:
        return keys

    return find


def _build(arguments: Arguments) -> Gateway:
    upstream = Upstream(arguments.upstream, trust_env=arguments.trust_env)
    streams = Streams(arguments.stream_url, trust_env=arguments.trust_env)
    return Gateway(upstream, streams, VenueClock())


def _build_signed(arguments: Arguments, gateway: Gateway, find_keys: FindKeys | None) -> SignedHalf | None:
    if arguments.data is None or find_keys is None:
        return None
    proxy = find_proxy(arguments.upstream) if arguments.trust_env else None
    return SignedHalf(Premises(arguments.data, arguments.venue, arguments.upstream, proxy), gateway, find_keys)


def serve(arguments: Arguments, listener: socket.socket, find_keys: FindKeys | None = None) -> None:
    """Returns when the process is told to stop."""
    raise_open_files()
    host, port = listener.getsockname()[:2]
    log.info("%s on http://%s:%d", arguments.upstream, host, port)
    gateway = _build(arguments)
    signed = _build_signed(arguments, gateway, find_keys)

    def note_refusal(refusal: Refusal) -> None:
        log_refusal(refusal)
        if signed is not None:
            signed.note_refusal(refusal)

    config = uvicorn.Config(
        build_app(gateway, note_refusal, signed), http=answering(note_refusal, patient(Owing())), log_config=None,
        log_level="warning", access_log=False, server_header=False, date_header=False, timeout_graceful_shutdown=5,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        log.info("stopped")
