"""`make crashes`: processes are killed at seeded moments of orders' lives; nothing is made twice, lost or left over.

A whole stack of real processes: demo exchange, gateway, API, and bots that trade with real money. In each round every
bot's order is under way when a victim is killed; then it comes back, and when all is quiet the books of the exchange,
the gateway and each Freqtrade are compared. CRASH_MOMENTS, CRASH_SEED and CRASH_BOTS change what is done.
"""

import os
import time
from collections.abc import Iterable
from decimal import Decimal

from tests.soak.invariants import STRAYS, Bounds, Broken, find_beyond, find_duplicates, find_money, find_unauthorised
from tests.soak.moments import Hit, Length, Operation, Round, draw_rounds, median
from tests.soak.operations import Deed, measure, prepare
from tests.soak.settling import Settling
from tests.soak.sides import read_allowed
from tests.soak.stages import read_state
from tests.soak.strikes import Strike
from tests.soak.tables import say
from tests.soak.tally import Tally, report
from tests.soak.wire import kept_if_broken
from tests.soak.world import NotDone, World

PAIRS = ("ETH/USDT", "SOL/USDT", "XRP/USDT", "LTC/USDT", "BTC/USDT", "LINK/USDT")
STAKE, TRADE, TOTAL = "50", Decimal(60), Decimal(240)
WARM_UPS = 2
RESERVED = "trade_size"
"""Why a bot may not enter of whose last entry the guard heard nothing: a minute and a half, or until it was stopped."""
TOLD_LINES = 8
"""Of what a bot whose books differ wrote into its log last."""


class Crashes:
    """One run."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.settling = Settling(world)
        self.tally = Tally()
        self._bounds = Bounds(TRADE, dict.fromkeys(world.bots, TRADE), TOTAL, dict.fromkeys(world.bots, 1))

    def warm_up(self) -> dict[Operation, Length]:
        """Each operation a few times with nothing killed: the medians of how long it takes."""
        found: dict[Operation, list[Length]] = {}
        for rests in (False, False, True, True) * WARM_UPS:
            self.settling.wait()
            self.settling.note_dust()
            deeds = [prepare(self._world, bot_id, rests=rests) for bot_id in self._world.bots]
            for operation, lengths in measure(deeds).items():
                found.setdefault(operation, []).extend(lengths)
        self.settling.wait()
        self.settling.note_dust()
        return {operation: median(lengths) for operation, lengths in found.items()}

    def run(self, number: int, planned: Round, lengths: dict[Operation, Length]) -> None:
        begun = time.monotonic()
        deeds = [self._prepare(bot_id, hit) for bot_id, hit in zip(self._world.bots, planned.hits, strict=False)]
        hit = [(deed, planned_hit) for deed, planned_hit in zip(deeds, planned.hits, strict=True) if deed is not None]
        strike = Strike(self._world, self.settling, planned, lengths)
        strike.run(hit)
        stages = strike.stages
        self.settling.bring_back(planned.victim, [deed.bot_id for deed, _ in hit])
        for deed, _ in hit:
            deed.wait()
            self.tally.answers[f"{planned.victim}: {deed.operation}: {deed.answer[:70]}"] += 1
        self.check_at_once()
        left = self.settling.wait(planned.victim)
        self._judge(planned, hit, stages, left)
        told = ", ".join(f"{deed.operation} ({stages[deed.bot_id]})" for deed, _ in hit)
        seconds = time.monotonic() - begun
        waited = " ".join(f"{name} {spent:.0f}" for name, spent in self.settling.waited.items() if spent >= 1)
        say(f"{number}: {planned.victim} killed, slowed by {planned.slowed}, {seconds:.1f} s ({waited}); {told}")

    def _prepare(self, bot_id: str, hit: Hit) -> Deed | None:
        try:
            return prepare(self._world, bot_id, rests=hit.rests)
        except NotDone as refused:
            self.tally.answers[f"not proposed: {str(refused)[:60]}"] += 1
            if RESERVED in str(refused):
                self._world.restart_bot(bot_id)
            return None

    def _judge(self, planned: Round, hit: list[tuple[Deed, Hit]], stages: dict[str, str], left: list[Broken]) -> None:
        """Counts what became of each bot, holds the product to what it finds, and tidies up."""
        kinds: dict[str, list[str]] = {}
        for one in left:
            kinds.setdefault(one.bot_id or "", []).append(one.kind)
        for deed, _ in hit:
            state = read_state(self._world.read_bot(deed.bot_id))
            strays = "+".join(sorted(set(kinds.get(deed.bot_id, []))))
            self.tally.outcomes[planned.victim, stages[deed.bot_id], f"{state} {strays}".strip()] += 1
            fresh = [one for one in self._world.read_gateway().of(deed.bot_id) if one.id not in deed.known]
            entries = [one for one in fresh if one.what == "entry" and one.status != "refused"]
            if len(entries) > 1:
                self.tally.broken += [f"two entries of one intention: {[one.id for one in entries]}"]
        self.check_at_once()
        self._break(one for one in left if one.kind not in STRAYS)
        strays_left = [one for one in left if one.kind in STRAYS]
        self._compare(planned, strays_left)
        if strays_left:
            self.tally.differences.update(f"{planned.victim}: {one.kind}" for one in strays_left)
            self.tally.tidied.update(self.settling.tidy(strays_left))
            still = self.settling.wait()
            self._break(still)
        self.settling.note_dust()

    def _compare(self, planned: Round, strays: list[Broken]) -> None:
        """Each difference that was seen here must be one that the product finds by itself."""
        findings = self._world.reconcile()
        if strays:
            self.tally.unfound += self.settling.find_unfound(strays)
            findings = self._world.reconcile()
        for finding in findings:
            self.tally.findings[f"{planned.victim}: {finding['kind']}"] += 1
        for one in strays:
            say(f"   {one}")
            for line in self._world.read_warnings(one.bot_id or "")[-TOLD_LINES:]:
                say(f"      {line[:240]}")

    def check_at_once(self) -> None:
        """What holds at any moment, quiet or not."""
        shown = self._world.photograph()
        gateway, allowed = self._world.read_gateway(), read_allowed(self._world.data)
        self.tally.looks += 1
        found = [
            *find_duplicates(shown),
            *find_unauthorised(shown, gateway, allowed),
            *find_money(shown),
            *find_beyond(shown, self._bounds),
        ]
        self._break(found)

    def _break(self, found: Iterable[Broken]) -> None:
        for one in found:
            say(f"   BROKEN {one}")
            self.tally.broken += [str(one)]


def main() -> None:
    moments, bots = int(os.environ.get("CRASH_MOMENTS", "200")), int(os.environ.get("CRASH_BOTS", "4"))
    seed = int(os.environ.get("CRASH_SEED", "1"))
    begun = time.monotonic()
    with kept_if_broken("tradehelm-crashes-") as folder:
        world = World.open(folder, TRADE, TRADE, TOTAL)
        try:
            for number, pair in enumerate(PAIRS[:bots]):
                world.add_bot(name=f"bot {number}", pairs=[pair], strategy="Still", stake=STAKE)
            run = Crashes(world)
            lengths = run.warm_up()
            say(f"measured: {lengths}")
            rounds = enumerate(draw_rounds(seed, bots), 1)
            try:
                while sum(run.tally.outcomes.values()) < moments:
                    run.run(*next(rounds), lengths)
            finally:
                run.tally.restarts = run.settling.restarts
                holds = report(run.tally, seed, time.monotonic() - begun)
        finally:
            world.close()
        if not holds:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
