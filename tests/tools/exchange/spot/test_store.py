"""The state folder, and what is left after a process ends."""

import sqlite3
from pathlib import Path

import pytest

from tests.tools.exchange.spot.fakes import BTC, Script, amount, by_number, has, limit, open_account
from tools.exchange.errors import ConfigurationError
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.ledger import HOUSE, Ledger, Posting
from tools.exchange.spot.state import open_state
from tools.exchange.spot.store import FILE_NAME, FIRST_ACCOUNT, Store


def open_desk(folder: Path, script: Script, started_ms: int = 0) -> Desk:
    return Desk(None, Store.in_folder(folder), started_ms, script)  # type: ignore[arg-type]


def close(desk: Desk) -> None:
    desk._store.close()


def test_state_when_opened_again_then_everything_is_there(tmp_path: Path, script: Script) -> None:
    desk = open_desk(tmp_path, script)
    account = open_account(desk, USDT="1000")
    order = desk.place(account.uid, BTC, limit("BUY", "3", "101"), 0).order
    trades = desk.trades.of_order(order.number)
    close(desk)
    again = open_desk(tmp_path, script)
    assert again.find_account(account.api_key) == account
    assert again.orders.get(order.number) == order
    assert again.trades.of_order(order.number) == trades
    assert has(again, account, "USDT") == (amount("697"), amount("101"))
    assert again.cancel(account.uid, BTC, by_number(order), 0).status == "CANCELED"


def test_state_when_the_process_was_down_then_nothing_was_matched_meanwhile(tmp_path: Path, script: Script) -> None:
    desk = open_desk(tmp_path, script)
    account = open_account(desk, USDT="1000")
    order = desk.place(account.uid, BTC, limit("BUY", "1", "99"), 0).order
    close(desk)
    script.price = amount("90")
    again = open_desk(tmp_path, script, 60_000)
    again.advance(60_999)
    assert again.orders.get(order.number).status == "NEW"
    again.advance(61_000)
    assert again.orders.get(order.number).status == "FILLED"


def test_state_when_made_then_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "state"
    state = open_state(folder)
    state.store.write("BEGIN")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert state.control_token == (folder / "control-token").read_text().strip()
    state.store.close()
    assert open_state(folder).control_token == state.control_token


def _garbage(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(b"not a database, but long enough to be taken for one " * 20)


def _later_version(folder: Path) -> None:
    with sqlite3.connect(folder / FILE_NAME) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("PRAGMA user_version = 9")


def _folder(folder: Path) -> None:
    (folder / FILE_NAME).mkdir()


def _short_token(folder: Path) -> None:
    (folder / "control-token").write_text("short")


@pytest.mark.parametrize("spoil", [_garbage, _later_version, _folder, _short_token])
def test_state_when_it_cannot_be_used_then_said_which(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(tmp_path)
    with pytest.raises(ConfigurationError, match=str(tmp_path)):
        open_state(tmp_path)


def test_state_when_another_process_has_it_then_refused(tmp_path: Path) -> None:
    state = open_state(tmp_path)
    with pytest.raises(ConfigurationError, match="locked"):
        open_state(tmp_path)
    state.store.close()


def test_transaction_when_something_fails_then_nothing_of_it_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    account = open_account(desk, USDT="1000")
    monkeypatch.setattr(desk._floor.ledger, "move", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.place(account.uid, BTC, limit("BUY", "1", "101"), 0)
    assert has(desk, account, "USDT") == (amount("1000"), 0)
    assert desk.orders.open(account.uid) == []
    assert desk._floor.drain(0) == []


def test_ledger_when_postings_do_not_sum_to_zero_then_refused() -> None:
    with pytest.raises(ValueError, match="do not sum to zero"):
        Ledger(Store.in_memory()).move("trade", 1, 0, [Posting(HOUSE, "BTC", 1), Posting(HOUSE, "USDT", -1)])


def test_ledger_when_an_account_would_go_below_zero_then_the_database_refuses() -> None:
    ledger = Ledger(Store.in_memory())
    with pytest.raises(sqlite3.IntegrityError):
        ledger.move("trade", 1, 0, [Posting(HOUSE, "BTC", 1), Posting(FIRST_ACCOUNT, "BTC", -1)])
    with pytest.raises(sqlite3.IntegrityError):
        ledger.lock(FIRST_ACCOUNT, "BTC", 1, 0)
