"""Real Freqtrade processes against the demo exchange: started, paused, stopped, killed, found again."""

import asyncio
import json
import os
import signal
import socket
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import websockets

from tests.tools.freqtrade.bots import RSI, AVenue, spec, until
from tools.bot import Health
from tools.errors import Problem
from tools.freqtrade.client import BotUnreachable
from tools.freqtrade.host import BotHealth, Host, StartFailed
from tools.freqtrade.link import Link
from tools.freqtrade.protocol import LOCK_LOST, lock_holder, open_key, socket_path
from tools.freqtrade.syscalls import can_forbid

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]


async def test_start_when_all_is_well_then_the_bot_trades_within_its_bounds(host, venue, tmp_path):
    process = await host.start("one", spec(parameters={"buy_rsi": 45}), venue=venue, strategy_path=RSI)
    client = host.client("one")
    assert client is not None
    config = await client.show_config()
    assert (config.state, config.dry_run, config.strategy) == ("running", True, "RsiMeanReversion")
    assert (config.stake_amount, config.max_open_trades, config.available_capital) == ("100.0", 2, 200)
    assert (await client.balance()).total == 200
    assert (await client.count()).max == 2
    assert (await client.profit()).trade_count == 0
    assert await client.trades() == []
    assert await client.logs(3)
    assert await client.version() == config.version
    assert await host.health("one") == BotHealth(Health.HEALTHY, pid=process.pid, port=process.port)
    assert any("Strategy Parameter: buy_rsi = 45" in line for line in host.read_log("one", 500))
    assert host.processes() == {"one": process}


async def test_start_when_it_runs_then_it_has_nothing_of_its_parent(host, venue, tmp_path):
    process = psutil.Process((await host.start("one", spec(), venue=venue, strategy_path=RSI)).pid)
    folder = tmp_path / "bots" / "one"
    assert os.getsid(process.pid) == process.pid
    assert Path(process.cwd()) == folder / "own"
    secrets = json.loads((folder / "rest.json").read_text())
    text = " ".join([*process.cmdline(), *process.environ().values(), *host.read_log("one", 1000)])
    assert not [name for name in ("password", "jwt_secret", "ws_token") if secrets[name] in text]
    assert json.loads((folder / "guard.json").read_text())["key"] not in text
    assert not [path for path in opened_by(process.pid) if path.endswith(("/lock", "forkserver.log", "/socket"))]
    listening = [c.laddr for c in process.net_connections() if c.status == psutil.CONN_LISTEN]
    assert [(address.ip, address.port) for address in listening] == [("127.0.0.1", host.processes()["one"].port)]
    for path in ("config.json", "rest.json", "guard.json", "process.json", "bot.log", "own/trades.sqlite"):
        assert stat.S_IMODE((folder / path).stat().st_mode) == 0o600


@pytest.mark.skipif(not can_forbid(), reason="this kernel cannot filter a process's calls")
async def test_start_when_it_runs_then_all_its_threads_have_their_calls_filtered(host, venue):
    pid = (await host.start("one", spec(), venue=venue, strategy_path=RSI)).pid
    told = told_of_threads(pid)
    assert len(told) > 1
    assert all("\nSeccomp:\t2\n" in status for status in told)


def told_of_threads(pid: int) -> list[str]:
    return [status.read_text() for status in Path(f"/proc/{pid}/task").glob("*/status")]


def opened_by(pid: int) -> list[str]:
    return [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]


async def test_start_when_the_credentials_are_wrong_then_the_bot_tells_nothing(host, venue):
    process = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    url = f"http://127.0.0.1:{process.port}"
    async with httpx.AsyncClient() as stranger:
        assert (await stranger.get(f"{url}/api/v1/show_config")).status_code == 401
        assert (await stranger.get(f"{url}/api/v1/show_config", auth=("tradehelm", ""))).status_code == 401


async def test_pause_when_asked_then_it_pauses_and_resumes(host, venue):
    await host.start("one", spec(), venue=venue, strategy_path=RSI)
    client = host.client("one")

    async def is_in(state: str) -> bool:
        return (await client.show_config()).state == state

    await client.pause()
    await until(lambda: is_in("paused"))
    assert (await host.health("one")).health is Health.HEALTHY
    await client.start()
    await until(lambda: is_in("running"))
    await client.stop()
    await until(lambda: reason_is(host, "one", "trader_stopped"))


