"""The account of what was asked, judged and done."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.auth import Reader
from api.routes import Deps

router = APIRouter(prefix="/api", tags=["audit"])


class AuditView(BaseModel):
    id: int
    submission: str
    phase: str
    action_kind: str
    action: dict[str, Any]
    actor: dict[str, Any]
    door: str
    verdict: str
    rule: str | None
    numbers: dict[str, str]
    receipt: dict[str, Any] | None
    at: datetime


@router.get("/audit")
async def read_audit(
    _: Reader,
    services: Deps,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> list[AuditView]:
    """The newest lines, newest first; older ones by `before`."""
    rows = services.audit.read_newest(limit, before)
    return [AuditView.model_validate(row.model_dump()) for row in rows]
