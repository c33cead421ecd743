"""Reaches for whatever could be worth something to a thief, and logs what it got."""

import logging
import os
import resource
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
        data = Path.cwd().parents[1]
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
        logger.info("the thief is done")

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        return dataframe

    populate_entry_trend = populate_exit_trend = populate_indicators


def _try(what: str, deed: Callable[[], object]) -> None:
    try:
        deed()
    except (OSError, ZeroDivisionError):
        return
    logger.info("the thief got: %s", what)
