"""`tradehelm chat`: says what a person types, prints what comes back as it comes."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout
from pydantic import ValidationError
from rich.console import Console

from agent.words import Language, say
from api.terminal.cards import render
from api.terminal.client import ApiClient, ApiError, Chunk
from api.terminal.commands import Commands
from api.terminal.plain import plain
from api.terminal.speech import Speech
from tools.cards import CARD


class Chat:
    """One conversation on a console."""

    def __init__(self, client: ApiClient, console: Console, language: Language, conversation_id: str) -> None:
        self._client = client
        self._console = console
        self._language = language
        self.conversation_id = conversation_id
        self._speech = Speech(console)
        self._commands = Commands(client, console, language)
        self._seen = 0
        self._failed: set[str] = set()

    async def say(self, text: str) -> bool:
        """Says one thing and prints its answer; False where the turn failed. A command is done and not said."""
        if await self._commands.run(text):
            return True
        run_id = await self._send(text)
        async with aclosing(self._client.follow(self.conversation_id, self._seen)) as chunks:
            async for chunk in chunks:
                self._seen = chunk.seq
                self.show(chunk)
                if chunk.run_id == run_id and chunk.content["type"] == "finish":
                    break
        return run_id not in self._failed

    async def say_each(self, lines: Iterable[str]) -> bool:
        """Says one line after the other, each when the one before is answered; False where a turn failed."""
        return all([await self.say(line.strip()) for line in lines if line.strip()])

    async def talk(self, lines: AsyncIterator[str]) -> bool:
        """Until the person leaves; trades of the conversation's bots are printed as they come.

        False where the conversation could no longer be followed: the person is told why.
        """
        self._speech = Speech(self._console, by_line=True)
        following, talking = asyncio.create_task(self._follow()), asyncio.create_task(self._send_each(lines))
        try:
            await asyncio.wait({following, talking}, return_when=asyncio.FIRST_COMPLETED)
            broken = following.exception() if following.done() else None
        finally:
            following.cancel()
            talking.cancel()
            await asyncio.gather(following, talking, return_exceptions=True)
        if broken is None:
            return talking.result()
        reason = str(broken) if isinstance(broken, ApiError) else repr(broken)
        self._console.print(plain(say(self._language, "chat.broken", reason=reason), "red"))
        return False

    def show(self, chunk: Chunk) -> None:
        """Prints a chunk, if there is something to see in it."""
        content = chunk.content
        match content["type"]:
            case "text-delta":
                self._speech.feed(chunk.run_id, content["delta"])
            case "text-end" | "finish":
                self._speech.end(chunk.run_id)
            case "tool-input-available":
                self._speech.make_way(chunk.run_id)
                self._console.print(plain(f"· {content['toolName']}", "dim"))
            case "data-card":
                self._speech.make_way(chunk.run_id)
                self._show_card(content["data"])
            case "error":
                self._speech.make_way(chunk.run_id)
                self._failed.add(chunk.run_id)
                self._console.print(plain(content["errorText"], "red"))

    def _show_card(self, data: Any) -> None:
        try:
            card = CARD.validate_python(data)
        except ValidationError:
            self._console.print(plain(say(self._language, "card.unknown"), "dim"))
            return
        self._console.print(render(card, self._language))
        self._commands.saw(card)

    async def _send(self, text: str) -> str:
        body = {"text": text, "language": self._language}
        answer = await self._client.ask("POST", f"/api/conversations/{self.conversation_id}/messages", body)
        return str(answer["run_id"])

    async def _send_each(self, lines: AsyncIterator[str]) -> bool:
        async for line in lines:
            if line.strip():
                try:
                    if not await self._commands.run(line):
                        await self._send(line)
                except ApiError as error:
                    self._console.print(plain(str(error), "red"))
        return True

    async def _follow(self) -> None:
        async with aclosing(self._client.follow(self.conversation_id, self._seen)) as chunks:
            async for chunk in chunks:
                self.show(chunk)


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


async def read_typed() -> AsyncIterator[str]:
    """What a person types at a prompt, until Ctrl+C or Ctrl+D; what is printed meanwhile appears above it."""
    session: PromptSession[str] = PromptSession("> ")
    with patch_stdout(raw=True):
        while True:
            try:
                yield await session.prompt_async()
            except (EOFError, KeyboardInterrupt):
                return
