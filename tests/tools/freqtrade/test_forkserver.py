"""The forkserver's protocol and its folder, without its imports and without a fork."""

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.freqtrade import protocol
from tools.freqtrade.forkserver import REQUEST_TIMEOUT_S, Forkserver, claim, listen
from tools.freqtrade.link import ForkserverError, Link
from tools.freqtrade.protocol import Start, lock_holder, minimal_environment, private_folder, socket_path


@pytest.fixture(scope="module")
def server():
    with socket.socket(socket.AF_UNIX) as listener, TemporaryFile() as lock:
        yield Forkserver(listener, lock.fileno())


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"nonsense\n",
        b"[]\n",
        b'{"op": "explode"}\n',
        b'{"op": "start"}\n',
        b'{"op": "start", "folder": "relative", "port": 8100}\n',
        b'{"op": "start", "folder": "/x", "port": 80}\n',
        b'{"op": "status", "more": 1}\n',
        b"\xff\xfe\n",
        b"[" * 60000,
    ],
)
def test_answer_when_the_request_is_bad_then_it_is_an_error(server, line):
    reply = server.answer(line)
    assert not reply.ok
    assert reply.error.startswith("bad request")


@given(st.binary(max_size=200))
def test_answer_when_anything_is_sent_then_it_does_not_crash(server, line):
    assert server.answer(line).pid == os.getpid()


def test_answer_when_status_then_there_are_no_children_yet(server):
    reply = server.answer(b'{"op": "status"}\n')
    assert (reply.ok, reply.children) == (True, ())


def test_socket_path_when_the_folder_is_near_then_it_is_in_it(tmp_path):
    assert socket_path(Path("/srv/tradehelm")) == Path("/srv/tradehelm/socket")


