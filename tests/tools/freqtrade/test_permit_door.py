"""The door that bots ask at: open to those with a key, and to nobody's harm."""

import asyncio
import contextlib
import json
import os
import stat
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.freqtrade.asking import BUY, ONE, TOO_LARGE, TWO, ask, line_of, refused, send, start
from tests.tools.freqtrade.bots import Office, until
from tools.freqtrade import permit_door
from tools.freqtrade.permit_client import Refused
from tools.freqtrade.permit_door import PermitDoor
from tools.freqtrade.permit_protocol import LINE_BYTES, Answer, door_socket
from tools.guard.verdict import Allow


async def test_door_when_the_key_is_wrong_then_nothing_is_asked(tmp_path, door, office):
    one, two = start(tmp_path), start(tmp_path, TWO)
    key = two._pass.key
    for changes in (
        {"key": ""},
        {"key": "x" * 43},
        {"key": key},
        {"bot_id": TWO},
        {"bot_id": "../" + ONE},
        {"bot_id": "nobody"},
        {"key": "\ud800"},
        {"op": "tell", "order": None, "permit": "permit-1", "outcome": "failed", "key": key},
    ):
        told = {name: value for name, value in changes.items() if value is not None}
        line = line_of(one, **told)
        if "permit" in told:
            line = json.dumps({k: v for k, v in json.loads(line).items() if k != "order"}).encode() + b"\n"
        answer = await send(tmp_path, line)
        assert (answer.ok, answer.rule in {"wrong_key", "unreadable_order"}) == (False, True)
    assert (office.asked, office.told) == ([], {})


async def test_door_when_a_bot_starts_anew_then_its_old_key_is_worth_nothing(tmp_path, door):
    old = start(tmp_path)
    new = start(tmp_path)
    assert (await refused(old))[0] == "wrong_key"
    assert await ask(new)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"nonsense\n",
        b"[]\n",
        b"null\n",
        b"\xff\xfe\n",
        b'{"op": "explode"}\n',
        b'{"op": "ask"}\n',
        b'{"op": "tell", "bot_id": "x", "key": "y", "permit": "z", "outcome": "eaten"}\n',
        b"[" * 4000 + b"\n",
        b"x" * (LINE_BYTES * 3) + b"\n",
        b"x" * (LINE_BYTES * 3),
    ],
)
async def test_door_when_a_line_is_malformed_then_it_is_refused_and_others_are_served(tmp_path, door, office, line):
    answer = await send(tmp_path, line)
    assert (answer.ok, answer.permit) == (False, None)
    assert await ask(start(tmp_path))


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"pair": "BTC/USDT", "side": "buy", "type": "limit", "amount": "NaN", "rate": "1"},
        {"pair": "BTC/USDT", "side": "buy", "type": "limit", "amount": "-0", "rate": "1"},
        {"pair": "BTC/USDT", "side": "buy", "type": "limit", "amount": "1", "rate": "Infinity"},
        {"pair": "BTC/USDT", "side": "give", "type": "limit", "amount": "1", "rate": "1"},
        {"pair": "BTC/USDT", "side": "buy", "type": "limit", "amount": "1", "rate": "1", "bot_id": TWO},
    ],
)
async def test_door_when_an_order_is_malformed_then_it_is_refused(tmp_path, door, office, order):
    assert (await send(tmp_path, line_of(start(tmp_path), order=order))).rule == "unreadable_order"
    assert office.asked == []


@given(st.binary(max_size=300))
def test_question_when_anything_is_sent_then_it_is_a_question_or_a_validation_error(line):
    with contextlib.suppress(permit_door.ValidationError):
        permit_door.QUESTION.validate_json(line)


async def test_door_when_callers_are_slow_then_others_are_served_and_the_slow_refused(tmp_path, door, monkeypatch):
    monkeypatch.setattr(permit_door, "READ_BOUND_S", 2)
    slow = [await asyncio.open_unix_connection(door_socket(tmp_path)) for _ in range(50)]
    for _, writer in slow:
        writer.write(b'{"op": "ask", ')
    client = start(tmp_path)
    began = time.monotonic()
    assert await ask(client)
    assert time.monotonic() - began < 2
    for reader, writer in slow:
        assert Answer.model_validate_json(await reader.readline()).rule == "too_slow"
        writer.close()


async def test_door_when_others_stand_in_it_and_say_nothing_then_a_bot_is_heard_all_the_same(
    tmp_path, door, monkeypatch
):
    monkeypatch.setattr(permit_door, "MOST_CALLERS", 5)
    monkeypatch.setattr(permit_door, "READ_BOUND_S", 60)
    idle = [await asyncio.open_unix_connection(door_socket(tmp_path)) for _ in range(8)]
    client = start(tmp_path)
    assert await ask(client)
    for reader, _ in idle[:4]:
        assert await asyncio.wait_for(reader.read(), 10) == b""
    for _, writer in idle:
        writer.close()


@pytest.mark.parametrize(("most", "name"), [(5, "MOST_CALLERS"), (5, "MOST_OF_ONE")])
async def test_door_when_too_many_questions_are_being_judged_then_the_last_are_refused(
    tmp_path, door, office, monkeypatch, most, name
):
    monkeypatch.setattr(permit_door, name, most)
    decides, decide = asyncio.Event(), office.ask

    async def ask_late(order):
        await decides.wait()
        return await decide(order)

    monkeypatch.setattr(office, "ask", ask_late)
    client, other = start(tmp_path), start(tmp_path, TWO)
    judged = [asyncio.create_task(ask(client)) for _ in range(5)]
    await until(lambda: sum(door._asking.values()) == 5)
    assert (await refused(client))[0] == "too_many_callers"
    late = asyncio.create_task(ask(other))
    if name == "MOST_CALLERS":
        with pytest.raises(Refused, match="too_many_callers"):
            await late
    decides.set()
    assert len(set(await asyncio.gather(*judged))) == 5
    if name == "MOST_OF_ONE":
        assert await late

    async def is_served() -> bool:
        try:
            return bool(await ask(client))
        except Refused:
            return False

    await until(is_served)
    assert not door._asking


async def test_door_when_many_ask_at_once_then_each_gets_its_own_answer(tmp_path, door, office):
    office.judge = lambda order: TOO_LARGE if order.amount > 50 else Allow()
    client = start(tmp_path)
    amounts = [float(n) for n in range(1, 101)]
    asked = [ask(client, BUY._replace(amount=amount)) for amount in amounts]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(answer, Refused) for answer in answers] == [amount > 50 for amount in amounts]
    assert len({answer for answer in answers if isinstance(answer, str)}) == 50


async def test_door_when_a_caller_leaves_before_its_answer_then_its_permit_is_given_back(tmp_path, door, office):
    client = start(tmp_path)
    _, writer = await asyncio.open_unix_connection(door_socket(tmp_path))
    writer.write(line_of(client))
    await writer.drain()
    writer.close()
    await until(lambda: office.told == {"permit-1": None})


async def test_open_when_done_then_only_this_user_can_knock_and_a_second_door_takes_over(tmp_path, door, office):
    path = door_socket(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    client = start(tmp_path)
    second = PermitDoor(tmp_path, Office())
    await second.open()
    await door.close()
    assert await ask(client)
    assert office.asked == []
    await second.close()
    await second.close()
    assert not path.exists()


async def test_open_when_the_folder_is_deep_then_the_path_is_short_enough(tmp_path, office):
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    door = PermitDoor(deep, office)
    await door.open()
    assert len(os.fsencode(door_socket(deep))) <= 107
    assert await ask(start(deep))
    await door.close()
