"""What is done with bots while something is killed: entries, entries that rest, cancels and exits, each on a thread."""

import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import httpx

from tests.soak.moments import Length, Operation
from tests.soak.stages import read_state
from tests.soak.wire import wait_for
from tests.soak.world import NotDone, World
from tests.stack import Browserless

FAR, NEAR = 0.97, 1.003
"""At which part of the price an entry rests, and at which it is filled."""
DONE_S = 30.0
FOLLOWS: dict[str, tuple[Operation, Operation]] = {
    "flat": ("enter", "rest"),
    "resting": ("cancel", "cancel"),
    "held": ("exit", "exit"),
}


@dataclass
class Deed:
    """One operation on one bot; `answer` is what the API said, if it could."""

    world: World
    bot_id: str
    operation: Operation
    known: frozenset[str]
    """The bot's orders that there were before."""
    proposal: dict[str, object] | None = None
    trade_id: int = 0
    answer: str = "nothing"
    began_ms: int = 0
    answered_ms: int = 0
    _thread: threading.Thread | None = field(default=None, init=False)

    def begin(self, at: float) -> None:
        """On a thread of its own, at a moment of the monotonic clock."""
        self._thread = threading.Thread(target=self._run, args=(at,), daemon=True)
        self._thread.start()

    def wait(self) -> None:
        assert self._thread is not None
        self._thread.join(120)
        assert not self._thread.is_alive(), f"{self.operation} of {self.bot_id} is never answered"

    def _run(self, at: float) -> None:
        api = Browserless(self.world.stack)
        try:
            time.sleep(max(at - time.monotonic(), 0))
            self.began_ms = time.time_ns() // 1_000_000
            self.answer = self._ask(api)
        except NotDone as refused:
            self.answer = str(refused)
        except httpx.HTTPError as error:
            self.answer = type(error).__name__
        finally:
            self.answered_ms = time.time_ns() // 1_000_000
            api.close()

    def _ask(self, api: Browserless) -> str:
        if self.proposal is not None:
            self.world.confirm(self.proposal, api)
            return "200"
        if self.operation == "exit":
            answer = api.http.post(f"/api/bots/{self.bot_id}/exit", json={})
        else:
            answer = api.http.post(f"/api/bots/{self.bot_id}/cancel-order", json={"trade_id": self.trade_id})
        return str(answer.status_code) if answer.is_success else f"{answer.status_code} {answer.text[:160]}"


def prepare(world: World, bot_id: str, *, rests: bool) -> Deed:
    """What comes next for a bot as it stands; an entry is proposed, and waits for its yes."""
    trades = world.read_bot(bot_id)
    if (state := read_state(trades)) not in FOLLOWS:
        raise NotDone(f"the bot is {state}")
    operation = FOLLOWS[state][rests]
    known = frozenset(entry.id for entry in world.read_gateway().of(bot_id))
    deed = Deed(world, bot_id, operation, known)
    if operation in ("enter", "rest"):
        (pair,) = world.bots[bot_id]
        price = world.read_price(pair) * (FAR if operation == "rest" else NEAR)
        deed.proposal = _propose(world, bot_id, {"pair": pair, "price": f"{price:.6f}"})
    else:
        deed.trade_id = next(trade.id for trade in trades if trade.is_open)
    return deed


def _propose(world: World, bot_id: str, wanted: dict[str, str]) -> dict[str, object]:
    """A pair that Freqtrade has locked until the candle in which it left it is over is unlocked."""
    try:
        return world.ask(world.api.http.post(f"/api/bots/{bot_id}/entry", json=wanted))
    except NotDone as refused:
        if "pair_locked" not in str(refused):
            raise
    with suppress(NotDone):  # The candle may be over by now.
        world.say_yes(world.api.http.post(f"/api/bots/{bot_id}/unlock", json={"pair": wanted["pair"]}))
    return world.ask(world.api.http.post(f"/api/bots/{bot_id}/entry", json=wanted))


def is_done(deed: Deed) -> bool:
    """Whether the bot's Freqtrade has come to where the operation was to bring it."""
    trades = deed.world.read_bot(deed.bot_id)
    state = read_state(trades)
    match deed.operation:
        case "enter":
            return state == "held" and any(trade.is_open and trade.has_stop for trade in trades)
        case "rest":
            return state == "resting"
        case _:
            return state == "flat"


def measure(deeds: Iterable[Deed]) -> dict[Operation, list[Length]]:
    """How long each operation takes while nothing is killed. Raises `NotDone` for one that comes to nothing."""
    found: dict[Operation, list[Length]] = {}
    for deed in deeds:
        deed.begin(time.monotonic())
    for deed in deeds:
        if not wait_for(partial(is_done, deed), DONE_S):
            raise NotDone(f"{deed.operation} of {deed.bot_id}: {deed.answer}")
        done_ms = time.time_ns() // 1_000_000
        deed.wait()
        fresh = [entry.created_ms for entry in deed.world.read_gateway().of(deed.bot_id) if entry.id not in deed.known]
        sent_ms = min(fresh, default=(deed.began_ms + deed.answered_ms) // 2)
        length = Length((sent_ms - deed.began_ms) / 1000, (done_ms - deed.began_ms) / 1000)
        found.setdefault(deed.operation, []).append(length)
    return found
