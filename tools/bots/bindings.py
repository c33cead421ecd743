"""What bots that trade with real money are, as a mandate is given for it and compared with it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from tools.actions import Action, ChangeMode, CreateBot, EditBot, ForceEntry, ResumeBot, StartBot
from tools.bot import BotSpec, Mode, State
from tools.bots.registry import Bot, Registry
from tools.errors import Problem
from tools.guard.limits import Limits
from tools.guard.mandates import NONE, Binding, MandateFacts, Mandates, compare, facts_of, limits_of, terms_of
from tools.views import MandateView

HAS_PROCESS = (State.RUNNING, State.PAUSED)


class Sources(Protocol):
    """See `tools.bots.sources`."""

    def read(self, bot_id: str, strategy: str) -> str | None: ...

    def read_shelf(self, strategy: str) -> str | None: ...

    def is_outdated(self, bot_id: str, strategy: str) -> bool: ...


@dataclass(frozen=True)
class LiveBot:
    """See `tools.guard.keeper.LiveBot`."""

    bot_id: str
    name: str
    enters: bool
    found: MandateFacts


class Bindings:
    """Reads; gives and voids nothing."""

    def __init__(
        self, registry: Registry, mandates: Mandates, sources: Sources, read_limits: Callable[[], Limits]
    ) -> None:
        self._registry = registry
        self._mandates = mandates
        self._sources = sources
        self._read_limits = read_limits

    def find(self, bot: Bot) -> MandateFacts:
        """What a bot is now."""
        return self._facts(self._sources.read(bot.id, bot.spec.strategy), bot.spec, bot.id)

    def find_void(self, bot: Bot) -> str | None:
        """Why a bot has no mandate that holds; None where it has one, and where it needs none."""
        if bot.spec.mode is Mode.SIMULATED:
            return None
        row = self._mandates.read(bot.id)
        if row is None:
            return NONE
        if row.voided_at is not None:
            return row.void_reason or "void"
        return compare(facts_of(row), self.find(bot), bot.id)

    def find_live(self, but: Collection[str] = ()) -> Iterator[LiveBot]:
        """Those that should have a process, without those with which something is being done."""
        for bot in self._registry.read_all():
            if bot.spec.mode is not Mode.SIMULATED and bot.state in HAS_PROCESS and bot.id not in but:
                yield LiveBot(bot.id, bot.spec.name, bot.state is State.RUNNING, self.find(bot))

    def is_outdated(self, bot: Bot) -> bool:
        """Whether its process runs another source than the one that is stored now."""
        return self._sources.is_outdated(bot.id, bot.spec.strategy)

    def view(self, bot: Bot) -> MandateView | None:
        """The mandate of a bot that trades with real money, as it is shown."""
        if bot.spec.mode is Mode.SIMULATED:
            return None
        row, reason = self._mandates.read(bot.id), self.find_void(bot)
        if row is None or reason == NONE:
            return MandateView(status="none", reason=None, at=None)
        return MandateView(status="void" if reason else "valid", reason=reason, at=row.voided_at or row.at)

    def bind(self, action: Action, venue: str) -> Binding | None:
        """What a person's yes to an action binds; None where no real money comes of it."""
        if isinstance(action, CreateBot):
            return self._bind(None, action.spec, venue, anew=True, enters=False)
        bot = self._find_bot(getattr(action, "bot_id", ""))
        match action:
            case _ if bot is None:
                return None
            case StartBot():
                return self._bind(bot, bot.spec, venue, anew=False, enters=not action.paused)
            case ResumeBot():
                return self._bind(bot, bot.spec, venue, anew=False, enters=True)
            case EditBot():
                restarts = bot.state in HAS_PROCESS and not action.changes.is_cosmetic
                enters = restarts and bot.state is State.RUNNING
                return self._bind(bot, action.changes.applied_to(bot.spec), venue, anew=restarts, enters=enters)
            case ForceEntry():
                return self._bind(bot, bot.spec, venue, anew=False, enters=False)
            case ChangeMode():
                spec = bot.spec.model_copy(update={"mode": action.mode})
                return self._bind(bot, spec, venue, anew=True, enters=False)
        return None

    def _bind(self, bot: Bot | None, spec: BotSpec, venue: str, *, anew: bool, enters: bool) -> Binding | None:
        """`anew`: its process, if it has one, will come up again with what stands on the shelf."""
        if spec.mode is Mode.SIMULATED:
            return None
        keeps = bot is not None and not anew
        source = self._sources.read(bot.id, spec.strategy) if keeps and bot else self._sources.read_shelf(spec.strategy)
        facts = self._facts(source, spec, bot.id if bot else "")
        return Binding(bot.id if bot else None, spec, bot.venue if bot else venue, facts, enters)

    def _facts(self, source: str | None, spec: BotSpec, bot_id: str) -> MandateFacts:
        return MandateFacts(source, terms_of(spec), limits_of(self._read_limits(), bot_id))

    def _find_bot(self, bot_id: str) -> Bot | None:
        try:
            return self._registry.read(bot_id)
        except Problem:
            return None
