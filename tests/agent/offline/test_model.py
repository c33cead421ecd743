"""The interpreter behind a real agent, plain and streamed."""

from typing import Any

from pydantic_ai import Agent, AgentRunResultEvent, FunctionToolCallEvent
from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta

from agent.offline.model import OfflineModel

SAID = "Create a bot for BTC/USDT and ETH/USDT with 50 USDT per trade and start it"
CREATED = "Created **btc-eth** (simulated): BTC/USDT and ETH/USDT, 50 USDT a trade. It is running."


BOT = {
    "id": "0123456789ab",
    "name": "btc-eth",
    "mode": "SIMULATED",
    "pairs": ["BTC/USDT", "ETH/USDT"],
    "stake": "50",
    "stake_currency": "USDT",
}


def build_agent() -> tuple[Agent[None, str], list[tuple[str, Any]]]:
    agent = Agent(OfflineModel("en"))
    made: list[tuple[str, Any]] = []

    @agent.tool_plain
    def create_bot(pairs: list[str], stake: float, name: str | None = None) -> dict[str, Any]:
        made.append(("create_bot", (pairs, stake, name)))
        return {"status": "done", "action": "create_bot", "bot": {**BOT, "state": "CREATED"}}

    @agent.tool_plain
    def start_bot(bot: str) -> dict[str, Any]:
        made.append(("start_bot", bot))
        return {"status": "done", "action": "start_bot", "bot": {**BOT, "state": "RUNNING"}}

    return agent, made


async def test_run_when_two_steps_are_asked_then_calls_both_and_tells_of_both() -> None:
    agent, made = build_agent()
    result = await agent.run(SAID)
    assert made == [("create_bot", (["BTC/USDT", "ETH/USDT"], 50.0, None)), ("start_bot", "btc-eth")]
    assert result.output == CREATED
    assert result.response.model_name == "offline"


async def test_run_when_the_talk_goes_on_then_it_is_the_bot_of_before() -> None:
    agent, made = build_agent()
    first = await agent.run("create a bot for BTC with 50 USDT")
    await agent.run("yes", message_history=first.all_messages())
    assert made[-1] == ("start_bot", "btc-eth")


async def test_run_stream_events_when_two_steps_are_asked_then_streams_calls_and_words() -> None:
    agent, _ = build_agent()
    called: list[str] = []
    words = ""
    output = ""
    async with agent.run_stream_events(SAID) as events:
        async for event in events:
            match event:
                case FunctionToolCallEvent():
                    called.append(event.part.tool_name)
                case (
                    PartStartEvent(part=TextPart(content=content))
                    | PartDeltaEvent(delta=TextPartDelta(content_delta=content))
                ):
                    words += content
                case AgentRunResultEvent():
                    output = event.result.output
    assert called == ["create_bot", "start_bot"]
    assert words == output == CREATED
