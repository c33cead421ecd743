"""Kills at the moment that was drawn: an order is waited for until it has come so far, and a little longer."""

import sqlite3
import threading
import time
from collections.abc import Mapping
from contextlib import closing

from tests.soak.moments import SLOW_S, Hit, Length, Operation, Round
from tests.soak.operations import Deed
from tests.soak.settling import Settling
from tests.soak.stages import tell_stage
from tests.soak.world import World

LEAD_IN_S = 0.2
LATEST_S = 4.0
"""An order that was refused never comes so far: then it is killed all the same."""
GLANCE_S = 0.001


class Strike:
    """One round's: `stages` tells, by bot, where each order was."""

    def __init__(self, world: World, settling: Settling, planned: Round, lengths: Mapping[Operation, Length]) -> None:
        self._world = world
        self._settling = settling
        self._planned = planned
        self._lengths = lengths
        self.stages: dict[str, str] = {}

    def run(self, hit: list[tuple[Deed, Hit]]) -> None:
        """Begins all orders so that each is where it was to be hit, kills, and looks where they were."""
        if not hit:
            self._settling.kill(self._planned.victim)
            return
        self._slow()
        begin_at = time.monotonic() + LEAD_IN_S
        if self._planned.victim == "bot":
            self._run_each(hit, begin_at)
        else:
            self._run_all(hit, begin_at)
        if self._planned.slowed and self._planned.victim != "exchange":
            self._world.control("DELETE", "/faults")

    def _run_each(self, hit: list[tuple[Deed, Hit]], begin_at: float) -> None:
        threads = [threading.Thread(target=self._run_bot, args=(*one, begin_at), daemon=True) for one in hit]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _run_bot(self, deed: Deed, hit: Hit, begin_at: float) -> None:
        deed.begin(begin_at)
        self._wait(deed, hit, begin_at)
        self._world.stack.kill_bot(deed.bot_id)
        self._look(deed)

    def _run_all(self, hit: list[tuple[Deed, Hit]], begin_at: float) -> None:
        lead = hit[self._planned.lead % len(hit)]
        delays = [one.delay_s(deed.operation, self._lengths, self._planned.slowed) for deed, one in hit]
        kill_at = begin_at + max(delays)
        for (deed, _), delay_s in zip(hit, delays, strict=True):
            deed.begin(kill_at - delay_s)
        self._wait(*lead, kill_at - delays[self._planned.lead % len(hit)])
        self._settling.kill(self._planned.victim)
        for deed, _ in hit:
            self._look(deed)

    def _slow(self) -> None:
        if self._planned.slowed:
            wanted = {"kind": self._planned.slowed, "path": "/api/v3/order", "method": self._planned.slows}
            self._world.control("POST", "/faults", {**wanted, "delay_ms": int(SLOW_S * 1000), "duration_s": 30})

    def _wait(self, deed: Deed, hit: Hit, begins_at: float) -> None:
        """Until the moment in the order's life that was drawn."""
        words = (deed.operation, self._lengths, self._planned.slowed)
        if hit.stage == "before" or deed.operation == "cancel":
            time.sleep(max(begins_at + hit.delay_s(*words) - time.monotonic(), 0))
            return
        with closing(
            sqlite3.connect(f"{(self._world.data / 'gateway' / 'demo.sqlite').as_uri()}?mode=ro", uri=True)
        ) as ledger:
            deadline = begins_at + hit.delay_s(*words) + LATEST_S
            while not self._has_come(ledger, deed, hit) and time.monotonic() < deadline:
                time.sleep(GLANCE_S)
        time.sleep(hit.at * hit.lasts_s(*words))

    def _has_come(self, ledger: sqlite3.Connection, deed: Deed, hit: Hit) -> bool:
        """Whether the order has come to the stage in which it is to be hit."""
        query = "SELECT id, type, status FROM orders WHERE bot_id = ?"
        fresh = [row for row in ledger.execute(query, (deed.bot_id,)) if row[0] not in deed.known]
        if hit.stage == "stop" and deed.operation == "enter":
            return any(kind.startswith("STOP") for _, kind, _ in fresh)
        if hit.stage in ("flight", "stop"):
            return bool(fresh)
        return any(status not in ("recorded", "sent") for _, _, status in fresh)

    def _look(self, deed: Deed) -> None:
        shown, gateway = self._world.photograph(), self._world.read_gateway()
        trades = self._world.read_bot(deed.bot_id)
        self.stages[deed.bot_id] = tell_stage(deed.operation, deed.known, deed.bot_id, gateway, shown, trades)
