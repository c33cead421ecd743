"""Starts, resumes, pauses and stops bots."""

from tools.actions import Action, PauseBot, ResumeBot, StartBot, StopBot
from tools.bot import Mode, State
from tools.bots.executors.bench import Bench, Seen
from tools.bots.executors.launcher import Launcher
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.mandates import STOPPED

LifecycleAction = StartBot | ResumeBot | PauseBot | StopBot


class LifecycleRoom:
    """What is owed to the limits is written before the first wait: a bot that may enter counts with all its slots."""

    def __init__(self, bench: Bench, launcher: Launcher) -> None:
        self._bench = bench
        self._launcher = launcher

    async def prepare(self, action: Action) -> None:
        assert isinstance(action, LifecycleAction)
        self._bench.next_state(action)
        if isinstance(action, ResumeBot) or (isinstance(action, StartBot) and not action.paused):
            await self._prepare_entering(self._bench.registry.read(action.bot_id))

    async def execute(self, action: Action, _actor: Actor) -> Seen:
        match action:
            case StartBot() | ResumeBot():
                await self._start(action)
            case PauseBot():
                await self._pause(action)
            case StopBot():
                await self._stop(action)
        return await self._bench.show_anew(action.bot_id)  # type: ignore[union-attr]

    async def _prepare_entering(self, bot: Bot) -> None:
        """Raises `Problem("source_differs")` where a person would confirm another source than the one that runs."""
        if bot.spec.mode is not Mode.SIMULATED and self._bench.bindings.is_outdated(bot):
            raise Problem("source_differs", 409, name=bot.spec.name, strategy=bot.spec.strategy)
        await self._bench.check_key(bot)

    async def _start(self, action: StartBot | ResumeBot) -> None:
        before = self._bench.registry.read(action.bot_id)
        bot = self._bench.registry.write_state(before.id, self._bench.next_state(action))
        waits = before.state is State.PAUSED and self._bench.host.client(bot.id) is not None
        try:
            if isinstance(action, ResumeBot) or (waits and bot.state is State.RUNNING):
                await self._launcher.let_enter(bot)
            else:
                await self._launcher.launch(bot)
        except BaseException:
            self._take_back(before, bot)
            raise

    def _take_back(self, before: Bot, wanted: Bot) -> None:
        """The state that it had, unless somebody else has given it another meanwhile: the panic stop does."""
        if self._bench.registry.read(wanted.id).state is wanted.state:
            self._bench.registry.write_state(wanted.id, before.state)

    async def _pause(self, action: PauseBot) -> None:
        """Paused counts only what is open, so the bot must have stopped entering before it is written."""
        bot = self._bench.registry.read(action.bot_id)
        client = self._bench.client(bot)
        await client.pause()
        await self._bench.mirror.ask_after_a_round(bot, client)
        self._bench.registry.write_state(bot.id, State.PAUSED)

    async def _stop(self, action: StopBot) -> None:
        """Stopped counts only what is open, so what it did in its last moments is read before it is written."""
        bot = self._bench.registry.read(action.bot_id)
        await self._bench.host.stop(bot.id)
        self._bench.mirror.read(bot)
        self._bench.registry.write_state(bot.id, State.STOPPED)
        self._bench.void_mandate(bot, STOPPED)
