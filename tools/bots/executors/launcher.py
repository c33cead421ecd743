"""Brings bots' processes up, and lets paused ones enter again; a panic stop that comes meanwhile wins."""

from tools.bot import State
from tools.bots.executors.bench import Bench
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.freqtrade.host import StartFailed


class Launcher:
    """Knows which bots are on their way up."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.under_way: dict[str, State] = {}
        """The state in which each comes up."""

    def comes_up_paused(self, bot_id: str) -> bool:
        """Whether it is on its way up and cannot enter when it is there."""
        return self.under_way.get(bot_id) is State.PAUSED

    async def launch(self, bot: Bot) -> None:
        """Starts a process and waits until it trades, or is paused where that is the bot's state.

        Raises `Problem`: `start_failed`, `other_venue`, and what the catalogue says of the strategy.
        """
        bench, here = self._bench, self._bench.source.venue.name
        if bot.venue != here:
            raise Problem("other_venue", 409, name=bot.spec.name, venue=bot.venue, now=here, reason="other_venue")
        bench.show(bot.id)
        strategy = bench.shelf.read().check(bot.spec)
        bench.mirror.read(bot)
        self.under_way[bot.id] = bot.state
        try:
            await bench.host.start(
                bot.id,
                bot.spec,
                venue=bench.source.venue,
                strategy_path=strategy.path,
                paused=bot.state is State.PAUSED,
            )
        except StartFailed as error:
            log = "\n".join(error.log_tail[-5:])
            raise Problem("start_failed", 502, name=bot.spec.name, reason=error.reason, log=log) from error
        finally:
            self.under_way.pop(bot.id, None)
        await self._keep_still_in_panic(bot)

    async def let_enter(self, bot: Bot) -> None:
        """A paused bot enters again from its next round on. Raises `BotUnreachable`."""
        await self._bench.client(bot).start()
        await self._keep_still_in_panic(bot)

    async def _keep_still_in_panic(self, bot: Bot) -> None:
        """The panic stop was pressed while the bot came up: it has been written down, but not been heard by the bot."""
        if self._bench.holds.is_panic() and bot.state is State.RUNNING:
            await self._bench.client(bot).pause()
            self._bench.registry.write_state(bot.id, State.PAUSED)
