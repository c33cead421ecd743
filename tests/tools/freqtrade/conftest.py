"""The demo exchange and the process that holds Freqtrade's imports, once for all tests of running bots."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.tools.freqtrade.bots import ROOT, AVenue, Office, until
from tools.freqtrade.host import Host
from tools.freqtrade.link import Link
from tools.freqtrade.permit_door import PermitDoor
from tools.freqtrade.protocol import lock_holder, socket_path


@pytest.fixture(scope="session")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AVenue]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("exchange") / "log").open("wb")
    command = [sys.executable, "-m", "tools.exchange", "--port", str(port), "--source", "synthetic", "--seed", "7"]
    exchange = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    asyncio.run(until(lambda: answers(f"{url}/api/v3/ping"), within_s=60))
    yield AVenue("demo", url)
    exchange.terminate()
    exchange.wait(20)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).is_success
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="session")
def forkserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("forkserver")
    yield folder
    asyncio.run(Link(folder).end(20))
    assert lock_holder(folder) is None


FORKS = """
import os, sys
from pathlib import Path
from tools.freqtrade import forkserver
forkserver.preload = lambda: None
forkserver.run_bot = lambda request: os._exit(0)
sys.exit(forkserver.main(["--folder", sys.argv[1]]))
"""


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A forkserver without Freqtrade, whose bots end at once."""
    folder = tmp_path_factory.mktemp("forks")
    with subprocess.Popen([sys.executable, "-c", FORKS, str(folder)], cwd=ROOT) as server:
        asyncio.run(until(lambda: socket_path(folder).exists()))
        yield folder
        server.terminate()


@pytest.fixture
async def host(tmp_path: Path, forkserver: Path) -> AsyncIterator[Host]:
    host = Host(tmp_path, forkserver_folder=forkserver, start_timeout_s=120, stop_timeout_s=10)
    await host.open()
    await host.wait_until_warm(120)
    yield host
    await host.close()
    last = Host(tmp_path, forkserver_folder=forkserver, stop_timeout_s=10)
    await last.open()
    for bot_id in last.processes():
        await last.stop(bot_id)
    await last.close()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
async def door(tmp_path: Path, office: Office) -> AsyncIterator[PermitDoor]:
    opened = PermitDoor(tmp_path, office)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of a process that is to be confined, beside a file that is not its own."""
    made = tmp_path / "own"
    made.mkdir()
    (made / "known").write_text("mine")
    (tmp_path / "secret").write_text("key")
    (tmp_path / "secret").chmod(0o600)
    return made
