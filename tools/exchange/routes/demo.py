"""What kind of prices these are. Not part of Binance's interface."""

from typing import Any

from tools.exchange.call import Call, get
from tools.exchange.clock import format_time


def read_status(call: Call) -> dict[str, Any]:
    """The source, whether its prices are invented, and which time of its data is shown at which moment."""
    source = call.market.source
    data_from, data_to = source.data_range(call.now_ms)
    return {
        "source": source.name,
        "synthetic": source.name == "synthetic",
        "seed": source.seed,
        "pairs": [symbol.pair for symbol in source.symbols],
        "data_from": format_time(data_from),
        "data_to": format_time(data_to),
        "data_now": format_time(source.data_now(call.now_ms)),
        "now": format_time(call.now_ms),
    }


ROUTES = [get("/demo/status", read_status)]
