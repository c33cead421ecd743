"""An account on the exchange in this process."""

from typing import Any
from urllib.parse import urlencode

from tools.exchange.spot.desk import Desk
from tools.exchange.spot.signing import sign

ORDER = "/api/v3/order"


class Trader:
    """An account over HTTP: every call is signed, and answers with its status and its JSON."""

    def __init__(self, exchange: Any, **balances: str) -> None:
        self._exchange = exchange
        self.desk: Desk = exchange.app.state.desk
        keys = exchange.client.post("/demo/accounts", json={"balances": balances}).json()
        self.uid, self.key, self.secret = keys["uid"], keys["apiKey"], keys["secretKey"]

    def call(self, method: str, path: str, **params: Any) -> tuple[int, Any]:
        query = urlencode({"timestamp": self._exchange.now_ms, **params})
        return self.send(method, f"{path}?{query}&signature={sign(self.secret, query.encode())}")

    def send(self, method: str, url: str, body: str | None = None) -> tuple[int, Any]:
        response = self._exchange.client.request(method, url, content=body, headers={"X-MBX-APIKEY": self.key})
        return response.status_code, response.json()

    def read(self, path: str, **params: Any) -> Any:
        status, body = self.call("GET", path, **params)
        assert status == 200, body
        return body

    def place(self, side: str, kind: str, **params: Any) -> Any:
        status, body = self.call("POST", ORDER, **{"symbol": "BTCUSDT", "side": side, "type": kind, **params})
        assert status == 200, body
        return body

    def refused(self, method: str, path: str, **params: Any) -> tuple[int, int, str]:
        status, body = self.call(method, path, **params)
        return status, body["code"], body["msg"]

    def balance(self, asset: str) -> tuple[str, str]:
        (found,) = (one for one in self.read("/api/v3/account")["balances"] if one["asset"] == asset)
        return found["free"], found["locked"]
