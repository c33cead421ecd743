"""The wire contract: what a viewer of a conversation or of the desk is sent.

A conversation's stream carries AI SDK UI message chunks, each in an envelope of `run_id` and `chunk`. A person's
message is the chunk `data-user`; a card is the chunk `data-card`, and one with an id that was seen takes its place.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tools.cards import CARD, Card, ProposalCard, TaintCard
from tools.store.events import EventLog

DESK = "desk"
CHUNK = "chunk"
SHOWN = "shown"
PROPOSAL = "proposal-"


class ConversationEvents:
    """Writes one conversation's stream."""

    def __init__(self, log: EventLog, conversation_id: str) -> None:
        self._log = log
        self._stream = conversation_id

    def chunk(self, run_id: str, chunk: Mapping[str, Any]) -> None:
        """One AI SDK chunk of a run."""
        if chunk["type"] == "data-card" and chunk["id"].startswith(PROPOSAL):
            self._note_place(run_id, chunk["id"])
        self._log.append(self._stream, CHUNK, chunk, run_id)

    def person_said(self, run_id: str, text: str, door: str) -> None:
        self.chunk(run_id, {"type": "data-user", "id": run_id, "data": {"text": text, "door": door}})

    def card(self, run_id: str, card_id: str, card: Card) -> None:
        """Shows a card, or a new state of it."""
        content = CARD.dump_python(card, mode="json")
        self.chunk(run_id, {"type": "data-card", "id": card_id, "data": content})

    def cards(self, run_id: str, cards: Iterable[Card]) -> None:
        """Shows cards that have an id of their own."""
        for card in cards:
            self.card(run_id, id_of(card, run_id) or run_id, card)

    def notice(self, run_id: str, card_id: str, card: Card) -> None:
        """A message of its own that holds one card: something happened without being asked for."""
        self.chunk(run_id, {"type": "start", "messageId": run_id})
        self.card(run_id, card_id, card)
        self.end(run_id)

    def failed(self, run_id: str, text: str) -> None:
        """Ends a run that broke off, with the reason in words."""
        self.chunk(run_id, {"type": "error", "errorText": text})
        self.end(run_id)

    def end(self, run_id: str) -> None:
        self.chunk(run_id, {"type": "finish"})

    def _note_place(self, run_id: str, card_id: str) -> None:
        """Keeps where a card stands, in a stream of the card's own."""
        place = {"conversation_id": self._stream, "run_id": run_id}
        if place not in [event.data for event in self._log.read(card_id)]:
            self._log.append(card_id, SHOWN, place)


def id_of(card: Card, run_id: str) -> str | None:
    """The id of a card that is drawn anew in place; None for one that stays as it is."""
    match card:
        case ProposalCard():
            return f"{PROPOSAL}{card.proposal.id}"
        case TaintCard():
            return f"taint-{run_id}"
    return None


def redraw(log: EventLog, card: ProposalCard) -> None:
    """Draws a proposal anew wherever it was shown: in each conversation, in the run that showed it."""
    card_id = f"{PROPOSAL}{card.proposal.id}"
    for event in log.read(card_id):
        place = event.data
        ConversationEvents(log, place["conversation_id"]).card(place["run_id"], card_id, card)
