"""One turn: the server runs it from the first word to the last, whether anyone is watching or not.

The panic sentence waits for nobody: it is read by the built-in interpreter, whatever model is set, beside a turn that
may be running. What was said before does not touch it, so it is the person's own word in a tainted conversation too.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from uuid import uuid4

from pydantic_ai import Agent, AgentRunResultEvent
from pydantic_ai.messages import ModelMessage
from pydantic_ai.run import AgentRunResult
from pydantic_ai.settings import ModelSettings
from pydantic_ai.ui import NativeEvent
from pydantic_ai.usage import UsageLimits
from sqlmodel import col, select

import prompts
from agent.alarm import bare, hear
from agent.encoder import SDK_VERSION, Encoder, as_json
from agent.events import ConversationEvents
from agent.failure import CutShort, describe
from agent.history import NOTHING, History, broken_turn, dump_messages, read_history
from agent.model import BUILT_IN, ModelChoice
from agent.words import Language, say
from tools.guard.actor import Actor
from tools.store.database import Store
from tools.store.events import EventLog
from tools.store.tables import ConversationRow, MessageRow, now
from tools.verbs import Hands, Taint

log = logging.getLogger(__name__)

REQUESTS = 15
CALLS = 60
TITLE = 60


@dataclass(frozen=True)
class Turn:
    """What a person said, and who they are."""

    run_id: str
    conversation_id: str
    text: str
    language: Language
    actor: Actor
    alarm: bool = False
    """Whether it is the panic sentence."""
    taint: Taint = field(default_factory=Taint)
    """Marked as soon as the turn, or what the model sees of those before it, has read text from outside."""


class Turns:
    """Takes messages and runs a turn for each: one at a time in a conversation, in the order they came.

    Only the panic sentence runs at once.
    """

    def __init__(  # noqa: PLR0913  what a turn needs
        self,
        store: Store,
        events: EventLog,
        agent: Agent[Hands, str],
        model: ModelChoice,
        hands_for: Callable[[Actor], Hands],
        timeout_s: float,
    ) -> None:
        self._store = store
        self._events = events
        self._agent = agent
        self._model = model
        self._hands_for = hands_for
        self._timeout_s = timeout_s
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._closing = False

    def take(self, conversation: ConversationRow, text: str, language: Language, actor: Actor) -> str:
        """Stores a message and begins its turn; returns the run's id at once."""
        run_id, alarm = uuid4().hex, hear(text) is not None
        actor = actor.model_copy(update={"run_id": run_id})
        turn = Turn(run_id, conversation.id, text, language, actor, alarm)
        self._store_message(conversation, turn)
        self._tell(turn.conversation_id).person_said(run_id, text, actor.door)
        task = asyncio.create_task(self._take_turn(turn), name=conversation.id)
        self._tasks[run_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(run_id, None))
        return run_id

    def cancel(self, conversation_id: str, run_id: str) -> bool:
        """Breaks a turn off; what it has begun to do is still finished. False where it is over, or another's."""
        task = self._tasks.get(run_id)
        return task is not None and task.get_name() == conversation_id and task.cancel()

    def mend_interrupted(self) -> None:
        """Ends the turns that a crash or a restart cut short; none is run again."""
        with self._store.session() as session:
            cut = list(session.exec(select(MessageRow).where(col(MessageRow.status).in_(("queued", "running")))))
        for row in cut:
            language: Language = "pt-BR" if row.language == "pt-BR" else "en"
            turn = Turn(row.run_id, row.conversation_id, row.text, language, Actor(door="web"))
            self._break_off(turn, "interrupted", say(language, "problem.interrupted"))

    async def close(self) -> None:
        """Breaks off all turns, each with its end written."""
        self._closing = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take_turn(self, turn: Turn) -> None:
        try:
            async with nullcontext() if turn.alarm else self._queues[turn.conversation_id]:
                self._write(turn, "running")
                await self._run(turn)
        except asyncio.CancelledError:
            why = "interrupted" if self._closing else "cancelled"
            self._break_off(turn, why, say(turn.language, f"problem.{why}"))
        except Exception as error:
            log.exception("turn %s failed", turn.run_id)
            self._break_off(turn, "failed", describe(error, self._model_of(turn).name, self._timeout_s, turn.language))

    async def _run(self, turn: Turn) -> None:
        """Streams the agent's run into the event log, each chunk stored before it is sent."""
        encoder = Encoder(None, sdk_version=SDK_VERSION, server_message_id=turn.run_id)
        tell = self._tell(turn.conversation_id)
        history = NOTHING if turn.alarm else read_history(self._store, turn.conversation_id)
        earlier = turn.taint.mark("earlier") if history.tainted else ()
        ended: list[AgentRunResult[str]] = []
        async for chunk in encoder.transform_stream(self._stream(turn, history, ended)):
            content = as_json(chunk)
            if content["type"] != "finish":
                tell.chunk(turn.run_id, content)
            if content["type"] == "start":
                tell.cards(turn.run_id, earlier)
        if not ended:
            raise encoder.error or RuntimeError("the run ended without a result")
        if not self._model_of(turn).offline and "finish_reason" not in (ended[0].response.provider_details or {}):
            raise CutShort
        self._write(turn, "done", ended[0].new_messages())
        tell.end(turn.run_id)

    async def _stream(
        self, turn: Turn, history: History, ended: list[AgentRunResult[str]]
    ) -> AsyncIterator[NativeEvent]:
        async with self._agent.run_stream_events(
            bare(turn.text) if turn.alarm else turn.text,
            message_history=history.messages,
            model=self._model_of(turn).build(turn.language),
            instructions=prompts.read("system", language=turn.language),
            deps=replace(self._hands_for(turn.actor), taint=turn.taint),
            usage_limits=UsageLimits(request_limit=REQUESTS, tool_calls_limit=CALLS),
            model_settings=ModelSettings(timeout=self._timeout_s),
        ) as events:
            async for event in events:
                if isinstance(event, AgentRunResultEvent):
                    ended.append(event.result)
                yield event

    def _model_of(self, turn: Turn) -> ModelChoice:
        return BUILT_IN if turn.alarm else self._model

    def _break_off(self, turn: Turn, status: str, text: str) -> None:
        self._write(turn, status, broken_turn(turn.text, status))
        self._tell(turn.conversation_id).failed(turn.run_id, text)

    def _tell(self, conversation_id: str) -> ConversationEvents:
        return ConversationEvents(self._events, conversation_id)

    def _store_message(self, conversation: ConversationRow, turn: Turn) -> None:
        with self._store.session() as session:
            session.add(
                MessageRow(
                    run_id=turn.run_id,
                    conversation_id=turn.conversation_id,
                    door=turn.actor.door,
                    text=turn.text,
                    language=turn.language,
                    status="queued",
                    model=self._model_of(turn).name,
                )
            )
            row = session.merge(conversation)
            row.title = row.title or " ".join(turn.text.split())[:TITLE]
            row.updated_at = now()
            session.commit()

    def _write(self, turn: Turn, status: str, messages: list[ModelMessage] | None = None) -> None:
        with self._store.session() as session:
            row = session.get(MessageRow, turn.run_id)
            if row is not None:
                row.status = status
                row.tainted = row.tainted or bool(turn.taint)
                row.model_messages = dump_messages(messages) if messages is not None else None
                session.add(row)
                session.commit()
