"""A bot's folder: whole, private, and never half written."""

import json
import sqlite3
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tools.bot import BotSpec, Mode
from tools.credentials import Credentials
from tools.errors import Problem
from tools.freqtrade.catalogue import UnreadableError
from tools.freqtrade.config import OWN, RestAccess
from tools.freqtrade.permit_protocol import Pass, door_socket
from tools.freqtrade.records import BotFolder, ProcessRecord
from tools.freqtrade.running import read_reason

RSI = Path(__file__).resolve().parents[3] / "strategies" / "RsiMeanReversion.py"
REST = RestAccess(8100, "tradehelm", "pw", "jwt", "ws")


@dataclass(frozen=True)
class AVenue:
    name: str = "demo"
    api_url: str | None = "http://127.0.0.1:8081"


def spec(**changes: object) -> BotSpec:
    return BotSpec.model_validate(
        {"name": "One", "pairs": ["BTC/USDT"], "stake": "100", "max_open_trades": 2} | changes
    )


@pytest.fixture
def folder(tmp_path):
    return BotFolder.of(tmp_path, "one")


def write(folder: BotFolder, bot: BotSpec, source: Path = RSI) -> None:
    folder.write(bot, venue=AVenue(), strategy_path=source, rest=REST, paused=False)


def test_write_when_done_then_the_folder_is_whole_and_private(folder):
    write(folder, spec(parameters={"buy_rsi": 30, "sell_rsi": 60}))
    assert (folder.path / "strategies" / "RsiMeanReversion.py").read_text() == RSI.read_text()
    parameters = json.loads((folder.path / "strategies" / "RsiMeanReversion.json").read_text())
    assert parameters["params"] == {"buy": {"buy_rsi": 30}, "sell": {"sell_rsi": 60}}
    assert json.loads((folder.path / "config.json").read_text())["strategy"] == "RsiMeanReversion"
    for path in folder.path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    assert folder.read_rest() == REST


def test_write_when_it_trades_with_real_money_then_its_credentials_are_in_a_private_file(folder):
    bot = spec(mode=Mode.REAL_MARKET_SPOT)
    with pytest.raises(Problem, match="live_disabled"):
        write(folder, bot)
    mine = Credentials("the-key", "the-secret")
    folder.write(bot, venue=AVenue(), strategy_path=RSI, rest=REST, paused=False, credentials=mine)
    holding = [path for path in folder.path.rglob("*") if path.is_file() and "the-secret" in path.read_text()]
    assert holding == [folder.path / "config.json"]
    assert stat.S_IMODE(holding[0].stat().st_mode) == 0o600


def test_write_when_the_bot_starts_anew_then_its_key_to_the_guard_is_another(folder):
    write(folder, spec())
    first = Pass.read(folder.path)
    write(folder, spec())
    second = Pass.read(folder.path)
    assert first.key != second.key
    assert (second.bot_id, second.socket) == ("one", str(door_socket(folder.path.parents[1])))
    assert second.key not in repr(second)


def test_write_when_the_strategy_changes_then_the_old_one_is_gone_and_the_trades_stay(folder):
    write(folder, spec())
    (folder.path / OWN / "trades.sqlite").write_bytes(b"")
    write(folder, spec(strategy="EmaCross"), RSI.with_name("EmaCross.py"))
    assert sorted(path.name for path in (folder.path / "strategies").iterdir()) == ["EmaCross.json", "EmaCross.py"]
    assert (folder.path / OWN / "trades.sqlite").exists()


def test_write_when_the_file_holds_another_strategy_then_it_is_refused(folder):
    with pytest.raises(Problem, match="unknown_strategy"):
        write(folder, spec(strategy="EmaCross"))


def test_write_when_a_parameter_does_not_fit_then_it_is_refused(folder):
    with pytest.raises(Problem, match="parameter_out_of_range"):
        write(folder, spec(parameters={"buy_rsi": 99}))


def test_write_when_the_strategy_is_broken_then_it_says_so(folder, tmp_path):
    (tmp_path / "Broken.py").write_text("class Broken(")
    with pytest.raises(UnreadableError):
        write(folder, spec(strategy="Broken"), tmp_path / "Broken.py")


@pytest.mark.parametrize("bot_id", ["", "..", "a/b", "a b", "x" * 65, "a\n"])
def test_of_when_the_id_is_no_plain_name_then_it_is_refused(tmp_path, bot_id):
    with pytest.raises(ValueError, match="not a bot's id"):
        BotFolder.of(tmp_path, bot_id)


@pytest.mark.parametrize(
    ("profits", "losses"), [([], "0"), ([1.5, -0.5], "0"), ([-2.25, 1, -0.1], "1.35"), ([None], "0")]
)
def test_read_losses_when_trades_are_closed_then_only_a_loss_on_the_whole_counts(folder, profits, losses):
    write(folder, spec())
    with sqlite3.connect(folder.path / OWN / "trades.sqlite") as database:
        database.execute("CREATE TABLE trades (is_open BOOLEAN, close_profit_abs FLOAT)")
        database.executemany("INSERT INTO trades VALUES (0, ?)", [(profit,) for profit in profits])
        database.execute("INSERT INTO trades VALUES (1, -99)")
    assert folder.read_losses() == Decimal(losses)
    write(folder, spec())
    assert json.loads((folder.path / "config.json").read_text())["dry_run_wallet"] == 200 + float(losses)


