"""What the API process and the forkserver say to each other: one JSON line each way over a Unix socket.

Bots can connect to that socket too, so whoever asks has to show a key: with the request comes a descriptor of the
forkserver's lock, opened for reading and writing, which a confined process cannot open. A word that only the two know
would be in the memory of each bot, as it is forked from the one that compares it.
"""

import fcntl
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from tools.freqtrade.plain import open_plain

SOCKET_PATH_BYTES = 100
"""Linux allows 107, macOS 103."""
LINE_BYTES = 64 * 1024
VERSION = 4
"""Raised with each change of what a fork does: a forkserver of another version is replaced, its bots live on."""
LOCK = "lock"
LOCK_LOST = 75
"""The forkserver's exit code where another one serves its folder (EX_TEMPFAIL)."""
ENVIRONMENT = frozenset(
    ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
)
PROXIES = frozenset(("http_proxy", "https_proxy", "no_proxy", "all_proxy"))
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Status(Message):
    """Asks which bots there are; the answer comes once the imports are done."""

    op: Literal["status"] = "status"


class Start(Message):
    """Asks for a bot to be forked."""

    op: Literal["start"] = "start"
    folder: Annotated[str, Field(pattern=r"^/")]
    """The bot's own, absolute, with `config.json` in it; see `check_real`."""
    port: Annotated[int, Field(ge=1024, le=65535)]


Request = Annotated[Status | Start, Field(discriminator="op")]
REQUEST: TypeAdapter[Request] = TypeAdapter(Request)


class Child(Message):
    """A bot that was forked."""

    pid: int
    folder: str
    birth: float
    started: float
    """Seconds since 1970."""
    exit_code: int | None = None
    """None while it runs; the negative signal number where a signal ended it."""


class Reply(Message):
    """`children` holds the one that was started, or all that are remembered."""

    ok: bool
    error: str = ""
    pid: int
    """The forkserver's own."""
    version: int = 1
    children: tuple[Child, ...] = ()


def socket_path(folder: Path) -> Path:
    """Where the forkserver of `folder` listens: in it, or below /tmp where that path is too long for a socket."""
    path = folder.resolve() / "socket"
    if len(os.fsencode(path)) <= SOCKET_PATH_BYTES:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:24]
    return Path(f"/tmp/tradehelm-{os.getuid()}") / name  # noqa: S108  owned and checked by `private_folder`


def private_folder(folder: Path) -> None:
    """Makes `folder` for this user alone; raises `PermissionError` if it is somebody else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} does not belong to this user")
    folder.chmod(0o700)


def check_real(folder: Path) -> None:
    """Raises `PermissionError` unless it is a folder of this user that no link leads to."""
    if os.path.realpath(folder) != str(folder) or not folder.is_dir() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} is not a folder of this user, or a link leads to it: name the real one")


def open_key(folder: Path) -> int:
    """What shows the forkserver of `folder` that a request is ours. Raises `OSError`."""
    return open_plain(folder / LOCK, os.O_RDWR)


def is_key(shown: int, lock: int) -> bool:
    """Whether it is the file of `lock`, and was really opened: a bare path (`O_PATH`) can be had of any file."""
    writable = fcntl.fcntl(shown, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR
    return writable and os.path.samestat(os.fstat(shown), os.fstat(lock))


def lock_holder(folder: Path) -> int | None:
    """The pid of the forkserver that serves `folder`, if one lives."""
    try:
        with (folder / LOCK).open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(lock.read() or 0) or None
    except (FileNotFoundError, ValueError):
        pass
    return None


def minimal_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a bot may see of an environment: no key of ours, nothing that Freqtrade would take as configuration."""
    kept = {name: value for name, value in environment.items() if name in ENVIRONMENT or name.lower() in PROXIES}
    return kept | dict.fromkeys(ONE_THREAD, "1")