def test_socket_path_when_the_folder_is_deep_then_it_is_short_and_its_own(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    path = socket_path(deep)
    assert len(os.fsencode(path)) <= protocol.SOCKET_PATH_BYTES
    assert path != socket_path(deep / "other")
    assert path.parent.name == f"tradehelm-{os.getuid()}"


@pytest.mark.parametrize("deep", ["", "d" * 120])
def test_listen_when_called_then_only_this_user_can_connect(tmp_path, deep):
    folder = tmp_path / deep
    private_folder(folder)
    with listen(folder) as listener, socket.socket(socket.AF_UNIX) as caller:
        path = Path(listener.getsockname())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        caller.connect(str(path))
    path.unlink()


def test_private_folder_when_it_is_a_link_then_it_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(PermissionError):
        private_folder(tmp_path / "link")


def test_claim_when_another_holds_the_folder_then_it_is_not_given(tmp_path):
    first = claim(tmp_path)
    assert first is not None
    assert lock_holder(tmp_path) == os.getpid()
    assert claim(tmp_path) is None
    os.close(first)
    assert lock_holder(tmp_path) is None


def test_lock_holder_when_nobody_was_there_then_there_is_none(tmp_path):
    assert lock_holder(tmp_path / "nowhere") is None


def test_minimal_environment_when_keys_are_set_then_a_bot_does_not_see_them():
    given = {
        "PATH": "/bin",
        "OPENAI_API_KEY": "x",
        "FREQTRADE__DRY_RUN": "false",
        "HTTPS_PROXY": "p",
        "PYTHONPATH": "y",
    }
    assert minimal_environment(given).keys() - set(protocol.ONE_THREAD) == {"PATH", "HTTPS_PROXY"}


def test_import_when_the_host_is_used_then_freqtrade_is_not_imported():
    heavy = ("freqtrade", "ccxt", "talib", "pandas", "numpy")
    code = f"import sys, tools.freqtrade.host; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reply_when_written_then_it_is_one_line(server):
    text = server.answer(b'{"op": "status"}\n').model_dump_json()
    assert "\n" not in text
    assert json.loads(text)["ok"] is True


EARLIER = """
import fcntl, json, os, socket, sys
version, folder, path = sys.argv[1:]
lock = open(folder + "/lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
print(os.getpid(), file=lock, flush=True)
if os.path.exists(path):
    os.unlink(path)
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen()
while True:
    caller, _ = listener.accept()
    with caller:
        caller.recv(1000)
        reply = {"ok": True, "pid": os.getpid()} | ({"version": int(version)} if version else {})
        caller.sendall(json.dumps(reply).encode() + bytes([10]))
"""


@pytest.mark.parametrize("version", ["", "1"])
async def test_ready_when_a_forkserver_of_an_earlier_version_lives_then_it_is_replaced(tmp_path, monkeypatch, version):
    """Its bots would know nothing of the guard."""

    def spawn(number: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", EARLIER, number, str(tmp_path), str(socket_path(tmp_path))])

    link = Link(tmp_path)
    monkeypatch.setattr(link, "_spawn", lambda: spawn(str(protocol.VERSION)))
    with spawn(version) as earlier:
        while lock_holder(tmp_path) is None:
            await asyncio.sleep(0.01)
        reply = await link.ready(20)
        assert earlier.wait(5) == -signal.SIGKILL
    assert (reply.version, reply.pid) == (protocol.VERSION, lock_holder(tmp_path))
    await link.end(5)


def send(folder: Path, line: bytes, *keys: int) -> dict[str, Any]:
    """What a caller hears who shows these descriptors."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(10)
        caller.connect(str(socket_path(folder)))
        socket.send_fds(caller, [line], keys) if keys else caller.sendall(line)
        found: dict[str, Any] = json.loads(caller.recv(100_000))
        return found


def start_line(folder: Path) -> bytes:
    return Start(folder=str(folder), port=8100).model_dump_json().encode() + b"\n"


@pytest.mark.parametrize("shown", ["nothing", "another file", "a bare path", "the lock, to be read only"])
def test_request_when_it_does_not_show_the_key_then_it_has_no_effect(forks, tmp_path, shown):
    (tmp_path / "lock").write_text("1")
    keys = {
        "another file": (tmp_path / "lock", os.O_RDWR),
        "a bare path": (forks / "lock", os.O_PATH),
        "the lock, to be read only": (forks / "lock", os.O_RDONLY),
    }
    opened = [os.open(*keys[shown])] if shown in keys else []
    for line in (start_line(tmp_path), b'{"op": "status"}\n'):
        told = send(forks, line, *opened)
        assert (told["ok"], told["children"], "not shown" in told["error"]) == (False, [], True)
        assert told["version"] == protocol.VERSION
    for key in opened:
        os.close(key)
    assert str(tmp_path) not in {child.folder for child in asyncio.run(Link(forks).ready(10)).children}


@pytest.mark.parametrize("kind", ["link", "below a link", "file", "missing", "not its own name", "another's"])
async def test_start_when_the_folder_is_not_a_real_one_of_ours_then_nothing_is_forked(forks, tmp_path, kind):
    (tmp_path / "real" / "deep").mkdir(parents=True)
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    folder = {
        "link": tmp_path / "link",
        "below a link": tmp_path / "link" / "deep",
        "file": tmp_path / "file",
        "missing": tmp_path / "missing",
        "not its own name": tmp_path / "real" / ".." / "real",
        "another's": Path("/proc/1") if os.getuid() else tmp_path / "real",
    }[kind]
    if kind == "another's" and not os.getuid():
        os.chown(folder, 12345, -1)
    with pytest.raises(ForkserverError, match="is not a folder of this user, or a link leads to it"):
        await Link(forks).start(folder, 8100)
    assert str(folder) not in {child.folder for child in (await Link(forks).ready(10)).children}


async def test_start_when_the_key_is_shown_then_it_is_forked(forks, tmp_path):
    child = await Link(forks).start(tmp_path, 8100)
    assert child.folder == str(tmp_path)
    async with asyncio.timeout(20):
        while await Link(forks).exit_code(child.pid) is None:
            await asyncio.sleep(0.01)


async def test_start_when_others_only_stand_in_the_door_then_it_does_not_wait_for_them(forks, tmp_path):
    idle = []
    for _ in range(100):
        idle.append(socket.socket(socket.AF_UNIX))
        await asyncio.to_thread(idle[-1].connect, str(socket_path(forks)))
    began = time.monotonic()
    assert (await Link(forks).start(tmp_path, 8100)).pid
    assert time.monotonic() - began < REQUEST_TIMEOUT_S
    for caller in idle:
        caller.settimeout(10)
        assert await asyncio.to_thread(caller.recv, 1) == b""
        caller.close()


def test_claim_when_the_lock_is_a_link_then_it_is_refused(tmp_path):
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        claim(tmp_path)
    assert not (tmp_path / "elsewhere").exists()
