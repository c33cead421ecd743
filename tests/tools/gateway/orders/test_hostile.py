"""Requests that mean no good: answered in the exchange's words, written down, and nothing is forwarded."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from agent.words import name_values, say
from tests.tools.gateway.orders.gate import MASTER, ONE, OTHER, Gate, limit, signed
from tools.credentials import Credentials, bot_credentials
from tools.gateway.orders.errors import Denied
from tools.gateway.orders.keys import sign
from tools.gateway.orders.seen import Seen
from tools.guard.audit import Audit
from tools.store.tables import AuditRow

ORDER = "/api/v3/order"
GOOD = limit("BUY", 1, 100)


def lines(gate: Gate) -> list[AuditRow]:
    """Of the audit, oldest first; each can be said without a blank in it."""
    found = Audit(gate.store).read_newest(200)[::-1]
    for line in found:
        assert "[" not in say("en", f"refusal.{line.rule}", **name_values("en", line.numbers)), line.rule
    return found


HOSTILE: dict[str, tuple[dict[str, Any], int]] = {
    "exponent": ({"quantity": "1e0"}, -1100),
    "negative": ({"quantity": "-1"}, -1100),
    "plus": ({"quantity": "+1"}, -1100),
    "not a number": ({"quantity": "NaN"}, -1100),
    "infinite": ({"price": "Infinity"}, -1100),
    "other digits": ({"quantity": "１"}, -1100),
    "space": ({"quantity": " 1"}, -1100),
    "new line": ({"quantity": "1\n"}, -1100),
    "hex": ({"quantity": "0x1"}, -1100),
    "separators": ({"quantity": "1_000"}, -1100),
    "without a zero": ({"quantity": ".5"}, -1100),
    "too precise": ({"quantity": "0.123456789"}, -1111),
    "nothing": ({"quantity": "0"}, -1013),
    "unknown": ({"foo": "1"}, -1103),
    "by value": ({"quoteOrderQty": "10"}, -1106),
    "iceberg": ({"icebergQty": "0.1"}, -1106),
    "stop that buys": ({"type": "STOP_LOSS_LIMIT", "stopPrice": "110"}, -1116),
    "no such type": ({"type": "LIMIT "}, -1116),
    "lower case": ({"side": "buy"}, -1117),
    "no such time": ({"timeInForce": "GTX"}, -1115),
    "id": ({"newClientOrderId": "a b"}, -1100),
    "id too long": ({"newClientOrderId": "a" * 37}, -1100),
    "header in an id": ({"newClientOrderId": "a\r\nX-MBX-APIKEY: b"}, -1100),
    "symbol": ({"symbol": "btcusdt"}, -1100),
    "no such symbol": ({"symbol": "XRPUSDT"}, -1121),
    "window": ({"recvWindow": "60001"}, -1131),
    "window in words": ({"recvWindow": "1e3"}, -1100),
    "no price": ({"price": ""}, -1102),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_place_when_it_cannot_be_read_strictly_then_nothing_leaves(gate: Gate, name: str) -> None:
    changed, code = HOSTILE[name]
    answer = await gate.send(ONE, "POST", ORDER, GOOD | changed)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    assert gate.venue.calls == {}
    assert len(gate.orders.ledger.read_refusals()) == len(Audit(gate.store).read_newest(10)) == 1


async def test_place_when_it_is_repeated_then_it_is_made_once(gate: Gate) -> None:
    method, path, content, headers = signed(ONE, "POST", ORDER, GOOD, gate.clock_ms())
    answers = [await gate.client.request(method, path, content=content, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["code"] == -1021
    await gate.restart()
    again = await gate.client.request(method, path, content=content, headers=headers)
    assert again.json() == {"code": -2010, "msg": "Duplicate order sent."}
    assert len(gate.venue.seen) == 1


async def test_send_when_a_read_is_turned_into_a_cancel_then_it_is_a_repetition(gate: Gate) -> None:
    told = (await gate.buy(price=90)).json()
    words = {"symbol": "BTCUSDT", "orderId": told["orderId"]}
    _, path, _, headers = signed(ONE, "GET", ORDER, words, gate.clock_ms())
    assert (await gate.client.get(path, headers=headers)).status_code == 200
    assert (await gate.client.delete(path, headers=headers)).json()["code"] == -1021
    assert len(gate.venue.open()) == 1


async def test_send_when_signed_by_somebody_else_then_it_is_refused_and_counted_in_one_line(gate: Gate) -> None:
    mine, forged = bot_credentials(MASTER, ONE), "THB" + ONE + "0" * 49
    cases = [
        (Credentials(mine.key, "0" * 64), 400, -1022),
        (Credentials(forged, mine.secret), 401, -2015),
        (Credentials("k" * 64, mine.secret), 401, -2015),
        (Credentials("short", mine.secret), 401, -2014),
        (Credentials("é" * 64, mine.secret), 401, -2014),
    ]
    for who, status, code in cases:
        headers = {"X-MBX-APIKEY": who.key.encode()} if not who.key.isascii() else {}
        answer = await gate.send(who, "POST", ORDER, GOOD, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert gate.venue.calls == {}
    assert [line.action_kind for line in Audit(gate.store).read_newest(10)] == ["wire_stranger"]
    gate.late_ms = 61_000
    await gate.send(cases[0][0], "POST", ORDER, GOOD)
    line = Audit(gate.store).read_newest(1)[0]
    assert line.numbers == {"wire_2015": "2", "wire_2014": "2", "wire_1022": "1"}


async def test_send_when_the_parameters_are_changed_after_signing_then_the_signature_does_not_fit(gate: Gate) -> None:
    method, path, content, headers = signed(ONE, "POST", ORDER, GOOD, gate.clock_ms())
    changes = [
        (path, content.replace(b"quantity=1", b"quantity=2")),
        (f"{path}?quantity=2", content.replace(b"&quantity=1", b"")),
        (path, content.upper()),
    ]
    for address, body in changes:
        answer = await gate.client.request(method, address, content=body, headers=headers)
        assert answer.json()["code"] in (-1022, -1102), answer.text
    assert gate.venue.calls == {}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("&quantity=2", -1101),
        ("&a", -1100),
        ("&=1", -1100),
        ("&b=%ff", -1100),
        ("&b=%00", -1100),
        ("&" + "&".join(f"{letter}=1" for letter in "bcdefghijklmnopqrstuvwxyzA"), -1100),
    ],
)
async def test_send_when_the_query_can_be_read_in_two_ways_then_it_is_refused(gate: Gate, more: str, code: int) -> None:
    who = bot_credentials(MASTER, ONE)
    payload = f"timestamp={gate.clock_ms()}&symbol=BTCUSDT&quantity=1{more}"
    payload += "&signature=" + sign(who.secret, payload.encode())
    headers = {"X-MBX-APIKEY": who.key, "Content-Type": "application/x-www-form-urlencoded"}
    answer = await gate.client.post(ORDER, content=payload, headers=headers)
    assert answer.json()["code"] == code, answer.text
    assert (await gate.client.post(f"{ORDER}?symbol=BTCUSDT", content=payload, headers=headers)).status_code == 400


async def test_send_when_two_keys_are_named_then_neither_counts(gate: Gate) -> None:
    method, path, content, headers = signed(ONE, "POST", ORDER, GOOD, gate.clock_ms())
    both = [*headers.items(), ("X-MBX-APIKEY", "k" * 64)]
    answer = await gate.client.request(method, path, content=content, headers=both)
    assert answer.json()["code"] == -2014


async def test_send_when_a_read_has_a_body_then_it_is_refused(gate: Gate) -> None:
    _, path, _, headers = signed(ONE, "GET", "/api/v3/account", {}, gate.clock_ms())
    answer = await gate.client.request("GET", path, content=b"a=1", headers=headers)
    assert answer.json()["code"] == -1101
    assert (await gate.client.post(ORDER, content=b"a" * 5000, headers=headers)).status_code == 413
    json = {**headers, "Content-Type": "application/json"}
    assert (await gate.client.post(ORDER, content=b"{}", headers=json)).json()["code"] == -1102


@pytest.mark.parametrize("late_ms", [-11_000, 1_500])
async def test_send_when_the_clock_is_wrong_then_it_is_refused(gate: Gate, late_ms: int) -> None:
    method, path, content, headers = signed(ONE, "POST", ORDER, GOOD, gate.clock_ms() + late_ms)
    answer = await gate.client.request(method, path, content=content, headers=headers)
    assert answer.json()["code"] == -1021


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/sapi/v1/capital/withdraw/apply"),
        ("POST", "/sapi/v1/asset/transfer"),
        ("POST", "/sapi/v1/margin/order"),
        ("DELETE", "/api/v3/openOrders"),
        ("POST", "/api/v3/order/oco"),
        ("POST", "/api/v3/orderList/oco"),
        ("POST", "/api/v3/order/cancelReplace"),
        ("PUT", "/api/v3/order"),
        ("POST", "/api/v3/order/test"),
        ("POST", "/api/v3/account"),
        ("GET", "/api/v3//order"),
        ("GET", "/api/v3/order/"),
        ("GET", "/API/v3/order"),
        ("GET", "/api/v3/order/%2e%2e/account"),
        ("GET", "/api/v3%2faccount"),
        ("GET", "/api/v3/%61ccount"),
        ("GET", "/api/v3/account%0d%0aX-MBX-APIKEY:%20b"),
        ("HEAD", "/api/v3/account"),
        ("TRACE", "/api/v3/account"),
        ("FETCH", "/sapi/v1/capital/withdraw/apply"),
    ],
)
async def test_send_when_there_is_no_such_path_then_nothing_is_forwarded(gate: Gate, method: str, path: str) -> None:
    answer = await gate.send(ONE, method, path, {"symbol": "BTCUSDT"})
    assert answer.status_code == 404
    assert method == "HEAD" or answer.json()["code"] == -1020
    assert gate.venue.calls == {}
    (line,) = lines(gate)
    assert (line.rule, line.action["method"], line.action["path"]) == ("wire_1020", method, path)


async def test_send_when_too_many_come_at_once_then_only_that_bot_waits(gate: Gate) -> None:
    gate.orders.service._verifier._seen._most = 3
    answers = [await gate.send(ONE, "GET", ORDER, {"symbol": "BTCUSDT", "orderId": number}) for number in range(4)]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
    assert (await gate.send("desk", "GET", "/api/v3/account")).status_code == 200


async def test_refuse_when_the_same_is_tried_often_then_it_is_written_once_with_its_count(gate: Gate) -> None:
    for _ in range(5):
        await gate.buy(quantity=3)
    gate.late_ms = 61_000
    await gate.buy(quantity=3)
    newest, before = Audit(gate.store).read_newest(10)
    assert (newest.numbers.get("before"), before.numbers.get("before")) == ("4", None)


async def test_read_when_one_asks_too_much_then_the_others_and_its_orders_go_on(gate: Gate) -> None:
    for _ in range(60):
        assert (await gate.send(ONE, "GET", "/api/v3/account")).status_code == 200
        await asyncio.sleep(0.002)
    answer = await gate.send(ONE, "GET", "/api/v3/account")
    assert (answer.status_code, answer.json()["code"]) == (429, -1003)
    assert int(answer.headers["retry-after"]) > 50
    assert (await gate.send(OTHER, "GET", "/api/v3/account")).status_code == 200
    assert (await gate.buy()).status_code == 200


async def test_refuse_when_each_is_another_then_the_audit_is_not_flooded_and_the_rest_is_counted(gate: Gate) -> None:
    for number in range(50):
        await gate.send(ONE, "POST", ORDER, GOOD | {"symbol": f"X{number}USDT"})
    await gate.send(ONE, "GET", ORDER, {"symbol": "BTCUSDT", "orderId": "a"})
    await gate.send(OTHER, "POST", ORDER, GOOD | {"symbol": "XUSDT"})
    assert len(lines(gate)) == len(gate.orders.ledger.read_refusals()) == 31
    gate.late_ms = 61_000
    gate.orders.record.flush()
    counts = [(line.action["bot_id"], line.rule, line.numbers) for line in lines(gate)[31:]]
    assert counts == [
        (ONE, "wire_unreadable", {"code": "-1121", "more": "20"}),
        (ONE, "wire_unreadable", {"code": "-1100", "more": "1"}),
    ]
    gate.late_ms = 122_000
    gate.orders.record.flush()
    assert len(lines(gate)) == 33


async def test_refuse_when_the_paths_differ_then_each_has_its_line(gate: Gate) -> None:
    paths = ["/sapi/v1/margin/order", "/api/v3/order/cancelReplace", "/api/v3/orderList/oco", "/api/v3/order/test"]
    for path in paths * 2:
        await gate.send(ONE, "POST", path, GOOD)
    await gate.send(ONE, "DELETE", paths[0], GOOD)
    await gate.send(ONE, "POST", paths[0], GOOD | {"symbol": "ETHUSDT"})
    await gate.send(ONE, "POST", paths[0], GOOD | {"quantity": "2"})  # As a bot that tries again at each price.
    assert [line.action["path"] for line in lines(gate)] == [*paths, paths[0], paths[0]]


async def test_flush_when_a_refusal_does_not_come_again_then_its_count_is_written_after_a_minute(gate: Gate) -> None:
    for _ in range(5):
        await gate.buy(quantity=3)
    for late_ms, wanted in ((59_000, 1), (61_000, 2), (122_000, 2)):
        gate.late_ms = late_ms
        await gate.orders.follower.go_round()
        assert len(lines(gate)) == wanted
    first, last = lines(gate)
    assert (last.rule, last.action, last.numbers) == (first.rule, first.action, {**first.numbers, "more": "4"})


async def test_flush_when_the_round_fails_then_what_was_counted_is_written(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await gate.buy(quantity=3)
    gate.late_ms = 61_000

    async def fail() -> None:
        raise RuntimeError("no round")

    monkeypatch.setattr(gate.orders.follower._resolver, "look_around", fail)
    with pytest.raises(RuntimeError):
        await gate.orders.follower.go_round()
    assert [line.numbers.get("more") for line in lines(gate)] == [None, "1"]


async def test_run_when_it_ends_then_what_was_counted_is_written(gate: Gate) -> None:
    running = asyncio.create_task(gate.orders.run())
    await asyncio.sleep(0)
    for _ in range(3):
        await gate.buy(quantity=3)
        await gate.client.get("/api/v3/account")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    found = lines(gate)
    assert [line.numbers["more"] for line in found if "more" in line.numbers] == ["2"]
    strangers = [line.numbers["wire_2014"] for line in found if line.rule == "unauthenticated"]
    assert strangers == ["1", "2"]


async def test_flush_when_the_line_cannot_be_written_then_the_count_is_kept(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        def fail(*_: Any, **__: Any) -> None:
            raise SQLAlchemyError("the disk is full")

        broken.setattr(Audit, "write", fail)
        for _ in range(2):
            await gate.buy(quantity=3)
            await gate.client.get("/api/v3/account")
        assert lines(gate) == []
    gate.late_ms = 61_000
    gate.orders.record.flush()
    assert [line.numbers.get("more", line.numbers.get("wire_2014")) for line in lines(gate)] == ["2", "2"]


def replayed(gate: Gate) -> tuple[str, str, bytes, dict[str, str]]:
    return signed(ONE, "GET", "/api/v3/account", {}, gate.clock_ms())


def late(gate: Gate) -> tuple[str, str, bytes, dict[str, str]]:
    return signed(ONE, "POST", ORDER, GOOD, gate.clock_ms() - 11_000)


def early(gate: Gate) -> tuple[str, str, bytes, dict[str, str]]:
    return signed(ONE, "POST", ORDER, GOOD, gate.clock_ms() + 2_000)


def garbled(gate: Gate) -> tuple[str, str, bytes, dict[str, str]]:
    return signed(ONE, "POST", ORDER, GOOD | {"quantity": "１"}, gate.clock_ms())


def with_a_body(gate: Gate) -> tuple[str, str, bytes, dict[str, str]]:
    method, path, _, headers = signed(ONE, "GET", "/api/v3/account", {}, gate.clock_ms())
    return method, path, b"a=1", headers


def unlisted_and_late(gate: Gate) -> tuple[str, str, bytes, dict[str, str]]:
    return signed(ONE, "POST", "/api/v3/order/test", GOOD, gate.clock_ms() - 11_000)


@pytest.mark.parametrize(
    ("make", "rule", "code"),
    [
        (replayed, "wire_replayed", -1021),
        (late, "wire_1021", -1021),
        (early, "wire_1021", -1021),
        (garbled, "wire_unreadable", -1100),
        (with_a_body, "wire_unreadable", -1101),
        (unlisted_and_late, "wire_1020", -1020),
    ],
)
async def test_refuse_when_the_signature_fits_then_the_line_names_the_bot(
    gate: Gate, make: Callable[[Gate], tuple[str, str, bytes, dict[str, str]]], rule: str, code: int
) -> None:
    method, path, content, headers = make(gate)
    for _ in range(2 if make is replayed else 1):
        answer = await gate.client.request(method, path, content=content, headers=headers)
    assert answer.json()["code"] == code
    (line,) = lines(gate)
    asked = (line.action["method"], line.action["path"])
    assert (line.action["kind"], line.action["bot_id"], *asked) == ("wire_refused", ONE, method, path.split("?")[0])
    assert (line.rule, line.numbers["code"]) == (rule, str(code))
    assert line.action.get("symbol") == ("BTCUSDT" if make in (late, early, unlisted_and_late) else None)


@pytest.mark.parametrize("make", [late, garbled, with_a_body, unlisted_and_late])
async def test_refuse_when_the_signature_does_not_fit_then_nobody_is_named(
    gate: Gate, make: Callable[[Gate], tuple[str, str, bytes, dict[str, str]]]
) -> None:
    method, path, content, headers = make(gate)
    foreign = headers | {"X-MBX-APIKEY": bot_credentials(MASTER, OTHER).key}
    await gate.client.request(method, path, content=content, headers=foreign)
    assert [(line.action["kind"], line.action["bot_id"]) for line in lines(gate)] == [("wire_stranger", None)]


async def test_send_when_it_is_too_long_then_it_is_counted(gate: Gate) -> None:
    for path in (ORDER, "/api/v3/order/test"):
        answer = await gate.client.post(path, content=b"a" * 5_000)
        assert (answer.status_code, answer.json()["code"]) == (413, -1101)
    gate.orders.record.flush(whole=True)
    assert [line.numbers for line in lines(gate)] == [{"wire_unreadable": "1"}] * 2


async def test_read_when_the_exchange_is_silent_then_one_line_a_minute_says_how_often(gate: Gate) -> None:
    for late_ms in (0, 0, 0, 61_000):
        gate.late_ms = late_ms
        gate.venue.fault("GET", "/api/v3/account", "before_503")
        answer = await gate.send(ONE, "GET", "/api/v3/account")
        assert (answer.status_code, answer.json()["code"]) == (503, -1001)
    found = lines(gate)
    assert [(line.rule, line.action["kind"], line.numbers["count"]) for line in found] == [
        ("exchange_silent", "wire_silence", "1"), ("exchange_silent", "wire_silence", "3"),
    ]  # fmt: skip
    assert found[1].numbers["since"] >= found[0].numbers["since"]


def test_admit_when_the_widest_window_came_first_then_what_ended_since_takes_no_room() -> None:
    seen = Seen(most=3)
    seen.admit(ONE, "wide", now_ms=0, until_ms=60_000)
    for number in range(10):
        seen.admit(ONE, str(number), now_ms=number * 2_000, until_ms=number * 2_000 + 1_000)
    with pytest.raises(Denied, match="received before"):
        seen.admit(ONE, "wide", now_ms=30_000, until_ms=60_000)
    for name in ("a", "b"):
        seen.admit(ONE, name, now_ms=30_000, until_ms=90_000)
    with pytest.raises(Denied, match="Too many"):
        seen.admit(ONE, "c", now_ms=30_000, until_ms=90_000)
    seen.admit(ONE, "c", now_ms=60_001, until_ms=90_000)
