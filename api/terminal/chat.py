"""`tradehelm chat`: says what a person types, prints what comes back as it comes."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout
from pydantic import ValidationError
from rich.console import Console

from agent.words import Language, say
from api.terminal.cards import render
from api.terminal.client import ApiClient, ApiError, Chunk
from tools.cards import CARD


class Chat:
    """One conversation on a console."""

    def __init__(self, client: ApiClient, console: Console, language: Language, conversation_id: str) -> None:
        self._client = client
        self._console = console
        self._language = language
        self.conversation_id = conversation_id
        self._seen = 0
        self._failed = False

    async def say(self, text: str) -> bool:
        """Says one thing and prints its answer; False where the turn failed."""
        run_id = await self._send(text)
        self._failed = False
        async with aclosing(self._client.follow(self.conversation_id, self._seen)) as chunks:
            async for chunk in chunks:
                self._seen = chunk.seq
                self.show(chunk)
                if chunk.run_id == run_id and chunk.content["type"] == "finish":
                    break
        return not self._failed

    async def talk(self) -> None:
        """Until the person leaves; trades of the conversation's bots are printed as they come."""
        following = asyncio.create_task(self._follow())
        try:
            async for line in _lines():
                if line.strip():
                    await self._send(line)
        finally:
            following.cancel()

    def show(self, chunk: Chunk) -> None:
        """Prints a chunk, if there is something to see in it."""
        content = chunk.content
        match content["type"]:
            case "text-delta":
                self._console.print(content["delta"], end="", markup=False, highlight=False, soft_wrap=True)
            case "text-end":
                self._console.print()
            case "tool-input-available":
                self._console.print(f"· {content['toolName']}", style="dim")
            case "data-card":
                self._show_card(content["data"])
            case "error":
                self._failed = True
                self._console.print(content["errorText"], style="red", markup=False)

    def _show_card(self, data: object) -> None:
        try:
            self._console.print(render(CARD.validate_python(data), self._language))
        except ValidationError:
            self._console.print(say(self._language, "card.unknown"), style="dim")

    async def _send(self, text: str) -> str:
        body = {"text": text, "language": self._language}
        answer = await self._client.ask("POST", f"/api/conversations/{self.conversation_id}/messages", body)
        return str(answer["run_id"])

    async def _follow(self) -> None:
        try:
            async for chunk in self._client.follow(self.conversation_id, self._seen):
                self.show(chunk)
        except ApiError as error:
            self._console.print(str(error), style="red", markup=False)


async def open_chat(
    client: ApiClient, console: Console, language: Language, conversation_id: str | None = None
) -> Chat:
    """A new conversation, or one that there is. Raises `ApiError`."""
    if conversation_id is None:
        created = await client.ask("POST", "/api/conversations", {"language": language})
        conversation_id = str(created["id"])
    else:
        await client.ask("GET", f"/api/conversations/{conversation_id}")
    return Chat(client, console, language, conversation_id)


async def _lines() -> AsyncIterator[str]:
    if not sys.stdin.isatty():
        for line in sys.stdin:
            yield line
        return
    session: PromptSession[str] = PromptSession("> ")
    with patch_stdout(raw=True):
        while True:
            try:
                yield await session.prompt_async()
            except (EOFError, KeyboardInterrupt):
                return
