"""The client against a small server that answers as a bot does, or as it should not."""

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from tools.freqtrade.client import BotUnreachable, Client, OrderRefused
from tools.freqtrade.config import RestAccess

TRADE = {
    "trade_id": 1,
    "pair": "BTC/USDT",
    "is_open": True,
    "strategy": "RsiMeanReversion",
    "amount": 0.0012,
    "stake_amount": 99.98,
    "open_rate": 65000.1,
    "open_timestamp": 1724500000123,
    "open_date": "2024-08-24 11:46:40",
    "close_timestamp": None,
    "close_rate": None,
    "current_rate": 65001.3,
    "profit_abs": -0.19,
    "profit_ratio": -0.0019,
    "enter_tag": "rsi_low",
    "exit_reason": None,
    "fee_open": 0.001,
    "fee_open_cost": 0.09998,
    "fee_open_currency": "USDT",
    "has_open_orders": False,
    "a_field_of_a_later_version": {"x": 1},
}
CLOSED = TRADE | {"is_open": False, "close_rate": 65100.0, "close_timestamp": 1724500600000, "exit_reason": "roi"}


class FakeBot:
    """Answers what `answers` holds for a path: a JSON value, or (status, body)."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {"/api/v1/ping": {"status": "pong"}}
        self.requests: list[tuple[str, str, dict[str, list[str]], str, str]] = []
        self.silent = False
        self.pieces: Iterable[bytes] | None = None
        """What it says of an answer's body, one after another, in the place of an answer."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, target, _ = head.split("\r\n")[0].split(" ")
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
        url = urlsplit(target)
        self.requests.append((method, url.path, parse_qs(url.query), head, body))
        if self.pieces is not None:
            await self._dribble(writer)
        elif not self.silent:
            status, text = self._answer(url.path)
            writer.write(
                f"HTTP/1.1 {status} X\r\ncontent-length: {len(text)}\r\nconnection: close\r\n\r\n{text}".encode()
            )
            await writer.drain()
            writer.close()

    async def _dribble(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 100000000\r\n\r\n")
        with suppress(ConnectionError):
            for piece in self.pieces or ():
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
        writer.close()

    def _answer(self, path: str) -> tuple[int, str]:
        answer = self.answers.get(path, (404, "{}"))
        return answer if isinstance(answer, tuple) else (200, json.dumps(answer))


@asynccontextmanager
async def serving(bot: FakeBot) -> AsyncIterator[Client]:
    server = await asyncio.start_server(bot.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Client(RestAccess(port, "tradehelm", "pw", "jwt", "ws"), timeout_s=0.5) as client:
        yield client
    server.close()


async def test_ping_when_the_bot_answers_then_it_returns_and_shows_its_credentials():
    bot = FakeBot()
    async with serving(bot) as client:
        await client.ping()
    assert base64.b64encode(b"tradehelm:pw").decode() in bot.requests[0][3]


async def test_status_when_a_trade_is_open_then_money_is_decimal_and_time_is_utc():
    bot = FakeBot()
    bot.answers["/api/v1/status"] = [TRADE]
    async with serving(bot) as client:
        [trade] = await client.status()
    assert (trade.stake_amount, trade.open_rate) == (Decimal("99.98"), Decimal("65000.1"))
    assert trade.open_date == datetime(2024, 8, 24, 11, 46, 40, 123000, UTC)
    assert trade.close_date is None


async def test_trades_when_some_are_open_then_they_come_first():
    bot = FakeBot()
    bot.answers["/api/v1/status"] = [TRADE | {"trade_id": 3}, TRADE | {"trade_id": 4}]
    bot.answers["/api/v1/trades"] = {"trades": [CLOSED], "trades_count": 1, "offset": 0, "total_trades": 1}
    async with serving(bot) as client:
        trades = await client.trades(limit=5)
    assert [(trade.trade_id, trade.is_open) for trade in trades] == [(4, True), (3, True), (1, False)]
    assert bot.requests[-1][2] == {"limit": ["3"], "offset": ["0"], "order_by_id": ["false"]}


@pytest.mark.parametrize(
    ("limit", "offset", "asked"), [(2, 0, None), (1, 1, None), (2, 1, ("1", "0")), (3, 5, ("3", "3"))]
)
async def test_trades_when_paged_then_the_pages_follow_each_other(limit, offset, asked):
    bot = FakeBot()
    bot.answers["/api/v1/status"] = [TRADE | {"trade_id": 3}, TRADE | {"trade_id": 4}]
    bot.answers["/api/v1/trades"] = {"trades": [], "trades_count": 0, "offset": 0, "total_trades": 0}
    async with serving(bot) as client:
        await client.trades(limit=limit, offset=offset)
    _, path, query, _, _ = bot.requests[-1]
    assert (path.endswith("/trades") and (query["limit"][0], query["offset"][0])) == (asked or False)


async def test_force_exit_when_asked_then_the_trade_is_named():
    bot = FakeBot()
    bot.answers["/api/v1/forceexit"] = {"result": "Created exit order for trade 7."}
    async with serving(bot) as client:
        await client.force_exit(7)
    assert json.loads(bot.requests[0][4]) == {"tradeid": "7", "ordertype": "market"}


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ({"trade_id": None}, {"tradeid": "all", "ordertype": "market"}),
        ({"trade_id": 7, "amount": Decimal("0.1")}, {"tradeid": "7", "ordertype": "market", "amount": 0.1}),
    ],
)
async def test_force_exit_when_all_or_a_part_is_meant_then_the_bot_is_told_so(words, body):
    bot = FakeBot()
    bot.answers["/api/v1/forceexit"] = {"result": "Created exit orders for all open trades."}
    async with serving(bot) as client:
        await client.force_exit(**words)
    assert json.loads(bot.requests[0][4]) == body


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ({}, {}),
        ({"stake": Decimal("10.1")}, {"stakeamount": 10.1}),
        ({"stake": Decimal(10), "price": Decimal("0.3")}, {"stakeamount": 10, "price": 0.3, "ordertype": "limit"}),
    ],
)
async def test_force_entry_when_asked_then_stake_and_price_are_told_and_the_trade_comes_back(words, body):
    bot = FakeBot()
    bot.answers["/api/v1/forceenter"] = TRADE
    async with serving(bot) as client:
        assert await client.force_entry("BTC/USDT", **words) == 1
        bot.answers["/api/v1/forceenter"] = {"status": "Error entering long trade for pair BTC/USDT."}
        assert await client.force_entry("BTC/USDT") is None
    told = {"pair": "BTC/USDT", "side": "long", "entry_tag": "force_entry"}
    assert json.loads(bot.requests[0][4]) == told | body


