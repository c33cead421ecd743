"""The model of what carries out allowed actions: the product's own does the same with real processes."""

import asyncio
from collections import defaultdict
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.proofs.freqtrade import BotProcess
from tools.actions import (
    Action,
    BlockPair,
    CancelOrder,
    ChangeMode,
    CreateBot,
    DeleteBot,
    EditBot,
    ForceEntry,
    ForceExit,
    LockPair,
    Panic,
    PauseBot,
    ReleasePanic,
    ResumeBot,
    SetBotLimits,
    SetLimits,
    SettleFinding,
    StartBot,
    StopBot,
    StoreStrategy,
    UnblockPair,
    UnlockPair,
    canonical,
)
from tools.bot import Health, State
from tools.bots.lifecycle import next_state
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.judge import apply_limits
from tools.guard.mandates import Binding
from tools.guard.order import Order
from tools.views import GuardView

if TYPE_CHECKING:
    from tests.proofs.world import World

SEEN = GuardView(panic=None, refused_orders=())
WAIT_FOR_NOBODY = (Panic, ReleasePanic, SetLimits, SetBotLimits, BlockPair, UnblockPair)
LIMITS = (SetLimits, SetBotLimits, BlockPair, UnblockPair)
CARRY_OUT = ("guard", "recovery")
MOST_BOTS = 6


