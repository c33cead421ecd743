"""What the model sees of a conversation: its latest turns, and what cut a turn short."""

from dataclasses import dataclass, replace
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolReturnPart,
    UserPromptPart,
)
from sqlmodel import col, select

from tools.store.database import Store
from tools.store.tables import MessageRow

TURNS = 30


@dataclass(frozen=True)
class History:
    """What the model sees of a conversation."""

    messages: list[ModelMessage]
    """Of the last turns that ended, oldest first."""
    tainted: bool
    """Whether any of these turns has read text from outside."""


NOTHING = History([], tainted=False)


def dump_messages(messages: list[ModelMessage]) -> list[Any]:
    """A turn's messages as JSON, without the cards, which the event log holds."""
    dumped: list[Any] = ModelMessagesTypeAdapter.dump_python([_without_cards(one) for one in messages], mode="json")
    return dumped


def broken_turn(text: str, reason: str) -> list[ModelMessage]:
    """What the model is told of a turn that broke off: it may have acted, so it must look before it acts again."""
    note = f"[This turn broke off: {reason}. Some of its actions may have been done.]"
    return [ModelRequest(parts=[UserPromptPart(text)]), ModelResponse(parts=[TextPart(note)])]


def read_history(store: Store, conversation_id: str) -> History:
    """The last turns that ended."""
    query = (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id, col(MessageRow.model_messages).is_not(None))
        .order_by(col(MessageRow.created_at).desc())
        .limit(TURNS)
    )
    with store.session() as session:
        turns = [row for row in session.exec(query) if row.model_messages]
    messages = [
        one for turn in reversed(turns) for one in ModelMessagesTypeAdapter.validate_python(turn.model_messages)
    ]
    return History(messages, tainted=any(turn.tainted for turn in turns))


def _without_cards(message: ModelMessage) -> ModelMessage:
    if not isinstance(message, ModelRequest):
        return message
    parts = [replace(part, metadata=None) if isinstance(part, ToolReturnPart) else part for part in message.parts]
    return replace(message, parts=parts)