ORDERS = (
    (1, "a", "buy", 0, "closed", 0.5, 0.5, 0.0, 100.5, 100.0),
    (1, "b", "buy", 1, "open", 0.2, 0.05, None, None, 90.0),
    (1, "c", "buy", 0, "canceled", 0.2, 0.0, 0.2, None, 80.0),
    (1, "d", "stoploss", 1, "open", 0.5, None, None, None, 50.0),
    (2, "e", "buy", 1, "open", 1.0, None, 1.0, None, 31.0),
)


def make_database(path: Path, stake: float) -> None:
    """As Freqtrade 2026.9 lays it out, as far as it is read."""
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE trades (id, pair, is_open, strategy, amount, stake_amount, open_rate, open_date, close_rate,"
            " close_date, close_profit_abs, close_profit, enter_tag, exit_reason)"
        )
        database.execute(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, ft_trade_id, order_id, ft_order_side, ft_is_open, status,"
            " amount, filled, remaining, average, price, order_date, stop_price, ft_price, ft_amount)"
        )
        for number in (1, 2):
            row = (number, "BTC/USDT", 1, None, 0.5, stake, 100.5, "2026-11-22 10:00:00.5", *(None,) * 6)
            database.execute(f"INSERT INTO trades VALUES ({', '.join('?' * 14)})", row)
        columns = "ft_trade_id, order_id, ft_order_side, ft_is_open, status, amount, filled, remaining, average, price"
        database.executemany(
            f"INSERT INTO orders ({columns}, order_date) VALUES ({', '.join('?' * 10)}, '2026-11-22 10:00:00')", ORDERS
        )


def test_read_trades_when_there_are_orders_then_those_that_are_open_or_filled_come_with_their_trade(folder):
    write(folder, spec())
    make_database(folder.path / OWN / "trades.sqlite", 30.0)
    second, first = folder.read_trades()
    told = [(o.order_id, o.is_entry, o.is_open, o.amount, o.filled, o.remaining, o.price) for o in first.orders]
    assert told == [
        ("a", True, False, Decimal("0.5"), Decimal("0.5"), 0, Decimal("100.5")),
        ("b", True, True, Decimal("0.2"), Decimal("0.05"), Decimal("0.15"), Decimal(90)),
        ("d", False, True, Decimal("0.5"), 0, Decimal("0.5"), Decimal(50)),
    ]
    assert first.orders[0].at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert (first.pending, second.pending) == (Decimal("18.0"), Decimal("1.0"))


def test_read_trades_when_the_mode_changed_then_the_two_are_not_mixed(folder):
    write(folder, spec())
    assert folder.read_trades(Mode.REAL_MARKET_SPOT) == []
    make_database(folder.path / OWN / "trades.sqlite", 30.0)
    assert folder.read_trades(Mode.REAL_MARKET_SPOT) == []
    make_database(folder.path / OWN / "trades-live.sqlite", 7.0)
    assert {trade.stake_amount for trade in folder.read_trades(Mode.REAL_MARKET_SPOT)} == {7}
    assert {trade.stake_amount for trade in folder.read_trades()} == {30}


def test_read_losses_when_the_database_is_damaged_then_there_are_none(folder):
    write(folder, spec())
    (folder.path / OWN / "trades.sqlite").write_bytes(b"not a database at all, but long enough to be read as one")
    assert folder.read_losses() == 0


def test_read_log_when_it_is_long_then_the_last_lines_come(folder):
    write(folder, spec())
    (folder.path / "bot.log").write_text("".join(f"line {n}\n" for n in range(100_000)))
    assert folder.read_log(2) == ["line 99998", "line 99999"]


def test_write_when_there_is_a_log_then_it_is_put_aside(folder):
    write(folder, spec())
    (folder.path / "bot.log").write_text("of the last start\n")
    write(folder, spec())
    assert folder.read_log(5) == []
    assert (folder.path / "bot.log.1").read_text() == "of the last start\n"


def test_process_record_when_it_is_written_then_it_is_read_back(tmp_path):
    record = ProcessRecord(pid=7, birth=125, port=8100, created=2.5)
    record.write(tmp_path)
    assert ProcessRecord.read(tmp_path) == record


@pytest.mark.parametrize("text", ["", "{", '{"pid": "x"}', "[]"])
def test_process_record_when_it_is_damaged_then_there_is_none(tmp_path, text):
    (tmp_path / "process.json").write_text(text)
    assert ProcessRecord.read(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", '{"port": 1}', "[]", '{"other": 1}'])
def test_read_rest_when_it_is_damaged_then_there_is_none(folder, text):
    write(folder, spec())
    (folder.path / "rest.json").write_text(text)
    assert folder.read_rest() is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("freqtrade - ERROR - Impossible to load Strategy 'X'. This class does not exist", "strategy_broken"),
        ("ccxt.base.errors.ExchangeNotAvailable: binance GET", "exchange_unreachable"),
        ("freqtrade - ERROR - Configuration error: 'x' is required", "bad_config"),
        ("Killed", "process_ended"),
    ],
)
def test_read_reason_when_the_log_tells_then_it_is_named(folder, line, reason):
    write(folder, spec())
    (folder.path / "bot.log").write_text(f"start\n{line}\nend\n")
    assert read_reason(folder) == reason
