"""What a strategy may have put where others read: nothing of it is followed, waited for or believed."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tools.freqtrade.bots import ROOT, RSI, AVenue, spec
from tools.bot import Mode
from tools.freqtrade import botlog, database
from tools.freqtrade.config import OWN, RestAccess
from tools.freqtrade.host import Host
from tools.freqtrade.permit_protocol import Pass
from tools.freqtrade.plain import open_plain, read_plain
from tools.freqtrade.processes import birth_of
from tools.freqtrade.records import BotFolder, ProcessRecord

SECRET = "the exchange's key"
VENUE = AVenue("demo", "http://127.0.0.1:8081")
REST = RestAccess(8100, "tradehelm", "pw", "jwt", "ws")
MADE = """
    CREATE TABLE trades (id INTEGER, pair, is_open, strategy, amount, stake_amount, open_rate, open_date, close_rate,
        close_date, close_profit_abs, close_profit, enter_tag, exit_reason);
    CREATE TABLE orders (id INTEGER, ft_trade_id, order_id, ft_order_side, ft_is_open, amount, ft_amount, filled,
        average, price, stop_price, ft_price, order_date);
    INSERT INTO trades VALUES (1, 'BTC/USDT', 0, '', 0.5, 50, 100, '2026-11-22 10:00:00', 90, '2026-11-22 11:00:00',
        -5, -0.1, NULL, NULL);
