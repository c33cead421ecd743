"""Run in a process of its own, since it imports Freqtrade: prints as JSON what the tests beside it assert on."""

import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from freqtrade.configuration import Configuration  # noqa: E402
from freqtrade.configuration.config_validation import validate_config_consistency, validate_config_schema  # noqa: E402
from freqtrade.enums import RunMode  # noqa: E402
from freqtrade.persistence import init_db  # noqa: E402
from freqtrade.resolvers import StrategyResolver  # noqa: E402
from freqtrade.wallets import Wallets  # noqa: E402

from tools.bot import BotSpec  # noqa: E402
from tools.freqtrade.catalogue import read_catalogue  # noqa: E402
from tools.freqtrade.config import LAYERS, RestAccess, merge  # noqa: E402
from tools.freqtrade.records import BotFolder  # noqa: E402

HOSTILE = """
from freqtrade.strategy import IStrategy


class Hostile(IStrategy):
    stake_amount = "unlimited"
    max_open_trades = -1
    position_adjustment_enable = True
    max_entry_position_adjustment = 99
    stoploss = -0.99
    minimal_roi = {"0": 99}
    ignore_roi_if_entry_signal = True

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        return dataframe
"""


def candles(length: int, seed: int = 5) -> pd.DataFrame:
    """A random walk of one minute candles with a standard deviation of 0.12 % a minute."""
    rng = np.random.default_rng(seed)
    close = 60000 * np.exp(np.cumsum(rng.normal(0, 0.0012, length)))
    opened = np.concatenate([[60000], close[:-1]])
    spread = np.abs(rng.normal(0, 0.0005, length))
    return pd.DataFrame(
        {
            "date": pd.date_range("2026-01-01", periods=length, freq="1min", tz="UTC"),
            "open": opened,
            "high": np.maximum(opened, close) * (1 + spread),
            "low": np.minimum(opened, close) * (1 - spread),
            "close": close,
            "volume": rng.uniform(1, 10, length),
        }
    )


def loaded(folder: Path, source: Path, **changes: object) -> tuple[Any, dict[str, Any]]:
    """The strategy as a bot would load it, and its configuration as Freqtrade reads and validates it."""
    bot = BotFolder.of(folder, source.stem)
    basics = {"name": "One", "pairs": ["BTC/USDT"], "stake": "100", "max_open_trades": 2, "strategy": source.stem}
    venue = SimpleNamespace(name="demo", api_url="http://127.0.0.1:9")
    rest = RestAccess.random(8100)
    bot.write(BotSpec.model_validate(basics | changes), venue=venue, strategy_path=source, rest=rest, paused=False)
    os.chdir(bot.path)
    config = Configuration({"config": ["config.json"]}, RunMode.DRY_RUN).get_config()
    strategy = StrategyResolver.load_strategy(config)
    validate_config_consistency(config)
    strategy.ft_load_hyper_params()
    strategy.dp = SimpleNamespace(runmode=RunMode.DRY_RUN)
    return strategy, config


def signals(strategy: Any, frame: pd.DataFrame) -> pd.DataFrame:
    metadata = {"pair": "BTC/USDT"}
    frame = strategy.populate_indicators(frame.copy(), metadata)
    frame = strategy.populate_exit_trend(strategy.populate_entry_trend(frame, metadata), metadata)
    wanted = ["enter_long", "enter_tag", "exit_long", "exit_tag"]
    return frame.reindex(columns=wanted).astype(object).where(lambda values: values.notna(), None)


def looks_ahead(strategy: Any, frame: pd.DataFrame) -> list[int]:
    """The lengths at which the signals of a prefix differ from those of the whole."""
    whole = signals(strategy, frame)
    lengths = (strategy.startup_candle_count, 401, 555, 998)
    return [length for length in lengths if not signals(strategy, frame[:length]).equals(whole[:length])]


