"""What tests of running bots share: where they trade, what they are, and who decides on their orders."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tools.bot import BotSpec
from tools.guard.order import Order
from tools.guard.verdict import Allow, Verdict

ROOT = Path(__file__).resolve().parents[3]
RSI = ROOT / "strategies" / "RsiMeanReversion.py"


@dataclass(frozen=True)
class AVenue:
    name: str
    api_url: str | None


def spec(**changes: object) -> BotSpec:
    return BotSpec.model_validate(
        {"name": "One", "pairs": ["BTC/USDT", "ETH/USDT"], "stake": "100", "max_open_trades": 2} | changes
    )


async def until(happened: Callable[[], bool | Awaitable[bool]], within_s: float = 20, every_s: float = 0.05) -> None:
    deadline = time.monotonic() + within_s
    while True:
        answer = happened()
        if (await answer) if isinstance(answer, Awaitable) else answer:
            return
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(every_s)


@dataclass(frozen=True)
class Permit:
    id: str | None
    verdict: Verdict


@dataclass
class Office:
    """Decides as it is told to, and keeps all that it heard."""

    judge: Callable[[Order], Verdict] = lambda _: Allow()
    asked: list[Order] = field(default_factory=list)
    allowed: dict[str, Order] = field(default_factory=dict)
    """The entries by permit."""
    told: dict[str, str | None] = field(default_factory=dict)
    """By permit the order's id, or None where no order was made."""
    withdrawn: dict[str, str] = field(default_factory=dict)
    """By permit the order's id, of those that were taken back with nothing bought."""

    unheard: list[tuple[Order, str, int]] = field(default_factory=list)
    """Entries that could not be judged, why, and how often."""

    async def ask(self, order: Order) -> Permit:
        self.asked.append(order)
        verdict = self.judge(order)
        if order.side == "sell" or not isinstance(verdict, Allow):
            return Permit(None, verdict)
        permit = f"permit-{len(self.asked)}"
        self.allowed[permit] = order
        return Permit(permit, verdict)

    def placed(self, bot_id: str, permit_id: str, order_id: str) -> None:
        assert self.allowed[permit_id].bot_id == bot_id
        self.told[permit_id] = order_id

    def failed(self, bot_id: str, permit_id: str) -> None:
        assert self.allowed[permit_id].bot_id == bot_id
        self.told[permit_id] = None

    def cancelled(self, bot_id: str, permit_id: str, order_id: str) -> None:
        assert self.told[permit_id] == order_id
        self.withdrawn[permit_id] = order_id

    def missed(self, order: Order, reason: str, times: int) -> None:
        self.unheard.append((order, reason, times))

    def of(self, pair: str, side: str = "buy") -> list[Order]:
        """What it was asked of a pair."""
        return [order for order in self.asked if (order.pair, order.side) == (pair, side)]
