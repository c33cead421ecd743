"""How a command starts: settings that can be read, a folder that can be written, a client that is signed in."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import typer
from pydantic import ValidationError

from agent.model import UnknownModel, choose_model
from agent.words import Language
from api.auth import Sessions, owner_password
from api.settings import Settings
from api.terminal.client import ApiClient
from tools.guard.actor import OWNER
from tools.store.database import Store

BAD_SETTINGS = 78
"""EX_CONFIG of sysexits.h."""
PATIENCE_MS = 20_000
"""How long a command waits for whoever else writes to the database: it has nothing else to do."""
TOKEN = "TRADEHELM_TOKEN"  # noqa: S105  the name of a variable


def fail(message: str, code: int = 1) -> NoReturn:
    """Ends the command with one message."""
    typer.echo(f"tradehelm: {message}", err=True)
    raise typer.Exit(code)


def read_settings(*, with_model: bool = True) -> Settings:
    """The settings, or the end: one message that names the setting, what it is and what it may be."""
    try:
        settings = Settings()
        if with_model:
            choose_model(settings.model_settings)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        name = name.upper() if name.isupper() else f"TRADEHELM_{name.upper()}"
        fail(f"{name} is {str(first['input'])[:80]!r}: {first['msg']}", BAD_SETTINGS)
    except UnknownModel as error:
        fail(str(error), BAD_SETTINGS)
    return settings


def read_settings_and_folder(*, keep: bool = True) -> Settings:
    """The settings with a data folder that can be written, or the end with one message."""
    settings = read_settings()
    folder = settings.data_dir
    is_new = not folder.exists()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        if is_new and not keep:
            folder.rmdir()
    except OSError as error:
        _fail_on_folder(settings, error)
    return settings


def read_password(settings: Settings) -> str:
    try:
        return owner_password(settings)
    except OSError as error:
        _fail_on_folder(settings, error)


def read_language(asked: str | None, settings: Settings) -> Language:
    if asked is None:
        return settings.language
    if asked not in ("en", "pt-BR"):
        fail(f"--language is {asked!r}: write en or pt-BR", 2)
    return "pt-BR" if asked == "pt-BR" else "en"


def is_elsewhere(url: str | None) -> bool:
    """Whether what answers has its data on another machine, or under another password."""
    return url is not None or TOKEN in os.environ


@asynccontextmanager
async def sign_in(settings: Settings, url: str | None, language: Language) -> AsyncIterator[ApiClient]:
    """A client that is signed in as the owner, or with the token of the environment. Raises `ApiError`."""
    async with ApiClient(url or settings.url, language) as client:
        await enter(client, settings)
        yield client


async def enter(client: ApiClient, settings: Settings) -> None:
    """Raises `ApiError`."""
    if token := os.environ.get(TOKEN):
        client.use_token(token)
    else:
        await client.sign_in(read_password(settings))


def let_in(settings: Settings) -> str:
    """The secret of a session for who is where the data is, whatever became of the password.

    Raises `SQLAlchemyError` and `OSError`.
    """
    if not settings.database.is_file():
        raise FileNotFoundError(f"no such file: {settings.database}")
    store = Store(settings.database, PATIENCE_MS)
    try:
        return Sessions(store, "").issue("cli", "", OWNER, days=1)[0]
    finally:
        store.close()


def _fail_on_folder(settings: Settings, error: OSError) -> NoReturn:
    name = f"TRADEHELM_DATA_DIR is {str(settings.data_dir)!r}"
    fail(f"{name}: {error.strerror or error} ({error.filename}). Name a folder that can be written.", BAD_SETTINGS)
