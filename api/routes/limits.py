"""The owner's limits."""

from fastapi import APIRouter, Request, Response

from api.auth import Confirmer, Reader
from api.errors import answer_outcome
from api.routes import Deps
from tools.actions import SetLimits
from tools.cards import ReceiptCard
from tools.guard.limits import LimitsChange
from tools.views import LimitsView

router = APIRouter(prefix="/api", tags=["limits"])


@router.get("/limits")
async def read_limits(_: Reader, services: Deps) -> LimitsView:
    return services.desk.read_limits()


@router.put("/limits", response_model=ReceiptCard)
async def set_limits(changes: LimitsChange, caller: Confirmer, services: Deps, request: Request) -> Response:
    outcome = await services.gate.submit(SetLimits(changes=changes), caller.actor())
    return answer_outcome(request, outcome)