REFUSAL = json.dumps({"error": "Error querying /api/v1/forceenter: The guard refused: trade_size (asked 2, max 1)"})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((502, REFUSAL), "The guard refused: trade_size (asked 2, max 1)"),
        ((500, "Internal Server Error"), "HTTP 500"),
        ((502, "[]"), "HTTP 502"),
    ],
)
async def test_force_entry_when_the_bot_refuses_then_its_words_come_back(answer, reason):
    bot = FakeBot()
    bot.answers["/api/v1/forceenter"] = answer
    async with serving(bot) as client:
        with pytest.raises(OrderRefused) as refused:
            await client.force_entry("BTC/USDT")
    assert (refused.value.kind, refused.value.status) == ("order_refused_by_bot", 409)
    assert refused.value.numbers == {"reason": reason}


@pytest.mark.parametrize("answer", [(401, "{}"), (503, "{}"), (422, "{}"), (200, "[]"), (200, "no")])
async def test_force_entry_when_the_answer_is_wrong_then_the_bot_is_unreachable(answer):
    bot = FakeBot()
    bot.answers["/api/v1/forceenter"] = answer
    async with serving(bot) as client:
        with pytest.raises(BotUnreachable):
            await client.force_entry("BTC/USDT")


@pytest.mark.parametrize(("reason", "raises"), [("no active trade", False), ("No open order for trade_id.", True)])
async def test_cancel_open_order_when_the_trade_is_gone_with_it_then_it_was_done(reason, raises):
    bot = FakeBot()
    path = "/api/v1/trades/7/open-order"
    bot.answers[path] = (502, json.dumps({"error": f"Error querying {path}: {reason}"}))
    async with serving(bot) as client:
        with pytest.raises(OrderRefused, match=reason) if raises else nullcontext():
            await client.cancel_open_order(7)
    assert bot.requests[0][0] == "DELETE"


