"""What others may ask of the gate; how a thing is done once it is allowed stays behind it."""

from typing import Any, Protocol

from tools.actions import Action
from tools.cards import ProposalCard
from tools.guard.actor import Actor
from tools.guard.limits import LimitsChange
from tools.guard.submissions import Outcome
from tools.views import PreviewView


class Entrance(Protocol):
    """For models and for programs: they can only ask."""

    async def submit(self, action: Action | dict[str, Any], actor: Actor, key: str | None = None) -> Outcome:
        """See `Gate.submit`."""


class Counter(Entrance, Protocol):
    """For the doors that people come through: they can also decide."""

    async def confirm(self, proposal_id: str, shown_hash: str, actor: Actor) -> Outcome:
        """See `Gate.confirm`."""

    async def deny(self, proposal_id: str, shown_hash: str, actor: Actor) -> ProposalCard:
        """See `Gate.deny`."""

    async def preview(self, changes: LimitsChange) -> PreviewView:
        """See `Gate.preview`."""
