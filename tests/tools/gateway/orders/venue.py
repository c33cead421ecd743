"""A small exchange with Binance's signed endpoints, over real HTTP, which fails in every way that a test asks for."""

import hashlib
import hmac
import json
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tools.gateway.orders.keys import ExchangeKeys

KEYS = ExchangeKeys("K" * 64, "S" * 64)
FEE = Decimal("0.001")
ZERO = Decimal(0)
EIGHT = Decimal("1e-8")


COIN = {"coin": "BTC", "free": "50", "locked": "1", "networkList": [], "name": "Bitcoin"}


class No(Exception):
    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


@dataclass
class Made:
    """An order at the exchange."""

    number: int
    client_id: str
    symbol: str
    side: str
    kind: str
    quantity: Decimal
    price: Decimal
    stop: Decimal
    in_force: str
    status: str = "NEW"
    executed: Decimal = ZERO
    quote: Decimal = ZERO
    fills: list[dict[str, Any]] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        return {
            "symbol": self.symbol, "orderId": self.number, "orderListId": -1, "clientOrderId": self.client_id,
            "price": f"{self.price:.8f}", "origQty": f"{self.quantity:.8f}", "executedQty": f"{self.executed:.8f}",
            "cummulativeQuoteQty": f"{self.quote:.8f}", "status": self.status, "timeInForce": self.in_force,
            "type": self.kind, "side": self.side, "stopPrice": f"{self.stop:.8f}", "time": 1, "updateTime": 2,
        }  # fmt: skip


