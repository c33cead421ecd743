"""A symbol's trading rules, on both sides of their edges."""

from collections.abc import Callable

import pytest

from tests.tools.exchange.spot.fakes import BTC, amount, limit, ticket
from tools.exchange.errors import ApiError
from tools.exchange.spot.filters import Crowd, check_crowd, check_ticket, rules_of
from tools.exchange.spot.tickets import Ticket

RULES = rules_of(BTC)
AVERAGE = amount("100")
STOP = ticket("SELL", "STOP_LOSS", quantity="1", stopPrice="90")


def failed(check: Callable[..., None], *args: object) -> str | None:
    """The filter that was named with code -1013."""
    try:
        check(*args)
    except ApiError as error:
        return error.message.removeprefix("Filter failure: ") if error.code == -1013 else str(error)
    return None


@pytest.mark.parametrize(
    ("ticket", "filter_name"),
    [
        (limit("BUY", "1", "100"), None),
        (limit("BUY", "1", "100.001"), "PRICE_FILTER"),
        (limit("BUY", "1", "1000000.01"), "PRICE_FILTER"),
        (ticket("SELL", "STOP_LOSS", quantity="1", stopPrice="90.001"), "PRICE_FILTER"),
        (limit("BUY", "1", "500"), None),
        (limit("BUY", "1", "500.01"), "PERCENT_PRICE_BY_SIDE"),
        (limit("SELL", "1", "20"), None),
        (limit("SELL", "1", "19.99"), "PERCENT_PRICE_BY_SIDE"),
        (limit("BUY", "1.00001", "100"), None),
        (limit("BUY", "1.000001", "100"), "LOT_SIZE"),
        (limit("BUY", "0.000001", "100"), "LOT_SIZE"),
        (limit("BUY", "9000.00001", "100"), "LOT_SIZE"),
        (ticket("BUY", "MARKET", quantity="90"), None),
        (ticket("BUY", "MARKET", quantity="90.00001"), "MARKET_LOT_SIZE"),
        (ticket("SELL", "STOP_LOSS", quantity="90.00001", stopPrice="90"), "MARKET_LOT_SIZE"),
        (limit("BUY", "0.05", "100"), None),
        (limit("BUY", "0.04999", "100"), "NOTIONAL"),
        (ticket("BUY", "MARKET", quantity="0.05"), None),
        (ticket("BUY", "MARKET", quantity="0.04999"), "NOTIONAL"),
        (ticket("BUY", "MARKET", quoteOrderQty="5"), None),
        (ticket("BUY", "MARKET", quoteOrderQty="4.99999999"), "NOTIONAL"),
    ],
)
def test_filter_when_at_its_edge_then_passed_or_named(ticket: Ticket, filter_name: str | None) -> None:
    assert failed(check_ticket, ticket, RULES, AVERAGE) == filter_name


def test_filter_when_the_notional_is_too_large_then_only_limits_are_refused() -> None:
    large = amount("2000")
    with pytest.raises(ApiError, match="NOTIONAL"):
        check_ticket(limit("BUY", "9000", "1000.01"), RULES, large)
    check_ticket(limit("BUY", "9000", "1000"), RULES, large)


@pytest.mark.parametrize(
    ("tickets", "crowd", "filter_name"),
    [
        ([limit("BUY", "1", "100")], Crowd(199, 5, 20), None),
        ([limit("BUY", "1", "100")], Crowd(200, 0, 0), "MAX_NUM_ORDERS"),
        ([STOP], Crowd(4, 4, 0), None),
        ([STOP], Crowd(5, 5, 0), "MAX_NUM_ALGO_ORDERS"),
        ([STOP, limit("SELL", "1", "100")], Crowd(199, 0, 0), "MAX_NUM_ORDERS"),
        ([STOP, limit("SELL", "1", "100")], Crowd(0, 0, 20), "MAX_NUM_ORDER_LISTS"),
    ],
)
def test_crowd_when_full_then_refused(tickets: list[Ticket], crowd: Crowd, filter_name: str | None) -> None:
    assert failed(check_crowd, tickets, crowd) == filter_name
