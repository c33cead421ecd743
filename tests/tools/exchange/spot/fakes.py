"""A market that does what a test says, and short ways to write what is asked of the desk."""

from starlette.datastructures import QueryParams

from tools.exchange.query import Query
from tools.exchange.spot import tickets
from tools.exchange.spot.accounts import Account, Permissions
from tools.exchange.spot.amounts import parse_amount
from tools.exchange.spot.asked import Cancel
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.oco import PARAMETERS as OCO_PARAMETERS
from tools.exchange.spot.oco import Oco, read_oco
from tools.exchange.spot.orders import Order, Side
from tools.exchange.spot.prices import Offers, Prices
from tools.exchange.spot.tickets import Ticket
from tools.exchange.symbols import Symbol

BTC = Symbol("BTC", "USDT", 2, 5)


class Script(Prices):
    """A market as a test sets it; quantities and prices in units of 1e-8. The house offers a lot on both sides."""

    def __init__(self, *symbols: Symbol) -> None:
        self.listed = {symbol.name: symbol for symbol in symbols or (BTC,)}
        self.price = amount("100")
        self.spread = amount("1")
        self.depth = [(0, amount("2")), (1, amount("3"))]
        self.seller_took = True
        self.tape = 0

    def symbol(self, name: str) -> Symbol | None:
        return self.listed.get(name)

    def last(self, symbol: Symbol, now_ms: int) -> tuple[int, bool]:
        return self.price, self.seller_took

    def average(self, symbol: Symbol, now_ms: int) -> int:
        return self.price

    def traded(self, symbol: Symbol, now_ms: int) -> int:
        return self.tape

    def offers(self, symbol: Symbol, side: Side, now_ms: int) -> Offers:
        """Bids from the last price down, asks from the spread above it up, a step of one quote apart."""
        if side == "BUY":
            return [(self.price - amount("1") * step, size) for step, size in self.depth]
        return [(self.price + self.spread + amount("1") * step, size) for step, size in self.depth]


def amount(text: str) -> int:
    return parse_amount("amount", text)


def ticket(side: str, kind: str, **params: str) -> Ticket:
    sent = QueryParams({"symbol": "BTCUSDT", "side": side, "type": kind, **params})
    return tickets.read_ticket(Query(sent, tickets.PARAMETERS))


def limit(side: str, quantity: str, price: str, tif: str = "GTC", **params: str) -> Ticket:
    return ticket(side, "LIMIT", quantity=quantity, price=price, timeInForce=tif, **params)


def oco(side: str, **params: str) -> Oco:
    return read_oco(Query(QueryParams({"symbol": "BTCUSDT", "side": side, **params}), OCO_PARAMETERS))


def open_account(desk: Desk, **balances: str) -> Account:
    return desk.open_account(Permissions(), {asset: amount(text) for asset, text in balances.items()}, 0)


def by_number(order: Order) -> Cancel:
    return Cancel(order.number, None, "cancel")


def has(desk: Desk, account: Account, asset: str) -> tuple[int, int]:
    """What the account has free and locked."""
    balance = desk.ledger.balance(account.uid, asset)
    return balance.free, balance.locked
