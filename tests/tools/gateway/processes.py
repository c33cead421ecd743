"""Real processes for tests, and a line between them that counts."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx

START_TIMEOUT_S = 20


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_until_it_answers(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url).raise_for_status()
            return
        time.sleep(0.02)
    raise AssertionError(f"{url} did not answer; exit status {process.poll()}")


@contextmanager
def running(module: str, ready: str, *words: str, port: int | None = None, files: int | None = None) -> Iterator[str]:
    """A server of ours on a free port; gives its address when `ready` is answered there. `files` is how many it may
    have open."""
    port = port or free_port()
    within = ["bash", "-c", f'ulimit -n {files}; exec "$@"', "bash"] if files else []
    process = subprocess.Popen([*within, sys.executable, "-m", module, "--port", str(port), *words])
    try:
        wait_until_it_answers(process, f"http://127.0.0.1:{port}{ready}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(START_TIMEOUT_S)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.gateway", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=START_TIMEOUT_S)


def send_raw(url: str, text: bytes) -> bytes:
    """What is answered to these very bytes."""
    with socket.create_connection((urlsplit(url).hostname or "", urlsplit(url).port or 0)) as connection:
        connection.sendall(text)
        connection.settimeout(5)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


class CountingLine:
    """Forwards bytes to an exchange on a thread of its own, and keeps the first line of every request."""

    def __init__(self, port: int) -> None:
        self.requests: list[str] = []
        self._target = port
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def count(self, *parts: str) -> int:
        """Requests whose first line has all the parts."""
        return sum(all(part in line for part in parts) for line in list(self.requests))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(self._pump(reader, ours, counted=True), self._pump(theirs, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool = False) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if counted:
                    lines = data.decode("latin-1").split("\r\n")
                    self.requests += [line for line in lines if line.startswith("GET /")]
                writer.write(data)
                await writer.drain()
        writer.close()
