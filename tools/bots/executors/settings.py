"""Creates, edits, turns and deletes bots."""

from contextlib import suppress

from tools.actions import Action, ChangeMode, CreateBot, DeleteBot, EditBot
from tools.bot import BotSpec, State
from tools.bots.executors.bench import Bench, Seen, reading
from tools.bots.executors.launcher import Launcher
from tools.bots.registry import Bot
from tools.bots.requests import check_name, check_spec
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.mandates import DELETED, TURNED
from tools.views import BotView

HAS_PROCESS = (State.RUNNING, State.PAUSED)


class SettingsRoom:
    """What a bot is."""

    def __init__(self, bench: Bench, launcher: Launcher) -> None:
        self._bench = bench
        self._launcher = launcher

    async def prepare(self, action: Action) -> None:
        match action:
            case CreateBot():
                check_name(action.spec.name, self._bench.registry)
                await self._check_spec(action.spec)
            case EditBot():
                await self._prepare_edit(action)
            case ChangeMode():
                self._prepare_turn(action)
            case DeleteBot():
                self._bench.next_state(action)

    async def execute(self, action: Action, actor: Actor) -> Seen:
        match action:
            case CreateBot():
                venue = self._bench.source.venue.name
                bot = self._bench.registry.add(action.spec, venue, actor.conversation_id)
            case EditBot():
                bot = await self._edit(action)
            case ChangeMode():
                bot = self._turn(action)
            case DeleteBot():
                return await self._delete(action)
        return await self._bench.show_anew(bot.id)

    async def _check_spec(self, spec: BotSpec) -> None:
        await check_spec(spec, self._bench.source, self._bench.shelf.read(), self._bench.desk.stake_currency)

    async def _prepare_edit(self, action: EditBot) -> None:
        bot = self._bench.registry.read(action.bot_id)
        spec = reading(lambda: action.changes.applied_to(bot.spec))
        if spec == bot.spec:
            raise Problem("nothing_to_change", 422, name=bot.spec.name)
        check_name(spec.name, self._bench.registry, bot.id)
        await self._check_spec(spec)
        if bot.state is State.RUNNING and not action.changes.is_cosmetic:
            await self._bench.check_key(bot)

    def _prepare_turn(self, action: ChangeMode) -> None:
        self._bench.next_state(action)
        view = self._bench.desk.read_bot(action.bot_id)
        if view.spec.mode is action.mode:
            raise Problem("nothing_to_change", 422, name=view.spec.name)
        if view.open_trades or self._bench.reservations.held(view.id):
            raise Problem("trades_open", 409, name=view.spec.name, count=view.open_trades)

    def _turn(self, action: ChangeMode) -> Bot:
        before = self._bench.registry.read(action.bot_id)
        self._bench.void_mandate(before, TURNED)
        bot = self._bench.registry.write_spec(action.bot_id, before.spec.model_copy(update={"mode": action.mode}))
        self._bench.trades.set_mode(bot.id, bot.spec.mode.value)
        return bot

    async def _delete(self, action: DeleteBot) -> BotView:
        """Its limits go with it; what it lost stays."""
        view = self._bench.desk.read_bot(action.bot_id)
        await self._bench.host.forget(action.bot_id)
        bot = self._bench.registry.read(action.bot_id)
        self._bench.trades.write_departed(bot)
        self._bench.void_mandate(bot, DELETED)
        self._bench.registry.remove(action.bot_id)
        self._bench.holds.forget(action.bot_id)
        self._bench.audience.bot_removed(action.bot_id)
        self._remove_limits(action.bot_id)
        return view

    def _remove_limits(self, bot_id: str) -> None:
        limits = self._bench.book.read()
        if bot_id not in limits.bots:
            return
        others = {key: own for key, own in limits.bots.items() if key != bot_id}
        self._bench.book.write(limits.model_copy(update={"bots": others}))
        self._bench.audience.limits_changed(self._bench.desk.read_limits())

    async def _edit(self, action: EditBot) -> Bot:
        """Writes the new settings; a bot that has a process is started again with them."""
        bench, before = self._bench, self._bench.registry.read(action.bot_id)
        spec = action.changes.applied_to(before.spec)
        if action.changes.is_cosmetic or bench.host.client(before.id) is None:
            return bench.registry.write_spec(before.id, spec)
        bench.claims[before.id] = max(before.spec.exposure, spec.exposure)
        try:
            return await self._restart(before, bench.registry.write_spec(before.id, spec))
        finally:
            del bench.claims[before.id]

    async def _restart(self, before: Bot, bot: Bot) -> Bot:
        """With the new settings, or where that fails with the old ones, whose exposure is still claimed."""
        try:
            await self._bench.host.stop(bot.id)
            self._bench.mirror.read(bot)
            await self._launch_if_it_should_run(bot.id)
        except BaseException:
            self._bench.registry.write_spec(bot.id, before.spec)
            with suppress(Problem):
                await self._launch_if_it_should_run(bot.id)
            raise
        return self._bench.registry.read(bot.id)

    async def _launch_if_it_should_run(self, bot_id: str) -> None:
        """In the state that it has now: the panic stop may have paused or ended it meanwhile."""
        bot = self._bench.registry.read(bot_id)
        if bot.state in HAS_PROCESS:
            await self._launcher.launch(bot)
