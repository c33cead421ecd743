"""`tradehelm demo`: the main job, seen without a browser, in a folder of its own that is gone afterwards."""

import asyncio
import socket
import tempfile
import time
from contextlib import ExitStack, aclosing
from pathlib import Path

from rich.console import Console

from agent.words import Language, say
from api.auth import owner_password
from api.settings import Settings
from api.stack import Stack
from api.terminal.chat import Chat, open_chat
from api.terminal.client import ApiClient

DEMO_TIMEOUT_S = 1800.0


def run_demo(settings: Settings, console: Console, language: Language) -> bool:
    """Says the sentence, shows what comes until a trade has closed, stops everything; False where none closed."""
    with tempfile.TemporaryDirectory(prefix="tradehelm-demo-") as folder:
        changes = {"data_dir": Path(folder), "venue": "demo", "model": "offline", **_free_ports()}
        own = settings.model_copy(update=changes)
        stack = Stack(own)
        try:
            console.print(say(language, "demo.starting", folder=folder), style="dim")
            stack.up()
            return asyncio.run(_say_and_watch(own, console, language))
        finally:
            console.print(say(language, "demo.stopping"), style="dim")
            stack.down()


async def _say_and_watch(settings: Settings, console: Console, language: Language) -> bool:
    async with ApiClient(settings.url, language) as client:
        await client.sign_in(owner_password(settings))
        chat = await open_chat(client, console, language)
        sentence = say(language, "demo.sentence")
        console.print(f"> {sentence}", style="bold", highlight=False)
        if not await chat.say(sentence):
            return False
        started = time.monotonic()
        console.print(say(language, "demo.waiting"), style="dim")
        try:
            async with asyncio.timeout(DEMO_TIMEOUT_S):
                await _show_trades(client, chat)
        except TimeoutError:
            console.print(say(language, "demo.none", minutes=f"{DEMO_TIMEOUT_S / 60:.0f}"))
            return False
        console.print(say(language, "demo.closed", seconds=f"{time.monotonic() - started:.0f}"))
        return True


async def _show_trades(client: ApiClient, chat: Chat) -> None:
    """Each trade as it opens, up to the first that closes."""
    async with aclosing(client.follow(chat.conversation_id)) as chunks:
        async for chunk in chunks:
            card = chunk.content.get("data", {})
            if card.get("kind") == "trade":
                chat.show(chunk)
                if not card["trade"]["is_open"]:
                    return


def _free_ports() -> dict[str, int]:
    with ExitStack() as open_until_all_are_found:
        ports = {}
        for name in ("port", "gateway_port", "exchange_port"):
            one = open_until_all_are_found.enter_context(socket.socket())
            one.bind(("127.0.0.1", 0))
            ports[name] = one.getsockname()[1]
        return ports