class ModelExecutor:
    """Tells the witness before it does anything; at each `point` it may be held up, or its process killed."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        if isinstance(action, WAIT_FOR_NOBODY):
            return nullcontext()
        return self._locks[getattr(action, "bot_id", action.kind)]

    async def prepare(self, action: Action) -> None:
        world = self._world
        match action:
            case SetLimits() | SetBotLimits() | BlockPair() | UnblockPair():
                if self._prepare_limits(action):
                    await world.checks.refresh()
                return
            case CreateBot():
                self._prepare_creation(action)
            case ReleasePanic() if not world.api.holds.is_panic():
                raise Problem("no_panic", 409)
            case Panic() | ReleasePanic() | StoreStrategy() | SettleFinding():
                pass
            case _:
                self._prepare_bot(action)
        await world.point()
        if isinstance(action, ForceEntry):
            await world.api.prices.refresh(action.pair)
        if isinstance(action, StartBot | ResumeBot | EditBot):
            await world.checks.refresh()

    def _prepare_limits(self, action: Any) -> bool:
        """Whether real money would be enabled."""
        if isinstance(action, SetBotLimits):
            self._world.api.registry.read(action.bot_id)
        limits = self._world.api.book.read()
        try:
            after = apply_limits(action, limits)
        except ValueError as error:
            raise Problem("invalid", 422, field="limits") from error
        if after == limits:
            raise Problem("nothing_to_change", 422)
        return bool(after.live_enabled and not limits.live_enabled)

    def _prepare_creation(self, action: CreateBot) -> None:
        if self._world.api.registry.has_name(action.spec.name) or len(self._world.processes) >= MOST_BOTS:
            raise Problem("name_taken", 409)

    def _prepare_bot(self, action: Any) -> None:
        bot = self._world.api.registry.read(action.bot_id)
        process = self._world.processes[bot.id]
        if isinstance(action, EditBot) and action.changes.applied_to(bot.spec) == bot.spec:
            raise Problem("nothing_to_change", 422)
        next_state(action, bot.spec.name, bot.state, Health.HEALTHY if process.is_up else Health.CRASHED)
        if isinstance(action, ChangeMode):
            if bot.spec.mode is action.mode:
                raise Problem("nothing_to_change", 422)
            if process.open_deals() or self._world.api.reservations.held(bot.id):
                raise Problem("trades_open", 409)

    async def execute(self, action: Action, actor: Actor) -> GuardView:
        self._world.see_effect(action, actor)
        match action:
            case SetLimits() | SetBotLimits() | BlockPair() | UnblockPair():
                book = self._world.api.book
                book.write(apply_limits(action, book.read()))
            case CreateBot():
                self._world.add_bot(action.spec)
            case Panic():
                await self._panic(action, actor)
            case ReleasePanic():
                self._world.api.holds.release(None, actor.door)
                self._world.braced = None
            case StoreStrategy():
                self._world.sources.stored[action.name] = action.source
            case SettleFinding():
                pass
            case _:
                await self._do_to_bot(action, self._world.api.registry.read(action.bot_id))
        self._world.landed.append((canonical(action), self._world.clock.now()))
        await self._world.point()
        return SEEN

    def brace(self, action: Action, actor: Actor) -> None:
        if isinstance(action, Panic) and actor.door not in CARRY_OUT:
            exits = action.exit and not actor.tainted
            self._world.api.holds.press(exits=exits, door=actor.door)
            self._world.braced = self._world.api

    def fingerprint(self, action: Action) -> dict[str, str]:
        world, marks = self._world, {}
        bot_id = getattr(action, "bot_id", None)
        if bot_id in world.processes:
            marks["settings"] = str(world.api.registry.read(bot_id).spec.model_dump(mode="json"))
        if isinstance(action, ForceEntry):
            known = world.api.prices.read(action.pair)
            marks["price"] = str(known[0]) if known else "-"
        return marks

    def bind(self, action: Action) -> Binding | None:
        return self._world.bindings.bind(action, "demo")

    def read_back(self, action: Action, since: datetime) -> GuardView | None:
        content = canonical(action)
        return SEEN if any(one == content and at >= since for one, at in self._world.landed) else None

    async def _do_to_bot(self, action: Action, bot: Bot) -> None:
        process = self._world.processes[bot.id]
        match action:
            case StartBot() | ResumeBot():
                await self._start(action, bot)
            case PauseBot():
                await self._pause(bot)
            case StopBot():
                await self._stop(bot)
                self._world.api.registry.write_state(bot.id, State.STOPPED)
                self._world.api.mandates.void(bot.id, "stopped")
                self._world.confirmed.pop(bot.id, None)
            case DeleteBot():
                await self._delete(bot)
            case ChangeMode():
                self._world.api.mandates.void(bot.id, "mode")
                spec = bot.spec.model_copy(update={"mode": action.mode})
                self._world.api.registry.write_spec(bot.id, spec)
                self._world.api.trades.set_mode(bot.id, action.mode.value)
                process.mode = action.mode
            case EditBot():
                await self._edit(action, bot)
            case ForceEntry():
                await self._enter(action, bot)
            case ForceExit() | CancelOrder() | LockPair() | UnlockPair():
                await self._world.point()
                self._tell_bot(action, bot)

    async def _start(self, action: StartBot | ResumeBot, before: Bot) -> None:
        registry, process = self._world.api.registry, self._world.processes[before.id]
        state = State.PAUSED if isinstance(action, StartBot) and action.paused else State.RUNNING
        bot = registry.write_state(before.id, state)
        try:
            if not process.is_up:
                self._world.api.mirror.read(bot)
            await self._world.point()
            self._come_up()
        except BaseException:
            if registry.read(bot.id).state is state:
                registry.write_state(bot.id, before.state)
            raise
        self._take_source(process, bot)
        process.is_up, process.enters = True, state is State.RUNNING
        if self._world.api.holds.is_panic() and state is State.RUNNING:
            process.enters = False
            registry.write_state(bot.id, State.PAUSED)

    def _take_source(self, process: BotProcess, bot: Bot) -> None:
        """What is stored when it comes up is what it runs until it ends."""
        if not process.is_up:
            process.source = self._world.sources.read_shelf(bot.spec.strategy)

    def _come_up(self) -> None:
        if self._world.starts_fail:
            raise Problem("start_failed", 502)

    async def _pause(self, bot: Bot) -> None:
        process = self._world.processes[bot.id]
        if not process.is_up or process.hangs:
            raise Problem("bot_unreachable", 502)
        process.enters = False
        await self._world.point()
        process.end_round()
        await self._world.api.mirror.ask(bot, process)  # type: ignore[arg-type]
        self._world.api.registry.write_state(bot.id, State.PAUSED)

    async def _stop(self, bot: Bot) -> None:
        process = self._world.processes[bot.id]
        await self._world.point()
        if process.is_up and not process.hangs:
            process.end_round()
        process.crash()
        self._world.api.mirror.read(bot)

    async def _delete(self, bot: Bot) -> None:
        api = self._world.api
        await self._world.point()
        api.trades.write_departed(bot)
        api.registry.remove(bot.id)
        api.holds.forget(bot.id)
        del self._world.processes[bot.id]
        limits = api.book.read()
        if bot.id in limits.bots:
            others = {key: own for key, own in limits.bots.items() if key != bot.id}
            api.book.write(limits.model_copy(update={"bots": others}))

    async def _edit(self, action: EditBot, before: Bot) -> None:
        registry, claims = self._world.api.registry, self._world.api.facts.claims
        process = self._world.processes[before.id]
        spec = action.changes.applied_to(before.spec)
        if action.changes.is_cosmetic or not process.is_up:
            registry.write_spec(before.id, spec)
            return
        claims[before.id] = max(before.spec.exposure, spec.exposure)
        try:
            await self._stop(registry.write_spec(before.id, spec))
            await self._world.point()
            state = registry.read(before.id).state
            self._take_source(process, registry.read(before.id))
            process.is_up, process.enters = True, state is State.RUNNING
        finally:
            del claims[before.id]

    async def _enter(self, action: ForceEntry, bot: Bot) -> None:
        await self._world.point()
        price = self._world.prices[action.pair]
        stake, rate = action.stake or bot.spec.stake, action.price or price
        order = Order(
            bot_id=bot.id, pair=action.pair, side="buy", type="limit" if action.price else "market",
            amount=(stake / rate).quantize(Decimal("1e-8"), "ROUND_DOWN"), rate=rate,
        )  # fmt: skip
        if not await self._world.ask(order):
            raise Problem("order_refused_by_bot", 409)

    def _tell_bot(self, action: Action, bot: Bot) -> None:
        process = self._world.processes[bot.id]
        match action:
            case ForceExit():
                for deal in process.open_deals():
                    if action.trade_id in (None, deal.id):
                        process.close(deal, Decimal("-0.01"))
            case CancelOrder():
                for deal in process.open_deals():
                    if deal.id == action.trade_id:
                        process.cancel(deal)
            case LockPair():
                process.locked.add(action.pair)
            case UnlockPair():
                process.locked.discard(action.pair)

    async def _panic(self, action: Panic, actor: Actor) -> None:
        holds = self._world.api.holds
        if actor.door in CARRY_OUT and not holds.is_panic():
            return
        with holds.carrying_out(holds.press(exits=action.exit, door=actor.door)):
            await self._bring_to_rest(action)

    async def _bring_to_rest(self, action: Panic) -> None:
        api = self._world.api
        bots = [bot for bot in api.registry.read_all() if bot.state is State.RUNNING]
        for bot in bots:
            api.registry.write_state(bot.id, State.PAUSED)
        for bot in bots:
            await self._world.point()
            process = self._world.processes.get(bot.id)
            if process is not None:
                process.enters = False
                for deal in process.open_deals():
                    process.cancel(deal) if not action.exit else process.close(deal, Decimal("-0.02"))