async def test_lock_pair_when_asked_then_both_sides_are_locked_until_then():
    bot = FakeBot()
    row = {"id": 3, "pair": "BTC/USDT", "active": True, "lock_end_timestamp": 1724500000000, "reason": "asked for"}
    bot.answers |= {"/api/v1/locks": {"lock_count": 1, "locks": [row]}, "/api/v1/locks/delete": {"locks": []}}
    moment = datetime(2024, 8, 24, 11, 46, 40, tzinfo=UTC)
    async with serving(bot) as client:
        await client.lock_pair("BTC/USDT", moment, "asked for")
        [lock] = await client.locks()
        await client.unlock_pair("BTC/USDT")
    assert (lock.until, lock.reason) == (moment, "asked for")
    assert json.loads(bot.requests[0][4])[0]["until"] == moment.isoformat()
    assert json.loads(bot.requests[2][4]) == {"pair": "BTC/USDT"}


def order(**changes: object) -> dict[str, object]:
    basics = {
        "order_id": "a",
        "ft_order_side": "buy",
        "is_open": True,
        "amount": 2,
        "filled": None,
        "safe_price": 50.25,
    }
    return basics | {"order_timestamp": 1724500000123, "status": "open"} | changes


@pytest.mark.parametrize(
    ("stake", "orders", "pending"),
    [
        (100, [], "0"),
        (100, [order()], "0.50"),
        (101, [order()], "0"),
        (100, [order(is_open=False, filled=2)], "0"),
        (100, [order(is_open=False, filled=2), order()], "100.50"),
        (100, [order(is_open=False, filled=2), order(filled=1.5, remaining=0.5)], "100.50"),
        (100, [order(is_open=False, filled=2), order(ft_order_side="sell"), order(ft_order_side="stoploss")], "0"),
    ],
)
async def test_pending_when_entries_are_open_then_it_is_what_they_may_take_beyond_the_stake(stake, orders, pending):
    bot = FakeBot()
    bot.answers["/api/v1/status"] = [TRADE | {"stake_amount": stake, "orders": orders}]
    async with serving(bot) as client:
        [trade] = await client.status()
    assert trade.pending == Decimal(pending)


async def test_logs_when_there_are_lines_then_each_has_its_time():
    bot = FakeBot()
    row = ["2024-08-24 11:46:40", 1724500000123.4, "freqtrade.worker", "INFO", "Changing state"]
    bot.answers["/api/v1/logs"] = {"log_count": 1, "logs": [row]}
    async with serving(bot) as client:
        [line] = await client.logs(5)
    assert (line.level, line.message, line.at.year) == ("INFO", "Changing state", 2024)


@pytest.mark.parametrize(
    "answer",
    [(401, "{}"), (500, "oops"), (503, "{}"), (200, "not json"), (200, '{"version": 1}'), (200, "[]"), (200, "NaN")],
)
async def test_show_config_when_the_answer_is_wrong_then_the_bot_is_unreachable(answer):
    bot = FakeBot()
    bot.answers["/api/v1/show_config"] = answer
    async with serving(bot) as client:
        with pytest.raises(BotUnreachable) as error:
            await client.show_config()
    assert error.value.reason.startswith("/show_config")
    assert len(bot.requests) == 1


async def test_ping_when_the_bot_hangs_then_it_is_unreachable():
    bot = FakeBot()
    bot.silent = True
    async with serving(bot) as client:
        with pytest.raises(BotUnreachable, match="Timeout"):
            await client.ping()


async def test_status_when_the_answer_comes_byte_by_byte_then_it_is_waited_for_no_longer_than_for_any():
    bot = FakeBot()
    bot.pieces = itertools.repeat(b" ")
    async with serving(bot) as client:
        with pytest.raises(BotUnreachable, match="TimeoutError"):
            await asyncio.wait_for(client.status(), 10)


async def test_status_when_the_answer_has_no_end_then_it_is_not_read_to_it(monkeypatch):
    monkeypatch.setattr("tools.freqtrade.client.MOST_BYTES", 1000)
    bot = FakeBot()
    bot.pieces = [b" " * 1001]
    async with serving(bot) as client:
        with pytest.raises(BotUnreachable, match="ValueError"):
            await client.status()


async def test_ping_when_nothing_listens_then_it_is_unreachable_and_no_secret_is_told():
    async with Client(RestAccess(1, "tradehelm", "the-password", "jwt", "ws")) as client:
        with pytest.raises(BotUnreachable) as error:
            await client.ping()
    assert "ConnectError" in str(error.value)
    assert "the-password" not in str(error.value)


async def test_ping_when_the_client_was_closed_then_the_bot_is_unreachable():
    client = Client(RestAccess(1, "tradehelm", "pw", "jwt", "ws"))
    await client.close()
    with pytest.raises(BotUnreachable):
        await client.ping()
