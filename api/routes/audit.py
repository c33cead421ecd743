"""The account of what was asked, judged and done."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from api.account import AuditCheck, AuditFilter, AuditView, read_lines, write_jsonl
from api.auth import Reader
from api.routes import Deps

router = APIRouter(prefix="/api/audit", tags=["audit"])

JSONL = "application/x-ndjson"
AS_A_FILE = {"content-disposition": 'attachment; filename="tradehelm-audit.jsonl"'}


@router.get("")
async def read_audit(
    _: Reader,
    services: Deps,
    wanted: Annotated[AuditFilter, Depends()],
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[AuditView]:
    """The newest lines, newest first; older ones by `before`."""
    return read_lines(services.store, wanted, limit)


@router.get("/verify")
async def verify_audit(_: Reader, services: Deps) -> AuditCheck:
    """Whether every line is there as it was written; names those that are not."""
    return AuditCheck.of(await asyncio.to_thread(services.audit.verify))


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {JSONL: {"schema": {"type": "string"}}}, "description": "One line of JSON each"}},
)
async def export_audit(_: Reader, services: Deps) -> StreamingResponse:
    """All lines, oldest first, with their seals."""
    return StreamingResponse(write_jsonl(services.audit.read_all()), media_type=JSONL, headers=AS_A_FILE)
