"""What a person can say in the chat that goes past the assistant: no model is in that loop."""

from rich.console import Console

from agent.words import Language, say
from api.terminal.cards import render
from api.terminal.client import ApiClient
from api.terminal.decisions import find_proposal, list_open, send
from api.terminal.panic import press
from api.terminal.plain import plain
from api.terminal.proposal import Word, decided
from tools.cards import Card, ProposalCard


class Commands:
    """`/confirm ID`, `/deny ID`, `/proposals`, `/panic` and `/panic exit`."""

    def __init__(self, client: ApiClient, console: Console, language: Language) -> None:
        self._client = client
        self._console = console
        self._language = language
        self._shown: dict[str, str] = {}
        """The hash of each proposal that this person has seen here, by its id."""

    def saw(self, card: Card) -> None:
        """A card was shown."""
        if isinstance(card, ProposalCard):
            self._shown[card.proposal.id] = card.proposal.hash

    async def run(self, text: str) -> bool:
        """Does what a command says; False where it is none of ours. Raises `ApiError`."""
        match text.split():
            case [("/confirm" | "/deny") as command, wanted]:
                await self._decide("confirm" if command == "/confirm" else "deny", wanted)
            case [("/confirm" | "/deny") as command, *_]:
                self._console.print(plain(say(self._language, "chat.usage", command=command)))
            case ["/proposals"]:
                await list_open(self._client, self._console, self._language)
            case ["/panic"]:
                await press(self._client, self._console, self._language, exit_=False)
            case ["/panic", "exit" | "--exit"]:
                await press(self._client, self._console, self._language, exit_=True)
            case _:
                return False
        return True

    async def _decide(self, word: Word, wanted: str) -> None:
        """A yes or a no goes only to what was shown here; what was not is shown first."""
        found = [proposal_id for proposal_id in self._shown if proposal_id.startswith(wanted)]
        if len(found) == 1:
            await send(self._client, self._console, self._language, found[0], self._shown[found[0]], word)
            return
        card = ProposalCard(proposal=await find_proposal(self._client, wanted))
        self._console.print(render(card, self._language))
        if already := decided(card.proposal, self._language, word):
            self._console.print(plain(already))
            return
        self._console.print(plain(say(self._language, "chat.look_first")))
        self.saw(card)
