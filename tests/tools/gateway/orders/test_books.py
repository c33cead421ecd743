"""Any sequence of orders, fills, cancels and lost answers: exposure, inventory and isolation hold at every step."""

import os
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.gateway.orders.gate import LIMITS, ONE, OTHER, SYMBOLS, spec
from tools.bot import State
from tools.gateway.orders.bar import Bar
from tools.gateway.orders.entry import Entry, Status, Told
from tools.gateway.orders.errors import Denied
from tools.gateway.orders.facts import read_free, read_held
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.position import Fill
from tools.gateway.orders.schema import LedgerTaken
from tools.gateway.orders.standing import Standing
from tools.gateway.orders.wire_order import WireOrder

EXAMPLES = int(os.environ.get("ORDER_EXAMPLES", "60"))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["buy", "market", "sell", "stop", "fill", "fill", "cancel", "lose", "refuse", "again"]),
        st.sampled_from([ONE, OTHER]),
        st.sampled_from(["BTCUSDT", "ETHUSDT"]),
        st.decimals("0.01", "40", places=2),
        st.integers(0, 50),
    ),
    max_size=int(os.environ.get("ORDER_STEPS", "40")),
)
PRICES = {"BTC/USDT": Decimal(100), "ETH/USDT": Decimal(10)}


class World:
    """The owner, the prices and the exchange, as one object that a test moves."""

    def __init__(self, path: Path) -> None:
        self.ledger = Ledger(path / "gateway.sqlite")
        self.bar = Bar(self.ledger, self, self, self, lambda _: None, "demo", lambda: 1_800_000_000_000)  # type: ignore[arg-type]
        self.bought: dict[tuple[str, str], Decimal] = {}
        self.numbers = 0

    def read(self, whom: str, **_: object) -> object:
        if whom in PRICES:
            return PRICES[whom], 1.0
        return Standing(spec(), "demo", State.RUNNING, LIMITS, False, None, None, None)

    def doubts(self, _: str) -> list[Entry]:
        return []

    def step(self, what: str, bot_id: str, symbol: str, amount: Decimal, pick: int) -> None:
        if what in ("buy", "market", "sell", "stop"):
            return self.place(what, bot_id, symbol, amount)
        orders = self.ledger.read_all()
        if orders:
            entry = orders[pick % len(orders)]
            if what == "again":
                with pytest.raises(Denied, match="Duplicate"):
                    self.bar.admit(entry.bot_id, wanted("buy", entry.own_id, symbol, amount), SYMBOLS[symbol])
            elif entry.is_live:
                self.move(what, entry, min(amount, entry.quantity - entry.executed))
        return None

    def place(self, what: str, bot_id: str, symbol: str, amount: Decimal) -> None:
        self.numbers += 1
        free = read_free(self.ledger, bot_id, SYMBOLS[symbol].pair)[0]
        try:
            entry = self.bar.admit(bot_id, wanted(what, f"o{self.numbers}", symbol, amount), SYMBOLS[symbol])
        except Denied:
            assert what in ("buy", "market") or amount > free
            return
        assert entry.side == "BUY" or amount <= free
        self.ledger.mark_sent(entry.id, 1)

    def move(self, what: str, entry: Entry, amount: Decimal) -> None:
        executed, fills, status = entry.executed, (), Status.OPEN
        if what == "fill":
            self.numbers += 1
            executed += amount
            price = entry.price or PRICES[entry.pair]
            asset, fee = (entry.base, amount) if entry.side == "BUY" else ("USDT", amount * price)
            fills = (Fill(self.numbers, price, amount, fee / 1000, asset, 1_800_000_000_000),)
            status = Status.FILLED if executed == entry.quantity else Status.OPEN
            sign = 1 if entry.side == "BUY" else -1
            key = (entry.bot_id, entry.pair)
            moved = sign * amount - (fee / 1000 if asset == entry.base else 0)
            self.bought[key] = self.bought.get(key, Decimal(0)) + moved
        elif what == "cancel":
            status = Status.CANCELED
        elif what == "lose":
            return self.ledger.mark_unknown(entry.id)
        elif what == "refuse":
            if entry.status in (Status.SENT, Status.UNKNOWN):
                self.ledger.refuse(entry.id, -1, "no", 1)
            return None
        told = Told(self.number(entry), status, executed, Decimal(0), entry.quantity, entry.price or Decimal(0), fills)
        for _ in range(2):
            self.ledger.note(entry.id, told, 1)
        return None

    def number(self, entry: Entry) -> int:
        return [one.id for one in self.ledger.read_all()].index(entry.id) + 1

    def check(self) -> None:
        held = read_held(self.ledger)
        assert held.whole() <= LIMITS.max_total_exposure
        for bot_id in (ONE, OTHER):
            assert held.of(bot_id) <= spec().exposure
            assert held.count(bot_id) <= 2
            for pair in PRICES:
                free, locked = read_free(self.ledger, bot_id, pair)
                assert free >= 0
                assert locked >= 0
                there = self.bought.get((bot_id, pair), Decimal(0))
                assert there >= 0
                assert free + locked <= there or locked == 0
                assert free + locked == there
        for entry in self.ledger.read_all():
            assert entry.filled <= entry.quantity


