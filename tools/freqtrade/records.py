"""A bot's folder: everything that its Freqtrade needs and leaves, so that it can be found again and reproduced."""

import json
import os
import re
import shutil
import sqlite3
from collections import defaultdict, deque
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from tools.bot import BotSpec, Mode
from tools.credentials import Credentials
from tools.errors import Problem
from tools.freqtrade.answers import Trade
from tools.freqtrade.catalogue import read_strategy
from tools.freqtrade.config import DATABASES, OWN, RestAccess, Venue, translate
from tools.freqtrade.database import fetch, opened
from tools.freqtrade.permit_protocol import PASS_FILE, Pass
from tools.freqtrade.plain import open_plain, read_plain
from tools.freqtrade.processes import Process
from tools.freqtrade.protocol import private_folder

BOT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
TAIL_BYTES = 256 * 1024
OURS = frozenset(
    ("config.json", "rest.json", PASS_FILE, "process.json", "process.lock", "bot.log", "bot.log.1", "bot.log.2")
)
TRADES = """
    SELECT id AS trade_id, pair, is_open, coalesce(strategy, '') AS strategy, amount, stake_amount, open_rate,
        open_date AS open_timestamp, close_rate, close_date AS close_timestamp, close_profit_abs AS profit_abs,
        close_profit AS profit_ratio, enter_tag, exit_reason
    FROM trades ORDER BY id DESC
"""
ORDERS = """
    SELECT ft_trade_id, order_id, ft_order_side, ft_is_open AS is_open, coalesce(amount, ft_amount) AS amount, filled,
        coalesce(average, price, stop_price, ft_price) AS safe_price, order_date AS order_timestamp
    FROM orders WHERE ft_is_open OR filled > 0 ORDER BY id
"""
"""Those that Freqtrade's REST server tells of too: open, or filled at least in part."""


class ProcessRecord(BaseModel):
    """Which process runs a bot; the bot writes it before it does anything else."""

    model_config = ConfigDict(frozen=True)

    pid: int
    birth: float
    """See `processes.birth_of`."""
    port: int
    created: float
    """Seconds since 1970."""

    def write(self, folder: Path) -> None:
        write_private(folder / "process.json", self.model_dump_json())

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """None where there is none, or none that can be read."""
        try:
            return cls.model_validate_json(read_plain(folder / "process.json"))
        except (OSError, ValidationError):
            return None


