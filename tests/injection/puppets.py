"""Bots whose processes are puppets: everything else of the product is real, and what they were made to do is kept."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from tests.injection.state import Done
from tests.tools.bots.fakes import FakeClient
from tools.bot import BotSpec, Health, Mode
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import OrderRefused
from tools.freqtrade.host import Host
from tools.freqtrade.launch import StartFailed
from tools.freqtrade.running import OFF, BotHealth
from tools.market.source import MarketSource, PairRules
from tools.market.venues import demo_venue

COINS = ("BTC", "ETH", "SOL", "XRP", "DOGE")
PRICE = "50000"
KINDS = {
    "start": "process_started",
    "pause": "pause_bot",
    "force_entry": "force_entry",
    "force_exit": "force_exit",
    "cancel_open_order": "cancel_order",
    "lock_pair": "lock_pair",
    "unlock_pair": "unlock_pair",
}
"""What of a client's calls changes something, as a kind of effect."""


class PuppetClient(FakeClient):
    """A bot that does as it is told."""

    def __init__(self, bot_id: str, trades: list[Trade], done: list[Done]) -> None:
        super().__init__(trades)
        self._bot_id = bot_id
        self._done = done
        self.locked = {"ADA/USDT"}

    async def _called(self, name: str, *told: Any) -> None:
        if name in KINDS and name not in self.fails:
            self._done.append(Done(KINDS[name], self._bot_id, ", ".join(map(str, told))))
        await super()._called(name, *told)

    def refuse_entries(self, reason: str) -> None:
        """As a bot does whose strategy raised something."""
        self.fails["force_entry"] = [OrderRefused(reason)]


class PuppetHost(Host):
    """Bots' folders are real, their logs too; processes are puppets."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.done: list[Done] = []
        self.puppets: dict[str, PuppetClient] = {}
        self.kept: dict[str, list[Trade]] = {}
        self.start_failure: str | None = None

    def add(self, bot_id: str, trades: list[Trade]) -> PuppetClient:
        """A bot that is up already."""
        self.puppets[bot_id] = PuppetClient(bot_id, trades, self.done)
        return self.puppets[bot_id]

    def client(self, bot_id: str) -> Any:
        return self.puppets.get(bot_id)

    def processes(self) -> dict[str, Any]:
        return {}

    async def start(self, bot_id: str, spec: BotSpec, *, venue: Any, strategy_path: Path, paused: bool = False) -> Any:
        if self.start_failure is not None:
            raise StartFailed("strategy_broken", [self.start_failure])
        self.done.append(Done("process_started", bot_id))
        self.add(bot_id, self.kept.get(bot_id, []))

    async def stop(self, bot_id: str) -> None:
        if (puppet := self.puppets.pop(bot_id, None)) is not None:
            self.done.append(Done("process_ended", bot_id))
            self.kept[bot_id] = puppet.told

    async def end_at_once(self, bot_id: str, within_s: float) -> bool:
        await self.stop(bot_id)
        return True

    async def forget(self, bot_id: str) -> None:
        shutil.rmtree(self._folder(bot_id).path, ignore_errors=True)

    async def health(self, bot_id: str) -> BotHealth:
        return BotHealth(Health.HEALTHY) if bot_id in self.puppets else OFF

    def read_trades(self, bot_id: str, mode: Mode = Mode.SIMULATED) -> list[Trade]:
        puppet = self.puppets.get(bot_id)
        return puppet.told if puppet is not None else self.kept.get(bot_id, [])


class PuppetMarket(MarketSource):
    """A venue that answers by itself; there is one for all worlds, since a client of `httpx` is slow to make."""

    def __init__(self) -> None:
        super().__init__(demo_venue("http://venue"))
        self._client = httpx.AsyncClient(base_url="http://venue", transport=httpx.MockTransport(_answer))

    async def read_rules(self) -> dict[str, PairRules]:
        """Without a lock, which would belong to the first event loop."""
        return {f"{coin}/USDT": PairRules(f"{coin}USDT", Decimal(5)) for coin in COINS}


def _answer(request: httpx.Request) -> httpx.Response:
    if not request.url.path.startswith("/api/v3/ticker"):
        return httpx.Response(404, json={})
    day = {"lastPrice": PRICE, "price": PRICE, "highPrice": PRICE, "lowPrice": PRICE}
    return httpx.Response(200, json={**day, "priceChangePercent": "0", "quoteVolume": "1"})


def open_trade(number: int, pair: str, **changes: Any) -> Trade:
    """A trade that has been entered, with an exit order that waits."""
    return Trade.model_validate({**_trade(number, pair), "is_open": True, "has_open_orders": True, **changes})


def closed_trade(number: int, pair: str, profit: str, at: Any, **changes: Any) -> Trade:
    ended = {"is_open": False, "close_rate": Decimal(PRICE), "close_timestamp": at, "profit_abs": Decimal(profit)}
    return Trade.model_validate({**_trade(number, pair), **ended, **changes})


def _trade(number: int, pair: str) -> dict[str, Any]:
    entry = {"order_id": f"entry-{number}", "ft_order_side": "buy", "is_open": False, "safe_price": PRICE}
    leaving = {"order_id": f"exit-{number}", "ft_order_side": "sell", "is_open": True, "safe_price": PRICE}
    sizes = {"amount": "0.001", "remaining": "0"}
    return {
        "trade_id": number,
        "pair": pair,
        "strategy": "RsiMeanReversion",
        "amount": Decimal("0.001"),
        "stake_amount": Decimal(50),
        "open_rate": Decimal(PRICE),
        "open_timestamp": "2026-01-01T00:00:00+00:00",
        "profit_abs": Decimal("0.1"),
        "profit_ratio": Decimal("0.002"),
        "orders": [entry | sizes | {"filled": "0.001"}, leaving | sizes | {"filled": "0"}],
    }


MARKET = PuppetMarket()