class Venue:
    """BTCUSDT and ETHUSDT at a price that the test sets; buys pay their fee in what they buy."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.prices = {"BTCUSDT": Decimal(100), "ETHUSDT": Decimal(10)}
        self.balances: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.balances |= {"USDT": Decimal(100_000), "BTC": Decimal(50), "BNB": Decimal(3)}
        self.orders: dict[int, Made] = {}
        self.trades: list[dict[str, Any]] = []
        self.faults: deque[tuple[str, str, str]] = deque()
        self.calls: Counter[tuple[str, str]] = Counter()
        self.seen: list[dict[str, str]] = []
        self.fee_asset: str | None = None
        self.hidden: set[str] = set()
        """Client ids that the exchange has and does not show yet."""

    def open(self) -> list[Made]:
        with self.lock:
            return [order for order in self.orders.values() if order.status in ("NEW", "PARTIALLY_FILLED")]

    def by_client(self, client_id: str) -> list[Made]:
        return [order for order in self.orders.values() if order.client_id == client_id]

    def fault(self, method: str, path: str, how: str) -> None:
        """The next such request fails: `before_*` it is done, or `after_*`; or it arrives `twice`."""
        self.faults.append((method, path, how))

    def fill(self, order: Made, quantity: Decimal, price: Decimal | None = None) -> None:
        with self.lock:
            at = price or order.price or self.prices[order.symbol]
            base, quote = order.symbol[:-4], order.symbol[-4:]
            asset = self.fee_asset or (base if order.side == "BUY" else quote)
            taken = quantity if order.side == "BUY" else quantity * at
            fee = (taken * FEE).quantize(EIGHT) if asset != "BNB" else Decimal("0.001")
            number = len(self.trades) + 1
            order.executed += quantity
            order.quote += quantity * at
            order.status = "FILLED" if order.executed == order.quantity else "PARTIALLY_FILLED"
            amounts = {"price": f"{at:.8f}", "qty": f"{quantity:.8f}", "commission": f"{fee:.8f}"}
            order.fills.append({**amounts, "commissionAsset": asset, "tradeId": number})
            trade = {"symbol": order.symbol, "id": number, "orderId": order.number, **amounts}
            self.trades.append({**trade, "commissionAsset": asset, "time": int(time.time() * 1000)})
            sign = 1 if order.side == "BUY" else -1
            self.balances[base] += sign * quantity
            self.balances[quote] -= sign * quantity * at
            self.balances[asset] -= fee

    def make(self, params: dict[str, str]) -> dict[str, Any]:
        client_id = params["newClientOrderId"]
        if any(order.client_id == client_id for order in self.open()):
            raise No(-2010, "Duplicate order sent.")
        numbers = (Decimal(params.get(name, "0")) for name in ("quantity", "price", "stopPrice"))
        order = Made(
            len(self.orders) + 1, client_id, params["symbol"], params["side"], params["type"], *numbers,
            params.get("timeInForce", "GTC"),
        )  # fmt: skip
        self.orders[order.number] = order
        self.match(order)
        return {**order.told(), "transactTime": int(time.time() * 1000), "fills": order.fills}

    def match(self, order: Made) -> None:
        price = self.prices[order.symbol]
        crosses = order.price >= price if order.side == "BUY" else order.price <= price
        if order.kind == "MARKET" or (order.kind == "LIMIT" and crosses):
            self.fill(order, order.quantity, price)
        elif order.in_force in ("IOC", "FOK"):
            order.status = "EXPIRED"

    def find(self, params: dict[str, str], code: int) -> Made:
        for order in reversed(self.orders.values()):
            if order.symbol != params.get("symbol") or order.client_id in self.hidden:
                continue
            if str(order.number) == params.get("orderId") or order.client_id == params.get("origClientOrderId"):
                return order
        raise No(code, "Order does not exist." if code == -2013 else "Unknown order sent.")

    def answer(self, method: str, path: str, params: dict[str, str]) -> Any:
        endpoints: dict[tuple[str, str], Callable[[dict[str, str]], Any]] = {
            ("POST", "/api/v3/order"): self.make,
            ("GET", "/api/v3/order"): lambda words: self.find(words, -2013).told(),
            ("DELETE", "/api/v3/order"): self.cancel,
            ("GET", "/api/v3/openOrders"): lambda words: self.listed(self.open(), words),
            ("GET", "/api/v3/allOrders"): lambda words: self.listed(list(self.orders.values()), words),
            ("GET", "/api/v3/myTrades"): self.read_trades,
            ("GET", "/api/v3/account"): self.read_account,
            ("GET", "/sapi/v1/capital/config/getall"): lambda _: [COIN],
            ("GET", "/sapi/v1/asset/tradeFee"): lambda _: [{"symbol": "BTCUSDT", "makerCommission": "0.001"}],
        }
        with self.lock:
            self.calls[method, path] += 1
            if (method, path) not in endpoints:
                raise No(-1020, "This operation is not supported.", 404)
            if method == "POST":
                self.seen.append(params)
            return endpoints[method, path](params)

    def cancel(self, params: dict[str, str]) -> dict[str, Any]:
        order = self.find(params, -2011)
        if order.status not in ("NEW", "PARTIALLY_FILLED"):
            raise No(-2011, "Unknown order sent.")
        order.status = "CANCELED"
        return {**order.told(), "origClientOrderId": order.client_id, "clientOrderId": "cancel"}

    def listed(self, orders: list[Made], params: dict[str, str]) -> list[dict[str, Any]]:
        return [one.told() for one in orders if params.get("symbol", one.symbol) == one.symbol]

    def read_trades(self, params: dict[str, str]) -> list[dict[str, Any]]:
        rows = [one for one in self.trades if one["symbol"] == params["symbol"]]
        return [one for one in rows if params.get("orderId") in (None, str(one["orderId"]))]

    def read_account(self, _: dict[str, str]) -> dict[str, Any]:
        rows = [{"asset": a, "free": f"{v:.8f}", "locked": "0.00000000"} for a, v in self.balances.items()]
        return {"canTrade": True, "canWithdraw": False, "uid": 7, "accountType": "SPOT", "balances": rows}


class Server:
    """The venue on a free port of loopback, until it is closed."""

    def __init__(self, venue: Venue) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(venue))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.stopping = threading.Event()
        self.server.stopping = self.stopping  # type: ignore[attr-defined]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()


def _handler(venue: Venue) -> type[BaseHTTPRequestHandler]:  # noqa: C901
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def handle_any(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            fault = next((one for one in venue.faults if one[:2] == (self.command, path)), None)
            if fault is not None:
                venue.faults.remove(fault)
            how = fault[2] if fault else ""
            if how.startswith("before"):
                return self.fail(how)
            asked = (venue, self.command, path, query, body, self.headers.get("X-MBX-APIKEY"))
            status, content = _verified(*asked)
            if how == "twice":
                status, content, how = *_verified(*asked), ""
            return self.fail(how) if how else self.say(status, content)

        def fail(self, how: str) -> None:
            match how.partition("_")[2]:
                case "reset":
                    self.close_connection = True
                    self.connection.close()
                case "silence":
                    self.server.stopping.wait(30)  # type: ignore[attr-defined]
                    self.close_connection = True
                case "500":
                    self.say(500, {"code": -1000, "msg": "Internal."})
                case "502":
                    self.say(502, {"code": -2010, "msg": "A code that says no, from something in between."})
                case "503":
                    self.say(503, "<html>")
                case "garbage":
                    self.say(200, "<html>")
                case "429":
                    self.say(429, {"code": -1003, "msg": "Too many."}, {"Retry-After": "7"})

        def say(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
            body = (content if isinstance(content, str) else json.dumps(content)).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = handle_any  # noqa: N815

    return Handler


def _verified(venue: Venue, method: str, path: str, query: str, body: str, key: str | None) -> tuple[int, Any]:
    whole = query + body
    payload, _, signature = whole.rpartition("&signature=")
    expected = hmac.new(KEYS.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    if key != KEYS.key:
        return 401, {"code": -2015, "msg": "key"}
    if signature != expected:
        return 400, {"code": -1022, "msg": "signature"}
    params = dict(parse_qsl(payload))
    if abs(int(params["timestamp"]) - time.time() * 1000) > int(params["recvWindow"]):
        return 400, {"code": -1021, "msg": "time"}
    try:
        return 200, venue.answer(method, path, params)
    except No as no:
        return no.status, {"code": no.code, "msg": no.message}
