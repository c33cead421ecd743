"""One bot's REST server, typed. Nothing is tried twice: a caller sees every failure."""

import asyncio
import json
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from tools.errors import Problem
from tools.freqtrade.answers import (
    Balance,
    Count,
    LastRound,
    Lock,
    Locks,
    LogLine,
    Profit,
    ShowConfig,
    Trade,
    TradePage,
)
from tools.freqtrade.config import RestAccess, number

T = TypeVar("T")

ORDER_TIMEOUT_S = 30.0
"""An order waits for the bot's round to end, for the guard and for the exchange."""
MOST_BYTES = 16 * 1024 * 1024
GONE = "no active trade"
"""What a bot says that took an order back and had nothing left of the trade to show."""


class BotUnreachable(Problem):
    """The bot's REST server did not answer as it should; `reason` says in what way."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("bot_unreachable", 502, reason=reason)


class OrderRefused(Problem):
    """The bot understood, and did not do it: its guard, its state, its exchange; `reason` is what it said."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("order_refused_by_bot", 409, reason=reason)


class Client:
    """Asks one bot. Every method raises `BotUnreachable`; those that make or take back an order, `OrderRefused` too.

    After `BotUnreachable` from one of the latter nobody knows whether it was done: read the trades.
    """

    def __init__(self, access: RestAccess, *, timeout_s: float = 5) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{access.port}/api/v1",
            auth=httpx.BasicAuth(access.username, access.password),
            timeout=timeout_s,
            trust_env=False,
        )
        self._timeout_s = timeout_s

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

    async def force_entry(self, pair: str, stake: Decimal | None = None, price: Decimal | None = None) -> int | None:
        """Enters a pair now, with the bot's own stake and at the market's price unless told otherwise.

        The id of the trade; None where the order was made and came to nothing. A running bot only; the guard is asked.
        """
        body: dict[str, Any] = {"pair": pair, "side": "long", "entry_tag": "force_entry"}
        if stake is not None:
            body["stakeamount"] = number(stake)
        if price is not None:
            body |= {"price": number(price), "ordertype": "limit"}
        trade = await self._order("POST", "/forceenter", body)
        return int(trade["trade_id"]) if "trade_id" in trade else None

    async def force_exit(self, trade_id: int | None, amount: Decimal | None = None) -> None:
        """Sells at market what one open trade holds, or `amount` of it (base currency); with None, what all hold."""
        body: dict[str, Any] = {"tradeid": "all" if trade_id is None else str(trade_id), "ordertype": "market"}
        if amount is not None:
            body["amount"] = number(amount)
        await self._order("POST", "/forceexit", body)

    async def cancel_open_order(self, trade_id: int) -> None:
        """Takes back the open orders of a trade; a trade that never got anything is gone then."""
        try:
            await self._order("DELETE", f"/trades/{trade_id}/open-order")
        except OrderRefused as refused:
            if GONE not in refused.reason:
                raise

    async def reload_trade(self, trade_id: int) -> None:
        """Has the bot read the orders of a trade from the exchange, and mend what it thought of it."""
        await self._order("POST", f"/trades/{trade_id}/reload")

    async def delete_trade(self, trade_id: int) -> None:
        """Takes back the open orders of a trade, and forgets that there was one; nothing is sold."""
        await self._order("DELETE", f"/trades/{trade_id}")

    async def locks(self) -> list[Lock]:
        """Those that are in force."""
        return (await self._ask(Locks, "GET", "/locks")).locks

    async def lock_pair(self, pair: str, until: datetime, reason: str) -> None:
        """Keeps the bot from entering a pair; Freqtrade rounds `until` up to the end of a candle."""
        lock = {"pair": pair, "side": "*", "until": until.isoformat(), "reason": reason}
        await self._json("POST", "/locks", body=[lock])

    async def unlock_pair(self, pair: str) -> None:
        """Lifts every lock of a pair."""
        await self._json("POST", "/locks/delete", body={"pair": pair})

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

    async def _order(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = await self._json(method, path, body=body, timeout_s=ORDER_TIMEOUT_S, refusals=(500, 502))
        if not isinstance(answer, dict):
            raise BotUnreachable(f"{path}: unexpected answer")
        return answer

    async def _json(  # noqa: PLR0913
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        body: Any = None,
        timeout_s: float | None = None,
        refusals: tuple[int, ...] = (),
    ) -> Any:
        bound_s = timeout_s or self._timeout_s
        try:
            async with asyncio.timeout(bound_s):
                answer = await self._whole(method, path, params=params, json=body, timeout=bound_s)
            if answer.status_code in refusals:
                raise OrderRefused(_reason(answer))
            answer.raise_for_status()
            return json.loads(answer.text, parse_float=Decimal)
        except httpx.HTTPStatusError as error:
            raise BotUnreachable(f"{path}: HTTP {error.response.status_code}") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RuntimeError, TimeoutError) as error:
            # httpx raises a RuntimeError where the client was closed meanwhile.
            raise BotUnreachable(f"{path}: {type(error).__name__}") from None

    async def _whole(self, method: str, path: str, **request: Any) -> httpx.Response:
        """An answer of a bearable size: its server runs in the same process as a strategy. Raises `ValueError`."""
        async with self._http.stream(method, path, **request) as answer:
            content = bytearray()
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > MOST_BYTES:
                    raise ValueError(f"more than {MOST_BYTES} bytes")
        return httpx.Response(answer.status_code, content=bytes(content), request=answer.request)


def _reason(answer: httpx.Response) -> str:
    """What Freqtrade says of a call that it did not carry out: `Error querying <path>: <reason>`, or nothing."""
    try:
        told = str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
    return told.partition(": ")[2] or told
