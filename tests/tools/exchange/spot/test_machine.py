"""Random orders, cancels, replacements, seconds and restarts: money is neither made nor lost, and none is stuck."""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.tools.exchange.spot.fakes import Script
from tools.exchange.errors import ApiError
from tools.exchange.spot.accounts import Account, Permissions
from tools.exchange.spot.amounts import UNIT, cost, write_amount
from tools.exchange.spot.asked import Cancel, Replacement
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.filters import rules_of
from tools.exchange.spot.oco import Oco
from tools.exchange.spot.orders import PREVENTIONS, SIDES, STOPS, TIMES_IN_FORCE, TYPES, Order
from tools.exchange.spot.store import Store
from tools.exchange.spot.tickets import Ticket
from tools.exchange.symbols import Symbol

SYMBOLS = (Symbol("BTC", "USDT", 2, 5), Symbol("ODD", "USDT", 5, 6), Symbol("ODD", "BTC", 5, 4))
"""0.00001 times 0.000001 has more than eight decimals, so costs are rounded; one asset is base here and quote there."""
FINEST = UNIT // 100_000
"""The finest tick of the three. Prices move by multiples of it, and quantities are multiples of a tenth of it."""
sizes = st.integers(40_000, 6_000_000)
moves = st.integers(-400_000, 400_000)
distances = st.integers(-20_000, 300_000)
"""In ticks; below zero a stop would trigger immediately."""
Pair = tuple[int, str]


