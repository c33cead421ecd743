"""What is on the allow-list and what is not."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.gateway import errors
from tools.gateway.endpoints import ENDPOINTS
from tools.gateway.question import Question
from tools.gateway.reading import Wire, describe, read_question

KLINES = "/api/v3/klines"
PRICE = "/api/v3/ticker/price"


def read(target: str | bytes, method: str = "GET", *headers: tuple[bytes, bytes]) -> Question:
    raw = target if isinstance(target, bytes) else target.encode()
    path, _, query = raw.partition(b"?")
    return read_question(Wire(method, path, query, headers), ENDPOINTS)


def refused(target: str | bytes, method: str = "GET", *headers: tuple[bytes, bytes]) -> tuple[int, int]:
    with pytest.raises(errors.ApiError) as error:
        read(target, method, *headers)
    return error.value.status, error.value.code


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        "/api/v3",
        "/api/v3/",
        "/api/v3/order",
        "/api/v3/account",
        "/sapi/v1/capital/withdraw/apply",
        "/api/v3/ping/",
        "//api/v3/ping",
        "/api//v3/ping",
        "/api/v3/./ping",
        "/api/v3/../v3/ping",
        "/api/v3/p%69ng",
        "/api/v3/%2e%2e/ping",
        "/api/v3/ping%00",
        "/api/v3/ping;a=b",
        "/api/v3/ping%3Fa",
        "/API/v3/ping",
        "/api/v3/Ping",
        "/api/v3/ping ",
        "http://elsewhere/api/v3/ping",
        "/api/v3/ticker",
        "/api/v3/ticker/24HR",
        "/api/v1/ping",
        "/api/v3/historicalTrades",
        "/api/v3/exchangeinfo",
        "/api/v3/ping\\",
        "/api/v3/\u212a",
        "/gateway",
        "*",
        "/api/v3/userDataStream",
        "/wapi/v3/withdraw.html",
        "/api/v3/ping/../order",
        "/api/v3/ping%0d%0aHost:%20x",
    ],
)
def test_read_when_the_path_is_not_listed_to_the_letter_then_404(path: str) -> None:
    assert refused(path) == (404, -1020)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", ""])
def test_read_when_another_method_then_403(method: str) -> None:
    assert refused("/api/v3/ping", method) == (403, -1020)


@pytest.mark.parametrize(
    "header",
    [
        (b"content-length", b"1"),
        (b"content-length", b"00"),
        (b"transfer-encoding", b"chunked"),
    ],
)
def test_read_when_there_is_a_body_then_403(header: tuple[bytes, bytes]) -> None:
    assert refused("/api/v3/ping", "GET", header) == (403, -1020)


def test_read_when_the_body_is_empty_then_served() -> None:
    assert read("/api/v3/ping", "GET", (b"content-length", b"0")).params == {}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("symbol=BTCUSDT", -1102),
        ("interval=1m", -1102),
        ("symbol=&interval=1m", -1105),
        ("symbol", -1100),
        ("&", -1100),
        ("symbol=BTCUSDT&interval=1m&", -1100),
        ("=x", -1100),
        ("symbol=BTCUSDT&interval=1m&color=red", -1104),
        ("symbol=BTCUSDT&symbol=BTCUSDT&interval=1m", -1101),
        ("Symbol=BTCUSDT&interval=1m", -1104),
        ("%73ymbol=BTCUSDT&interval=1m", -1100),
        ("symbol=btcusdt&interval=1m", -1100),
        ("symbol=BTC/USDT&interval=1m", -1100),
        ("symbol=BTC%0d%0aUSDT&interval=1m", -1100),
        ("symbol=BTC%00&interval=1m", -1100),
        ("symbol=BTC%7f&interval=1m", -1100),
        ("symbol=BTC%&interval=1m", -1100),
        ("symbol=BTC%4&interval=1m", -1100),
        ("symbol=%ff%fe&interval=1m", -1100),
        ("symbol=%e2%80%ae&interval=1m", -1100),
        ("symbol=" + "A" * 51 + "&interval=1m", -1100),
        ("symbol=BTC%20USDT&interval=1m", -1100),
        ("symbol=BTC+USDT&interval=1m", -1100),
        ("symbol=BTC;USDT&interval=1m", -1100),
        ("symbol=BTCUSDT&interval=7m", -1120),
        ("symbol=BTCUSDT&interval=1M%20", -1120),
        ("symbol=BTCUSDT&interval=1m&limit=many", -1100),
        ("symbol=BTCUSDT&interval=1m&limit=-1", -1100),
        ("symbol=BTCUSDT&interval=1m&limit=1.5", -1100),
        ("symbol=BTCUSDT&interval=1m&limit=%d9%a1", -1100),
        ("symbol=BTCUSDT&interval=1m&startTime=99999999999999999999", -1130),
        ("symbol=BTCUSDT&interval=1m&limit=+1", -1100),
        ("symbol=BTCUSDT&interval=1m&limit=" + "1" * 21, -1100),
        ("symbol=BTCUSDT&interval=1m&timeZone=15", -1130),
        ("symbol=BTCUSDT&interval=1m&timeZone=noon", -1130),
        ("symbol=BTCUSDT&interval=1m&timeZone=-13", -1130),
        ("symbol=BTCUSDT&interval=1m&limit=" + "9" * 17_000, -1101),
        ("symbol=BTCUSDT&interval=1m&signature=abc", -1104),
        ("symbol=BTCUSDT&interval=1m&timestamp=1", -1104),
    ],
)
def test_read_when_a_parameter_is_wrong_then_binances_code(query: str, code: int) -> None:
    assert refused(f"{KLINES}?{query}") == (400, code)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("symbols=BTCUSDT", -1100),
        ("symbols=[]", -1105),
        ('symbols=["A","A"]', -1151),
        ("symbols=[1]", -1100),
        ('symbols=["a"]', -1100),
        ('symbols=["A"', -1100),
        ('symbols={"A":1}', -1100),
        ('symbols=["A"]&symbol=A', -1128),
        ("symbols=" + "[" * 5_000, -1100),
        ("symbolStatus=OPEN", -1122),
        ('symbols=["A",["B"]]', -1100),
    ],
)
def test_read_when_a_list_of_symbols_is_wrong_then_binances_code(query: str, code: int) -> None:
    assert refused(f"{PRICE}?{query}") == (400, code)


def test_read_when_the_kind_or_the_flag_is_unknown_then_binances_code() -> None:
    assert refused("/api/v3/ticker/24hr?type=BIG") == (400, -1139)
    assert refused("/api/v3/exchangeInfo?showPermissionSets=yes") == (400, -1130)
    assert refused("/api/v3/exchangeInfo?permissions=SP%26OT") == (400, -1100)


@pytest.mark.parametrize(
    ("target", "params"),
    [
        ("/api/v3/depth?symbol=BTCUSDT&limit=007", {"symbol": "BTCUSDT", "limit": "7"}),
        ("/api/v3/depth?symbol=%E5%B8%81USDT", {"symbol": "币USDT"}),
        ('/api/v3/ticker/price?symbols=["A", "B"]', {"symbols": '["A","B"]'}),
        ("/api/v3/ticker/price?symbols=%5B%22A%22%2C+%22B%22%5D", {"symbols": '["A","B"]'}),
        ("/api/v3/exchangeInfo?permissions=%5B%22SPOT%22%5D", {"permissions": '["SPOT"]'}),
        (
            "/api/v3/klines?symbol=A&interval=1M&timeZone=-03:30",
            {"symbol": "A", "interval": "1M", "timeZone": "-03:30"},
        ),
    ],
)
def test_read_when_allowed_then_one_way_of_writing_it(target: str, params: dict[str, str]) -> None:
    assert read(target).params == params


@pytest.mark.parametrize(
    ("target", "weight"),
    [
        ("ping", 1),
        ("exchangeInfo", 20),
        ("klines?symbol=A&interval=1m", 2),
        ("avgPrice?symbol=A", 2),
        ("trades?symbol=A", 25),
        ("aggTrades?symbol=A", 4),
        ("depth?symbol=A", 5),
        ("depth?symbol=A&limit=100", 5),
        ("depth?symbol=A&limit=101", 25),
        ("depth?symbol=A&limit=501", 50),
        ("depth?symbol=A&limit=1001", 250),
        ("depth?symbol=A&limit=9999", 250),
        ("ticker/price?symbol=A", 2),
        ("ticker/price", 4),
        ('ticker/bookTicker?symbols=["A"]', 4),
        ("ticker/24hr?symbol=A", 2),
        ("ticker/24hr", 80),
        ('ticker/24hr?symbols=["A"]', 2),
        ("ticker/24hr?symbols=[" + ",".join(f'"A{n}"' for n in range(20)) + "]", 2),
        ("ticker/24hr?symbols=[" + ",".join(f'"A{n}"' for n in range(21)) + "]", 40),
        ("ticker/24hr?symbols=[" + ",".join(f'"A{n}"' for n in range(101)) + "]", 80),
    ],
)
def test_endpoints_when_asked_then_the_documented_weight(target: str, weight: int) -> None:
    assert read(f"/api/v3/{target}").weight == weight


def test_endpoints_when_listed_then_all_are_reads_of_public_data() -> None:
    assert {(each.method, each.security) for each in ENDPOINTS.values()} == {("GET", "public")}
    assert len(ENDPOINTS) == 12


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(ENDPOINTS)), st.binary(max_size=60))
def test_read_when_anything_is_sent_then_a_checked_question_or_a_refusal(path: str, query: bytes) -> None:
    try:
        question = read_question(Wire("GET", path.encode(), query, []), ENDPOINTS)
    except errors.ApiError:
        return
    assert all(name in question.endpoint.params and value.isprintable() for name, value in question.params.items())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.text(max_size=40))
def test_describe_when_refused_then_bounded_and_printable(path: bytes, method: str) -> None:
    refusal: Any = describe(Wire(method, path, b"secret=1", []), errors.unsupported(404))
    assert len(refusal.path) <= 120
    assert len(refusal.method) <= 120
    assert refusal.path.isascii()
    assert refusal.path.isprintable()
    assert "secret" not in refusal.path or b"secret" in path
    assert refusal.method.isascii()
    assert refusal.method == "" or refusal.method.isprintable()