@dataclass(frozen=True)
class BotFolder:
    """`bots/<id>/`: config.json, rest.json, guard.json, strategies/, bot.log, process.json, process.lock and own/.

    All of it is ours, and a confined bot reads it only; `own/` is what it writes, with `trades.sqlite` and, for what
    was traded with real money, `trades-live.sqlite`. Nothing that is read from there is trusted.
    """

    path: Path

    @classmethod
    def of(cls, bots: Path, bot_id: str) -> Self:
        """Raises `ValueError` for an id that is not a plain name."""
        if not BOT_ID.fullmatch(bot_id):
            raise ValueError(f"{bot_id!r} is not a bot's id")
        return cls(bots / bot_id)

    def write(  # noqa: PLR0913  what a start needs
        self,
        spec: BotSpec,
        *,
        venue: Venue,
        strategy_path: Path,
        rest: RestAccess,
        paused: bool,
        credentials: Credentials | None = None,
    ) -> None:
        """All that one start needs; the database of earlier starts stays. `credentials` are for real money.

        Raises `Problem` for a spec that cannot be run, `UnreadableError` for a strategy that cannot be read.
        """
        self._put_in_order()
        config = translate(
            spec,
            api_url=venue.api_url,
            folder=self.path,
            rest=rest,
            paused=paused,
            losses=self.read_losses(),
            credentials=credentials,
        )
        self._write_strategy(spec, strategy_path)
        self._put_log_aside()
        write_private(self.path / "rest.json", json.dumps(asdict(rest)))
        write_private(self.path / PASS_FILE, Pass.issue(self.path).model_dump_json())
        write_private(self.path / "config.json", json.dumps(config, indent=2))

    def _write_strategy(self, spec: BotSpec, source: Path) -> None:
        """The source with Freqtrade's parameter file beside it, and no other."""
        strategy = read_strategy(source)
        if strategy.name != spec.strategy:
            raise Problem("unknown_strategy", 422, strategy=spec.strategy, known=strategy.name)
        strategy.check(spec.parameters)
        target = self.path / "strategies"
        _remove(target)
        target.mkdir(mode=0o700)
        write_private(target / f"{spec.strategy}.py", source.read_text(encoding="utf-8"))
        parameters = {"strategy_name": spec.strategy, "params": strategy.by_space(spec.parameters)}
        write_private(target / f"{spec.strategy}.json", json.dumps(parameters | {"ft_stratparam_v": 1}))

    def _put_in_order(self) -> None:
        """What is ours is plain; all else is the bot's own.

        A bot of an earlier version could write here, and kept its databases here.
        """
        private_folder(self.path)
        own = self.path / OWN
        if own.is_symlink() or not own.is_dir():
            _remove(own)
            own.mkdir(mode=0o700)
        for entry in list(os.scandir(self.path)):
            if entry.name in OURS:
                if not entry.is_file(follow_symlinks=False):
                    _remove(Path(entry.path))
            elif entry.name not in (OWN, "strategies") and not os.path.lexists(own / entry.name):
                Path(entry.path).rename(own / entry.name)

    def _put_log_aside(self) -> None:
        log = self.path / "bot.log"
        if log.exists():
            log.replace(self.path / "bot.log.1")

    def read_rest(self) -> RestAccess | None:
        """The credentials of the last start; None where they cannot be read."""
        try:
            stored: dict[str, Any] = json.loads(read_plain(self.path / "rest.json"))
            return RestAccess(**stored)
        except (OSError, ValueError, TypeError):
            return None

    def read_losses(self) -> Decimal:
        """What the closed simulated trades lost on the whole, in the stake currency; never below zero."""
        if (database := self._find_database(Mode.SIMULATED)) is None:
            return Decimal(0)
        try:
            with opened(database) as connection:
                ((profit,),) = fetch(connection, "SELECT SUM(close_profit_abs) FROM trades WHERE is_open = 0")
            return max(-round(Decimal(str(profit or 0)), 8), Decimal(0))
        except (sqlite3.Error, ArithmeticError):
            return Decimal(0)

    def read_trades(self, mode: Mode = Mode.SIMULATED) -> list[Trade]:
        """All trades of a mode that the bot's database holds, each with its orders; an open one has no profit here.

        For when the bot's process is gone. Raises `sqlite3.Error` where there is a database that cannot be read.
        """
        if (database := self._find_database(mode)) is None:
            return []
        orders: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        with opened(database) as connection:
            for row in fetch(connection, ORDERS):
                orders[row["ft_trade_id"]].append(dict(row))
            trades = [dict(row) for row in fetch(connection, TRADES)]
        try:
            return [Trade.model_validate(trade | {"orders": orders[trade["trade_id"]]}) for trade in trades]
        except (ValidationError, ArithmeticError) as error:
            raise sqlite3.DataError(f"{database} holds what is no trade: {error}") from error

    def _find_database(self, mode: Mode) -> Path | None:
        """That of an earlier version lies beside the bot's own folder until the next start."""
        places = (self.path / OWN / DATABASES[mode], self.path / DATABASES[mode])
        return next((path for path in places if os.path.lexists(path)), None)

    def read_log(self, lines: int) -> list[str]:
        """The last lines since the last start."""
        try:
            with os.fdopen(open_plain(self.path / "bot.log"), "rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - TAIL_BYTES))
                return list(deque(log.read(TAIL_BYTES).decode(errors="replace").splitlines(), maxlen=lines))
        except OSError:
            return []

    def read_process(self) -> Process | None:
        """The process that the folder tells of, alive or not."""
        record = ProcessRecord.read(self.path)
        return Process(self.path.name, record.pid, record.birth, record.created, record.port) if record else None

    def forget_process(self) -> None:
        (self.path / "process.json").unlink(missing_ok=True)


def _remove(path: Path) -> None:
    """Whatever it is; what a link leads to stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Writes a 0600 file that is either the old or the new one, never half of it."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
