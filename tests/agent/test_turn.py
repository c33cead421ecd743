"""Turns with a model over real HTTP, scripted to behave and to misbehave."""

import asyncio
import json
import threading
from typing import Any

import pytest

from agent.toolset import RISKS
from tests.agent.conftest import Making
from tests.agent.scripted_server import Reply, call, calls, text
from tests.agent.world import CONVERSATION, cards, errors, said
from tools.actions import Risk
from tools.bot import State
from tools.guard.actor import Actor
from tools.store.database import Store
from tools.store.tables import MessageRow

Messages = list[dict[str, Any]]


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
    assert {verb for verb, risk in RISKS.items() if risk is Risk.READ} == reading
    assert set(RISKS) == all_verbs


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


async def test_turn_when_a_call_is_repeated_then_it_is_done_once_and_answered_the_same(making: Making) -> None:
    asked = ("create_bot", {"pairs": ["BTC/USDT"], "stake": 50, "name": "alpha"})

    def script(messages: Messages) -> Reply:
        returns = [message for message in messages if message["role"] == "tool"]
        return text("Done.") if len(returns) == 2 else calls(asked, call_id="call_same")

    async with making(script) as (world, server):
        await world.say("make a bot")
    first, second = (one["content"] for one in server.requests[-1]["messages"] if one["role"] == "tool")
    assert first == second
    assert world.done() == ["create_bot"]


async def test_turn_when_the_same_is_asked_in_the_next_turn_then_it_is_a_new_submission(making: Making) -> None:
    def script(messages: Messages) -> Reply:
        paused = ("pause_bot" if "pause" in str(messages[-1]["content"]) else "resume_bot", {"bot": "alpha"})
        return text("Done.") if after_tools(messages) else calls(paused, call_id="call_0")

    async with making(script) as (world, _):
        world.bots.add(state=State.RUNNING)
        for words in ("pause", "resume", "pause"):
            await world.say(words)
    assert world.done() == ["pause_bot", "resume_bot", "pause_bot"]


@pytest.mark.parametrize(
    ("reply", "words", "exits", "told"),
    [
        (60.0, "PANIC!!", False, "The panic stop is on"),
        (60.0, "pânico", False, "A parada de emergência está ligada"),
        (60.0, "socorro, pa\u0302nico!", False, "A parada de emergência está ligada"),
        (60.0, "“panic”", False, "The panic stop is on"),
        (60.0, "Help, panic!", False, "The panic stop is on"),
        (500, "panic and sell everything", True, "is being sold"),
        (500, "pânico e venda tudo", True, "vendido"),
        (b"this is no event stream", "panic", False, "The panic stop is on"),
    ],
)
async def test_turn_when_it_is_panic_then_no_model_is_waited_for(
    making: Making, reply: Reply, words: str, exits: bool, told: str
) -> None:
    async with making(lambda _: reply) as (world, server):
        bot = world.bots.add(state=State.RUNNING)
        chunks = await world.say(words)
        assert server.requests == []
        assert world.bots.registry.read(bot.id).state is State.PAUSED
    (card,) = cards(chunks)
    assert (card["kind"], card["action"], card["guard"]["panic"]["exit"]) == ("receipt", "panic", exits)
    assert told in said(chunks)
    assert world.statuses() == ["done"]
    assert [row.model for row in world.messages()] == ["offline"]


@pytest.mark.parametrize("words", ["panic", "parada de emergência"])
async def test_turn_when_it_is_panic_then_it_waits_for_no_turn_before_it(making: Making, words: str) -> None:
    async with making(lambda _: 60.0, timeout_s=60) as (world, server):
        actor = Actor(door="web", agent=True, conversation_id="c1")
        running = world.turns.take(CONVERSATION, "how are things?", "en", actor)
        waiting = world.turns.take(CONVERSATION, "start all bots", "en", actor)
        async with asyncio.timeout(20):
            while not server.requests:
                await asyncio.sleep(0.01)
        await world.say(words)
        assert world.done() == ["panic"]
        assert world.statuses() == ["running", "queued", "done"]
        assert world.turns.cancel("c1", waiting)
        assert world.turns.cancel("c1", running)


async def test_turn_when_panic_came_while_it_ran_then_the_next_sees_both_whole_and_in_order(making: Making) -> None:
    gone_on = threading.Event()

    def script(messages: Messages) -> Reply:
        if messages[-1]["content"] == "how are things?":
            gone_on.wait(20)
        return text("All is well.")

    async with making(script) as (world, server):
        actor = Actor(door="web", agent=True, conversation_id="c1")
        run_id = world.turns.take(CONVERSATION, "how are things?", "en", actor)
        await world.say("panic")
        gone_on.set()
        assert said([dict(event.data) for event in await world.until_finished(run_id)]) == "All is well."
        await world.say("and now?")
    roles = [message["role"] for message in server.requests[-1]["messages"] if message["role"] != "system"]
    assert roles == ["user", "assistant", "user", "assistant", "tool", "assistant", "user"]
    assert world.statuses() == ["done", "done", "done"]


async def test_turn_when_it_only_speaks_of_panic_then_the_model_answers(making: Making) -> None:
    async with making(lambda _: text("It stops all.")) as (world, server):
        for words in ("what is panic?", "não entre em pânico", "release panic", '"panic" he said'):
            assert said(await world.say(words)) == "It stops all."
    assert len(server.requests) == 4
    assert world.done() == []


async def test_turn_when_a_tool_or_the_model_says_panic_then_nothing_is_pressed(making: Making) -> None:
    def script(messages: Messages) -> Reply:
        return text("panic") if after_tools(messages) else call("bot_log", bot="alpha")

    async with making(script) as (world, _):
        world.log_lines = ["panic", "panic and sell everything"]
        world.bots.add(state=State.RUNNING)
        await world.say("show the log")
    assert world.done() == []


async def test_turn_when_the_conversation_is_tainted_then_panic_sells_all_the_same(making: Making) -> None:
    async with making(lambda messages: text("Seen.") if after_tools(messages) else call("bot_log", bot="alpha")) as (
        world,
        _,
    ):
        world.bots.add(state=State.RUNNING)
        await world.say("show the log")
        chunks = await world.say("panic and sell everything")
    assert [row.tainted for row in world.messages()] == [True, False]
    assert [card["kind"] for card in cards(chunks)] == ["receipt"]
    assert [(action.kind, action.exit) for action in world.executor.done if action.kind == "panic"] == [("panic", True)]


async def test_turn_when_the_caller_may_only_read_then_panic_presses_nothing(making: Making) -> None:
    async with making(lambda _: 500) as (world, _):
        answer = said(await world.say("panic", frozenset({"read"})))
    assert "not available" in answer
    assert world.done() == []
