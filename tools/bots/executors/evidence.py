"""What must still be so when a person confirms an action, and what is there of one that was cut off."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import ValidationError

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
)
from tools.bot import BotSpec, State
from tools.bots.executors.bench import Bench, Seen
from tools.bots.registry import Bot
from tools.bots.strategies import view_strategy
from tools.errors import Problem
from tools.freqtrade.answers import Trade
from tools.guard.judge import apply_limits

NONE = "-"


class Evidence:
    """Reads; asks no bot."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def fingerprint(self, action: Action) -> dict[str, str]:
        """`settings` and `strategy` as SHA-256, `price` as text; those that matter for the action."""
        facts: dict[str, str] = {}
        bot = self._find_bot(getattr(action, "bot_id", None))
        if hasattr(action, "bot_id"):
            facts["settings"] = _hash(bot.spec) if bot else NONE
        if (strategy := _strategy_of(action, bot)) is not None:
            found = self._bench.shelf.read().strategies.get(strategy)
            facts["strategy"] = found.sha256 if found else NONE
        if isinstance(action, ForceEntry):
            known = self._bench.prices.read(action.pair)
            facts["price"] = f"{known[0]:f}" if known else NONE
        return facts

    def read_back(self, action: Action, since: datetime) -> Seen | None:
        """What is there, if the action has visibly taken effect since then.

        Locks are known to the bot alone: of those nothing is said.
        """
        match action:
            case SetLimits() | SetBotLimits() | BlockPair() | UnblockPair():
                return self._read_back_limits(action, since)
            case Panic() | ReleasePanic():
                done = self._bench.holds.is_panic() is isinstance(action, Panic)
                return self._bench.desk.read_guard() if done else None
            case StoreStrategy():
                found = self._bench.shelf.read().strategies.get(action.name)
                same = self._bench.shelf.find_source(action.name) == action.source
                return view_strategy(found) if found and same else None
            case CreateBot():
                made = [bot for bot in self._bench.registry.read_all() if bot.created_at >= since]
                bot = next((bot for bot in made if bot.spec == action.spec), None)
                return self._bench.desk.read_bot(bot.id) if bot else None
            case SettleFinding():
                view = self._bench.reconciliation.read()
                is_gone = view.agrees is not None and all(one.id != action.finding for one in view.findings)
                return view if is_gone else None
        return self._read_back_bot(action, since)

    def _read_back_limits(
        self, action: SetLimits | SetBotLimits | BlockPair | UnblockPair, since: datetime
    ) -> Seen | None:
        limits = self._bench.book.read()
        try:
            same = apply_limits(action, limits) == limits
        except ValidationError:
            return None
        return self._bench.desk.read_limits() if same and self._bench.book.read_changed_at() >= since else None

    def _read_back_bot(self, action: Action, since: datetime) -> Seen | None:
        bot = self._find_bot(getattr(action, "bot_id", None))
        if bot is None:
            # Of a deleted bot there is nothing to show but that it takes nothing of the limits any more.
            return self._bench.desk.read_limits() if isinstance(action, DeleteBot) else None
        return self._bench.desk.read_bot(bot.id) if self._is_done(action, bot, since) else None

    def _is_done(self, action: Action, bot: Bot, since: datetime) -> bool:
        lives = self._bench.host.client(bot.id) is not None
        match action:
            case StartBot() | ResumeBot():
                wanted = State.PAUSED if isinstance(action, StartBot) and action.paused else State.RUNNING
                return bot.state is wanted and lives
            case PauseBot():
                return bot.state is State.PAUSED
            case StopBot():
                return bot.state is State.STOPPED and not lives
            case ChangeMode():
                return bot.spec.mode is action.mode
            case EditBot():
                same = _is_applied(action, bot)
                return same and (not lives or action.changes.is_cosmetic or self._began_since(bot, since))
            case ForceEntry() | ForceExit() | CancelOrder():
                return self._shows(bot, lambda trades: _shows_order(action, trades, since))
        return False

    def _began_since(self, bot: Bot, since: datetime) -> bool:
        process = self._bench.host.processes().get(bot.id)
        return process is not None and process.started >= since.timestamp()

    def _shows(self, bot: Bot, found: Callable[[Sequence[Trade]], bool]) -> bool:
        """Whether the bot's own database says so."""
        try:
            return found(self._bench.host.read_trades(bot.id, bot.spec.mode))
        except sqlite3.Error:
            return False

    def _find_bot(self, bot_id: str | None) -> Bot | None:
        try:
            return self._bench.registry.read(bot_id or "")
        except Problem:
            return None


def _hash(spec: BotSpec) -> str:
    return hashlib.sha256(json.dumps(spec.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def _strategy_of(action: Action, bot: Bot | None) -> str | None:
    """The strategy that an action would have run, or replaced."""
    match action:
        case CreateBot():
            return action.spec.strategy
        case StoreStrategy():
            return action.name
        case EditBot() if bot is not None:
            return action.changes.strategy or bot.spec.strategy
        case StartBot() | ResumeBot() | ChangeMode() | ForceEntry() if bot is not None:
            return bot.spec.strategy
    return None


def _is_applied(action: EditBot, bot: Bot) -> bool:
    try:
        return action.changes.applied_to(bot.spec) == bot.spec
    except ValidationError:
        return False


def _shows_order(action: ForceEntry | ForceExit | CancelOrder, trades: Sequence[Trade], since: datetime) -> bool:
    """Whether the trades show an order that can only have come of the action."""
    match action:
        case ForceEntry():
            mine = [trade for trade in trades if trade.pair == action.pair]
            return any(_has_order_since(trade, since, entry=True) for trade in mine)
        case ForceExit(trade_id=None):
            opened = [trade for trade in trades if trade.is_open]
            return all(_has_order_since(trade, since, entry=False) for trade in opened) and any(
                _has_order_since(trade, since, entry=False) for trade in trades
            )
        case ForceExit():
            mine = [trade for trade in trades if trade.trade_id == action.trade_id]
            return any(_has_order_since(trade, since, entry=False) for trade in mine)
        case CancelOrder():
            mine = [trade for trade in trades if trade.trade_id == action.trade_id]
            return not any(order.is_open for trade in mine for order in trade.orders)


def _has_order_since(trade: Trade, since: datetime, *, entry: bool) -> bool:
    return any(order.is_entry is entry and order.at is not None and order.at >= since for order in trade.orders)
