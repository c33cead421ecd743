"""A conversation with everything but Freqtrade and the market: a scripted model, the real turns, gate and executors."""

import asyncio
import re
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from sqlmodel import select

from agent.agent import build_agent
from agent.model import ModelSettings, choose_model
from agent.notices import Notices
from agent.turn import Turns
from tests.tools.bots.fakes import World as Bots
from tools.actions import Action
from tools.guard.actor import OWNER, Actor, Scope
from tools.guard.audit import Audit
from tools.guard.gate import Gate
from tools.guard.proposals import Proposals
from tools.guard.submissions import Submissions
from tools.market.analysis import Analyst
from tools.market.source import MarketSource
from tools.market.venues import demo_venue
from tools.store.database import Store
from tools.store.events import Event, EventLog
from tools.store.tables import ConversationRow, MessageRow
from tools.verbs import Hands

CONVERSATION = ConversationRow(id="c1", language="en")
PERSON = Actor(door="web")
Chunks = list[dict[str, Any]]


class Held:
    """An executor that waits, once it has entered, as long as a test holds it."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor
        self.entered = asyncio.Event()
        self.hold = asyncio.Event()
        self.hold.set()
        self.done: list[Action] = []

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        context: AbstractAsyncContextManager[Any] = self._executor.exclusively(action)
        return context

    async def execute(self, action: Action, actor: Actor) -> Any:
        self.entered.set()
        await self.hold.wait()
        self.done.append(action)
        return await self._executor.execute(action, actor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._executor, name)


class World:
    """One conversation, `c1`, and the bots that it is about."""

    def __init__(
        self, store: Store, folder: Path, url: str, timeout_s: float = 20, model: str = "openai-chat:scripted"
    ) -> None:
        self.store = store
        self.bots = Bots(store, folder)
        self.desk, self.log = self.bots.desk, EventLog(store)
        self.notices = Notices(self.log, self.bots.registry)
        self.executor = Held(self.bots.executor)
        self.proposals = Proposals(store, self.bots.registry.read_name)
        self.log_lines: list[str] = ["a line of the log"]
        self.gate = Gate(
            self.bots.facts.look,
            self.executor,
            Audit(store),
            self.proposals,
            self.bots.mandates,
            Submissions(store),
            self.bots.reservations,
            self.notices.proposal_changed,
            self.bots.facts.forgive,
        )
        choice = choose_model(ModelSettings(name=model, openai_base_url=url))
        self.turns = Turns(store, self.log, build_agent(), choice, self.hands, timeout_s)

    def hands(self, actor: Actor) -> Hands:
        analyst = Analyst(MarketSource(demo_venue("http://127.0.0.1:9")), self.store)
        read_log = lambda _, lines: self.log_lines[-lines:]  # noqa: E731  as the host's
        return Hands(
            self.gate,
            self.desk,
            analyst,
            self.bots.shelf.read,
            actor,
            self.proposals,
            read_log,
            self.bots.reconciliation.read,
        )

    async def say(self, words: str, scopes: frozenset[Scope] = OWNER) -> Chunks:
        """The chunks of a turn, from the person's words to its end."""
        actor = Actor(door="web", agent=True, scopes=scopes, conversation_id="c1")
        run_id = self.turns.take(CONVERSATION, words, "en", actor)
        return [dict(event.data) for event in await self.until_finished(run_id)]

    async def until_finished(self, run_id: str) -> list[Event]:
        found = []
        async with asyncio.timeout(20):
            async for event in self.log.follow("c1", 0):
                if event.run_id == run_id:
                    found.append(event)
                    if event.data["type"] == "finish":
                        break
        return found

    def messages(self) -> list[MessageRow]:
        with self.store.session() as session:
            return list(session.exec(select(MessageRow).order_by("created_at")))

    def statuses(self) -> list[str]:
        return [row.status for row in self.messages()]

    def done(self) -> list[str]:
        """The kinds of what was really done, in order."""
        return [action.kind for action in self.executor.done]


def said(chunks: Chunks) -> str:
    return "".join(chunk["delta"] for chunk in chunks if chunk["type"] == "text-delta")


def errors(chunks: Chunks) -> list[str]:
    return [chunk["errorText"] for chunk in chunks if chunk["type"] == "error"]


def cards(chunks: Chunks, kind: str = "") -> list[dict[str, Any]]:
    found = [chunk["data"] for chunk in chunks if chunk["type"] == "data-card"]
    return [card for card in found if re.fullmatch(kind or ".*", card["kind"])]


def card_ids(chunks: Chunks) -> list[str]:
    return [chunk["id"] for chunk in chunks if chunk["type"] == "data-card"]
