"""One line for each kind of trouble, not one for each time that it happens."""

import logging

from tools.gateway.clock import Ticks

AGAIN_MS = 10_000


class Complaints:
    """Writes warnings, each kind at most once in ten seconds, and how many were left out since."""

    def __init__(self, log: logging.Logger, ticks: Ticks) -> None:
        self._log = log
        self._ticks = ticks
        self._said: dict[str, tuple[int, int]] = {}

    def say(self, message: str, *details: object) -> None:
        """A kind is the message before its details are filled in."""
        now_ms = self._ticks()
        said_ms, left_out = self._said.get(message, (now_ms - AGAIN_MS, 0))
        if now_ms - said_ms < AGAIN_MS:
            self._said[message] = (said_ms, left_out + 1)
            return
        self._said[message] = (now_ms, 0)
        self._log.warning(message + (" (and %d times before)" if left_out else ""), *details, *filter(None, [left_out]))
