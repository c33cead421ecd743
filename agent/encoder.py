"""Pydantic AI's events as AI SDK chunks, with our cards behind the tool results that brought them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic_ai import FunctionToolResultEvent
from pydantic_ai.exceptions import RunCancelled
from pydantic_ai.ui.vercel_ai import VercelAIEventStream
from pydantic_ai.ui.vercel_ai.response_types import BaseChunk, DataChunk, DoneChunk, ErrorChunk

from agent.events import id_of
from tools.cards import CARD
from tools.verbs import Hands

SDK_VERSION: Final = 6
_JSON: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


@dataclass
class Encoder(VercelAIEventStream[Hands, str]):
    """Encodes one run. An error becomes no chunk but stays in `error`: whoever owns the run says it in words."""

    error: Exception | None = field(default=None, init=False)

    async def on_error(self, error: Exception) -> AsyncIterator[BaseChunk]:
        self.error = error
        async for chunk in super().on_error(error):
            if not isinstance(chunk, ErrorChunk):
                yield chunk

    async def on_cancelled(self, cancelled: RunCancelled) -> AsyncIterator[BaseChunk]:
        """Reached when the run's time is up."""
        self.error = cancelled
        return
        yield

    async def handle_function_tool_result(self, event: FunctionToolResultEvent) -> AsyncIterator[BaseChunk]:
        async for chunk in super().handle_function_tool_result(event):
            yield chunk
        for index, card in enumerate(getattr(event.part, "metadata", None) or ()):
            own_id = id_of(card, str(self.server_message_id)) or f"{event.part.tool_call_id}-{index}"
            yield DataChunk(type="data-card", id=own_id, data=CARD.dump_python(card, mode="json"))

    async def after_stream(self) -> AsyncIterator[BaseChunk]:
        """Without the marker that ends AI SDK's own HTTP stream: this stream goes on with the next run."""
        async for chunk in super().after_stream():
            if not isinstance(chunk, DoneChunk):
                yield chunk


def as_json(chunk: BaseChunk) -> dict[str, Any]:
    """A chunk as it goes on the wire."""
    return _JSON.validate_json(chunk.encode(SDK_VERSION))
