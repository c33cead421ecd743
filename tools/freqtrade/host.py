"""Runs the bots: one Freqtrade process each, forked, watched, found again after a restart of this process."""

import asyncio
import logging
import shutil
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path

from tools.bot import BotSpec, Mode
from tools.credentials import Credentials, MasterRefused, bot_credentials, read_master
from tools.errors import Problem
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import Client
from tools.freqtrade.config import RestAccess, Venue
from tools.freqtrade.launch import StartFailed, failure_of, fork, until_trading
from tools.freqtrade.link import ForkserverError, Link
from tools.freqtrade.permit_protocol import Pass
from tools.freqtrade.processes import Process, free_port
from tools.freqtrade.records import BOT_ID, BotFolder
from tools.freqtrade.running import OFF, STARTING, TAIL_LINES, BotHealth, Running, crash_of

WATCH_S = 1.0

logger = logging.getLogger(__name__)

OnChange = Callable[[str, BotHealth], Awaitable[None]]

__all__ = ["BotHealth", "Host", "OnChange", "Process", "StartFailed"]


class Host:
    """The bots of one data folder.

    Bots live in `folder/bots/<id>/`, the forkserver in `folder/forkserver/` unless told otherwise. Every method that
    takes a bot's id raises `ValueError` for one that is not a plain name.
    """

    def __init__(
        self,
        folder: Path,
        *,
        forkserver_folder: Path | None = None,
        start_timeout_s: float = 90,
        stop_timeout_s: float = 20,
    ) -> None:
        self._data = folder.resolve()
        self._bots_folder = self._data / "bots"
        self._link = Link((forkserver_folder or folder / "forkserver").resolve())
        self._start_timeout_s = start_timeout_s
        self._stop_timeout_s = stop_timeout_s
        self._running: dict[str, Running] = {}
        self._crashed: dict[str, BotHealth] = {}
        self._launching: dict[str, asyncio.Task[Process]] = {}
        self._ports: set[int] = set()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._warming: asyncio.Task[None] | None = None

    async def open(self, *, warm: bool = True) -> None:
        """Takes over the bots that live and, if told so, has the forkserver ready soon; returns at once."""
        self._bots_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in sorted(self._bots_folder.iterdir()):
            if BOT_ID.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
                await self._adopt(BotFolder(path))
        if warm:
            self._warming = asyncio.create_task(self._warm())

    async def close(self) -> None:
        """Lets go; bots and forkserver run on. A start that is under way is undone."""
        tasks = [task for task in (self._warming, *self._launching.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for bot in self._running.values():
            await bot.client.close()

    async def shutdown(self) -> None:
        """Ends the bots and the forkserver."""
        await asyncio.gather(*(self.stop(bot_id) for bot_id in {*self._running, *self._launching}))
        await self.close()
        await self._link.end(self._stop_timeout_s)

    def is_warm(self) -> bool:
        """Whether bots can be forked at once."""
        return self._warming is not None and self._warming.done() and self._link.lives()

    async def wait_until_warm(self, timeout_s: float) -> None:
        """Returns when bots can be forked; raises `TimeoutError`."""
        try:
            await self._link.ready(timeout_s)
        except ForkserverError as error:
            raise TimeoutError(str(error)) from None

    async def start(
        self, bot_id: str, spec: BotSpec, *, venue: Venue, strategy_path: Path, paused: bool = False
    ) -> Process:
        """Brings a bot up and waits until it trades (or is paused, if so asked); one that runs is left as it is.

        Raises `StartFailed`, and `Problem` for a spec that cannot be run.
        """
        async with self._locks[bot_id]:
            if process := await self._living(bot_id):
                return process
            await self._drop(bot_id)
            launch = self._launch(bot_id, spec, venue, strategy_path, paused)
            launching = self._launching[bot_id] = asyncio.create_task(launch)
            try:
                return await launching
            except asyncio.CancelledError:
                if (task := asyncio.current_task()) and task.cancelling():
                    raise
                raise StartFailed("stopped", self.read_log(bot_id, TAIL_LINES)) from None
            finally:
                del self._launching[bot_id]

    async def stop(self, bot_id: str) -> None:
        """Ends a bot, also one that is starting; does nothing for one that is off."""
        if launching := self._launching.get(bot_id):
            launching.cancel()
        async with self._locks[bot_id]:
            await self._living(bot_id)
            await self._drop(bot_id)
            self._folder(bot_id).forget_process()

    async def end_at_once(self, bot_id: str, within_s: float) -> bool:
        """Ends a bot's process whatever else is being done with it, killed if need be after `within_s`.

        For a bot that hangs while nothing may wait for it; True when its process is gone.
        """
        if launching := self._launching.get(bot_id):
            launching.cancel()
        if process := self._find_process(bot_id):
            await process.end(within_s)
            if process.is_alive():
                return False
            if (bot := self._running.get(bot_id)) and bot.process == process:
                await self._release(bot)
            self._folder(bot_id).forget_process()
        return launching is None or bool((await asyncio.wait({launching}, timeout=within_s))[0])

    async def forget(self, bot_id: str) -> None:
        """Removes a bot's folder with all its trades; raises `Problem` while it runs."""
        async with self._locks[bot_id]:
            if await self._living(bot_id):
                raise Problem("bot_running", 409, bot=bot_id)
            await self._drop(bot_id)
            await asyncio.to_thread(shutil.rmtree, self._folder(bot_id).path, ignore_errors=True)

    def processes(self) -> dict[str, Process]:
        """The bots whose process lives."""
        return {bot_id: bot.process for bot_id, bot in self._running.items() if bot.process.is_alive()}

    def client(self, bot_id: str) -> Client | None:
        """For a bot whose process lives; closed when the bot stops."""
        bot = self._running.get(bot_id)
        return bot.client if bot and bot.process.is_alive() else None

    def started(self, bot_id: str) -> float | None:
        """Since when a bot's process, if it lives, has run: seconds since 1970."""
        bot = self._running.get(bot_id)
        return bot.process.started if bot and bot.process.is_alive() else None

    def read_trades(self, bot_id: str, mode: Mode = Mode.SIMULATED) -> list[Trade]:
        """All trades of a mode from the bot's own database, whether it runs or not. Raises `sqlite3.Error`."""
        return self._folder(bot_id).read_trades(mode)

    def read_log(self, bot_id: str, lines: int = 100) -> list[str]:
        """The last lines since the bot's last start, the oldest first."""
        return self._folder(bot_id).read_log(lines)

    async def health(self, bot_id: str) -> BotHealth:
        """What the bot's process really does now."""
        bot = self._running.get(bot_id)
        if bot is None:
            return STARTING if bot_id in self._launching else self._crashed.get(bot_id, OFF)
        if bot.process.is_alive() or bot_id in self._launching:
            return await bot.probe()
        return await self._note_crash(bot)

    async def watch(self, on_change: OnChange) -> None:
        """Calls `on_change` for every bot whose health is not what it was a second ago; runs until cancelled."""
        seen: dict[str, BotHealth] = {}
        while True:
            ids = {*self._running, *self._launching, *self._crashed, *seen}
            await asyncio.gather(*(self._look(bot_id, seen, on_change) for bot_id in ids))
            await asyncio.sleep(WATCH_S)

    async def _look(self, bot_id: str, seen: dict[str, BotHealth], on_change: OnChange) -> None:
        try:
            health = await self.health(bot_id)
            before, seen[bot_id] = seen.get(bot_id, OFF), health
            if (before.health, before.reason, before.pid) != (health.health, health.reason, health.pid):
                await on_change(bot_id, health)
        except Exception:
            logger.exception("the health of %s could not be told", bot_id)

    def _folder(self, bot_id: str) -> BotFolder:
        return BotFolder.of(self._bots_folder, bot_id)

    async def _warm(self) -> None:
        try:
            await self._link.ready(self._start_timeout_s)
        except (ForkserverError, OSError) as error:
            logger.warning("no forkserver: %s", error)

    async def _adopt(self, folder: BotFolder) -> None:
        """Takes over the process that a bot's folder tells of.

        Notes a crash where it is gone, cannot be reached, or was started without a pass to ask the guard with.
        """
        if (process := folder.read_process()) is None:
            return
        rest = folder.read_rest()
        if not process.is_alive() or rest is None or Pass.read(folder.path) is None:
            await process.end(self._stop_timeout_s)
            self._crashed[process.bot_id] = crash_of(folder)
            return
        self._take(process, rest).assume_trading()
        logger.info("adopted %s, pid %s", process.bot_id, process.pid)

    def _find_process(self, bot_id: str) -> Process | None:
        bot = self._running.get(bot_id)
        return bot.process if bot else self._folder(bot_id).read_process()

    async def _living(self, bot_id: str) -> Process | None:
        if bot_id not in self._running:
            await self._adopt(self._folder(bot_id))
        bot = self._running.get(bot_id)
        return bot.process if bot and bot.process.is_alive() else None

    def _take(self, process: Process, rest: RestAccess) -> Running:
        self._ports.add(process.port)
        self._crashed.pop(process.bot_id, None)
        bot = self._running[process.bot_id] = Running(process, Client(rest), self._folder(process.bot_id))
        return bot

    async def _launch(self, bot_id: str, spec: BotSpec, venue: Venue, strategy_path: Path, paused: bool) -> Process:
        folder = self._folder(bot_id)
        rest = RestAccess.random(free_port(self._ports))
        self._ports.add(rest.port)
        try:
            async with asyncio.timeout(self._start_timeout_s):
                folder.write(
                    spec,
                    venue=venue,
                    strategy_path=strategy_path,
                    rest=rest,
                    paused=paused,
                    credentials=self._derive(bot_id, spec.mode),
                )
                await self._link.ready(self._start_timeout_s)
                bot = self._take(await fork(self._link, folder, rest.port), rest)
                await until_trading(bot)
                return bot.process
        except BaseException as error:
            await asyncio.shield(self._undo(folder, rest.port))
            if failure := failure_of(error, folder):
                raise failure from error
            raise

    def _derive(self, bot_id: str, mode: Mode) -> Credentials | None:
        """What a bot signs with where it trades with real money."""
        if mode is Mode.SIMULATED:
            return None
        try:
            return bot_credentials(read_master(self._data), bot_id)
        except MasterRefused as error:
            raise StartFailed("bad_config", [str(error)]) from error

    async def _undo(self, folder: BotFolder, port: int) -> None:
        """Ends what a start has left, also a process whose fork was not answered for."""
        await self._living(folder.path.name)
        await self._drop(folder.path.name)
        self._ports.discard(port)
        folder.forget_process()

    async def _drop(self, bot_id: str) -> None:
        """Ends a bot's process, if it has one, and forgets all that is known of it."""
        self._crashed.pop(bot_id, None)
        if bot := self._running.get(bot_id):
            await bot.process.end(self._stop_timeout_s)
            await self._release(bot)

    async def _release(self, bot: Running) -> None:
        self._running.pop(bot.process.bot_id, None)
        self._ports.discard(bot.process.port)
        await bot.client.close()

    async def _note_crash(self, bot: Running) -> BotHealth:
        health = crash_of(bot.folder, await self._link.exit_code(bot.process.pid))
        if self._running.get(bot.process.bot_id) is bot and bot.process.bot_id not in self._launching:
            self._crashed[bot.process.bot_id] = health
            await self._release(bot)
        return health
