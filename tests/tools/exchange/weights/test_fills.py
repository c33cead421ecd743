"""An order's first fill takes it off the count, and only the first."""

from typing import Any

from tools.exchange.weights.fills import count_fills
from tools.exchange.weights.meter import Meter

NOW_MS = 1_795_333_620_000


def report(execution: str, last: str, executed: str, *, maker: bool = False) -> dict[str, Any]:
    return {"e": "executionReport", "x": execution, "l": last, "z": executed, "m": maker}


def test_fill_when_the_first_of_its_order_then_off_the_count() -> None:
    meter = Meter()
    listen = count_fills(meter, lambda: NOW_MS)
    meter.place("7", 9, NOW_MS)
    meter.place("8", 9, NOW_MS)
    listen(7, {"e": "outboundAccountPosition"})
    listen(7, report("NEW", "0.00000000", "0.00000000"))
    listen(7, report("TRADE", "0.50000000", "0.50000000"))
    listen(7, report("TRADE", "0.50000000", "1.00000000"))
    assert meter.orders("7", NOW_MS) == (8, 8)
    listen(7, report("TRADE", "0.20000000", "0.20", maker=True))
    assert meter.orders("7", NOW_MS) == (3, 3)
    assert meter.orders("8", NOW_MS) == (9, 9)
