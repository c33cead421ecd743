"""One bot's REST server, typed. Nothing is tried twice: a caller sees every failure."""

import json
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from tools.errors import Problem
from tools.freqtrade.answers import Balance, Count, LastRound, LogLine, Profit, ShowConfig, Trade, TradePage
from tools.freqtrade.config import RestAccess

T = TypeVar("T")


class BotUnreachable(Problem):
    """The bot's REST server did not answer as it should; `reason` says in what way."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("bot_unreachable", 502, reason=reason)


class Client:
    """Asks one bot. Every method raises `BotUnreachable`."""

    def __init__(self, access: RestAccess, *, timeout_s: float = 5) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{access.port}/api/v1",
            auth=httpx.BasicAuth(access.username, access.password),
            timeout=timeout_s,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Lets go of the connections; the bot runs on."""
        await self._http.aclose()

    async def ping(self) -> None:
        """Returns if the server answers; needs no credentials."""
        if (await self._json("GET", "/ping")) != {"status": "pong"}:
            raise BotUnreachable("not a pong")

    async def version(self) -> str:
        return str((await self._ask(dict[str, str], "GET", "/version"))["version"])

    async def show_config(self) -> ShowConfig:
        return await self._ask(ShowConfig, "GET", "/show_config")

    async def status(self) -> list[Trade]:
        """The open trades, the newest first."""
        trades = await self._ask(list[Trade], "GET", "/status")
        return sorted(trades, key=lambda trade: trade.trade_id, reverse=True)

    async def trades(self, limit: int = 50, offset: int = 0) -> list[Trade]:
        """Open trades, then closed ones by when they closed, the newest first; at most `limit` after `offset`."""
        opened = await self.status()
        shown = opened[offset : offset + limit]
        if len(shown) == limit:
            return shown
        page = {
            "limit": limit - len(shown),
            "offset": max(offset - len(opened), 0),
            "order_by_id": False,
        }
        return shown + (await self._ask(TradePage, "GET", "/trades", params=page)).trades

    async def profit(self) -> Profit:
        return await self._ask(Profit, "GET", "/profit")

    async def balance(self) -> Balance:
        return await self._ask(Balance, "GET", "/balance")

    async def count(self) -> Count:
        return await self._ask(Count, "GET", "/count")

    async def start(self) -> None:
        """Lets the bot enter trades; it acts on it within its next round, some seconds."""
        await self._json("POST", "/start")

    async def pause(self) -> None:
        """Stops new entries; open trades are still managed."""
        await self._json("POST", "/pause")

    async def last_round(self) -> datetime | None:
        """When the bot last finished a round of looking at its pairs; None before the first."""
        return (await self._ask(LastRound, "GET", "/health")).last_process

    async def stop(self) -> None:
        """Stops managing trades altogether; the process stays."""
        await self._json("POST", "/stop")

    async def force_exit(self, trade_id: int) -> None:
        """Sells what one open trade holds, at market."""
        await self._json("POST", "/forceexit", body={"tradeid": str(trade_id), "ordertype": "market"})

    async def logs(self, limit: int = 100) -> list[LogLine]:
        """The last lines of the bot's log, the oldest first."""
        rows = (await self._ask(dict[str, Any], "GET", "/logs", params={"limit": limit}))["logs"]
        return [LogLine(at=at, logger=name, level=level, message=text) for _, at, name, level, text in rows]

    async def _ask(self, shape: type[T], method: str, path: str, params: dict[str, Any] | None = None) -> T:
        answer = await self._json(method, path, params=params)
        try:
            return TypeAdapter(shape).validate_python(answer)
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, item["loc"])) for item in error.errors())
            raise BotUnreachable(f"{path}: unexpected answer ({fields})") from None

    async def _json(
        self, method: str, path: str, *, params: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> Any:
        try:
            answer = await self._http.request(method, path, params=params, json=body)
            answer.raise_for_status()
            return json.loads(answer.text, parse_float=Decimal)
        except httpx.HTTPStatusError as error:
            raise BotUnreachable(f"{path}: HTTP {error.response.status_code}") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RuntimeError) as error:
            # httpx raises a RuntimeError where the client was closed meanwhile.
            raise BotUnreachable(f"{path}: {type(error).__name__}") from None
