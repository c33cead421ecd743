"""A confined process opens what is its own, and nothing of anybody else's."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.freqtrade.confine import read_version
from tools.freqtrade.protocol import socket_path

pytestmark = pytest.mark.skipif(not read_version(), reason="this kernel cannot confine a process")
ROOT = Path(__file__).parents[3]
BEGIN = """
import sys, os
from pathlib import Path
from tools.freqtrade.confine import confine
own = Path(sys.argv[1])
assert confine((own,), (Path("tools").resolve(),))
"""


def run(code: str, own: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BEGIN + code, str(own), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_confine_when_done_then_its_own_can_be_read_written_renamed_and_removed(own: Path) -> None:
    done = run(
        """
assert (own / "known").read_text() == "mine"
(own / "deep").mkdir(); (own / "deep" / "new").write_text("1")
(own / "deep" / "new").rename(own / "moved"); (own / "moved").write_text(""); (own / "moved").unlink()
import sqlite3, ssl, json, decimal, socket, tempfile
sqlite3.connect(own / "one.sqlite").execute("CREATE TABLE a (b)")
open("/dev/null", "w").write("x"); os.urandom(8); ssl.create_default_context()
""",
        own,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "deed",
    [
        "open(own.parent / 'secret').read()",
        "os.listdir(own.parent)",
        "open(own.parent / 'new', 'w')",
        "os.symlink(own.parent / 'secret', own / 'link'); open(own / 'link').read()",
        "os.link(own.parent / 'secret', own / 'link')",
        "os.rename(own.parent / 'secret', own / 'taken')",
        "os.unlink(own.parent / 'secret')",
        "os.system('cat ' + str(own.parent / 'secret')) and 1 / 0",
        "open('pyproject.toml').read()",
        "open('tools/own', 'w')",
    ],
)
def test_confine_when_it_reaches_for_what_is_not_its_own_then_it_cannot(own: Path, deed: str) -> None:
    done = run(deed, own)
    assert done.returncode != 0
    assert "PermissionError" in done.stderr or "ZeroDivisionError" in done.stderr or "cross-device" in done.stderr
    assert (own.parent / "secret").read_text() == "key"
    assert not (own.parent / "new").exists()


DEVICES = """
for name in ("null", "zero", "full", "urandom", "random"):
    open("/dev/" + name, "rb").close()
others = [path for path in Path("/sys/class/block").iterdir()] + [Path("mem"), Path("kmsg"), Path("tty"), Path("fuse")]
opened = []
for path in others:
    try:
        opened.append(open("/dev/" + path.name, "rb"))
    except OSError:
        pass
assert not opened, opened
for path in ("/dev", "/dev/shm"):
    try:
        os.listdir(path)
    except PermissionError:
        continue
    raise AssertionError(path)
"""


def test_confine_when_it_reaches_for_devices_then_only_those_that_hold_nothing_open(own: Path) -> None:
    done = run(DEVICES, own)
    assert (done.returncode, done.stderr) == (0, "")


BOTS_OWN = BEGIN.replace("confine((own,), (", "confine((own / 'own',), (own, ")


@pytest.fixture
def bots(tmp_path: Path) -> Path:
    """A bot's folder as it is when its process is confined, beside another's."""
    made = tmp_path / "bots" / "one"
    (made / "own").mkdir(parents=True)
    (made / "strategies").mkdir()
    (made / "strategies" / "A.py").write_text("product")
    for name in ("bot.log", "process.json", "process.lock", "rest.json", "guard.json", "config.json"):
        (made / name).write_text("product")
    (tmp_path / "bots" / "two").mkdir()
    return made


@pytest.mark.parametrize(
    "deed",
    [
        "(own / 'process.json').write_text('{}')",
        "os.truncate(own / 'rest.json', 0)",
        "(own / 'bot.log').open('a')",
        "open('/proc/self/fd/9', 'w')",
        "(own / 'process.json').unlink()",
        "(own / 'bot.log').rename(own / 'own' / 'bot.log')",
        "os.link(own / 'process.json', own / 'own' / 'process.json')",
        "(own / 'own' / 'new').write_text(''); (own / 'own' / 'new').rename(own / 'process.json')",
        "(own / 'own' / 'new').write_text(''); os.link(own / 'own' / 'new', own / 'new')",
        "os.symlink(own.parent.parent / 'secret', own / 'link')",
        "os.mkfifo(own / 'pipe')",
        "(own / 'folder').mkdir()",
        "(own / 'own').rename(own / 'gone')",
        "(own / 'own').rmdir()",
        "own.rename(own.parent / 'three')",
        "own.rename(own.parent / 'two')",
        "os.symlink('/etc', own.parent / 'three')",
        "(own / 'strategies' / 'A.py').write_text('')",
        "(own / 'strategies' / 'B.py').write_text('')",
        "(own / 'strategies').rename(own / 'own' / 'strategies')",
        "os.symlink(own / 'process.json', own / 'own' / 'link'); (own / 'own' / 'link').write_text('')",
        "import socket; socket.socket(socket.AF_UNIX).bind(str(own / 'door'))",
    ],
)
def test_confine_when_a_bot_reaches_for_what_is_the_products_in_its_folder_then_it_reads_only(
    bots: Path, deed: str
) -> None:
    def photograph() -> dict[Path, str | None]:
        own = bots / "own"
        found = [path for path in bots.parent.rglob("*") if own not in path.parents]
        return {path: path.read_text() if path.is_file() else None for path in found}

    before = photograph()
    code = BOTS_OWN + "assert (own / 'process.json').read_text() == 'product'; (own / 'own' / 'mine').write_text('')\n"
    opens = "fd = os.open(own / 'bot.log', os.O_RDONLY); os.dup2(fd, 9)\n"
    command = [sys.executable, "-c", code + opens + deed, str(bots)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "PermissionError" in done.stderr or "cross-device" in done.stderr, done.stderr
    assert (bots / "own" / "mine").exists()
    assert photograph() == before


def test_confine_when_its_log_was_opened_before_then_it_is_written_and_cut_all_the_same(bots: Path) -> None:
    opens = "import os, sys; log = os.open(sys.argv[1] + '/bot.log', os.O_APPEND | os.O_RDWR); os.dup2(log, 2)\n"
    logs = """
