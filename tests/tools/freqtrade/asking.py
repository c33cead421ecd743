"""A bot that asks, without the bot: what a start leaves in its folder, and what its exchange would say."""

import asyncio
import json
from pathlib import Path

import pytest

from tools.freqtrade.permit_client import PermitClient, Refused, Wanted
from tools.freqtrade.permit_protocol import PASS_FILE, Answer, Pass, door_socket
from tools.freqtrade.records import write_private
from tools.guard.verdict import Refuse, Rule

ONE, TWO = "0123456789ab", "ba9876543210"
BUY = Wanted("BTC/USDT", "buy", "limit", 0.0015, 65000.1)
SELL = BUY._replace(side="sell")
TOO_LARGE = Refuse(Rule.TRADE_SIZE, {"asked": "200", "max": "100"})


def start(data: Path, bot_id: str = ONE) -> PermitClient:
    """What a start of a bot leaves in its folder, and what the bot makes of it."""
    folder = data / "bots" / bot_id
    folder.mkdir(parents=True, exist_ok=True)
    write_private(folder / PASS_FILE, Pass.issue(folder).model_dump_json())
    return PermitClient.of(folder)


async def ask(client: PermitClient, wanted: Wanted = BUY) -> str:
    return await asyncio.to_thread(client.ask_entry, wanted)


async def refused(client: PermitClient, wanted: Wanted = BUY) -> tuple[str, dict[str, str]]:
    with pytest.raises(Refused) as refusal:
        await ask(client, wanted)
    return refusal.value.rule, dict(refusal.value.numbers)


async def send(data: Path, line: bytes) -> Answer:
    """What a caller hears who sends these bytes."""
    reader, writer = await asyncio.open_unix_connection(door_socket(data))
    writer.write(line)
    answer = Answer.model_validate_json(await asyncio.wait_for(reader.readline(), 10))
    writer.close()
    return answer


def line_of(client: PermitClient, **changes: object) -> bytes:
    shown = client._pass
    assert shown is not None
    order = {"pair": "BTC/USDT", "side": "buy", "type": "limit", "amount": "0.0015", "rate": "65000.1"}
    asked = {"op": "ask", "bot_id": shown.bot_id, "key": shown.key, "order": order} | changes
    return json.dumps(asked).encode() + b"\n"
