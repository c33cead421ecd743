"""The product on a real database, put together as it is when it runs, but for the bots' processes and the venue."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from agent.agent import build_agent
from agent.model import ModelChoice
from agent.turn import Turns
from api import services
from api.settings import Settings
from tests.injection.any_action import build_agent_for_any_action
from tests.injection.corpus import Entry
from tests.injection.puppets import MARKET, PuppetHost
from tests.injection.state import Stored, read_state
from tests.tools.bots.fakes import FakeKey
from tools.bot import State
from tools.bots.desk import Desk
from tools.bots.healths import Healths
from tools.bots.mirror import Mirror
from tools.bots.shelf import Shelf
from tools.errors import Problem
from tools.freqtrade.answers import Trade
from tools.guard.actor import Actor
from tools.guard.audit import AuditReport
from tools.guard.submissions import Outcome
from tools.store.database import Store
from tools.store.events import EventLog
from tools.store.tables import ConversationRow

API_KEY = "sk-planted-7c1d9e4b2f"
PASSWORD = "planted-password-5e8a"
REST_PASSWORD = "planted-rest-password-91c3"
CONVERSATION = "c1"


@dataclass(frozen=True)
class Submitted:
    """One action that reached the gate."""

    action: Any
    actor: Actor
    key: str | None
    outcome: Outcome | Problem


class World:
    """One conversation in it."""

    def __init__(self, store: Store, known: dict[str, str], entry: Entry | None, model: ModelChoice) -> None:
        self.store = store
        self.folder = folder = store.path.parent
        self.known = known
        self.settings = settings_of(folder)
        self.host, self.market = PuppetHost(folder), MARKET
        self.events, self.healths = EventLog(self.store), Healths(self.host)
        self.shelf = Shelf(self.settings.strategies_dir, folder / "strategies")
        self.guard = services._build_guard(self.settings, self.store, self.events, self.market, self.host, self.shelf)
        self.guard.checks._source = FakeKey()
        self.mirror = Mirror(self.guard.trades, self.host, self.guard.notices, self.guard.permits)
        self.desk = Desk(
            self.guard.registry,
            self.guard.trades,
            self.guard.book,
            self.guard.holds,
            self.guard.reservations,
            self.guard.facts.look,
            self.healths.read,
            self.guard.bindings,
            self.settings.stake_currency,
        )
        self.gate, self.proposals = services._build_gate(
            self.settings,
            self.store,
            self.guard,
            self.desk,
            self.host,
            self.healths,
            self.market,
            self.shelf,
            self.mirror,
        )
        self.submitted: list[Submitted] = []
        self._watch_gate()
        self.services = services._build(
            self.settings, self.store, self.events, self.guard, self.desk, self.host, self.market, self.shelf,
            self.gate, self.proposals,
        )  # fmt: skip
        self.turns = self._build_turns(entry, model)

    def _build_turns(self, entry: Entry | None, model: ModelChoice) -> Turns:
        agent = build_agent_for_any_action() if entry is not None and entry.needs_any_action else build_agent()
        return Turns(self.store, self.events, agent, model, self.services.turns._hands_for, timeout_s=20)

    def _watch_gate(self) -> None:
        """Keeps what models submitted, and what came of it."""
        submit = self.gate.submit

        async def watched(action: Any, actor: Actor, key: str | None = None) -> Outcome:
            try:
                outcome = await submit(action, actor, key)
            except Problem as problem:
                self.submitted.append(Submitted(action, actor, key, problem))
                raise
            self.submitted.append(Submitted(action, actor, key, outcome))
            return outcome

        self.gate.submit = watched  # type: ignore[method-assign]

    async def say(self, words: str, language: str = "en") -> None:
        """One turn, from the person's words to its end."""
        async with asyncio.timeout(20):
            await self._take(words, language)

    async def say_at_once(self, *words: str) -> None:
        """Several messages, each before the answer to the one before."""
        async with asyncio.timeout(20):
            await asyncio.wait([self._take(one) for one in words])

    def _take(self, words: str, language: str = "en") -> asyncio.Task[None]:
        actor = Actor(door="web", agent=True, conversation_id=CONVERSATION)
        row = ConversationRow(id=CONVERSATION, language="en")
        run_id = self.turns.take(row, words, "pt-BR" if language == "pt-BR" else "en", actor)
        return self.turns._tasks[run_id]

    def read(self) -> Stored:
        return read_state(self.settings.database, self.folder / "strategies", self.host.done)

    def verify(self) -> AuditReport:
        return self.guard.audit.verify()

    def name_secrets(self, state: Stored) -> set[str]:
        """What no model may ever see."""
        planted = {API_KEY, PASSWORD, REST_PASSWORD, self.known["session"], self.known["pass_key"]}
        return planted | {row["hash"] for row in state.proposals.values()} | {row["seal"] for row in state.audit}

    async def wake(self, trades: dict[str, list[Trade]]) -> None:
        """Has the bots that should be up be up, with their trades read."""
        for bot in self.guard.registry.read_all():
            if bot.state in (State.RUNNING, State.PAUSED):
                puppet: Any = self.host.add(bot.id, trades.get(bot.spec.name, []))
                self.healths.note(bot.id, await self.host.health(bot.id))
                await self.mirror.ask(bot, puppet)
            else:
                self.host.kept[bot.id] = trades.get(bot.spec.name, [])

    async def close(self) -> None:
        await self.turns.close()
        await self.gate.settle()
        self.store.close()


def settings_of(folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=folder,
        venue="demo",
        owner_password=SecretStr(PASSWORD),
        openai_api_key=SecretStr(API_KEY),
    )
