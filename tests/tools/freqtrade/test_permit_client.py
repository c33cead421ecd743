"""What a bot makes of the guard's answers, over a real socket; the office behind the door says what it is told to."""

import asyncio
import logging
import socket
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.freqtrade import bots
from tests.tools.freqtrade.asking import BUY, ONE, SELL, TOO_LARGE, ask, refused, start
from tests.tools.freqtrade.bots import until
from tools.freqtrade import permit_client, permit_door
from tools.freqtrade.permit_client import PermitClient, Refused
from tools.freqtrade.permit_protocol import LINE_BYTES, PASS_FILE, door_socket, exact
from tools.guard.order import Order
from tools.guard.verdict import Allow, NeedsConfirmation, Why


async def test_ask_entry_when_the_office_allows_then_there_is_a_permit_and_its_fate_is_told(tmp_path, door, office):
    client = start(tmp_path)
    first, second = await ask(client), await ask(client, BUY._replace(kind="market", pair="ETH/USDT"))
    await asyncio.to_thread(client.tell_placed, first, "order-1")
    await asyncio.to_thread(client.tell_failed, second)
    assert office.told == {first: "order-1", second: None}
    words = {"bot_id": ONE, "side": "buy", "amount": "0.0015", "rate": "65000.1"}
    assert office.asked == [
        Order.model_validate(words | {"pair": "BTC/USDT", "type": "limit"}),
        Order.model_validate(words | {"pair": "ETH/USDT", "type": "market"}),
    ]


async def test_ask_entry_when_the_office_refuses_then_rule_and_numbers_come_back(tmp_path, door, office):
    office.judge = lambda _: TOO_LARGE
    client = start(tmp_path)
    assert await refused(client) == ("trade_size", {"asked": "200", "max": "100"})
    with pytest.raises(Refused, match=r"^trade_size \(asked 200, max 100\)$"):
        await ask(client)


@pytest.mark.parametrize("verdict", [NeedsConfirmation(Why.LIVE), None])
async def test_ask_entry_when_the_verdict_is_no_plain_yes_then_it_is_a_no(tmp_path, door, office, verdict):
    office.judge = lambda _: verdict
    assert (await refused(start(tmp_path)))[0] in {"live", "no_verdict"}


async def test_ask_entry_when_the_office_allows_without_a_permit_then_it_is_a_no(tmp_path, door, office, monkeypatch):
    async def forget(order: Order) -> bots.Permit:
        return bots.Permit(None, Allow())

    monkeypatch.setattr(office, "ask", forget)
    assert (await refused(start(tmp_path)))[0] == "no_verdict"


async def test_ask_entry_when_the_office_fails_then_it_is_a_no_and_the_door_stays_open(tmp_path, door, office):
    def fail(order: Order) -> Allow:
        raise RuntimeError("disk full")

    client = start(tmp_path)
    office.judge = fail
    assert (await refused(client))[0] == "no_verdict"
    office.judge = lambda _: Allow()
    assert await ask(client)


async def test_ask_entry_when_the_office_hangs_then_the_bot_gives_up_in_time(tmp_path, door, office, monkeypatch):
    monkeypatch.setattr(permit_client, "ENTRY_BOUND_S", 0.2)
    hangs = asyncio.Event()
    given_back: list[str] = []

    async def hang(order: Order) -> bots.Permit:
        await hangs.wait()
        return bots.Permit("late", Allow())

    monkeypatch.setattr(office, "ask", hang)
    monkeypatch.setattr(office, "failed", lambda *words: given_back.append(words[1]))
    began = time.monotonic()
    assert (await refused(start(tmp_path)))[0] == "no_answer"
    assert time.monotonic() - began < 2
    hangs.set()
    await until(lambda: given_back == ["late"])


async def test_ask_entry_when_the_office_hangs_too_long_then_the_door_says_no(tmp_path, door, office, monkeypatch):
    monkeypatch.setattr(permit_door, "OFFICE_BOUND_S", 0.1)
    monkeypatch.setattr(office, "ask", lambda _: asyncio.sleep(60))
    assert (await refused(start(tmp_path)))[0] == "no_verdict"


