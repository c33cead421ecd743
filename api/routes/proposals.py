"""Proposals: actions that wait for a person's word."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from api.auth import Known, Reader
from api.errors import answer_outcome
from api.routes import Deps
from api.writes import MAY_WAIT, WriteRoute
from tools.bot import Frozen
from tools.cards import ProposalCard, ReceiptCard
from tools.views import ProposalView

router = APIRouter(prefix="/api/proposals", tags=["proposals"], route_class=WriteRoute)

NEWEST = 50
ProposalId = Annotated[str, Path(max_length=60)]


class Answer(Frozen):
    """A person's word on exactly what was shown."""

    hash: Annotated[str, Field(max_length=100)]
    """The proposal's hash as it was shown."""


@router.get("")
async def read_proposals(
    _: Reader,
    services: Deps,
    only_open: Annotated[bool, Query(alias="open")] = False,
) -> list[ProposalView]:
    """Those that still wait, and then the newest of the others; each newest first."""
    waiting = services.proposals.read_open()
    if only_open:
        return waiting
    known = {proposal.id for proposal in waiting}
    return waiting + [one for one in services.proposals.read_newest(NEWEST) if one.id not in known]


@router.get("/{proposal_id}")
async def read_proposal(proposal_id: ProposalId, _: Reader, services: Deps) -> ProposalView:
    return services.proposals.read(proposal_id)


@router.post("/{proposal_id}/confirm", response_model=ReceiptCard, responses=MAY_WAIT)
async def confirm_proposal(
    proposal_id: ProposalId, answer: Answer, caller: Known, services: Deps, request: Request
) -> Response:
    """Judged again and done; a loosening waits once more. Takes the confirm scope."""
    return answer_outcome(request, await services.gate.confirm(proposal_id, answer.hash, caller.actor()))


@router.post("/{proposal_id}/deny")
async def deny_proposal(proposal_id: ProposalId, answer: Answer, caller: Known, services: Deps) -> ProposalCard:
    """Also takes back a loosening that is confirmed and waits. Takes the confirm scope."""
    return await services.gate.deny(proposal_id, answer.hash, caller.actor())
