"""Messages in, the next response out: pure but for the ids of the calls."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import get_args

from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart

from agent.offline.dialogue import Reply, take_turn
from agent.offline.memory import Memory
from agent.offline.requests import Verb
from agent.offline.turns import Turn, read_turns
from agent.words import Language, say

MODEL_NAME = "offline"
_REMEMBERED = 20
_VERBS: frozenset[str] = frozenset(get_args(Verb))


def interpret(messages: Sequence[ModelMessage], tool_names: Collection[str], language: Language) -> ModelResponse:
    """The next calls, or the words that end the turn. Calls only what is in `tool_names`."""
    turns = read_turns(messages)
    if not turns:
        return _response([TextPart(say(language, "offline.greeting"))])
    memory = Memory()
    for turn in turns[-_REMEMBERED - 1 : -1]:
        memory = _remember(turn, memory, language)
    outcome = take_turn(turns[-1].said, turns[-1].returned, memory, _VERBS & set(tool_names), language)
    if isinstance(outcome, Reply):
        return _response([TextPart(outcome.text)])
    return _response([ToolCallPart(call.verb, dict(call.args)) for call in outcome])


def _remember(turn: Turn, memory: Memory, language: Language) -> Memory:
    """What a turn left. A question or an offer stands only where it was really put to the person."""
    outcome = take_turn(turn.said, turn.returned, memory, _VERBS, language)
    if not isinstance(outcome, Reply):
        return replace(memory, focus=(), pending=None, offer=(), question="")
    left = outcome.memory
    if left.question and left.question not in turn.answered:
        return replace(left, pending=None, offer=(), question="")
    return left


def _response(parts: Sequence[TextPart | ToolCallPart]) -> ModelResponse:
    return ModelResponse(parts=list(parts), model_name=MODEL_NAME, provider_name=MODEL_NAME)
