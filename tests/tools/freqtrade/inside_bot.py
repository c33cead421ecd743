"""Run in a process of its own, since it imports Freqtrade: prints as JSON what the tests beside it assert on.

The guarded exchange without a bot: Freqtrade's own methods are exchanged for ones that note what reaches them.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from freqtrade.exceptions import (
    DependencyException,
    InsufficientFundsError,
    InvalidOrderException,
    OperationalException,
    TemporaryError,
)
from freqtrade.rpc.rpc import RPCException

from tools.freqtrade import exchange
from tools.freqtrade.permit_client import Refused, Wanted

ORDER = {"pair": "BTC/USDT", "ordertype": "limit", "amount": 0.5, "rate": 100.0, "leverage": 1.0}
MADE = {"id": 7}


class Client:
    """Notes all that it hears; says no to what it is told to."""

    def __init__(self, refuses: bool = False) -> None:
        self.heard: list[list[Any]] = []
        self._refuses = refuses

    def ask_entry(self, wanted: Wanted) -> str:
        self.heard.append(["ask", *wanted])
        if self._refuses:
            raise Refused("trade_size", {"asked": "50"})
        return "permit"

    def note_exit(self, wanted: Wanted) -> None:
        self.heard.append(["exit", *wanted])

    def tell_placed(self, permit: str, order_id: str) -> None:
        self.heard.append(["placed", permit, order_id])

    def tell_failed(self, permit: str) -> None:
        self.heard.append(["failed", permit])

    def tell_cancelled(self, permit: str, order_id: str) -> None:
        self.heard.append(["cancelled", permit, order_id])


class TwoFaced(str):
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True


def build(client: Client, *, dry_run: bool) -> Any:
    kind = exchange.guarded(client)  # type: ignore[arg-type]
    built = kind.__new__(kind)
    built.__dict__.update(_config={"dry_run": dry_run}, price_to_precision=lambda _, rate: round(rate, 1))
    built.__dict__.update(_exchange_ws=None, amount_to_precision=lambda _, amount: int(amount * 1000) / 1000)
    return built


def outcome(error: Exception | None, *, dry_run: bool, side: str = "buy", refuses: bool = False) -> dict[str, Any]:
    """What was heard of one order whose making ends with `error`, and what was raised."""
    made: list[Any] = []

    def real(_exchange: Any, **words: Any) -> dict[str, Any]:
        made.append([words["side"], words["amount"], words["rate"]])
        if error is not None:
            raise error
        return MADE

    exchange.REAL_ORDER = real
    client = Client(refuses)
    raised = None
    try:
        build(client, dry_run=dry_run).create_order(side=side, **ORDER)
    except Exception as problem:  # noqa: BLE001
        raised = problem
    return {
        "heard": [words[0] for words in client.heard],
        "made": made,
        "raised": type(raised).__name__ if raised else None,
        "known": [isinstance(raised, DependencyException), isinstance(raised, RPCException)],
        "text": str(raised),
    }


def within_one(amounts: list[float]) -> list[str]:
    """What is heard where one order that is allowed is made as several."""
    client = Client()
    built = build(client, dry_run=True)

    def real(guarded: Any, **words: Any) -> dict[str, Any]:
        for amount in amounts:
            guarded.create_dry_run_order("BTC/USDT", "limit", "buy", amount, words["rate"], 1.0)
        return MADE

    exchange.REAL_ORDER, exchange.REAL_DRY_RUN_ORDER = real, lambda *_words, **_named: MADE
    built.create_order(side="buy", **ORDER)
    return [words[0] for words in client.heard]


def ended(made: dict[str, Any], after: dict[str, Any], *, dry_run: bool, call: str = "cancel_order") -> list[list[Any]]:
    """What the guard is told of an order that was made so, and of which so was said when it was looked at again."""
    client = Client()
    built = build(client, dry_run=dry_run)
    made = {"id": 7, **made}
    exchange.REAL_ORDER = lambda *_words, **_named: dict(made)
    exchange.REAL_CANCEL = exchange.REAL_FETCH = lambda *_words, **_named: {"id": 7, **after}
    exchange.REAL_DRY_RUN_FETCH = lambda *_words: made
    built.create_order(side="buy", **ORDER)
    for order_id in ("7", "7", "8"):
        getattr(built, call)(order_id, "BTC/USDT")
    return [words for words in client.heard if words[0] == "cancelled"]


OPEN, FILLED, EMPTY = (
    {"status": "open", "filled": 0},
    {"status": "closed", "filled": 0.5},
    {"status": "canceled", "filled": 0.0},
)


def ends() -> dict[str, list[list[Any]]]:
    partly = {"status": "canceled", "filled": 0.1}
    return {
        "simulated": ended(OPEN, EMPTY, dry_run=True),
        "simulated and filled": ended(FILLED, EMPTY, dry_run=True),
        "simulated and filled in part": ended({"status": "open", "filled": 0.1}, EMPTY, dry_run=True),
        "simulated and fetched": ended(OPEN, EMPTY, dry_run=True, call="fetch_order"),
        "simulated and unknown": ended({"status": "open"}, EMPTY, dry_run=True),
        "real": ended(OPEN, EMPTY, dry_run=False),
        "real and fetched": ended(OPEN, {"status": "expired", "filled": 0}, dry_run=False, call="fetch_order"),
        "real and still open": ended(OPEN, OPEN, dry_run=False, call="fetch_order"),
        "real and filled in part": ended(OPEN, partly, dry_run=False),
        "real and filled": ended(OPEN, FILLED, dry_run=False),
        "real and untold": ended(OPEN, {"status": "canceled", "filled": None}, dry_run=False),
        "real and empty": ended(OPEN, {}, dry_run=False),
        "over when made": ended({"status": "rejected", "filled": 0}, EMPTY, dry_run=False),
    }


def asked_for(**changes: Any) -> list[Any]:
    """The order as the guard hears of it, and as Freqtrade makes it."""
    client = Client()
    made: list[Any] = []
    exchange.REAL_ORDER = lambda _exchange, **words: made.append(words) or MADE
    build(client, dry_run=True).create_order(**(ORDER | {"side": "buy"} | changes))
    return [client.heard[0], [type(made[0]["amount"]).__name__, made[0]["side"], made[0]["rate"]]]


class Stubborn:
    """A strategy whose kinds of orders are a property, which the configuration does not override."""

    @property
    def order_types(self) -> dict[str, Any]:
        return {"stoploss_on_exchange": False}


def load(*, dry_run: bool) -> list[Any]:
    """What kinds of orders a strategy has, once it is loaded and after it set others; and the configuration's."""

    def load_really(config: dict[str, Any]) -> Any:
        strategy = type("Loaded", (Stubborn,), {})()
        config["order_types"] = strategy.order_types
        return strategy

    exchange.REAL_STRATEGY = load_really
    config = {"dry_run": dry_run, "order_types": {"stoploss_on_exchange": True}}
    strategy = exchange.load_strategy(config)
    told = [dict(strategy.order_types), config["order_types"]]
    if not dry_run:
        strategy.order_types["stoploss_on_exchange"] = False
        strategy.order_types = {}
    return [*told, strategy.order_types]


def main() -> None:
    errors: dict[str, Exception | None] = {
        "none": None,
        "invalid": InvalidOrderException("x"),
        "funds": InsufficientFundsError("x"),
        "temporary": TemporaryError("x"),
        "operational": OperationalException("x"),
        "bug": KeyError("x"),
    }
    answer = {
        "live": {name: outcome(error, dry_run=False) for name, error in errors.items()},
        "dry_run": {name: outcome(error, dry_run=True) for name, error in errors.items()},
        "sell": {name: outcome(error, dry_run=False, side="sell") for name, error in errors.items()},
        "refused": outcome(None, dry_run=False, refuses=True),
        "spent": {str(amounts): within_one(amounts) for amounts in ([0.5], [0.4], [0.4, 0.1], [0.6])},
        "rounded": asked_for(rate=100.06),
        "not_rounded_down": asked_for(rate=100.04),
        "numpy": asked_for(amount=np.float64(0.1), rate=np.float64(3.0)),
        "two_faced": asked_for(side=TwoFaced("buy")),
        "unknown_side": asked_for(side="BUY"),
        "sale": asked_for(side="sell"),
        "ended": ends(),
        "loaded": {"live": load(dry_run=False), "dry_run": load(dry_run=True)},
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
