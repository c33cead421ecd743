"""A real Freqtrade in live mode, through the gateway's signed half, at a demo exchange with money of its own."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from decimal import Decimal
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from tests.tools.freqtrade.bots import AVenue, Office, until
from tests.tools.gateway.live_world import CANARY, World, open_world, write_bot, write_limits
from tools.bot import BotSpec, Mode
from tools.credentials import bot_credentials, read_master
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import Client, OrderRefused
from tools.freqtrade.confine import read_version
from tools.freqtrade.host import Host
from tools.freqtrade.link import Link
from tools.freqtrade.permit_door import PermitDoor
from tools.store.database import Store

pytestmark = pytest.mark.integration

ROUNDED = Decimal("0.01")
"""Freqtrade keeps average prices to the exchange's tick: half of one at the entry and half of one at the exit."""
BOT = "0123456789ab"
PATIENT = Path(__file__).parent / "live" / "Patient.py"
SPEC = BotSpec.model_validate(
    {
        "name": "One", "mode": "REAL_MARKET_SPOT", "pairs": ["BTC/USDT", "ETH/USDT"], "strategy": "Patient",
        "stake": "2000", "max_open_trades": 2, "stoploss_pct": "15",
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def forkserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("forkserver")
    yield folder
    asyncio.run(Link(folder).end(20))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The gateway is up before there is a database."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    with open_world(data) as opened:
        assert opened.read_health()["orders"]["waits_for"] == "database"
        yield opened


@pytest.fixture
def store(world: World) -> Iterator[Store]:
    opened = Store(world.data / "tradehelm.sqlite")
    opened.migrate()
    write_limits(opened)
    write_bot(opened, BOT, SPEC, PATIENT)
    yield opened
    opened.close()


@pytest.fixture
async def host(world: World, store: Store, forkserver: Path) -> AsyncIterator[Host]:
    door = PermitDoor(world.data, Office())
    opened = Host(world.data, forkserver_folder=forkserver, start_timeout_s=120, stop_timeout_s=20)
    await door.open()
    await opened.open()
    await opened.wait_until_warm(120)
    await until(world.takes_orders)
    yield opened
    for bot_id in opened.processes():
        await opened.stop(bot_id)
    await opened.close()
    await door.close()


async def start(host: Host, world: World, spec: BotSpec = SPEC) -> Client:
    venue = AVenue("demo", world.gateway)
    await host.start(BOT, spec, venue=venue, strategy_path=PATIENT.with_stem(spec.strategy))
    client = host.client(BOT)
    assert client is not None
    return client


def read_orders(world: World) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(world.data / "gateway" / "demo.sqlite")) as ledger:
        ledger.row_factory = sqlite3.Row
        return [dict(row) for row in ledger.execute("SELECT * FROM orders ORDER BY created_ms")]


def read_books(world: World) -> tuple[Decimal, tuple[Decimal, Decimal]]:
    """By the gateway's ledger: what the sales won, and what is left at which cost and in which quantity."""
    with closing(sqlite3.connect(world.data / "gateway" / "demo.sqlite")) as ledger:
        won = sum((Decimal(profit) for (profit,) in ledger.execute("SELECT profit FROM sales")), Decimal(0))
        both = "SELECT cost, quantity FROM positions UNION ALL SELECT cost, quantity FROM released"
        rows = [(Decimal(cost), Decimal(quantity)) for cost, quantity in ledger.execute(both)]
        cost, quantity = (sum(column, Decimal(0)) for column in zip(*rows, strict=True))
    return won, (cost, quantity)


def read_stops(world: World) -> list[dict[str, Any]]:
    """Of each pair by itself: all of them at once weigh more than a test may ask for in a minute."""
    orders = [order for symbol in ("BTCUSDT", "ETHUSDT") for order in world.ask("/api/v3/openOrders", symbol=symbol)]
    return [order for order in orders if order["type"] == "STOP_LOSS_LIMIT"]


async def buy(client: Client, world: World, pair: str = "BTC/USDT") -> Trade:
    """Once its stop-loss order rests at the exchange."""
    symbol = pair.replace("/", "")
    await client.force_entry(pair)
    await until(lambda: any(stop["symbol"] == symbol for stop in read_stops(world)), within_s=60)
    (trade,) = (trade for trade in await client.status() if trade.pair == pair)
    return trade


async def sell(client: Client, trade: Trade) -> Trade:
    async def closed() -> bool:
        return all(each.trade_id != trade.trade_id for each in await client.status())

    await client.force_exit(trade.trade_id)
    await until(closed, within_s=60)
    (found,) = (each for each in await client.trades() if each.trade_id == trade.trade_id)
    return found


async def test_bot_when_it_trades_with_real_money_then_gateway_exchange_and_freqtrade_say_the_same(
    host: Host, world: World
) -> None:
    world.deposit("BTC", "2")
    usdt, btc = world.read_balance("USDT"), world.read_balance("BTC")
    client = await start(host, world)
    assert (await client.show_config()).dry_run is False
    (seen,) = (await client.balance()).currencies
    assert (seen.currency, seen.free) == ("USDT", SPEC.exposure)
    assert usdt > SPEC.exposure

    trade = await buy(client, world)
    bought, stop = read_orders(world)
    assert (bought["side"], bought["status"], bought["type"]) == ("BUY", "filled", "LIMIT")
    assert all(order["id"].startswith(f"th-{BOT}-") for order in (bought, stop))
    assert [order["clientOrderId"] for order in read_stops(world)] == [stop["id"]]
    assert 0.84 < Decimal(stop["stop_price"]) / trade.open_rate < 0.86
    assert {order["clientOrderId"] for order in world.ask("/api/v3/allOrders", symbol="BTCUSDT")} == {
        bought["id"], stop["id"],
    }  # fmt: skip
    assert (await client.balance()).total < SPEC.exposure + 1

    trade = await sell(client, trade)
    sold = read_orders(world)[-1]
    assert (sold["side"], sold["type"], sold["status"], read_stops(world)) == ("SELL", "MARKET", "filled", [])

    earned, dust = world.read_balance("USDT") - usdt, world.read_balance("BTC") - btc
    profit, left_at = read_books(world)
    assert (earned, dust) == (round(profit - left_at[0], 8), left_at[1])
    # Freqtrade does not count the fee on the coins that paid the fee.
    fee = Decimal("0.001")
    blind = trade.amount * trade.open_rate * fee**2 / (1 - fee)
    assert trade.profit_abs is not None
    assert abs(trade.profit_abs - blind - profit) < Decimal("2e-8") + ROUNDED * trade.amount


async def test_bot_when_its_strategy_is_edited_on_the_disk_then_nothing_enters_and_what_it_holds_is_sold(
    host: Host, world: World
) -> None:
    client = await start(host, world)
    trade = await buy(client, world)
    source = world.data / "bots" / BOT / "strategies" / "Patient.py"
    source.write_text(source.read_text() + "# never seen by anybody\n")
    for _ in range(2):
        with pytest.raises(OrderRefused, match="mandate_void reason=source"):
            await client.force_entry("ETH/USDT")
    round_before = await client.last_round()
    assert (await sell(client, trade)).is_open is False
    assert {order["symbol"] for order in read_orders(world)} == {"BTCUSDT"}

    async def goes_on() -> bool:
        return await client.last_round() != round_before

    await until(goes_on)
    with closing(sqlite3.connect(world.data / "tradehelm.sqlite")) as database:
        rules = {rule for (rule,) in database.execute("SELECT rule FROM audit WHERE risk = 'live'")}
    assert "mandate_void" in rules


async def test_bot_when_it_trades_by_signals_then_a_refusal_is_one_of_freqtrades_own_and_it_goes_on(
    host: Host, world: World, store: Store
) -> None:
    eager = SPEC.model_copy(update={"strategy": "Eager", "pairs": ("BTC/USDT",)})
    write_bot(store, BOT, eager, PATIENT.with_stem("Eager"))
    client = await start(host, world, eager)

    async def has_left() -> bool:
        return any(trade.exit_reason == "enough" and not trade.is_open for trade in await client.trades())

    await until(has_left, within_s=60)
    assert [order["type"] for order in read_orders(world)[:3]] == ["LIMIT", "STOP_LOSS_LIMIT", "LIMIT"]
    source = world.data / "bots" / BOT / "strategies" / "Eager.py"
    source.write_text(source.read_text() + "# never seen by anybody\n")

    def is_refused() -> int:
        lines = host.read_log(BOT, 5000)
        return sum("Unable to create trade for BTC/USDT: " in line and "mandate_void" in line for line in lines)

    await until(lambda: is_refused() >= 2, within_s=60)
    await until(lambda: not read_stops(world), within_s=60)
    assert not any("Traceback" in line for line in host.read_log(BOT, 5000))


async def test_bot_when_it_is_ended_with_an_open_position_then_that_and_its_stop_order_stay_until_it_is_back(
    host: Host, world: World
) -> None:
    trade = await buy(await start(host, world), world)
    stops, held = read_stops(world), world.read_balance("BTC")
    assert held > 0
    await host.stop(BOT)
    assert (read_stops(world), world.read_balance("BTC")) == (stops, held)
    assert [found.is_open for found in host.read_trades(BOT, Mode.REAL_MARKET_SPOT)] == [True]

    client = await start(host, world)
    assert [found.trade_id for found in await client.status()] == [trade.trade_id]
    assert (await sell(client, trade)).is_open is False
    assert (read_stops(world), world.read_balance("BTC") < held / 100) == ([], True)


async def test_key_when_a_bot_trades_then_it_is_in_the_gateway_and_nowhere_that_a_bot_writes_or_remembers(
    host: Host, world: World
) -> None:
    client = await start(host, world)
    await sell(client, await buy(client, world))
    kept = json.loads((world.data / "secrets" / "demo-key.json").read_text())
    secrets = [kept["apiKey"], kept["secretKey"], *CANARY.values()]
    own = bot_credentials(read_master(world.data), BOT)
    pid = host.processes()[BOT].pid

    memory = Path(f"/proc/{pid}")
    assert find_in_memory(memory, [own.secret, *secrets]) == {own.secret}
    assert not any(secret.encode() in (memory / "environ").read_bytes() for secret in secrets)

    files = [path for path in world.data.rglob("*") if path.is_file() and path.parent.name != "exchange"]
    holding = {path for path in files if any(secret.encode() in path.read_bytes() for secret in secrets)}
    assert holding == {world.data / "secrets" / "demo-key.json"}
    assert {path.name for path in files} > {
        "tradehelm.sqlite",
        "demo.sqlite",
        "gateway.log",
        "bot.log",
        "config.json",
    }
    assert {path.stat().st_mode & 0o077 for path in files if "bots" in path.parts or "secrets" in path.parts} == {0}
    assert own.secret in (world.data / "bots" / BOT / "config.json").read_text()


@pytest.mark.skipif(not read_version(), reason="this kernel cannot confine a process")
async def test_key_when_a_strategy_reaches_for_it_then_it_gets_nothing_and_nobody_gets_it_in_its_stead(
    host: Host, world: World, store: Store, forkserver: Path
) -> None:
    key = (world.data / "secrets" / "demo-key.json").read_bytes()
    wanted = SPEC.model_copy(update={"strategy": "Thief"})
    write_bot(store, BOT, wanted, PATIENT.with_stem("Thief"))
    await start(host, world, wanted)
    folder, process = world.data / "bots" / BOT, host.processes()[BOT]
    before = {path.name: path.read_bytes() for path in folder.glob("*.json")}
    await until(lambda: any("the thief is done" in line for line in host.read_log(BOT, 5000)), within_s=60)
    lines = host.read_log(BOT, 5000)
    assert [line for line in lines if "the thief got" in line] == []
    assert any("the thief left traps" in line for line in lines)
    assert not any("knocked at 0 doors" in line for line in lines)
    assert {path.name: path.read_bytes() for path in folder.glob("*.json")} == before
    assert (world.data / "secrets" / "demo-key.json").read_bytes() == key

    for mode in Mode:
        with pytest.raises(sqlite3.OperationalError, match="cannot be read"):
            host.read_trades(BOT, mode)
    second = Host(world.data, forkserver_folder=forkserver, stop_timeout_s=20)
    await second.open(warm=False)
    assert second.processes() == {BOT: process}
    await second.stop(BOT)
    assert not process.is_alive()
    await second.close()


def find_in_memory(process: Path, words: list[str]) -> set[str]:
    """Which of the words are in any part of a process's memory that can be read."""
    found: set[str] = set()
    with (process / "mem").open("rb", buffering=0) as memory:
        for line in (process / "maps").read_text().splitlines():
            span, rights, *_ = line.split()
            begin, end = (int(bound, 16) for bound in span.split("-"))
            if rights.startswith("r") and not line.endswith(("[vvar]", "[vsyscall]")):
                found |= {word for word in words if word.encode() in read_span(memory, begin, end)}
    return found


def read_span(memory: FileIO, begin: int, end: int) -> bytes:
    parts = []
    with suppress(OSError):
        memory.seek(begin)
        while begin < end and (part := memory.read(min(end - begin, 2**24))):
            parts.append(part)
            begin += len(part)
    return b"".join(parts)
