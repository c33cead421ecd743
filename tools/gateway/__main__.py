"""Starts the gateway: `python -m tools.gateway --upstream https://api.binance.com`."""

import logging
import sys
from collections.abc import Sequence

from tools.gateway.arguments import parse_arguments
from tools.gateway.errors import ConfigurationError
from tools.gateway.secrecy import make_undumpable
from tools.gateway.serve import choose_keys, listen, serve

EX_CONFIG = 78
"""The exit status for a mistake in the configuration (sysexits.h)."""


def main(words: Sequence[str]) -> int:
    """Serves until it is told to stop; gives the exit status."""
    make_undumpable()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("tools.gateway").setLevel(logging.INFO)
    try:
        arguments = parse_arguments(words)
        find_keys = choose_keys(arguments)
        listener = listen(arguments)
    except ConfigurationError as error:
        sys.stderr.write(f"gateway: {error}\n")
        return EX_CONFIG
    serve(arguments, listener, find_keys)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
