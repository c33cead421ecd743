"""One start of a bot: the fork, the wait until it trades, and what to say when it does not."""

import asyncio
import contextlib

from tools.errors import Problem
from tools.freqtrade.catalogue import UnreadableError
from tools.freqtrade.link import ForkserverError, Link
from tools.freqtrade.processes import Process
from tools.freqtrade.protocol import Child
from tools.freqtrade.records import BotFolder
from tools.freqtrade.running import TAIL_LINES, Running, read_reason

POLL_S = 0.1
KILL_AFTER_S = 5


class StartFailed(Problem):
    """A bot did not come up; nothing of it is left running.

    `reason` is `strategy_broken`, `exchange_unreachable`, `bad_config`, `port_taken`, `already_running`,
    `process_ended`, `timeout`, `stopped` (while it was starting) or `no_forkserver`.
    """

    def __init__(self, reason: str, log_tail: list[str]) -> None:
        self.reason = reason
        self.log_tail = log_tail
        super().__init__("start_failed", 502, reason=reason)


async def fork(link: Link, folder: BotFolder, port: int) -> Process:
    """Has the bot forked; sees it through even if cancelled, since a process whose pid is not known cannot be ended."""
    forking = asyncio.ensure_future(link.start(folder.path, port))
    try:
        child = await asyncio.shield(forking)
    except asyncio.CancelledError:
        with contextlib.suppress(ForkserverError):
            child = await forking
            await _process(folder, child, port).end(KILL_AFTER_S)
        raise
    return _process(folder, child, port)


def _process(folder: BotFolder, child: Child, port: int) -> Process:
    return Process(folder.path.name, child.pid, child.birth, child.started, port)


async def until_trading(bot: Running) -> None:
    """Returns when the bot manages its trades; raises `StartFailed` when it ends instead."""
    while not await bot.is_trading():
        if not bot.process.is_alive():
            raise StartFailed(read_reason(bot.folder), bot.folder.read_log(TAIL_LINES))
        await asyncio.sleep(POLL_S)


def failure_of(error: BaseException, folder: BotFolder) -> StartFailed | None:
    """What to raise in place of `error`; None for one that says it all."""
    match error:
        case TimeoutError():
            return StartFailed("timeout", folder.read_log(TAIL_LINES))
        case ForkserverError():
            return StartFailed("no_forkserver", [str(error)])
        case UnreadableError():
            return StartFailed("strategy_broken", [str(error)])
    return None