async def test_ask_entry_when_nobody_answers_then_it_is_a_no(tmp_path, door):
    client = start(tmp_path)
    await door.close()
    rule, numbers = await refused(client)
    assert (rule, numbers["reason"].partition(":")[0]) == ("no_answer", "FileNotFoundError")


async def test_ask_entry_when_it_could_not_be_judged_then_it_is_told_when_the_guard_answers_again(
    tmp_path, door, office, monkeypatch
):
    monkeypatch.setattr(permit_client, "TELL_AGAIN_S", 0.02)
    client = start(tmp_path)
    await door.close()
    for wanted in (BUY, BUY._replace(pair="ETH/USDT"), BUY._replace(rate=64000.0)):
        assert (await refused(client, wanted))[0] == "no_answer"
    assert office.unheard == []
    await door.open()
    await until(lambda: len(office.unheard) == 2)
    told = [(order.bot_id, order.pair, order.rate, reason, times) for order, reason, times in office.unheard]
    rate = Decimal("65000.1")
    assert told == [(ONE, "ETH/USDT", rate, "no_answer", 1), (ONE, "BTC/USDT", Decimal(64000), "no_answer", 2)]
    assert await ask(client)
    assert len(office.unheard) == 2


async def test_ask_entry_when_the_door_gave_no_verdict_then_the_next_question_tells_it_first(tmp_path, door, office):
    def fail(order: Order) -> Allow:
        raise RuntimeError("disk full")

    client = start(tmp_path)
    office.judge = fail
    assert (await refused(client))[0] == "no_verdict"
    office.judge = lambda _: TOO_LARGE
    assert (await refused(client))[0] == "trade_size"
    assert [(order.pair, reason, times) for order, reason, times in office.unheard] == [("BTC/USDT", "no_verdict", 1)]
    assert (await refused(client))[0] == "trade_size"
    assert len(office.unheard) == 1


async def test_ask_entry_when_many_pairs_could_not_be_judged_then_the_last_are_kept(
    tmp_path, door, office, monkeypatch
):
    monkeypatch.setattr(permit_client, "MOST_MISSED", 2)
    client = start(tmp_path)
    await door.close()
    for base in ("BTC", "ETH", "SOL"):
        await refused(client, BUY._replace(pair=f"{base}/USDT"))
    await door.open()
    assert await ask(client)
    assert [order.pair for order, _, _ in office.unheard] == ["ETH/USDT", "SOL/USDT"]


async def test_ask_entry_when_the_order_is_none_then_nothing_is_told_of_it(tmp_path, door, office):
    client = start(tmp_path)
    assert (await refused(client, BUY._replace(amount=0.0)))[0] == "unreadable_order"
    assert await ask(client)
    assert office.unheard == []


@pytest.mark.parametrize("answer", [b"", b"\n", b"yes\n", b'{"ok": true}\n', b'{"ok": 1, "x": 2}\n', b"\0" * 9000])
def test_ask_entry_when_the_answer_is_nonsense_then_it_is_a_no(tmp_path, answer):
    client = start(tmp_path)
    with answering(door_socket(tmp_path), answer), pytest.raises(Refused):
        client.ask_entry(BUY)


def test_ask_entry_when_the_answer_drips_then_the_bound_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(permit_client, "ENTRY_BOUND_S", 0.3)
    client = start(tmp_path)
    began = time.monotonic()
    with answering(door_socket(tmp_path), b'{"ok": true, "permit": "a"}\n', pause_s=0.1), pytest.raises(Refused):
        client.ask_entry(BUY)
    assert time.monotonic() - began < 2


class answering:  # noqa: N801
    """Somebody at the door who says just these bytes."""

    def __init__(self, path: Path, answer: bytes, pause_s: float = 0) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, args=(answer, pause_s))

    def __enter__(self) -> None:
        self._thread.start()

    def _serve(self, answer: bytes, pause_s: float) -> None:
        caller, _ = self._listener.accept()
        with caller:
            caller.recv(LINE_BYTES)
            try:
                for byte in (bytes([value]) for value in answer):
                    caller.sendall(byte if pause_s else answer)
                    time.sleep(pause_s)
                    if not pause_s:
                        break
            except OSError:
                return

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()


