"""A bot that has a process, and what can be told of its health."""

import asyncio
import time
from dataclasses import dataclass, field

from tools.bot import Health
from tools.freqtrade.client import BotUnreachable, Client
from tools.freqtrade.processes import Process
from tools.freqtrade.records import BotFolder

PROBE_TIMEOUT_S = 2
FRESH_S = 0.8
"""A probe this young is told again instead of asking the bot anew."""
MISSES = 3
TAIL_LINES = 20
REASONS = (
    ("Impossible to load Strategy", "strategy_broken"),
    ("ExchangeNotAvailable", "exchange_unreachable"),
    ("Could not load markets", "exchange_unreachable"),
    ("Invalid configuration", "bad_config"),
    ("Configuration error", "bad_config"),
    ("address already in use", "port_taken"),
    ("another process runs this bot", "already_running"),
)


@dataclass(frozen=True)
class BotHealth:
    """`reason` of a crash is one of `StartFailed`, `not_answering` or `trader_stopped`; those two still have a pid."""

    health: Health
    reason: str | None = None
    log_tail: tuple[str, ...] = ()
    exit_code: int | None = None
    """Negative for the signal that ended it; None while it lives or where it is not known."""
    pid: int | None = None
    port: int | None = None


OFF = BotHealth(Health.OFF)
STARTING = BotHealth(Health.STARTING)


def crash_of(folder: BotFolder, exit_code: int | None = None) -> BotHealth:
    """Of a bot whose process is gone."""
    return BotHealth(Health.CRASHED, read_reason(folder), tuple(folder.read_log(TAIL_LINES)), exit_code)


def read_reason(folder: BotFolder) -> str:
    """The kind of failure that a bot's log tells of; `process_ended` where it tells nothing known."""
    text = "\n".join(folder.read_log(200))
    return next((reason for words, reason in REASONS if words in text), "process_ended")


@dataclass
class Running:
    """One bot's process with its client; counts how often in a row it did not answer."""

    process: Process
    client: Client
    folder: BotFolder
    _trading: bool = False
    _misses: int = 0
    _probed: float = -FRESH_S
    _stopped: bool = False
    _probing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def assume_trading(self) -> None:
        """For a bot that was up before: silence is then a failure, not a start."""
        self._trading = True

    async def is_trading(self) -> bool:
        """Whether it answers and manages its trades, paused or not."""
        await self.probe()
        return self._trading and not self._stopped

    async def probe(self) -> BotHealth:
        """Asks the bot, at most about once a second, and tells its health."""
        async with self._probing:
            if time.monotonic() - self._probed >= FRESH_S or not self._trading:
                await self._ask()
        return self._health()

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_S):
                state = (await self.client.show_config()).state
            self._misses, self._stopped = 0, state == "stopped"
            self._trading = self._trading or not self._stopped
        except (BotUnreachable, TimeoutError):
            self._misses += 1
        self._probed = time.monotonic()

    def _health(self) -> BotHealth:
        pid, port = self.process.pid, self.process.port
        if not self._trading:
            return BotHealth(Health.STARTING, pid=pid, port=port)
        if self._misses < MISSES and not self._stopped:
            return BotHealth(Health.HEALTHY, pid=pid, port=port)
        reason = "trader_stopped" if self._stopped else "not_answering"
        return BotHealth(Health.CRASHED, reason, tuple(self.folder.read_log(TAIL_LINES)), pid=pid, port=port)
