"""What the guard keeps from happening now, the panic stop, and whether real money can be traded."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from api.auth import Operator, Reader
from api.routes import Deps
from api.writes import MAY_WAIT, WriteRoute, Writes
from tools.actions import Panic, ReleasePanic, SettleFinding
from tools.bot import Frozen, Switch
from tools.bots.requests import describe_finding
from tools.cards import ReceiptCard
from tools.views import GuardView, LiveView, ReconciliationView

router = APIRouter(prefix="/api", tags=["guard"], route_class=WriteRoute)

FindingId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


class Pressed(Frozen):
    exit: Switch = False
    """Also sells at market all that the bots hold."""


@router.get("/guard")
async def read_guard(_: Reader, services: Deps) -> GuardView:
    return services.desk.read_guard()


@router.post("/panic", response_model=ReceiptCard, responses=MAY_WAIT)
async def panic(writes: Writes, body: Annotated[Pressed, Body(default_factory=Pressed)]) -> Response:
    """No new entries anywhere, at once and until a person lifts it."""
    return await writes.submit(Panic(exit=body.exit))


@router.post("/panic/release", response_model=ReceiptCard, responses=MAY_WAIT)
async def release_panic(writes: Writes) -> Response:
    """Entries are possible again; the bots stay paused until each is resumed."""
    return await writes.submit(ReleasePanic())


@router.get("/live")
async def read_live(_: Reader, services: Deps) -> LiveView:
    """The exchange key as it was last looked at, whether real money is enabled, and the bots that trade with it."""
    return services.desk.read_live()


@router.post("/live/check")
async def check_live(_: Operator, services: Deps) -> LiveView:
    """Has the exchange key looked at anew; changes nothing."""
    await services.check_key()
    return services.desk.read_live()


@router.get("/reconciliation")
async def read_reconciliation(_: Reader, services: Deps) -> ReconciliationView:
    """Whether what was recorded, what each bot says and what the exchange says were the same when last compared."""
    return services.reconciliation.read()


@router.post("/reconciliation")
async def reconcile(_: Operator, services: Deps) -> ReconciliationView:
    """Compares them now; mends what can be mended without a person's word."""
    return await services.reconciliation.look()


@router.post("/reconciliation/{finding_id}/settle", response_model=ReceiptCard, responses=MAY_WAIT)
async def settle_finding(finding_id: FindingId, writes: Writes, services: Deps) -> Response:
    """Accepts what the exchange says where the record or a bot says something else; nothing is bought or sold."""
    content = describe_finding(services.reconciliation.read(), finding_id)
    return await writes.submit(SettleFinding.model_validate(content))