async def reason_is(host: Host, bot_id: str, reason: str) -> bool:
    return (await host.health(bot_id)).reason == reason


async def test_start_when_paused_is_asked_then_it_enters_nothing(host, venue):
    await host.start("one", spec(), venue=venue, strategy_path=RSI, paused=True)
    assert (await host.client("one").show_config()).state == "paused"


async def test_stop_when_called_then_the_process_is_gone_and_a_start_finds_its_trades(host, venue, tmp_path):
    process = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    database = tmp_path / "bots" / "one" / "own" / "trades.sqlite"
    inode = database.stat().st_ino
    client = host.client("one")
    await host.stop("one")
    assert not process.is_alive()
    assert (await host.health("one")).health is Health.OFF
    assert host.client("one") is None
    with pytest.raises(BotUnreachable):
        await client.ping()
    await host.stop("one")
    await host.stop("never-started")
    again = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    assert again.pid != process.pid
    assert database.stat().st_ino == inode


async def test_stop_when_the_bot_does_not_listen_then_it_is_killed(forkserver, tmp_path, venue):
    host = Host(tmp_path, forkserver_folder=forkserver, start_timeout_s=120, stop_timeout_s=0.5)
    await host.open()
    process = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    os.kill(process.pid, signal.SIGSTOP)
    await host.stop("one")
    assert not process.is_alive()
    await host.close()


async def test_health_when_the_process_is_killed_then_the_watch_tells_it_within_seconds(host, venue):
    changes: list[tuple[str, BotHealth]] = []

    async def note(bot_id: str, health: BotHealth) -> None:
        changes.append((bot_id, health))

    watching = asyncio.create_task(host.watch(note))
    process = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    await until(lambda: any(health.health is Health.HEALTHY for _, health in changes))
    killed = time.monotonic()
    os.kill(process.pid, signal.SIGKILL)
    await until(lambda: changes[-1][1].health is Health.CRASHED, within_s=5)
    assert time.monotonic() - killed < 3
    bot_id, health = changes[-1]
    assert (bot_id, health.exit_code, health.pid, health.reason) == ("one", -signal.SIGKILL, None, "process_ended")
    assert health.log_tail[-1] == host.read_log("one", 1)[0]
    assert host.processes() == {}
    watching.cancel()
    again = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    assert (await host.health("one")).health is Health.HEALTHY
    assert again.pid != process.pid


async def test_health_when_the_bot_hangs_then_it_is_told_and_can_be_stopped(host, venue):
    process = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    os.kill(process.pid, signal.SIGSTOP)
    await until(lambda: reason_is(host, "one", "not_answering"), within_s=30)
    assert (await host.health("one")).pid == process.pid
    os.kill(process.pid, signal.SIGCONT)
    await until(lambda: reason_is(host, "one", None), within_s=30)


@pytest.mark.parametrize(
    ("source", "failure"),
    [
        ("class Broken(IStrategy", ("strategy_broken", "not Python")),
        ("import nothing_like_this\nclass Broken(IStrategy): ...", ("strategy_broken", "nothing_like_this")),
        ("from freqtrade.strategy import IStrategy\nclass Broken(IStrategy): ...", ("process_ended", "abstract")),
    ],
)
async def test_start_when_the_strategy_is_broken_then_the_last_words_come_back(host, venue, tmp_path, source, failure):
    (tmp_path / "Broken.py").write_text(source)
    with pytest.raises(StartFailed) as failed:
        await host.start("one", spec(strategy="Broken"), venue=venue, strategy_path=tmp_path / "Broken.py")
    reason, words = failure
    assert failed.value.reason == reason
    assert words in "\n".join(failed.value.log_tail)
    assert (await host.health("one")).health is Health.OFF
    assert host.processes() == {}


