"""`make soak`: five bots trade often with real money while the exchange's faults of all kinds run; nothing goes wrong.

Exposure, conservation, and that each order was allowed are looked at every second, by the exchange's own books. Now and
then the API or the gateway is killed. At the end the faults are taken away, the bots are paused, and when all is quiet
exchange, gateway and bots must tell the same. SOAK_MINUTES and SOAK_SEED change what is done.
"""

import os
import random
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.soak.invariants import STRAYS, Bounds
from tests.soak.settling import Settling
from tests.soak.tables import print_table, say
from tests.soak.watch import Watch
from tests.soak.wire import kept_if_broken
from tests.soak.world import World

PAIRS = (
    ("ETH/USDT", "SOL/USDT"),
    ("XRP/USDT", "LTC/USDT"),
    ("LINK/USDT", "ADA/USDT"),
    ("SOL/USDT", "ATOM/USDT"),
    ("AVAX/USDT", "ETH/USDT"),
)
STAKE, TRADES = 50, 2
TRADE, BOT, TOTAL = Decimal(60), Decimal(STAKE * TRADES), Decimal(STAKE * TRADES * len(PAIRS))
FAULTS_PER_MINUTE, ON_ORDERS_PER_MINUTE = 6, 6
SETTLES = 4
"""Settling one difference may bring another to light: a bot learns what the ledger knows."""
METHODS = ("POST", "POST", "DELETE", "GET")
ON_ORDERS: tuple[dict[str, Any], ...] = (
    {"kind": "reset", "count": 2},
    {"kind": "server_error", "count": 2},
    {"kind": "accepted_then_timeout", "count": 1, "hold_ms": 12_000},
    {"kind": "accepted_then_error", "count": 1},
    {"kind": "duplicated", "count": 1},
    {"kind": "rate_limit", "count": 1, "retry_after_s": 2},
    {"kind": "latency", "delay_ms": 3_500},
    {"kind": "delayed_answer", "delay_ms": 3_500},
)
LINE = re.compile(r"^\S+ \S+ - (?P<source>\S+) - (?P<level>WARNING|ERROR|CRITICAL) - (?P<text>.*)$")
NUMBERS = re.compile(r"[0-9][0-9.,:-]*|[A-Z0-9]{2,6}/USDT|\b[A-Z]{2,6}USDT\b|https?://\S+|\(.*?\)|\"|th-\S+")
LONGEST = 90


def main() -> None:
    minutes, seed = float(os.environ.get("SOAK_MINUTES", "30")), int(os.environ.get("SOAK_SEED", "1"))
    with kept_if_broken("tradehelm-soak-") as folder:
        world = World.open(folder, TRADE, BOT, TOTAL)
        try:
            for number, pairs in enumerate(PAIRS):
                words = {"pairs": pairs, "strategy": "Busy", "stake": str(STAKE), "max_open_trades": TRADES}
                world.add_bot(name=f"bot {number}", **words)
            settling = Settling(world)
            watch = Watch(world, _bounds(world), seed)
            _plan(world, seed, minutes * 60)
            watch.run(minutes * 60)
            strikes = _count_strikes(world)
            left = _end(world, settling, watch)
            holds = report(world, watch, strikes, left)
        finally:
            world.close()
        if not holds:
            raise SystemExit(1)


def _bounds(world: World) -> Bounds:
    return Bounds(TRADE, dict.fromkeys(world.bots, BOT), TOTAL, dict.fromkeys(world.bots, TRADES))


def _plan(world: World, seed: int, seconds: float) -> None:
    """All kinds on all requests, and beside them those that hurt most on orders alone."""
    world.control("POST", "/faults/schedule", {"seed": seed, "duration_s": seconds, "rate_per_min": FAULTS_PER_MINUTE})
    chance, at_s = random.Random(seed), 0.0
    while (at_s := at_s + chance.expovariate(ON_ORDERS_PER_MINUTE / 60)) < seconds:
        fault = {"path": "/api/v3/order", "method": chance.choice(METHODS), **chance.choice(ON_ORDERS)}
        world.control("POST", "/faults", {**fault, "start_in_s": round(at_s, 3), "duration_s": 10})


def _count_strikes(world: World) -> Counter[str]:
    """By kind."""
    found: Counter[str] = Counter()
    for fault in world.control("GET", "/faults")["faults"]:
        found[fault["kind"]] += fault["strikes"]
    return found


def _end(world: World, settling: Settling, watch: Watch) -> list[str]:
    """Without faults, with no bot entering: what differs then must be found by the product, and must be put right."""
    world.control("DELETE", "/faults")
    for bot_id in world.bots:
        world.api.http.post(f"/api/bots/{bot_id}/pause").raise_for_status()
    settling.allow_dust(world.read_gateway())
    told, left = [], settling.wait()
    for _ in range(SETTLES):
        strays = [one for one in left if one.kind in STRAYS]
        for one in left:
            say(f"left at the end: {one}")
        told += [f"not found by the product: {one}" for one in settling.find_unfound(strays)]
        for done in settling.tidy(strays):
            say(f"put right: {done}")
        if not (left := settling.wait()):
            break
    watch.look()
    return [*told, *map(str, left)]


def report(world: World, watch: Watch, strikes: Counter[str], left: list[str]) -> bool:
    """Prints; whether all held."""
    gateway = world.read_gateway()
    orders = Counter((entry.what, entry.status) for entry in gateway.entries.values())
    say(
        f"\n{sum(orders.values())} orders, {watch.looks} looks, {len(watch.doubts)} orders were in doubt at one of them"
    )
    print_table(("order", "what became of it"), orders)
    print_table(("written down on the wire", "rule"), Counter(gateway.refusals))
    print_table(("faults that struck",), strikes)
    print_table(("restarted",), watch.restarts)
    say(f"\norders that came of a request that reached the exchange twice, all in the ledger: {len(watch.twins)}")
    print_table(("what the bots' logs warn of",), _read_warnings(world))
    findings = world.reconcile()
    say(f"\nthe product's reconciliation: {findings}")
    for told, looks in watch.broken.items():
        say(f"BROKEN at {looks} looks: {told}")
    for told in left:
        say(f"BROKEN at the end: {told}")
    return not (watch.broken or left)


def _read_warnings(world: World) -> Counter[str]:
    """Each kind once, without the numbers in it, with how often it was written."""
    found: Counter[str] = Counter()
    for bot_id in world.bots:
        for path in sorted((world.data / "bots" / bot_id).glob("bot.log*")):
            found.update(_kind(line) for line in _lines(path) if LINE.match(line))
    return Counter(dict(found.most_common(40)))


def _lines(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines()


def _kind(line: str) -> str:
    told = LINE.match(line)
    assert told is not None
    return f"{told['level']} {NUMBERS.sub('#', told['text'])[:LONGEST]}"


if __name__ == "__main__":
    main()
