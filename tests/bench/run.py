"""`make bench`: figures measured in one run on this machine, ours beside plain Freqtrade's, as ratios."""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psutil
from pydantic_ai import RunContext, RunUsage
from pydantic_ai.models.test import TestModel

from agent.toolset import build_toolset
from tests.bench import guard, panic, wire
from tests.stack import Browserless, Chunk, Stack, free_port, wait_until
from tools.bot import BotSpec
from tools.freqtrade.config import OWN, RestAccess
from tools.freqtrade.host import Host
from tools.freqtrade.records import BotFolder
from tools.guard.actor import Actor
from tools.market.venues import Venue, demo_venue
from tools.verbs import Hands

OURS, PLAIN, TURNS = 5, 3, 30
SPEC = BotSpec(name="bench", pairs=("BTC/USDT", "ETH/USDT"), stake="50", max_open_trades=2)
STRATEGY = Path(__file__).resolve().parents[2] / "strategies" / f"{SPEC.strategy}.py"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tradehelm-bench-") as folder:
        stack = Stack(Path(folder), EXCHANGE_SOURCE="synthetic")
        try:
            stack.start()
            venue = demo_venue(f"http://127.0.0.1:{stack.exchange_port}", via=f"http://127.0.0.1:{stack.gateway_port}")
            warm_up_s, ours_s, ours_mb = asyncio.run(measure_ours(Path(folder) / "ours", venue))
            plain_s, plain_mb = measure_plain(Path(folder) / "plain", venue)
            turns = measure_turns(stack)
            panic.measure(stack)
            wire.measure(stack)
        finally:
            stack.stop()
    report("bot start, s (until it answers and trades)", ours_s, plain_s)
    report("private memory a bot, MB", [private for private, _ in ours_mb], [private for private, _ in plain_mb])
    report("proportional memory (PSS) a bot, MB", [pss for _, pss in ours_mb], [pss for _, pss in plain_mb])
    print(f"\nforkserver warm after {warm_up_s:.1f} s, once")
    for name, values in turns.items():
        figures = f"median {statistics.median(values):.1f} ms, max {max(values):.1f} ms"
        print(f"chat, offline model, {name}: {figures} ({TURNS} turns)")
    print()
    with tempfile.TemporaryDirectory(prefix="tradehelm-bench-") as folder:
        guard.measure(Path(folder))
    count, characters = asyncio.run(measure_schema())
    print(f"tool schema: {characters} characters of compact JSON for {count} verbs, about {characters // 4} tokens")


def report(what: str, ours: list[float], plain: list[float]) -> None:
    one, other = statistics.median(ours), statistics.median(plain)
    spans = [f"{min(values):.2f}-{max(values):.2f}" for values in (ours, plain)]
    print(f"{what}: ours {one:.2f} ({spans[0]}), plain freqtrade {other:.2f} ({spans[1]}), ratio {other / one:.1f}")


async def measure_ours(folder: Path, venue: Venue) -> tuple[float, list[float], list[tuple[float, float]]]:
    """Seconds to warm up, seconds a start, and (private, PSS) MB of each bot with all of them running."""
    host = Host(folder)
    started = time.monotonic()
    await host.open()
    await host.wait_until_warm(120)
    warm_up_s, starts = time.monotonic() - started, []
    try:
        for number in range(OURS):
            started = time.monotonic()
            await host.start(f"bench{number}", SPEC, venue=venue, strategy_path=STRATEGY)
            starts.append(time.monotonic() - started)
        await asyncio.sleep(20)
        return warm_up_s, starts, [memory_mb(process.pid) for process in host.processes().values()]
    finally:
        await host.shutdown()


def measure_plain(folder: Path, venue: Venue) -> tuple[list[float], list[tuple[float, float]]]:
    """The same bots, each a fresh `freqtrade trade`; they stay up until all are measured."""
    processes, starts = [], []
    try:
        for number in range(PLAIN):
            bot = BotFolder(folder / f"plain{number}")
            rest = RestAccess.random(free_port())
            bot.write(SPEC, venue=venue, strategy_path=STRATEGY, rest=rest, paused=False)
            started = time.monotonic()
            processes.append(start_plain(bot.path))
            wait_until(lambda rest=rest: trades(rest), 120, "freqtrade")
            starts.append(time.monotonic() - started)
        time.sleep(20)
        return starts, [memory_mb(process.pid) for process in processes]
    finally:
        for process in processes:
            process.terminate()
            process.wait(30)


def start_plain(folder: Path) -> subprocess.Popen[bytes]:
    freqtrade = shutil.which("freqtrade", path=str(Path(sys.executable).parent)) or "freqtrade"
    command = [freqtrade, "trade", "-c", str(folder / "config.json"), "--userdir", str(folder / OWN)]
    with (folder / "plain.log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=dict(os.environ))


def trades(rest: RestAccess) -> bool:
    url = f"http://127.0.0.1:{rest.port}/api/v1/show_config"
    try:
        answer = httpx.get(url, auth=(rest.username, rest.password), timeout=2, trust_env=False)
        return bool(answer.is_success and answer.json()["state"] == "running")
    except httpx.HTTPError:
        return False


def memory_mb(pid: int) -> tuple[float, float]:
    """Private and proportional memory; as in /proc/PID/smaps_rollup."""
    found = psutil.Process(pid).memory_full_info()
    return found.uss / 1e6, found.pss / 1e6


def measure_turns(stack: Stack) -> dict[str, list[float]]:
    """Milliseconds from POST to the first event of the answer, and to its end."""
    api = Browserless(stack)
    conversation_id = api.converse()
    first, whole = [], []
    api.say(conversation_id, "what are my limits?")
    for _ in range(TURNS):
        after = max(chunk["seq"] for chunk in api.say(conversation_id, "list my bots"))
        started = time.perf_counter()
        run_id = api.post_message(conversation_id, "what are my limits?")
        for chunk in api.follow(conversation_id, partial(ends, run_id), after=after, only=run_id):
            if chunk["type"] == "start":
                first += [(time.perf_counter() - started) * 1000]
        whole.append((time.perf_counter() - started) * 1000)
    api.close()
    return {"POST to first event": first, "POST to the end of the answer": whole}


def ends(wanted: str, chunk: Chunk, run_id: str) -> bool:
    return run_id == wanted and chunk["type"] == "finish"


async def measure_schema() -> tuple[int, int]:
    """How many verbs a model is offered, and how many characters their OpenAI function schemas have."""
    hands: Any = type("Nobody", (), {"actor": Actor(door="web")})()
    context: RunContext[Hands] = RunContext(deps=hands, model=TestModel(), usage=RunUsage())
    verbs = [tool.tool_def for tool in (await build_toolset().get_tools(context)).values()]
    functions = [
        {
            "type": "function",
            "function": {"name": verb.name, "description": verb.description, "parameters": verb.parameters_json_schema},
        }
        for verb in verbs
    ]
    return len(verbs), len(json.dumps(functions, separators=(",", ":")))


if __name__ == "__main__":
    main()
