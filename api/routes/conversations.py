"""Conversations: a message is taken at once and answered over the conversation's stream."""

from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field
from sqlmodel import col, select

from agent.words import Language
from api.auth import Operator, Reader
from api.routes import Deps
from tools.errors import Problem
from tools.store.tables import ConversationRow

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

MESSAGE = 8000


class NewConversation(BaseModel):
    language: Language | None = None


class ConversationView(BaseModel):
    id: str
    title: str
    language: Language
    created_at: datetime
    updated_at: datetime


def _written(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("half a character")
    return text


class NewMessage(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=MESSAGE, pattern=r"\S"), AfterValidator(_written)]
    language: Language | None = None


class RunView(BaseModel):
    run_id: str


@router.post("", status_code=201)
async def create_conversation(body: NewConversation, _: Operator, services: Deps) -> ConversationView:
    row = ConversationRow(id=uuid4().hex, language=body.language or services.settings.language)
    with services.store.session() as session:
        session.add(row)
        session.commit()
    return _view(row)


@router.get("")
async def read_conversations(_: Reader, services: Deps) -> list[ConversationView]:
    """The hundred that were spoken in last, newest first."""
    query = select(ConversationRow).order_by(col(ConversationRow.updated_at).desc()).limit(100)
    with services.store.session() as session:
        return [_view(row) for row in session.exec(query)]


@router.get("/{conversation_id}")
async def read_conversation(conversation_id: str, _: Reader, services: Deps) -> ConversationView:
    return _view(find_conversation(conversation_id, services))


@router.post("/{conversation_id}/messages", status_code=202)
async def send_message(conversation_id: str, body: NewMessage, caller: Operator, services: Deps) -> RunView:
    """Takes a message; its answer comes over the stream, whoever is watching."""
    row = find_conversation(conversation_id, services)
    actor = caller.actor(conversation_id).model_copy(update={"agent": True})
    return RunView(run_id=services.turns.take(row, body.text, body.language or row.language, actor))  # type: ignore[arg-type]


@router.post("/{conversation_id}/runs/{run_id}/cancel", status_code=202)
async def cancel_run(conversation_id: str, run_id: str, _: Operator, services: Deps) -> RunView:
    """Breaks a turn off; what it has begun to do is still finished."""
    find_conversation(conversation_id, services)
    if not services.turns.cancel(conversation_id, run_id):
        raise Problem("not_found", 404, what=f"run {run_id}")
    return RunView(run_id=run_id)


def find_conversation(conversation_id: str, services: Deps) -> ConversationRow:
    with services.store.session() as session:
        row = session.get(ConversationRow, conversation_id)
    if row is None:
        raise Problem("not_found", 404, what=f"conversation {conversation_id}")
    return row


def _view(row: ConversationRow) -> ConversationView:
    return ConversationView.model_validate(row.model_dump())