def report(folder: Path, source: Path) -> dict[str, Any]:
    strategy, _ = loaded(folder, source)
    frame = candles(1000)
    made = signals(strategy, frame)
    cooldowns = [strategy.protections]
    strategy.buy_cooldown.value = 0
    return {
        "entries": int(made["enter_long"].notna().sum()),
        "exits": int(made["exit_long"].notna().sum()),
        "tagged": bool((made["enter_long"].notna() == made["enter_tag"].notna()).all()),
        "exit_tagged": bool((made["exit_long"].notna() == made["exit_tag"].notna()).all()),
        "looks_ahead": looks_ahead(strategy, frame),
        "protections": [*cooldowns, strategy.protections],
        "can_short": strategy.can_short,
        "startup": strategy.startup_candle_count,
        "held": [held(strategy, strategy.sell_candles.value - short) for short in (1, 0)],
    }


def held(strategy: Any, minutes: int) -> str | None:
    now = pd.Timestamp("2026-01-01", tz="UTC")
    trade = SimpleNamespace(open_date_utc=now - pd.Timedelta(minutes=minutes))
    return strategy.custom_exit("BTC/USDT", trade, now, 1.0, 0.0)


def overridden(folder: Path) -> dict[str, Any]:
    """What wins: the owner's settings over the strategy and over the parameter file."""
    source = ROOT / "strategies" / "RsiMeanReversion.py"
    changes = {"timeframe": "5m", "parameters": {"buy_rsi": 33}, "stoploss_pct": "2", "take_profit_pct": "1.5"}
    strategy, config = loaded(folder, source, **changes)
    return {
        "stoploss": strategy.stoploss,
        "minimal_roi": strategy.minimal_roi,
        "timeframe": strategy.timeframe,
        "buy_rsi": strategy.buy_rsi.value,
        "sell_rsi": strategy.sell_rsi.value,
        "order_types": strategy.order_types["entry"],
        "max_open_trades": strategy.max_open_trades,
        "dry_run": config["dry_run"],
    }


def hostile(folder: Path) -> dict[str, Any]:
    """What a strategy that asks for everything gets."""
    source = folder / "Hostile.py"
    source.write_text(HOSTILE)
    strategy, config = loaded(folder, source, stoploss_pct="3", take_profit_pct="2", stake="50")
    init_db("sqlite://")
    exchange = SimpleNamespace(get_proxy_coin=lambda: "USDT", get_pair_base_currency=lambda pair: pair.split("/")[0])
    wallets = Wallets(config, exchange)
    return {
        "asked_for_a_million": wallets.validate_stake_amount("BTC/USDT", 1e6, 5, 1e12, None),
        "stake": wallets.get_trade_stake_amount("BTC/USDT", config["max_open_trades"]),
        "max_open_trades": strategy.max_open_trades,
        "position_adjustment": (strategy.position_adjustment_enable, strategy.max_entry_position_adjustment),
        "stoploss": strategy.stoploss,
        "minimal_roi": strategy.minimal_roi,
        "ignore_roi": strategy.ignore_roi_if_entry_signal,
    }


def valid_layers(folder: Path) -> list[str]:
    """The layers that Freqtrade's schema accepts over a bot's configuration."""
    loaded(folder, ROOT / "strategies" / "RsiMeanReversion.py")
    config = json.loads((folder / "RsiMeanReversion" / "config.json").read_text())
    layers = sorted(LAYERS.glob("*.json"))
    for layer in layers:
        from_strategy = {"runmode": RunMode.DRY_RUN, "minimal_roi": {"0": 1}, "stoploss": -0.1}
        validate_config_schema(merge(config, json.loads(layer.read_text()), from_strategy))
    return sorted(layer.stem for layer in layers)


def main() -> None:
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        catalogue = read_catalogue(ROOT / "strategies")
        answer = {
            "strategies": {s.name: report(folder, s.path) for s in catalogue.strategies.values()},
            "overridden": overridden(folder),
            "hostile": hostile(folder),
            "valid_layers": valid_layers(folder),
        }
        os.chdir(ROOT)
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
