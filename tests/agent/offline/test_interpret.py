"""What holds for any message: no error, no call beyond the tools, and an answer in time."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_ai.messages import (
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from agent.offline.interpret import interpret
from agent.offline.phrases import phrases
from agent.offline.requests import READS
from agent.words import Language
from tests.agent.offline.conftest import VERBS

LANGUAGES: tuple[Language, ...] = ("en", "pt-BR")

known_words = st.sampled_from([" ".join(words) for words in phrases()])
OTHER_WORDS = ("alpha", "beta", "BTC", "eth/usdt", "50", "3%", "5m", "1.000,50", "-5", "usdt", "US$", "não")
SIGNS = ("?", ".", ",", ":", '"', "'", "&", "=", "$", "\n")
other_words = st.sampled_from((*OTHER_WORDS, *SIGNS))
sentences = st.lists(known_words | other_words, max_size=14).map(" ".join)
texts = st.text(max_size=300) | sentences
languages = st.sampled_from(LANGUAGES)


def said(text: str) -> list[Any]:
    return [ModelRequest(parts=[UserPromptPart(text)])]


def calls(response: ModelResponse) -> list[ToolCallPart]:
    return [part for part in response.parts if isinstance(part, ToolCallPart)]


@given(texts, languages, st.sets(st.sampled_from(VERBS)))
@settings(max_examples=600, deadline=None)
def test_interpret_when_anything_is_said_then_answers_with_known_tools_only(
    text: str, language: Language, tools: set[str]
) -> None:
    response = interpret(said(text), tools, language)
    assert response.parts
    assert {call.tool_name for call in calls(response)} <= tools
    assert all(part.content for part in response.parts if isinstance(part, TextPart))


@given(
    st.lists(sentences, min_size=1, max_size=5),
    languages,
    st.sampled_from(["done", "refused", "problem", "odd", "text"]),
)
@settings(max_examples=300, deadline=None)
def test_interpret_when_verbs_return_anything_then_every_turn_ends(
    spoken: list[str], language: Language, outcome: str
) -> None:
    messages: list[Any] = []
    for text in spoken:
        messages += said(text)
        for _ in range(40):
            response = interpret(messages, VERBS, language)
            messages.append(response)
            if not calls(response):
                break
            returns = [ToolReturnPart(call.tool_name, returned(outcome), call.tool_call_id) for call in calls(response)]
            messages.append(ModelRequest(parts=returns))
        else:
            raise AssertionError(f"no end to {text!r}")


def returned(outcome: str) -> Any:
    bot = {"name": "alpha", "state": "RUNNING", "pairs": ["BTC/USDT"], "stake": "50"}
    return {
        "done": {"status": "done", "bot": bot, "bots": [bot, {**bot, "name": "beta"}]},
        "refused": {
            "status": "refused",
            "rule": "trade_size",
            "numbers": {"asked": "500", "max": "100", "currency": "USDT"},
        },
        "problem": {"status": "problem", "problem": "unknown_bot", "numbers": {"bot": "x", "known": "alpha"}},
        "odd": {"status": "new kind", "bot": None, "bots": [], "trades": None},
        "text": "not what was expected",
    }[outcome]


@pytest.mark.parametrize("language", LANGUAGES)
def test_interpret_when_no_verb_is_there_then_only_speaks(language: Language) -> None:
    for text in ("stop all bots", "pare o alpha", "create a bot for BTC with 50 USDT", "status"):
        assert not calls(interpret(said(text), (), language))


def test_interpret_when_only_reading_verbs_are_there_then_says_that_it_may_not(build_world: Callable[..., Any]) -> None:
    world = build_world("en", tools=READS)
    made, text = world.say("stop alpha")
    assert (made, text) == ([], "“Stop bot” is not available to you here.")


HUGE = {
    "letters": "a" * 10**6,
    "commands": "stop all bots " * 70_000,
    "quotes": '"' * 10**6,
    "fences": "```" * 300_000,
    "quoted lines": ">\n" * 500_000,
    "numbers": "1," * 500_000,
    "hyphens": "-a" * 500_000,
    "apostrophes": "a'" * 500_000,
    "spaces": " " * 10**6,
    "just below the limit": ("don't if when stop 'a " * 100)[:1999],
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_interpret_when_a_message_is_huge_then_answers_fast_and_does_nothing(text: str) -> None:
    began = time.perf_counter()
    response = interpret(said(text), VERBS, "en")
    assert time.perf_counter() - began < 0.5
    assert not calls(response)


def test_interpret_when_a_sentence_is_ordinary_then_takes_less_than_ten_milliseconds() -> None:
    text = "Create a bot for BTC/USDT and ETH/USDT with 50 USDT per trade, 3% stop loss, and start it"
    interpret(said(text), VERBS, "en")
    took = []
    for spaces in range(20):
        began = time.perf_counter()
        interpret(said(text + " " * spaces), VERBS, "en")
        took.append(time.perf_counter() - began)
    assert sorted(took)[10] < 0.010


def test_interpret_when_nothing_was_said_then_greets() -> None:
    assert interpret([], VERBS, "en").parts
    assert interpret([ModelRequest(parts=[])], VERBS, "pt-BR").parts


def test_interpret_when_a_call_was_repaired_then_the_new_prompt_counts() -> None:
    messages = [
        *said("stop alpha"),
        ModelResponse(parts=[ToolCallPart("stop_bot", {"bot": "alpha"}, "one")]),
        ModelRequest(parts=[ToolReturnPart("stop_bot", "interrupted", "one"), UserPromptPart("start beta")]),
    ]
    assert [(call.tool_name, call.args) for call in calls(interpret(messages, VERBS, "en"))] == [
        ("start_bot", {"bot": "beta"})
    ]


def test_interpret_when_a_verb_asks_for_a_retry_then_tells_it_and_ends() -> None:
    messages = [
        *said("stop alpha"),
        ModelResponse(parts=[ToolCallPart("stop_bot", {"bot": "alpha"}, "one")]),
        ModelRequest(parts=[ToolReturnPart("stop_bot", "cannot do", "one", outcome="retried")]),
    ]
    response = interpret(messages, VERBS, "en")
    assert not calls(response)
    assert "cannot do" in str(response.parts[0])


def test_interpret_when_another_model_spoke_before_then_yes_accepts_nothing() -> None:
    messages = [
        *said("delete all bots"),
        ModelResponse(parts=[TextPart("I would rather not. Is there anything else?")]),
        *said("yes"),
    ]
    assert not calls(interpret(messages, VERBS, "en"))
