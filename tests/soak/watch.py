"""Looks again and again at what must hold at any moment, while faults run and processes are restarted."""

import random
import time
from collections import Counter

import httpx

from tests.soak.invariants import Bounds, Broken, find_beyond, find_money, find_unauthorised
from tests.soak.sides import IN_DOUBT, read_allowed
from tests.soak.tables import say
from tests.soak.world import NotDone, World
from tests.stack import wait_until

EVERY_S = 1.0
RESTARTS_S = (120, 300)
"""Between one restart of a process and the next."""
BROUGHT_BACK_S = 120.0


class Watch:
    """Counts what it sees; the same thing that does not hold is told once."""

    def __init__(self, world: World, bounds: Bounds, seed: int) -> None:
        self._world = world
        self._bounds = bounds
        self._chance = random.Random(seed)
        self.broken: dict[str, int] = {}
        """What did not hold, and at how many looks."""
        self.restarts: Counter[str] = Counter()
        self.doubts: set[str] = set()
        """Orders of which nobody knew what became of them at a look."""
        self.twins: frozenset[int] = frozenset()
        """Orders that the exchange made of a request that reached it twice."""
        self.looks = 0

    def run(self, seconds: float) -> None:
        until, restart_at = time.monotonic() + seconds, self._draw_restart()
        while time.monotonic() < until:
            begun = time.monotonic()
            self.look()
            self._start_crashed()
            if begun >= restart_at:
                self._restart(self._chance.choice(("api", "gateway")))
                restart_at = self._draw_restart()
            time.sleep(max(EVERY_S - (time.monotonic() - begun), 0))

    def look(self) -> None:
        """The exchange first: an order is in the ledger and in the audit before it is there."""
        self.looks += 1
        shown = self._world.photograph()
        gateway, allowed = self._world.read_gateway(), read_allowed(self._world.data)
        self.doubts |= {entry.id for entry in gateway.entries.values() if entry.status in IN_DOUBT}
        self.twins |= shown.twins
        found = find_unauthorised(shown, gateway, allowed)
        for one in (*found, *find_money(shown), *find_beyond(shown, self._bounds)):
            self._note(one)

    def _note(self, one: Broken) -> None:
        if str(one) not in self.broken:
            say(f"{time.strftime('%H:%M:%S')} BROKEN {one}")
        self.broken[str(one)] = self.broken.get(str(one), 0) + 1

    def _start_crashed(self) -> None:
        """As an owner would who is told."""
        for bot_id in self._world.bots:
            if self._world.read_health(bot_id) == "crashed":
                self.restarts["bot that had crashed"] += 1
                try:
                    self._world.start_bot(bot_id)
                except (NotDone, httpx.HTTPError) as error:
                    self.restarts[f"bot that could not be started: {str(error)[:70]}"] += 1

    def _restart(self, what: str) -> None:
        self.restarts[what] += 1
        say(f"{time.strftime('%H:%M:%S')} {what} killed")
        stack = self._world.stack
        if what == "gateway":
            stack.kill_gateway()
            stack.start_gateway()
            wait_until(self._world.read_orders_health, BROUGHT_BACK_S, "the gateway")
        else:
            stack.kill_api()
            stack.start_api()
            self._world.sign_in()

    def _draw_restart(self) -> float:
        return time.monotonic() + self._chance.uniform(*RESTARTS_S)
