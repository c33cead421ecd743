"""The way to the exchange: nothing of the key or a signature is ever written anywhere."""

import logging
import time

import httpx
import pytest

from tests.tools.gateway.orders.gate import Gate
from tests.tools.gateway.orders.venue import KEYS, Server, Venue
from tools.gateway.budget import WEIGHT_A_MINUTE, Budget, Priority
from tools.gateway.meter import Meter
from tools.gateway.orders.keys import ExchangeKeys
from tools.gateway.orders.lanes import Lane
from tools.gateway.orders.upstream import Forwarder, NotSent, Refused, Unknown

ORDER = "/api/v3/order"


def forwarder(server: Server, keys: ExchangeKeys = KEYS) -> Forwarder:
    return Forwarder(server.url, keys, lambda: time.time_ns() // 1_000_000, timeout_s=0.3)


async def test_send_when_anything_happens_then_no_log_has_a_signature_or_the_key(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for method, path in (("POST", ORDER), ("GET", ORDER), ("GET", "/api/v3/account")):
        for how in ("before_reset", "before_silence", "before_500", "before_garbage"):
            gate.venue.fault(method, path, how)
    for _ in range(5):
        await gate.buy()
        await gate.send("desk", "GET", "/api/v3/account")
    told = "\n".join(line for line in caplog.text.splitlines() if "http://gateway/" not in line)
    assert "was not answered" in told
    assert "signature=" not in told
    assert KEYS.key not in caplog.text


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("before_reset", Unknown),
        ("before_silence", Unknown),
        ("before_503", Unknown),
        ("before_502", Unknown),
        ("before_garbage", Unknown),
    ],
)
async def test_signed_when_no_answer_comes_then_it_is_unknown(
    venue: Venue, server: Server, how: str, kind: type[Exception]
) -> None:
    sender = forwarder(server)
    venue.fault("GET", "/api/v3/account", how)
    with pytest.raises(kind):
        await sender.signed("GET", "/api/v3/account", {})
    assert (await sender.signed("GET", "/api/v3/account", {})).content["canTrade"] is True
    await sender.close()


async def test_signed_when_nobody_listens_then_nothing_was_sent(server: Server) -> None:
    server.close()
    sender = forwarder(server)
    with pytest.raises(NotSent):
        await sender.signed("GET", ORDER, {})
    await sender.close()


async def test_signed_when_the_key_is_another_then_it_is_refused(server: Server) -> None:
    sender = forwarder(server, ExchangeKeys("k", "s"))
    with pytest.raises(Refused) as refused:
        await sender.signed("GET", "/api/v3/account", {})
    assert (refused.value.code, refused.value.status) == (-2015, 401)
    await sender.close()


async def test_signed_when_asked_for_silence_then_nothing_is_sent_for_so_long(venue: Venue, server: Server) -> None:
    sender = forwarder(server)
    venue.fault("GET", "/api/v3/account", "before_429")
    for _ in range(3):
        with pytest.raises(Refused) as refused:
            await sender.signed("GET", "/api/v3/account", {})
        assert (refused.value.status, refused.value.code) == (429, -1003)
    assert refused.value.retry_after_s in (6, 7)
    assert venue.calls == {}
    await sender.close()


def answering(answer: httpx.Response, meter: Meter) -> Forwarder:
    """Before an exchange that always says the same."""
    transport = httpx.MockTransport(lambda _: answer)
    return Forwarder("http://exchange", KEYS, lambda: 1_000, transport=transport, meter=meter)


async def test_signed_when_weight_is_scarce_then_questions_wait_then_sales_and_the_desk_last() -> None:
    meter = Meter(Budget(), lambda: 0)
    sender = answering(httpx.Response(200, json={}, headers={"X-MBX-USED-WEIGHT-1M": "3899"}), meter)
    await sender.signed("GET", "/api/v3/account", {})
    assert meter.budget.used(0) == 3_899
    with pytest.raises(Refused) as refused:
        await sender.signed("GET", "/api/v3/account", {})
    assert (refused.value.code, refused.value.status, refused.value.retry_after_s) == (-1003, 429, 60)
    meter.spend(1)
    with pytest.raises(Refused):
        await sender.signed("POST", ORDER, {"side": "BUY"})
    await sender.signed("POST", ORDER, {"side": "SELL"})
    await sender.signed("DELETE", ORDER, {})
    await sender.signed("GET", "/sapi/v1/account/apiRestrictions", {})
    meter.spend(1_801)
    for method in ("POST", "DELETE"):
        with pytest.raises(Refused):
            await sender.signed(method, ORDER, {"side": "SELL"})
    await Lane(sender, Priority.DESK).signed("DELETE", ORDER, {})
    meter.spend(WEIGHT_A_MINUTE)
    with pytest.raises(Refused):
        await Lane(sender, Priority.DESK).signed("DELETE", ORDER, {})


async def test_signed_when_there_were_too_many_orders_then_market_data_is_asked_for_as_before() -> None:
    meter = Meter(Budget(), lambda: 0)
    body = {"code": -1015, "msg": "Too many new orders."}
    with pytest.raises(Refused) as refused:
        await answering(httpx.Response(429, json=body), meter).signed("POST", ORDER, {})
    assert (refused.value.code, refused.value.retry_after_s) == (-1015, 10)
    assert meter.budget.paused_ms(0) == 0
    with pytest.raises(Refused):
        await answering(httpx.Response(418, json={}, headers={"Retry-After": "30"}), meter).signed("POST", ORDER, {})
    assert meter.budget.paused_ms(0) == 30_000
