"""A conversation as turns: what was said, which calls were made, what they returned, what was answered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

Returned = Mapping[str, Any]


@dataclass
class Turn:
    """One message of a person and everything up to the next."""

    said: str
    calls: list[str] = field(default_factory=list)
    returns: dict[str, Returned] = field(default_factory=dict)
    answered: str = ""

    @property
    def returned(self) -> list[Returned]:
        """What came back, in the order of the calls, up to the first that did not."""
        found: list[Returned] = []
        for call in self.calls:
            if call not in self.returns:
                break
            found.append(self.returns[call])
        return found


def read_turns(messages: Sequence[ModelMessage]) -> list[Turn]:
    """The turns of a conversation, oldest first."""
    turns: list[Turn] = []
    for message in messages:
        if isinstance(message, ModelRequest):
            _read_request(message, turns)
        elif turns:
            _read_response(message, turns[-1])
    return turns


def _read_request(message: ModelRequest, turns: list[Turn]) -> None:
    """Returns that stand beside a new prompt belong to the turn before it."""
    prompts = [_words(part) for part in message.parts if isinstance(part, UserPromptPart)]
    for part in message.parts:
        if turns and isinstance(part, ToolReturnPart):
            turns[-1].returns[part.tool_call_id] = _value(part.content)
    if prompts:
        turns.append(Turn("\n".join(prompts)))


def _read_response(message: ModelResponse, turn: Turn) -> None:
    turn.calls.extend(part.tool_call_id for part in message.parts if isinstance(part, ToolCallPart))
    turn.answered += "".join(part.content for part in message.parts if isinstance(part, TextPart))


def _words(part: UserPromptPart) -> str:
    if isinstance(part.content, str):
        return part.content
    return "\n".join(item for item in part.content if isinstance(item, str))


def _value(content: Any) -> Returned:
    """What a verb returned; anything else is a call that failed, with what it says."""
    if isinstance(content, str) and content.startswith("{"):
        try:
            content = json.loads(content)
        except ValueError:
            return {"status": "failed", "detail": content}
    return content if isinstance(content, Mapping) else {"status": "failed", "detail": str(content)}
