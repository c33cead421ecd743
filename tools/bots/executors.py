"""What carries out an allowed action. Nobody but the gate calls it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, TypeVar

from pydantic import ValidationError

from tools.actions import (
    Action,
    CreateBot,
    DeleteBot,
    EditBot,
    PauseBot,
    SetLimits,
    StartBot,
    StopBot,
    invalid,
)
from tools.bot import BotSpec, State
from tools.bots.audience import Audience
from tools.bots.desk import Desk
from tools.bots.healths import Healths
from tools.bots.lifecycle import next_state
from tools.bots.mirror import Mirror
from tools.bots.registry import Bot, Registry
from tools.bots.requests import check_name, check_spec
from tools.errors import Problem
from tools.freqtrade.catalogue import Catalogue
from tools.freqtrade.host import Host, StartFailed
from tools.guard.actor import Actor
from tools.guard.limits_book import LimitsBook
from tools.market.source import MarketSource
from tools.views import BotView, LimitsView

T = TypeVar("T")


class Executor:
    """Does actions on bots and limits."""

    def __init__(  # noqa: PLR0913  the hands that it works with
        self,
        *,
        desk: Desk,
        book: LimitsBook,
        host: Host,
        healths: Healths,
        source: MarketSource,
        read_catalogue: Callable[[], Catalogue],
        audience: Audience,
        mirror: Mirror,
    ) -> None:
        self._desk = desk
        self._registry: Registry = desk.registry
        self._book = book
        self._host = host
        self._healths = healths
        self._source = source
        self._read_catalogue = read_catalogue
        self._audience = audience
        self._mirror = mirror
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        """One action at a time on each bot; creations and limits each wait for their own kind."""
        return self._locks[getattr(action, "bot_id", action.kind)]

    async def prepare(self, action: Action) -> None:
        """Raises `Problem` where the action cannot be done as it stands."""
        match action:
            case CreateBot():
                check_name(action.spec.name, self._registry)
                await self._check_spec(action.spec)
            case SetLimits():
                limits = self._book.read()
                if _reading(lambda: action.changes.applied_to(limits)) == limits:
                    raise Problem("nothing_to_change", 422, name="")
            case EditBot():
                await self._prepare_edit(action)
            case _:
                self._next_state(action)

    async def execute(self, action: Action, actor: Actor) -> BotView | LimitsView:
        """Does it and reads back. What an action takes of the limits is written before its first wait."""
        match action:
            case SetLimits():
                return self._set_limits(action)
            case CreateBot():
                bot = self._registry.add(action.spec, self._source.venue.name, actor.conversation_id)
            case EditBot():
                bot = await self._edit(action)
            case StartBot():
                bot = await self._start(action)
            case PauseBot():
                bot = await self._pause(action)
            case StopBot():
                bot = await self._stop(action)
            case DeleteBot():
                return await self._delete(action)
        await self._healths.refresh(bot.id)
        view = self._desk.read_bot(bot.id)
        self._audience.bot_changed(view)
        return view

    async def _prepare_edit(self, action: EditBot) -> None:
        bot = self._registry.read(action.bot_id)
        spec = _reading(lambda: action.changes.applied_to(bot.spec))
        if spec == bot.spec:
            raise Problem("nothing_to_change", 422, name=bot.spec.name)
        check_name(spec.name, self._registry, bot.id)
        await self._check_spec(spec)

    async def _check_spec(self, spec: BotSpec) -> None:
        await check_spec(spec, self._source, self._read_catalogue(), self._desk.stake_currency)

    def _next_state(self, action: StartBot | PauseBot | StopBot | DeleteBot) -> State:
        view = self._desk.read_bot(action.bot_id)
        return next_state(action, view.spec.name, view.state, view.health)

    def _set_limits(self, action: SetLimits) -> LimitsView:
        self._book.write(action.changes.applied_to(self._book.read()))
        view = self._desk.read_limits()
        self._audience.limits_changed(view)
        return view

    async def _start(self, action: StartBot) -> Bot:
        before = self._registry.read(action.bot_id)
        bot = self._registry.write_state(before.id, self._next_state(action))
        try:
            client = self._host.client(bot.id) if before.state is State.PAUSED else None
            if client is not None and not action.paused:
                await client.start()
            else:
                await self._launch(bot)
        except BaseException:
            self._registry.write_state(bot.id, before.state)
            raise
        return bot

    async def _launch(self, bot: Bot) -> None:
        self._audience.bot_changed(self._desk.read_bot(bot.id))
        strategy = self._read_catalogue().check(bot.spec)
        try:
            await self._host.start(
                bot.id,
                bot.spec,
                venue=self._source.venue,
                strategy_path=strategy.path,
                paused=bot.state is State.PAUSED,
            )
        except StartFailed as error:
            log = "\n".join(error.log_tail[-5:])
            raise Problem("start_failed", 502, name=bot.spec.name, reason=error.reason, log=log) from error

    async def _pause(self, action: PauseBot) -> Bot:
        """Paused counts only what is open, so the bot must have stopped entering before it is written."""
        bot = self._registry.read(action.bot_id)
        client = self._host.client(bot.id)
        if client is None:
            raise Problem("bot_unreachable", 502, name=bot.spec.name)
        await client.pause()
        await self._mirror.ask_after_a_round(bot, client)
        return self._registry.write_state(bot.id, State.PAUSED)

    async def _stop(self, action: StopBot) -> Bot:
        """Stopped counts only what is open, so what it did in its last moments is read before it is written."""
        bot = self._registry.read(action.bot_id)
        await self._host.stop(bot.id)
        self._mirror.read(bot)
        return self._registry.write_state(bot.id, State.STOPPED)

    async def _delete(self, action: DeleteBot) -> BotView:
        view = self._desk.read_bot(action.bot_id)
        await self._host.forget(action.bot_id)
        self._registry.remove(action.bot_id)
        self._locks.pop(action.bot_id, None)
        self._audience.bot_removed(action.bot_id)
        return view

    async def _edit(self, action: EditBot) -> Bot:
        """Writes the new settings; a bot that has a process is started again with them."""
        before = self._registry.read(action.bot_id)
        spec = action.changes.applied_to(before.spec)
        restarts = not action.changes.is_cosmetic and self._host.client(before.id) is not None
        if not restarts:
            return self._registry.write_spec(before.id, spec)
        self._desk.claims[before.id] = max(before.spec.exposure, spec.exposure)
        try:
            return await self._restart(before, self._registry.write_spec(before.id, spec))
        finally:
            del self._desk.claims[before.id]

    async def _restart(self, before: Bot, bot: Bot) -> Bot:
        """With the new settings, or where that fails with the old ones, whose exposure is still claimed."""
        try:
            await self._host.stop(bot.id)
            self._mirror.read(bot)
            await self._launch(bot)
        except BaseException:
            self._registry.write_spec(bot.id, before.spec)
            with suppress(Problem):
                await self._launch(before)
            raise
        return bot


def _reading(read: Callable[[], T]) -> T:
    try:
        return read()
    except ValidationError as error:
        raise invalid(error) from error
