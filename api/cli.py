"""The command `tradehelm`."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Collection, Mapping
from importlib.metadata import version
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console

from agent.words import Language
from api import guard_cli
from api.settings import EXCHANGE_KEYS, Settings
from api.stack import RUN_DIR, Stack, StackError
from api.start import (
    fail,
    is_elsewhere,
    read_language,
    read_password,
    read_settings,
    read_settings_and_folder,
    sign_in,
)
from tools.freqtrade.protocol import minimal_environment

T = TypeVar("T")
app = typer.Typer(name="tradehelm", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(guard_cli.app)
app.add_typer(guard_cli.audit, name="audit")
console = Console()


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
    settings = read_settings_and_folder()
    password, stack = read_password(settings), Stack(settings)
    is_new = _on_stack(lambda: stack.up(foreground=foreground))
    shown = "the one in TRADEHELM_OWNER_PASSWORD" if settings.owner_password else password
    runs = "Tradehelm runs at        " if is_new else "Tradehelm already runs at"
    stop = "tradehelm down" if shutil.which("tradehelm") else "make down"
    typer.echo(f"\n  {runs}  {stack.address()}\n  {'Password':25}  {shown}\n\n  {'Stop it with':25}  {stop}")


@app.command()
def down() -> None:
    """Stop everything, the bots too; those that run come back with the next `up`."""
    _on_stack(Stack(read_settings_and_folder()).down)


@app.command()
def serve() -> None:
    """Run the API and the page in the foreground."""
    from api.serve import run_server

    run_server(read_settings_and_folder())


@app.command()
def exchange() -> None:
    """Run the demo exchange in the foreground."""
    settings = read_settings()
    arguments = {
        "--port": settings.exchange_port,
        "--source": settings.exchange_source,
        "--seed": settings.exchange_seed,
        "--data": settings.exchange_data,
        "--at": settings.exchange_at,
        "--state": settings.data_dir.resolve() / "exchange",
    }
    _become("tools.exchange", *_words(arguments))


@app.command()
def gateway() -> None:
    """Run the gateway in the foreground: all that bots and the API hear of the exchange comes through it."""
    settings = read_settings()
    venue = asyncio.run(settings.choose_venue())
    arguments = {
        "--upstream": venue.url,
        "--stream-url": venue.stream_url,
        "--port": settings.gateway_port,
        "--data": settings.data_dir.resolve(),
        "--venue": venue.name,
    }
    if venue.name == "demo":
        _become("tools.gateway", *_words(arguments))
    _become("tools.gateway", *_words(arguments), "--trust-env", keep=EXCHANGE_KEYS)


def _words(arguments: Mapping[str, object]) -> list[str]:
    return [str(word) for pair in arguments.items() if pair[1] is not None for word in pair]


def _become(module: str, *words: str, keep: Collection[str] = ()) -> NoReturn:
    """This process goes on as another program of ours, which is given no setting but these."""
    kept = {name: value for name, value in os.environ.items() if name in (RUN_DIR, *keep)}
    command = [sys.executable, "-m", module, *words]
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

    settings = read_settings() if is_elsewhere(url) else read_settings_and_folder()
    spoken = read_language(language, settings)
    try:
        spoken_well = asyncio.run(_chat(settings, url, spoken, conversation, say))
    except ApiError as error:
        fail(str(error))
    except KeyboardInterrupt:
        spoken_well = True
    raise typer.Exit(0 if spoken_well else 1)


@app.command()
def demo(language: Annotated[str | None, typer.Option(help="en or pt-BR.")] = None) -> None:
    """See the main job without a browser: one sentence, a bot, its first closed trade."""
    from api.terminal.client import ApiError
    from api.terminal.demo import run_demo

    settings = read_settings_and_folder(keep=False)
    try:
        traded = _on_stack(lambda: run_demo(settings, console, read_language(language, settings)))
    except ApiError as error:
        fail(str(error))
    raise typer.Exit(0 if traded else 1)


async def _chat(
    settings: Settings, url: str | None, language: Language, conversation: str | None, text: str | None
) -> bool:
    from api.terminal.chat import open_chat, read_typed

    async with sign_in(settings, url, language) as client:
        opened = await open_chat(client, console, language, conversation)
        if text is not None:
            return await opened.say(text)
        return await (opened.talk(read_typed()) if sys.stdin.isatty() else opened.say_each(sys.stdin))


def _on_stack(do: Callable[[], T]) -> T:
    try:
        return do()
    except StackError as error:
        fail(str(error))


def main() -> None:
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()
