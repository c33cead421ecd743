"""Whether record, bots and exchange agree, in a terminal."""

from collections.abc import Iterator
from urllib.parse import quote

from rich.console import Console

from agent.words import Language, say
from api.terminal.client import ApiClient
from api.terminal.plain import plain
from api.terminal.tables import as_said
from tools.views import FindingView, ReconciliationView


async def show_differences(client: ApiClient, console: Console, language: Language) -> bool:
    """Has them compared now and shows what differs; True if all agree. Raises `ApiError`."""
    view = ReconciliationView.model_validate(await client.ask("POST", "/api/reconciliation"))
    for line in tell_differences(view, language):
        console.print(plain(line), soft_wrap=True)
    return view.agrees is True


async def settle_difference(client: ApiClient, console: Console, language: Language, finding_id: str) -> bool:
    """Asks for it and names the proposal that waits for a person's word; True if it does. Raises `ApiError`."""
    content = await client.ask("POST", f"/api/reconciliation/{quote(finding_id, safe='')}/settle")
    proposal = content.get("proposal", {})
    console.print(plain(say(language, "cli.differences.proposed", id=proposal.get("id", "-"))), soft_wrap=True)
    return "id" in proposal


def tell_differences(view: ReconciliationView, language: Language) -> Iterator[str]:
    """What there is to say, a line each."""
    if view.agrees is None:
        yield say(language, "cli.differences.unknown")
    elif view.agrees:
        yield say(language, "cli.differences.noted" if view.findings else "cli.differences.none")
    for found in view.findings:
        yield from _finding(found, language)
    if view.unasked:
        yield say(language, "cli.differences.unasked", bots=", ".join(view.unasked))


def _finding(found: FindingView, language: Language) -> Iterator[str]:
    pair = found.pair or "-"
    told = as_said({**found.numbers, "pair": pair, "base": pair.split("/")[0]}, language)
    whose = f"{found.bot_name}: " if found.bot_name else ""
    yield f"{whose}{say(language, f'finding.{found.kind}', **told)}"
    yield f"  {say(language, f'finding.{found.kind}.hint', **told)}"
    if found.uncertain:
        yield f"  {say(language, 'cli.differences.paused')}"
    if found.settles:
        what = say(language, f"finding.{found.kind}.settle", **told)
        yield f"  {say(language, 'cli.differences.settle', id=found.id, what=what)}"
