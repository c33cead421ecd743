"""The panic stop from a terminal, also when nothing answers."""

from datetime import UTC
from uuid import uuid4

from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from agent.words import Language, say
from api.settings import Settings
from api.start import PATIENCE_MS
from api.terminal.client import ApiClient
from api.terminal.decisions import Ask, answer, show_outcome
from api.terminal.plain import plain
from tools.actions import Panic
from tools.cards import ProposalCard
from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.guard.holds import PRESSED, Holds
from tools.store.database import Store

HERE = Actor(door="cli")


async def press(client: ApiClient, console: Console, language: Language, *, exit_: bool) -> bool:
    """Has no bot enter any more. Raises `ApiError`, and `NoAnswer` where nothing answers."""
    show_outcome(await client.ask("POST", "/api/panic", {"exit": exit_}), console, language)
    return True


async def lift(client: ApiClient, console: Console, language: Language, ask: Ask) -> bool:
    """Asks the guard to let bots enter again, and the person whether that is meant."""
    outcome = show_outcome(await client.ask("POST", "/api/panic/release"), console, language)
    if isinstance(outcome, ProposalCard):
        return await answer(client, console, language, outcome.proposal, "confirm", ask)
    return True


def keep(settings: Settings, address: str, console: Console, language: Language, *, exit_: bool) -> bool:
    """Writes the panic stop straight into the database; False where it cannot.

    A product that only hung sees it as soon as it goes on, and carries it out; one that is down, when it starts.
    """

    def tell(name: str, **blanks: object) -> None:
        console.print(plain(say(language, f"cli.panic.{name}", **blanks)), soft_wrap=True)

    tell("no_answer", address=address)
    try:
        _write(settings, exit_)
    except (SQLAlchemyError, OSError) as error:
        tell("not_kept", path=settings.database, why=str(error).split("\n", maxsplit=1)[0])
        return False
    tell("kept", path=settings.database)
    if exit_:
        tell("sold_later")
    return True


def _write(settings: Settings, exit_: bool) -> None:
    """The account of it first, as everywhere. Raises `OSError` where there is no database: nothing was ever started."""
    if not settings.database.is_file():
        raise FileNotFoundError(f"no such file: {settings.database}")
    store = Store(settings.database, PATIENCE_MS)
    try:
        store.migrate()
        audit, submission, action = Audit(store), uuid4().hex, Panic(exit=exit_)
        audit.write(submission, "judged", action, HERE, verdict="allow", risk=action.risk)
        press = Holds(store).press(exits=exit_, door=HERE.door)
        row = Holds(store).find(None)
        if row is None or row.details.get(PRESSED) != press:
            raise OSError("it was written, and is not there")
        receipt = {"hold": row.id, "at": row.at.astimezone(UTC).isoformat()}
        audit.write(submission, "done", action, HERE, verdict="allow", risk=action.risk, receipt=receipt)
    finally:
        store.close()
