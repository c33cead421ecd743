"""Tells the gateway what each bot with real money says it holds, and keeps on what it, the record and the exchange
do not agree."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from tools.actions import SettleFinding
from tools.bot import Mode
from tools.bots.registry import Bot, Registry
from tools.bots.wire import Wire
from tools.credentials import MasterRefused
from tools.errors import Problem
from tools.freqtrade.answers import Trade
from tools.freqtrade.client import BotUnreachable, Client, OrderRefused
from tools.freqtrade.host import Host
from tools.views import FindingView, ReconciliationView

EVERY_S, AGAIN_S = 30.0, 2.0
"""From one look to the next, and to the second question where the first answer differed."""
READ_UP_LOOKS = 9
"""How many looks pass before a bot reads up anew on what it did not mend."""
LOOK_S = 30.0
"""How long the gateway may look at the exchange, twice."""
DIFFERENCES, STATEMENT, SETTLE = "/gateway/differences", "/gateway/statement", "/gateway/settle"
NO_SUCH = -2013
LAG = Decimal("1e-8")
"""Less than the smallest step of any balance."""
OF_BOT = frozenset({"bot_holds_more", "bot_holds_less", "order_not_in_bot", "order_only_in_bot"})
"""What a bot may have missed, and can read up on."""

log = logging.getLogger(__name__)


class _Found(BaseModel):
    id: str
    kind: str
    bot_id: str | None
    pair: str | None
    numbers: dict[str, str]
    uncertain: bool
    settles: bool
    since_ms: int


class _Differences(BaseModel):
    """What the gateway says."""

    looked_ms: int | None
    findings: list[_Found]


class Reconciliation:
    """Asks and tells; holds nobody back itself, since the gateway does."""

    def __init__(self, wire: Wire, registry: Registry, host: Host, tell: Callable[[ReconciliationView], None]) -> None:
        self._wire = wire
        self._registry = registry
        self._host = host
        self._tell = tell
        self._known = ReconciliationView(at=None, agrees=None, findings=(), unasked=())
        self._read_up: dict[str, int] = {}
        """Findings on which bots read up, and the looks until they do so again."""
        self._empty: set[tuple[str, int]] = set()
        """Trades that held nothing and waited for nothing at the last look."""
        self._looking = asyncio.Lock()

    def read(self) -> ReconciliationView:
        """As it was last told."""
        return self._known

    def find(self, finding_id: str) -> FindingView:
        """Raises `Problem("unknown_finding")`: it is gone, or another by now."""
        found = next((one for one in self._known.findings if one.id == finding_id), None)
        if found is None:
            raise Problem("unknown_finding", 404, finding=finding_id)
        return found

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._look(anew=False)
            except Exception:
                log.exception("bots and gateway could not be compared")
            await asyncio.sleep(EVERY_S)

    async def look(self) -> ReconciliationView:
        """Compares all sides at this moment."""
        await self._look(anew=True)
        return self._known

    async def settle(self, action: SettleFinding) -> ReconciliationView:
        """Raises `Problem`: `unknown_finding`, `gateway_unreachable`, `bot_unreachable`, `order_refused_by_bot`."""
        answer = await self._ask("POST", SETTLE, finding=action.finding)
        if answer is None:
            raise Problem("unknown_finding", 404, finding=action.finding)
        if answer.get("by_bot"):
            await self._settle_in_bot(action)
        return await self.look()

    async def _look(self, *, anew: bool) -> None:
        async with self._looking:
            bots = [bot for bot in self._registry.read_all() if bot.spec.mode is not Mode.SIMULATED]
            try:
                states = await asyncio.gather(*(self._state(bot) for bot in bots))
                said = {bot.id: state for bot, state in zip(bots, states, strict=True)}
                unasked = [bot.spec.name for bot in bots if said[bot.id] is None]
                content = await self._ask("POST" if anew else "GET", DIFFERENCES, timeout_s=LOOK_S)
                told = _Differences.model_validate(content) if content is not None else None
            except (Problem, ValidationError) as error:
                log.info("the gateway does not say whether all agree: %s", error)
                self._keep(self._known.model_copy(update={"agrees": None}))
                return
            self._keep(self._view(told, unasked))
            there = {one.id for one in self._known.findings}
            self._read_up = {key: rest for key, rest in self._read_up.items() if key in there}
            empty: set[tuple[str, int]] = set()
            for bot in bots:
                trades = said[bot.id] or []
                await self._have_read_up(bot, trades)
                empty |= await self._clear_empty(bot, trades)
            self._empty = empty

    async def _state(self, bot: Bot) -> list[Trade] | None:
        """Has a bot say what it holds, twice where that differs: its open trades; None where it is up and did not
        answer.
        """
        client = self._host.client(bot.id)
        if client is None:
            return []
        for wait_s in (AGAIN_S, 0.0):
            try:
                trades = await client.status()
                told = await self._ask("POST", STATEMENT, statement=write_statement(bot.id, trades))
            except (BotUnreachable, Problem) as error:
                log.info("what bot %s holds could not be passed on: %s", bot.id, error)
                return None
            if not (told and told.get("again") and wait_s):
                break
            await asyncio.sleep(wait_s)
        return trades

    async def _have_read_up(self, bot: Bot, trades: list[Trade]) -> None:
        """A bot that missed something reads its trades of that pair from the exchange, at once and later again."""
        client = self._host.client(bot.id)
        of_bot = [one for one in self._known.findings if one.bot_id == bot.id and one.kind in OF_BOT]
        for finding in of_bot:
            rest = self._read_up.get(finding.id, 0)
            if rest > 0 or client is None:
                self._read_up[finding.id] = rest - 1
                continue
            self._read_up[finding.id] = READ_UP_LOOKS
            try:
                for trade in trades:
                    if trade.pair == finding.pair:
                        await client.reload_trade(trade.trade_id)
            except (BotUnreachable, OrderRefused) as error:
                log.info("bot %s could not read up on %s: %s", bot.id, finding.pair, error)
                self._read_up.pop(finding.id)

    async def _clear_empty(self, bot: Bot, trades: list[Trade]) -> set[tuple[str, int]]:
        """A trade whose entry was taken back while the bot was down takes up a slot for good: the bot reads up on it,
        and forgets it. Returns those that are empty now; one that was before is no trade that is about to begin.
        """
        client = self._host.client(bot.id)
        if client is None:
            return set()
        found = set()
        try:
            for trade in trades:
                key = (bot.id, trade.trade_id)
                if trade.amount > 0 or any(order.is_open for order in trade.orders):
                    continue
                found.add(key)
                if key in self._empty:
                    await client.reload_trade(trade.trade_id)
        except (BotUnreachable, OrderRefused) as error:
            log.info("the trades of bot %s could not be looked through: %s", bot.id, error)
        return found

    async def _settle_in_bot(self, action: SettleFinding) -> None:
        client = self._host.client(action.of_bot or "")
        if client is None:
            name = self._registry.read(action.of_bot or "").spec.name
            raise Problem("bot_unreachable", 502, name=name)
        for trade in await client.status():
            if trade.pair == action.pair and not await _mends_itself(client, trade, action):
                await _forget(client, trade, action)

    async def _ask(self, method: str, path: str, **params: Any) -> dict[str, Any] | None:
        """None where there is no such thing. Raises `Problem("gateway_unreachable")`."""
        try:
            answer = await self._wire.ask(method, path, **params)
            content = answer.json()
        except (httpx.HTTPError, ValueError, OSError, MasterRefused) as error:
            raise Problem("gateway_unreachable", 502, reason=type(error).__name__) from None
        if answer.is_success and isinstance(content, dict):
            return content
        code = content.get("code") if isinstance(content, dict) else None
        if code == NO_SUCH:
            return None
        raise Problem("gateway_unreachable", 502, reason=f"HTTP {answer.status_code} {code}")

    def _view(self, told: _Differences | None, unasked: list[str]) -> ReconciliationView:
        if told is None or told.looked_ms is None:
            return self._known.model_copy(update={"agrees": None, "unasked": tuple(unasked)})
        return ReconciliationView(
            at=_moment(told.looked_ms),
            agrees=not any(one.uncertain for one in told.findings),
            findings=tuple(self._view_finding(one) for one in told.findings),
            unasked=tuple(unasked),
        )

    def _view_finding(self, found: _Found) -> FindingView:
        content = found.model_dump(exclude={"since_ms"})
        name = self._registry.read_name(found.bot_id) if found.bot_id else None
        return FindingView.model_validate({**content, "bot_name": name, "since": _moment(found.since_ms)})

    def _keep(self, view: ReconciliationView) -> None:
        before, self._known = self._known, view
        if _told_of(before) != _told_of(view):
            self._tell(view)


def write_statement(bot_id: str, trades: list[Trade]) -> str:
    """What a bot's open trades hold and have ordered, in the gateway's words."""
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    orders: dict[str, str] = {}
    for trade in trades:
        if trade.amount > 0:
            held[trade.pair] += trade.amount
        orders |= {order.order_id: trade.pair for order in trade.orders if order.is_open and order.order_id.isdigit()}
    amounts = {pair: f"{amount:f}" for pair, amount in held.items()}
    return json.dumps({"bot": bot_id, "held": amounts, "orders": orders}, separators=(",", ":"))


async def _mends_itself(client: Client, trade: Trade, action: SettleFinding) -> bool:
    """Whether a bot that believes it holds more only has to read its orders anew. Raises `BotUnreachable`."""
    if action.difference != "bot_holds_more":
        return False
    with suppress(OrderRefused):
        await client.reload_trade(trade.trade_id)
    now = {one.trade_id: one.amount for one in await client.status()}
    return now.get(trade.trade_id, Decimal(0)) <= Decimal(action.numbers.get("ledger", "0")) + LAG


async def _forget(client: Client, trade: Trade, action: SettleFinding) -> None:
    if action.difference == "bot_holds_more":
        await client.delete_trade(trade.trade_id)
    elif any(order.is_open and order.order_id == action.numbers.get("order") for order in trade.orders):
        await client.cancel_open_order(trade.trade_id)


def _told_of(view: ReconciliationView) -> tuple[bool | None, tuple[str, ...], tuple[str, ...]]:
    return view.agrees, tuple(one.id for one in view.findings), view.unasked


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
