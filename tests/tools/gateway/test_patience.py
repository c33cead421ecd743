"""Connections that say half of something, and those that do not listen."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.server import ServerState

from tests.tools.gateway.processes import running
from tools.gateway import patience
from tools.gateway.patience import Owing, patient, raise_open_files

READY = "/gateway/health"
HALF = b"GET /gateway/health HTTP/1.1\r\nX: "
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
NOBODY = "http://127.0.0.1:1"


async def echo(request: Request) -> Response:
    return Response(b"x" * int(request.query_params.get("much", "2")) + await request.body())


@asynccontextmanager
async def serving(within_s: float = 0.3, most: int = 100) -> AsyncIterator[int]:
    """The protocol alone, with an application of nothing, on a free port."""
    app = Starlette(routes=[Route("/", echo, methods=["GET", "POST"])])
    config = uvicorn.Config(app, log_config=None, ws="none", http=patient(Owing(within_s, most)))
    config.load()
    state = ServerState()

    def make() -> asyncio.Protocol:
        return config.http_protocol_class(config=config, server_state=state, app_state={})  # type: ignore[call-arg]

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    assert not state.tasks


async def say(port: int, text: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text)
    await writer.drain()
    return reader, writer


async def hear_the_end(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other end closes."""
    heard = b""
    async with asyncio.timeout(5):
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65_536):
                heard += piece
    return heard


@pytest.mark.parametrize("text", [
    b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX: ",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
])  # fmt: skip
async def test_connection_when_its_request_is_not_said_to_the_end_then_it_is_closed(text: bytes) -> None:
    async with serving() as port:
        began = time.monotonic()
        reader, writer = await say(port, text)
        assert await hear_the_end(reader) == b""
        assert time.monotonic() - began >= 0.25
        writer.close()


async def test_connection_when_it_drips_then_that_gains_it_nothing() -> None:
    async with serving() as port:
        reader, writer = await say(port, b"GET / HTTP/1.1\r\nHost: x\r\n")
        began, ended = time.monotonic(), asyncio.create_task(hear_the_end(reader))
        while not ended.done():
            assert time.monotonic() - began < 3
            writer.write(b"X: y\r\n")
            await asyncio.wait([ended], timeout=0.05)
        writer.close()


async def test_connection_when_requests_come_after_a_while_then_each_is_answered() -> None:
    async with serving(within_s=0.4) as port:
        reader, writer = await say(port, b"")
        for _ in range(4):
            await asyncio.sleep(0.2)
            writer.write(WHOLE)
            async with asyncio.timeout(2):
                assert (await reader.readuntil(b"xx")).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_connection_when_a_half_request_follows_a_whole_one_then_the_whole_is_answered_before_it_is_closed() -> (
    None
):
    async with serving() as port:
        reader, writer = await say(port, WHOLE + b"GET / HT")
        assert (await hear_the_end(reader)).count(b"HTTP/1.1 200") == 1
        writer.close()


async def test_connections_when_too_many_owe_a_request_then_the_oldest_are_closed_first() -> None:
    async with serving(within_s=30, most=5) as port:
        said = [await say(port, b"GET / HT") for _ in range(8)]
        for reader, _ in said[:3]:
            assert await hear_the_end(reader) == b""
        for _, writer in said[3:]:
            writer.write(b"TP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        for reader, _ in said[3:]:
            assert (await hear_the_end(reader)).startswith(b"HTTP/1.1 200")
        for _, writer in said:
            writer.close()


async def test_connection_when_nobody_listens_to_the_answer_then_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEARD_WITHIN_S", 0.3)
    async with serving() as port:
        deaf = socket.create_connection(("127.0.0.1", port))
        deaf.sendall(b"GET /?much=30000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await asyncio.sleep(1)
        deaf.settimeout(0.2)
        heard = 0
        with contextlib.suppress(ConnectionError):
            while piece := deaf.recv(1 << 20):
                heard += len(piece)
        assert heard < 30_000_000
        deaf.close()


async def test_connection_when_a_long_answer_is_read_then_all_of_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEARD_WITHIN_S", 0.5)
    async with serving() as port, httpx.AsyncClient() as client:
        for _ in range(3):
            assert len((await client.get(f"http://127.0.0.1:{port}/?much=30000000")).content) == 30_000_000


def test_raise_open_files_when_there_are_few_then_as_many_as_may_be() -> None:
    asked = "import resource\nfrom tools.gateway.patience import raise_open_files\nraise_open_files(900)\n"
    asked += "print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    for hard, expected in ((500, "(500, 500)"), (2_000, "(900, 2000)")):
        limits = f'ulimit -Sn 200; ulimit -Hn {hard}; exec "$@"'
        command = ["bash", "-c", limits, "bash", sys.executable, "-c", asked]
        ended = subprocess.run(command, check=True, capture_output=True, text=True)
        assert ended.stdout.strip() == expected


@pytest.mark.integration
def test_gateway_when_more_connections_say_half_of_something_than_it_can_have_then_others_are_answered() -> None:
    raise_open_files()
    with running("tools.gateway", READY, "--upstream", NOBODY, files=1_024) as url, ExitStack() as open_ones:
        began = time.monotonic()
        address = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        for _ in range(1_100):
            said = open_ones.enter_context(socket.create_connection(address, 5))
            with contextlib.suppress(ConnectionError):
                said.sendall(HALF)
        assert httpx.get(f"{url}{READY}", timeout=5).status_code == 200
        newest = said
        newest.settimeout(20)
        with contextlib.suppress(ConnectionResetError):
            assert newest.recv(100) == b""
        assert 8 < time.monotonic() - began < 20
        assert httpx.get(f"{url}{READY}", timeout=5).status_code == 200