import logging
from tools.freqtrade import botlog
botlog.MOST_BYTES, botlog.KEPT_BYTES = 1000, 500
logging.getLogger().addHandler(botlog.BotLog())
for number in range(200):
    logging.warning("line %s", number)
"""
    command = [sys.executable, "-c", opens + BOTS_OWN + logs, str(bots)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    lines = (bots / "bot.log").read_text().splitlines()
    assert (done.returncode, lines[-1], len(lines) < 150) == (0, "line 199", True)


KNOCK = """
import json, socket
def knock(path, *keys):
    for more in ({}, {"token": "x" * 43}, {"key": 3}):
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(10)
            caller.connect(path)
            line = json.dumps({"op": "start", "folder": str(own), "port": 8100} | more).encode() + bytes([10])
            socket.send_fds(caller, [line], list(keys)) if keys else caller.sendall(line)
            assert json.loads(caller.recv(10_000))["ok"] is False
    return True
lock = sys.argv[3] + "/lock"
assert knock(sys.argv[2])
assert knock(sys.argv[2], os.open(lock, os.O_PATH))
assert knock(sys.argv[2], os.open(own / "known", os.O_RDWR))
for flags in (os.O_RDWR, os.O_RDONLY):
    try:
        os.open(lock, flags)
    except PermissionError:
        continue
    raise AssertionError("the key could be opened")
"""


def test_confine_when_it_asks_the_forkserver_for_a_process_then_it_is_refused(own: Path, forks: Path) -> None:
    done = run(KNOCK, own, str(socket_path(forks)), str(forks))
    assert (done.returncode, done.stderr) == (0, "")
    assert not list(own.glob("bot.log"))


def test_confine_when_another_process_of_the_user_has_the_key_then_it_cannot_be_looked_into_or_ended(own: Path) -> None:
    other = subprocess.Popen(["sleep", "60"], env={**os.environ, "KEY": "canary"})
    try:
        for deed in (f"open('/proc/{other.pid}/environ').read()", f"open('/proc/{other.pid}/mem', 'rb').read(1)"):
            assert "PermissionError" in run(deed, own).stderr
        assert "PermissionError" in run(f"os.kill({other.pid}, {int(signal.SIGTERM)})", own).stderr
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("is_there", [True, False])
def test_confine_when_the_secrets_lie_where_every_program_may_read_then_no_bot_starts(
    tmp_path: Path, is_there: bool
) -> None:
    """As in a data folder below one of the system's own."""
    folder = tmp_path / "bots" / "one"
    (folder / "own").mkdir(parents=True)
    (tmp_path / ("secrets" if is_there else "other")).mkdir()
    code = f"""
from pathlib import Path
from tools.freqtrade import child
child.confine = lambda own, code: True
child.forbid = lambda: True
child._confine(Path({str(folder)!r}))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, "move the data folder" in ended.stderr) == (int(is_there), is_there), ended.stderr
