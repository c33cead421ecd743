"""The conversation in a terminal: what is printed, when, and how it ends."""

import asyncio
import io
import os
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any, cast

import pytest
import uvicorn
from rich.console import Console
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.terminal import client as client_module
from api.terminal.chat import Chat
from api.terminal.client import ApiClient, ApiError, Chunk
from tests.stack import REPOSITORY, free_port, wait_until

DIED = RuntimeError("the follower died")


class Written(io.StringIO):
    """A console's file that remembers each flush: what a prompt's redraw may come upon."""

    def __init__(self) -> None:
        super().__init__()
        self.flushed: list[str] = []

    def flush(self) -> None:
        self.flushed.append(self.getvalue())


class Scripted:
    """A client whose conversation is written beforehand; after each thing said comes the next turn."""

    def __init__(self, *turns: list[dict[str, Any]], ending: Exception | None = None) -> None:
        self._turns = list(turns)
        self._ending = ending
        self._chunks: asyncio.Queue[Chunk | Exception] = asyncio.Queue()
        self.said: list[str] = []

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        assert body is not None
        if body["text"] == "too long":
            raise ApiError("that is too long")
        self.said.append(body["text"])
        run_id = f"run{len(self.said)}"
        for content in self._turns.pop(0):
            self._chunks.put_nowait(Chunk(len(self.said), run_id, content))
        if self._ending:
            self._chunks.put_nowait(self._ending)
        return {"run_id": run_id}

    async def follow(self, conversation_id: str, after: int = 0) -> AsyncGenerator[Chunk]:
        while True:
            chunk = await self._chunks.get()
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk


def spoken(*deltas: str) -> list[dict[str, Any]]:
    text = [{"type": "text-delta", "id": "1", "delta": delta} for delta in deltas]
    return [{"type": "text-start", "id": "1"}, *text, {"type": "text-end", "id": "1"}, {"type": "finish"}]


def failing(text: str) -> list[dict[str, Any]]:
    return [{"type": "error", "errorText": text}, {"type": "finish"}]


def chat_on(client: Scripted) -> tuple[Chat, Written]:
    written = Written()
    console = Console(file=written, width=80, color_system=None)
    return Chat(cast("ApiClient", client), console, "en", "c"), written


async def typed(*lines: str, stays: bool = False) -> AsyncIterator[str]:
    for line in lines:
        yield line
        await asyncio.sleep(0.05)
    if stays:
        await asyncio.sleep(3600)


async def test_say_when_text_comes_in_pieces_then_each_is_printed_at_once_without_its_asterisks() -> None:
    chat, written = chat_on(Scripted(spoken("Created *", "*ada*", "* [/x]", " at once.")))
    assert await chat.say("create")
    assert written.getvalue() == "Created ada [/x] at once.\n"
    assert "Created " in written.flushed


async def test_say_each_when_lines_are_piped_then_each_is_answered_before_the_next_is_said() -> None:
    client = Scripted(spoken("One."), spoken("Two."))
    chat, written = chat_on(client)
    assert await chat.say_each(["list my bots\n", "\n", "what are my limits?\n"])
    assert client.said == ["list my bots", "what are my limits?"]
    assert written.getvalue() == "One.\nTwo.\n"


async def test_say_each_when_one_turn_fails_then_the_others_are_said_and_the_end_is_false() -> None:
    chat, written = chat_on(Scripted(failing("[/x] failed"), spoken("Two.")))
    assert not await chat.say_each(["one", "two"])
    assert written.getvalue() == "[/x] failed\nTwo.\n"


async def test_talk_when_text_comes_in_pieces_then_only_whole_lines_meet_the_prompt() -> None:
    chat, written = chat_on(Scripted(spoken("I did", " not *", "*understand*", "* that.\nTry", " help", ".")))
    assert await chat.talk(typed("hm"))
    assert written.getvalue() == "I did not understand that.\nTry help.\n"
    assert [text for text in written.flushed if text and not text.endswith("\n")] == []


async def test_talk_when_a_turn_breaks_off_within_a_line_then_the_line_is_printed_before_the_reason() -> None:
    cut = [{"type": "text-delta", "id": "1", "delta": "I was about"}, *failing("Cut off.")]
    chat, written = chat_on(Scripted(cut))
    assert await chat.talk(typed("hm"))
    assert written.getvalue() == "I was about\nCut off.\n"