async def test_ask_when_the_guard_did_not_answer_in_time_then_the_next_questions_wait_hardly_at_all(
    tmp_path, door, office, monkeypatch
):
    monkeypatch.setattr(permit_client, "ENTRY_BOUND_S", 0.5)
    monkeypatch.setattr(permit_client, "EXIT_BOUND_S", 0.5)
    monkeypatch.setattr(permit_client, "HASTE_S", 0.01)
    client = start(tmp_path)
    answers = office.ask
    hangs = asyncio.Event()

    async def hang(order: Order) -> bots.Permit:
        await hangs.wait()
        return await answers(order)

    monkeypatch.setattr(office, "ask", hang)
    assert (await refused(client))[0] == "no_answer"
    began = time.monotonic()
    for _ in range(10):
        assert (await refused(client))[0] == "no_answer"
        await asyncio.to_thread(client.note_exit, SELL)
    assert time.monotonic() - began < 5
    hangs.set()
    await until(lambda: len(office.of("BTC/USDT", "sell")) == 10)
    assert set(office.told.values()) == {None}
    monkeypatch.setattr(client, "_silent_until", 0.0)
    assert await ask(client)


@pytest.mark.parametrize("text", [None, "", "{", "{}", '{"socket": "/x", "bot_id": "y", "key": "short"}'])
def test_client_when_the_pass_is_missing_or_damaged_then_nothing_is_let_in_and_everything_out(tmp_path, caplog, text):
    start(tmp_path)
    path = tmp_path / "bots" / ONE / PASS_FILE
    path.unlink() if text is None else path.write_text(text)
    client = PermitClient.of(path.parent)
    with pytest.raises(Refused) as refusal:
        client.ask_entry(BUY)
    assert refusal.value.rule == "no_pass"
    with caplog.at_level(logging.WARNING):
        client.note_exit(SELL)
    assert "which goes on: no_pass" in caplog.text


@pytest.mark.parametrize(
    "wanted",
    [
        BUY._replace(amount=float("nan")),
        BUY._replace(amount=float("inf")),
        BUY._replace(amount=0.0),
        BUY._replace(amount=-1.0),
        BUY._replace(amount=1e308),
        BUY._replace(rate=float("-inf")),
        BUY._replace(rate=None),
        BUY._replace(amount="many"),
        BUY._replace(kind="stop_loss_limit"),
        BUY._replace(kind=None),
        BUY._replace(pair=None),
        BUY._replace(pair="B" * 500),
    ],
)
async def test_ask_entry_when_the_order_is_none_then_it_is_refused_unasked(tmp_path, door, office, wanted):
    assert (await refused(start(tmp_path), wanted))[0] == "unreadable_order"
    await asyncio.to_thread(start(tmp_path).note_exit, wanted._replace(side="sell"))
    assert [order for order in office.asked if order.side == "buy"] == []


@pytest.mark.parametrize("pair", ["BTC/USDT:USDT", "btc/usdt", "BTC-USDT", "\uff22\uff34\uff23/USDT", "BTC/USDT\n"])
async def test_ask_entry_when_the_pair_is_spelt_otherwise_then_the_door_refuses_it(tmp_path, door, office, pair):
    assert (await refused(start(tmp_path), BUY._replace(pair=pair)))[0] == "unreadable_order"
    assert office.asked == []


async def test_note_exit_when_the_office_is_asked_then_it_is_recorded(tmp_path, door, office):
    client = start(tmp_path)
    await asyncio.to_thread(client.note_exit, SELL)
    await asyncio.to_thread(client.note_exit, SELL._replace(kind="stop_loss_limit"))
    assert [(order.side, order.type) for order in office.asked] == [("sell", "limit"), ("sell", "limit")]
    assert office.allowed == {}


