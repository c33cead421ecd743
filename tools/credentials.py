"""What bots and the API sign with at the gateway: derived from one master secret, and worth nothing anywhere else.

Imports nothing of ours, so that both ends of the wire can have it.
"""

import hashlib
import hmac
import os
import re
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

SIZE = 32
NAME = "gateway-master"
NO_BOT = "0" * 12


class MasterRefused(Exception):
    """The file cannot be trusted as it is; its text says why, and how to mend it."""


@dataclass(frozen=True)
class Credentials:
    """What a client signs with: a key of 64 letters and digits, and a secret of 64 hex digits."""

    key: str
    secret: str = field(repr=False)


def bot_credentials(master: bytes, bot_id: str) -> Credentials:
    """The same for the same bot, always. Raises `ValueError` for an id that is none."""
    if not re.fullmatch(r"[0-9a-f]{12}", bot_id):
        raise ValueError(f"{bot_id!r} is not a bot's id")
    return _derive(master, "B", bot_id)


def desk_credentials(master: bytes) -> Credentials:
    """Of the API itself: it reads the account, orders and fills, and cancels."""
    return _derive(master, "D", NO_BOT)


def read_master(data: Path) -> bytes:
    """The secret in `<data>/secrets/gateway-master`, made there by whoever comes first.

    Raises `MasterRefused` where somebody else could have read or replaced it.
    """
    folder = data / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_private(folder, folder.lstat())
    path = folder / NAME
    if not os.path.lexists(path):
        _make(path)
    return _read(path)


def _derive(master: bytes, kind: str, bot_id: str) -> Credentials:
    tag = _tag(master, f"key:{kind}:{bot_id}")[:49]
    return Credentials(f"TH{kind}{bot_id}{tag}", _tag(master, f"secret:{kind}:{bot_id}"))


def _tag(master: bytes, text: str) -> str:
    return hmac.new(master, f"tradehelm-gateway:{text}".encode(), hashlib.sha256).hexdigest()


def _make(path: Path) -> None:
    """Whole or not at all; of two who make it at once, the first one's stays."""
    fresh = path.with_name(f".{NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SIZE))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()


def _read(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise MasterRefused(f"{path} cannot be opened: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        told = os.fstat(file.fileno())
        if not stat.S_ISREG(told.st_mode):
            raise MasterRefused(f"{path} is not a file")
        _check_private(path, told)
        content = file.read(SIZE + 1)
    if len(content) != SIZE:
        raise MasterRefused(f"{path} does not hold {SIZE} bytes: restore it, or delete it and start all bots anew")
    return content


def _check_private(path: Path, told: os.stat_result) -> None:
    if told.st_uid != os.getuid():
        raise MasterRefused(f"{path} belongs to somebody else")
    if told.st_mode & 0o077:
        raise MasterRefused(f"{path} can be used by others: chmod {'700' if path.is_dir() else '600'} {path}")
