"""Credentials: derived, told apart in constant time, and never shown."""

import multiprocessing
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.gateway.orders.gate import MASTER, ONE, OTHER
from tools.credentials import MasterRefused, bot_credentials, desk_credentials, read_master
from tools.gateway.orders.bot_keys import FORMAT, Caller, find_caller
from tools.gateway.orders.keys import ExchangeKeys


@given(st.text("0123456789abcdef", min_size=12, max_size=12), st.binary(min_size=32, max_size=32))
def test_derive_when_done_again_then_it_is_the_same_and_says_whose_it_is(bot_id: str, master: bytes) -> None:
    made = bot_credentials(master, bot_id)
    assert made == bot_credentials(master, bot_id)
    assert FORMAT.fullmatch(made.key)
    assert bot_id in made.key
    assert len(made.secret) == 64
    assert find_caller(master, made.key) == (Caller("bot", bot_id), made.secret)
    assert find_caller(bytes(32), made.key) is None or master == bytes(32)


def test_find_when_the_key_is_forged_then_it_is_of_nobody() -> None:
    mine, desk = bot_credentials(MASTER, ONE).key, desk_credentials(MASTER).key
    forged = (mine.replace(ONE, OTHER), mine[:-1] + "x", "THD" + mine[3:], "THB" + desk[3:], "", "k" * 64, mine + "0")
    assert [find_caller(MASTER, key) for key in forged] == [None] * len(forged)
    found = find_caller(MASTER, desk)
    assert found is not None
    assert (found[0].kind, found[0].bot_id, found[0].name) == ("desk", "", "desk")
    with pytest.raises(ValueError, match="not a bot's id"):
        bot_credentials(MASTER, "A" * 12)


def test_show_when_printed_then_no_secret_is_there() -> None:
    keys, mine = ExchangeKeys("key-of-exchange", "secret-of-exchange"), bot_credentials(MASTER, ONE)
    assert "of-exchange" not in f"{keys!r}{keys}"
    assert mine.secret not in f"{mine!r}{mine}"


def test_read_master_when_there_is_none_then_one_is_made_that_is_private_and_stays(tmp_path: Path) -> None:
    made = read_master(tmp_path)
    assert len(made) == 32
    assert read_master(tmp_path) == made
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["gateway-master"]
    assert (tmp_path / "secrets" / "gateway-master").stat().st_mode & 0o777 == 0o600


def test_read_master_when_others_could_have_read_it_then_it_is_refused(tmp_path: Path) -> None:
    read_master(tmp_path)
    path = tmp_path / "secrets" / "gateway-master"
    path.chmod(0o640)
    with pytest.raises(MasterRefused, match="chmod 600"):
        read_master(tmp_path)
    path.chmod(0o600)
    path.parent.chmod(0o750)
    with pytest.raises(MasterRefused, match="chmod 700"):
        read_master(tmp_path)
    path.parent.chmod(0o700)
    path.write_bytes(b"short")
    with pytest.raises(MasterRefused, match="32 bytes"):
        read_master(tmp_path)
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")
    with pytest.raises(MasterRefused, match="cannot be opened"):
        read_master(tmp_path)
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(MasterRefused, match="not a file"):
        read_master(tmp_path)


def test_read_master_when_many_come_at_once_then_all_have_the_same(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        assert len(set(pool.map(read_master, [tmp_path] * 32))) == 1