def wanted(what: str, own_id: str, symbol: str, amount: Decimal) -> WireOrder:
    price = PRICES[SYMBOLS[symbol].pair]
    side = "BUY" if what in ("buy", "market") else "SELL"
    if what == "market":
        return WireOrder(own_id, symbol, side, "MARKET", amount)
    stop = price / 2 if what == "stop" else None
    return WireOrder(own_id, symbol, side, "STOP_LOSS_LIMIT" if stop else "LIMIT", amount, price, stop, "GTC")


@given(STEPS)
@settings(
    max_examples=int(os.environ.get("ORDER_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_admit_when_anything_happens_then_limits_inventory_and_isolation_hold(
    steps: list[tuple[str, str, str, Decimal, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        try:
            for step in steps:
                world.step(*step)
                world.check()
        finally:
            world.ledger.close()


def test_open_when_another_gateway_has_it_then_it_is_refused(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "gateway" / "gateway.sqlite")
    with pytest.raises(LedgerTaken):
        Ledger(tmp_path / "gateway" / "gateway.sqlite")
    assert (tmp_path / "gateway" / "gateway.sqlite").stat().st_mode & 0o077 == 0
    first.close()
    Ledger(tmp_path / "gateway" / "gateway.sqlite").close()


def test_write_when_something_fails_then_nothing_of_it_is_there(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "gateway.sqlite")

    def fail() -> None:
        with ledger.writing():
            ledger.add_refusal(1, ONE, "refused", "rule", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ledger.read_refusals() == []
    ledger.close()


def test_add_refusal_when_it_is_written_then_orders_wait_for_the_disk_as_before(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "gateway.sqlite")
    told: list[str] = []
    ledger._connection.set_trace_callback(told.append)
    ledger.add_refusal(1, ONE, "refused", "rule", {})
    ledger._connection.set_trace_callback(None)
    assert told[0] == "PRAGMA synchronous=NORMAL"
    assert ledger._connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert len(ledger.read_refusals()) == 1
    ledger.close()


def test_refuse_when_the_exchange_has_been_heard_meanwhile_then_its_word_stands(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.place("buy", ONE, "BTCUSDT", Decimal(1))
    entry = world.ledger.read_all()[0]
    world.ledger.note(entry.id, Told(1, Status.OPEN, Decimal(0), Decimal(0), Decimal(1), Decimal(100)), 1)
    world.ledger.refuse(entry.id, -2013, "late")
    world.ledger.mark_unknown(entry.id)
    assert world.ledger.read_all()[0].status is Status.OPEN
    assert read_held(world.ledger).of(ONE) == 100
    world.ledger.close()
