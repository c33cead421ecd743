"""Faults as they are read: what is accepted, and one sentence for what is not."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.exchange.faults.effects import EFFECTS, SENTENCES
from tools.exchange.faults.fault import Fault, read_fault
from tools.exchange.faults.kinds import KINDS, BadFault, Latency, ServerError, WsDrop


def test_fault_when_only_a_kind_then_defaults() -> None:
    assert read_fault({"kind": "latency"}) == Fault(Latency(1_000), "/", None, 1.0, None, 0.0, 60.0)


def test_fault_when_everything_is_said_then_as_said() -> None:
    body = {
        "kind": "server_error", "status": 503, "code": -1007, "path": "/api/v3/order", "method": "POST",
        "probability": 0.5, "count": 3, "start_in_s": 2, "duration_s": None,
    }  # fmt: skip
    assert read_fault(body) == Fault(ServerError(503, -1007), "/api/v3/order", "POST", 0.5, 3, 2, None)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ([], "body"),
        ({}, "kind: None is not a kind of fault. Choose one of latency, "),
        ({"kind": "earthquake"}, "kind: 'earthquake'"),
        ({"kind": ["reset"]}, "kind"),
        ({"kind": "reset", "delay_ms": 5}, "delay_ms: a fault of kind reset has no such field"),
        ({"kind": "latency", "delay_ms": 0}, "delay_ms: 0 is out of range. Choose a whole number from 1 to 600000."),
        ({"kind": "latency", "delay_ms": "5"}, "delay_ms: '5' is not a whole number"),
        ({"kind": "latency", "delay_ms": True}, "delay_ms"),
        ({"kind": "latency", "delay_ms": 1.5}, "delay_ms"),
        ({"kind": "server_error", "status": 404}, "status"),
        ({"kind": "server_error", "code": -2010}, "code: -2010 is not possible. Choose one of -1000, -1001"),
        ({"kind": "rate_limit", "status": 430}, "status: 430 is not possible. Choose one of 429, 418."),
        ({"kind": "reset", "path": "api"}, "path: 'api' is not a path. Begin it with /"),
        ({"kind": "reset", "path": 7}, "path"),
        ({"kind": "reset", "method": "get"}, "method: 'get' is not a method"),
        ({"kind": "reset", "probability": 0}, "probability"),
        ({"kind": "reset", "probability": float("nan")}, "probability"),
        ({"kind": "reset", "count": 0}, "count"),
        ({"kind": "reset", "count": 1.0}, "count"),
        ({"kind": "reset", "start_in_s": -1}, "start_in_s"),
        ({"kind": "reset", "duration_s": float("inf")}, "duration_s"),
        ({"kind": "reset", "duration_s": "60"}, "duration_s"),
    ],
)
def test_fault_when_wrong_then_one_sentence_that_names_the_field(body: Any, says: str) -> None:
    with pytest.raises(BadFault) as refused:
        read_fault(body)
    assert str(refused.value).startswith(says)
    assert str(refused.value).endswith((".", "}."))


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
names = st.sampled_from(["path", "method", "probability", "count", "start_in_s", "duration_s", "delay_ms", "status"])


@settings(deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.dictionaries(names, values))
def test_fault_when_anything_is_sent_then_read_or_refused(kind: str, fields: dict[str, Any]) -> None:
    try:
        fault = read_fault({"kind": kind, **fields})
    except BadFault:
        return
    assert fault.action.kind == kind


def test_kinds_when_counted_then_each_has_an_effect_and_each_code_a_sentence() -> None:
    assert set(EFFECTS) == set(KINDS.values()) - {WsDrop}
    assert len(KINDS) == 12
    for kind in KINDS.values():
        assert getattr(kind(), "code", -1000) in SENTENCES


@pytest.mark.parametrize(
    ("kind", "path", "reaches"),
    [
        ("stale_prices", "/api/v3/ticker/price", True),
        ("stale_prices", "/api/v3/account", False),
        ("stale_prices", "/api/v3/time", False),
        ("candle_gap", "/api/v3/uiKlines", True),
        ("candle_gap", "/api/v3/depth", False),
        ("clock_skew", "/api/v3/time", True),
        ("clock_skew", "/api/v3/order", True),
        ("clock_skew", "/api/v3/klines", False),
        ("latency", "/anything", True),
    ],
)
def test_matches_when_the_kind_cannot_touch_the_path_then_not(kind: str, path: str, reaches: bool) -> None:
    assert read_fault({"kind": kind}).matches("GET", path) is reaches