async def test_note_exit_when_the_office_refuses_fails_or_hangs_then_nothing_is_raised(
    tmp_path, door, office, monkeypatch, caplog
):
    client = start(tmp_path)
    office.judge = lambda _: TOO_LARGE
    await asyncio.to_thread(client.note_exit, SELL)
    office.judge = lambda _: 1 / 0
    await asyncio.to_thread(client.note_exit, SELL)
    monkeypatch.setattr(permit_client, "EXIT_BOUND_S", 0.2)
    monkeypatch.setattr(office, "ask", lambda _: asyncio.sleep(60))
    began = time.monotonic()
    await asyncio.to_thread(client.note_exit, SELL)
    assert time.monotonic() - began < 5
    await asyncio.to_thread(client.note_exit, SELL._replace(amount=object()))
    assert caplog.text.count("which goes on") == 4


async def test_tell_when_nobody_listens_then_nothing_is_raised(tmp_path, door, caplog):
    client = start(tmp_path)
    await door.close()
    await asyncio.to_thread(client.tell_placed, "permit-1", "order-1")
    await asyncio.to_thread(client.tell_failed, "permit-1")
    assert caplog.text.count("could not be told") == 2


async def test_tell_when_nobody_listened_then_it_is_told_in_its_order_before_the_next_question(tmp_path, door, office):
    client = start(tmp_path)
    first, second = await ask(client), await ask(client)
    await door.close()
    await asyncio.to_thread(client.tell_placed, first, "order-1")
    await asyncio.to_thread(client.tell_cancelled, first, "order-1")
    await asyncio.to_thread(client.tell_failed, second)
    await door.open()
    assert office.told == {}
    assert await ask(client)
    assert (office.told, office.withdrawn) == ({first: "order-1", second: None}, {first: "order-1"})
    assert list(client._owed) == []


async def test_tell_when_nobody_listened_and_the_bot_asks_nothing_then_it_is_told_again_by_itself(
    tmp_path, door, office, monkeypatch
):
    monkeypatch.setattr(permit_client, "TELL_AGAIN_S", 0.01)
    client = start(tmp_path)
    permit = await ask(client)
    await door.close()
    before = set(threading.enumerate())
    await asyncio.to_thread(client.tell_placed, permit, "order-1")
    await asyncio.to_thread(client.tell_cancelled, permit, "order-1")
    [telling] = [one for one in set(threading.enumerate()) - before if one.daemon]
    await door.open()
    await until(lambda: office.withdrawn == {permit: "order-1"})
    await until(lambda: not telling.is_alive())


@pytest.mark.parametrize("busy", [True, False])
async def test_tell_when_the_door_is_busy_then_it_is_told_again_and_what_it_does_not_understand_is_not(
    tmp_path, door, office, monkeypatch, busy
):
    client = start(tmp_path)
    permit = await ask(client)
    answer = permit_door.TOO_MANY if busy else permit_door.UNREADABLE

    async def say(*_: object) -> object:
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(door, "_listen", say)
        await asyncio.to_thread(client.tell_placed, permit, "order-1")
    assert await ask(client)
    assert office.told == ({permit: "order-1"} if busy else {})


async def test_tell_when_a_word_is_longer_than_any_then_it_is_left_out(tmp_path, door, office, caplog):
    client = start(tmp_path)
    await asyncio.to_thread(client.tell_placed, await ask(client), "o" * 300)
    assert "cannot be told" in caplog.text
    assert await ask(client)


@pytest.mark.parametrize(
    ("value", "text"), [(0.1, "0.1"), (1e-05, "0.00001"), (65000.1, "65000.1"), (3, "3.0"), (1e22, "1" + "0" * 22)]
)
def test_exact_when_a_float_is_read_then_it_is_what_is_written(value, text):
    assert format(exact(value), "f") == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_exact_when_any_float_is_read_then_it_is_the_same_number(value):
    assert float(exact(value)) == value
    assert exact(value) == Decimal(repr(value))


def test_import_when_a_bot_asks_then_nothing_heavy_comes_along():
    heavy = ("sqlmodel", "sqlalchemy", "fastapi", "httpx", "pydantic_ai", "freqtrade", "asyncio")
    code = f"import sys, tools.freqtrade.permit_client; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