"""


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(SECRET)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> BotFolder:
    made = BotFolder.of(tmp_path / "bots", "one")
    write(made)
    return made


def write(folder: BotFolder) -> None:
    folder.write(spec(), venue=VENUE, strategy_path=RSI, rest=REST, paused=False)


def make_database(path: Path, *more: str, journal: str = "wal") -> Path:
    with closing(sqlite3.connect(path)) as made:
        made.execute(f"PRAGMA journal_mode = {journal}")
        made.executescript(MADE)
        for statement in more:
            made.execute(statement)
        made.commit()
    return path


KINDS: dict[str, Callable[[Path, Path], None]] = {
    "link": lambda path, secret: path.symlink_to(secret),
    "link to nothing": lambda path, secret: path.symlink_to(secret.with_name("new")),
    "pipe": lambda path, _: os.mkfifo(path),
    "folder": lambda path, _: path.mkdir(),
}


@pytest.fixture(params=KINDS)
def plant(request: pytest.FixtureRequest, secret: Path) -> Callable[[Path], None]:
    def planted(path: Path) -> None:
        path.unlink(missing_ok=True)
        KINDS[request.param](path, secret)

    return planted


def test_open_plain_when_it_is_no_plain_file_then_it_is_refused_at_once(tmp_path, plant):
    plant(tmp_path / "planted")
    for flags in (os.O_RDONLY, os.O_CREAT | os.O_APPEND | os.O_WRONLY, os.O_CREAT | os.O_RDWR):
        with pytest.raises(OSError, match=r".+"):
            open_plain(tmp_path / "planted", flags)
    assert not (tmp_path / "new").exists()


def test_open_plain_when_the_folder_is_a_link_then_it_is_refused(tmp_path, secret):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        read_plain(tmp_path / "link" / secret.name)
    assert read_plain(secret) == SECRET.encode()


def test_read_plain_when_it_holds_more_than_anybody_wants_then_it_is_refused(secret):
    with pytest.raises(OSError, match="more than 3 bytes"):
        read_plain(secret, 3)


def test_read_log_when_it_is_no_plain_file_then_there_are_no_lines(folder, plant):
    plant(folder.path / "bot.log")
    assert folder.read_log(10) == []


def test_records_when_they_are_no_plain_files_then_there_are_none(folder, plant):
    for name in ("process.json", "rest.json", "guard.json"):
        plant(folder.path / name)
    assert (folder.read_process(), folder.read_rest(), Pass.read(folder.path)) == (None, None, None)


@pytest.mark.parametrize("ending", ["", "-wal", "-journal"])
def test_read_trades_when_the_database_is_no_plain_file_then_it_says_so(folder, plant, ending):
    path = folder.path / OWN / "trades.sqlite"
    make_database(path)
    plant(path.with_name(path.name + ending))
    with pytest.raises(sqlite3.OperationalError, match="cannot be read"):
        folder.read_trades()
    assert folder.read_losses() == 0


def test_read_trades_when_the_own_folder_is_a_link_then_it_says_so(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    make_database(tmp_path / "elsewhere" / "trades.sqlite")
    (folder.path / OWN).rmdir()
    (folder.path / OWN).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(sqlite3.OperationalError, match="cannot be read"):
        folder.read_trades()


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
TOO_LONG = f"UPDATE trades SET pair = zeroblob({database.MOST_OF_ONE_VALUE + 1})"


@pytest.mark.parametrize(
    "deeds",
    [
        ["DROP TABLE orders", f"CREATE VIEW orders AS SELECT i AS id, i AS ft_is_open FROM ({ENDLESS}) WHERE i < 0"],
        ["ALTER TABLE trades RENAME TO real", f"CREATE VIEW trades AS SELECT real.* FROM real, ({ENDLESS})"],
        [TOO_LONG],
        ["UPDATE trades SET amount = 'NaN'"],
        ["UPDATE trades SET open_date = 'yesterday', amount = x'00'"],
        ["DROP TABLE trades"],
    ],
)
def test_read_trades_when_the_database_lies_then_it_says_so_in_time(folder, monkeypatch, deeds):
    monkeypatch.setattr(database, "READ_BOUND_S", 0.5)
    make_database(folder.path / OWN / "trades.sqlite", *deeds)
    began = time.monotonic()
    with pytest.raises(sqlite3.Error):
        folder.read_trades()
    assert time.monotonic() - began < 10


def test_read_trades_when_the_file_is_larger_than_any_bots_then_it_is_not_read(folder):
    os.truncate(make_database(folder.path / OWN / "trades.sqlite"), 2**40)
    with pytest.raises(sqlite3.OperationalError, match="holds more than"):
        folder.read_trades()


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_read_trades_when_the_last_of_them_are_in_a_log_then_they_are_there_and_nothing_is_changed(folder, journal):
    path = make_database(folder.path / OWN / "trades.sqlite", journal=journal)
    with closing(sqlite3.connect(path, isolation_level=None)) as bot:
        bot.execute("UPDATE trades SET stake_amount = 70")
        bot.execute("BEGIN IMMEDIATE")
        bot.execute("UPDATE trades SET stake_amount = 90")
        files = {each: each.read_bytes() for each in path.parent.iterdir()}
        assert [trade.stake_amount for trade in folder.read_trades()] == [70]
        assert {each: each.read_bytes() for each in path.parent.iterdir()} == files
        bot.execute("ROLLBACK")
    assert folder.read_losses() == 5


def test_read_trades_when_the_log_is_moved_into_the_file_meanwhile_then_nothing_is_missed(folder, monkeypatch):
    path, moved = make_database(folder.path / OWN / "trades.sqlite"), []
    with closing(sqlite3.connect(path, isolation_level=None)) as bot:
        bot.execute("UPDATE trades SET stake_amount = 70")
        read = database.read_plain

        def move_after_the_file(asked: Path, most: int) -> bytes:
            found = read(asked, most)
            if asked == path and not moved:
                moved.append(bot.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
            return found

        monkeypatch.setattr(database, "read_plain", move_after_the_file)
        assert [trade.stake_amount for trade in folder.read_trades()] == [70]
    assert moved == [(0, 0, 0)]


def test_read_trades_when_it_is_written_to_all_the_time_then_it_says_so(folder, monkeypatch):
    path, read = make_database(folder.path / OWN / "trades.sqlite"), database.read_plain
    counter = iter(range(10**6))
    monkeypatch.setattr(database, "read_plain", lambda asked, most: read(asked, most) + bytes([next(counter) % 256]))
    with pytest.raises(sqlite3.OperationalError, match="written to all the time"):
        folder.read_trades()
    assert path.exists()


def test_write_when_an_earlier_version_left_its_databases_then_they_are_read_and_then_moved(tmp_path):
    folder = BotFolder.of(tmp_path / "bots", "one")
    folder.path.mkdir(parents=True)
    with closing(sqlite3.connect(make_database(folder.path / "trades-live.sqlite"))) as bot:
        bot.execute("UPDATE trades SET stake_amount = 70")
        bot.commit()
        make_database(folder.path / "trades.sqlite")
        before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
        assert "trades-live.sqlite-wal" in before
        assert [trade.stake_amount for trade in folder.read_trades(Mode.REAL_MARKET_SPOT)] == [70]
        assert folder.read_losses() == 5
        write(folder)
        assert {path.name: path.read_bytes() for path in (folder.path / OWN).iterdir()} == before
        assert not list(folder.path.glob("*.sqlite*"))
        assert [trade.stake_amount for trade in folder.read_trades(Mode.REAL_MARKET_SPOT)] == [70]
    assert folder.read_losses() == 5


def test_write_when_an_earlier_version_left_anything_then_all_that_is_ours_is_plain_and_nothing_else_is_touched(
    tmp_path, plant, secret
):
    folder = BotFolder.of(tmp_path / "bots", "one")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept").write_text("1")
    folder.path.mkdir(parents=True)
    for name in ("bot.log", "bot.log.1", "config.json", ".config.json.new", "rest.json", "guard.json", "process.lock"):
        plant(folder.path / name)
    for name in (OWN, "strategies"):
        (folder.path / name).symlink_to(tmp_path / "elsewhere")
    (folder.path / "notes").write_text("of a strategy")
    write(folder)
    write(folder)
    for path in folder.path.iterdir():
        assert not path.is_symlink()
        assert path.is_file() or path.name in (OWN, "strategies")
    assert (folder.path / OWN / "notes").read_text() == "of a strategy"
    assert (secret.read_text(), (tmp_path / "new").exists()) == (SECRET, False)
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["kept"]


def test_write_when_the_bots_folder_is_a_link_then_it_is_refused(tmp_path):
    (tmp_path / "bots").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "bots" / "one").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        write(BotFolder.of(tmp_path / "bots", "one"))
    assert list((tmp_path / "elsewhere").iterdir()) == []


async def test_open_when_a_bots_folder_is_a_link_then_the_process_that_it_names_is_left_alone(tmp_path):
    (tmp_path / "bots").mkdir()
    (tmp_path / "elsewhere").mkdir()
    with subprocess.Popen(["sleep", "60"]) as other:  # noqa: ASYNC220  nothing waits for it
        record = ProcessRecord(pid=other.pid, birth=birth_of(other.pid) or 0, port=8100, created=1.0)
        record.write(tmp_path / "elsewhere")
        (tmp_path / "bots" / "one").symlink_to(tmp_path / "elsewhere")
        host = Host(tmp_path, stop_timeout_s=1)
        await host.open(warm=False)
        assert (other.poll(), host.processes()) == (None, {})
        await host.close()
        other.kill()


BECOME = """
import sys
from tools.freqtrade.child import run_bot
from tools.freqtrade.protocol import Start
run_bot(Start(folder=sys.argv[1], port=8100))
"""


def become(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BECOME, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("name", ["bot.log", "process.lock"])
def test_run_bot_when_its_files_are_not_plain_then_it_ends_and_nothing_is_written_elsewhere(
    folder, plant, secret, name
):
    plant(folder.path / name)
    done = become(folder.path)
    assert done.returncode == 1
    assert "Error" in done.stderr + "\n".join(folder.read_log(100))
    assert (secret.read_text(), secret.with_name("new").exists()) == (SECRET, False)
    assert not (folder.path / "process.json").exists()


def test_run_bot_when_its_own_folder_is_a_link_then_it_ends(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (folder.path / OWN).rmdir()
    (folder.path / OWN).symlink_to(tmp_path / "elsewhere")
    assert become(folder.path).returncode == 1
    assert f"{folder.path / OWN} is a link" in "\n".join(folder.read_log(100))


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(botlog, "MOST_BYTES", 1000)
    monkeypatch.setattr(botlog, "KEPT_BYTES", 500)
    opened = os.open(tmp_path / "log", os.O_CREAT | os.O_APPEND | os.O_RDWR)
    yield opened
    os.close(opened)


def test_cut_when_the_log_grows_then_its_last_lines_stay_and_what_comes_is_added(tmp_path, log):
    for number in range(200):
        os.write(log, f"line {number}\n".encode())
        botlog.cut(log)
        assert (tmp_path / "log").stat().st_size <= 1000
    lines = (tmp_path / "log").read_text().splitlines()
    assert lines == [f"line {number}" for number in range(200 - len(lines), 200)]
    assert len(lines) > 40


def test_cut_when_it_is_no_file_then_nothing_happens():
    reading, writing = os.pipe()
    botlog.cut(writing)
    os.close(reading)
    os.close(writing)