class Trading(RuleBasedStateMachine):
    """An exchange with three accounts; `told` is what its events say of their balances."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.script = Script(*SYMBOLS)
        self.script.tape = UNIT // 4
        self.now_ms = 1_000
        self.names = count()
        self.told: dict[Pair, tuple[str, str]] = {}
        self.desk = self.open()

    def open(self) -> Desk:
        store = Store.in_folder(self.folder)
        store.write("PRAGMA synchronous = OFF")
        desk = Desk(None, store, self.now_ms, self.script)  # type: ignore[arg-type]
        desk.listeners.append(self.listen)
        return desk

    def listen(self, uid: int, event: dict[str, Any]) -> None:
        for one in event.get("B", []) if event["e"] == "outboundAccountPosition" else []:
            self.told[uid, one["a"]] = (one["f"], one["l"])

    def teardown(self) -> None:
        self.desk._store.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        funds = {"USDT": 2_000 * UNIT, "BTC": 20 * UNIT, "ODD": 20 * UNIT}
        self.accounts: list[Account] = [self.desk.open_account(Permissions(), funds, 0) for _ in range(3)]

    @rule(data=st.data())
    def place(self, data: st.DataObject) -> None:
        symbol = data.draw(st.sampled_from(SYMBOLS))
        self.attempt(self.desk.place, symbol, self.ticket(data, symbol))

    @rule(data=st.data())
    def place_pair(self, data: st.DataObject) -> None:
        symbol = data.draw(st.sampled_from(SYMBOLS))
        kind = data.draw(st.sampled_from(["STOP_LOSS", "STOP_LOSS_LIMIT"]))
        gain = self.ticket(data, symbol, data.draw(st.sampled_from(["LIMIT_MAKER", "TAKE_PROFIT"])))
        loss = self.ticket(data, symbol, kind, gain)
        self.attempt(self.desk.place_list, symbol, Oco(f"list{next(self.names)}", loss, gain))

    @precondition(lambda self: self.open_orders())
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(self.open_orders()))
        wanted = Cancel(order.number, None, "cancel")
        self.desk.cancel(order.uid, self.script.listed[order.symbol], wanted, self.now_ms)

    @precondition(lambda self: self.open_orders())
    @rule(data=st.data(), stop=st.booleans())
    def replace(self, data: st.DataObject, stop: bool) -> None:
        order = data.draw(st.sampled_from(self.open_orders()))
        symbol = self.script.listed[order.symbol]
        wanted = Replacement(Cancel(order.number, None, "cancel"), self.ticket(data, symbol), stop)
        if code_of(self.desk.replace, order.uid, symbol, wanted, self.now_ms) == -1013:
            assert self.desk.orders.get(order.number) == order

    @rule(move=moves, seconds=st.integers(0, 3), seller_took=st.booleans())
    def wait(self, move: int, seconds: int, seller_took: bool) -> None:
        self.script.price = max(10 * UNIT, self.script.price + move * FINEST)
        self.script.seller_took = seller_took
        self.now_ms += seconds * 1_000
        self.desk.advance(self.now_ms)

    @rule(move=moves, back=moves)
    def rush(self, move: int, back: int) -> None:
        """Two seconds in which the price leaves and returns."""
        self.wait(move, 1, move < 0)
        self.wait(back, 1, back < 0)

    @rule(who=st.integers(0, 2), change=st.integers(-500, 500))
    def fund(self, who: int, change: int) -> None:
        account, amount = self.accounts[who], change * UNIT
        free = self.desk.ledger.balance(account.uid, "USDT").free
        code = code_of(self.desk.fund, account.uid, "USDT", amount, self.now_ms)
        assert (code == -2010) == (free + amount < 0)

    @rule()
    def restart(self) -> None:
        self.desk._store.close()
        self.desk = self.open()

    def attempt(self, action: Any, symbol: Symbol, asked: Ticket | Oco) -> None:
        account = self.accounts[next(self.names) % 3]
        before = self.state()
        code = code_of(action, account.uid, symbol, asked, self.now_ms)
        assert code in {None, -1013, -2010}
        assert (self.state() == before) == (code is not None)

    def ticket(self, data: st.DataObject, symbol: Symbol, kind: str = "", like: Ticket | None = None) -> Ticket:
        kind = kind or data.draw(st.sampled_from(TYPES))
        side = like.side if like else data.draw(st.sampled_from(SIDES))
        by_quote = kind == "MARKET" and data.draw(st.booleans())
        rules = rules_of(symbol)
        quantity = like.quantity if like else _stepped(data.draw(sizes) * FINEST // 10, rules.lot)
        upwards = (side == "BUY") == kind.startswith("STOP_LOSS")
        away = data.draw(distances) * FINEST
        stop = self.script.price + (away if upwards else -away)
        return Ticket(
            side=side,
            type=kind,
            tif=data.draw(st.sampled_from(TIMES_IN_FORCE)) if kind.endswith("LIMIT") else "GTC",
            price=_stepped(self.script.price + data.draw(moves) * FINEST, rules.tick) if "LIMIT" in kind else 0,
            quantity=0 if by_quote else quantity,
            quote_quantity=data.draw(st.integers(5, 400)) * UNIT if by_quote else 0,
            stop_price=_stepped(stop, rules.tick) if kind in STOPS else 0,
            client_id=f"order{next(self.names)}",
            prevention=data.draw(st.sampled_from(PREVENTIONS)),
            strategy_id=None,
            strategy_type=None,
        )

    def open_orders(self) -> list[Order]:
        return [order for account in self.accounts for order in self.desk.orders.open(account.uid)]

    def state(self) -> list[Any]:
        tables = ("orders", "trades", "lists", "balances", "postings")
        return [self.desk._store.rows(f"SELECT * FROM {table}") for table in tables]

    @invariant()
    def the_ledger_sums_to_zero(self) -> None:
        totals: dict[str, int] = defaultdict(int)
        kept: dict[Pair, int] = {}
        for uid, asset, free, locked in self.desk._store.rows("SELECT uid, asset, free, locked FROM balances"):
            totals[asset] += free + locked
            kept[uid, asset] = free + locked
        assert not any(totals.values())
        posted: dict[Pair, int] = defaultdict(int)
        for uid, asset, amount in self.desk._store.rows("SELECT uid, asset, amount FROM postings"):
            posted[uid, asset] += amount
        assert posted == kept

    @invariant()
    def no_more_and_no_less_is_locked_than_open_orders_need(self) -> None:
        needs: dict[Pair, dict[Any, int]] = defaultdict(dict)
        for order in self.open_orders():
            symbol = self.script.listed[order.symbol]
            pair = (order.uid, symbol.quote if order.side == "BUY" else symbol.base)
            group = order.list_id if order.list_id >= 0 else ("alone", order.number)
            needs[pair][group] = max(_need(order), needs[pair].get(group, 0))
        for account in self.accounts:
            for balance in self.desk.ledger.balances(account.uid):
                assert balance.free >= 0
                assert balance.locked == sum(needs[account.uid, balance.asset].values())

    @invariant()
    def orders_are_what_their_trades_made_them(self) -> None:
        for (number,) in self.desk._store.rows("SELECT number FROM orders"):
            order, sides = self.desk.orders.get(number), self.desk.trades.of_order(number)
            assert order.executed == sum(side.quantity for side in sides) <= order.quantity
            assert order.executed_quote == sum(side.quote for side in sides)
            assert (order.status == "FILLED") == (order.executed == order.quantity)
            assert all(side.quote == cost(side.price, side.quantity) for side in sides)
            assert all(_keeps_its_limit(order, side.price) for side in sides)

    @invariant()
    def lists_are_done_when_their_orders_are(self) -> None:
        for (number,) in self.desk._store.rows("SELECT number FROM lists"):
            legs = self.desk.orders.of_list(number)
            assert self.desk.lists.get(number).done == (not any(leg.is_open for leg in legs))

    @invariant()
    def accounts_were_told_what_they_have(self) -> None:
        for account in self.accounts:
            for balance in self.desk.ledger.balances(account.uid):
                shown = (write_amount(balance.free), write_amount(balance.locked))
                assert self.told[account.uid, balance.asset] == shown


def code_of(action: Callable[..., object], *args: object) -> int | None:
    """The code with which an action was refused."""
    try:
        action(*args)
    except ApiError as refused:
        return refused.code
    return None


def _stepped(amount: int, step: int) -> int:
    return amount - amount % step


def _need(order: Order) -> int:
    """What must be locked, said again: base for a SELL, else the price or the stop times the quantity, rounded up."""
    left = order.quantity - order.executed
    if order.side == "SELL":
        return left
    return -(-(order.price or order.stop_price) * left // UNIT)


def _keeps_its_limit(order: Order, price: int) -> bool:
    if not order.price:
        return True
    return price <= order.price if order.side == "BUY" else price >= order.price


TestTrading = Trading.TestCase
TestTrading.settings = settings(
    max_examples=60,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
