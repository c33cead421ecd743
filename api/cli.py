"""The command `tradehelm`."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from agent.model import UnknownModel, choose_model
from agent.words import Language
from api.auth import owner_password
from api.settings import Settings
from api.stack import RUN_DIR, Stack, StackError
from tools.freqtrade.protocol import minimal_environment

BAD_SETTINGS = 78
"""EX_CONFIG of sysexits.h."""

T = TypeVar("T")
app = typer.Typer(name="tradehelm", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()


def _read_settings() -> Settings:
    """The settings, or the end: one message that names the setting, what it is and what it may be."""
    try:
        settings = Settings()
        choose_model(settings.model_settings)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        name = name.upper() if name.isupper() else f"TRADEHELM_{name.upper()}"
        _fail(f"{name} is {str(first['input'])[:80]!r}: {first['msg']}", BAD_SETTINGS)
    except UnknownModel as error:
        _fail(str(error), BAD_SETTINGS)
    return settings


def _read_settings_and_folder(*, keep: bool = True) -> Settings:
    """The settings with a data folder that can be written, or the end with one message."""
    settings = _read_settings()
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


def _fail_on_folder(settings: Settings, error: OSError) -> NoReturn:
    name = f"TRADEHELM_DATA_DIR is {str(settings.data_dir)!r}"
    _fail(f"{name}: {error.strerror or error} ({error.filename}). Name a folder that can be written.", BAD_SETTINGS)


def _password(settings: Settings) -> str:
    try:
        return owner_password(settings)
    except OSError as error:
        _fail_on_folder(settings, error)


def _fail(message: str, code: int = 1) -> NoReturn:
    typer.echo(f"tradehelm: {message}", err=True)
    raise typer.Exit(code)


@app.callback(invoke_without_command=True)
def tradehelm(show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """A chat-first agent for spot trading on Freqtrade, with a guard that nobody can talk its way around."""
    if show_version:
        typer.echo(version("tradehelm"))
        raise typer.Exit


@app.command()
def up(
    foreground: Annotated[bool, typer.Option(help="Stay, as a container wants it.")] = False,
) -> None:
    """Start everything; print the address and the password."""
    settings = _read_settings_and_folder()
    password, stack = _password(settings), Stack(settings)
    is_new = _on_stack(lambda: stack.up(foreground=foreground))
    shown = "the one in TRADEHELM_OWNER_PASSWORD" if settings.owner_password else password
    runs = "Tradehelm runs at        " if is_new else "Tradehelm already runs at"
    stop = "tradehelm down" if shutil.which("tradehelm") else "make down"
    typer.echo(f"\n  {runs}  {stack.address()}\n  {'Password':25}  {shown}\n\n  {'Stop it with':25}  {stop}")


@app.command()
def down() -> None:
    """Stop everything, the bots too; those that run come back with the next `up`."""
    _on_stack(Stack(_read_settings_and_folder()).down)


@app.command()
def serve() -> None:
    """Run the API and the page in the foreground."""
    from api.serve import run_server

    run_server(_read_settings_and_folder())


@app.command()
def exchange() -> None:
    """Run the demo exchange in the foreground."""
    settings = _read_settings()
    arguments = {
        "--port": settings.exchange_port,
        "--source": settings.exchange_source,
        "--seed": settings.exchange_seed,
        "--data": settings.exchange_data,
        "--at": settings.exchange_at,
    }
    given = [str(word) for pair in arguments.items() if pair[1] is not None for word in pair]
    kept = {name: value for name, value in os.environ.items() if name == RUN_DIR}
    command = [sys.executable, "-m", "tools.exchange", *given]
    os.execve(sys.executable, command, minimal_environment(os.environ) | kept)  # noqa: S606  our own module


@app.command()
def chat(
    say: Annotated[str | None, typer.Option(help="Say this one thing, print its answer and leave.")] = None,
    conversation: Annotated[str | None, typer.Option(help="Go on with this conversation.")] = None,
    language: Annotated[str | None, typer.Option(help="en or pt-BR.")] = None,
    url: Annotated[str | None, typer.Option(help="Where Tradehelm runs, if not here.")] = None,
) -> None:
    """Talk to the agent in the terminal."""
    from api.terminal.client import ApiError

    is_elsewhere = url is not None or "TRADEHELM_TOKEN" in os.environ
    settings = _read_settings() if is_elsewhere else _read_settings_and_folder()
    spoken = _language(language, settings)
    try:
        spoken_well = asyncio.run(_chat(settings, url or settings.url, spoken, conversation, say))
    except ApiError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        spoken_well = True
    raise typer.Exit(0 if spoken_well else 1)


@app.command()
def demo(language: Annotated[str | None, typer.Option(help="en or pt-BR.")] = None) -> None:
    """See the main job without a browser: one sentence, a bot, its first closed trade."""
    from api.terminal.client import ApiError
    from api.terminal.demo import run_demo

    settings = _read_settings_and_folder(keep=False)
    try:
        traded = _on_stack(lambda: run_demo(settings, console, _language(language, settings)))
    except ApiError as error:
        _fail(str(error))
    raise typer.Exit(0 if traded else 1)


async def _chat(settings: Settings, url: str, language: Language, conversation: str | None, text: str | None) -> bool:
    from api.terminal.chat import open_chat, read_typed
    from api.terminal.client import ApiClient

    async with ApiClient(url, language) as client:
        if token := os.environ.get("TRADEHELM_TOKEN"):
            client.use_token(token)
        else:
            await client.sign_in(_password(settings))
        opened = await open_chat(client, console, language, conversation)
        if text is not None:
            return await opened.say(text)
        return await (opened.talk(read_typed()) if sys.stdin.isatty() else opened.say_each(sys.stdin))


def _language(asked: str | None, settings: Settings) -> Language:
    if asked is None:
        return settings.language
    if asked not in ("en", "pt-BR"):
        _fail(f"--language is {asked!r}: write en or pt-BR", 2)
    return "pt-BR" if asked == "pt-BR" else "en"


def _on_stack(do: Callable[[], T]) -> T:
    try:
        return do()
    except StackError as error:
        _fail(str(error))


def main() -> None:
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()
