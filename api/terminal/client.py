"""The REST API as the terminal uses it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
from httpx_sse import aconnect_sse

from api.terminal.plain import clean

CONNECT_S = 10.0
RETRY_S = 0.5
RETRIES = 60
"""As often in a row is a stream taken up again that breaks or does not come: a restart fits in."""


class ApiError(Exception):
    """The API's own sentence for what is wrong."""


class NoAnswer(ApiError):
    """Nothing answers there, or not in time."""


@dataclass(frozen=True)
class Chunk:
    """One chunk of a conversation's stream."""

    seq: int
    run_id: str
    content: dict[str, Any]


class ApiClient:
    """One signed-in session."""

    def __init__(self, url: str, language: str, timeout_s: float = 120) -> None:
        headers, timeout = {"accept-language": language}, httpx.Timeout(timeout_s, connect=CONNECT_S)
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    def use_token(self, token: str) -> None:
        self._http.headers["authorization"] = f"Bearer {token}"

    async def sign_in(self, password: str) -> None:
        await self.ask("POST", "/api/session", {"password": password, "client": "cli"})

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The JSON of an answer. Raises `ApiError`."""
        try:
            answer = await self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise self._no_answer() from error
        try:
            content = answer.json() if answer.content else None
        except ValueError as error:
            raise ApiError(f"{self._http.base_url} answers with something else: is it Tradehelm?") from error
        if answer.is_error:
            detail = content.get("detail") if isinstance(content, dict) else None
            raise ApiError(clean(str(detail or f"HTTP {answer.status_code}")))
        return content

    async def follow(self, conversation_id: str, after: int = 0) -> AsyncGenerator[Chunk]:
        """A conversation's chunks after a number, then each as it comes; takes up again where a connection breaks.

        Raises `ApiError` where it may not be followed, and where nothing has answered for half a minute.
        """
        path = f"/api/conversations/{conversation_id}/events"
        failures = 0
        while True:
            headers = {"Last-Event-ID": str(after)}
            try:
                async with aconnect_sse(self._http, "GET", path, headers=headers, timeout=60) as source:
                    source.response.raise_for_status()
                    async for event in source.aiter_sse():
                        failures = 0
                        if event.data:
                            envelope = json.loads(event.data)
                            after = envelope["seq"]
                            yield Chunk(after, envelope["run_id"], envelope["chunk"])
            except httpx.HTTPStatusError as error:
                raise ApiError(f"HTTP {error.response.status_code}") from error
            except httpx.TransportError as error:
                failures += 1
                if failures > RETRIES:
                    raise self._no_answer() from error
            await asyncio.sleep(RETRY_S)

    def _no_answer(self) -> NoAnswer:
        return NoAnswer(f"{self._http.base_url} does not answer: start it with `tradehelm up`")
