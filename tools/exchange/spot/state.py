"""The state folder: the database, and the token for control that is made beside it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from tools.exchange.errors import ConfigurationError
from tools.exchange.spot.store import PRIVATE_FILE, Store

TOKEN_FILE = "control-token"  # noqa: S105
LEAST_TOKEN = 16


@dataclass(frozen=True)
class State:
    """What a process keeps: its store, and the token without which nobody controls it, if there is one."""

    store: Store
    control_token: str | None


def open_state(folder: Path | None) -> State:
    """The state of a folder, or one that ends with the process; raises ConfigurationError."""
    if folder is None:
        return State(Store.in_memory(), None)
    return State(Store.in_folder(folder), _token(folder / TOKEN_FILE))


def _token(path: Path) -> str:
    """The token in the file, which is made where it is not there."""
    try:
        if not path.exists():
            _write_private(path, secrets.token_urlsafe(32))
        token = path.read_text().strip()
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"--state {path}: it cannot be used ({error}). Remove it.") from error
    if len(token) < LEAST_TOKEN:
        raise ConfigurationError(
            f"--state {path}: the token is shorter than {LEAST_TOKEN} characters. Remove the file."
        )
    return token


def _write_private(path: Path, text: str) -> None:
    """Writes a whole file that only its owner can read, or none."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w") as file:
        file.write(text + "\n")
    draft.replace(path)
