"""After a kill: what died comes back, all becomes quiet, and what is left over is brought to a known state."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import ROUND_DOWN, Decimal
from functools import partial

import httpx

from tests.soak.invariants import UNTOLD_OF, Broken, find_lost, find_strays, find_unprotected, pair_of
from tests.soak.moments import Victim
from tests.soak.sides import GatewaySide, Key
from tests.soak.wire import wait_for
from tests.soak.world import ORDER, PATIENCE_S, NotDone, World
from tests.stack import wait_until

HEALS_S = 30.0
"""How long a difference may take to be mended by whoever can."""
ROUNDS = 2
SETTLED_S = 8.0
FOUND_S = 45.0
"""So soon the product must have found a difference."""
SOLD = "bot_holds_less"
"""What a bot does not know of is sold in its name; written off, it would stay in the account."""


class Settling:
    """Knows what of each pair the closed trades of a bot have left as dust."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.dust: dict[Key, Decimal] = {}
        self.restarts = 0
        self.waited: dict[str, float] = {}
        """For what was waited how many seconds the last time."""
        self.lots = _read_lots(world)

    def kill(self, victim: Victim) -> None:
        match victim:
            case "bot":
                for bot_id in self._world.bots:
                    self._world.stack.kill_bot(bot_id)
            case "gateway":
                self._world.stack.kill_gateway()
            case "api":
                self._world.stack.kill_api()
            case "exchange":
                self._world.stack.kill_exchange()

    def bring_back(self, victim: Victim, killed: Iterable[str]) -> None:
        """As a supervisor does; bots that were killed are started again later, once the API has noticed."""
        world = self._world
        match victim:
            case "gateway":
                world.stack.start_gateway()
            case "exchange":
                world.stack.start_exchange()
            case "api":
                world.stack.start_api()
                world.sign_in()
            case "bot":
                for bot_id in killed:
                    wait_until(partial(self._has_crashed, bot_id), PATIENCE_S, "the crash")

    def wait(self, victim: Victim | None = None) -> list[Broken]:
        """Until all run and have gone round, and then until nothing differs, or what differs does not heal."""
        since_ms = time.time_ns() // 1_000_000
        self.waited = {}
        with self._timing("gateway"):
            wait_until(lambda: self._is_followed(since_ms), PATIENCE_S, "the gateway's round")
        with self._timing("bots"):
            self._wait_for_bots(victim)
        with self._timing("rounds"):
            self._wait_for_rounds()
        with self._timing("agreement"):
            wait_for(lambda: not self.look(), HEALS_S)
        return self.look()

    @contextmanager
    def _timing(self, what: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.waited[what] = time.monotonic() - begun

    def _wait_for_bots(self, victim: Victim | None) -> None:
        for bot_id in self._world.bots:
            wait_until(partial(self._is_healthy, bot_id, victim), PATIENCE_S, f"bot {bot_id}")

    def look(self) -> list[Broken]:
        """All that the three sides tell differently now."""
        shown, gateway = self._world.photograph(), self._world.read_gateway()
        found = list(find_lost(shown, gateway))
        room = {key: dust + self.lots[key[1]] for key, dust in self._all_dust().items()}
        for bot_id in self._world.bots:
            trades = self._world.read_bot(bot_id)
            found += find_strays(bot_id, trades, shown, gateway, room)
            found += find_unprotected(bot_id, trades, shown)
        return found

    def note_dust(self) -> None:
        """What a bot without an open trade has left is dust from now on."""
        gateway = self._world.read_gateway()
        for bot_id, pair in self._world.read_keys():
            if not any(trade.is_open for trade in self._world.read_bot(bot_id)):
                self.dust[bot_id, pair] = gateway.positions.get((bot_id, pair), Decimal(0))

    def allow_dust(self, gateway: GatewaySide) -> None:
        """As much as all sales of a pair can have left of it, a lot each."""
        for key in self._world.read_keys():
            sales = sum(one.what != "entry" and one.executed > 0 for one in gateway.of(key[0]) if one.pair == key[1])
            self.dust[key] = sales * self.lots[key[1]]

    def tidy(self, left: Iterable[Broken]) -> list[str]:
        """So that the next moment starts from a known state: sold, put right by the product, or done past it.

        Tells what was done.
        """
        done = []
        for finding in self._world.reconcile():
            if finding["settles"] and finding["kind"] != SOLD:
                done += [f"{finding['kind']}: settled by the product, {self._world.settle(finding)}"]
        # An order that its bot does not know of may have held the coins until now.
        sold = [one for one in left if one.kind == SOLD]
        done += [f"{one.kind}: sold, {self._sell(one.bot_id or '', one.pair or '')}" for one in sold]
        wait_for(lambda: not self.look(), SETTLED_S)
        for broken in self.look():
            deed = self._deeds().get(broken.kind)
            if deed is not None and broken.bot_id is not None:
                done += [f"{broken.kind}: past the product, {deed(broken.bot_id)}"]
        return done

    def find_unfound(self, strays: Iterable[Broken]) -> list[str]:
        """Differences that the product does not tell of in time; two of its looks must have seen one before it does."""
        wanted = [one for one in strays if one.kind not in UNTOLD_OF]

        def read_unfound() -> list[str]:
            known = {(finding["bot_id"], finding["kind"]) for finding in self._world.reconcile()}
            return [str(one) for one in wanted if (one.bot_id, one.kind) not in known]

        wait_for(lambda: not read_unfound(), FOUND_S)
        return read_unfound()

    def _deeds(self) -> dict[str, Callable[[str], str]]:
        return {"order_not_in_bot": self._cancel, "bot_holds_more": self._forget, "empty_trade": self._forget}

    def _sell(self, bot_id: str, pair: str) -> str:
        held = self._world.read_gateway().positions.get((bot_id, pair), Decimal(0))
        believed = sum(
            (one.amount for one in self._world.read_bot(bot_id) if one.is_open and one.pair == pair), Decimal(0)
        )
        lot = self.lots[pair]
        quantity = ((held - believed) / lot).to_integral_value(ROUND_DOWN) * lot
        words = {"symbol": pair.replace("/", ""), "side": "SELL", "type": "MARKET", "quantity": f"{quantity:f}"}
        return _tell(self._world.sign(bot_id, "POST", ORDER, **words))

    def _cancel(self, bot_id: str) -> str:
        shown = self._world.photograph()
        theirs = {one.number for trade in self._world.read_bot(bot_id) for one in trade.orders if one.is_open}
        told = []
        for order in shown.orders:
            if order.bot_id == bot_id and order.is_open and str(order.number) not in theirs:
                words = {"symbol": pair_of(order.symbol).replace("/", ""), "orderId": str(order.number)}
                told += [_tell(self._world.sign(bot_id, "DELETE", ORDER, **words))]
        return ", ".join(told) or "gone"

    def _forget(self, bot_id: str) -> str:
        opened = [trade for trade in self._world.read_bot(bot_id) if trade.is_open]
        return ", ".join(_tell(self._world.ask_bot(bot_id, "DELETE", f"/trades/{trade.id}")) for trade in opened)

    def _all_dust(self) -> dict[Key, Decimal]:
        return {key: self.dust.get(key, Decimal(0)) for key in self._world.read_keys()}

    def _is_followed(self, since_ms: int) -> bool:
        """Whether the gateway knows of all orders again, and has gone round since then."""
        told = self._world.read_orders_health()
        if told is None or told["in_doubt"] or told["last_round_ms_ago"] is None:
            return False
        return bool(time.time_ns() // 1_000_000 - told["last_round_ms_ago"] > since_ms)

    def _is_healthy(self, bot_id: str, victim: Victim | None) -> bool:
        """Starts one that is not, as its owner would; those that died of something else are counted."""
        health = self._world.read_health(bot_id)
        if health == "crashed":
            self.restarts += victim != "bot"
            try:
                self._world.start_bot(bot_id)
            except (NotDone, httpx.HTTPError):
                return False
        return health == "healthy"

    def _wait_for_rounds(self) -> None:
        for _ in range(ROUNDS):
            before = {bot_id: self._world.read_round(bot_id) for bot_id in self._world.bots}
            for bot_id, seen in before.items():
                wait_until(partial(self._has_gone_round, bot_id, seen), PATIENCE_S, f"a round of {bot_id}")

    def _has_gone_round(self, bot_id: str, seen: str | None) -> bool:
        return self._world.read_round(bot_id) not in (None, seen)

    def _has_crashed(self, bot_id: str) -> bool:
        return self._world.read_health(bot_id) == "crashed"


def _read_lots(world: World) -> dict[str, Decimal]:
    """The smallest step of each pair's quantity."""
    url = f"http://127.0.0.1:{world.stack.gateway_port}/api/v3/exchangeInfo"
    symbols = httpx.get(url, timeout=10, trust_env=False).raise_for_status().json()["symbols"]
    return {
        pair_of(symbol["symbol"]): Decimal(rule["stepSize"])
        for symbol in symbols
        for rule in symbol["filters"]
        if rule["filterType"] == "LOT_SIZE"
    }


def _tell(answer: httpx.Response) -> str:
    return "done" if answer.is_success else f"{answer.status_code} {answer.text[:120]}"
