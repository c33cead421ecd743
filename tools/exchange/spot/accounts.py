"""Accounts: their keys, and what they may do."""

import secrets
import string
from dataclasses import dataclass, fields, replace

from tools.exchange.spot.store import FIRST_ACCOUNT, Store

KEY_LENGTH = 64


@dataclass(frozen=True)
class Permissions:
    """What an account's key may do."""

    can_trade: bool = True
    enable_reading: bool = True
    enable_withdrawals: bool = False
    ip_restrict: bool = False


@dataclass(frozen=True)
class Account:
    """One account with its one pair of keys."""

    uid: int
    api_key: str
    secret_key: str
    permissions: Permissions
    created_ms: int


_FLAGS = tuple(field.name for field in fields(Permissions))
_COLUMNS = f"uid, api_key, secret_key, {', '.join(_FLAGS)}, created_ms"


class Accounts:
    """The accounts in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, permissions: Permissions, now_ms: int) -> Account:
        """A new account with random keys and no balance."""
        highest = self._store.value("SELECT MAX(uid) FROM accounts")
        uid = FIRST_ACCOUNT if highest is None else highest + 1
        account = Account(uid, _invent_key(), _invent_key(), permissions, now_ms)
        keys = (uid, account.api_key, account.secret_key)
        self._store.write(
            f"INSERT INTO accounts ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            *(*keys, *_flags(permissions), now_ms),
        )
        return account

    def find_account(self, api_key: str) -> Account | None:
        """The account of a key."""
        return self._one("api_key = ?", api_key)

    def get(self, uid: int) -> Account | None:
        """The account of a number."""
        return self._one("uid = ?", uid)

    def numbers(self) -> list[int]:
        """The numbers of all accounts."""
        return [uid for (uid,) in self._store.rows("SELECT uid FROM accounts ORDER BY uid")]

    def permit(self, account: Account, permissions: Permissions) -> Account:
        """Changes what an account may do."""
        setting = ", ".join(f"{name} = ?" for name in _FLAGS)
        self._store.write(f"UPDATE accounts SET {setting} WHERE uid = ?", *_flags(permissions), account.uid)  # noqa: S608
        return replace(account, permissions=permissions)

    def _one(self, condition: str, value: object) -> Account | None:
        found = self._store.rows(f"SELECT {_COLUMNS} FROM accounts WHERE {condition}", value)  # noqa: S608
        if not found:
            return None
        uid, api_key, secret_key, *flags, created_ms = found[0]
        return Account(uid, api_key, secret_key, Permissions(*map(bool, flags)), created_ms)


def _flags(permissions: Permissions) -> list[int]:
    return [int(getattr(permissions, name)) for name in _FLAGS]


def _invent_key() -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(KEY_LENGTH))