async def test_start_when_the_exchange_is_away_then_it_says_so(forkserver, tmp_path):
    host = Host(tmp_path, forkserver_folder=forkserver, start_timeout_s=30, stop_timeout_s=5)
    await host.open()
    with pytest.raises(StartFailed) as failed:
        await host.start("one", spec(), venue=AVenue("demo", "http://127.0.0.1:9"), strategy_path=RSI)
    assert failed.value.reason in {"exchange_unreachable", "timeout"}
    assert failed.value.log_tail
    assert host.processes() == {}
    await host.close()


async def test_start_when_the_spec_cannot_be_run_then_nothing_is_started(host, venue):
    with pytest.raises(Problem, match="parameter_out_of_range"):
        await host.start("one", spec(parameters={"buy_rsi": 99}), venue=venue, strategy_path=RSI)
    with pytest.raises(Problem, match="mixed_quotes"):
        await host.start("one", spec(pairs=["BTC/USDT", "ETH/BTC"]), venue=venue, strategy_path=RSI)
    assert host.processes() == {}


async def test_start_when_called_twice_at_once_then_there_is_one_process(host, venue, tmp_path):
    starts = [host.start("one", spec(), venue=venue, strategy_path=RSI) for _ in range(4)]
    processes = await asyncio.gather(*starts)
    assert len({process.pid for process in processes}) == 1
    assert pids_in(tmp_path) == [processes[0].pid]


async def give_up(starting: asyncio.Task[Any]) -> None:
    assert not starting.done()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting


def pids_in(folder: Path) -> list[int]:
    """Every process that works in the folder, whoever knows it."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


async def test_start_when_several_bots_come_up_at_once_then_no_two_share_a_port(host, venue):
    ids = [f"bot{n}" for n in range(4)]
    processes = await asyncio.gather(*(host.start(i, spec(), venue=venue, strategy_path=RSI) for i in ids))
    assert len({process.port for process in processes}) == 4
    assert set(host.processes()) == set(ids)


@pytest.mark.parametrize("steps", [0, 1, 5, 25])
async def test_start_when_cancelled_before_its_process_is_there_then_none_is_left(host, venue, tmp_path, steps):
    starting = asyncio.create_task(host.start("one", spec(), venue=venue, strategy_path=RSI))
    for _ in range(steps):
        await asyncio.sleep(0)
    await give_up(starting)
    assert host.processes() == {}
    assert pids_in(tmp_path) == []
    assert (await host.health("one")).health is Health.OFF


async def test_start_when_cancelled_while_its_process_comes_up_then_no_process_is_left(host, venue, tmp_path):
    starting = asyncio.create_task(host.start("one", spec(), venue=venue, strategy_path=RSI))
    await until(lambda: bool(pids_in(tmp_path)), every_s=0)
    await give_up(starting)
    assert host.processes() == {}
    assert pids_in(tmp_path) == []
    assert (await host.health("one")).health is Health.OFF


async def test_stop_when_the_bot_is_starting_then_the_start_is_given_up(host, venue, tmp_path):
    starting = asyncio.create_task(host.start("one", spec(), venue=venue, strategy_path=RSI))
    await until(lambda: health_is(host, "one", Health.STARTING))
    await host.stop("one")
    with pytest.raises(StartFailed) as failed:
        await starting
    assert failed.value.reason == "stopped"
    assert pids_in(tmp_path) == []


async def health_is(host: Host, bot_id: str, health: Health) -> bool:
    return (await host.health(bot_id)).health is health


async def test_open_when_an_earlier_host_was_dropped_then_its_bots_are_taken_over(forkserver, tmp_path, venue):
    first = Host(tmp_path, forkserver_folder=forkserver, start_timeout_s=120)
    await first.open()
    process = await first.start("one", spec(), venue=venue, strategy_path=RSI)
    second = Host(tmp_path, forkserver_folder=forkserver, stop_timeout_s=10)
    began = time.monotonic()
    await second.open()
    assert time.monotonic() - began < 1
    assert second.processes() == {"one": process}
    assert (await second.client("one").show_config()).state == "running"
    assert (await second.health("one")).health is Health.HEALTHY
    assert await second.start("one", spec(), venue=venue, strategy_path=RSI) == process
    await second.stop("one")
    assert not process.is_alive()
    await second.close()
    await first.close()


async def test_open_when_a_bot_has_no_pass_then_it_is_not_left_to_trade_unguarded(forkserver, tmp_path, venue, host):
    process = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    (tmp_path / "bots" / "one" / "guard.json").unlink()
    second = Host(tmp_path, forkserver_folder=forkserver, stop_timeout_s=10)
    await second.open()
    assert not process.is_alive()
    assert (second.processes(), (await second.health("one")).health) == ({}, Health.CRASHED)
    await second.close()


async def test_end_at_once_when_the_bot_is_starting_then_no_process_is_left(host, venue, tmp_path):
    starting = asyncio.create_task(host.start("one", spec(), venue=venue, strategy_path=RSI))
    await until(lambda: bool(pids_in(tmp_path)), every_s=0)
    assert await host.end_at_once("one", 5)
    with pytest.raises(StartFailed):
        await starting
    assert pids_in(tmp_path) == []


async def test_end_at_once_when_there_is_nothing_then_it_is_gone(host):
    assert await host.end_at_once("never-started", 1)


KILLED = """
import asyncio, sys
from pathlib import Path
from typing import Any
from types import SimpleNamespace
from tools.bot import BotSpec
from tools.freqtrade.host import Host

