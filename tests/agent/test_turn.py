"""Turns with a model over real HTTP, scripted to behave and to misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai import models
from sqlmodel import select

from agent.agent import build_agent
from agent.model import ModelSettings, choose_model
from agent.turn import Turns
from tests.agent.scripted_server import Reply, ScriptedServer, call, scripted, text
from tools.actions import Action, CreateBot
from tools.bots.desk import Desk
from tools.bots.registry import Registry
from tools.bots.trades import Trades
from tools.freqtrade.catalogue import read_catalogue
from tools.freqtrade.running import OFF
from tools.guard.actor import OWNER, Actor, Scope
from tools.guard.audit import Audit
from tools.guard.gate import Gate
from tools.guard.limits_book import LimitsBook
from tools.market.analysis import Analyst
from tools.market.source import MarketSource
from tools.market.venues import Venue
from tools.store.database import Store
from tools.store.events import Event, EventLog
from tools.store.tables import ConversationRow, MessageRow
from tools.verbs import Hands
from tools.views import BotView

STRATEGIES = Path(__file__).resolve().parents[2] / "strategies"
CONVERSATION = ConversationRow(id="c1", language="en")
Messages = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _ask_the_scripted_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is on this machine: what the suite forbids is asking anyone else's."""
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)


class OnlyCreates:
    """An executor that keeps bots and starts nothing."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.entered = asyncio.Event()
        self.hold = asyncio.Event()
        self.hold.set()
        self._lock = asyncio.Lock()

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        return self._lock

    async def prepare(self, action: Action) -> None:
        assert isinstance(action, CreateBot)

    async def execute(self, action: Action, actor: Actor) -> BotView:
        assert isinstance(action, CreateBot)
        self.entered.set()
        await self.hold.wait()
        return self.desk.read_bot(self.desk.registry.add(action.spec, "demo", actor.conversation_id).id)


class World:
    """A conversation with everything but Freqtrade and the market."""

    def __init__(self, store: Store, url: str, timeout_s: float = 20) -> None:
        self.store = store
        self.log = EventLog(store)
        self.desk = Desk(Registry(store), Trades(store), LimitsBook(store), lambda _: OFF, "USDT")
        self.executor = OnlyCreates(self.desk)
        self.gate = Gate(self.desk.look, self.executor, Audit(store))
        analyst = Analyst(MarketSource(Venue("demo", "http://127.0.0.1:9")), store)

        def hands(actor: Actor) -> Hands:
            return Hands(self.gate, self.desk, analyst, lambda: read_catalogue(STRATEGIES), actor)

        model = choose_model(ModelSettings(name="openai-chat:scripted", openai_base_url=url))
        self.turns = Turns(store, self.log, build_agent(), model, hands, timeout_s)

    async def say(self, words: str, scopes: frozenset[Scope] = OWNER) -> list[dict[str, Any]]:
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

    def statuses(self) -> list[str]:
        with self.store.session() as session:
            return [row.status for row in session.exec(select(MessageRow).order_by("created_at"))]


Making = Callable[..., AbstractAsyncContextManager[tuple[World, ScriptedServer]]]


@pytest.fixture
def making(store: Store) -> Making:
    with store.session() as session:
        session.add(ConversationRow(id="c1", language="en"))
        session.commit()

    @asynccontextmanager
    async def make(script: Callable[[Messages], Reply], **more: Any) -> AsyncIterator[tuple[World, ScriptedServer]]:
        with scripted(script) as server:
            world = World(store, server.url, **more)
            yield world, server
            server.silence.set()
            await world.turns.close()

    return make


def said(chunks: list[dict[str, Any]]) -> str:
    return "".join(chunk["delta"] for chunk in chunks if chunk["type"] == "text-delta")


def errors(chunks: list[dict[str, Any]]) -> list[str]:
    return [chunk["errorText"] for chunk in chunks if chunk["type"] == "error"]


def cards(chunks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [chunk["data"] for chunk in chunks if chunk["type"] == "data-card"]


def after_tools(messages: Messages) -> bool:
    return messages[-1]["role"] == "tool"


async def test_turn_when_the_model_acts_then_the_card_and_the_words_are_stored_in_order(making: Making) -> None:
    def script(messages: Messages) -> Reply:
        return text("Done.") if after_tools(messages) else call("create_bot", pairs=["btc"], stake=50, name="alpha")

    async with making(script) as (world, _):
        chunks = await world.say("make a bot")
    kinds = [chunk["type"] for chunk in chunks]
    assert kinds[0] == "data-user"
    assert kinds.index("start") < kinds.index("tool-output-available") < kinds.index("data-card")
    assert kinds.index("data-card") < kinds.index("text-delta") < kinds.index("finish")
    assert cards(chunks)[0]["bot"]["spec"]["pairs"] == ["BTC/USDT"]
    assert said(chunks) == "Done."
    assert world.statuses() == ["done"]


async def test_turn_when_the_guard_refuses_then_model_and_person_learn_the_rule(making: Making) -> None:
    def script(messages: Messages) -> Reply:
        return text("Refused.") if after_tools(messages) else call("create_bot", pairs=["BTC/USDT"], stake=5000)

    async with making(script) as (world, server):
        chunks = await world.say("make a big bot")
    (card,) = cards(chunks)
    assert (card["kind"], card["rule"], card["numbers"]["max"]) == ("refusal", "trade_size", "100")
    assert "trade_size" in server.requests[1]["messages"][-1]["content"]
    assert world.desk.read_bots() == []


@pytest.mark.parametrize("stake", [-50, 0, 1e308])
async def test_turn_when_the_model_passes_an_impossible_amount_then_the_problem_names_it(
    making: Making, stake: float
) -> None:
    def script(messages: Messages) -> Reply:
        return text("No.") if after_tools(messages) else call("create_bot", pairs=["BTC/USDT"], stake=stake)

    async with making(script) as (world, _):
        chunks = await world.say("make a bot")
    (card,) = cards(chunks)
    assert (card["kind"], card["problem"], card["numbers"]["field"]) == ("problem", "invalid", "stake")


async def test_turn_when_the_next_comes_then_the_model_sees_the_first(making: Making) -> None:
    async with making(lambda _: text("Hello.")) as (world, server):
        await world.say("my name is Ana")
        await world.say("what is my name?")
    contents = [str(message.get("content")) for message in server.requests[1]["messages"]]
    assert ["my name is Ana" in one for one in contents].count(True) == 1
    assert contents[-1] == "what is my name?"


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (500, "scripted"),
        (401, "scripted"),
        (429, "scripted"),
        (b"this is not an event stream", "scripted"),
        (b"data: {not json}\n\n", "scripted"),
    ],
)
async def test_turn_when_the_model_fails_then_it_is_told_and_the_next_turn_works(
    making: Making, reply: Reply, told: str
) -> None:
    replies: list[Reply] = [reply]

    async with making(lambda _: replies[-1]) as (world, _):
        (error,) = errors(await world.say("hello"))
        assert told in error
        assert "sk-secret" not in error
        replies.append(text("Back again."))
        assert said(await world.say("hello?")) == "Back again."
    assert world.statuses() == ["failed", "done"]


async def test_turn_when_the_answer_stops_in_the_middle_then_it_says_so(making: Making) -> None:
    half = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    chunk = {"index": 0, "delta": {"role": "assistant", "content": "I have created your "}, "finish_reason": None}
    body = f"data: {json.dumps({**half, 'choices': [chunk]})}\n\n".encode()
    async with making(lambda _: body) as (world, _):
        chunks = await world.say("make a bot")
    assert said(chunks) == "I have created your "
    assert len(errors(chunks)) == 1
    assert world.statuses() == ["failed"]


async def test_cancel_when_the_run_is_of_another_conversation_then_it_goes_on(making: Making) -> None:
    async with making(lambda _: call("create_bot", pairs=["BTC/USDT"], stake=50)) as (world, _):
        world.executor.hold.clear()
        run_id = world.turns.take(CONVERSATION, "make a bot", "en", Actor(door="web", agent=True))
        await world.executor.entered.wait()
        assert not world.turns.cancel("c2", run_id)
        world.executor.hold.set()


async def test_turn_when_the_model_is_silent_then_it_times_out_and_says_so(making: Making) -> None:
    async with making(lambda _: 30.0, timeout_s=1) as (world, _):
        (error,) = errors(await world.say("hello"))
    assert "1" in error
    assert world.statuses() == ["failed"]


async def test_turn_when_the_model_calls_an_unknown_tool_for_ever_then_the_turn_ends(making: Making) -> None:
    async with making(lambda _: call("withdraw", amount=1)) as (world, _):
        assert len(errors(await world.say("hello"))) == 1
    assert world.statuses() == ["failed"]
    assert world.desk.read_bots() == []


async def test_turn_when_the_model_loops_then_it_is_stopped(making: Making) -> None:
    async with making(lambda _: call("list_bots")) as (world, server):
        assert len(errors(await world.say("hello"))) == 1
    assert len(server.requests) <= 15


async def test_turn_when_the_caller_may_only_read_then_no_writing_verb_is_offered(making: Making) -> None:
    async with making(lambda _: text("Hi.")) as (world, server):
        await world.say("hello", frozenset({"read"}))
        await world.say("hello")
    reading, all_verbs = ({tool["function"]["name"] for tool in one["tools"]} for one in server.requests)
    assert "create_bot" in all_verbs
    assert {"create_bot", "edit_bot", "start_bot", "pause_bot", "stop_bot", "delete_bot"}.isdisjoint(reading)


async def test_turn_when_two_messages_come_at_once_then_they_are_answered_in_order(making: Making) -> None:
    async with making(lambda messages: text(f"You said {messages[-1]['content']}")) as (world, _):
        one, other = await asyncio.gather(world.say("first"), world.say("second"))
    assert (said(one), said(other)) == ("You said first", "You said second")


async def test_cancel_when_a_tool_is_at_work_then_it_is_finished_and_the_turn_says_cancelled(making: Making) -> None:
    async with making(lambda _: call("create_bot", pairs=["BTC/USDT"], stake=50)) as (world, _):
        world.executor.hold.clear()
        actor = Actor(door="web", agent=True, conversation_id="c1")
        run_id = world.turns.take(CONVERSATION, "make a bot", "en", actor)
        await world.executor.entered.wait()
        assert world.turns.cancel("c1", run_id)
        events = await world.until_finished(run_id)
        world.executor.hold.set()
        await world.gate.settle()
    assert len(errors([dict(event.data) for event in events])) == 1
    assert len(world.desk.read_bots()) == 1
    assert world.statuses() == ["cancelled"]


async def test_mend_when_a_crash_cut_a_turn_then_it_ends_and_is_not_run_again(making: Making, store: Store) -> None:
    async with making(lambda _: text("Never asked.")) as (world, server):
        with store.session() as session:
            session.add(
                MessageRow(run_id="r1", conversation_id="c1", door="web", text="hi", language="en", status="running")
            )
            session.commit()
        world.turns.mend_interrupted()
        chunks = [dict(event.data) for event in await world.until_finished("r1")]
        assert server.requests == []
    assert len(errors(chunks)) == 1
    assert world.statuses() == ["interrupted"]
