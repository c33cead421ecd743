"""Proposals in a terminal: listed, shown whole, and answered by a person."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from rich.console import Console

from agent.words import Language, say
from api.terminal.cards import render
from api.terminal.client import ApiClient
from api.terminal.plain import plain
from api.terminal.proposal import Word, decided, list_proposals
from tools.cards import CARD, Card, LimitsCard, ProposalCard, ReceiptCard
from tools.views import LimitsView, ProposalView

Ask = Callable[[str], bool]


async def list_open(client: ApiClient, console: Console, language: Language) -> bool:
    """What still waits. Raises `ApiError`."""
    waiting = [ProposalView.model_validate(one) for one in await client.ask("GET", "/api/proposals?open=true")]
    shown = list_proposals(waiting, language) if waiting else plain(say(language, "cli.proposals.none"))
    console.print(shown)
    return True


async def show_limits(client: ApiClient, console: Console, language: Language) -> bool:
    view = LimitsView.model_validate(await client.ask("GET", "/api/limits"))
    console.print(render(LimitsCard(limits=view), language))
    return True


async def change_live(client: ApiClient, console: Console, language: Language, ask: Ask, *, on: bool) -> bool:
    """Real money allowed or not; what comes of it waits for a yes, which is asked for. Raises `ApiError`."""
    card = show_outcome(await client.ask("PUT", "/api/limits", {"live_enabled": on}), console, language)
    if isinstance(card, ProposalCard):
        return await answer(client, console, language, card.proposal, "confirm", ask)
    return True


async def find_proposal(client: ApiClient, wanted: str) -> ProposalView:
    """By its id or how that begins. Raises `ApiError`, also where more than one begins like that."""
    known = [ProposalView.model_validate(one) for one in await client.ask("GET", "/api/proposals")]
    found = [one for one in known if one.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    return ProposalView.model_validate(await client.ask("GET", f"/api/proposals/{quote(wanted, safe='')}"))


async def decide(  # noqa: PLR0913  what is asked of whom, and where it is said
    client: ApiClient, console: Console, language: Language, wanted: str, word: Word, ask: Ask
) -> bool:
    """Shows a proposal whole, asks the person, and passes on a yes; False where nothing was decided.

    One that was decided before is only shown.
    """
    proposal = await find_proposal(client, wanted)
    console.print(render(ProposalCard(proposal=proposal), language))
    if already := decided(proposal, language, word):
        console.print(plain(already))
        return False
    return await answer(client, console, language, proposal, word, ask)


async def answer(  # noqa: PLR0913
    client: ApiClient, console: Console, language: Language, proposal: ProposalView, word: Word, ask: Ask
) -> bool:
    """Asks the person about a proposal that was just shown."""
    if not ask(say(language, f"cli.ask.{word}", id=proposal.id)):
        console.print(plain(say(language, "cli.not_decided")))
        return False
    await send(client, console, language, proposal.id, proposal.hash, word)
    return True


async def send(  # noqa: PLR0913
    client: ApiClient, console: Console, language: Language, proposal_id: str, shown_hash: str, word: Word
) -> None:
    """Passes a person's word on with the hash that was shown, and shows what came of it. Raises `ApiError`."""
    outcome = await client.ask("POST", f"/api/proposals/{quote(proposal_id, safe='')}/{word}", {"hash": shown_hash})
    show_outcome(outcome, console, language)


def show_outcome(content: Any, console: Console, language: Language) -> Card:
    """What a write came to, with its sentence where something was done."""
    card = CARD.validate_python(content)
    if isinstance(card, ReceiptCard):
        name = card.bot.spec.name if card.bot else card.strategy.name if card.strategy else ""
        console.print(plain(say(language, f"receipt.{card.action}", name=name)))
    console.print(render(card, language))
    return card