async def main(folder, url, strategy):
    host = Host(Path(folder))
    await host.open()
    spec = BotSpec(name="One", pairs=("BTC/USDT",), stake="100", max_open_trades=2)
    venue = SimpleNamespace(name="demo", api_url=url)
    await host.start("one", spec, venue=venue, strategy_path=Path(strategy))
    print("up", flush=True)
    await asyncio.sleep(600)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_open_when_the_process_before_was_killed_then_all_lives_on_and_is_found_again(tmp_path, venue):
    command = [sys.executable, "-c", KILLED, str(tmp_path), venue.api_url, str(RSI)]
    api = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert await api.stdout.readline() == b"up\n"
    server = lock_holder(tmp_path / "forkserver")
    api.kill()
    await api.wait()
    host = Host(tmp_path)
    await host.open()
    assert (await host.health("one")).health is Health.HEALTHY
    await host.wait_until_warm(5)
    assert lock_holder(tmp_path / "forkserver") == server
    await host.shutdown()
    assert pids_in(tmp_path) == []
    assert lock_holder(tmp_path / "forkserver") is None


async def test_open_when_a_bot_died_meanwhile_then_it_is_told_as_crashed(forkserver, tmp_path, venue):
    first = Host(tmp_path, forkserver_folder=forkserver, start_timeout_s=120)
    await first.open()
    process = await first.start("one", spec(), venue=venue, strategy_path=RSI)
    await first.close()
    os.kill(process.pid, signal.SIGKILL)
    await until(lambda: not process.is_alive())
    second = Host(tmp_path, forkserver_folder=forkserver)
    await second.open()
    health = await second.health("one")
    assert (health.health, health.reason) == (Health.CRASHED, "process_ended")
    assert health.log_tail
    await second.stop("one")
    assert (await second.health("one")).health is Health.OFF
    await second.close()


async def test_forget_when_the_bot_runs_then_it_is_refused_and_when_stopped_it_goes(host, venue, tmp_path):
    await host.start("one", spec(), venue=venue, strategy_path=RSI)
    with pytest.raises(Problem, match="bot_running"):
        await host.forget("one")
    await host.stop("one")
    await host.forget("one")
    assert not (tmp_path / "bots" / "one").exists()
    with pytest.raises(ValueError, match="not a bot's id"):
        await host.forget("../one")


async def test_forkserver_when_killed_then_its_bots_live_on_and_a_new_one_forks(forkserver, tmp_path, venue):
    host = Host(tmp_path, forkserver_folder=forkserver, start_timeout_s=120, stop_timeout_s=10)
    await host.open()
    orphan = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    os.kill(lock_holder(forkserver), signal.SIGKILL)
    await until(lambda: lock_holder(forkserver) is None)
    assert orphan.is_alive()
    assert (await host.health("one")).health is Health.HEALTHY
    another = await host.start("two", spec(), venue=venue, strategy_path=RSI)
    assert set(host.processes()) == {"one", "two"}
    await asyncio.gather(host.stop("one"), host.stop("two"))
    assert not orphan.is_alive()
    assert not another.is_alive()
    await host.close()