async def test_talk_when_another_run_shows_a_card_within_a_line_then_the_line_is_not_broken() -> None:
    chat, written = chat_on(Scripted())
    await chat.talk(typed())
    chat.show(Chunk(1, "run1", {"type": "text-delta", "id": "1", "delta": "half a "}))
    chat.show(Chunk(2, "notice", {"type": "data-card", "id": "x", "data": {"kind": "from tomorrow"}}))
    chat.show(Chunk(3, "notice", {"type": "finish"}))
    chat.show(Chunk(4, "run1", {"type": "text-delta", "id": "1", "delta": "line"}))
    chat.show(Chunk(5, "run1", {"type": "text-end", "id": "1"}))
    assert written.getvalue() == "A card that this version cannot draw.\nhalf a line\n"


@pytest.mark.parametrize("ending", [DIED, ApiError("[/x] HTTP 401")], ids=["unforeseen", "told"])
async def test_talk_when_the_follower_dies_then_the_chat_ends_with_the_reason(ending: Exception) -> None:
    chat, written = chat_on(Scripted(spoken("One."), ending=ending))
    assert not await asyncio.wait_for(chat.talk(typed("one", stays=True)), 5)
    assert "One.\nThe conversation cannot be shown any further: " in written.getvalue()
    assert str(ending) in written.getvalue()


async def test_talk_when_one_message_is_not_taken_then_says_why_and_goes_on() -> None:
    chat, written = chat_on(Scripted(spoken("Fine.")))
    assert await chat.talk(typed("too long", "short"))
    assert written.getvalue() == "that is too long\nFine.\n"


async def test_follow_when_nothing_answers_any_more_then_gives_up_with_a_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client_module, "RETRY_S", 0.001)
    async with ApiClient(f"http://127.0.0.1:{free_port()}", "en") as client:
        with pytest.raises(ApiError, match="does not answer"):
            await asyncio.wait_for(anext(client.follow("c")), 10)


async def test_ask_when_the_server_is_not_ours_then_says_so(parrot: str) -> None:
    async with ApiClient(parrot, "en") as client:
        with pytest.raises(ApiError, match="is it Tradehelm"):
            await client.ask("GET", "/page")


@pytest.fixture
def parrot() -> Iterator[str]:
    """The address of an API that repeats what it is told; a turn with `fail` in it fails."""
    heard: list[str] = []

    async def take(request: Request) -> JSONResponse:
        heard.append((await request.json())["text"])
        return JSONResponse({"run_id": str(len(heard))}, 202)

    async def tell(request: Request) -> EventSourceResponse:
        async def events() -> AsyncIterator[dict[str, str]]:
            told = int(request.headers["last-event-id"])
            for seq, text in enumerate(heard, 1):
                chunks = failing(text) if "fail" in text else spoken(f"You said {text}")
                for part, chunk in enumerate(chunks):
                    if (number := seq * 100 + part) > told:
                        envelope = JSONResponse({"seq": number, "run_id": str(seq), "chunk": chunk}).body
                        yield {"data": bytes(envelope).decode()}
            await asyncio.sleep(3600)

        return EventSourceResponse(events())

    async def create(_: Request) -> JSONResponse:
        return JSONResponse({"id": "c"}, 201)

    async def page(_: Request) -> EventSourceResponse:
        return EventSourceResponse(iter(["<html>"]))

    routes = [
        Route("/api/conversations", create, methods=["POST"]),
        Route("/api/conversations/c/messages", take, methods=["POST"]),
        Route("/api/conversations/c/events", tell),
        Route("/page", page),
    ]
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_config=None))
    server.config.timeout_graceful_shutdown = 1
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, 10, "the parrot")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize(
    ("lines", "code", "answers"),
    [
        ("list my bots\nwhat are my limits?\n", 0, "You said list my bots\nYou said what are my limits?\n"),
        ("one\nplease fail\nthree", 1, "You said one\nplease fail\nYou said three\n"),
        ("", 0, ""),
    ],
)
def test_chat_when_lines_are_piped_then_each_is_answered(parrot: str, lines: str, code: int, answers: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "api.cli", "chat", "--url", parrot],
        cwd=REPOSITORY,
        env={**os.environ, "TRADEHELM_TOKEN": "a token"},
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (told.returncode, told.stdout) == (code, answers), told.stderr
