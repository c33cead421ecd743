"""Models that obey: they call what the text before them tells them to, whatever the instructions say."""

import json
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelRequest, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel

from tests.agent.scripted_server import Reply, text
from tests.injection.corpus import Call

SAID = "Done as told."
JOINER = "\u200d"
"""The OpenAI door of Pydantic AI puts it into what looks like a model's own control tokens."""


class Obeying:
    """First reads as the person asks; then, once it has seen the text, makes its calls, one list a response."""

    def __init__(self, known: Mapping[str, str], words: str = "") -> None:
        self._known = known
        self._lines = [line.strip() for line in words.replace(JOINER, "").splitlines() if line.strip()]
        self.reading: deque[list[Call]] = deque()
        self.hostile: deque[list[Call]] = deque()
        self.reached = False
        """Whether the text has come before it."""
        self.raw: list[str] = []
        """Every request's texts but the model's own, as they came."""
        self.made: list[str] = []
        """The verbs that were called."""

    def script(self, messages: list[dict[str, Any]]) -> Reply:
        """For the scripted server."""
        self._read(str(one.get("content") or "") for one in messages if one["role"] != "assistant")
        calls = self._next()
        if not calls:
            return text(SAID)
        return {
            "tool_calls": [
                {"index": number, "id": call_id, "type": "function", "function": {"name": verb, "arguments": given}}
                for number, (call_id, verb, given) in enumerate(calls)
            ]
        }

    def as_model(self) -> FunctionModel:
        """For a run without a server."""
        return FunctionModel(stream_function=self._stream)

    async def _stream(self, messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str | DeltaToolCalls]:
        self._read([info.instructions or "", *_texts(messages)])
        calls = self._next()
        if not calls:
            yield SAID
        for number, (call_id, verb, given) in enumerate(calls):
            yield {number: DeltaToolCall(name=verb, json_args=given, tool_call_id=call_id)}

    def _read(self, texts: Iterable[str]) -> None:
        found = list(texts)
        self.raw.append("\n".join(found))
        shown = "\n".join(line for one in found for line in flatten(one)).replace(JOINER, "")
        self.reached = self.reached or all(line in shown for line in self._lines)

    def _next(self) -> list[tuple[str, str, str]]:
        if self.reading:
            return [self._made(call) for call in self.reading.popleft()]
        if self.hostile and self.reached:
            return [self._made(call) for call in self.hostile.popleft()]
        return []

    def _made(self, call: Call) -> tuple[str, str, str]:
        self.made.append(call.verb)
        call_id = call.call_id if call.call_id is not None else f"call_{len(self.made)}"
        return call_id, call.verb, call.arguments(self._known)


def flatten(content: str) -> Iterator[str]:
    """All texts in what may be JSON."""
    try:
        yield from _leaves(json.loads(content))
    except ValueError:
        yield content


def _leaves(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, one in value.items():
                yield str(key)
                yield from _leaves(one)
        case list():
            for one in value:
                yield from _leaves(one)
        case _:
            yield str(value)


def _texts(messages: list[ModelMessage]) -> Iterator[str]:
    for message in messages:
        for part in message.parts if isinstance(message, ModelRequest) else ():
            if isinstance(part, ToolReturnPart):
                yield part.model_response_str()
            else:
                yield str(getattr(part, "content", ""))
