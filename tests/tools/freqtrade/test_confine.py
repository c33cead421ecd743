"""A confined process opens what is its own, and nothing of anybody else's."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.freqtrade.confine import read_version

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


@pytest.fixture
def own(tmp_path: Path) -> Path:
    made = tmp_path / "own"
    made.mkdir()
    (made / "known").write_text("mine")
    (tmp_path / "secret").write_text("key")
    return made


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
