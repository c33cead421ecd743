"""The guard's commands: panic, proposals and limits over the API; the audit from the database itself."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from agent.words import Language, say
from api.settings import Settings
from api.stack import Stack
from api.start import enter, fail, is_elsewhere, let_in, read_language, read_settings, sign_in
from api.terminal.client import ApiClient, ApiError, NoAnswer
from api.terminal.decisions import change_live, decide, list_open, show_limits
from api.terminal.differences import settle_difference, show_differences
from api.terminal.ledger import Unreadable, export_file, verify_file
from api.terminal.live import show_live
from api.terminal.panic import keep, lift, press

PANIC_S = 60.0
"""Bots that hang are given some time to sell before their processes are ended."""
SIGN_IN_S = 10.0
"""A product that has not let the owner in by then hangs: the panic stop is written past it."""
UNREADABLE = 2
"""The exit code where nothing can be told of the audit; 1 is for an audit that is broken."""

app = typer.Typer()
audit = typer.Typer(no_args_is_help=True, help="Check the audit, or take it along.")
live = typer.Typer(no_args_is_help=True, help="Whether real money can be traded. Exit code 0 only if all passed.")
app.add_typer(live, name="live")
console = Console()

Spoken = Annotated[str | None, typer.Option("--language", help="en or pt-BR.")]
Url = Annotated[str | None, typer.Option(help="Where Tradehelm runs, if not here.")]
ProposalId = Annotated[str, typer.Argument(metavar="ID", help="The proposal's id, or how it begins.")]
FindingId = Annotated[str, typer.Argument(metavar="ID", help="The difference's id.")]
Do = Callable[[ApiClient, Language], Awaitable[bool]]


@app.command()
def panic(
    exit_: Annotated[bool, typer.Option("--exit", help="Also sell at market all that the bots hold.")] = False,
    release: Annotated[bool, typer.Option("--release", help="Lift it: entries are possible again.")] = False,
    language: Spoken = None,
    url: Url = None,
) -> None:
    """No new entries anywhere, at once and until a person lifts it. Works with the model down, and the API too."""
    if release and exit_:
        fail("--exit and --release cannot be had at once", 2)
    settings, spoken = _read(language)
    address = url or Stack(settings).address()
    if release:
        _over_the_api(language, address, lambda client, _: lift(client, console, spoken, _ask))
    try:
        asyncio.run(_press(settings, address, spoken, exit_=exit_, here=not is_elsewhere(url)))
    except NoAnswer as error:
        if is_elsewhere(url):
            fail(str(error))
        raise typer.Exit(0 if keep(settings, address, console, spoken, exit_=exit_) else 1) from error
    except (ApiError, SQLAlchemyError, OSError) as error:
        fail(str(error))


@app.command()
def proposals(language: Spoken = None, url: Url = None) -> None:
    """What waits for your word."""
    _over_the_api(language, url, lambda client, spoken: list_open(client, console, spoken))


@app.command()
def confirm(proposal_id: ProposalId, language: Spoken = None, url: Url = None) -> None:
    """Say yes to a proposal, after it was shown whole."""
    _over_the_api(language, url, lambda client, spoken: decide(client, console, spoken, proposal_id, "confirm", _ask))


@app.command()
def deny(proposal_id: ProposalId, language: Spoken = None, url: Url = None) -> None:
    """Say no to a proposal, or take back a loosening that still waits."""
    _over_the_api(language, url, lambda client, spoken: decide(client, console, spoken, proposal_id, "deny", _ask))


@app.command()
def limits(language: Spoken = None, url: Url = None) -> None:
    """The limits in force, and how much of each is used."""
    _over_the_api(language, url, lambda client, spoken: show_limits(client, console, spoken))


@live.command()
def check(language: Spoken = None, url: Url = None) -> None:
    """Have the exchange key looked at anew: that it works, can trade, and cannot withdraw."""
    _over_the_api(language, url, lambda client, spoken: show_live(client, console, spoken, anew=True))


@live.command()
def status(language: Spoken = None, url: Url = None) -> None:
    """The last look at the exchange key, what the account has, and the bots that trade with it."""
    _over_the_api(language, url, lambda client, spoken: show_live(client, console, spoken, anew=False))


@live.command()
def on(language: Spoken = None, url: Url = None) -> None:
    """Allow real money: looks at the key, shows what it means, asks you, and waits as long as every loosening does."""
    _over_the_api(language, url, lambda client, spoken: change_live(client, console, spoken, _ask, on=True))


@live.command()
def off(language: Spoken = None, url: Url = None) -> None:
    """No bot buys with real money any more, at once; what they hold can still be sold."""
    _over_the_api(language, url, lambda client, spoken: change_live(client, console, spoken, _ask, on=False))


@live.command()
def compare(language: Spoken = None, url: Url = None) -> None:
    """Compare what was recorded, what each bot says and what the exchange says; show what differs and what to do."""
    _over_the_api(language, url, lambda client, spoken: show_differences(client, console, spoken))


@live.command()
def settle(finding_id: FindingId, language: Spoken = None, url: Url = None) -> None:
    """Have a difference put right the way the exchange has it: makes a proposal, which you confirm."""
    _over_the_api(language, url, lambda client, spoken: settle_difference(client, console, spoken, finding_id))


@audit.command()
def verify(language: Spoken = None) -> None:
    """Read every line and name each that was edited, removed or moved. Needs nothing to run."""
    settings, spoken = _read(language)
    try:
        check = verify_file(settings.database)
    except Unreadable as error:
        fail(say(spoken, "cli.audit.unreadable", path=settings.database, why=error), UNREADABLE)
    for broken in check.broken:
        typer.echo(say(spoken, f"cli.audit.{broken.what}", line=broken.id))
    typer.echo(say(spoken, "cli.audit.whole" if check.ok else "cli.audit.broken", lines=check.lines))
    raise typer.Exit(0 if check.ok else 1)


@audit.command()
def export(
    out: Annotated[Path | None, typer.Option(help="The file to write; the terminal where it is left out.")] = None,
    language: Spoken = None,
) -> None:
    """Write every line as one of JSON, oldest first, with its seals. Needs nothing to run."""
    settings, spoken = _read(language)
    try:
        if out is None:
            export_file(settings.database, sys.stdout)
        else:
            with out.open("w", encoding="utf-8") as file:
                export_file(settings.database, file)
    except Unreadable as error:
        fail(say(spoken, "cli.audit.unreadable", path=settings.database, why=error), UNREADABLE)
    except OSError as error:
        fail(f"{error.filename or out or 'stdout'}: {error.strerror}")


def _read(language: str | None) -> tuple[Settings, Language]:
    """A model that cannot be used is no reason not to stop."""
    settings = read_settings(with_model=False)
    return settings, read_language(language, settings)


def _over_the_api(language: str | None, url: str | None, do: Do) -> NoReturn:
    """Ends the command: with 0 where it did what was asked."""
    settings, spoken = _read(language)
    try:
        done = asyncio.run(_with_client(settings, spoken, url, do))
    except ApiError as error:
        fail(str(error))
    except KeyboardInterrupt:
        done = False
    raise typer.Exit(0 if done else 1)


async def _press(settings: Settings, address: str, language: Language, *, exit_: bool, here: bool) -> None:
    """Strangers who keep trying passwords lock nobody out who is where the data is."""
    async with ApiClient(address, language, PANIC_S) as client:
        try:
            async with asyncio.timeout(SIGN_IN_S):
                await enter(client, settings)
        except TimeoutError as error:
            raise NoAnswer(f"{address} does not answer within {SIGN_IN_S:.0f} s") from error
        except NoAnswer:
            raise
        except ApiError:
            if not here:
                raise
            client.use_token(let_in(settings))
        await press(client, console, language, exit_=exit_)


async def _with_client(settings: Settings, language: Language, url: str | None, do: Do) -> bool:
    async with sign_in(settings, url, language) as client:
        return await do(client, language)


def _ask(question: str) -> bool:
    """Whether the person typed yes; whatever else it was is a no."""
    typer.echo(f"{question} ", nl=False)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "s", "sim")