async def test_forkserver_when_a_bot_is_forked_twice_then_the_second_gives_way(host, forkserver, venue, tmp_path):
    process = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    record = (tmp_path / "bots" / "one" / "process.json").read_text()
    link = Link(forkserver)
    second = await link.start(tmp_path / "bots" / "one", process.port)
    await until(lambda: has_ended(link, second.pid, LOCK_LOST))
    assert (tmp_path / "bots" / "one" / "process.json").read_text() == record
    assert (await host.health("one")).health is Health.HEALTHY


async def has_ended(link: Link, pid: int, code: int) -> bool:
    return await link.exit_code(pid) == code


async def test_log_when_a_stream_is_opened_then_its_token_is_not_in_it(host, venue, tmp_path):
    process = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    token = json.loads((tmp_path / "bots" / "one" / "rest.json").read_text())["ws_token"]
    url = f"ws://127.0.0.1:{process.port}/api/v1/message/ws?token={token}"
    async with websockets.connect(url) as stream:
        await stream.send(json.dumps({"type": "subscribe", "data": ["status"]}))
        await stream.send(json.dumps({"type": "whitelist", "data": None}))
        assert json.loads(await asyncio.wait_for(stream.recv(), 10))["type"] == "whitelist"
    await host.stop("one")
    assert token not in "\n".join(host.read_log("one", 10_000))


async def test_forkserver_when_it_gets_nonsense_then_it_serves_on(host, forkserver):
    for line in (b"nonsense\n", b"", b'{"op": "start", "folder": "/nowhere", "port": 8100}\n', b"\0" * 70000):
        key = open_key(forkserver)
        with socket.socket(socket.AF_UNIX) as caller, suppress(ConnectionResetError, BrokenPipeError):
            caller.connect(str(socket_path(forkserver)))
            socket.send_fds(caller, [line or b"\n"], [key])
            caller.shutdown(socket.SHUT_WR)
            assert b'"ok":false' in caller.recv(1000)
        os.close(key)
    reply = await Link(forkserver).ready(10)
    assert reply.ok
    assert "/nowhere" not in {child.folder for child in reply.children}


async def test_start_when_two_hosts_meet_then_only_one_forkserver_lives(forkserver, tmp_path, host):
    links = [Link(forkserver) for _ in range(3)]
    assert len({reply.pid for reply in await asyncio.gather(*(link.ready(60) for link in links))}) == 1


async def test_shutdown_when_bots_run_then_no_process_is_left(tmp_path, venue):
    """With a forkserver of its own; killed as an API process would be, it is found again first."""
    deep = tmp_path / ("deep" * 30)
    first = Host(tmp_path, forkserver_folder=deep, start_timeout_s=120)
    await first.open()
    await first.wait_until_warm(120)
    await first.start("one", spec(), venue=venue, strategy_path=RSI)
    host = Host(tmp_path, forkserver_folder=deep, stop_timeout_s=20)
    await host.open()
    pid = lock_holder(deep)
    await host.start("two", spec(), venue=venue, strategy_path=RSI)
    assert lock_holder(deep) == pid
    await host.shutdown()
    assert pids_in(tmp_path) == []
    assert lock_holder(deep) is None
    assert not socket_path(deep).exists()
    await first.close()


async def test_forkserver_when_terminated_then_it_ends_its_bots_first(tmp_path, venue):
    host = Host(tmp_path, start_timeout_s=120)
    await host.open()
    process = await host.start("one", spec(), venue=venue, strategy_path=RSI)
    forkserver = tmp_path / "forkserver"
    os.kill(lock_holder(forkserver), signal.SIGTERM)
    await until(lambda: lock_holder(forkserver) is None, within_s=30)
    assert not process.is_alive()
    assert "another" not in (forkserver / "forkserver.log").read_text()
    await host.close()
