"""What the executors of all rooms work with."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from pydantic import ValidationError

from tools.actions import Action, BotAction, invalid
from tools.bot import Mode, State
from tools.bots.audience import Audience
from tools.bots.bindings import Bindings
from tools.bots.desk import Desk
from tools.bots.healths import Healths
from tools.bots.lifecycle import next_state
from tools.bots.live import Checks
from tools.bots.mirror import Mirror
from tools.bots.reconciliation import Reconciliation
from tools.bots.registry import Bot, Registry
from tools.bots.shelf import Shelf
from tools.bots.trades import Trades
from tools.errors import Problem
from tools.freqtrade.client import Client
from tools.freqtrade.host import Host
from tools.guard.actor import Actor
from tools.guard.holds import Holds
from tools.guard.limits_book import LimitsBook
from tools.guard.mandates import Mandates
from tools.guard.reservations import Reservations
from tools.market.prices import Prices
from tools.market.source import MarketSource
from tools.views import BotView, GuardView, LimitsView, ReconciliationView, StrategyView

T = TypeVar("T")
Seen = BotView | LimitsView | GuardView | StrategyView | ReconciliationView


class Room(Protocol):
    """Does the actions of one kind of thing."""

    async def prepare(self, action: Action) -> None:
        """Raises `Problem` where the action cannot be done as it stands."""

    async def execute(self, action: Action, actor: Actor, /) -> Seen:
        """Does it, and reads back what is there now."""


@dataclass(frozen=True)
class Bench:
    """The hands that executors have in common."""

    desk: Desk
    trades: Trades
    book: LimitsBook
    holds: Holds
    reservations: Reservations
    claims: dict[str, Decimal]
    """By bot: exposure that an action under way may still need, whatever becomes of it."""
    host: Host
    healths: Healths
    source: MarketSource
    prices: Prices
    shelf: Shelf
    mirror: Mirror
    audience: Audience
    mandates: Mandates
    bindings: Bindings
    checks: Checks
    reconciliation: Reconciliation

    @property
    def registry(self) -> Registry:
        return self.desk.registry

    async def check_key(self, bot: Bot) -> None:
        """Before a bot is let enter with real money, the exchange key is looked at again."""
        if bot.spec.mode is not Mode.SIMULATED:
            await self.checks.refresh()

    def void_mandate(self, bot: Bot, reason: str) -> None:
        """What a person confirmed of it holds no more."""
        if bot.spec.mode is not Mode.SIMULATED:
            self.mandates.void(bot.id, reason)

    def next_state(self, action: BotAction) -> State:
        """Raises `Problem`: `unknown_bot`, `wrong_state`."""
        view = self.desk.read_bot(action.bot_id)
        return next_state(action, view.spec.name, view.state, view.health)

    def client(self, bot: Bot) -> Client:
        """Raises `Problem("bot_unreachable")` where the bot has no process."""
        client = self.host.client(bot.id)
        if client is None:
            raise Problem("bot_unreachable", 502, name=bot.spec.name)
        return client

    def show(self, bot_id: str) -> BotView:
        """The bot as it is now, told to those who look."""
        view = self.desk.read_bot(bot_id)
        self.audience.bot_changed(view)
        return view

    async def show_anew(self, bot_id: str) -> BotView:
        """The same, with its process asked how it is."""
        await self.healths.refresh(bot_id)
        return self.show(bot_id)


def reading(read: Callable[[], T]) -> T:
    """What `read` returns. Raises `Problem("invalid")` instead of `pydantic.ValidationError`."""
    try:
        return read()
    except ValidationError as error:
        raise invalid(error) from error
