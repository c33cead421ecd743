"""The owner's limits."""

from fastapi import APIRouter, Response
from pydantic import ValidationError

from api.auth import Reader
from api.routes import Deps
from api.writes import MAY_WAIT, WriteRoute, Writes
from tools.actions import BlockPair, SetLimits, UnblockPair, invalid
from tools.bot import Frozen, Pair
from tools.cards import ReceiptCard
from tools.guard.limits import LimitsChange
from tools.views import LimitsView, PreviewView

router = APIRouter(prefix="/api/limits", tags=["limits"], route_class=WriteRoute)


class OtherLimits(Frozen):
    changes: LimitsChange


class OnePair(Frozen):
    pair: Pair


@router.get("")
async def read_limits(_: Reader, services: Deps) -> LimitsView:
    return services.desk.read_limits()


@router.put("", response_model=ReceiptCard, responses=MAY_WAIT)
async def set_limits(changes: LimitsChange, writes: Writes) -> Response:
    """What makes limits tighter is done at once; what makes them looser takes a person's word and a wait."""
    return await writes.submit(SetLimits(changes=changes))


@router.post("/preview")
async def preview_limits(body: OtherLimits, _: Reader, services: Deps) -> PreviewView:
    """What the last 30 days' entry orders would have been under other limits; changes nothing."""
    try:
        return await services.gate.preview(body.changes)
    except ValidationError as contradiction:
        raise invalid(contradiction) from contradiction


@router.post("/block", response_model=ReceiptCard, responses=MAY_WAIT)
async def block_pair(body: OnePair, writes: Writes) -> Response:
    """No bot enters the pair any more; open trades in it can be closed."""
    return await writes.submit(BlockPair(pair=body.pair))


@router.post("/unblock", response_model=ReceiptCard, responses=MAY_WAIT)
async def unblock_pair(body: OnePair, writes: Writes) -> Response:
    return await writes.submit(UnblockPair(pair=body.pair))
