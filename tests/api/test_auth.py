from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from api.auth import Sessions, owner_password
from api.settings import Settings
from tools.errors import Problem
from tools.guard.actor import OWNER
from tools.store.database import Store
from tools.store.tables import SessionRow, now


@pytest.fixture
def sessions(store: Store) -> Sessions:
    return Sessions(store, "right")


def settings(tmp_path: Path, **more: str) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, **more)


def test_sign_in_when_the_password_is_right_then_the_secret_is_found_and_only_its_hash_is_kept(
    sessions: Sessions, store: Store
) -> None:
    secret, caller = sessions.sign_in("right", "web")
    assert sessions.find(secret) == caller
    assert caller.scopes == OWNER
    with store.session() as session:
        (row,) = session.exec(select(SessionRow))
    assert secret not in row.model_dump_json()


def test_sign_in_when_wrong_five_times_then_even_the_right_one_has_to_wait(sessions: Sessions) -> None:
    for _ in range(5):
        with pytest.raises(Problem, match="wrong_password"):
            sessions.sign_in("wrong", "web")
    with pytest.raises(Problem, match="too_many_requests") as raised:
        sessions.sign_in("right", "web")
    assert 0 < float(raised.value.numbers["wait_s"]) <= 60


def test_find_when_a_session_has_expired_or_was_revoked_then_none(sessions: Sessions, store: Store) -> None:
    secret, caller = sessions.sign_in("right", "web")
    with store.session() as session:
        row = session.get(SessionRow, caller.secret_hash)
        assert row is not None
        row.expires_at = now() - timedelta(seconds=1)
        session.add(row)
        session.commit()
    assert sessions.find(secret) is None
    other, kept = sessions.issue("rest", "a token", frozenset({"read"}), 1)
    sessions.revoke(kept.secret_hash)
    assert sessions.find(other) is None


def test_password_when_none_is_set_then_one_is_made_once_and_is_private(tmp_path: Path) -> None:
    made = owner_password(settings(tmp_path))
    assert owner_password(settings(tmp_path)) == made
    assert len(made) >= 20
    file = tmp_path / "secrets" / "owner-password"
    assert file.stat().st_mode & 0o077 == 0
    assert owner_password(settings(tmp_path, owner_password="mine")) == "mine"
