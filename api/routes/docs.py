"""The API's own description, for those who are signed in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from api.auth import Reader

router = APIRouter(prefix="/api", include_in_schema=False)


@router.get("/openapi.json")
async def read_openapi(_: Reader, request: Request) -> dict[str, Any]:
    schema: dict[str, Any] = request.app.openapi()
    return schema


@router.get("/docs")
async def read_docs(_: Reader) -> HTMLResponse:
    return get_swagger_ui_html(openapi_url="/api/openapi.json", title="Tradehelm")
